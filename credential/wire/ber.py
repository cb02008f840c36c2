"""BER to DER (ITU-T X.690): one spelling of what other programs write in several.

Signed messages come with indefinite lengths, padded lengths and octet strings in pieces (X.690 §8). They are written
anew in DER here and read as such afterwards; what is DER already comes out unchanged, so that certificates and
signatures inside keep their bytes. Nothing is understood that signed messages do not use: no tags of several bytes,
and only octet strings may come in pieces.
"""

from __future__ import annotations

from credential.wire.der import OCTET_STRING, malformed
from credential.wire.der_write import encode

_CONSTRUCTED = 0x20
_INDEFINITE = 0x80
_PIECES = OCTET_STRING | _CONSTRUCTED
_WHOLE_STRINGS = frozenset({0x03, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1A, 0x1C, 0x1E})
"""Universal types that X.690 lets come in pieces as well; nobody writes them so, and here they must be whole."""
_MAX_DEPTH = 24
"""A certificate with its extensions in a signed message needs 14."""


def to_der(data: bytes) -> bytes:
    """The one element that fills `data`, in DER as far as lengths and octet strings go; sets keep their order.

    Raises `DecodeError` (`CERTIFICATE_MALFORMED`, `position` counts from the start of `data`).
    """
    element, end = _convert(data, 0, len(data), _MAX_DEPTH)
    if end != len(data):
        raise malformed(end, "trailing")
    return element


def _convert(data: bytes, at: int, end: int, depth: int) -> tuple[bytes, int]:
    """One element and where the next one starts."""
    tag, body, length = _read_head(data, at, end)
    if not tag & _CONSTRUCTED:
        if length is None:
            raise malformed(at, "length")
        return encode(tag, data[body : body + length]), body + length
    if tag ^ _CONSTRUCTED in _WHOLE_STRINGS:
        raise malformed(at, "pieces")
    if depth == 0:
        raise malformed(at, "depth")
    if length is None:
        parts, after = _read_until_end_of_contents(data, body, end, depth)
    else:
        parts, after = _read_within(data, body, body + length, depth), body + length
    return (_join_pieces(parts, at) if tag == _PIECES else encode(tag, *parts)), after


def _read_within(data: bytes, at: int, end: int, depth: int) -> list[bytes]:
    parts = []
    while at < end:
        part, at = _convert(data, at, end, depth - 1)
        parts.append(part)
    return parts


def _read_until_end_of_contents(data: bytes, at: int, end: int, depth: int) -> tuple[list[bytes], int]:
    parts = []
    while data[at : at + 2] != b"\0\0":
        part, at = _convert(data, at, end, depth - 1)
        parts.append(part)
    if at + 2 > end:
        raise malformed(at, "truncated")
    return parts, at + 2


def _read_head(data: bytes, at: int, end: int) -> tuple[int, int, int | None]:
    """Tag, start of the content, and its length, None for an indefinite one (X.690 §8.1.3)."""
    if at + 2 > end:
        raise malformed(at, "truncated")
    tag, length = data[at], data[at + 1]
    if tag == 0 or tag & 0x1F == 0x1F:
        raise malformed(at, "tag")
    body = at + 2
    if length == _INDEFINITE:
        return tag, body, None
    if length & _INDEFINITE:
        size = length & 0x7F
        if size > 8 or body + size > end:
            raise malformed(at, "length")
        length = int.from_bytes(data[body : body + size], "big")
        body += size
    if body + length > end:
        raise malformed(at, "truncated")
    return tag, body, length


def _join_pieces(parts: list[bytes], at: int) -> bytes:
    """One octet string of several (X.690 §8.7.3); a piece that came in pieces is whole by now."""
    contents = []
    for part in parts:
        tag, body, _ = _read_head(part, 0, len(part))
        if tag != OCTET_STRING:
            raise malformed(at, "pieces")
        contents.append(part[body:])
    return encode(OCTET_STRING, *contents)
