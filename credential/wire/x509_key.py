"""The public key field of a certificate (RFC 5280 §4.1.2.7): what kind of key it is, and the key itself."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from credential.errors import DecodeError, Reason, Stage
from credential.wire.der import OID, SEQUENCE, Element, expect, malformed, read_bits, read_integer, read_oid, read_only
from credential.wire.x509_problem import CertificateProblem as Problem

RSA_BITS = 2048
"""An RSA modulus with fewer bits proves nothing any more (HCERT asks for 2048)."""

EC_BITS = 250
"""The network's least size of an EC key that signs messages (WHO SMART Trust, PKI requirements)."""

_EC, _RSA, _RSA_PSS = "1.2.840.10045.2.1", "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"

_KINDS = MappingProxyType(
    {
        _EC: "EC",
        _RSA: "RSA",
        _RSA_PSS: "RSA",
        "1.2.840.10040.4.1": "DSA",
        "1.3.101.112": "Ed25519",
        "1.3.101.113": "Ed448",
    }
)

_CURVES = MappingProxyType(
    {
        "1.2.840.10045.3.1.7": "P-256",
        "1.3.132.0.34": "P-384",
        "1.3.132.0.35": "P-521",
        "1.3.132.0.10": "secp256k1",
        "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
    }
)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """Kind and detail as in `CertificateFacts.key_kind` and `.key_detail`."""

    kind: str
    detail: str
    problem: Problem | None = None


def describe_key(info: Element) -> KeyFacts:
    """What the SubjectPublicKeyInfo says of itself; the key is not made. Raises `DecodeError` if it is none."""
    algorithm, bits = _split(info)
    parts = tuple(algorithm.children())
    oid = read_oid(expect(parts[0] if parts else None, OID))
    if oid == _EC:
        return _describe_curve(parts[1] if len(parts) > 1 else None)
    if oid in (_RSA, _RSA_PSS):
        return _describe_modulus(bits)
    return KeyFacts(_KINDS[oid], "") if oid in _KINDS else KeyFacts(oid, "", Problem.KEY_UNKNOWN)


def read_key(info: Element) -> PublicKeyTypes:
    """The key, checked to be one (a point on its curve, for example).

    Raises `DecodeError`: `PUBLIC_KEY_UNSUPPORTED` for a kind or curve that cannot be used here,
    `PUBLIC_KEY_MALFORMED` for bytes that are no key of their kind.
    """
    try:
        return load_der_public_key(info.der)
    except UnsupportedAlgorithm:
        raise DecodeError(Stage.KEY, Reason.PUBLIC_KEY_UNSUPPORTED) from None
    except ValueError:
        raise DecodeError(Stage.KEY, Reason.PUBLIC_KEY_MALFORMED) from None


def describe_key_info(der: bytes) -> KeyFacts:
    """As `describe_key`, for a SubjectPublicKeyInfo that stands alone."""
    return describe_key(read_only(der, SEQUENCE))


def read_key_info(der: bytes) -> PublicKeyTypes:
    """As `read_key`, for a SubjectPublicKeyInfo that stands alone; raises `CERTIFICATE_MALFORMED` if it is none."""
    return read_key(read_only(der, SEQUENCE))


def _split(info: Element) -> tuple[Element, Element]:
    parts = tuple(expect(info, SEQUENCE).children())
    if len(parts) != 2:
        raise malformed(info.start, "public-key")
    return expect(parts[0], SEQUENCE), parts[1]


def _describe_curve(parameters: Element | None) -> KeyFacts:
    if parameters is None or parameters.tag != OID:
        return KeyFacts("EC", "explicit" if parameters else "", Problem.KEY_CURVE_UNKNOWN)
    oid = read_oid(parameters)
    known = _CURVES.get(oid)
    return KeyFacts("EC", known or oid, None if known else Problem.KEY_CURVE_UNKNOWN)


def _describe_modulus(bits: Element) -> KeyFacts:
    content, _ = read_bits(bits)
    numbers = tuple(read_only(content, SEQUENCE).children())
    if len(numbers) != 2:
        raise malformed(bits.start, "modulus")
    size = read_integer(numbers[0]).bit_length()
    return KeyFacts("RSA", str(size), Problem.KEY_TOO_WEAK if size < RSA_BITS else None)
