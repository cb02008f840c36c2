"""Signature algorithms of COSE (RFC 9053) as a table: what fits the key, how a signature is checked and made.

HCERT names ES256 as primary and PS256 as secondary. A further algorithm is a further row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TypeAlias, TypeGuard

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256

from credential.errors import DecodeError, EncodeError, Reason, Stage

PublicKey: TypeAlias = PublicKeyTypes
PrivateKey: TypeAlias = PrivateKeyTypes

# Made once: building these objects for each signature costs as much as the rest of the COSE layer.
_SHA256 = SHA256()
_PREHASHED = utils.Prehashed(_SHA256)
_ECDSA = ec.ECDSA(_PREHASHED)
# The salt is as long as the hash (RFC 8230 §2); every PS256 credential of the published test data has it so.
_PSS = padding.PSS(padding.MGF1(_SHA256), padding.PSS.DIGEST_LENGTH)

_P256 = ec.SECP256R1.name
_P256_BYTES = 32
_RSA_BITS_LEAST = 2048
_DER_LONG_FORM = 0x80


class Algorithm(IntEnum):
    """COSE algorithm identifiers (IANA COSE registry) of the rows below."""

    ES256 = -7
    PS256 = -37


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """One row.

    `fits` tells whether a public key belongs to it. `verify` raises `InvalidSignature`, or `DecodeError` for a key or a
    length that cannot be right; `sign` raises `EncodeError` for a key of another kind or too weak.
    """

    algorithm: Algorithm
    fits: Callable[[PublicKey], bool]
    verify: Callable[[PublicKey, bytes, bytes], None]
    sign: Callable[[PrivateKey, bytes], bytes]


def _is_p256(key: PublicKey) -> TypeGuard[ec.EllipticCurvePublicKey]:
    # Asked of each signature: the key's own curve answers three times faster than its abstract class.
    curve = getattr(key, "curve", None)
    return curve is not None and curve.name == _P256


def _is_rsa(key: PublicKey) -> TypeGuard[rsa.RSAPublicKey]:
    return isinstance(key, rsa.RSAPublicKey)


def _der_integer(number: bytes) -> bytes:
    """DER INTEGER of an unsigned big-endian number."""
    digits = number.lstrip(b"\0") or b"\0"
    if digits[0] & _DER_LONG_FORM:
        digits = b"\0" + digits
    return bytes((2, len(digits))) + digits


def _der_signature(raw: bytes) -> bytes:
    """DER ECDSA-Sig-Value of a raw P-256 signature r ‖ s; at most 72 bytes, so every length has one byte."""
    body = _der_integer(raw[:_P256_BYTES]) + _der_integer(raw[_P256_BYTES:])
    return bytes((0x30, len(body))) + body


def _verify_es256(key: PublicKey, signature: bytes, message: bytes) -> None:
    if not _is_p256(key):
        raise DecodeError(Stage.SIGNATURE, Reason.KEY_ALGORITHM_MISMATCH, algorithm="ES256")
    if len(signature) != 2 * _P256_BYTES:
        raise DecodeError(Stage.SIGNATURE, Reason.SIGNATURE_LENGTH, length=len(signature))
    key.verify(_der_signature(signature), hashlib.sha256(message).digest(), _ECDSA)


def _sign_es256(key: PrivateKey, message: bytes) -> bytes:
    if not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)):
        raise EncodeError(Stage.KEY, Reason.KEY_ALGORITHM_MISMATCH, algorithm="ES256")
    r, s = utils.decode_dss_signature(key.sign(hashlib.sha256(message).digest(), _ECDSA))
    return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")


def _verify_ps256(key: PublicKey, signature: bytes, message: bytes) -> None:
    if not _is_rsa(key):
        raise DecodeError(Stage.SIGNATURE, Reason.KEY_ALGORITHM_MISMATCH, algorithm="PS256")
    if key.key_size < _RSA_BITS_LEAST:
        raise DecodeError(Stage.SIGNATURE, Reason.KEY_TOO_WEAK, bits=key.key_size)
    key.verify(signature, hashlib.sha256(message).digest(), _PSS, _PREHASHED)


def _sign_ps256(key: PrivateKey, message: bytes) -> bytes:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise EncodeError(Stage.KEY, Reason.KEY_ALGORITHM_MISMATCH, algorithm="PS256")
    if key.key_size < _RSA_BITS_LEAST:
        raise EncodeError(Stage.KEY, Reason.KEY_TOO_WEAK, bits=key.key_size)
    return key.sign(hashlib.sha256(message).digest(), _PSS, _PREHASHED)


ALGORITHMS: Mapping[int, SignatureAlgorithm] = MappingProxyType(
    {
        row.algorithm.value: row
        for row in (
            SignatureAlgorithm(Algorithm.ES256, _is_p256, _verify_es256, _sign_es256),
            SignatureAlgorithm(Algorithm.PS256, _is_rsa, _verify_ps256, _sign_ps256),
        )
    }
)


def verify_signature(algorithm: int, key: PublicKey, signature: bytes, message: bytes) -> None:
    """Check `signature` over `message`; returns when it holds.

    `signature` is as COSE has it: raw r ‖ s for ECDSA (RFC 9053 §2.1), the PSS string for RSA (RFC 8230 §2). A
    high s is as valid as a low one. Raises `DecodeError` at stage `signature` when it does not hold, when the key
    does not belong to the algorithm, or is too weak; at stage `algorithm` when there is no such row.
    """
    row = ALGORITHMS.get(algorithm)
    if row is None:
        raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED, algorithm=algorithm)
    try:
        row.verify(key, signature, message)
    except InvalidSignature:
        raise DecodeError(Stage.SIGNATURE, Reason.SIGNATURE_INVALID) from None


def sign(algorithm: int, key: PrivateKey, message: bytes) -> bytes:
    """Signature over `message` as COSE has it.

    Raises `EncodeError` when the key does not belong to the algorithm, or is too weak.
    """
    row = ALGORITHMS.get(algorithm)
    if row is None:
        raise EncodeError(Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED, algorithm=algorithm)
    return row.sign(key, message)


def algorithm_of(key: PublicKey) -> Algorithm | None:
    """The row that a public key belongs to, or None."""
    return next((row.algorithm for row in ALGORITHMS.values() if row.fits(key)), None)
