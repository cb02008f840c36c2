"""Keys of a list: parsed when asked for, and only then."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from credential.errors import Stage
from tests.credential.wire.der_parts import Parts, oid, sequence, tlv
from tests.pki import END, START, make_authority
from tests.trustlist.parts import CREATED, reason_of
from trustlist import Environment, KeyUsage, ListReason, Source, TrustedKey, TrustListError, environment_of

SOURCE = Source("did:web:list.example", "did-v2-embedded", Environment.ACCEPTANCE, CREATED, 1)


def trusted(certificate: bytes) -> TrustedKey:
    """A listed key with this certificate."""
    return TrustedKey(b"kid", certificate, "XXA", "DCC", KeyUsage.DSC, False, SOURCE, "verificationMethod[0]")


@pytest.mark.parametrize(
    ("did", "environment"),
    [
        ("did:web:tng-cdn.who.int:v2:trustlist", Environment.PRODUCTION),
        ("did:web:tng-cdn-uat.who.int:v2:trustlist:DCC", Environment.ACCEPTANCE),
        ("did:web:tng-cdn-dev.who.int", Environment.DEVELOPMENT),
        ("did:web:TNG-CDN.who.int#key", Environment.PRODUCTION),
        ("did:web:tng-cdn.who.int.example:v2:trustlist", Environment.PRIVATE),
        ("did:web:tng-cdn.who.int%3A8443:v2", Environment.PRIVATE),
        ("did:web:lists.example:tng-cdn.who.int", Environment.PRIVATE),
        ("did:key:tng-cdn.who.int", Environment.PRIVATE),
        ("tng-cdn.who.int", Environment.PRIVATE),
        ("did:web", Environment.PRIVATE),
        ("", Environment.PRIVATE),
    ],
)
def test_the_environment_is_that_of_the_host(did: str, environment: Environment) -> None:
    assert environment_of(did) is environment


def test_certificate_and_key_are_parsed_once() -> None:
    key = trusted(make_authority().issue_signer().certificate_der)
    assert "facts" not in vars(key)
    assert "public_key" not in vars(key)
    assert key.facts is key.facts
    assert key.public_key is key.public_key


def test_what_the_certificate_says_is_at_hand() -> None:
    signer = make_authority("XB").issue_signer(("1.2.3",))
    key = trusted(signer.certificate_der)
    assert (key.country, key.is_ca, key.extended_key_usage) == ("XB", False, ("1.2.3",))
    assert (key.not_before, key.not_after) == (START.timestamp(), END.timestamp())
    assert key.public_key == signer.private_key.public_key()
    assert key.environment is Environment.ACCEPTANCE


def test_a_key_cannot_be_changed() -> None:
    key = trusted(b"")
    with pytest.raises(FrozenInstanceError):
        key.kid = b"other"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["facts", "country", "not_before", "not_after", "extended_key_usage", "is_ca"])
def test_an_unreadable_certificate_is_an_error_of_this_room(name: str) -> None:
    key = trusted(b"0\x03abc")
    with pytest.raises(TrustListError) as caught:
        getattr(key, name)
    assert reason_of(caught) is ListReason.CERTIFICATE_UNREADABLE
    assert caught.value.stage is Stage.TRUST_LIST
    assert caught.value.detail == {"position": "verificationMethod[0]", "cause": "certificate-malformed"}


def test_a_point_off_its_curve_is_an_error_of_this_room() -> None:
    curve = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
    key = trusted(Parts(key=sequence(curve, tlv(0x03, b"\0\x04", b"\x05" * 64))).der())
    assert key.facts.key_detail == "P-256"
    with pytest.raises(TrustListError) as caught:
        _ = key.public_key
    assert reason_of(caught) is ListReason.KEY_UNUSABLE
    assert caught.value.detail["cause"] == "public-key-malformed"


def test_errors_travel_between_processes() -> None:
    error = TrustListError(ListReason.LIST_TOO_LARGE, limit=5)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copy), copy.reason, copy.detail) == (TrustListError, error.reason, error.detail)
    assert str(copy) == "trust-list: list-too-large, limit=5"
