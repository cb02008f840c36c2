"""The gateway's JSON list: who vouches for what, and each way in which nobody does."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from credential.limits import Limits
from credential.wire.cms import fingerprint
from tests.credential.wire.cms_parts import Cms, to_ber
from tests.pki import make_authority
from tests.trustlist.parts import AT, reason_of
from tests.trustlist.sources.gateway import Gateway, answer, gateway, make_member, object_row, row, signature
from trustlist import ChainStatus, EntryStatus, Environment, KeyUsage, ListReason, TrustListError, TrustSnapshot
from trustlist.snapshot_pack import ListPart
from trustlist.sources.tng import KIND, read_trust_list

GATEWAY = gateway()
ONE, OTHER = GATEWAY.members


def read(rows: Any, pins: frozenset[bytes] = GATEWAY.pins, **options: Any) -> ListPart:
    return read_trust_list(answer(rows), anchors=pins, environment=Environment.PRIVATE, **options)


def rejected(rows: Any) -> dict[str, ListReason]:
    return {entry.position: entry.reason for entry in read(rows).rejected}


class TestBelieved:
    def test_every_row_of_a_good_list(self) -> None:
        part = read(GATEWAY.rows(), name="tng.example")
        assert part.rejected == ()
        assert (part.source.name, part.source.kind, part.source.entries) == ("tng.example", KIND, 8)
        assert (part.source.created, part.source.verified, part.pinned) == (None, True, False)
        found = {(entry.participant, entry.usage): entry for entry in part.entries}
        assert len(found) == 8
        assert found["XXA", KeyUsage.DSC].certificates == (ONE.dsc.certificate_der,)
        assert found["XXB", KeyUsage.SCA].certificates == (OTHER.sca.certificate_der,)
        assert {entry.domain for entry in part.entries} == {"DCC"}

    def test_signers_are_usable_under_the_authority_of_their_country(self) -> None:
        snapshot = TrustSnapshot.from_parts((read(GATEWAY.rows()),))
        (key,) = snapshot.candidates(ONE.dsc.kid)
        assert snapshot.chain(key).status is ChainStatus.CHAINED
        states = [state.status for state in snapshot.account(AT)]
        assert sorted(states) == sorted(
            [EntryStatus.USABLE] * 2 + [EntryStatus.AUTHORITY] * 2 + [EntryStatus.OTHER_USE] * 4
        )

    def test_a_signer_whose_authority_is_not_listed_is_an_orphan(self) -> None:
        rows = [each for each in GATEWAY.rows() if each["certificateType"] != "CSCA"]
        snapshot = TrustSnapshot.from_parts((read(rows),))
        (key,) = snapshot.candidates(ONE.dsc.kid)
        assert snapshot.chain(key).status is ChainStatus.ORPHANED

    def test_the_other_form_says_the_domain(self) -> None:
        rows = [
            object_row(ONE.sca, "csca", "XA", signer=GATEWAY.anchor),
            object_row(ONE.up, "UPLOAD", "XA", signer=GATEWAY.anchor),
            object_row(ONE.dsc, "DSC", "XA", signer=ONE.up, domain="ICVP"),
            object_row(OTHER.sca, "DECA", "XB", signer=GATEWAY.anchor, domain=None),
        ]
        part = read(rows)
        assert part.rejected == ()
        assert [(entry.usage, entry.domain) for entry in part.entries] == [
            (KeyUsage.SCA, "PH4H"),
            (KeyUsage.UP, "PH4H"),
            (KeyUsage.DECA, "DCC"),
            (KeyUsage.DSC, "ICVP"),
        ]

    def test_the_list_names_the_kid(self) -> None:
        named = row(ONE.sca, "CSCA", "XA", signer=GATEWAY.anchor, kid="ABCDEFGH")
        unnamed = row(OTHER.sca, "CSCA", "XB", signer=GATEWAY.anchor, kid=None)
        assert [entry.kid for entry in read([named, unnamed]).entries] == [
            base64.b64decode("ABCDEFGH"),
            OTHER.sca.kid,
        ]

    @pytest.mark.parametrize("attached", [True, False])
    def test_messages_in_ber(self, attached: bool) -> None:
        der = ONE.sca.certificate_der
        message = to_ber(Cms(GATEWAY.anchor, content=der, attached=der if attached else None).der(), piece=1000)
        rows = [row(ONE.sca, "CSCA", "XA", signer=GATEWAY.anchor, signature=base64.encodebytes(message).decode())]
        assert read(rows).rejected == ()

    def test_a_certificate_for_two_uses_is_two_entries(self) -> None:
        rows = [row(ONE.sca, kind, "XA", signer=GATEWAY.anchor) for kind in ("CSCA", "DECA")]
        assert [entry.usage for entry in read(rows).entries] == [KeyUsage.SCA, KeyUsage.DECA]

    def test_exchange_certificates_need_not_name_the_country(self) -> None:
        other = make_authority("").issue_signer(name="DESC")
        rows = [
            row(ONE.up, "UPLOAD", "XA", signer=GATEWAY.anchor),
            row(other, "DESC", "XA", signer=ONE.up),
        ]
        assert read(rows).rejected == ()


UP = row(ONE.up, "UPLOAD", "XA", signer=GATEWAY.anchor)
TWIN = make_authority("CH", name="TA")
"""Another anchor of the same name."""

REFUSED: dict[str, tuple[Callable[[], dict[str, Any]], ListReason]] = {
    "a twin of the anchor": (
        lambda: row(OTHER.sca, "CSCA", "XB", signer=TWIN),
        ListReason.ENTRY_SIGNER_UNKNOWN,
    ),
    "authority signed by an uploader": (
        lambda: row(OTHER.sca, "CSCA", "XB", signer=ONE.up),
        ListReason.ENTRY_SIGNER_UNKNOWN,
    ),
    "signer signed by the anchor": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=GATEWAY.anchor),
        ListReason.ENTRY_SIGNER_UNKNOWN,
    ),
    "signer uploaded by another country": (
        lambda: row(OTHER.dsc, "DSC", "XB", signer=ONE.up),
        ListReason.ENTRY_SIGNER_UNKNOWN,
    ),
    "signer uploaded by its own connection key": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.tls),
        ListReason.ENTRY_SIGNER_UNKNOWN,
    ),
    "message over another certificate": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, signature=signature(OTHER.dsc.certificate_der, ONE.up)),
        ListReason.ENTRY_SIGNATURE_INVALID,
    ),
    "detached message over another certificate": (
        lambda: row(
            ONE.dsc,
            "DSC",
            "XA",
            signer=ONE.up,
            signature=signature(OTHER.dsc.certificate_der, ONE.up, detached=True),
        ),
        ListReason.ENTRY_SIGNATURE_INVALID,
    ),
    "message that is none": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, signature="AAAA"),
        ListReason.ENTRY_SIGNATURE_INVALID,
    ),
    "message that is no base64": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, signature="!"),
        ListReason.ENTRY_SIGNATURE_INVALID,
    ),
    "no message": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, signature=None),
        ListReason.ENTRY_UNSIGNED,
    ),
    "an empty message": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, signature=""),
        ListReason.ENTRY_UNSIGNED,
    ),
    "thumbprint of another": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, thumbprint="0" * 64),
        ListReason.THUMBPRINT_DIFFERS,
    ),
    "certificate of another country": (
        lambda: row(OTHER.dsc, "DSC", "XA", signer=ONE.up),
        ListReason.COUNTRY_DIFFERS,
    ),
    "authority of another country": (
        lambda: row(OTHER.sca, "CSCA", "XA", signer=GATEWAY.anchor),
        ListReason.COUNTRY_DIFFERS,
    ),
    "certificate that is none": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, rawData="AAAA", thumbprint=None),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "certificate that is no base64": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, rawData="?"),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "no certificate": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, rawData=None),
        ListReason.CERTIFICATE_MISSING,
    ),
    "a trust anchor": (
        lambda: row(TWIN, "TRUSTANCHOR", "CH", signer=GATEWAY.anchor),
        ListReason.USAGE_UNKNOWN,
    ),
    "a type of the future": (
        lambda: row(ONE.dsc, "SIGN", "XA", signer=ONE.up),
        ListReason.USAGE_UNKNOWN,
    ),
    "a type that is no text": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, certificateType=["DSC"]),
        ListReason.USAGE_UNKNOWN,
    ),
    "a country that is none": (
        lambda: row(ONE.dsc, "DSC", "XXA", signer=ONE.up),
        ListReason.ENTRY_MALFORMED,
    ),
    "no country": (
        lambda: row(ONE.dsc, "DSC", "", signer=ONE.up),
        ListReason.ENTRY_MALFORMED,
    ),
    "a kid that is no text": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, kid=7),
        ListReason.ENTRY_MALFORMED,
    ),
    "a kid too long": (
        lambda: row(ONE.dsc, "DSC", "XA", signer=ONE.up, kid="A" * 400),
        ListReason.KID_INVALID,
    ),
}


class TestRefused:
    @pytest.mark.parametrize("name", REFUSED)
    def test_a_row_is_rejected_and_the_others_count(self, name: str) -> None:
        make, reason = REFUSED[name]
        part = read([make(), UP])
        assert [(entry.position, entry.reason) for entry in part.rejected] == [("[0]", reason)]
        assert [entry.usage for entry in part.entries] == [KeyUsage.UP]

    def test_an_uploader_that_is_rejected_vouches_for_nobody(self) -> None:
        stranger = make_member("XA")
        rows = [
            row(stranger.up, "UPLOAD", "XA", signer=TWIN),
            row(stranger.dsc, "DSC", "XA", signer=stranger.up),
        ]
        assert rejected(rows) == {
            "[0]": ListReason.ENTRY_SIGNER_UNKNOWN,
            "[1]": ListReason.ENTRY_SIGNER_UNKNOWN,
        }

    def test_an_uploader_does_not_vouch_for_an_uploader(self) -> None:
        stranger = make_member("XA")
        rows = [UP, row(stranger.up, "UPLOAD", "XA", signer=ONE.up), row(stranger.dsc, "DSC", "XA", signer=stranger.up)]
        assert set(rejected(rows)) == {"[1]", "[2]"}

    def test_rows_that_are_none(self) -> None:
        rows: list[Any] = [None, [], "text", 1, {}]
        assert set(rejected(rows).values()) == {ListReason.ENTRY_MALFORMED, ListReason.CERTIFICATE_MISSING}
        assert len(rejected(rows)) == 5

    def test_a_row_that_comes_twice(self) -> None:
        assert rejected([UP, UP]) == {"[1]": ListReason.ENTRY_REPEATED}

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"{}", ListReason.DOCUMENT_SHAPE),
            (b"null", ListReason.DOCUMENT_SHAPE),
            (b"[", ListReason.DOCUMENT_NOT_JSON),
            (b"[" * 100, ListReason.DOCUMENT_NOT_JSON),
        ],
    )
    def test_answers_that_are_no_list(self, data: bytes, reason: ListReason) -> None:
        with pytest.raises(TrustListError) as caught:
            read_trust_list(data, anchors=GATEWAY.pins, environment=Environment.PRIVATE)
        assert reason_of(caught) is reason

    def test_nothing_is_believed_without_an_anchor(self) -> None:
        with pytest.raises(TrustListError) as caught:
            read(GATEWAY.rows(), frozenset())
        assert reason_of(caught) is ListReason.ANCHOR_MISSING

    def test_lists_are_bounded(self) -> None:
        for limits, reason in (
            (Limits(trust_list_keys=7), ListReason.LIST_TOO_MANY_ENTRIES),
            (Limits(trust_list_bytes=100), ListReason.LIST_TOO_LARGE),
        ):
            with pytest.raises(TrustListError) as caught:
                read(GATEWAY.rows(), limits=limits)
            assert reason_of(caught) is reason

    def test_several_anchors_may_be_pinned(self) -> None:
        second = Gateway(TWIN, (make_member("XC"),))
        part = read(GATEWAY.rows() + second.rows(), GATEWAY.pins | {fingerprint(TWIN.certificate_der)})
        assert part.rejected == ()
