"""Base45 (RFC 9285), both ways, by big-integer arithmetic.

Instead of a loop over the characters, the whole text becomes one integer of fixed-width lanes, one lane for
each group of three characters, and every lane is computed by the same few operations on that integer. That is
about ten times faster than a loop in pure Python; the `base45` package serves as its oracle in the tests.
"""

from __future__ import annotations

from functools import lru_cache

from credential.errors import DecodeError, Reason, Stage

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_INVALID = 255
_TO_VALUE = bytes(
    ALPHABET.index(chr(code)) if code < 128 and chr(code) in ALPHABET else _INVALID for code in range(256)
)
_TO_CHAR = bytes(ord(ALPHABET[value]) if value < 45 else 0 for value in range(256))

# Lanes worked on at once. Longer input goes piece by piece, so that time stays linear in its length.
_PIECE = 512

# v // 2025 for v < 65,536 and v // 45 for v < 2,025 as a multiplication and a shift; tests/…/test_base45 tries every v.
_BY_2025, _SHIFT_2025 = 66_281, 27
_BY_45, _SHIFT_45 = 1_457, 16


def decode(text: str) -> bytes:
    """Bytes of a base45 text (RFC 9285 §4).

    Raises `DecodeError` at stage `base45` for a character outside the alphabet, a length of 3n+1, and a group
    whose value does not fit into two bytes (or one, at the end).
    """
    values = _values(text)
    whole, rest = divmod(len(values), 3)
    if rest == 1:
        raise DecodeError(Stage.BASE45, Reason.BASE45_LENGTH, length=len(values))
    pieces = [_decode_groups(values[at : at + 3 * _PIECE], at) for at in range(0, 3 * whole, 3 * _PIECE)]
    if rest:
        pieces.append(_decode_tail(values))
    return b"".join(pieces)


def encode(data: bytes) -> str:
    """Base45 text of `data` (RFC 9285 §4)."""
    even = len(data) & ~1
    pieces = [_encode_pairs(data[at : min(at + 2 * _PIECE, even)]) for at in range(0, even, 2 * _PIECE)]
    if len(data) & 1:
        high, low = divmod(data[-1], 45)
        pieces.append(bytes((low, high)))
    return b"".join(pieces).translate(_TO_CHAR).decode("ascii")


def _values(text: str) -> bytes:
    """The value 0 to 44 of each character."""
    # Whatever ASCII lacks becomes `?`, one for one, which the alphabet lacks too.
    values = text.encode("ascii", "replace").translate(_TO_VALUE)
    position = values.find(_INVALID)
    if position >= 0:
        raise DecodeError(Stage.BASE45, Reason.BASE45_CHARACTER, position=position)
    return values


@lru_cache(maxsize=2 * _PIECE)
def _lanes(count: int, width: int, mask: int) -> int:
    """`mask` repeated in each of `count` lanes of `width` bytes."""
    return int.from_bytes(mask.to_bytes(width, "little") * count, "little")


def _decode_groups(values: bytes, offset: int) -> bytes:
    """Two bytes for each three values: c + d·45 + e·45² in lanes of three bytes."""
    count = len(values) // 3
    packed = int.from_bytes(values[: 3 * count], "little")
    mask = _lanes(count, 3, 0xFF)
    lanes = (packed & mask) + 45 * (packed >> 8 & mask) + 2025 * (packed >> 16 & mask)
    grouped = lanes.to_bytes(3 * count, "little")
    overflow = grouped[2::3]
    if any(overflow):
        group = len(overflow) - len(overflow.lstrip(b"\0"))
        raise DecodeError(Stage.BASE45, Reason.BASE45_OVERFLOW, position=offset + 3 * group)
    pairs = bytearray(2 * count)
    pairs[0::2] = grouped[1::3]
    pairs[1::2] = grouped[0::3]
    return bytes(pairs)


def _decode_tail(values: bytes) -> bytes:
    """One byte for the last two values."""
    value = values[-2] + 45 * values[-1]
    if value > 255:
        raise DecodeError(Stage.BASE45, Reason.BASE45_OVERFLOW, position=len(values) - 2)
    return bytes((value,))


def _encode_pairs(data: bytes) -> bytes:
    """Three values for each two bytes, in lanes of five bytes (a lane holds 65,535 · 66,281)."""
    count = len(data) // 2
    spread = bytearray(5 * count)
    spread[0::5] = data[1::2]
    spread[1::5] = data[0::2]
    number = int.from_bytes(spread, "little")
    third = (number * _BY_2025 >> _SHIFT_2025) & _lanes(count, 5, 0x3F)
    number -= 2025 * third
    second = (number * _BY_45 >> _SHIFT_45) & _lanes(count, 5, 0x3F)
    values = bytearray(3 * count)
    values[0::3] = (number - 45 * second).to_bytes(5 * count, "little")[0::5]
    values[1::3] = second.to_bytes(5 * count, "little")[0::5]
    values[2::3] = third.to_bytes(5 * count, "little")[0::5]
    return bytes(values)
