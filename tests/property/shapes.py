"""CBOR from a script: claims, headers and messages of the right shape, with anything in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cbor2

from credential.wire import cbor, cose
from credential.wire.algorithms import Algorithm
from tests.credential.wire.cbor_values import head, least
from tests.property.choices import BYTES, Choices
from tests.verifier.scene import SIGNER, dcc

HEADER = cose.protected_header(Algorithm.ES256, SIGNER.kid)

Item = Callable[[Choices, int], bytes]

LABELS = tuple(
    cbor2.dumps(label)
    for label in (1, 4, 6, -260, 5, 2, 3, 7, 33, "1", "4", "6", "-260", "5", "x", 1.0, True, None, b"k", (1,))
)
MEANT: tuple[object, ...] = (
    *("XA", 1_798_761_600, 1_798_761_600_000, 2**63, 1.5, -7, -37, "ES256", SIGNER.kid, "AAECAwQFBgc=", b"", ""),
    *(dcc(), {"1": dcc()[1]}, cbor2.dumps(dcc()), {1: {**dcc()[1], "v": None}}, {-6: {}, 5: "x"}, [], {}, [[]] * 9),
)
VALUES = tuple(cbor2.dumps(value) for value in MEANT)


def _number(choices: Choices, _depth: int) -> bytes:
    value = int.from_bytes(choices.take(choices.pick((1, 2, 4, 8))), "big")
    return head(choices.below(2), value, choices.pick((least(value), 8)))


def _string(choices: Choices, _depth: int) -> bytes:
    content = choices.take(choices.below(30))
    return head(choices.pick((3, 2)), len(content), choices.pick((least(len(content)), 2))) + content


def _array(choices: Choices, depth: int) -> bytes:
    length = choices.below(4)
    return head(4, length, 0) + b"".join(anything(choices, depth + 1) for _ in range(length))


def _map(choices: Choices, depth: int) -> bytes:
    length = choices.below(4)
    return head(5, length, 0) + b"".join(anything(choices, depth + 1) for _ in range(2 * length))


def _tagged(choices: Choices, depth: int) -> bytes:
    tag = choices.pick((0, 0, 0, 1, 2, 18, 24, 37, 52, 61, 258, 55799))
    return head(6, tag, least(tag)) + anything(choices, depth + 1)


def _float(choices: Choices, _depth: int) -> bytes:
    return bytes((choices.pick((0xF9, 0xFA, 0xFB)),)) + choices.take(8)


def _piece(choices: Choices, _depth: int) -> bytes:
    return choices.pick(BYTES)


def _value(choices: Choices, _depth: int) -> bytes:
    return choices.pick(VALUES)


_ITEMS: Sequence[Item] = (_value, _value, _number, _string, _array, _map, _tagged, _float, _piece)
_LEAVES: Sequence[Item] = (_value, _number, _string)


def anything(choices: Choices, depth: int = 0) -> bytes:
    """One item of any kind, now and then a broken one."""
    return choices.pick(_ITEMS if depth < 20 else _LEAVES)(choices, depth)


def claims(choices: Choices) -> bytes:
    """A map with labels that mean something, and some that do not."""
    length = choices.below(6)
    return head(5, length, 0) + b"".join(choices.pick(LABELS) + anything(choices) for _ in range(length))


def message(choices: Choices) -> bytes:
    """A COSE_Sign1, or nearly one."""
    tags = choices.pick((b"\xd2", b"\xd2", b"\xd2", b"", b"\xd8\x3d\xd2", b"\xd8\x12", b"\xd8\x62", b"\xd2\xd2"))
    size = choices.pick((b"\x84",) * 8 + (b"\x98\x04", b"\x83", b"\x85"))
    protected = claims(choices) if choices.below(2) else choices.pick((HEADER, b"", b"\xa0"))
    unprotected = claims(choices) if choices.below(2) else b"\xa0"
    return (
        tags
        + size
        + (cbor.byte_string(protected) if choices.below(8) < 7 else anything(choices))
        + unprotected
        + (cbor.byte_string(claims(choices)) if choices.below(8) < 7 else anything(choices))
        + (cbor.byte_string(choices.take(64)) if choices.below(8) < 7 else anything(choices))
    )
