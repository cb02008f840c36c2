"""The pinned key, from a signer's DID document or a bare JWK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tests.trustlist.did_lists import CREATED, PROD_JWK, SIGNER_DID, Json, base64url, dev_key, network, prod_key
from trustlist.did import read_pinned_key, verify_proof
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment


def jwk_of(key: ec.EllipticCurvePublicKey) -> Json:
    point = key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url(point.x.to_bytes(32, "big")),
        "y": base64url(point.y.to_bytes(32, "big")),
    }


def signer_document(*identifiers: str) -> Json:
    methods = [
        {"id": name, "type": "JsonWebKey2020", "controller": SIGNER_DID, "publicKeyJwk": jwk_of(key_number(index))}
        for index, name in enumerate(identifiers)
    ]
    return {"@context": ["https://www.w3.org/ns/did/v1"], "id": SIGNER_DID, "verificationMethod": methods}


def key_number(index: int) -> ec.EllipticCurvePublicKey:
    return ec.derive_private_key(index + 1, ec.SECP256R1()).public_key()


def refusal(value: object, **choice: Any) -> ListReason:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(TrustListError) as caught:
        read_pinned_key(data, **choice)
    assert isinstance(caught.value.reason, ListReason)
    return caught.value.reason


def test_the_one_key_of_a_signers_document_is_pinned() -> None:
    key = read_pinned_key(json.dumps(signer_document(SIGNER_DID)).encode())
    assert key.verification_method == SIGNER_DID
    assert key.environment is Environment.PRIVATE
    assert key.public_key == key_number(0)


def test_a_jwk_is_pinned_under_the_name_that_is_given() -> None:
    data = json.dumps(jwk_of(network().list_key.public_key())).encode()
    key = read_pinned_key(data, verification_method=SIGNER_DID)
    assert key == network().pinned
    assert verify_proof(network().document(), key) == CREATED


def test_of_several_keys_one_is_chosen_by_name() -> None:
    document = signer_document(f"{SIGNER_DID}#1", f"{SIGNER_DID}#2")
    chosen = read_pinned_key(json.dumps(document).encode(), verification_method=f"{SIGNER_DID}#2")
    assert (chosen.verification_method, chosen.public_key) == (f"{SIGNER_DID}#2", key_number(1))
    assert refusal(document) is ListReason.PINNED_KEY_AMBIGUOUS
    assert refusal(document, verification_method=SIGNER_DID) is ListReason.PINNED_KEY_AMBIGUOUS
    assert refusal(document, verification_method=f"{SIGNER_DID}#3") is ListReason.PINNED_KEY_UNREADABLE


def test_the_environment_can_be_given() -> None:
    data = json.dumps(signer_document(SIGNER_DID)).encode()
    assert read_pinned_key(data, environment=Environment.ACCEPTANCE).environment is Environment.ACCEPTANCE


@pytest.mark.parametrize(
    ("name", "environment"),
    [("prod", Environment.PRODUCTION), ("uat", Environment.ACCEPTANCE), ("dev", Environment.DEVELOPMENT)],
)
def test_the_networks_own_signers_are_known_by_name(name: str, environment: Environment) -> None:
    did = f"did:web:raw.githubusercontent.com:WorldHealthOrganization:tng-participants-{name}:main:WHO:signing:DID"
    data = json.dumps(PROD_JWK).encode()
    assert read_pinned_key(data, verification_method=did).environment is environment
    assert read_pinned_key(data, verification_method=did + "#1").environment is environment


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", ListReason.PINNED_KEY_UNREADABLE),
        (b"-----BEGIN PUBLIC KEY-----", ListReason.PINNED_KEY_UNREADABLE),
        ([], ListReason.PINNED_KEY_UNREADABLE),
        ({"verificationMethod": []}, ListReason.PINNED_KEY_UNREADABLE),
        ({"verificationMethod": {}}, ListReason.PINNED_KEY_UNREADABLE),
        ({"verificationMethod": ["did:web:a", {"publicKeyJwk": "x"}]}, ListReason.PINNED_KEY_UNREADABLE),
        ({"verificationMethod": [{"publicKeyJwk": PROD_JWK}]}, ListReason.PINNED_KEY_UNREADABLE),
        ({"verificationMethod": [{"id": 1, "publicKeyJwk": PROD_JWK}]}, ListReason.PINNED_KEY_UNREADABLE),
        ({"verificationMethod": [{"id": "a b", "publicKeyJwk": PROD_JWK}]}, ListReason.PINNED_KEY_UNREADABLE),
        (PROD_JWK, ListReason.PINNED_KEY_UNREADABLE),
    ],
)
def test_a_file_without_a_named_key_is_refused(value: object, reason: ListReason) -> None:
    assert refusal(value) is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"crv": "P-384"}, ListReason.PINNED_KEY_KIND),
        ({"kty": "RSA"}, ListReason.PINNED_KEY_KIND),
        ({"kty": "OKP", "crv": "Ed25519"}, ListReason.PINNED_KEY_KIND),
        ({"x": PROD_JWK["y"]}, ListReason.PINNED_KEY_UNREADABLE),
        ({"x": ""}, ListReason.PINNED_KEY_UNREADABLE),
        ({"x": None}, ListReason.PINNED_KEY_UNREADABLE),
        ({"x": "_" * 4000}, ListReason.PINNED_KEY_UNREADABLE),
    ],
)
def test_a_jwk_that_is_no_key_of_p256_is_refused(changes: Json, reason: ListReason) -> None:
    assert refusal(PROD_JWK | changes, verification_method=SIGNER_DID) is reason


@pytest.mark.corpus
def test_the_published_key_of_the_development_signer_is_read(corpora: Path) -> None:
    key = dev_key(corpora)
    assert key.environment is Environment.DEVELOPMENT
    assert key.verification_method.endswith(":tng-participants-dev:main:WHO:signing:DID")
    assert prod_key().environment is Environment.PRODUCTION


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from([SIGNER_DID, *PROD_JWK.values()]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["verificationMethod", "id", "publicKeyJwk", "kty", "crv", "x", "y"]) | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200), st.none() | st.just(SIGNER_DID))
def test_any_file_is_a_key_or_refused_in_type(data: bytes, name: str | None) -> None:
    try:
        read_pinned_key(data, verification_method=name)
    except TrustListError:
        return
    assert b"P-256" in data
