"""Every reader of untrusted input: what they read, good input to start from, and what they may raise.

A room adds its readers as rows here, from a file of its own beside this one.
"""

from __future__ import annotations

from typing import Any

from tests.property import bundle_readers, list_readers, picture_readers, source_readers, wire_readers
from tests.property.reader import Reader

READERS: tuple[Reader[Any], ...] = (
    *wire_readers.ROWS,
    *list_readers.ROWS,
    *picture_readers.ROWS,
    *bundle_readers.ROWS,
    *source_readers.ROWS,
)
