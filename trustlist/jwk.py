"""Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6): numbers in, numbers out.

The network's own lists write each number as Java's `BigInteger.toByteArray` does, with a leading sign byte or
without leading zeros, and name every curve but P-256 `UNKNOWN CURVE`. So keys are compared as unsigned integers with
the certificate beside them, and a curve's name is never relied on; what is written here keeps to RFC 7518.

Issuers' own key sets have no certificate to go by: there the curve's name counts, and what the key says it is for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import base64url
from trustlist.errors import ListReason, TrustListError

_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,4096}={0,2}")
_CURVE_NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_CURVES: Mapping[str, type[ec.EllipticCurve]] = MappingProxyType(
    {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}
)
_ALGORITHM_OF = MappingProxyType({"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "RSA": "PS256"})
"""What `alg` of a key may say (RFC 7518 §3.1); a key for another algorithm is not used for this one."""
_REQUIRED_MEMBERS = ("crv", "e", "kty", "n", "x", "y")
"""Of EC and RSA keys together (RFC 7638 §3.2); no key has members of both."""
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def require_key_of_certificate(jwk: Mapping[str, object], key: PublicKeyTypes) -> None:
    """That a JWK and a certificate's key are the same numbers.

    Raises `TrustListError` with `KEY_KIND` (neither EC nor RSA), `KEY_MALFORMED`, `KEY_PRIVATE_PUBLISHED` (the JWK
    holds private members) or `KEY_NOT_OF_CERTIFICATE`.
    """
    _require_public(jwk)
    kind, numbers = _numbers_of(key)
    stated = tuple(_unsigned(jwk, name) for name in numbers)
    if jwk.get("kty") != kind or stated != tuple(numbers.values()):
        raise TrustListError(ListReason.KEY_NOT_OF_CERTIFICATE)


def p256_key(jwk: Mapping[str, object]) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a JWK without a certificate; raises `TrustListError` (`KEY_KIND`, `KEY_MALFORMED`)."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise TrustListError(ListReason.KEY_KIND)
    x, y = _unsigned(jwk, "x"), _unsigned(jwk, "y")
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError as error:
        raise TrustListError(ListReason.KEY_MALFORMED) from error


def read_key(jwk: Mapping[str, object]) -> PublicKeyTypes:
    """The key of a JWK without a certificate: EC on a curve of NIST, or RSA.

    Raises `TrustListError`: `KEY_PRIVATE_PUBLISHED`, `KEY_KIND`, `KEY_MALFORMED`.
    """
    _require_public(jwk)
    kind, curve = jwk.get("kty"), jwk.get("crv")
    try:
        if kind == "RSA":
            return rsa.RSAPublicNumbers(_unsigned(jwk, "e"), _unsigned(jwk, "n")).public_key()
        if kind == "EC" and isinstance(curve, str) and curve in _CURVES:
            x, y = _unsigned(jwk, "x"), _unsigned(jwk, "y")
            return ec.EllipticCurvePublicNumbers(x, y, _CURVES[curve]()).public_key()
    except ValueError as error:
        raise TrustListError(ListReason.KEY_MALFORMED) from error
    raise TrustListError(ListReason.KEY_KIND)


def read_signing_key(jwk: Mapping[str, object]) -> PublicKeyTypes:
    """As `read_key`, for a key that does not say that it is meant for something else (RFC 7517 §4.2 to §4.4).

    Raises `TrustListError` as `read_key`, and `KEY_USE`.
    """
    key = read_key(jwk)
    operations = jwk.get("key_ops", ["verify"])
    algorithm = _ALGORITHM_OF[str(jwk["crv"]) if jwk["kty"] == "EC" else "RSA"]
    if (
        jwk.get("use", "sig") != "sig"
        or not isinstance(operations, list)
        or "verify" not in operations
        or jwk.get("alg", algorithm) != algorithm
    ):
        raise TrustListError(ListReason.KEY_USE)
    return key


def thumbprint(key: PublicKeyTypes) -> bytes:
    """SHA-256 over the required members of the key's JWK (RFC 7638); raises `TrustListError` (`KEY_KIND`)."""
    return thumbprint_as_written(write_jwk(key, kid="", certificates=()))


def thumbprint_as_written(jwk: Mapping[str, object]) -> bytes:
    """As `thumbprint`, over the members as they stand: an issuer may have left out a leading zero, and named it so."""
    required = {name: jwk[name] for name in _REQUIRED_MEMBERS if name in jwk}
    text = json.dumps(required, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).digest()


def decode_jwk_kid(text: str, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The kid that a JOSE text stands for: base64url decoded, as thumbprints are, or else the text itself.

    `encode_jwk_kid` gives it back. Raises `TrustListError` (`KID_INVALID`) for an empty or overlong one.
    """
    kid = base64url.decode(text)
    if kid is None:
        kid = text.encode("utf-8")
    if not 0 < len(kid) <= limits.kid_bytes:
        raise TrustListError(ListReason.KID_INVALID, size=len(kid), limit=limits.kid_bytes)
    return kid


def encode_jwk_kid(kid: bytes) -> str:
    """The text that `decode_jwk_kid` reads as this kid."""
    return base64url.encode(kid)


def write_jwk(key: PublicKeyTypes, *, kid: str, certificates: tuple[str, ...]) -> dict[str, object]:
    """A JWK in the member order of the network's lists; `certificates` are base64 (`x5c`).

    Raises `TrustListError` (`KEY_KIND`) for a key that is neither EC nor RSA.
    """
    kind, numbers = _numbers_of(key)
    jwk: dict[str, object] = {"kty": kind, "kid": kid, "x5c": list(certificates)}
    width = 0
    if isinstance(key, ec.EllipticCurvePublicKey):
        jwk["crv"] = _CURVE_NAMES.get(key.curve.name, key.curve.name)
        width = (key.curve.key_size + 7) // 8
    for name, number in numbers.items():
        jwk[name] = _base64url(number, width)
    return jwk


def _require_public(jwk: Mapping[str, object]) -> None:
    if not _PRIVATE_MEMBERS.isdisjoint(jwk):
        raise TrustListError(ListReason.KEY_PRIVATE_PUBLISHED)


def _numbers_of(key: PublicKeyTypes) -> tuple[str, dict[str, int]]:
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        return "EC", {"x": point.x, "y": point.y}
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return "RSA", {"e": numbers.e, "n": numbers.n}
    raise TrustListError(ListReason.KEY_KIND)


def _unsigned(jwk: Mapping[str, object], name: str) -> int:
    text = jwk.get(name)
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise TrustListError(ListReason.KEY_MALFORMED, member=name)
    bare = text.rstrip("=")
    try:
        return int.from_bytes(base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)), "big")
    except binascii.Error as error:
        raise TrustListError(ListReason.KEY_MALFORMED, member=name) from error


def _base64url(number: int, width: int) -> str:
    """`width` octets for a coordinate (RFC 7518 §6.2.1.2), 0 for the fewest that hold the number (§2)."""
    octets = number.to_bytes(width or (number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")
