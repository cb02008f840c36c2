"""Reading the parts of a device bundle one after the other, never beyond their end."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

from trustlist.errors import ListReason, TrustListError

_FIRST = int(datetime.min.replace(tzinfo=UTC).timestamp())
_LAST = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())


class Cursor:
    """A place in a run of bytes; every step past the end raises `TrustListError` (`DEVICE_BUNDLE_DAMAGED`)."""

    def __init__(self, data: bytes, name: str, start: int = 0) -> None:
        self._data = data
        self._name = name
        self._at = start

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise damaged(self._name)
        self._at += size
        return taken

    def unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        """The numbers of the next `form`."""
        start, self._at = self._at, self._at + form.size
        if self._at > len(self._data):
            raise damaged(self._name)
        return form.unpack_from(self._data, start)

    def text(self, length: struct.Struct) -> str:
        """The next text, its length in bytes before it."""
        (size,) = self.unpack(length)
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError:
            raise damaged(self._name) from None

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            raise damaged(self._name)


def damaged(at: str) -> TrustListError:
    """The error for a bundle that is signed and still not what it must be; `at` says where."""
    return TrustListError(ListReason.DEVICE_BUNDLE_DAMAGED, at=at)


def within_time(start: int, end: int) -> tuple[int, int]:
    """The same two moments (epoch seconds), if they are in the years 1 to 9999."""
    if not (_FIRST <= start <= _LAST and _FIRST <= end <= _LAST):
        raise damaged("dates")
    return start, end
