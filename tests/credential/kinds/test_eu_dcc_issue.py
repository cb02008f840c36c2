"""What may be issued, and how it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from credential.kinds.eu_dcc import DEFAULT_VERSION, EuDcc, Name, Recovery, Test, Vaccination, read_eu_dcc
from credential.kinds.eu_dcc_issue import WRITABLE_VERSIONS, check_for_issue
from credential.kinds.reading import Problem, Rule
from tests.credential.kinds.claims import CLAIMS, RECOVERY, TEST, VACCINATION
from tests.credential.kinds.strategies import eu_dccs


def dcc(claim: dict[str, Any]) -> EuDcc:
    credential = read_eu_dcc(claim).credential
    assert credential is not None
    return credential


def entry_changed(group: str, **fields: Any) -> EuDcc:
    credential = dcc(CLAIMS[group])
    changed: dict[str, Any] = {group: (replace(credential.entry, **fields),)}
    return replace(credential, **changed)


@given(eu_dccs())
def test_every_certificate_of_the_strategy_may_be_issued(credential: EuDcc) -> None:
    assert check_for_issue(credential) == ()


@pytest.mark.parametrize("group", "vtr")
def test_the_examples_may_be_issued_and_are_written_as_they_are(group: str) -> None:
    assert check_for_issue(dcc(CLAIMS[group])) == ()
    assert dcc(CLAIMS[group]).to_claim() == CLAIMS[group]


def test_the_default_version_is_one_to_write() -> None:
    assert DEFAULT_VERSION in WRITABLE_VERSIONS


def test_a_sample_taken_in_utc_is_written_with_z() -> None:
    credential = entry_changed("t", sc=datetime(2026, 2, 11, 15, 30, tzinfo=UTC))
    assert credential.to_claim()["t"][0]["sc"] == "2026-02-11T15:30:00Z"


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        ({"ver": "1.2.1"}, Problem("ver", Rule.VERSION)),
        ({"ver": "1.3.4"}, Problem("ver", Rule.VERSION)),
        ({"dob": "1815-08-24"}, Problem("dob", Rule.PATTERN)),
        ({"dob": "1987-13"}, Problem("dob", Rule.DATE)),
        ({"dob": "1987-02-30"}, Problem("dob", Rule.DATE)),
        ({"dob": "2026-02-12"}, Problem("v.0.dt", Rule.ORDER)),
        ({"dob": "2026-03"}, Problem("v.0.dt", Rule.ORDER)),
        ({"dob": "2027"}, Problem("v.0.dt", Rule.ORDER)),
        ({"v": ()}, Problem("", Rule.NO_ENTRY)),
        ({"v": dcc(VACCINATION).v * 2}, Problem("", Rule.SEVERAL_ENTRIES)),
        ({"r": dcc(RECOVERY).r}, Problem("", Rule.SEVERAL_ENTRIES)),
        ({"nam": Name(gn="Tamsin", gnt="TAMSIN")}, Problem("nam.fnt", Rule.REQUIRED)),
        ({"nam": Name(fnt="", gnt="TAMSIN")}, Problem("nam.fnt", Rule.REQUIRED)),
        ({"nam": Name(fnt="OSEI", gn="Tamsin")}, Problem("nam.gnt", Rule.REQUIRED)),
        ({"nam": Name(fnt="okoye")}, Problem("nam.fnt", Rule.PATTERN)),
        ({"nam": Name(fnt="<OSEI")}, Problem("nam.fnt", Rule.PADDED)),
        ({"nam": Name(fnt="O" * 81)}, Problem("nam.fnt", Rule.TOO_LONG)),
        ({"nam": Name(fn="O" * 81, fnt="O")}, Problem("nam.fn", Rule.TOO_LONG)),
        ({"nam": Name(fn="", fnt="O")}, Problem("nam.fn", Rule.EMPTY)),
        ({"nam": Name(fn=" O", fnt="O")}, Problem("nam.fn", Rule.PADDED)),
        ({"nam": Name(fn="O\tO", fnt="O")}, Problem("nam.fn", Rule.CONTROL)),
        ({"nam": Name(fn="e\u0301", fnt="E")}, Problem("nam.fn", Rule.NOT_NFC)),
        ({"nam": Name(fn="\ud800", fnt="E")}, Problem("nam.fn", Rule.UNICODE)),
    ],
)
def test_a_person_that_must_not_be_written(person: dict[str, Any], problem: Problem) -> None:
    assert check_for_issue(replace(dcc(VACCINATION), **person)) == (problem,)


@pytest.mark.parametrize("version", ["1.3.2", "1.3.3"])
def test_a_forename_alone_is_enough_since_1_3_2(version: str) -> None:
    assert check_for_issue(replace(dcc(VACCINATION), ver=version, nam=Name(gn="Tamsin", gnt="TAMSIN"))) == ()


@pytest.mark.parametrize(
    ("group", "field", "value", "rule"),
    [
        ("v", "tg", "", Rule.EMPTY),
        ("v", "mp", "EU/1/20/1528 ", Rule.PADDED),
        ("v", "dn", 0, Rule.MINIMUM),
        ("v", "sd", 0, Rule.MINIMUM),
        ("v", "co", "X", Rule.PATTERN),
        ("v", "co", "Xanadu", Rule.PATTERN),
        ("v", "is_", "x" * 81, Rule.TOO_LONG),
        ("v", "ci", "URN:UVCI:01:XA:PORT3/7H2KD90QW4#B", Rule.IDENTIFIER),
        ("v", "ci", "URN:UVCI:01:XA:PORT3/7H2KD90QW4", Rule.IDENTIFIER),
        ("v", "ci", "01:XA:PORT3/7H2KD90QW4", Rule.IDENTIFIER),
        ("v", "dt", date(1987, 4, 1), Rule.ORDER),
        ("t", "nm", "", Rule.EMPTY),
        ("t", "tc", "x" * 81, Rule.TOO_LONG),
        ("t", "sc", datetime(2026, 2, 11, 17, 30), Rule.DATE_TIME),  # noqa: DTZ001
        ("t", "sc", datetime(2026, 2, 11, 17, 30, 0, 5, UTC), Rule.PRECISION),
        ("t", "sc", datetime(2026, 2, 11, tzinfo=timezone(timedelta(hours=1, seconds=1))), Rule.PRECISION),
        ("t", "sc", datetime(1986, 2, 11, tzinfo=UTC), Rule.ORDER),
        ("r", "df", date(2026, 1, 3), Rule.ORDER),
        ("r", "du", date(2026, 1, 14), Rule.ORDER),
        ("r", "fr", date(1986, 1, 1), Rule.ORDER),
    ],
)
def test_an_entry_that_must_not_be_written(group: str, field: str, value: Any, rule: Rule) -> None:
    problems = check_for_issue(entry_changed(group, **{field: value}))
    assert problems == (Problem(f"{group}.0.{field.rstrip('_')}", rule),)


def test_a_booster_may_have_a_greater_number_than_its_series() -> None:
    assert check_for_issue(entry_changed("v", dn=3, sd=2)) == ()
    assert check_for_issue(entry_changed("v", dn=3, sd=1)) == ()


def test_an_unknown_birth_date_is_after_nothing() -> None:
    assert check_for_issue(replace(dcc(VACCINATION), dob="")) == ()


def test_a_day_of_vaccination_may_be_the_day_of_birth() -> None:
    for birth in ("2026-02-11", "2026-02", "2026"):
        assert check_for_issue(replace(dcc(VACCINATION), dob=birth)) == ()


def test_absent_members_are_left_out() -> None:
    claim = entry_changed("t", nm=None, tc=None).to_claim()
    assert set(TEST["t"][0]) - set(claim["t"][0]) == {"nm", "tc"}
    assert "t" not in dcc(VACCINATION).to_claim()


def test_entries_are_of_the_type_of_their_group() -> None:
    kinds = {group: type(dcc(claim).entry) for group, claim in CLAIMS.items()}
    assert kinds == {"v": Vaccination, "t": Test, "r": Recovery}
