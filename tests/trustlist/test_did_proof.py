"""The proof of a DID trust list: what is made is accepted, and every other form is refused."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from tests.trustlist.did_lists import (
    CREATED,
    LIST_DID,
    SIGNER_DID,
    Json,
    base64url,
    changed,
    jws_parts,
    network,
)
from trustlist import did_shape
from trustlist.did import PinnedKey, build_document, read_document, verify_proof
from trustlist.did_canonical import document_quads, options_quads
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment

HEADER = '{"b64":false,"crit":["b64"],"alg":"ES256"}'


def reason_of(document: Json, key: PinnedKey | None = None) -> ListReason:
    with pytest.raises(TrustListError) as caught:
        read_document(document, key=key or network().pinned)
    return caught.value.reason


def with_jws(document: Json, header: str, signature: bytes) -> Json:
    return changed(document, lambda it: it["proof"].update(jws=f"{base64url(header.encode())}..{base64url(signature)}"))


def resigned(document: Json, header: str) -> Json:
    """The document with another protected header that its signature does cover."""
    proof = {name: value for name, value in document["proof"].items() if name != "jws"}
    body = {name: value for name, value in document.items() if name != "proof"}
    message = base64url(header.encode()).encode() + b"."
    message += hashlib.sha256(options_quads(did_shape.read_options(proof | {"jws": ""}))).digest()
    message += hashlib.sha256(document_quads(did_shape.read_body(body))).digest()
    return with_jws(document, header, network().list_key.sign(message, ec.ECDSA(hashes.SHA256())))


def test_a_signed_list_is_accepted_and_says_when_it_was_signed() -> None:
    document = network().document()
    assert verify_proof(document, network().pinned) == CREATED
    assert read_document(document, key=network().pinned).created == CREATED


def test_the_form_of_the_proof_is_that_of_the_network() -> None:
    document = network().document()
    assert list(document) == ["@context", "id", "controller", "verificationMethod", "proof"]
    assert list(document["proof"]) == ["type", "created", "nonce", "proofPurpose", "verificationMethod", "jws"]
    assert document["proof"]["created"] == "2026-06-01T12:30:05Z"
    assert document["proof"]["jws"].startswith("eyJiNjQiOmZhbHNlLCJjcml0IjpbImI2NCJdLCJhbGciOiJFUzI1NiJ9..")
    _, signature = jws_parts(document)
    assert max(decode_dss_signature(signature)) < 2**256  # DER


def test_the_same_list_is_signed_to_the_same_bytes() -> None:
    assert network().document() == network().document()


def test_signing_again_replaces_the_proof() -> None:
    document = network().document()
    assert network().sign(document) == document


def test_a_function_can_sign_in_place_of_a_key() -> None:
    def sign(message: bytes) -> bytes:
        digest = hashlib.sha256(message).digest()
        return network().list_key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))

    assert verify_proof(network().sign(network().document(), sign=sign), network().pinned) == CREATED


def test_a_function_that_signs_raw_is_refused() -> None:
    with pytest.raises(TrustListError) as caught:
        network().sign(network().document(), sign=lambda _message: bytes(64))
    assert caught.value.reason is ListReason.PROOF_SIGNATURE_FORM


def test_only_p256_keys_sign_and_are_pinned() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(TrustListError) as caught:
        network().sign(network().document(), sign=other)
    assert caught.value.reason is ListReason.PINNED_KEY_KIND
    with pytest.raises(TrustListError) as caught:
        PinnedKey(SIGNER_DID, Environment.PRIVATE, other.public_key())
    assert caught.value.reason is ListReason.PINNED_KEY_KIND


@pytest.mark.parametrize(
    "created",
    [
        CREATED.replace(microsecond=999_999),
        CREATED.astimezone(timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_created_is_written_in_whole_seconds_of_utc(created: datetime) -> None:
    assert network().sign(network().document(), created=created) == network().document()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"created": datetime(2026, 6, 1)}, ListReason.PROOF_CREATED),  # noqa: DTZ001 - what is tested
        ({"nonce": 'a"b'}, ListReason.DOCUMENT_SHAPE),
        ({"nonce": "a" * 257}, ListReason.DOCUMENT_SHAPE),
        ({"verification_method": "https://trust.example/key"}, ListReason.DID_MALFORMED),
        ({"verification_method": "did:web:a> <b"}, ListReason.DID_MALFORMED),
    ],
)
def test_what_could_not_be_read_back_is_not_signed(changes: dict[str, Any], reason: ListReason) -> None:
    with pytest.raises(TrustListError) as caught:
        network().sign(network().document(), **changes)
    assert caught.value.reason is reason


@pytest.mark.parametrize("text", ["2026-06-01T12:30:05.250Z", "2026-06-01T14:30:05.25+02:00"])
def test_created_may_have_fractions_and_an_offset(text: str) -> None:
    document = network().document()
    document["proof"]["created"] = text
    created = verify_proof(resigned(document, HEADER), network().pinned)
    assert created == datetime(2026, 6, 1, 12, 30, 5, 250_000, tzinfo=UTC)
    assert created.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01",
        "2026-06-01T12:30:05",
        "2026-06-31T12:30:05Z",
        "2026-06-01T24:30:05Z",
        "2026-06-01T12:30:05+99:00",
        "0001-01-01T00:00:00+14:00",
        "2026-06-01 12:30:05Z",
        "20260601T123005Z",
        "٢٠٢٦-06-01T12:30:05Z",
        "",
    ],
)
def test_other_times_are_refused_even_when_signed(text: str) -> None:
    document = network().document()
    document["proof"]["created"] = text
    with pytest.raises(TrustListError) as caught:
        verify_proof(resigned(document, HEADER) if text.isascii() else document, network().pinned)
    assert caught.value.reason in {ListReason.PROOF_CREATED, ListReason.DOCUMENT_SHAPE}


@pytest.mark.parametrize(
    "header",
    [
        '{"b64":true,"crit":["b64"],"alg":"ES256"}',
        '{"b64":0,"crit":["b64"],"alg":"ES256"}',
        '{"b64":false,"alg":"ES256"}',
        '{"b64":false,"crit":[],"alg":"ES256"}',
        '{"b64":false,"crit":["b64","exp"],"alg":"ES256"}',
        '{"b64":false,"crit":["b64"],"alg":"ES384"}',
        '{"b64":false,"crit":["b64"],"alg":"EC"}',
        '{"b64":false,"crit":["b64"],"alg":"none"}',
        '{"b64":false,"crit":["b64"],"alg":"ES256","kid":"1"}',
        '{"b64":true,"b64":false,"crit":["b64"],"alg":"ES256"}',
        '{"alg":"ES256"}',
        "[]",
        "ES256",
    ],
)
def test_every_other_header_is_refused_even_when_signed(header: str) -> None:
    assert reason_of(resigned(network().document(), header)) is ListReason.PROOF_HEADER


def test_the_header_is_read_as_json_not_as_one_text() -> None:
    document = resigned(network().document(), '{"alg": "ES256", "crit": ["b64"], "b64": false}')
    assert verify_proof(document, network().pinned) == CREATED


def test_a_raw_signature_is_refused() -> None:
    document = network().document()
    _, der = jws_parts(document)
    raw = b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(der))
    assert reason_of(with_jws(document, HEADER, raw)) is ListReason.PROOF_SIGNATURE_FORM


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda der: b"", id="empty"),
        pytest.param(lambda der: der[:-1], id="one byte short"),
        pytest.param(lambda der: der + b"\0", id="one byte long"),
        pytest.param(lambda der: b"\x30\x81" + der[1:], id="long form length"),
        pytest.param(lambda der: b"\x31" + der[1:], id="a set"),
        pytest.param(lambda der: b"\x30" + bytes([62]) + bytes(62), id="64 bytes that begin like DER"),
        pytest.param(lambda der: b"\x30\x06\x02\x01\x00\x02\x01\x00", id="zeros"),
    ],
)
def test_every_other_signature_value_is_refused(damage: Any) -> None:
    document = network().document()
    _, der = jws_parts(document)
    reason = reason_of(with_jws(document, HEADER, damage(der)))
    assert reason in {ListReason.PROOF_SIGNATURE_FORM, ListReason.PROOF_INVALID}


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda jws: jws[:-1], id="truncated by one"),
        pytest.param(lambda jws: jws[:-4], id="truncated by four"),
        pytest.param(lambda jws: jws.split("..")[0] + "..", id="no signature"),
        pytest.param(lambda jws: jws.replace("..", "."), id="two parts"),
        pytest.param(lambda jws: jws.replace("..", ".e30."), id="attached payload"),
        pytest.param(lambda jws: jws + "==", id="padding"),
        pytest.param(lambda jws: jws + "\n", id="line end"),
        pytest.param(lambda jws: "." + jws, id="empty header"),
        pytest.param(lambda jws: jws + "..AA", id="third part"),
        pytest.param(lambda jws: None, id="null"),
        pytest.param(lambda jws: [jws], id="list"),
        pytest.param(lambda jws: {"jws": jws}, id="object"),
        pytest.param(lambda jws: jws + "A" * 600, id="overlong"),
    ],
)
def test_every_other_form_of_the_jws_is_refused(damage: Any) -> None:
    document = network().document()
    document["proof"]["jws"] = damage(document["proof"]["jws"])
    assert reason_of(document) is ListReason.PROOF_SIGNATURE_FORM


def test_a_second_spelling_of_the_same_base64url_is_refused() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for number in range(1000):
        document = network().sign(network().document(), nonce=f"n{number}")
        header, signature = document["proof"]["jws"].split("..")
        if len(signature) % 4:
            break  # its last character has bits to spare
    last = alphabet.index(signature[-1])
    document["proof"]["jws"] = f"{header}..{signature[:-1]}{alphabet[last + 1]}"
    assert reason_of(document) is ListReason.PROOF_SIGNATURE_FORM


@pytest.mark.parametrize(
    ("named", "pinned"),
    [(SIGNER_DID, SIGNER_DID), (SIGNER_DID, SIGNER_DID + "#1"), (SIGNER_DID + "#1", SIGNER_DID)],
)
def test_a_pinned_key_is_named_with_or_without_a_fragment(named: str, pinned: str) -> None:
    key = PinnedKey(pinned, Environment.PRIVATE, network().list_key.public_key())
    assert verify_proof(network().sign(network().document(), verification_method=named), key) == CREATED


@pytest.mark.parametrize(
    ("named", "pinned"),
    [(SIGNER_DID + "x", SIGNER_DID), (SIGNER_DID + "#1", SIGNER_DID + "#2"), (LIST_DID, SIGNER_DID)],
)
def test_a_proof_by_another_verification_method_is_refused_though_the_key_fits(named: str, pinned: str) -> None:
    key = PinnedKey(pinned, Environment.PRIVATE, network().list_key.public_key())
    document = network().sign(network().document(), verification_method=named)
    assert reason_of(document, key) is ListReason.PROOF_SIGNER_UNEXPECTED


@pytest.mark.parametrize(("member", "value"), [("type", "DataIntegrityProof"), ("proofPurpose", "authentication")])
def test_another_proof_type_or_purpose_is_refused(member: str, value: str) -> None:
    document = network().document()
    document["proof"][member] = value
    assert reason_of(document) is ListReason.PROOF_TYPE


@pytest.mark.parametrize("proof", [None, [], "proof", 1])
def test_a_list_without_a_proof_object_is_refused(proof: object) -> None:
    document = build_document(LIST_DID, network().entries)
    assert reason_of(document) is ListReason.DOCUMENT_SHAPE
    with pytest.raises(TrustListError):
        verify_proof(document, network().pinned)
    assert reason_of(document | {"proof": proof}) is ListReason.DOCUMENT_SHAPE


def test_several_proofs_are_refused() -> None:
    document = network().document()
    assert reason_of(document | {"proof": [document["proof"]]}) is ListReason.DOCUMENT_SHAPE


def test_an_incomplete_proof_is_refused() -> None:
    for member in ("type", "created", "nonce", "proofPurpose", "verificationMethod", "jws"):
        document = changed(network().document(), lambda it, name=member: it["proof"].pop(name))  # type: ignore[misc]
        assert reason_of(document) is ListReason.DOCUMENT_SHAPE
