"""JSON Web Signatures (RFC 7515), compact and JSON serialisation, with the algorithms of `credential.wire.algorithms`.

Only the protected header is believed. `none` and MACs are no signatures here, whatever key is at hand: the algorithm
is one of the table or the text is refused. A critical header parameter is refused too, none is understood (so
`b64: false` is not either), and keys that a header brings along (`jwk`, `jku`, `x5c`, `x5u`) are never used. The
unprotected header may carry a hint such as `kid`, never `alg` or `crit`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from credential.errors import DecodeError, EncodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import base64url, json_text
from credential.wire.algorithms import ALGORITHMS, Algorithm, PrivateKey, PublicKey, algorithm_of, verify_signature
from credential.wire.algorithms import sign as sign_message
from credential.wire.json_text import JsonValue

Header: TypeAlias = Mapping[str, JsonValue]

_NAMES: Mapping[str, Algorithm] = MappingProxyType({row.algorithm.name: row.algorithm for row in ALGORITHMS.values()})
"""RFC 7518 names the rows of the COSE table alike."""
_NO_HEADER: Final[Header] = MappingProxyType({})
_ALGORITHM, _CRITICAL, _KID, _TYPE = "alg", "crit", "kid", "typ"
_TEXTS = frozenset({_ALGORITHM, _KID, _TYPE, "cty"})
_MAX_DEPTH = 8
_MAX_SIGNATURES = 8


@dataclass(frozen=True, slots=True)
class Jws:
    """One signature and what it is over; it has not been verified."""

    header: Header
    """The protected one."""
    unprotected: Header
    algorithm: Algorithm
    payload: bytes
    signature: bytes
    signed: bytes
    """What the signature is over."""

    @property
    def kid(self) -> str | None:
        """The key that the signer names, a hint from either header."""
        kid = self.header.get(_KID, self.unprotected.get(_KID))
        return kid if isinstance(kid, str) else None

    @property
    def type(self) -> str | None:
        """The protected `typ`."""
        kind = self.header.get(_TYPE)
        return kind if isinstance(kind, str) else None

    def verify(self, key: PublicKey) -> None:
        """Return when `key` made the signature; raises `DecodeError` at stage `signature` when it did not."""
        verify_signature(self.algorithm, key, self.signature, self.signed)


def read_compact(text: str, limits: Limits = DEFAULT_LIMITS) -> Jws:
    """The JWS in compact serialisation (RFC 7515 §7.1).

    Raises `DecodeError`: at stage `jws` `JWS_TOO_LARGE`, `JWS_MALFORMED`, `JWS_HEADER`, `JWS_CRITICAL_HEADER`; at
    stage `algorithm` `ALGORITHM_MISSING` or `ALGORITHM_UNSUPPORTED`.
    """
    _require_size(len(text), limits)
    parts = text.split(".")
    if len(parts) != 3:
        raise _malformed()
    protected, payload, signature = parts
    return _make(protected, _NO_HEADER, payload, signature, limits)


def read_json(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Jws, ...]:
    """Every signature of a JWS in JSON serialisation, general or flattened (RFC 7515 §7.2), all over one payload.

    Raises as `read_compact`, if any of the signatures cannot be read, and with a `JSON_…` reason for what is no JSON.
    """
    _require_size(len(data), limits)
    value = json_text.decode(data, stage=Stage.JWS, max_bytes=limits.jws_bytes, max_depth=_MAX_DEPTH)
    members = _object(value)
    payload = members.get("payload")
    flattened = "signature" in members
    signatures = [members] if flattened else members.get("signatures")
    if not isinstance(payload, str) or not isinstance(signatures, list) or ("signatures" in members) is flattened:
        raise _malformed()
    if not 1 <= len(signatures) <= _MAX_SIGNATURES:
        raise _malformed()
    return tuple(_read_signature(_object(each), payload, limits) for each in signatures)


def sign_compact(payload: bytes, key: PrivateKey, header: Header = _NO_HEADER) -> str:
    """A JWS in compact serialisation; `alg` follows from the key, `header` holds the other protected parameters.

    Raises `EncodeError` for a key that no algorithm of the table fits, or a header that `read_compact` would refuse.
    """
    return ".".join(_sign(payload, key, header))


def sign_json(payload: bytes, key: PrivateKey, header: Header = _NO_HEADER) -> bytes:
    """As `sign_compact`, in flattened JSON serialisation."""
    protected, body, signature = _sign(payload, key, header)
    return _write({"payload": body, "protected": protected, "signature": signature})


def _require_size(size: int, limits: Limits) -> None:
    if size > limits.jws_bytes:
        raise DecodeError(Stage.JWS, Reason.JWS_TOO_LARGE, size=size, limit=limits.jws_bytes)


def _malformed() -> DecodeError:
    return DecodeError(Stage.JWS, Reason.JWS_MALFORMED)


def _object(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise _malformed()
    return value


def _read_signature(members: Mapping[str, JsonValue], payload: str, limits: Limits) -> Jws:
    protected, signature = members.get("protected"), members.get("signature")
    if not isinstance(protected, str) or not isinstance(signature, str):
        raise _malformed()
    unprotected = members.get("header", {})
    if not isinstance(unprotected, dict) or _ALGORITHM in unprotected:
        raise DecodeError(Stage.JWS, Reason.JWS_HEADER)
    return _make(protected, MappingProxyType(unprotected), payload, signature, limits)


def _make(protected: str, unprotected: Header, payload: str, signature: str, limits: Limits) -> Jws:
    parts = tuple(map(base64url.decode, (protected, payload, signature)))
    header_bytes, content, raw_signature = parts
    if header_bytes is None or content is None or raw_signature is None:
        raise _malformed()
    header = _read_header(header_bytes, limits)
    _require_headers(header, unprotected)
    return Jws(
        header=header,
        unprotected=unprotected,
        algorithm=_read_algorithm(header),
        payload=content,
        signature=raw_signature,
        signed=f"{protected}.{payload}".encode("ascii"),
    )


def _read_header(data: bytes, limits: Limits) -> Header:
    value = json_text.decode(data, stage=Stage.JWS, max_bytes=limits.jws_bytes, max_depth=_MAX_DEPTH)
    if not isinstance(value, dict):
        raise DecodeError(Stage.JWS, Reason.JWS_HEADER)
    return MappingProxyType(value)


def _require_headers(header: Header, unprotected: Header) -> None:
    """Each parameter in one of the two (RFC 7515 §7.2.1), texts where texts belong, and nothing critical."""
    if _CRITICAL in header or _CRITICAL in unprotected:
        raise DecodeError(Stage.JWS, Reason.JWS_CRITICAL_HEADER)
    texts = [value for name, value in (*header.items(), *unprotected.items()) if name in _TEXTS]
    if not header.keys().isdisjoint(unprotected) or not all(isinstance(text, str) for text in texts):
        raise DecodeError(Stage.JWS, Reason.JWS_HEADER)


def _read_algorithm(header: Header) -> Algorithm:
    if _ALGORITHM not in header:
        raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_MISSING)
    algorithm = _NAMES.get(str(header[_ALGORITHM]))
    if algorithm is None:
        raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED)
    return algorithm


def _sign(payload: bytes, key: PrivateKey, header: Header) -> tuple[str, str, str]:
    algorithm = _algorithm_for(key)
    if _ALGORITHM in header or _CRITICAL in header:
        raise EncodeError(Stage.JWS, Reason.JWS_HEADER)
    protected = base64url.encode(_write({_ALGORITHM: algorithm.name, **header}))
    body = base64url.encode(payload)
    signature = sign_message(algorithm, key, f"{protected}.{body}".encode("ascii"))
    return protected, body, base64url.encode(signature)


def _algorithm_for(key: PrivateKey) -> Algorithm:
    algorithm = algorithm_of(key.public_key())
    if algorithm is None:
        raise EncodeError(Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED)
    return algorithm


def _write(value: Mapping[str, JsonValue]) -> bytes:
    return json.dumps(dict(value), separators=(",", ":"), ensure_ascii=False).encode("utf-8")
