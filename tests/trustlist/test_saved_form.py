"""The saved form: what is saved is loaded again, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pki import make_authority
from tests.trustlist.parts import AT, entry, listed, reason_of, sca
from trustlist import (
    Environment,
    KeyUsage,
    ListEntry,
    ListReason,
    RejectedEntry,
    Source,
    TrustListError,
    TrustSnapshot,
)
from trustlist import snapshot_pack as pack_module
from trustlist.snapshot_file import HEAD, MAGIC, VERSION, SavedList, Sizes, is_saved, open_saved
from trustlist.snapshot_pack import ListPart, pack

PLACES = tuple(Sizes._fields)


@cache
def example() -> TrustSnapshot:
    """A list with everything in it: two participants, rejected entries, one certificate in two usages."""
    authority, other = make_authority("XA"), make_authority("XB")
    signers = [authority.issue_signer(), other.issue_signer()]
    rejected = [
        RejectedEntry("verificationMethod[4]", "+/==", "XXC", ListReason.KID_INVALID, MappingProxyType({"size": 0}))
    ]
    first = listed(
        sca(authority), entry(signers[0], authority), entry(signers[1], other, participant="XXB"), rejected=rejected
    )
    second = TrustSnapshot.from_certificates([other.certificate_der, b"junk"], participant=None)
    return TrustSnapshot.merge(first, second, listed(entry(other, usage=KeyUsage.DECA, domain=None)))


def resealed(data: bytes | bytearray) -> bytes:
    """The same bytes under a digest that fits."""
    body = bytes(data[:-32])
    return body + hashlib.sha256(body).digest()


def everything(snapshot: TrustSnapshot) -> tuple[object, ...]:
    """All that a snapshot can be asked."""
    keys = tuple(snapshot.keys())
    return (
        keys,
        [snapshot.candidates(key.kid) for key in keys],
        [snapshot.chain(key) for key in keys],
        snapshot.rejected,
        snapshot.sources,
        snapshot.environment,
        snapshot.created,
        snapshot.account(AT),
    )


class TestRoundTrip:
    def test_what_is_saved_is_loaded(self, tmp_path: Path) -> None:
        path = tmp_path / "trust.snapshot"
        example().save(path)
        loaded = TrustSnapshot.load(path)
        assert loaded == example()
        assert everything(loaded) == everything(example())

    def test_saving_again_changes_no_byte(self, tmp_path: Path) -> None:
        example().save(tmp_path / "one")
        TrustSnapshot.load(str(tmp_path / "one")).save(str(tmp_path / "two"))
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    def test_certificates_are_held_once(self) -> None:
        authority = make_authority()
        snapshot = listed(*(entry(authority.issue_signer(), authority) for _ in range(5)), sca(authority))
        assert snapshot.saved.data.count(authority.certificate_der) == 1

    def test_moments_keep_their_instant_and_fractions(self) -> None:
        moment = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=timezone(timedelta(hours=-4, minutes=-30)))
        assert listed(created=moment).created == moment

    @given(
        st.lists(
            st.builds(
                ListEntry,
                kid=st.binary(min_size=1, max_size=70),
                certificates=st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=2).map(tuple),
                participant=st.none() | st.text(max_size=5),
                domain=st.none() | st.text(max_size=5),
                usage=st.sampled_from(KeyUsage),
                position=st.text(max_size=10),
            ),
            max_size=20,
        ),
        st.lists(
            st.builds(
                RejectedEntry,
                position=st.text(max_size=5),
                kid=st.none() | st.text(max_size=5),
                participant=st.none() | st.text(max_size=5),
                reason=st.sampled_from(ListReason),
                detail=st.dictionaries(
                    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3
                ).map(MappingProxyType),
            ),
            max_size=5,
        ),
        st.booleans(),
    )
    def test_any_entries_come_back(self, entries: list[ListEntry], rejected: list[RejectedEntry], pinned: bool) -> None:
        source = Source("näme", "kind", Environment.DEVELOPMENT, None, len(entries) + len(rejected))
        part = ListPart(source, tuple(entries), tuple(rejected), pinned=pinned)
        snapshot = TrustSnapshot.from_parts((part,))
        assert snapshot.rejected == tuple(rejected)
        assert snapshot.sources == (source,)
        assert [
            ListEntry(key.kid, (key.certificate,), key.participant, key.domain, key.usage, key.position)
            for key in tuple(snapshot.keys())
        ] == [
            ListEntry(each.kid, each.certificates[:1], each.participant, each.domain, each.usage, each.position)
            for each in entries
        ]
        assert TrustSnapshot.merge(snapshot) == snapshot


class TestRefusals:
    """What is wrong with a file is named."""

    def refused(self, data: bytes) -> TrustListError:
        """The error that opening `data` ends in."""
        with pytest.raises(TrustListError) as caught:
            open_saved(data)
        return caught.value

    @pytest.mark.parametrize("data", [b"", b"P", MAGIC[:-1], b"{}", b"\x30\x82", bytes(100), b"\x89PNG\r\n\x1a\n" * 9])
    def test_another_sort_of_file_is_foreign(self, data: bytes) -> None:
        assert self.refused(data).reason is ListReason.SNAPSHOT_FOREIGN
        assert not is_saved(data)

    def test_every_shorter_file_is_truncated(self) -> None:
        data = example().saved.data
        for size in (len(MAGIC), HEAD.size - 1, HEAD.size, HEAD.size + 1, len(data) // 2, len(data) - 1):
            error = self.refused(data[:size])
            assert (error.reason, error.detail["size"]) == (ListReason.SNAPSHOT_TRUNCATED, size)

    def test_a_longer_file_is_damaged(self) -> None:
        error = self.refused(example().saved.data + b"\0")
        assert (error.reason, error.detail) == (ListReason.SNAPSHOT_DAMAGED, {"part": "size"})

    def test_another_version_is_not_guessed_at(self) -> None:
        data = bytearray(example().saved.data)
        struct.pack_into("<H", data, len(MAGIC), VERSION + 1)
        error = self.refused(resealed(data))
        assert error.reason is ListReason.SNAPSHOT_VERSION
        assert error.detail == {"found": VERSION + 1, "readable": VERSION}

    @given(st.data())
    def test_every_flipped_bit_is_found(self, data: st.DataObject) -> None:
        saved = bytearray(example().saved.data)
        at = data.draw(st.integers(0, 8 * len(saved) - 1))
        saved[at // 8] ^= 1 << at % 8
        assert self.refused(bytes(saved)).reason.value.startswith("snapshot-")

    @given(st.binary(max_size=300), st.booleans())
    def test_noise_is_refused(self, noise: bytes, marked: bool) -> None:
        assert self.refused(MAGIC + noise if marked else noise).reason.value.startswith("snapshot-")

    @pytest.mark.parametrize(
        "change",
        [
            {"sources": 5},
            {"sources": [["name"]]},
            {"sources": [["name", "kind", "elsewhere", None, 1]]},
            {"sources": [["name", "kind", "private", "yesterday", 1]]},
            {"sources": [["name", "kind", "private", "2026-01-01T00:00:00", 1]]},
            {"sources": [["name", "kind", "private", None, "many"]]},
            {"rejected": [[0, "position", None, None, "no-reason", {}]]},
            {"rejected": [[0, "position", None, None, "expired", 3]]},
            {"rejected": [[9, "position", None, None, "expired", {}]]},
            {"rejected": [[-1, "position", None, None, "expired", {}]]},
            {"rejected": [[]]},
            {"participants": None},
            {"domains": 1},
        ],
    )
    def test_a_header_that_says_nonsense_is_damaged(self, change: dict[str, object]) -> None:
        layout, data = example().saved.layout, example().saved.data
        header = json.loads(data[layout.header : layout.order]) | change
        error = self.refused(with_header(json.dumps(header).encode()))
        assert (error.reason, error.detail) == (ListReason.SNAPSHOT_DAMAGED, {"part": "header"})

    @pytest.mark.parametrize("header", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000])
    def test_a_header_that_is_none_is_damaged(self, header: bytes) -> None:
        assert self.refused(with_header(header)).detail == {"part": "header"}


def with_header(header: bytes) -> bytes:
    """The example with another header, in order otherwise."""
    layout, data = example().saved.layout, example().saved.data
    sizes = layout.sizes._replace(header=len(header))
    head = HEAD.pack(MAGIC, VERSION, 0, *sizes)
    return resealed(head + header + data[layout.order :])


class TestForged:
    """Files with a digest that fits, written by someone with other ideas: errors of the room, or a lookup's answer."""

    @given(st.data())
    def test_any_bytes_behind_the_header(self, data: st.DataObject) -> None:
        saved, layout = bytearray(example().saved.data), example().saved.layout
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(layout.order, layout.ders - 1))
            saved[at] = data.draw(st.integers(0, 255))
        self.ask(resealed(saved))

    @given(st.sampled_from(PLACES), st.integers(0, 2**32 - 1))
    def test_any_sizes(self, place: str, size: int) -> None:
        sizes = example().saved.layout.sizes._replace(**{place: size})
        data = example().saved.data
        self.ask(resealed(HEAD.pack(MAGIC, VERSION, 0, *sizes) + data[HEAD.size :]))

    def ask(self, data: bytes) -> None:
        """All questions at once."""
        with suppress(TrustListError):
            snapshot = TrustSnapshot(open_saved(data))
            for index in range(len(snapshot)):
                self.ask_one(snapshot, index)
            for participant in (None, "XXA", "XXB"):
                with suppress(TrustListError):
                    snapshot.saved.authorities.get(participant)

    def ask_one(self, snapshot: TrustSnapshot, index: int) -> None:
        """One entry: its candidates and its chain."""
        with suppress(TrustListError):
            kid = snapshot.saved.entry(index).kid
            for key in snapshot.candidates(kid):
                snapshot.chain(key)

    @pytest.mark.parametrize(("index", "number"), [(-1, -1), (99, 99)])
    def test_numbers_of_nothing_are_refused(self, index: int, number: int) -> None:
        saved: SavedList = example().saved
        with pytest.raises(TrustListError):
            saved.entry(index)
        with pytest.raises(TrustListError):
            saved.certificate(number)


class TestWriting:
    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (entry(b"0", kid=b"x" * 256), ListReason.KID_INVALID),
            (ListEntry(b"", (b"0",), None, None, KeyUsage.DSC, "here"), ListReason.KID_INVALID),
            (ListEntry(b"kid", (), None, None, KeyUsage.DSC, "here"), ListReason.CERTIFICATE_MISSING),
            (ListEntry(b"kid", (b"",), None, None, KeyUsage.DSC, "here"), ListReason.CERTIFICATE_MISSING),
            (ListEntry(b"kid", (b"0", b""), None, None, KeyUsage.DSC, "here"), ListReason.CERTIFICATE_MISSING),
        ],
    )
    def test_entries_that_no_reader_makes_are_refused(self, bad: ListEntry, reason: ListReason) -> None:
        with pytest.raises(TrustListError) as caught:
            listed(bad)
        assert reason_of(caught) is reason

    def test_what_the_numbers_cannot_hold_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pack_module, "MAX_BYTES", 200)
        for flooded in (entry(bytes(300)), entry(b"0", position="x" * 300)):
            source = Source("name", "kind", Environment.PRIVATE, datetime(2026, 1, 1, tzinfo=UTC), 1)
            with pytest.raises(TrustListError) as caught:
                pack([ListPart(source, (flooded,), (), pinned=False)])
            assert reason_of(caught) is ListReason.LIST_TOO_LARGE
