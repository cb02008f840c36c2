"""From a scanned text to a decoded, not verified message: which reader by the prefix, and which layers it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credential.errors import DecodeError, Reason, Stage
from credential.wire import hcert
from credential.wire.algorithms import ALGORITHMS, Algorithm
from credential.wire.cose import Sign1, decode_sign1
from credential.wire.cwt import decode_claims
from credential.wire.hcert import Hcert
from verifier.policy import Policy
from verifier.verdict import Check, failed, passed, skipped


@dataclass(frozen=True, slots=True)
class Envelope:
    """One way to wrap a signed message: its layers as checks, outermost first, and its reader."""

    layers: tuple[Stage, ...]
    read: Callable[[str, Policy], Hcert]


def read_hcert(text: str, policy: Policy) -> Hcert:
    """`HC1:` text to its claims; raises `DecodeError` at the first layer that cannot be read or is not accepted."""
    cose, compressed_bytes, deviations = hcert.unwrap(text, policy.limits)
    sign1 = decode_sign1(cose, policy.limits)
    _check_algorithm(sign1, policy)
    claims = decode_claims(sign1.payload, policy.limits)
    return Hcert(sign1, claims, compressed_bytes, len(cose), deviations)


HCERT = Envelope((Stage.PREFIX, Stage.BASE45, Stage.INFLATE, Stage.COSE, Stage.ALGORITHM, Stage.CWT), read_hcert)

# What follows once the layers are read, whatever the envelope.
AFTER_DECODING = (
    Stage.SIGNER,
    Stage.SIGNATURE,
    Stage.SIGNER_VALIDITY,
    Stage.ISSUED,
    Stage.EXPIRY,
    Stage.CLAIM,
    Stage.SCHEMA,
    Stage.USAGE,
    Stage.REVOCATION,
    Stage.RULES,
)

_PASSED: Mapping[Stage, Check] = MappingProxyType({stage: passed(stage) for stage in Stage})
_NOT_REACHED: Mapping[Stage, Check] = MappingProxyType({stage: skipped(stage, Reason.NOT_REACHED) for stage in Stage})
_ALL_LAYERS_PASSED = tuple(_PASSED[stage] for stage in HCERT.layers)


def read_message(text: str, policy: Policy) -> Hcert:
    """The decoded message in a scanned text; raises `DecodeError` at the first layer that does not hold."""
    return HCERT.read(text, policy)


def layers_passed() -> tuple[Check, ...]:
    """The checks of an envelope that was read to its core."""
    return _ALL_LAYERS_PASSED


def layers_until(error: DecodeError) -> tuple[Check, ...]:
    """The checks of an envelope that could not be read beyond `error.stage`; the walk ends there."""
    at = HCERT.layers.index(error.stage)
    end = failed(error.stage, error.reason, **error.detail)
    return (
        *(_PASSED[stage] for stage in HCERT.layers[:at]),
        end,
        *not_reached((*HCERT.layers[at + 1 :], *AFTER_DECODING)),
    )


def not_reached(stages: tuple[Stage, ...]) -> tuple[Check, ...]:
    """Checks that an earlier one left without anything to look at."""
    return tuple(_NOT_REACHED[stage] for stage in stages)


def _check_algorithm(sign1: Sign1, policy: Policy) -> None:
    algorithm = sign1.algorithm
    if algorithm is None:
        raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_MISSING)
    if algorithm not in ALGORITHMS:
        raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED, algorithm=algorithm)
    if algorithm not in policy.algorithms:
        raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_NOT_ACCEPTED, algorithm=Algorithm(algorithm).name)
