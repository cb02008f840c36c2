"""Passport authorities: certificates and master lists, each an authority of its own state only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from credential.limits import Limits
from credential.wire.cms import fingerprint
from tests.credential.wire.cms_parts import Cms, attribute, to_ber
from tests.credential.wire.der_parts import integer, oid, sequence, tlv
from tests.pki import Authority, SignerKey, make_authority
from tests.trustlist.parts import AT, reason_of
from trustlist import EntryStatus, KeyUsage, ListReason, PinnedAs, TrustListError, TrustSnapshot, load_trust
from trustlist.model import TRAVEL_DOCUMENTS
from trustlist.sources.icao import (
    KIND,
    MASTER_LIST,
    MASTER_LIST_CONTENT,
    MasterList,
    read_authorities,
    read_master_list,
)
from trustlist.sources.recognise import Pins

JAPAN, AUSTRALIA, VIRTUAL = (make_authority(country) for country in ("JP", "AU", "XA"))
LISTS = make_authority("XB", name="CSCA")
SIGNER = LISTS.issue_signer(("2.23.136.1.1.3",), name="Master List Signer")
OTHER_SIGNER = LISTS.issue_signer(name="Master List Signer")


class TestAuthorities:
    def test_each_is_one_of_the_state_it_names(self) -> None:
        named = [(str(index), each.certificate_der) for index, each in enumerate((JAPAN, AUSTRALIA, VIRTUAL))]
        part = read_authorities(named)
        assert [(each.participant, each.domain, each.usage) for each in part.entries] == [
            (code, TRAVEL_DOCUMENTS, KeyUsage.SCA) for code in ("JPN", "AUS", "XXA")
        ]
        assert (part.source.kind, part.pinned) == (KIND, True)
        states = TrustSnapshot.from_parts((part,)).account(AT)
        assert [state.status for state in states] == [EntryStatus.AUTHORITY] * 3

    @pytest.mark.parametrize(
        ("der", "reason"),
        [
            (JAPAN.issue_signer().certificate_der, ListReason.AUTHORITY_EXPECTED),
            (make_authority("").certificate_der, ListReason.COUNTRY_DIFFERS),
            (b"\x30\x00", ListReason.CERTIFICATE_UNREADABLE),
            (bytes(20_000), ListReason.CERTIFICATE_TOO_LARGE),
        ],
    )
    def test_what_is_none_is_rejected(self, der: bytes, reason: ListReason) -> None:
        part = read_authorities([("bad", der), ("good", JAPAN.certificate_der)])
        assert [(each.position, each.reason) for each in part.rejected] == [("bad", reason)]
        assert [each.position for each in part.entries] == ["good"]

    def test_one_that_comes_twice(self) -> None:
        part = read_authorities([(name, JAPAN.certificate_der) for name in "ab"])
        assert [each.reason for each in part.rejected] == [ListReason.ENTRY_REPEATED]

    def test_a_folder_of_them(self, tmp_path: Path) -> None:
        (tmp_path / "jp.der").write_bytes(JAPAN.certificate_der)
        (tmp_path / "note.txt").write_text("nothing")
        snapshot = load_trust(tmp_path, said=PinnedAs(domain=TRAVEL_DOCUMENTS))
        assert [key.participant for key in tuple(snapshot.keys())] == ["JPN"]
        assert [each.reason for each in snapshot.rejected] == [ListReason.SOURCE_UNKNOWN]


def content(*certificates: bytes, version: int = 0) -> bytes:
    return sequence(integer(version), tlv(0x31, *certificates))


def master_list(signer: SignerKey = SIGNER, *, authority: Authority = LISTS, listed: bytes | None = None) -> Cms:
    inside = content(JAPAN.certificate_der, AUSTRALIA.certificate_der) if listed is None else listed
    return Cms(
        signer,
        content=inside,
        attached=inside,
        content_type=MASTER_LIST_CONTENT,
        certificates=[signer.certificate_der, authority.certificate_der],
        version=3,
    )


def pins(*holders: SignerKey | Authority) -> set[bytes]:
    return {fingerprint(holder.certificate_der) for holder in holders}


def read(message: Cms, *holders: SignerKey | Authority, **options: Any) -> MasterList:
    return read_master_list(message.der(), anchors=pins(*holders), **options)


class TestMasterList:
    @pytest.mark.parametrize("holder", [SIGNER, LISTS])
    def test_its_signer_or_the_signers_authority_is_pinned(self, holder: SignerKey | Authority) -> None:
        found = read(master_list(), holder, name="national list")
        assert [each.participant for each in found.part.entries] == ["JPN", "AUS"]
        assert (found.part.source.kind, found.part.source.name) == (MASTER_LIST, "national list")
        assert (found.signer_certificate, found.signed_at) == (SIGNER.certificate_der, None)
        assert found.part.source.created is None

    def test_it_may_be_written_in_ber(self) -> None:
        ber = to_ber(master_list().der(), piece=100)
        assert len(read_master_list(ber, anchors=pins(LISTS)).part.entries) == 2

    def test_it_tells_when_it_was_signed(self) -> None:
        message = master_list()
        time = attribute("1.2.840.113549.1.9.5", tlv(0x17, b"261001120000Z"))
        message.attributes = sorted([*message.the_attributes(), time])
        assert read(message, LISTS).signed_at == datetime(2026, 10, 1, 12, tzinfo=UTC)

    def test_a_certificate_that_cannot_be_used_is_rejected(self) -> None:
        found = read(master_list(listed=content(JAPAN.certificate_der, SIGNER.certificate_der)), LISTS)
        assert [(each.position, each.reason) for each in found.part.rejected] == [
            ("[1]", ListReason.AUTHORITY_EXPECTED)
        ]

    @pytest.mark.parametrize(
        ("message", "pinned", "reason"),
        [
            (master_list(), (JAPAN,), ListReason.PROOF_SIGNER_UNEXPECTED),
            (master_list(OTHER_SIGNER), (LISTS,), ListReason.PROOF_SIGNER_UNEXPECTED),  # not for master lists
            (
                master_list(JAPAN.issue_signer(("2.23.136.1.1.3",)), authority=LISTS),
                (LISTS,),
                ListReason.PROOF_SIGNER_UNEXPECTED,
            ),
            (master_list(listed=b"\x30\x00"), (SIGNER,), ListReason.DOCUMENT_SHAPE),
            (master_list(listed=content(version=1)), (SIGNER,), ListReason.DOCUMENT_SHAPE),
            (master_list(listed=sequence(integer(0), sequence())), (SIGNER,), ListReason.DOCUMENT_SHAPE),
            (Cms(SIGNER), (SIGNER,), ListReason.DOCUMENT_SHAPE),
            (Cms(SIGNER, content_type=MASTER_LIST_CONTENT, attached=None), (SIGNER,), ListReason.PROOF_INVALID),
            (Cms(SIGNER, content_type=MASTER_LIST_CONTENT, attached=b"x"), (SIGNER,), ListReason.PROOF_INVALID),
        ],
    )
    def test_what_is_not_believed(
        self, message: Cms, pinned: tuple[SignerKey | Authority, ...], reason: ListReason
    ) -> None:
        with pytest.raises(TrustListError) as caught:
            read(message, *pinned)
        assert reason_of(caught) is reason

    @pytest.mark.parametrize("data", [b"", b"text", oid("1.2.3"), JAPAN.certificate_der])
    def test_what_is_no_message(self, data: bytes) -> None:
        with pytest.raises(TrustListError) as caught:
            read_master_list(data, anchors=pins(SIGNER))
        assert reason_of(caught) is ListReason.DOCUMENT_SHAPE

    def test_bounds(self) -> None:
        for limits, reason in (
            (Limits(cms_bytes=100), ListReason.LIST_TOO_LARGE),
            (Limits(trust_list_keys=1), ListReason.LIST_TOO_MANY_ENTRIES),
        ):
            with pytest.raises(TrustListError) as caught:
                read(master_list(), SIGNER, limits=limits)
            assert reason_of(caught) is reason

    def test_nothing_is_believed_without_an_anchor(self, tmp_path: Path) -> None:
        (tmp_path / "list.ml").write_bytes(master_list().der())
        with pytest.raises(TrustListError) as caught:
            load_trust(tmp_path / "list.ml")
        assert reason_of(caught) is ListReason.ANCHOR_MISSING
        assert len(load_trust(tmp_path / "list.ml", pins=Pins(anchors=frozenset(pins(LISTS))))) == 2
        with pytest.raises(TrustListError) as caught:
            read(master_list())
        assert reason_of(caught) is ListReason.ANCHOR_MISSING


@pytest.mark.corpus
def test_the_published_authorities_of_two_states(corpora: Path) -> None:
    """Those of Japan are not strict DER, and have their curve written out."""
    snapshot = load_trust(corpora / "reference/icao-csca", said=PinnedAs(domain=TRAVEL_DOCUMENTS))
    assert [key.participant for key in tuple(snapshot.keys())] == ["AUS", "AUS", "JPN", "JPN"]
    assert snapshot.rejected == ()
    assert {state.status for state in snapshot.account(AT)} == {EntryStatus.AUTHORITY}
