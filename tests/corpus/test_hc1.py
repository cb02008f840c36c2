"""Every HC1 vector of the published test data: outcome and stage agree with what the vector expects."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from credential.wire import cbor, hcert
from tests.conftest import Report
from tests.corpus.cases import Case, hc1_cases
from trustlist import TrustSnapshot
from verifier import Status, Verdict, verify

PASSED = Status.PASSED

pytestmark = pytest.mark.corpus

LAYERS = ("prefix", "base45", "inflate", "cose", "algorithm", "cwt")
# What a vector calls a check, in our names; a vector makes no statement about the others.
OURS = {
    "signature": ("signer", "signature"),
    "expiry": ("issued", "expiry"),
    "keyusage": ("usage",),
    "schema": ("schema",),
    "trust": ("signer", "signer-validity"),
}
# Where a vector of that stage may end with us: which layer a fault shows in is not always said.
STAGES = {
    "prefix": ("prefix",),
    "zlib": ("inflate",),
    "cose": ("cose", "cwt"),
    "signature": ("signer", "signature", "cose", "algorithm"),
    "trust": ("signer", "signer-validity"),
    "expiry": ("issued", "expiry"),
    "keyusage": ("usage",),
    "schema": ("schema",),
}


def verdict_of(case: Case) -> Verdict:
    return verify(case.text, trust=TrustSnapshot.from_certificates(case.certificates), at=case.at)


def not_passed(verdict: Verdict, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if verdict.check(name).status in {Status.FAILED, Status.UNDETERMINED}]


def agrees(case: Case, verdict: Verdict) -> bool:
    """A good vector passes all that it makes a statement about; a bad one does not, at a stage that it names."""
    scored = LAYERS + tuple(name for check in case.checks for name in OURS[check])
    found = not_passed(verdict, scored)
    if case.ok:
        return not found
    return bool(set(found) & {name for stage in case.stages for name in STAGES[stage]})


@pytest.fixture(scope="module")
def verdicts(corpora: Path) -> list[tuple[Case, Verdict]]:
    """Every case with its verdict."""
    return [(case, verdict_of(case)) for case in hc1_cases(corpora)]


def test_outcome_and_stage_agree_with_every_vector(verdicts: list[tuple[Case, Verdict]], agreement: Report) -> None:
    agreed, total, strangers = Counter[str](), Counter[str](), []
    for case, verdict in verdicts:
        total[case.place] += 1
        if agrees(case, verdict):
            agreed[case.place] += 1
        else:
            strangers.append(case.id)
    for place in total:
        agreement(f"verdicts: {place}", agreed[place], total[place])
    assert sum(total.values()) > 1000
    assert not strangers


def test_content_agrees_with_every_good_vector(corpora: Path, agreement: Report) -> None:
    good = [case for case in hc1_cases(corpora) if case.ok and case.payload]
    strangers = [case.id for case in good if not same(content_of(case), inner(case.payload))]
    agreement("content as decoded", len(good) - len(strangers), len(good))
    assert len(good) > 300
    assert not strangers


def test_nothing_of_a_person_is_shown_before_the_signature_holds(verdicts: list[tuple[Case, Verdict]]) -> None:
    unverified = [verdict for _, verdict in verdicts if verdict.check("signature").status is not Status.PASSED]
    assert len(unverified) > 300
    for verdict in unverified:
        assert verdict.payload is None
        assert verdict.credential is None
        assert verdict.to_dict()["payload"] is None


def test_every_verified_certificate_is_typed_or_has_a_named_problem(verdicts: list[tuple[Case, Verdict]]) -> None:
    verified = [verdict for _, verdict in verdicts if verdict.kind and verdict.check("signature").status is PASSED]
    assert len(verified) > 300
    for verdict in verified:
        assert verdict.credential is not None or verdict.check("schema").detail["rule"]


def content_of(case: Case) -> Any:
    return inner(cbor.to_json(hcert.decode(case.text).claims.root))


def inner(claims: Any) -> Any:
    """The DCC in the claims, or the claims themselves: vectors give either."""
    return claims.get("-260", {}).get("1", claims)


def same(found: Any, expected: Any) -> bool:
    """Equal but for the order of members, whole numbers as floats, and how a point in time is written."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, str) and isinstance(expected, str) and "T" in found:
        return found == expected or instant(found) == instant(expected)
    return bool(found == expected) or (found == "nan" and math.isnan(expected))


def instant(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
