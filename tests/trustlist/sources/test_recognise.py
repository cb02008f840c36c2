"""Files of every sort are known by their shape, and read only with the pin that they need."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from credential.wire.cms import fingerprint
from tests.pki import make_authority
from tests.trustlist.did_lists import network
from tests.trustlist.parts import reason_of
from tests.trustlist.sources.gateway import answer, gateway
from tests.trustlist.sources.test_did_v1 import document, method
from tests.trustlist.sources.test_icao import LISTS, master_list
from tests.trustlist.sources.test_jwks import ISSUER, directory, jwk, key_set, row
from tests.trustlist.sources.test_onboarding import signed
from tests.trustlist.sources.test_signed_jwks import PIN, written
from trustlist import Environment, ListReason, PinnedAs, TrustListError, load_trust
from trustlist.did import encode_document
from trustlist.sources import did_v1, icao, jwks, onboarding, signed_jwks, tng
from trustlist.sources.anchors import read_anchors
from trustlist.sources.recognise import Pins, read_source

GATEWAY = gateway()
NOTHING = Pins()

SORTS: dict[str, tuple[Callable[[], bytes], str, Pins, ListReason | None]] = {
    "gateway": (
        lambda: answer(GATEWAY.rows()),
        tng.KIND,
        Pins(anchors=GATEWAY.pins),
        ListReason.ANCHOR_MISSING,
    ),
    "signed set, compact": (written, signed_jwks.KIND, Pins(key=PIN), ListReason.LIST_KEY_MISSING),
    "signed set, JSON": (
        lambda: written(compact=False),
        signed_jwks.KIND,
        Pins(key=PIN),
        ListReason.LIST_KEY_MISSING,
    ),
    "directory": (lambda: directory(row(ISSUER, jwk())), jwks.DIRECTORY, NOTHING, None),
    "key set": (lambda: key_set(jwk()), jwks.KIND, Pins(issuer=ISSUER), ListReason.ISSUER_MISSING),
    "old list": (
        lambda: document(method()),
        did_v1.KIND,
        Pins(read_v1_whose_proof_nobody_can_check=True),
        ListReason.SOURCE_UNVERIFIED,
    ),
    "list": (
        lambda: encode_document(network().document()),
        "did-v2-embedded",
        Pins(key=network().pinned),
        ListReason.LIST_KEY_MISSING,
    ),
    "master list": (
        lambda: master_list().der(),
        icao.MASTER_LIST,
        Pins(anchors=frozenset({fingerprint(LISTS.certificate_der)})),
        ListReason.ANCHOR_MISSING,
    ),
}


@pytest.mark.parametrize("name", SORTS)
def test_each_sort_is_known_by_its_shape(name: str, tmp_path: Path) -> None:
    make, kind, pins, without = SORTS[name]
    (tmp_path / "file").write_bytes(make())
    snapshot = load_trust(tmp_path / "file", pins=pins)
    assert [source.kind for source in snapshot.sources] == [kind]
    assert len(snapshot) > 0
    if without is not None:
        with pytest.raises(TrustListError) as caught:
            load_trust(tmp_path / "file")
        assert (reason_of(caught), caught.value.detail["file"]) == (without, "file")


def test_what_is_said_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(key_set(jwk()))
    said = PinnedAs(environment=Environment.DEVELOPMENT, name="clinic")
    (source,) = load_trust(tmp_path / "file", said=said, pins=Pins(issuer=ISSUER)).sources
    assert (source.name, source.environment) == ("clinic", Environment.DEVELOPMENT)


def test_a_key_may_stand_beside_other_pins(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(written())
    assert len(load_trust(tmp_path / "file", key=PIN, pins=Pins(issuer=ISSUER))) > 0


@pytest.mark.parametrize("data", [b"", b"hello", b"PRATIQTL", make_authority().certificate_der, b"eyJ.", b"a.b.c"])
def test_what_is_no_list_of_these_sorts_is_none(data: bytes) -> None:
    assert read_source(data, "file", pins=NOTHING) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", ListReason.DOCUMENT_NOT_JSON),
        (b"\xef\xbb\xbf{}", ListReason.DOCUMENT_NOT_JSON),
        (b"{}", ListReason.LIST_KEY_MISSING),
    ],
)
def test_json_that_is_nothing_in_particular(data: bytes, reason: ListReason) -> None:
    with pytest.raises(TrustListError) as caught:
        read_source(data, "file", pins=NOTHING)
    assert reason_of(caught) is reason


class TestFolders:
    def test_participants_with_what_the_anchor_signed(self, tmp_path: Path) -> None:
        place = tmp_path / "XXA/onboarding/DCC/SCA"
        (place / "signed").mkdir(parents=True)
        (place / "SCA.pem").write_text("template")
        (place / "signed/TNG_TA.signed.SCA.json").write_bytes(signed())
        for folder in (tmp_path, tmp_path / "XXA"):
            snapshot = load_trust(folder, pins=Pins(anchors=GATEWAY.pins))
            assert [source.kind for source in snapshot.sources] == [onboarding.KIND]
            assert [key.participant for key in tuple(snapshot.keys())] == ["XXA"]
            with pytest.raises(TrustListError) as caught:
                load_trust(folder)
            assert reason_of(caught) is ListReason.ANCHOR_MISSING

    def test_participants_without_anything_signed(self, tmp_path: Path) -> None:
        (tmp_path / "onboarding/DCC").mkdir(parents=True)
        with pytest.raises(TrustListError) as caught:
            load_trust(tmp_path, pins=Pins(anchors=GATEWAY.pins))
        assert reason_of(caught) is ListReason.SOURCE_EMPTY


class TestAnchors:
    PIN = fingerprint(GATEWAY.anchor.certificate_der)

    @pytest.mark.parametrize(
        "text",
        [
            PIN.hex(),
            PIN.hex().upper() + "\n",
            PIN.hex(":"),
            f"# the development network\n\n  {PIN.hex()}  \n",
        ],
    )
    def test_fingerprints(self, text: str) -> None:
        assert read_anchors(text.encode()) == {self.PIN}

    def test_certificates(self) -> None:
        der = GATEWAY.anchor.certificate_der
        pem = GATEWAY.anchor.certificate.public_bytes(Encoding.PEM)
        other = LISTS.certificate.public_bytes(Encoding.PEM)
        assert read_anchors(der) == read_anchors(pem) == {self.PIN}
        assert read_anchors(pem + other) == {self.PIN, fingerprint(LISTS.certificate_der)}

    @pytest.mark.parametrize(
        "data",
        [b"", b"# nothing", b"hello", PIN.hex().encode() + b"\nhello", PIN.hex().encode()[:-1], b"\x30\x00", b"\xff"],
    )
    def test_others(self, data: bytes) -> None:
        with pytest.raises(TrustListError) as caught:
            read_anchors(data)
        assert reason_of(caught) is ListReason.ANCHOR_UNREADABLE


def test_a_list_in_json_is_never_a_certificate(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps({"id": "x"}))
    with pytest.raises(TrustListError) as caught:
        load_trust(tmp_path / "file", key=PIN)
    assert reason_of(caught).value.startswith("document-")
