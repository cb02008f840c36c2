"""BER to DER (ITU-T X.690): one spelling of what other programs write in several.

Signed messages come with indefinite lengths, padded lengths and octet strings in pieces (X.690 §8). They are written
anew in DER here and read as such afterwards; what is DER already comes out unchanged, so that certificates and
signatures inside keep their bytes. Nothing is understood that signed messages do not use: no tags of several bytes,
and only octet strings may come in pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from credential.wire.der import OCTET_STRING, malformed
from credential.wire.der_write import encode_head

_CONSTRUCTED = 0x20
_INDEFINITE = 0x80
_PIECES = OCTET_STRING | _CONSTRUCTED
_WHOLE_STRINGS = frozenset({0x03, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1A, 0x1C, 0x1E})
"""Universal types that X.690 lets come in pieces as well; nobody writes them so, and here they must be whole."""
_END_OF_CONTENTS = b"\0\0"
_MAX_DEPTH = 24
"""A certificate with its extensions in a signed message needs 14."""


class _Head(NamedTuple):
    """Where one element starts, its tag, where its content starts, and its length, None for an indefinite one."""

    at: int
    tag: int
    body: int
    length: int | None


class _Room(NamedTuple):
    """What surrounds an element: where it must end, and how much deeper it may go."""

    end: int
    depth: int


_Step: TypeAlias = Callable[[bytes, int, _Room, bytearray], int]


def to_der(data: bytes) -> bytes:
    """The one element that fills `data`, in DER as far as lengths and octet strings go; sets keep their order.

    Raises `DecodeError` (`CERTIFICATE_MALFORMED`, `position` counts from the start of `data`).
    """
    written = bytearray()
    end = _convert(data, 0, _Room(len(data), _MAX_DEPTH), written)
    if end != len(data):
        raise malformed(end, "trailing")
    return bytes(written)


def _convert(data: bytes, at: int, room: _Room, written: bytearray) -> int:
    """Write one element anew; gives where the next one starts."""
    head = _read_head(data, at, room.end)
    if not head.tag & _CONSTRUCTED:
        return _copy(data, head, encode_head(head.tag, head.length or 0), written)
    if head.tag ^ _CONSTRUCTED in _WHOLE_STRINGS:
        raise malformed(at, "pieces")
    inside = bytearray()
    is_string = head.tag == _PIECES
    after = _each_inside(_take_piece if is_string else _convert, data, head, room, inside)
    written += encode_head(OCTET_STRING if is_string else head.tag, len(inside)) + inside
    return after


def _take_piece(data: bytes, at: int, room: _Room, written: bytearray) -> int:
    """Append the content of one piece of an octet string, which may come in pieces itself (X.690 §8.7.3)."""
    head = _read_head(data, at, room.end)
    if head.tag == _PIECES:
        return _each_inside(_take_piece, data, head, room, written)
    if head.tag != OCTET_STRING:
        raise malformed(at, "pieces")
    return _copy(data, head, b"", written)


def _copy(data: bytes, head: _Head, before: bytes, written: bytearray) -> int:
    """Append the content of a primitive element, which states its length."""
    if head.length is None:
        raise malformed(head.at, "length")
    after = head.body + head.length
    written += before + data[head.body : after]
    return after


def _each_inside(step: _Step, data: bytes, head: _Head, room: _Room, written: bytearray) -> int:
    """Take every element inside one, up to its length or to its end-of-contents; gives where the next one starts."""
    if room.depth == 0:
        raise malformed(head.at, "depth")
    at = head.body
    if head.length is not None:
        inner = _Room(at + head.length, room.depth - 1)
        while at < inner.end:
            at = step(data, at, inner, written)
        return at
    inner = _Room(room.end, room.depth - 1)
    while data[at : at + 2] != _END_OF_CONTENTS:
        at = step(data, at, inner, written)
    if at + 2 > room.end:
        raise malformed(at, "truncated")
    return at + 2


def _read_head(data: bytes, at: int, end: int) -> _Head:
    """The tag and the length of the element at `at` (X.690 §8.1.2, §8.1.3)."""
    if at + 2 > end:
        raise malformed(at, "truncated")
    tag, length = data[at], data[at + 1]
    if tag == 0 or tag & 0x1F == 0x1F:
        raise malformed(at, "tag")
    body = at + 2
    if length == _INDEFINITE:
        return _Head(at, tag, body, None)
    if length & _INDEFINITE:
        size = length & 0x7F
        if size > 8 or body + size > end:
            raise malformed(at, "length")
        length = int.from_bytes(data[body : body + size], "big")
        body += size
    if body + length > end:
        raise malformed(at, "truncated")
    return _Head(at, tag, body, length)
