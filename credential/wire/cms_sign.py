"""Make a signed message (CMS SignedData, RFC 5652 §5) as the network's gateway takes them.

`cryptography` has a writer, but it puts the time of its own clock into the message; here the time is the caller's,
or left out, and the same input gives the same bytes (RFC 6979) for EC keys.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256

from credential.errors import EncodeError, Reason, Stage
from credential.wire.cms_message import CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_TIME
from credential.wire.der import OCTET_STRING
from credential.wire.der_write import encode, integer, oid, sequence, set_of, time
from credential.wire.x509 import read_certificate, read_public_key
from credential.wire.x509_key import EC_BITS, RSA_BITS

_NULL = b"\x05\x00"
_SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), _NULL)
_ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))
_RSA_SHA256 = sequence(oid("1.2.840.113549.1.1.11"), _NULL)
_FIELD_0 = 0xA0
_SET = 0x31


def sign_cms(
    content: bytes,
    certificate: bytes,
    key: PrivateKeyTypes,
    *,
    signing_time: datetime | None = None,
    detached: bool = False,
) -> bytes:
    """A message (DER) over `content`, signed with SHA-256 and the key of `certificate` (DER), which it carries.

    ECDSA for EC keys, PKCS #1 v1.5 for RSA: those that every gateway reads. `signing_time` is timezone-aware. Raises
    `EncodeError` at stage `cms`: `KEY_NOT_OF_CERTIFICATE`, `KEY_TOO_WEAK`, `PUBLIC_KEY_UNSUPPORTED`; `DecodeError`
    for a certificate that cannot be read.
    """
    facts = read_certificate(certificate)
    _require_usable(key, certificate)
    attributes = [_attribute(CONTENT_TYPE, oid(DATA)), _attribute(MESSAGE_DIGEST, _digest(content))]
    if signing_time is not None:
        attributes.append(_attribute(SIGNING_TIME, time(signing_time)))
    signed = set_of(attributes)
    algorithm, signature = _sign(key, signed)
    signer = sequence(
        integer(1),
        sequence(facts.issuer_name, integer(facts.serial)),
        _SHA256,
        bytes((_FIELD_0,)) + signed[1:],  # implicitly tagged in the message, a SET where it is signed (§5.4)
        algorithm,
        encode(OCTET_STRING, signature),
    )
    carried = () if detached else (encode(_FIELD_0, encode(OCTET_STRING, content)),)
    body = sequence(
        integer(1),
        set_of([_SHA256]),
        sequence(oid(DATA), *carried),
        encode(_FIELD_0, certificate),
        encode(_SET, signer),
    )
    return sequence(oid(SIGNED_DATA), encode(_FIELD_0, body))


def _attribute(kind: str, value: bytes) -> bytes:
    return sequence(oid(kind), set_of([value]))


def _digest(content: bytes) -> bytes:
    return encode(OCTET_STRING, hashlib.sha256(content).digest())


def _require_usable(key: PrivateKeyTypes, certificate: bytes) -> None:
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise EncodeError(Stage.CMS, Reason.PUBLIC_KEY_UNSUPPORTED)
    if key.public_key() != read_public_key(certificate):
        raise EncodeError(Stage.CMS, Reason.KEY_NOT_OF_CERTIFICATE)
    least = RSA_BITS if isinstance(key, rsa.RSAPrivateKey) else EC_BITS
    if key.key_size < least:
        raise EncodeError(Stage.CMS, Reason.KEY_TOO_WEAK, bits=key.key_size)


def _sign(key: PrivateKeyTypes, message: bytes) -> tuple[bytes, bytes]:
    """The AlgorithmIdentifier and the signature."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _ECDSA_SHA256, key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - required before; this is for the type checker
    return _RSA_SHA256, key.sign(message, padding.PKCS1v15(), SHA256())
