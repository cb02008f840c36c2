"""Records: what staff may write, and that everything wrong is named at once."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Stage
from credential.kinds.eu_dcc import EuDcc, Vaccination
from credential.kinds.reading import Rule
from credential.names import standardise
from credential.uvci import new_uvci
from issuer.errors import FieldReason, IssueError, IssueReason, Problem
from issuer.record import RECORD_BYTES, check_record, draft_record, parse_record
from issuer.record_eu_dcc import _standardised
from tests.issuer.conftest import AT
from tests.issuer.records import ALL, PERSON, RECOVERY, TEST, VACCINATION, Record, changed, near_records, records

IDENTIFIER = new_uvci("XA", "A1B2C3D4E5F6G7H8I9J0K1L2M3")


def problems(record: Any, at: datetime = AT) -> tuple[Problem, ...]:
    return check_record(record, at=at)


def found(record: Any, at: datetime = AT) -> list[tuple[str, str]]:
    return [(problem.field, str(problem.reason)) for problem in problems(record, at)]


def drafted(record: Record) -> EuDcc:
    credential = draft_record(record, identifier=IDENTIFIER, at=AT).credential
    assert isinstance(credential, EuDcc)
    return credential


@pytest.mark.parametrize("record", ALL.values(), ids=ALL)
def test_plain_records_are_right(record: Record) -> None:
    assert problems(record) == ()
    draft = draft_record(record, identifier=IDENTIFIER, at=AT)
    assert draft.kind.name == "eu-dcc"
    assert draft.credential.entry.ci == IDENTIFIER


def test_a_vaccination_becomes_the_claim_of_the_specification() -> None:
    assert drafted(VACCINATION).to_claim() == {
        "ver": "1.3.0",
        "nam": {"fn": "Lindqvist", "fnt": "LINDQVIST", "gn": "Amara Noor", "gnt": "AMARA<NOOR"},
        "dob": "1979-04",
        "v": [
            {
                "tg": "840539006",
                "vp": "1119349007",
                "mp": "EU/1/20/1507",
                "ma": "ORG-100031184",
                "dn": 3,
                "sd": 2,
                "dt": "2026-02-24",
                "co": "XA",
                "is": "Ministry of Health XA",
                "ci": IDENTIFIER,
            }
        ],
    }


def test_a_test_and_a_recovery_keep_every_field() -> None:
    test = drafted(changed(changed(TEST, "test.name", "A test"), "test.device", "1232")).to_claim()
    assert test["t"] == [
        {
            "tg": "840539006",
            "tt": "LP6464-4",
            "nm": "A test",
            "ma": "1232",
            "sc": "2026-03-02T14:05:00+07:00",
            "tr": "260415000",
            "tc": "Harbour clinic",
            "co": "XA",
            "is": "Ministry of Health XA",
            "ci": IDENTIFIER,
        }
    ]
    assert drafted(RECOVERY).to_claim()["r"] == [
        {
            "tg": "840539006",
            "fr": "2026-01-20",
            "co": "XA",
            "is": "Ministry of Health XA",
            "df": "2026-02-01",
            "du": "2026-07-19",
            "ci": IDENTIFIER,
        }
    ]


@given(records())
def test_any_right_record_says_in_the_credential_what_it_says(record: Record) -> None:
    claim = drafted(record).to_claim()
    word = next(word for word in ("vaccination", "test", "recovery") if word in record)
    entry = claim[word[0]][0]
    written = {value for value in record[word].values() if value is not None and "T" not in str(value)}
    assert written <= set(entry.values())
    assert {value for value in record["name"].values() if value} <= set(claim["nam"].values())
    assert claim["dob"] == record["birth_date"]
    if "sampled" in record[word]:
        assert datetime.fromisoformat(entry["sc"]) == datetime.fromisoformat(record[word]["sampled"])


# Every member that can be wrong, and the name it is reported by.

_TEXT_FIELDS = [
    (VACCINATION, "vaccination.vaccine"),
    (VACCINATION, "vaccination.product"),
    (VACCINATION, "vaccination.manufacturer"),
    (VACCINATION, "vaccination.issuer"),
    (TEST, "test.name"),
    (TEST, "test.device"),
    (TEST, "test.centre"),
    (TEST, "test.issuer"),
    (RECOVERY, "recovery.issuer"),
    (VACCINATION, "name.surname"),
    (VACCINATION, "name.forename"),
]
_REQUIRED = [
    *((VACCINATION, path) for path in ("kind", "name", "birth_date", "name.surname")),
    *((record, f"{word}.{member}") for word, record in ALL.items() for member in record[word] if member != "centre"),
]


@pytest.mark.parametrize(("record", "path"), _REQUIRED, ids=[path for _, path in _REQUIRED])
def test_a_missing_member_is_named(record: Record, path: str) -> None:
    # A forename alone is a person too, as long as it has a standardised form; so the surname goes with it.
    record = changed(record, "name.forename", ...) if path == "name.surname" else record
    for value in (..., None):
        fields = {field for field, _ in found(changed(record, path, value))}
        assert fields == {path}


@pytest.mark.parametrize(("record", "path"), _TEXT_FIELDS, ids=[path for _, path in _TEXT_FIELDS])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (7, FieldReason.NOT_TEXT),
        (["x"], FieldReason.NOT_TEXT),
        ("", Rule.EMPTY),
        (" Xa", Rule.PADDED),
        ("Xa\n", Rule.CONTROL),
        ("X\0a", Rule.CONTROL),
        ("X\u202ea", Rule.CONTROL),
        ("X\u2066a", Rule.CONTROL),
        ("X\ud800a", Rule.UNICODE),
        ("X" * 81, Rule.TOO_LONG),
        ("X" * 1001, FieldReason.TEXT_TOO_LONG),
    ],
    ids=lambda value: ascii(value)[:12],
)
def test_text_that_cannot_be_signed_is_named(record: Record, path: str, value: Any, reason: object) -> None:
    record = changed(changed(record, "name.surname_standardised", "X"), "name.forename_standardised", "X")
    assert (path, str(reason)) in found(changed(record, path, value))
    assert {field for field, _ in found(changed(record, path, value))} == {path}


@pytest.mark.parametrize(
    ("record", "path", "value", "reason"),
    [
        (VACCINATION, "vaccination.disease", "840539007", FieldReason.NOT_ALLOWED),
        (VACCINATION, "vaccination.disease", 840539006, FieldReason.NOT_TEXT),
        (TEST, "test.type", "PCR", FieldReason.NOT_ALLOWED),
        (TEST, "test.result", "260415001", FieldReason.NOT_ALLOWED),
        (VACCINATION, "vaccination.dose", "2", FieldReason.NOT_A_WHOLE_NUMBER),
        (VACCINATION, "vaccination.dose", 2.0, FieldReason.NOT_A_WHOLE_NUMBER),
        (VACCINATION, "vaccination.dose", True, FieldReason.NOT_A_WHOLE_NUMBER),
        (VACCINATION, "vaccination.dose", 0, Rule.MINIMUM),
        (VACCINATION, "vaccination.series", -1, Rule.MINIMUM),
        (VACCINATION, "vaccination.date", "2026-02-30", FieldReason.NOT_A_DATE),
        (VACCINATION, "vaccination.date", "20260224", FieldReason.NOT_A_DATE),
        (VACCINATION, "vaccination.date", "2026-W09-2", FieldReason.NOT_A_DATE),
        (VACCINATION, "vaccination.date", "2026-02-24T00:00:00Z", FieldReason.NOT_A_DATE),
        (VACCINATION, "vaccination.date", 20260224, FieldReason.NOT_TEXT),
        (VACCINATION, "vaccination.date", "1979-03-31", Rule.ORDER),
        (TEST, "test.sampled", "2026-03-02", FieldReason.NOT_A_MOMENT),
        (TEST, "test.sampled", "2026-03-02T14:05:00", FieldReason.NOT_A_MOMENT),
        (TEST, "test.sampled", "2026-03-02T25:05:00Z", FieldReason.NOT_A_MOMENT),
        (TEST, "test.sampled", "2026-03-02T14:05:00.5Z", FieldReason.NOT_A_MOMENT),
        (TEST, "test.sampled", 7, FieldReason.NOT_TEXT),
        (RECOVERY, "recovery.valid_from", "2026-01-19", Rule.ORDER),
        (RECOVERY, "recovery.valid_until", "2026-01-31", Rule.ORDER),
        (VACCINATION, "vaccination.country", "xa", Rule.PATTERN),
        (VACCINATION, "vaccination.country", "X", Rule.PATTERN),
        (VACCINATION, "birth_date", "24.04.1979", Rule.PATTERN),
        (VACCINATION, "birth_date", "1979-13", Rule.DATE),
        (VACCINATION, "birth_date", 1979, FieldReason.NOT_TEXT),
        (VACCINATION, "name.surname_standardised", "Lindqvist", Rule.PATTERN),
        (VACCINATION, "name.surname_standardised", "X" * 81, Rule.TOO_LONG),
        (VACCINATION, "name.forename_standardised", "<AMARA", Rule.PADDED),
        (VACCINATION, "name", "Amara Lindqvist", FieldReason.NOT_AN_OBJECT),
        (VACCINATION, "vaccination", [VACCINATION["vaccination"]], FieldReason.NOT_AN_OBJECT),
        (VACCINATION, "kind", "passport", FieldReason.NOT_ALLOWED),
        (VACCINATION, "kind", ["eu-dcc"], FieldReason.NOT_ALLOWED),
    ],
)
def test_a_wrong_value_is_named(record: Record, path: str, value: Any, reason: object) -> None:
    assert found(changed(record, path, value)) == [(path, str(reason))]


def test_refusals_say_what_would_be_right() -> None:
    (problem,) = problems(changed(TEST, "test.result", "negative"))
    assert problem.allowed == "260415000, 260373001"
    (problem,) = problems(changed(TEST, "kind", "dcc"))
    assert problem.allowed == "eu-dcc"
    (problem,) = problems(changed(TEST, "test.sampled", "yesterday"))
    assert problem.allowed == "YYYY-MM-DDThh:mm:ss+hh:mm"


def test_unknown_members_are_named_wherever_they_stand() -> None:
    record = changed(changed(changed(VACCINATION, "passport", "x"), "name.title", "Dr"), "vaccination.batch", None)
    assert found(record) == [
        ("passport", "unknown"),
        ("name.title", "unknown"),
        ("vaccination.batch", "unknown"),
    ]


def test_a_flood_of_unknown_members_is_cut_short_and_shown_safely() -> None:
    flood = VACCINATION | {f"member {number}": 1 for number in range(1000)}
    assert len(problems(flood)) == 20
    assert found(VACCINATION | {"\u202e" + "x" * 100: 1}) == [("'\\u202e" + "x" * 39 + "'", "unknown")]


def test_everything_wrong_is_listed_at_once() -> None:
    record = {
        "kind": "eu-dcc",
        "name": {"forename": 7, "nickname": "A"},
        "vaccination": {"dose": "two", "date": "soon", "disease": "flu"},
    }
    fields = [field for field, _ in found(record)]
    assert fields == [
        "birth_date",
        "name.forename",
        "name.nickname",
        "vaccination.disease",
        "vaccination.vaccine",
        "vaccination.product",
        "vaccination.manufacturer",
        "vaccination.dose",
        "vaccination.series",
        "vaccination.date",
        "vaccination.country",
        "vaccination.issuer",
    ]


def test_what_breaks_several_rules_is_listed_at_once() -> None:
    record = changed(
        changed(changed(VACCINATION, "vaccination.dose", 0), "vaccination.issuer", "x" * 81), "birth_date", "?"
    )
    assert {field for field, _ in found(record)} == {"vaccination.dose", "vaccination.issuer", "birth_date"}


def test_the_error_carries_the_first_field_and_all_problems() -> None:
    with pytest.raises(IssueError) as error:
        draft_record(changed(VACCINATION, "vaccination.dose", "two") | {"x": 1}, identifier=IDENTIFIER, at=AT)
    assert (error.value.stage, error.value.reason) == (Stage.RECORD, IssueReason.RECORD_INVALID)
    assert error.value.detail == {"field": "x", "problem": "unknown", "count": 2}
    assert [problem.field for problem in error.value.problems] == ["x", "vaccination.dose"]


def test_no_error_repeats_what_the_record_says_of_the_person() -> None:
    record = changed(changed(VACCINATION, "name.surname", "Unmistakable\n"), "birth_date", "1979-99")
    with pytest.raises(IssueError) as error:
        draft_record(record, identifier=IDENTIFIER, at=AT)
    assert "Unmistakable" not in f"{error.value!s} {error.value.problems!r}"
    assert "1979" not in f"{error.value!s} {error.value.problems!r}"


@pytest.mark.parametrize("both", [("vaccination", "test"), ("test", "recovery"), ("vaccination", "recovery")])
def test_exactly_one_entry_is_asked_for(both: tuple[str, str]) -> None:
    record = PERSON | {word: ALL[word][word] for word in both}
    assert found(record) == [(both[1], "one-of")]
    assert found(PERSON) == [("vaccination", "one-of")]
    assert found(record | {both[1]: None}) == []


@pytest.mark.parametrize("record", [None, 7, "eu-dcc", [], [VACCINATION]])
def test_a_record_that_is_no_object_is_refused(record: Any) -> None:
    assert found(record) == [("", "not-an-object")]


# Names.


def test_a_name_without_letters_of_the_machine_readable_zone_asks_for_them() -> None:
    khmer = changed(VACCINATION, "name", {"surname": "សុខា", "forename": "ធីតា"})
    assert found(khmer) == [("name.surname_standardised", "needed"), ("name.forename_standardised", "needed")]
    given_both = changed(changed(khmer, "name.surname_standardised", "SOKHA"), "name.forename_standardised", "THIDA")
    name = drafted(given_both).nam
    assert (name.fn, name.fnt, name.gn, name.gnt) == ("សុខា", "SOKHA", "ធីតា", "THIDA")


def test_what_the_passport_says_goes_before_transliteration() -> None:
    record = changed(VACCINATION, "name", {"surname": "Müller", "surname_standardised": "MULLER"})
    assert drafted(record).nam.fnt == "MULLER"
    assert drafted(changed(record, "name.surname_standardised", ...)).nam.fnt == "MUELLER"


def test_a_forename_alone_makes_a_certificate_of_a_version_that_allows_it() -> None:
    dcc = drafted(changed(VACCINATION, "name", {"forename": "Mara"}))
    assert (dcc.ver, dcc.nam.fnt, dcc.nam.gnt) == ("1.3.2", None, "MARA")


def test_eighty_characters_of_khmer_are_a_name_and_eighty_one_are_not() -> None:
    record = changed(VACCINATION, "name.surname_standardised", "KHMER")
    assert drafted(changed(record, "name.surname", "ក" * 80)).nam.fn == "ក" * 80
    assert found(changed(record, "name.surname", "ក" * 81)) == [("name.surname", "too-long")]


@pytest.mark.parametrize(
    "name",
    [
        '"; DROP TABLE',
        "O'Brien-Ó Briain",
        "<script>",
        "a\u200fb\u200eb",
        "علی\u200cرضا",
        "ខ្មែរ\u200bសុខ",
        "\U0001f469\u200d\U0001f52c",
    ],
)
def test_quotes_and_joiners_are_ordinary_text(name: str) -> None:
    record = changed(VACCINATION, "name.surname_standardised", "NAME")
    assert drafted(changed(record, "name.surname", name)).nam.fn == name


def test_text_is_written_in_composed_form() -> None:
    record = changed(VACCINATION, "name.surname", "Zoe\u0308")
    assert drafted(record).nam.fn == "Zo\u00eb"


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=80))
def test_the_short_way_for_plain_letters_is_the_standards(name: str) -> None:
    assert _standardised(name, "name.surname_standardised", []) == standardise(name)


# What has not happened is not certified.


def test_a_day_is_certified_once_it_has_come_anywhere() -> None:
    at = datetime(2026, 3, 2, 9, 59, 59, tzinfo=UTC)  # one second before 3 March in Kiritimati
    tomorrow = changed(VACCINATION, "vaccination.date", "2026-03-03")
    assert found(tomorrow, at) == [("vaccination.date", "in-the-future")]
    assert found(tomorrow, at + timedelta(seconds=1)) == []
    assert found(tomorrow, (at + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-8)))) == []


def test_a_sample_of_the_future_is_not_certified() -> None:
    at = datetime(2026, 3, 2, 7, 5, 0, tzinfo=UTC)
    assert found(TEST, at) == []
    assert found(TEST, at - timedelta(seconds=1)) == [("test.sampled", "in-the-future")]


def test_a_recovery_may_count_from_a_later_day_but_not_have_begun_later() -> None:
    later = changed(changed(RECOVERY, "recovery.valid_from", "2026-04-01"), "recovery.valid_until", "2026-09-01")
    assert found(later) == []
    assert found(changed(later, "recovery.first_positive", "2026-03-04")) == [
        ("recovery.first_positive", "in-the-future")
    ]


def test_seconds_of_a_sample_may_be_left_out() -> None:
    assert (
        drafted(changed(TEST, "test.sampled", "2026-03-02T07:05Z")).to_claim()["t"][0]["sc"] == "2026-03-02T07:05:00Z"
    )


# Reading text, and whatever else comes.


def test_a_record_is_read_from_json() -> None:
    data = json.dumps(VACCINATION, ensure_ascii=False).encode()
    entry = drafted(dict(parse_record(data))).entry
    assert isinstance(entry, Vaccination)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "json-malformed"),
        (b"[]", "no object"),
        (b'"eu-dcc"', "no object"),
        (b'{"kind": "a", "kind": "b"}', "json-duplicate-member"),
        (b"\xff{}", "json-text"),
        (b'{"a": NaN}', "json-number"),
        (b"[" * 40 + b"]" * 40, "json-too-deep"),
        (b" " * (RECORD_BYTES + 1), "json-too-large"),
    ],
)
def test_text_that_is_no_record_is_refused(data: bytes, cause: str) -> None:
    with pytest.raises(IssueError) as error:
        parse_record(data)
    assert (error.value.stage, error.value.reason) == (Stage.RECORD, IssueReason.RECORD_MALFORMED)
    assert error.value.detail["cause"] == cause


@given(near_records())
def test_a_record_with_members_changed_is_right_or_names_them(record: Record) -> None:
    wrong = problems(record)
    if not wrong:
        assert drafted(record).entry.ci == IDENTIFIER
        return
    assert len(set(wrong)) == len(wrong)
    with pytest.raises(IssueError) as error:
        draft_record(record, identifier=IDENTIFIER, at=AT)
    assert error.value.stage is Stage.RECORD
    assert error.value.problems == wrong
    assert error.value.detail["field"] == wrong[0].field


@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(["kind", "name", "test"]), st.text() | st.none()))
def test_any_object_is_refused_by_name(record: Record) -> None:
    assert problems(record)
    assert problems(record | {"kind": "eu-dcc"})


@given(st.binary(max_size=200))
def test_any_bytes_give_an_object_or_a_typed_error(data: bytes) -> None:
    with contextlib.suppress(IssueError):
        assert isinstance(parse_record(data), dict)
