"""Claims of a CBOR Web Token (RFC 8392), with the `hcert` claim -260 of the HCERT specification.

Times come out as whole seconds since 1970 (NumericDate). Issuers write floats, milliseconds, "never" as a huge number
and even NaN; what can be understood is, and noted; what cannot is kept as malformed, for the date checks to report.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import cbor

ISS, SUB, AUD, EXP, NBF, IAT, CTI, HCERT = 1, 2, 3, 4, 5, 6, 7, -260

_TIME_END = 1 << 33  # the year 2242; nothing sensible lies beyond
_MILLISECONDS_FROM = 10**11
_ENDLESS_FROM = 10**15
_ONLY_INTEGERS = frozenset((int,))
_INTEGER_TEXT = re.compile(r"-?[1-9][0-9]{0,5}\Z")


class Claims(NamedTuple):
    """Decoded, not verified claims. Times are whole seconds since 1970, UTC."""

    issuer: str | None
    issued: int | None
    not_before: int | None
    expires: int | None
    malformed_times: tuple[int, ...]
    """Claim keys of times that mean nothing (NaN, negative, text)."""
    hcert: Mapping[Any, Any] | None
    """Subclaims of -260 by number; None when the claim is absent."""
    root: Mapping[Any, Any]
    """All claims as they came, integer-like text keys turned into integers."""
    payload: bytes
    """The encoded claims."""
    noted: tuple[Deviation, ...]
    """What was noticed in their meaning."""

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """What deviates in the claims and in how they are encoded; looked for when asked for."""
        return tuple(dict.fromkeys(cbor.deviations(self.payload, Stage.CWT) + self.noted))


def decode_claims(payload: bytes, limits: Limits = DEFAULT_LIMITS) -> Claims:
    """The claims in the payload of a COSE_Sign1; raises `DecodeError` at stage `cwt`."""
    value = cbor.read(payload, Stage.CWT, limits)
    if not isinstance(value, dict):
        raise DecodeError(Stage.CWT, Reason.CWT_NOT_A_MAP)
    deviations: list[Deviation] = []
    root = _integer_keys(value, deviations)
    issuer = root.get(ISS)
    if issuer is not None and not isinstance(issuer, str):
        raise DecodeError(Stage.CWT, Reason.CWT_CLAIM_TYPE, claim=ISS)
    malformed: list[int] = []
    return Claims(
        issuer,
        _time(root, IAT, malformed, deviations),
        _time(root, NBF, malformed, deviations),
        _time(root, EXP, malformed, deviations),
        tuple(malformed),
        _hcert(root, deviations, limits),
        root,
        payload,
        tuple(deviations),
    )


def encode_claims(
    *,
    issuer: str | None,
    issued: int,
    expires: int | None,
    hcert: Mapping[int, object],
    not_before: int | None = None,
) -> bytes:
    """The payload of an HCERT: `iss`, `exp`, `iat`, `nbf` where given, and `hcert`. Times in seconds since 1970."""
    claims = {ISS: issuer, EXP: expires, NBF: not_before, IAT: issued, HCERT: dict(hcert)}
    return cbor.dumps({claim: value for claim, value in claims.items() if value is not None})


def _integer_keys(value: dict[Any, Any], deviations: list[Deviation]) -> Mapping[Any, Any]:
    """Claims by number; issuers that come from JSON write every key as text."""
    if _ONLY_INTEGERS.issuperset(map(type, value)):
        return value
    cbor.check_labels(value, Stage.CWT)
    claims: dict[Any, Any] = {}
    for key, item in value.items():
        number = int(key) if isinstance(key, str) and _INTEGER_TEXT.match(key) else key
        if number in claims:
            raise DecodeError(Stage.CWT, Reason.CWT_CLAIM_TWICE)
        if number is not key:
            deviations.append(Deviation.CLAIM_KEY_TEXT)
        claims[number] = item
    return MappingProxyType(claims)


def _time(root: Mapping[Any, Any], claim: int, malformed: list[int], deviations: list[Deviation]) -> int | None:
    if claim not in root:
        return None
    value = root[claim]
    if isinstance(value, float) and math.isfinite(value):
        deviations.append(Deviation.TIME_FLOAT)
        value = math.floor(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if value > _ENDLESS_FROM and claim == EXP:
            deviations.append(Deviation.TIME_ENDLESS)
            return None
        if _MILLISECONDS_FROM < value <= _ENDLESS_FROM:
            deviations.append(Deviation.TIME_MILLISECONDS)
            value //= 1000
        if 0 <= value < _TIME_END:
            return value
    malformed.append(claim)
    return None


def _hcert(root: Mapping[Any, Any], deviations: list[Deviation], limits: Limits) -> Mapping[Any, Any] | None:
    value = root.get(HCERT)
    if isinstance(value, bytes):
        value, found = cbor.loads(value, Stage.CWT, limits)
        deviations += (Deviation.HCERT_WRAPPED, *found)
    if value is None and HCERT not in root:
        return None
    if not isinstance(value, dict):
        raise DecodeError(Stage.CWT, Reason.CWT_CLAIM_TYPE, claim=HCERT)
    return _integer_keys(value, deviations)
