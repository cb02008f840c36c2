"""CBOR values for hypothesis, and a writer of CBOR that chooses the width of every head."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import cbor2
from hypothesis import strategies as st

Width: TypeAlias = Callable[[int], int]
"""From an argument to how many bytes of it are written: 0 (in the initial byte), 1, 2, 4 or 8."""

INTEGERS = st.integers(-(2**64), 2**64 - 1) | st.sampled_from(
    [sign * 2**power + step for power in (0, 3, 8, 16, 32, 63) for sign in (1, -1) for step in (-1, 0, 1)]
    + [22, 23, 24, 25, -24, -25, -26]
)
SCALARS = (
    INTEGERS | st.text(max_size=30) | st.binary(max_size=30) | st.booleans() | st.none() | st.floats(allow_nan=False)
)
KEYS = INTEGERS | st.text(max_size=10)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)


def least(argument: int) -> int:
    """The width of preferred serialisation (RFC 8949 §4.1)."""
    return next(width for width, limit in ((0, 24), (1, 2**8), (2, 2**16), (4, 2**32), (8, 2**64)) if argument < limit)


def head(major: int, argument: int, width: int) -> bytes:
    """One head (RFC 8949 §3)."""
    info = argument if width == 0 else {1: 24, 2: 25, 4: 26, 8: 27}[width]
    return bytes((major << 5 | info,)) + (argument.to_bytes(width, "big") if width else b"")


def write(value: Any, width: Width = least) -> bytes:
    """`value` as CBOR with heads of the widths that `width` says."""
    if value is None or isinstance(value, bool):
        return bytes((0xF6 if value is None else 0xF4 + value,))
    if isinstance(value, float):
        return cbor2.dumps(value)
    if isinstance(value, int):
        argument = value if value >= 0 else -1 - value
        return head(int(value < 0), argument, width(argument))
    if isinstance(value, bytes):
        return head(2, len(value), width(len(value))) + value
    if isinstance(value, str):
        return head(3, len(value.encode()), width(len(value.encode()))) + value.encode()
    if isinstance(value, list):
        return head(4, len(value), width(len(value))) + b"".join(write(item, width) for item in value)
    pairs = b"".join(write(key, width) + write(item, width) for key, item in value.items())
    return head(5, len(value), width(len(value))) + pairs


@st.composite
def widened(draw: st.DrawFn) -> tuple[Any, bytes, bool]:
    """A value, its CBOR with heads of any width, and whether any of them is wider than it needs to be."""
    value = draw(VALUES)
    spare = draw(st.lists(st.integers(0, 2), max_size=8))
    wide = False

    def width(argument: int) -> int:
        nonlocal wide
        choices = [each for each in (0, 1, 2, 4, 8) if each >= least(argument)]
        chosen = choices[min(spare.pop() if spare else 0, len(choices) - 1)]
        wide = wide or chosen != choices[0]
        return chosen

    return value, write(value, width), wide
