"""Participants' folders: what the trust anchor signed, under the folders' names."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from credential.limits import Limits
from tests.conftest import Report
from tests.pki import make_authority
from tests.trustlist.parts import reason_of
from tests.trustlist.sources.gateway import Holder, gateway, signature
from trustlist import Environment, KeyUsage, ListReason, PinnedAs, TrustListError, load_trust
from trustlist.snapshot_pack import ListPart
from trustlist.sources.anchors import read_anchors
from trustlist.sources.onboarding import KIND, is_signed_file, read_onboarding
from trustlist.sources.recognise import Pins

GATEWAY = gateway()
ONE, OTHER = GATEWAY.members
PATH = "XXA/onboarding/DCC/SCA/signed/TNG_TA.signed.SCA.json"
# The development network's trust anchor, as WHO publishes its certificate.
DEVELOPMENT_ANCHOR = b"e4b3219b650aeb4e10bd1fc25d9ffb13a453901a65a5e15cc03274e77cb35ff1"


def signed(
    holder: Holder = ONE.sca, *, signer: Holder = GATEWAY.anchor, country: str | None = "XA", **changes: Any
) -> bytes:
    der = holder.certificate_der
    members = {
        "trustAnchorSignature": signature(der, signer),
        "certificateRawData": base64.b64encode(der).decode(),
        "certificateThumbprint": hashlib.sha256(der).hexdigest(),
        "country": country,
        **changes,
    }
    return json.dumps({name: value for name, value in members.items() if value is not None}).encode()


def read(*files: tuple[str, bytes], **options: Any) -> ListPart:
    return read_onboarding(files, anchors=GATEWAY.pins, environment=Environment.DEVELOPMENT, **options)


class TestBelieved:
    @pytest.mark.parametrize(
        ("folder", "usage"),
        [
            ("SCA", KeyUsage.SCA),
            ("csca", KeyUsage.SCA),
            ("TLS", KeyUsage.TLS),
            ("auth", KeyUsage.TLS),
            ("UP", KeyUsage.UP),
            ("DECA", KeyUsage.DECA),
        ],
    )
    def test_the_folder_says_what_it_is(self, folder: str, usage: KeyUsage) -> None:
        part = read((f"some/where/XXA/onboarding/PH4H/{folder}/signed/TNG_TA.signed.x.json", signed()))
        (entry,) = part.entries
        assert (entry.participant, entry.domain, entry.usage) == ("XXA", "PH4H", usage)
        assert (entry.kid, entry.certificates) == (ONE.sca.kid, (ONE.sca.certificate_der,))
        assert (part.source.kind, part.source.environment, part.pinned) == (KIND, Environment.DEVELOPMENT, False)

    def test_one_participants_own_folder(self) -> None:
        (entry,) = read(("onboarding/DCC/SCA/signed/TNG_TA.signed.SCA.json", signed())).entries
        assert entry.participant == "XXA"

    def test_participants_by_any_of_their_names(self) -> None:
        for name in ("XXA", "XA"):
            assert read((f"{name}/{PATH.partition('/')[2]}", signed())).rejected == ()


class TestRefused:
    @pytest.mark.parametrize(
        ("path", "data", "reason"),
        [
            (PATH, signed(signer=ONE.up), ListReason.ENTRY_SIGNER_UNKNOWN),
            (PATH, signed(signer=make_authority("CH", name="TA")), ListReason.ENTRY_SIGNER_UNKNOWN),
            (PATH, signed(trustAnchorSignature="AAAA"), ListReason.ENTRY_SIGNATURE_INVALID),
            (PATH, signed(certificateThumbprint="00"), ListReason.THUMBPRINT_DIFFERS),
            (PATH, signed(OTHER.sca), ListReason.COUNTRY_DIFFERS),
            (PATH, signed(OTHER.sca, country="XB"), ListReason.COUNTRY_DIFFERS),
            (PATH, signed(country=None), ListReason.ENTRY_MALFORMED),
            (PATH, signed(country=""), ListReason.ENTRY_MALFORMED),
            (PATH, signed(certificateRawData=None), ListReason.ENTRY_MALFORMED),
            (PATH, signed(certificateRawData="AAAA", certificateThumbprint="x"), ListReason.THUMBPRINT_DIFFERS),
            (PATH, signed(trustAnchorSignature=None), ListReason.ENTRY_MALFORMED),
            (PATH, b"[]", ListReason.ENTRY_MALFORMED),
            (PATH, b"{", ListReason.DOCUMENT_NOT_JSON),
            (PATH.replace("/SCA/", "/ISSUER/"), signed(), ListReason.USAGE_UNKNOWN),
            (PATH.replace("TNG_TA.signed.", ""), signed(), ListReason.USAGE_UNKNOWN),
            (PATH.replace("/signed/", "/SIGNED/"), signed(), ListReason.USAGE_UNKNOWN),
            ("TNG_TA.signed.SCA.json", signed(), ListReason.USAGE_UNKNOWN),
            ("", signed(), ListReason.USAGE_UNKNOWN),
        ],
    )
    def test_a_file_is_rejected_by_its_path(self, path: str, data: bytes, reason: ListReason) -> None:
        part = read((path, data))
        assert part.entries == ()
        assert [(entry.position, entry.reason) for entry in part.rejected] == [(path, reason)]

    def test_nothing_is_believed_without_an_anchor(self) -> None:
        with pytest.raises(TrustListError) as caught:
            read_onboarding([(PATH, signed())], anchors=(), environment=Environment.DEVELOPMENT)
        assert reason_of(caught) is ListReason.ANCHOR_MISSING

    def test_files_are_bounded(self) -> None:
        with pytest.raises(TrustListError) as caught:
            read((PATH, signed()), (f"x/{PATH}", signed()), limits=Limits(trust_list_keys=1))
        assert reason_of(caught) is ListReason.LIST_TOO_MANY_ENTRIES


def test_which_files_are_signatures() -> None:
    assert is_signed_file(PATH)
    assert not is_signed_file("XXA/onboarding/DCC/SCA/signed/SCA.pem.der")
    assert not is_signed_file("XXA/onboarding/DCC/SCA/TNG_TA.signed.SCA.json")
    assert not is_signed_file("XXA/other/DCC/SCA/signed/TNG_TA.signed.SCA.json")
    assert not is_signed_file("")


@pytest.mark.corpus
def test_the_development_networks_participants(corpora: Path, agreement: Report) -> None:
    """177 certificates verify to the development anchor; 8 signatures are over something else than a certificate."""
    snapshot = load_trust(
        corpora / "onboarding-dev",
        pins=Pins(anchors=read_anchors(DEVELOPMENT_ANCHOR)),
        said=PinnedAs(environment=Environment.DEVELOPMENT, name="onboarding-dev"),
    )
    agreement("certificates signed by the development trust anchor (CMS)", len(snapshot), 177)
    assert len(snapshot) == 177
    assert Counter(entry.reason for entry in snapshot.rejected) == {ListReason.USAGE_UNKNOWN: 8}
    assert all("/ISSUER/" in entry.position for entry in snapshot.rejected)
    assert Counter(key.usage for key in tuple(snapshot.keys())) == {
        KeyUsage.SCA: 58,
        KeyUsage.TLS: 59,
        KeyUsage.UP: 58,
        KeyUsage.DECA: 2,
    }


@pytest.mark.corpus
def test_no_other_anchor_vouches_for_them(corpora: Path) -> None:
    """WHO's anchors share a name and a serial number: the fingerprint of production's is that of another."""
    production = read_anchors(b"f8f23d35408161ad5aa1cdf60bb5352becf6ed1cad64aec41cda3d1c11816dd4")
    snapshot = load_trust(corpora / "onboarding-dev", pins=Pins(anchors=production))
    assert len(snapshot) == 0
    assert Counter(entry.reason for entry in snapshot.rejected) == {
        ListReason.ENTRY_SIGNER_UNKNOWN: 177,
        ListReason.USAGE_UNKNOWN: 8,
    }
