"""A log as plain files that any web server can serve: which tile holds what, and how it is written (C2SP tlog-tiles).

A tile is 256 hashes side by side. Level 0 holds the hashes of the leaves, level l+1 the roots of the full tiles of
level l. At the right edge of each level stands a partial tile, under a name with its width, so that no file ever
changes. The entries themselves lie beside level 0 in bundles of the same widths.

https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ledger.errors import LedgerError, LedgerReason
from ledger.tree import HASH_BYTES

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
MOST_ENTRY_BYTES: Final = 0xFFFF
"""Bytes of one entry; its length stands before it in two bytes."""
MOST_LEVELS: Final = 8
"""Levels that a tree of 2^63 leaves has."""
_LENGTH_BYTES = 2
MOST_TILE_BYTES: Final = TILE_WIDTH * (_LENGTH_BYTES + MOST_ENTRY_BYTES)
"""Bytes of the largest file that a log can have."""
_PATH = re.compile(r"tile/(entries|[0-7])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_MOST_INDEX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile: level and index, both from 0, and how many items it has."""

    level: int | None
    """None for a bundle of entries."""
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's address: `tile/<level>/<index>[.p/<width>]`."""
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.is_full else f".p/{self.width}"
        return f"tile/{level}/{_index_path(self.index)}{partial}"

    @property
    def is_full(self) -> bool:
        """Whether nothing can come to it any more."""
        return self.width == TILE_WIDTH

    def when_full(self) -> Tile:
        """The tile that it is, or will be, a part of."""
        return Tile(self.level, self.index)

    @property
    def partial_folder(self) -> str:
        """The folder of its partial forms, which may go once it is full."""
        return f"{self.when_full().path}.p"


def decode_tile_path(path: str) -> Tile:
    """The tile that a path names, as a server would read it. Raises `LedgerError` (`TILE_PATH`)."""
    match = _PATH.fullmatch(path) if path.isascii() else None
    if match is None:
        raise LedgerError(LedgerReason.TILE_PATH)
    level, index, width = match.groups()
    digits = index.replace("/", "").replace("x", "")
    if len(digits) > _MOST_INDEX_DIGITS:
        raise LedgerError(LedgerReason.TILE_PATH)
    tile = Tile(None if level == "entries" else int(level), int(digits), int(width or TILE_WIDTH))
    if tile.path != path or tile.width > TILE_WIDTH:
        raise LedgerError(LedgerReason.TILE_PATH)
    return tile


def levels_of(size: int) -> int:
    """How many levels of tiles a log of `size` entries has."""
    return -(-size.bit_length() // TILE_HEIGHT)


def tile_at(level: int | None, index: int, size: int) -> Tile:
    """The tile as a log of `size` entries has it. Raises `LedgerError` (`SIZE_INVALID`) if it has none there."""
    items = size >> (TILE_HEIGHT * (level or 0))
    width = min(TILE_WIDTH, items - TILE_WIDTH * index)
    if index < 0 or width <= 0:
        raise LedgerError(LedgerReason.SIZE_INVALID, level=level, index=index, size=size)
    return Tile(level, index, width)


def changed_tiles(first: int, second: int) -> Iterator[Tile]:
    """The tiles that a log gets when it grows from `first` to `second` entries: bundles, then level by level."""
    if first < second:
        yield from _changed_at(None, first, second)
    for level in range(levels_of(second)):
        yield from _changed_at(level, first >> (TILE_HEIGHT * level), second >> (TILE_HEIGHT * level))


def tiles_of(size: int) -> Iterator[Tile]:
    """All tiles of a log of `size` entries; older partial ones may lie beside them."""
    return changed_tiles(0, size)


def decode_tile(data: bytes, tile: Tile) -> tuple[bytes, ...]:
    """The hashes of a tile. Raises `LedgerError` (`TILE_SHAPE`) if they are not exactly as many as it has."""
    if len(data) != tile.width * HASH_BYTES:
        raise LedgerError(LedgerReason.TILE_SHAPE, path=tile.path, bytes=len(data))
    return tuple(data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES))


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each with its length before it. Raises `LedgerError` (`ENTRY_TOO_LARGE`)."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MOST_ENTRY_BYTES:
            raise LedgerError(LedgerReason.ENTRY_TOO_LARGE, bytes=len(entry), limit=MOST_ENTRY_BYTES)
        parts += (len(entry).to_bytes(_LENGTH_BYTES, "big"), entry)
    return b"".join(parts)


def decode_bundle(data: bytes, tile: Tile) -> tuple[bytes, ...]:
    """The entries of a bundle. Raises `LedgerError` (`BUNDLE_SHAPE`) if they are not exactly as many as it has."""
    entries: list[bytes] = []
    position = 0
    for _ in range(tile.width):
        start = position + _LENGTH_BYTES
        position = start + int.from_bytes(data[position:start], "big")
        if position > len(data):
            raise LedgerError(LedgerReason.BUNDLE_SHAPE, path=tile.path, entries=len(entries))
        entries.append(data[start:position])
    if position != len(data):
        raise LedgerError(LedgerReason.BUNDLE_SHAPE, path=tile.path, entries=len(entries))
    return tuple(entries)


def _index_path(index: int) -> str:
    digits = str(index)
    groups = [f"{int(digits[max(0, end - 3) : end]):03}" for end in range(len(digits), 0, -3)]
    return "/".join([*(f"x{group}" for group in reversed(groups[1:])), groups[0]])


def _changed_at(level: int | None, first: int, second: int) -> Iterator[Tile]:
    if first == second:
        return
    for index in range(first // TILE_WIDTH, -(-second // TILE_WIDTH)):
        yield Tile(level, index, min(TILE_WIDTH, second - TILE_WIDTH * index))
