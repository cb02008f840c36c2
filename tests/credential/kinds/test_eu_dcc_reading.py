"""What reading an EU DCC gives, refuses with the field named, and reads with a note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import cbor2
import pytest

from credential.errors import Deviation
from credential.kinds.eu_dcc import EuDcc, Name, Recovery, Test, Vaccination, read_eu_dcc
from credential.kinds.reading import Problem, Rule
from tests.credential.kinds.claims import ABSENT, CLAIMS, PERSON, RECOVERY, TEST, VACCINATION, changed


def test_a_vaccination_is_read_into_types() -> None:
    reading = read_eu_dcc(VACCINATION)
    assert (reading.problems, reading.deviations) == ((), ())
    assert reading.credential == EuDcc(
        "1.3.0",
        Name("Osei-Vance", "OSEI<VANCE", "Tamsin", "TAMSIN"),
        "1991-08-17",
        v=(
            Vaccination(
                "840539006", "1119349007", "EU/1/20/1528", "ORG-100030215", 2, 2, date(2026, 2, 11), "XA",
                "Harbour Health Authority", "URN:UVCI:01:XA:PORT3/7H2KD90QW4#F",
            ),
        ),
    )  # fmt: skip


def test_a_test_is_read_with_its_point_in_time() -> None:
    entry = read(TEST).entry
    assert isinstance(entry, Test)
    assert entry.sc == datetime(2026, 2, 11, 15, 30, tzinfo=UTC)
    assert entry.sc.isoformat() == "2026-02-11T17:30:00+02:00"
    assert (entry.nm, entry.ma, entry.tc) == ("Sample NAAT", None, "Harbour clinic")


def test_a_recovery_is_read_with_its_dates() -> None:
    entry = read(RECOVERY).entry
    assert isinstance(entry, Recovery)
    assert (entry.fr, entry.df, entry.du) == (date(2026, 1, 4), date(2026, 1, 15), date(2026, 7, 3))


@pytest.mark.parametrize("group", "vtr")
def test_the_group_tells_what_sort_it_is(group: str) -> None:
    assert read(CLAIMS[group]).group == group


def test_names_are_shown_as_printed_and_as_standardised() -> None:
    credential = read(VACCINATION)
    assert credential.printed_name == "Tamsin Osei-Vance"
    assert credential.standardised_name == "OSEI<VANCE<<TAMSIN"
    assert credential.birth_date == "1991-08-17"


def test_a_name_that_is_only_standardised_is_shown_spaced() -> None:
    assert (
        read(changed("nam", {"fnt": "OSEI<VANCE", "gn": "Tamsin", "gnt": "TAMSIN"})).printed_name == "Tamsin OSEI VANCE"
    )
    assert read(changed("nam", {"gnt": "TAMSIN"})).printed_name == "TAMSIN"


def test_values_are_frozen_and_hashable() -> None:
    credential = read(VACCINATION)
    with pytest.raises(AttributeError):
        credential.dob = "2000"  # type: ignore[misc]
    assert len({credential, read(VACCINATION)}) == 1


def test_two_ways_to_write_a_point_in_time_are_equal() -> None:
    assert read(changed("t.0.sc", "2026-02-11T15:30:00Z")) == read(TEST)


@pytest.mark.parametrize("wrap", [MappingProxyType, cbor2.frozendict], ids=["proxy", "frozen"])
def test_maps_and_arrays_may_be_of_any_make(wrap: Any) -> None:
    def rewrap(value: Any) -> Any:
        if isinstance(value, Mapping):
            return wrap({key: rewrap(item) for key, item in value.items()})
        return tuple(map(rewrap, value)) if isinstance(value, list) else value

    assert read_eu_dcc(rewrap(VACCINATION)) == read_eu_dcc(VACCINATION)


@pytest.mark.parametrize("version", ["1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.2.1", "1.3.0", "1.3.1", "1.3.2", "1.3.3"])
def test_every_published_version_is_read(version: str) -> None:
    reading = read_eu_dcc(changed("ver", version))
    assert (reading.problems, reading.deviations) == ((), ())


@pytest.mark.parametrize("birth", ["", "1987", "1991-08", "1991-08-17", "1900", "2099-12-31"])
def test_birth_dates_may_be_partial_or_empty(birth: str) -> None:
    reading = read_eu_dcc(changed("dob", birth))
    assert (reading.problems, reading.deviations) == ((), ())
    assert reading.credential is not None
    assert reading.credential.dob == birth


@pytest.mark.parametrize(
    "moment",
    [
        "2026-02-11T17:30:00+02", "2026-02-11T17:30:00+0200", "2026-02-11T15:30:00Z", "2026-02-11t15:30:00z",
        "2026-02-11T15:30:00.000Z", "2026-02-11T15:30:00.0000000001Z", "2026-02-11T15:30:00-00:00",
    ],
)  # fmt: skip
def test_every_specified_offset_is_read(moment: str) -> None:
    reading = read_eu_dcc(changed("t.0.sc", moment))
    assert (reading.problems, reading.deviations) == ((), ())
    assert reading.credential == read(TEST)


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("ver", ABSENT, Rule.REQUIRED),
        ("ver", None, Rule.TYPE),
        ("ver", 1.3, Rule.TYPE),
        ("ver", "1.3", Rule.PATTERN),
        ("ver", "v1.3.0", Rule.PATTERN),
        ("ver", "1.3.0\n", Rule.PATTERN),
        ("ver", "1" * 33, Rule.TOO_LONG),
        ("nam", ABSENT, Rule.REQUIRED),
        ("nam", "Tamsin", Rule.TYPE),
        ("nam.fn", 1, Rule.TYPE),
        ("nam.fn", "x" * 81, Rule.TOO_LONG),
        ("nam.fnt", "Osei", Rule.PATTERN),
        ("nam.fnt", "OSEI VANCE", Rule.PATTERN),
        ("nam.fnt", "OSEI\n", Rule.PATTERN),
        ("nam.fnt", "X" * 81, Rule.TOO_LONG),
        ("nam.fnt", b"OSEI", Rule.TYPE),
        ("nam.gnt", "É", Rule.PATTERN),
        ("nam.gn", "\ud800", Rule.UNICODE),
        ("dob", ABSENT, Rule.REQUIRED),
        ("dob", None, Rule.TYPE),
        ("dob", 1987, Rule.TYPE),
        ("dob", "1815-08-24", Rule.PATTERN),
        ("dob", "2100-01-01", Rule.PATTERN),
        ("dob", "1991-08-17T", Rule.PATTERN),
        ("dob", "1887-04-02T00:00:00", Rule.PATTERN),
        ("dob", "1987\n", Rule.PATTERN),
        ("dob", "198७", Rule.PATTERN),
        ("v", [], Rule.NO_ENTRY),
        ("v", VACCINATION["v"] * 2, Rule.SEVERAL_ENTRIES),
        ("v", VACCINATION["v"][0], Rule.TYPE),
        ("v", "840539006", Rule.TYPE),
        ("v.0", None, Rule.TYPE),
        ("v.0", [], Rule.TYPE),
        ("v.0.tg", 840539006, Rule.TYPE),
        ("v.0.mp", ABSENT, Rule.REQUIRED),
        ("v.0.ma", None, Rule.TYPE),
        ("v.0.dn", 0, Rule.MINIMUM),
        ("v.0.sd", -1, Rule.MINIMUM),
        ("v.0.sd", 2**53, Rule.MAXIMUM),
        ("v.0.sd", -(2**60), Rule.MAXIMUM),
        ("v.0.dn", 1e300, Rule.MAXIMUM),
        ("v.0.dn", "2", Rule.TYPE),
        ("v.0.dn", True, Rule.TYPE),
        ("v.0.dn", 1.5, Rule.TYPE),
        ("v.0.dn", float("nan"), Rule.TYPE),
        ("v.0.dn", float("inf"), Rule.TYPE),
        ("v.0.dn", cbor2.undefined, Rule.TYPE),
        ("v.0.dt", 20260211, Rule.TYPE),
        ("v.0.dt", "2022-17-01", Rule.DATE),
        ("v.0.dt", "2021-02-29", Rule.DATE),
        ("v.0.dt", "2026-02", Rule.DATE),
        ("v.0.dt", "", Rule.DATE),
        ("v.0.dt", "2026-W07-3", Rule.DATE),
        ("v.0.dt", "20260211", Rule.DATE),
        ("v.0.dt", "11.02.2026", Rule.DATE),
        ("v.0.dt", "2026-02-11T25:00:00", Rule.DATE),
        ("v.0.dt", "2026-02-30T00:00:00Z", Rule.DATE),
        ("v.0.dt", "2026-02-11Z", Rule.DATE),
        ("v.0.dt", "٢٠٢٦-٠٢-١١", Rule.DATE),
        ("v.0.co", "", Rule.PATTERN),
        ("v.0.co", "xa", Rule.PATTERN),
        ("v.0.co", "ΑΒ", Rule.PATTERN),
        ("v.0.co", 49, Rule.TYPE),
        ("v.0.is", "x" * 81, Rule.TOO_LONG),
        ("v.0.ci", ABSENT, Rule.REQUIRED),
        ("v.0.ci", "x" * 81, Rule.TOO_LONG),
        ("t.0.nm", "x" * 81, Rule.TOO_LONG),
        ("t.0.tc", 5, Rule.TYPE),
        ("t.0.tr", ABSENT, Rule.REQUIRED),
        ("t.0.sc", ABSENT, Rule.REQUIRED),
        ("t.0.sc", 1770823800, Rule.TYPE),
        ("t.0.sc", "2026-02-11", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11T17:30:00", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11T17:30Z", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11 17:30:00Z", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-30T17:30:00Z", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11T24:00:00Z", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11T17:30:60Z", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11T17:30:00+24:00", Rule.DATE_TIME),
        ("t.0.sc", "0001-01-01T00:00:00+01:00", Rule.DATE_TIME),
        ("t.0.sc", "2026-02-11T17:30:00Z\n", Rule.DATE_TIME),
        ("r.0.fr", ABSENT, Rule.REQUIRED),
        ("r.0.df", "soon", Rule.DATE),
        ("r.0.du", None, Rule.TYPE),
    ],
)  # fmt: skip
def test_a_broken_rule_names_its_field(path: str, value: object, rule: Rule) -> None:
    assert read_eu_dcc(changed(path, value)).problems == (Problem(path, rule),)


@pytest.mark.parametrize("path", ["ver", "nam.fn", "nam.gnt", "dob", "v.0.tg", "v.0.co", "v.0.ci", "t.0.tc"])
def test_half_a_surrogate_pair_is_no_text(path: str) -> None:
    reading = read_eu_dcc(changed(path, "1\ud8003\ud8000"))
    assert Problem(path, Rule.UNICODE) in reading.problems
    assert reading.credential is None


@pytest.mark.parametrize("claim", [None, [], "HC1:", b"", 1, 1.5, cbor2.undefined, cbor2.CBORSimpleValue(99)])
def test_what_is_no_map_is_no_certificate(claim: object) -> None:
    assert read_eu_dcc(claim) == (None, (Problem("", Rule.TYPE),), ())


def test_every_problem_is_reported_in_the_order_of_the_certificate() -> None:
    claim = changed("v.0", {"dn": 0, "sd": "2", "dt": "?", "co": "XA", "is": "M", "ci": "C", "tg": "840539006"})
    claim["ver"] = "x"
    assert [f"{problem.field} {problem.rule}" for problem in read_eu_dcc(claim).problems] == [
        "ver pattern",
        "v.0.vp required",
        "v.0.mp required",
        "v.0.ma required",
        "v.0.dn minimum",
        "v.0.sd type",
        "v.0.dt date",
    ]


def test_a_certificate_without_entry_or_with_two_groups_is_refused() -> None:
    assert read_eu_dcc(PERSON).problems == (Problem("", Rule.NO_ENTRY),)
    assert read_eu_dcc(VACCINATION | {"r": RECOVERY["r"]}).problems == (Problem("", Rule.SEVERAL_ENTRIES),)
    assert read_eu_dcc(PERSON | {"v": None, "t": None, "r": None}).problems == (Problem("", Rule.NO_ENTRY),)
    assert read_eu_dcc(VACCINATION | {"t": []}).problems == (Problem("t", Rule.NO_ENTRY),)


def test_a_name_needs_one_standardised_part() -> None:
    assert read_eu_dcc(changed("nam", {"fn": "Osei"})).problems == (Problem("nam.fnt", Rule.REQUIRED),)
    assert read_eu_dcc(changed("nam", {})).problems == (Problem("nam.fnt", Rule.REQUIRED),)
    assert read_eu_dcc(changed("nam", {"gnt": "TAMSIN"})).problems == ()
    assert read_eu_dcc(changed("nam", {"fnt": ""})).problems == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [("v.0.is", "x" * 81), ("v.0.dn", 0), ("nam.fnt", "é"), ("dob", "1815"), ("v.0.co", ""), ("ver", "?"), ("nam", {})],
)
def test_a_problem_that_leaves_the_types_intact_leaves_the_credential(path: str, value: object) -> None:
    reading = read_eu_dcc(changed(path, value))
    assert reading.problems
    assert isinstance(reading.credential, EuDcc)


@pytest.mark.parametrize(
    ("path", "value"), [("v.0.dt", "?"), ("v.0.tg", None), ("v", []), ("nam", []), ("dob", ABSENT), ("v.0.dn", "1")]
)
def test_a_problem_that_leaves_no_value_leaves_no_credential(path: str, value: object) -> None:
    assert read_eu_dcc(changed(path, value)).credential is None


@pytest.mark.parametrize(
    ("path", "value", "deviation"),
    [
        ("t", None, Deviation.GROUP_NULL),
        ("nam.fn", None, Deviation.FIELD_NULL),
        ("nam.gnt", None, Deviation.FIELD_NULL),
        ("t.0.ma", None, Deviation.FIELD_NULL),
        ("t.0.nm", None, Deviation.FIELD_NULL),
        ("t.0.tc", None, Deviation.FIELD_NULL),
        ("meta", {"reference": "x"}, Deviation.FIELD_UNKNOWN),
        ("nam.pn", "A1", Deviation.FIELD_UNKNOWN),
        ("t.0.dr", "2026-02-11T18:00:00Z", Deviation.FIELD_UNKNOWN),
        ("dob", "1991-08-17T00:00:00", Deviation.DATE_WITH_TIME),
        ("v.0.dt", "2026-02-11T00:00:00Z", Deviation.DATE_WITH_TIME),
        ("v.0.dt", "2026-02-11T23:30:00+02:00", Deviation.DATE_WITH_TIME),
        ("v.0.dt", "2026-02-11T00:00:00", Deviation.DATE_WITH_TIME),
        ("r.0.du", "2026-07-03T00:00:00.000Z", Deviation.DATE_WITH_TIME),
        ("dob", "1987-00-00", Deviation.DATE_NOT_CALENDAR),
        ("dob", "1987-13", Deviation.DATE_NOT_CALENDAR),
        ("v.0.dn", 2.0, Deviation.NUMBER_FLOAT),
        ("v.0.is", " Harbour Health Authority ", Deviation.TEXT_PADDED),
        ("nam.fn", "Osei\nVance", Deviation.TEXT_CONTROL),
        ("nam.fn", "Osei\u2028Vance", Deviation.TEXT_CONTROL),
        ("nam.fn", "\u202eOsei", Deviation.TEXT_CONTROL),
        ("nam.gn", "Tamsin\u0301", Deviation.TEXT_NOT_NFC),
        ("v.0.mp", "", Deviation.FIELD_EMPTY),
        ("t.0.tr", "", Deviation.FIELD_EMPTY),
        ("ver", "1.0.4", Deviation.VERSION_UNKNOWN),
        ("ver", "1-3-0", Deviation.VERSION_UNKNOWN),
        ("v.0.co", "Xanadu", Deviation.COUNTRY_NOT_CODE),
        ("v.0.co", "ABCDEFGHIJK", Deviation.COUNTRY_NOT_CODE),
    ],
)  # fmt: skip
def test_what_real_issuers_do_otherwise_is_read_and_noted(path: str, value: object, deviation: Deviation) -> None:
    claim = VACCINATION | {"t": None} if path == "t" else changed(path, value)
    reading = read_eu_dcc(claim)
    assert (reading.problems, reading.deviations) == ((), (deviation,))
    assert reading.credential is not None


def test_what_is_noted_is_typed_like_the_rest() -> None:
    assert read(changed("v.0.dn", 2.0)) == read(VACCINATION)
    assert read(changed("dob", "1991-08-17T00:00:00")) == read(VACCINATION)
    assert read(changed("v.0.dt", "2026-02-11T23:30:00+02:00")) == read(VACCINATION)
    assert read(VACCINATION | {"t": None, "r": None}) == read(VACCINATION)
    assert read(changed("t.0.ma", None)) == read(TEST)


def test_text_is_kept_as_signed() -> None:
    assert read(changed("v.0.ci", " URN:UVCI:01:XA:1 ")).entry.ci == " URN:UVCI:01:XA:1 "


def test_each_deviation_is_noted_once() -> None:
    claim = changed("v.0.dn", 2.0)
    claim["v"][0]["sd"] = 2.0
    assert read_eu_dcc(claim).deviations == (Deviation.NUMBER_FLOAT,)


@pytest.mark.parametrize("name", ["می\u200cنا", "O\u2019Neill", "李\u3000明", "\u200eאבא"])
def test_characters_that_belong_to_names_are_nothing_to_note(name: str) -> None:
    assert read_eu_dcc(changed("nam.fn", name)).deviations == ()


def test_a_boosted_dose_number_is_no_problem() -> None:
    assert read_eu_dcc(changed("v.0.dn", 3)).problems == ()


def test_unknown_members_are_never_looked_at() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert read_eu_dcc(changed("meta", deep)).problems == ()


def read(claim: Mapping[str, Any]) -> EuDcc:
    credential = read_eu_dcc(claim).credential
    assert credential is not None
    return credential
