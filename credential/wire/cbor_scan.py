"""A second look at well-formed CBOR (RFC 8949 §3): where it ends, and where it strays from preferred serialisation.

It walks heads and lengths only and builds no values, so it serves as an independent check of where an item ends.
"""

from __future__ import annotations

from typing import NamedTuple

from credential.errors import DecodeError, Deviation, Reason, Stage

_TAG, _SIMPLE = 6, 7
_TAG_DATE_TEXT = 0
_BYTES_OF_ARGUMENT = {24: 1, 25: 2, 26: 4, 27: 8}
# The least argument that needs a head of this kind; anything smaller has a shorter form.
_LEAST = {24: 24, 25: 0x100, 26: 0x1_0000, 27: 0x1_0000_0000}


class Head(NamedTuple):
    """One head: major type 0 to 7, additional information, argument, and the position after it."""

    major: int
    info: int
    argument: int
    end: int

    @property
    def is_long(self) -> bool:
        """True when a shorter head says the same. Floats (major type 7) are read in any width."""
        return self.major != _SIMPLE and self.argument < _LEAST.get(self.info, 0)


def read_head(data: bytes, position: int, stage: Stage) -> Head:
    """The head at `position` (RFC 8949 §3); raises `DecodeError` when it is cut off or reserved."""
    if position >= len(data):
        raise DecodeError(stage, Reason.CBOR_TRUNCATED)
    major, info = data[position] >> 5, data[position] & 0x1F
    if info < 24:
        return Head(major, info, info, position + 1)
    if info not in _BYTES_OF_ARGUMENT:
        raise DecodeError(stage, Reason.CBOR_INDEFINITE if info == 31 else Reason.CBOR_MALFORMED)
    end = position + 1 + _BYTES_OF_ARGUMENT[info]
    if end > len(data):
        raise DecodeError(stage, Reason.CBOR_TRUNCATED)
    return Head(major, info, int.from_bytes(data[position + 1 : end], "big"), end)


def scan(data: bytes, stage: Stage) -> tuple[Deviation, ...]:
    """Deviations of the one item that fills `data`, each once, in order of the enumeration.

    Raises `DecodeError` at `stage` when the item is cut off or bytes follow it.
    """
    found: set[Deviation] = set()
    position, pending = 0, 1
    while pending:
        head = read_head(data, position, stage)
        if head.is_long:
            found.add(Deviation.CBOR_LONG_FORM)
        if head.major == _TAG and head.argument == _TAG_DATE_TEXT:
            found.add(Deviation.CBOR_DATE_TAG)
        position = head.end + (head.argument if head.major in (2, 3) else 0)
        pending += _items_inside(head) - 1
        if pending > len(data):
            raise DecodeError(stage, Reason.CBOR_TRUNCATED)
    if position > len(data):
        raise DecodeError(stage, Reason.CBOR_TRUNCATED)
    if position < len(data):
        raise DecodeError(stage, Reason.CBOR_TRAILING, trailing=len(data) - position)
    return tuple(deviation for deviation in Deviation if deviation in found)


def _items_inside(head: Head) -> int:
    """Items that follow a head as its content: array elements, keys and values of a map, a tag's one item."""
    return {4: head.argument, 5: 2 * head.argument, _TAG: 1}.get(head.major, 0)
