"""Entries of a verified DID trust list: each one is used or rejected with its reason, and none stops the rest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from credential.limits import DEFAULT_LIMITS, Limits
from tests.pki import KeyKind, make_authority
from tests.trustlist.did_lists import LIST_DID, SIGNER_DID, Json, base64url, changed, list_entry, network
from trustlist.did import DidDocument, PinnedKey, build_document, encode_document, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment, KeyUsage, ListEntry


def read(document: Json, limits: Limits = DEFAULT_LIMITS) -> DidDocument:
    """The document signed and read again, through its JSON text."""
    return read_document(encode_document(network().sign(document)), key=network().pinned, limits=limits)


def list_of(*entries: ListEntry) -> Json:
    return build_document(LIST_DID, entries)


def dsc(**changes: Any) -> ListEntry:
    signer = network().signers[0]
    return list_entry(signer.kid, (signer.certificate_der, network().authorities[0].certificate_der), **changes)


def read_one(change: Callable[[Json], object]) -> DidDocument:
    """A list of one changed entry and one that is right."""
    document = list_of(dsc(), *network().entries[2:3])
    return read(changed(document, lambda it: change(it["verificationMethod"][0])))


def test_what_is_built_is_what_is_read() -> None:
    document = read(build_document(LIST_DID, network().entries))
    assert document.did == document.controller == LIST_DID
    assert document.environment is Environment.PRIVATE
    assert (document.rejected, document.references) == ((), ())
    assert [it.position for it in document.entries] == [f"verificationMethod[{index}]" for index in range(4)]
    assert [(it.kid, it.certificates, it.participant, it.domain, it.usage) for it in document.entries] == [
        (it.kid, it.certificates, it.participant, it.domain, it.usage) for it in network().entries
    ]


REJECTED: dict[str, tuple[Callable[[Json], object], ListReason]] = {
    "no usage": (lambda it: it.pop("keyusage"), ListReason.USAGE_UNKNOWN),
    "unknown usage": (lambda it: it.update(keyusage={"code": "#XYZ"}), ListReason.USAGE_UNKNOWN),
    "usage in lower case": (lambda it: it.update(keyusage={"code": "#dsc"}), ListReason.USAGE_UNKNOWN),
    "no kid": (lambda it: it["publicKeyJwk"].pop("kid"), ListReason.KID_INVALID),
    "empty kid": (lambda it: it["publicKeyJwk"].update(kid=""), ListReason.KID_INVALID),
    "kid in a list": (lambda it: it["publicKeyJwk"].update(kid=["AAAA"]), ListReason.KID_INVALID),
    "overlong kid": (lambda it: it["publicKeyJwk"].update(kid="A" * 88), ListReason.KID_INVALID),
    "no certificates": (lambda it: it["publicKeyJwk"].pop("x5c"), ListReason.CERTIFICATE_MISSING),
    "empty certificates": (lambda it: it["publicKeyJwk"].update(x5c=[]), ListReason.CERTIFICATE_MISSING),
    "certificate without a list": (lambda it: it["publicKeyJwk"].update(x5c="AAAA"), ListReason.CERTIFICATE_MISSING),
    "certificate not base64": (
        lambda it: it["publicKeyJwk"]["x5c"].__setitem__(0, "MIIB!"),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "certificate in PEM": (
        lambda it: it["publicKeyJwk"]["x5c"].__setitem__(0, "-----BEGIN CERTIFICATE-----"),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "issuer not base64": (
        lambda it: it["publicKeyJwk"]["x5c"].__setitem__(1, "MII"),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "certificate not DER": (
        lambda it: it["publicKeyJwk"]["x5c"].__setitem__(0, "AAAA"),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "certificate cut": (
        lambda it: it["publicKeyJwk"]["x5c"].__setitem__(0, it["publicKeyJwk"]["x5c"][0][:400]),
        ListReason.CERTIFICATE_UNREADABLE,
    ),
    "certificate too large": (
        lambda it: it["publicKeyJwk"]["x5c"].__setitem__(0, "A" * 24_000),
        ListReason.CERTIFICATE_TOO_LARGE,
    ),
    "too many certificates": (
        lambda it: it["publicKeyJwk"].update(x5c=it["publicKeyJwk"]["x5c"] * 5),
        ListReason.CERTIFICATE_TOO_LARGE,
    ),
    "another key": (lambda it: it["publicKeyJwk"].update(x="AAAA"), ListReason.KEY_NOT_OF_CERTIFICATE),
    "coordinates swapped": (
        lambda it: it["publicKeyJwk"].update(x=it["publicKeyJwk"]["y"], y=it["publicKeyJwk"]["x"]),
        ListReason.KEY_NOT_OF_CERTIFICATE,
    ),
    "another key type": (lambda it: it["publicKeyJwk"].update(kty="RSA"), ListReason.KEY_NOT_OF_CERTIFICATE),
    "no coordinate": (lambda it: it["publicKeyJwk"].pop("y"), ListReason.KEY_MALFORMED),
    "coordinate not base64url": (lambda it: it["publicKeyJwk"].update(x="+/+/"), ListReason.KEY_MALFORMED),
    "coordinate of one letter": (lambda it: it["publicKeyJwk"].update(x="A"), ListReason.KEY_MALFORMED),
    "coordinate in a list": (lambda it: it["publicKeyJwk"].update(x=["AAAA"]), ListReason.KEY_MALFORMED),
    "overlong coordinate": (lambda it: it["publicKeyJwk"].update(x="A" * 5000), ListReason.KEY_MALFORMED),
    "a private key published": (lambda it: it["publicKeyJwk"].update(d="AAAA"), ListReason.KEY_PRIVATE_PUBLISHED),
}


@pytest.mark.parametrize("name", REJECTED)
def test_an_entry_that_cannot_be_used_is_rejected_and_the_next_one_read(name: str) -> None:
    change, reason = REJECTED[name]
    document = read_one(change)
    (rejected,) = document.rejected
    assert (rejected.reason, rejected.position, rejected.participant) == (reason, "verificationMethod[0]", "XXA")
    assert [it.position for it in document.entries] == ["verificationMethod[1]"]


def test_a_rejected_entry_names_the_kid_as_the_list_wrote_it() -> None:
    (rejected,) = read_one(lambda it: it.pop("keyusage")).rejected
    assert rejected.kid == base64.b64encode(network().signers[0].kid).decode()
    (rejected,) = read_one(lambda it: it["publicKeyJwk"].pop("kid")).rejected
    assert rejected.kid is None


@pytest.mark.parametrize(
    ("code", "usage"),
    [
        ("#CSCA", KeyUsage.SCA),
        ("#SCA", KeyUsage.SCA),
        ("#DSC", KeyUsage.DSC),
        ("#DECA", KeyUsage.DECA),
        ("#DESC", KeyUsage.DESC),
        ("#AUTHENTICATION", KeyUsage.TLS),
        ("#TLS", KeyUsage.TLS),
        ("#UPLOAD", KeyUsage.UP),
        ("#UP", KeyUsage.UP),
    ],
)
def test_usages_are_read_in_both_spellings(code: str, usage: KeyUsage) -> None:
    assert read_one(lambda it: it.update(keyusage={"code": code})).entries[0].usage is usage


def test_domain_and_participant_may_be_missing_and_are_an_open_set() -> None:
    document = read_one(lambda it: (it.pop("domain"), it.pop("participant")))
    assert (document.entries[0].domain, document.entries[0].participant) == (None, None)
    document = read_one(lambda it: it.update(domain={"code": "#RACSEL-DDVC"}, participant={"code": "#XT"}))
    assert (document.entries[0].domain, document.entries[0].participant) == ("RACSEL-DDVC", "XT")


@pytest.mark.parametrize(
    ("written", "kid"),
    [
        ("ABCDEFGH", bytes.fromhex("001083105187")),
        ("+/8=", b"\xfb\xff"),
        ("no base64!", b"no base64!"),
        ("-_-_", b"-_-_"),
        ("AAA", b"AAA"),
        ("A" * 43, b"A" * 43),
    ],
)
def test_the_kid_of_the_list_is_kept_whatever_its_length_and_spelling(written: str, kid: bytes) -> None:
    document = read_one(lambda it: it["publicKeyJwk"].update(kid=written))
    assert document.entries[0].kid == kid
    assert document.entries[0].kid != hashlib.sha256(document.entries[0].certificates[0]).digest()[:8]


def key_with_a_short_coordinate() -> ec.EllipticCurvePrivateKey:
    """One whose x begins with a zero byte, which one key in 256 does."""
    keys = (ec.derive_private_key(number, ec.SECP256R1()) for number in range(1, 10_000))
    return next(key for key in keys if key.public_key().public_numbers().x < 2**248)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_coordinates_with_sign_bytes_or_lost_zeros_are_the_same_numbers(count: int) -> None:
    authority = make_authority("XA", private_key=key_with_a_short_coordinate())
    document = list_of(list_entry(authority.kid, (authority.certificate_der,), usage=KeyUsage.SCA))
    key = document["verificationMethod"][0]["publicKeyJwk"]
    for name in ("x", "y"):
        octets = base64.urlsafe_b64decode(key[name] + "=")
        assert len(octets) == 32
        key[name] = base64url(bytes(count) + octets.lstrip(b"\0"))
    assert len(read(document).entries) == 1


def test_coordinates_may_be_padded() -> None:
    assert read_one(lambda it: it["publicKeyJwk"].update(x=it["publicKeyJwk"]["x"] + "=")).rejected == ()


@pytest.mark.parametrize("kind", ["P-384", "RSA"])
def test_other_kinds_of_keys_are_written_and_read(kind: KeyKind) -> None:
    authority = make_authority("XA")
    signer = authority.issue_signer(key=kind)
    document = read(list_of(list_entry(signer.kid, (signer.certificate_der,))))
    assert document.entries[0].certificates == (signer.certificate_der,)


def test_the_name_of_a_curve_is_not_relied_on() -> None:
    signer = make_authority("XA").issue_signer(key="P-384")
    document = list_of(list_entry(signer.kid, (signer.certificate_der,)))
    document["verificationMethod"][0]["publicKeyJwk"]["crv"] = "UNKNOWN CURVE"
    assert read(document).rejected == ()


def test_a_key_that_is_neither_ec_nor_rsa_is_rejected() -> None:
    signer = network().signers[0]
    document = list_of(dsc())
    document["verificationMethod"][0]["publicKeyJwk"]["x5c"] = [ed25519_certificate()]
    (rejected,) = read(document).rejected
    assert rejected.reason is ListReason.KEY_KIND
    assert rejected.kid == base64.b64encode(signer.kid).decode()


def ed25519_certificate() -> str:
    key = Ed25519PrivateKey.generate()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, None)
    )
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def test_one_certificate_listed_for_two_usages_is_two_entries() -> None:
    document = read(list_of(dsc(), dsc(usage=KeyUsage.SCA)))
    assert [(it.kid, it.usage) for it in document.entries] == [
        (network().signers[0].kid, KeyUsage.DSC),
        (network().signers[0].kid, KeyUsage.SCA),
    ]


def test_references_are_read_and_an_empty_list_is_a_list() -> None:
    document = list_of()
    assert read(document).entries == ()
    references = [f"{LIST_DID}:DCC", "did:web:localhost%3A8080:v2:trustlist"]
    document["verificationMethod"] = references
    assert read(document).references == tuple(references)


def test_the_number_of_entries_is_bounded() -> None:
    document = build_document(LIST_DID, network().entries)
    assert len(read(document, Limits(trust_list_keys=4)).entries) == 4
    with pytest.raises(TrustListError) as caught:
        read(document, Limits(trust_list_keys=3))
    assert caught.value.reason is ListReason.LIST_TOO_MANY_ENTRIES


def test_the_size_of_a_document_is_bounded() -> None:
    data = encode_document(network().document())
    with pytest.raises(TrustListError) as caught:
        read_document(data, key=network().pinned, limits=Limits(trust_list_bytes=len(data) - 1))
    assert caught.value.reason is ListReason.LIST_TOO_LARGE
    read_document(data, key=network().pinned, limits=Limits(trust_list_bytes=len(data)))


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b'{"id":1,"id":1}', b'{"a":NaN}', b"\xff"])
def test_what_is_no_strict_json_is_refused(data: bytes) -> None:
    with pytest.raises(TrustListError) as caught:
        read_document(data, key=network().pinned)
    assert caught.value.reason is ListReason.DOCUMENT_NOT_JSON


@pytest.mark.parametrize("data", [b"[]", b"1", b"null", b'"did:web:a"', b"{}"])
def test_other_json_is_refused(data: bytes) -> None:
    with pytest.raises(TrustListError) as caught:
        read_document(data, key=network().pinned)
    assert caught.value.reason is ListReason.DOCUMENT_SHAPE


def test_no_entry_is_read_before_the_proof_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustlist.did.read_entries", lambda *_args, **_limits: pytest.fail("read too early"))
    stranger = PinnedKey(SIGNER_DID, Environment.PRIVATE, ec.generate_private_key(ec.SECP256R1()).public_key())
    with pytest.raises(TrustListError) as caught:
        read_document(network().document(), key=stranger)
    assert caught.value.reason is ListReason.PROOF_INVALID
