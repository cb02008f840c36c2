"""A small bounded reader of DER (ITU-T X.690), enough for X.509.

`cryptography` refuses a whole certificate, or all of its extensions, for one encoding slip in a field that nobody
asked for, and certificates in force have such slips. Here each field is read on its own, so that one bad extension
costs that extension only. Nothing recurses, every length is checked against what surrounds it, and numbers that
would be slow to print are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from credential.errors import DecodeError, Reason, Stage

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31

_OID_BYTES = 64  # the longest in use, 2.25 with a UUID, has 20
_INTEGER_BYTES = 2048  # an RSA modulus of 16,384 bits


class Element(NamedTuple):
    """One tag-length-value inside `data`; `content` and `der` are cut out when asked for."""

    data: bytes
    tag: int
    start: int
    body: int
    end: int

    @property
    def content(self) -> bytes:
        """The value's bytes."""
        return self.data[self.body : self.end]

    @property
    def der(self) -> bytes:
        """The whole element, tag and length included."""
        return self.data[self.start : self.end]

    def children(self) -> Iterator[Element]:
        """The elements inside, in order."""
        at = self.body
        while at < self.end:
            child = read_element(self.data, at, self.end)
            yield child
            at = child.end


def malformed(position: int, what: str) -> DecodeError:
    """The error for DER that breaks its rules; `position` counts bytes from the start of the certificate."""
    return DecodeError(Stage.CERTIFICATE, Reason.CERTIFICATE_MALFORMED, position=position, what=what)


def read_element(data: bytes, at: int, end: int) -> Element:
    """The element that starts at `at` and stays before `end`.

    Raises `DecodeError` (`CERTIFICATE_MALFORMED`) for a multi-byte tag, an indefinite or padded length (X.690 §10.1),
    or a length that leaves the surrounding element.
    """
    if at + 2 > end:
        raise malformed(at, "truncated")
    tag, length = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise malformed(at, "tag")
    body = at + 2
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4 or body + size > end:
            raise malformed(at, "length")
        length = int.from_bytes(data[body : body + size], "big")
        if length < 0x80 or length >> (8 * (size - 1)) == 0:
            raise malformed(at, "length")
        body += size
    if body + length > end:
        raise malformed(at, "truncated")
    return Element(data, tag, at, body, body + length)


def read_only(data: bytes, tag: int) -> Element:
    """The one element with `tag` that fills `data`."""
    element = read_element(data, 0, len(data))
    if element.end != len(data):
        raise malformed(element.end, "trailing")
    return expect(element, tag)


def expect(element: Element | None, tag: int) -> Element:
    """`element` itself, if it is there and has `tag`."""
    if element is None:
        raise malformed(0, "missing")
    if element.tag != tag:
        raise malformed(element.start, "type")
    return element


def read_oid(element: Element) -> str:
    """An OBJECT IDENTIFIER in dotted decimals (X.690 §8.19)."""
    dotted = _decode_oid(expect(element, OID).content)
    if dotted is None:
        raise malformed(element.start, "oid")
    return dotted


@lru_cache(maxsize=1024)
def _decode_oid(content: bytes) -> str | None:
    """The few identifiers in use come again and again; None for what is none."""
    if not 0 < len(content) <= _OID_BYTES or content[-1] & 0x80:
        return None
    arcs: list[int] = []
    value, fresh = 0, True
    for byte in content:
        if fresh and byte == 0x80:
            return None
        value = value << 7 | byte & 0x7F
        fresh = not byte & 0x80
        if fresh:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def read_integer(element: Element) -> int:
    """A signed INTEGER of at most 16,384 bits."""
    content = expect(element, INTEGER).content
    if not 0 < len(content) <= _INTEGER_BYTES:
        raise malformed(element.start, "integer")
    return int.from_bytes(content, "big", signed=True)


def read_bits(element: Element) -> tuple[bytes, int]:
    """A BIT STRING: its bytes and how many bits at their end do not count."""
    content = expect(element, BIT_STRING).content
    if not content or content[0] > 7 or (len(content) == 1 and content[0]):
        raise malformed(element.start, "bit-string")
    return content[1:], content[0]
