"""Entries: one sequence of bytes each, codes only, and nobody's certificate."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import Entry, EntryValue, LedgerReason, decode_entry
from tests.ledger.parts import AT, entry, outcome, reason_of

ENTRY = Entry("key.added", AT, "XXA:custodian-1", "dsc:b3a1", {"usage": "DSC", "not-after": 1_800_000_000, "ok": True})
BYTES = (
    b'{"actor":"XXA:custodian-1","at":"2026-11-22T12:00:00Z",'
    b'"detail":{"not-after":1800000000,"ok":true,"usage":"DSC"},"kind":"key.added","subject":"dsc:b3a1"}'
)
CODE = st.text("ABYZabyz0189._:/#+=%~-", min_size=1, max_size=60)
NAME = st.from_regex(r"[a-z][a-z0-9]{0,8}([._-][a-z0-9]{1,5}){0,3}", fullmatch=True)
VALUE = CODE | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none()


def changed(**members: object) -> bytes:
    """The JSON of `ENTRY` with other members, None for those left out."""
    whole = json.loads(BYTES) | members
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


class TestWriting:
    def test_an_entry_is_canonical_json(self) -> None:
        assert ENTRY.encode() == BYTES
        assert decode_entry(BYTES) == ENTRY

    @given(NAME, st.datetimes(timezones=st.just(UTC)), CODE, CODE, st.dictionaries(NAME, VALUE, max_size=20))
    def test_what_is_written_is_read_again(
        self, kind: str, at: datetime, actor: str, subject: str, detail: dict[str, EntryValue]
    ) -> None:
        written = Entry(kind, at, actor, subject, detail)
        assert decode_entry(written.encode()) == written
        assert json.loads(written.encode())["detail"] == detail

    def test_the_order_of_details_does_not_matter(self) -> None:
        backwards = Entry(ENTRY.kind, AT, ENTRY.actor, ENTRY.subject, dict(reversed(list(ENTRY.detail.items()))))
        assert backwards.encode() == BYTES
        assert backwards == ENTRY
        assert hash(backwards) == hash(ENTRY)

    def test_times_are_kept_in_utc_to_the_second(self) -> None:
        there = timezone(timedelta(hours=5, minutes=30))
        other = Entry("key.added", datetime(2026, 11, 22, 17, 30, 0, 999_999, tzinfo=there), "XXA", "x")
        assert other.at == AT
        assert b'"at":"2026-11-22T12:00:00Z"' in other.encode()
        assert b'"at":"0033-04-03T00:00:00Z"' in Entry("a", datetime(33, 4, 3, tzinfo=UTC), "a", "a").encode()

    def test_nothing_can_be_changed_afterwards(self) -> None:
        detail: dict[str, EntryValue] = {"usage": "DSC"}
        made = Entry("key.added", AT, "XXA", "x", detail)
        detail["usage"] = "SCA"
        assert made.detail == {"usage": "DSC"}
        with pytest.raises(TypeError):
            made.detail["usage"] = "SCA"  # type: ignore[index]


class TestRefused:
    @pytest.mark.parametrize(
        "kind", ["", "Key", "key added", "key..added", ".key", "key.", "1key", "é", "k" * 65, "a\n"]
    )
    def test_kinds(self, kind: str) -> None:
        assert reason_of(lambda: Entry(kind, AT, "a", "b")) is LedgerReason.ENTRY_KIND

    @pytest.mark.parametrize(
        "code", ["", "Jane Doe", "jane@example.org", "Zoë", "DOE<<JANE", "a\n", 'a"b', "[", "x" * 513]
    )
    def test_codes(self, code: str) -> None:
        assert reason_of(lambda: Entry("a", AT, code, "b")) is LedgerReason.ENTRY_CODE
        assert reason_of(lambda: Entry("a", AT, "a", code)) is LedgerReason.ENTRY_CODE
        assert reason_of(lambda: Entry("a", AT, "a", "b", {"c": code})) is LedgerReason.ENTRY_CODE

    @pytest.mark.parametrize(
        "code", ["URN:UVCI:01:XX:1", "urn:uvci:v1:x:y", "ref=HC1:6BF", "shc:/5676", "shlink:/eyJ", "vhlink:/e"]
    )
    def test_certificates_of_persons(self, code: str) -> None:
        for made in (
            partial(Entry, "a", AT, code, "b"),
            partial(Entry, "a", AT, "a", code),
            partial(Entry, "a", AT, "a", "b", {"c": code}),
        ):
            assert reason_of(made) is LedgerReason.ENTRY_PERSONAL

    @pytest.mark.parametrize(
        "detail",
        [
            {"A": 1},
            {"a b": 1},
            {"": 1},
            {"a": 1.5},
            {"a": 2**53},
            {"a": -(2**53)},
            {"a": []},
            {"a": {}},
            {"a": b"x"},
            {1: 1},
            {f"a{number}": 1 for number in range(33)},
        ],
    )
    def test_details(self, detail: dict[str, EntryValue]) -> None:
        assert reason_of(lambda: Entry("a", AT, "a", "b", detail)) is LedgerReason.ENTRY_DETAIL

    def test_times_without_a_zone_or_out_of_the_calendar(self) -> None:
        naive = datetime(2026, 1, 1)  # noqa: DTZ001
        assert reason_of(lambda: Entry("a", naive, "a", "b")) is LedgerReason.ENTRY_TIME
        first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3)))
        assert reason_of(lambda: Entry("a", first, "a", "b")) is LedgerReason.ENTRY_TIME

    def test_entries_larger_than_a_log_takes(self) -> None:
        large = Entry("a", AT, "a", "b", {f"a{number}": "x" * 500 for number in range(9)})
        assert reason_of(large.encode) is LedgerReason.ENTRY_TOO_LARGE
        assert reason_of(lambda: decode_entry(bytes(4_097))) is LedgerReason.ENTRY_TOO_LARGE


class TestReading:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", LedgerReason.ENTRY_SHAPE),
            (b"{}", LedgerReason.ENTRY_SHAPE),
            (b'{"a":{}}', LedgerReason.ENTRY_SHAPE),
            (b"{" * 4_000, LedgerReason.ENTRY_SHAPE),
            (b"[" * 4_000, LedgerReason.ENTRY_SHAPE),
            (b"{{", LedgerReason.ENTRY_NOT_JSON),
            (b"{\xff{", LedgerReason.ENTRY_NOT_JSON),
            (b'{"a":{"b":' + b"9" * 4_000 + b"}}", LedgerReason.ENTRY_SHAPE),
            (b"\xef\xbb\xbf" + BYTES, LedgerReason.ENTRY_NOT_JSON),
            (BYTES + b"x", LedgerReason.ENTRY_NOT_JSON),
            (changed(kind=None), LedgerReason.ENTRY_SHAPE),
            (changed(more=1), LedgerReason.ENTRY_SHAPE),
            (changed(detail=1), LedgerReason.ENTRY_SHAPE),
            (changed(detail={"a": [1]}), LedgerReason.ENTRY_SHAPE),
            (changed(detail={"a": {"b": 1}}), LedgerReason.ENTRY_SHAPE),
            (changed(detail="{"), LedgerReason.ENTRY_SHAPE),
            (changed(kind=1), LedgerReason.ENTRY_KIND),
            (changed(actor=1), LedgerReason.ENTRY_CODE),
            (changed(subject=True), LedgerReason.ENTRY_CODE),
            (changed(at=1_700_000_000), LedgerReason.ENTRY_TIME),
            (changed(at="2026-11-22"), LedgerReason.ENTRY_TIME),
            (changed(at="2026-13-22T12:00:00Z"), LedgerReason.ENTRY_TIME),
            (changed(at="2026-11-22T12:00:00+00:00"), LedgerReason.ENTRY_TIME),
            (changed(at="2026-11-22T12:00:00.5Z"), LedgerReason.ENTRY_TIME),
            (changed(detail={"a": 1.5}), LedgerReason.ENTRY_DETAIL),
            (BYTES.replace(b"true", b"NaN"), LedgerReason.ENTRY_DETAIL),
            (BYTES.replace(b"true", b"1e400"), LedgerReason.ENTRY_DETAIL),
            (changed(), LedgerReason.ENTRY_NOT_CANONICAL),
            (BYTES + b"\n", LedgerReason.ENTRY_NOT_CANONICAL),
            (BYTES.replace(b"DSC", b"\\u0044SC"), LedgerReason.ENTRY_NOT_CANONICAL),
            (BYTES.replace(b'"ok":true', b'"ok":true,"ok":true'), LedgerReason.ENTRY_NOT_CANONICAL),
            (BYTES.replace(b"true", b"-0"), LedgerReason.ENTRY_NOT_CANONICAL),
        ],
    )
    def test_other_bytes_are_no_entry(self, data: bytes, reason: LedgerReason) -> None:
        assert reason_of(lambda: decode_entry(data)) is reason

    @given(st.data())
    def test_whatever_the_bytes_an_entry_is_what_it_is_written_as(self, data: st.DataObject) -> None:
        content = bytearray(data.draw(st.sampled_from([BYTES, entry(7).encode()])))
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content)))
            content[place : place + data.draw(st.integers(0, 3))] = data.draw(
                st.binary(max_size=3) | st.sampled_from([b"{", b'"', b"\\", b"1", b"e9", b"null", b","])
            )
        found = outcome(lambda: decode_entry(bytes(content)).encode())
        assert found == bytes(content) or str(found).startswith("entry-")
