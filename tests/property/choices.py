"""Inputs made from a script of bytes, so that hypothesis makes, and shrinks, nothing but the script: that is quick.

A script is a list of decisions. When it ends, every further decision is zero, the simplest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

V = TypeVar("V")
T = TypeVar("T", bytes, str)


class Choices:
    """The decisions of one script, in order."""

    def __init__(self, script: bytes) -> None:
        self._script = script
        self._at = 0

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        return int.from_bytes(self.take(1 if limit <= 0x100 else 2), "little") % limit

    def pick(self, options: Sequence[V]) -> V:
        """One of the options; the first is the simplest."""
        return options[self.below(len(options))]

    def take(self, length: int) -> bytes:
        """So many bytes."""
        taken = self._script[self._at : self._at + length]
        self._at += length
        return taken + bytes(length - len(taken))


# Heads, breaks and numbers of CBOR, starts of zlib, of DER, of nothing: what a parser decides by.
_HEX = (
    *("00", "ff", "80", "9f", "a0", "bf", "5f", "7f", "f6", "f7", "f5", "f97e00", "f97c00", "fb7ff8000000000000"),
    *("1bffffffffffffffff", "3bffffffffffffffff", "5bffffffffffffffff", "9a7fffffff", "bb8000000000000000"),
    *("d2", "d83d", "d862", "c0", "c1", "c2", "d834", "c0c06161", "d9d9f7", "1818", "9800", "6173", "61ff", "62c328"),
    *("789c", "78da", "7801", "3080", "3000", "0500", "0101ff", "81" * 17, "a100" * 17, "00" * 40),
)
_JSON_AND_PEM = (b'"', b"null", b"1e999", b"[" * 40, b"{}", b",", b"\\ud800", b"\n-----BEGIN CERTIFICATE-----\n")
BYTES = (*(bytes.fromhex(text) for text in _HEX), *_JSON_AND_PEM)
TEXTS = (
    *(
        "0",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "HC1:",
        "HC2:",
        "GGW",
        ":::",
        "V5",
        "::",
        "%",
        "é",
        "٣",
        "\ud800",
        "😀",
    ),
    *(
        '"',
        "{",
        "[",
        "}",
        "]",
        ",",
        "1e999",
        "null",
        "NaN",
        "\\u0000",
        "-----BEGIN CERTIFICATE-----",
        "://",
        "====",
        "a",
    ),
)


def mutated(seeds: Sequence[T], choices: Choices) -> T:
    """One of `seeds` after one to four small changes."""
    data = choices.pick(seeds)
    for _ in range(1 + choices.below(4)):
        change = choices.pick(_CHANGES)
        at = choices.below(len(data) + 1)
        data = data[:at] + change(data[at:], seeds, choices)
    return data


def _flip(rest: T, _seeds: Sequence[T], choices: Choices) -> T:
    """A bit of the next element is another."""
    bit = choices.below(8)
    if isinstance(rest, bytes):
        return bytes(byte ^ 1 << bit for byte in rest[:1]) + rest[1:]
    return "".join(chr(ord(character) ^ 1 << bit % 7) for character in rest[:1]) + rest[1:]


def _cut(rest: T, _seeds: Sequence[T], choices: Choices) -> T:
    """Some elements are missing, or all that follow."""
    return rest[choices.below(40) or len(rest) :]


def _insert(rest: T, _seeds: Sequence[T], choices: Choices) -> T:
    """A telling or a random piece is put in."""
    if isinstance(rest, bytes):
        return (choices.pick(BYTES) if choices.below(2) else choices.take(2)) + rest
    return (choices.pick(TEXTS) if choices.below(2) else chr(choices.below(0x250))) + rest


def _copy(rest: T, seeds: Sequence[T], choices: Choices) -> T:
    """A part of another input is put in, or put over what is there."""
    other = choices.pick(seeds)
    start, length = choices.below(len(other) + 1), choices.below(60)
    return other[start : start + length] + rest[length * choices.below(2) :]


_CHANGES = (_flip, _cut, _insert, _copy)
