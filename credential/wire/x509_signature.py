"""How a certificate is signed (RFC 5280 §4.1.1.2, RFC 3279, RFC 4055, RFC 5758) and whether a key made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from credential.wire.der import SEQUENCE, Element, expect, malformed, read_integer, read_oid, read_only
from credential.wire.x509_key import RSA_BITS

WEAK_HASHES = frozenset({"md5", "sha1"})

_HASHES: Mapping[str, Callable[[], hashes.HashAlgorithm]] = MappingProxyType(
    {
        "md5": hashes.MD5,
        "sha1": hashes.SHA1,
        "sha224": hashes.SHA224,
        "sha256": hashes.SHA256,
        "sha384": hashes.SHA384,
        "sha512": hashes.SHA512,
    }
)

_HASH_OIDS = MappingProxyType(
    {
        "1.3.14.3.2.26": "sha1",
        "2.16.840.1.101.3.4.2.4": "sha224",
        "2.16.840.1.101.3.4.2.1": "sha256",
        "2.16.840.1.101.3.4.2.2": "sha384",
        "2.16.840.1.101.3.4.2.3": "sha512",
    }
)

_PSS = "1.2.840.113549.1.1.10"

# Algorithm identifier -> (kind of key, hash).
_ALGORITHMS = MappingProxyType(
    {
        "1.2.840.10045.4.1": ("EC", "sha1"),
        "1.2.840.10045.4.3.1": ("EC", "sha224"),
        "1.2.840.10045.4.3.2": ("EC", "sha256"),
        "1.2.840.10045.4.3.3": ("EC", "sha384"),
        "1.2.840.10045.4.3.4": ("EC", "sha512"),
        "1.2.840.113549.1.1.4": ("RSA", "md5"),
        "1.2.840.113549.1.1.5": ("RSA", "sha1"),
        "1.2.840.113549.1.1.14": ("RSA", "sha224"),
        "1.2.840.113549.1.1.11": ("RSA", "sha256"),
        "1.2.840.113549.1.1.12": ("RSA", "sha384"),
        "1.2.840.113549.1.1.13": ("RSA", "sha512"),
        "1.2.840.10040.4.3": ("DSA", "sha1"),
        "2.16.840.1.101.3.4.3.1": ("DSA", "sha224"),
        "2.16.840.1.101.3.4.3.2": ("DSA", "sha256"),
        "1.3.101.112": ("Ed25519", None),
        "1.3.101.113": ("Ed448", None),
    }
)


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """One signature algorithm; all None when it is none of those known here."""

    kind: str | None
    """`EC`, `RSA`, `RSA-PSS`, `DSA`, `Ed25519`, `Ed448`."""
    hash: str | None
    """`sha256` and so on; None where the kind has no choice."""
    salt_length: int = 0
    """Bytes of salt, RSA-PSS only."""
    mask_hash: str | None = None
    """Hash of the mask generation, RSA-PSS only."""
    stray_parameters: bool = False
    """Parameters stand where the algorithm has none, such as NULL after an ECDSA identifier."""


_UNKNOWN = SignatureAlgorithm(None, None)


def read_algorithm(element: Element) -> SignatureAlgorithm:
    """The algorithm in an AlgorithmIdentifier; raises `DecodeError` when it is none."""
    parts = tuple(expect(element, SEQUENCE).children())
    if not 1 <= len(parts) <= 2:
        raise malformed(element.start, "algorithm")
    oid = read_oid(parts[0])
    if oid == _PSS:
        return _read_pss(parts[1] if len(parts) == 2 else None)
    if oid not in _ALGORITHMS:
        return _UNKNOWN
    kind, digest = _ALGORITHMS[oid]
    return SignatureAlgorithm(kind, digest, stray_parameters=len(parts) == 2 and kind != "RSA")


def check_signature(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> bool | None:
    """True if `key` made `signature` over `signed`, False if not; None when this algorithm cannot be checked."""
    check = _CHECKS.get(algorithm.kind or "")
    if check is None:
        return None
    try:
        return check(algorithm, key, signature, signed)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError):
        return None


def is_weak(algorithm: SignatureAlgorithm, key: PublicKeyTypes) -> bool:
    """True when a signature of this sort no longer proves who made it."""
    return algorithm.hash in WEAK_HASHES or (isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS)


def _read_pss(parameters: Element | None) -> SignatureAlgorithm:
    """RSASSA-PSS-params (RFC 4055 §3.1); every default there is SHA-1."""
    digest: str | None = "sha1"
    mask: str | None = "sha1"
    salt = 20
    for field in expect(parameters, SEQUENCE).children() if parameters is not None else ():
        if field.tag == 0xA0:
            digest = read_hash(read_only(field.content, SEQUENCE))
        elif field.tag == 0xA1:
            mask = _read_mask(read_only(field.content, SEQUENCE))
        elif field.tag == 0xA2:
            salt = read_integer(read_only(field.content, 0x02))
    known = digest is not None and mask is not None and 0 <= salt <= 512
    return SignatureAlgorithm("RSA-PSS", digest, salt, mask) if known else _UNKNOWN


def read_hash(element: Element) -> str | None:
    """The hash in its AlgorithmIdentifier, `sha256` and so on; None for an unknown one, `DecodeError` for none."""
    parts = tuple(element.children())
    if not parts:
        raise malformed(element.start, "hash")
    return _HASH_OIDS.get(read_oid(parts[0]))


def _read_mask(element: Element) -> str | None:
    parts = tuple(element.children())
    if len(parts) != 2:
        raise malformed(element.start, "mask")
    return read_hash(expect(parts[1], SEQUENCE))


def _check_ecdsa(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> bool:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    key.verify(signature, signed, ec.ECDSA(_HASHES[algorithm.hash or ""]()))
    return True


def _check_rsa(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> bool:
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    key.verify(signature, signed, padding.PKCS1v15(), _HASHES[algorithm.hash or ""]())
    return True


def _check_rsa_pss(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> bool:
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    mask = padding.MGF1(_HASHES[algorithm.mask_hash or ""]())
    scheme = padding.PSS(mgf=mask, salt_length=algorithm.salt_length)
    key.verify(signature, signed, scheme, _HASHES[algorithm.hash or ""]())
    return True


def _check_dsa(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> bool:
    if not isinstance(key, dsa.DSAPublicKey):
        return False
    key.verify(signature, signed, _HASHES[algorithm.hash or ""]())
    return True


def _check_edwards(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> bool:
    wanted = ed25519.Ed25519PublicKey if algorithm.kind == "Ed25519" else ed448.Ed448PublicKey
    if not isinstance(key, wanted):
        return False
    key.verify(signature, signed)
    return True


_CHECKS = MappingProxyType(
    {
        "EC": _check_ecdsa,
        "RSA": _check_rsa,
        "RSA-PSS": _check_rsa_pss,
        "DSA": _check_dsa,
        "Ed25519": _check_edwards,
        "Ed448": _check_edwards,
    }
)
