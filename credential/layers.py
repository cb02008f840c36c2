"""A scanned text layer by layer, for people who look into it. Nothing here is verified, and it says so.

It goes as far as the layers can be read and keeps what it saw before the one that cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from credential.errors import DecodeError, Deviation, PratiqueError
from credential.kinds.registry import KINDS_BY_CLAIM
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import cbor, hcert
from credential.wire.algorithms import ALGORITHMS
from credential.wire.cose import Sign1, decode_sign1
from credential.wire.cwt import Claims, decode_claims


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name, facts in a few words, its content as JSON values, or the error that ended it."""

    name: str
    facts: Mapping[str, str | int]
    deviations: tuple[Deviation, ...] = ()
    content: Any = None
    error: PratiqueError | None = None

    def to_dict(self) -> dict[str, Any]:
        """The layer as JSON values."""
        error = self.error
        return {
            "name": self.name,
            "facts": dict(self.facts),
            "deviations": [deviation.value for deviation in self.deviations],
            "content": self.content,
            "error": error and {"stage": error.stage.value, "reason": error.reason.value, "detail": dict(error.detail)},
        }


def describe_layers(text: str, limits: Limits = DEFAULT_LIMITS) -> tuple[Layer, ...]:
    """The layers of an HCERT text, outermost first; the last one carries the error if it cannot be read further."""
    layers: list[Layer] = []
    try:
        for layer in _layers(text, limits):
            layers.append(layer)  # noqa: PERF402 - what came before an error is kept
    except DecodeError as error:
        layers.append(Layer(error.stage.value, {}, error=error))
    return tuple(layers)


def _layers(text: str, limits: Limits) -> Iterator[Layer]:
    cose, compressed_bytes, deviations = hcert.unwrap(text, limits)
    yield Layer("text", {"prefix": hcert.PREFIX, "characters": len(text)}, deviations)
    yield Layer("zlib", {"bytes": compressed_bytes, "inflated": len(cose)})
    sign1 = decode_sign1(cose, limits)
    yield _cose_layer(sign1)
    claims = decode_claims(sign1.payload, limits)
    yield _claims_layer(claims)
    yield _content_layer(claims)


def _cose_layer(sign1: Sign1) -> Layer:
    row = None if sign1.algorithm is None else ALGORITHMS.get(sign1.algorithm)
    facts = {
        "algorithm": row.algorithm.name if row else str(sign1.algorithm),
        "kid": "none" if sign1.kid is None else sign1.kid.hex(),
        "payload": f"{len(sign1.payload)} bytes",
        "signature": f"{len(sign1.signature)} bytes",
    }
    return Layer("cose", facts, sign1.deviations)


def _claims_layer(claims: Claims) -> Layer:
    facts = {
        "issuer": claims.issuer or "none",
        "issued": _date(claims.issued),
        "expires": _date(claims.expires),
    }
    return Layer("cwt", facts, claims.deviations)


def _content_layer(claims: Claims) -> Layer:
    numbers = list(claims.hcert or ())
    kinds = [KINDS_BY_CLAIM[number].name for number in numbers if number in KINDS_BY_CLAIM]
    facts = {"claims": ", ".join(map(str, numbers)) or "none", "kind": ", ".join(kinds) or "unknown"}
    return Layer("content", facts, content=cbor.to_json(claims.root))


def _date(seconds: int | None) -> str:
    return "none" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
