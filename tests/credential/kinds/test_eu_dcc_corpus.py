"""Our checks against the official JSON schema and the official vectors, over every DCC in the shared corpora."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given

from credential.errors import Deviation
from credential.kinds.eu_dcc import EuDcc, Name, read_eu_dcc
from credential.names import standardise
from credential.uvci import read_uvci
from credential.wire import cbor
from tests.conftest import CORPORA
from tests.credential.kinds.claims import CLAIMS
from tests.credential.kinds.dcc_oracle import Oracle, as_specified, is_stricter_on_purpose
from tests.credential.kinds.dcc_vectors import FOLDERS, vectors
from tests.credential.kinds.strategies import eu_dccs, near_claims

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not beside this checkout"),
]


@cache
def oracle() -> Oracle:
    return Oracle(CORPORA)


@pytest.mark.parametrize("folder", FOLDERS)
def test_reading_agrees_with_the_official_schema(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    disagreed = [vector.name for vector in vectors(folder) if not agrees(cbor.to_json(vector.claim))]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{folder}: {len(vectors(folder)) - len(disagreed)}/{len(vectors(folder))} as the schema says\n"
        )
    assert disagreed == []
    assert vectors(folder)


def test_reading_agrees_with_the_official_schema_on_the_json_of_the_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    """The vectors also state their content as JSON, which is not always what was signed."""
    stated = {path: json.loads(path.read_bytes()) for path in sorted((CORPORA / "dgc-testdata").rglob("*.json"))}
    claims = {path: vector["JSON"] for path, vector in stated.items() if vector.get("JSON")}
    disagreed = [path for path, claim in claims.items() if not agrees(claim)]
    with capsys.disabled():
        sys.stdout.write(f"\ndgc-testdata, JSON: {len(claims) - len(disagreed)}/{len(claims)} as the schema says\n")
    assert disagreed == []
    assert len(claims) > 300


@pytest.mark.parametrize("folder", ["dgc-testdata", "rust-italia-dgc", "hcert-kotlin", "eu-dcc-schema"])
def test_reading_agrees_with_what_the_vectors_expect(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    stated = [vector for vector in vectors(folder) if vector.expected is not None]
    disagreed = [vector.name for vector in stated if (read_eu_dcc(vector.claim).problems == ()) != vector.expected]
    with capsys.disabled():
        sys.stdout.write(f"\n{folder}: {len(stated) - len(disagreed)}/{len(stated)} as the vectors expect\n")
    assert disagreed == []
    assert stated


@given(near_claims(eu_dccs().map(EuDcc.to_claim)))
def test_reading_agrees_with_the_official_schema_on_what_is_nearly_a_certificate(claim: Any) -> None:
    assert agrees(claim)


@given(eu_dccs())
def test_the_official_schema_takes_what_we_issue(dcc: EuDcc) -> None:
    assert oracle().accepts(dcc.to_claim())


@pytest.mark.parametrize("claim", CLAIMS.values())
def test_the_official_schema_takes_our_own_examples(claim: dict[str, Any]) -> None:
    assert oracle().accepts(claim)


def test_writing_a_read_certificate_gives_what_was_signed() -> None:
    """Whatever is read without a note is written exactly as it was, but for the spelling of a point in time."""
    kept: Counter[bool] = Counter()
    for vector in (vector for folder in FOLDERS for vector in vectors(folder)):
        reading = read_eu_dcc(vector.claim)
        if reading.credential is not None and not reading.problems:
            again = read_eu_dcc(reading.credential.to_claim())
            assert again.credential == reading.credential
            if not set(reading.deviations) - {Deviation.VERSION_UNKNOWN, Deviation.FIELD_EMPTY}:
                kept[_without_moment(vector.claim) == _without_moment(reading.credential.to_claim())] += 1
    assert kept[False] == 0
    assert kept[True] > 800


def test_no_identifier_of_the_field_is_refused() -> None:
    for vector in (vector for folder in FOLDERS for vector in vectors(folder)):
        reading = read_eu_dcc(vector.claim)
        if reading.credential is not None:
            read_uvci(reading.credential.entry.ci)


def test_names_are_standardised_as_real_issuers_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Not all of them: some transcribe by sound, use numerals or write whatever the test needs."""
    pairs = set()
    for vector in (vector for folder in FOLDERS for vector in vectors(folder)):
        name = getattr(read_eu_dcc(vector.claim).credential, "nam", Name())
        pairs |= {(name.fn, name.fnt), (name.gn, name.gnt)}
    known = [(printed, standardised) for printed, standardised in pairs if printed and standardised]
    agreed = sum(standardise(printed) == standardised for printed, standardised in known)
    with capsys.disabled():
        sys.stdout.write(f"\nnames: {agreed}/{len(known)} standardised as their issuers do\n")
    assert agreed / len(known) > 0.9


def agrees(claim: Any) -> bool:
    """Whether we take a claim exactly when the schema does, but for what is documented, and note what we tolerate."""
    reading = read_eu_dcc(claim)
    specified, due = as_specified(claim)
    objections = [problem for problem in reading.problems if not is_stricter_on_purpose(problem, claim)]
    if oracle().accepts(specified):
        return not objections and (bool(reading.problems) or due <= set(reading.deviations))
    return bool(reading.problems)


def _without_moment(claim: Mapping[str, Any]) -> dict[str, Any]:
    tests = [{key: item for key, item in entry.items() if key != "sc"} for entry in claim.get("t", ())]
    return {**claim, "t": tests}
