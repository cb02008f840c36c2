"""A log read from its tiles, whoever serves them: nothing is given out that its signed root does not prove.

The partial tiles at the right edge together make the root, so they are proven by it when the tree is opened. Every
full tile is proven by its hash in the tile above it, up to one of those, and every entry by its leaf. So a disk or a
server that lies is found out, and each proof costs a few tiles: log256 of the size.

https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeAlias

from ledger.errors import LedgerError, LedgerReason
from ledger.growth import Edge
from ledger.proofs import Proof, make_consistency_proof, make_inclusion_proof
from ledger.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, decode_bundle, decode_tile, levels_of, tile_at
from ledger.tree import Frontier, fold, hash_leaf, perfect_root, subtrees_of

ReadTile: TypeAlias = Callable[[str], bytes]
"""path -> the file's bytes; raises `LedgerError` (`TILE_MISSING`) if there is none."""

_TILES_KEPT = 64


class TileTree:
    """The tree of the first `size` entries under a root that is known to be right."""

    def __init__(self, read_tile: ReadTile, size: int, root: bytes) -> None:
        """Read the right edge, one tile a level.

        Raises `LedgerError`: `ROOT_MISMATCH` if it does not make `root`, `TILE_SHAPE`, and what `read_tile` raises.
        """
        self.size = size
        self.root = root
        self._read_tile = read_tile
        self._levels = tuple(self._read_partial(level) for level in range(levels_of(size)))
        if fold(tuple(_edge_hashes(self._levels))) != root:
            raise LedgerError(LedgerReason.ROOT_MISMATCH, size=size)
        self._full_tile = lru_cache(maxsize=_TILES_KEPT)(self._read_full)

    def subtree(self, height: int, index: int) -> bytes:
        """The hash of a perfect subtree; raises `LedgerError` (`SIZE_INVALID`) if the tree does not have it."""
        if index < 0 or (index + 1) << height > self.size:
            raise LedgerError(LedgerReason.SIZE_INVALID, height=height, index=index, size=self.size)
        level, above = divmod(height, TILE_HEIGHT)
        number, start = divmod(index << above, TILE_WIDTH)
        return perfect_root(self._hashes(level, number)[start : start + (1 << above)])

    def root_at(self, size: int) -> bytes:
        """The root that the log had at an earlier size."""
        return Frontier.of(size, self.subtree).root()

    def inclusion_proof(self, index: int) -> Proof:
        """The proof that the leaf at `index` is in this tree."""
        return make_inclusion_proof(index, self.size, self.subtree)

    def consistency_proof(self, first: int) -> Proof:
        """The proof that the tree of `first` leaves is the beginning of this one."""
        return make_consistency_proof(first, self.size, self.subtree)

    def leaf(self, index: int) -> bytes:
        """The hash of the entry at `index`."""
        return self.subtree(0, index)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries at [start, end), as they were logged.

        Raises `LedgerError`: `SIZE_INVALID` before anything is read; `BUNDLE_SHAPE`, `BUNDLE_MISMATCH` and those of
        the tiles when it comes to the part that is not right.
        """
        if not 0 <= start <= end <= self.size:
            raise LedgerError(LedgerReason.SIZE_INVALID, start=start, end=end, size=self.size)
        return self._entries(start, end)

    def edge(self) -> Edge:
        """What a writer needs to go on."""
        frontier = Frontier(self.size, tuple(_edge_hashes(self._levels)))
        rest = self.size % TILE_WIDTH
        return Edge(frontier, self._levels, self._bundle(self.size // TILE_WIDTH) if rest else ())

    def _entries(self, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            number, offset = divmod(start, TILE_WIDTH)
            found = self._bundle(number)[offset : offset + end - start]
            yield from found
            start += len(found)

    def _bundle(self, number: int) -> tuple[bytes, ...]:
        tile = tile_at(None, number, self.size)
        entries = self._read(tile, decode_bundle)
        if tuple(map(hash_leaf, entries)) != self._hashes(0, number):
            raise LedgerError(LedgerReason.BUNDLE_MISMATCH, path=tile.path)
        return entries

    def _hashes(self, level: int, number: int) -> tuple[bytes, ...]:
        tile = tile_at(level, number, self.size)
        return self._full_tile(level, number) if tile.is_full else self._levels[level]

    def _read_full(self, level: int, number: int) -> tuple[bytes, ...]:
        tile = Tile(level, number)
        hashes = self._read(tile, decode_tile)
        above, place = divmod(number, TILE_WIDTH)
        if perfect_root(hashes) != self._hashes(level + 1, above)[place]:
            raise LedgerError(LedgerReason.TILE_MISMATCH, path=tile.path)
        return hashes

    def _read_partial(self, level: int) -> tuple[bytes, ...]:
        items = self.size >> (TILE_HEIGHT * level)
        if items % TILE_WIDTH == 0:
            return ()
        return self._read(tile_at(level, items // TILE_WIDTH, self.size), decode_tile)

    def _read(self, tile: Tile, decode: Callable[[bytes, Tile], tuple[bytes, ...]]) -> tuple[bytes, ...]:
        """A tile's items. One that has become full since may be there in its full form only."""
        try:
            return decode(self._read_tile(tile.path), tile)
        except LedgerError as error:
            if tile.is_full or error.reason is not LedgerReason.TILE_MISSING:
                raise
        try:
            whole = self._read_tile(tile.when_full().path)
        except LedgerError as error:
            raise LedgerError(error.reason, **{**error.detail, "path": tile.path}) from error
        return decode(whole, tile.when_full())[: tile.width]


def _edge_hashes(levels: tuple[tuple[bytes, ...], ...]) -> Iterator[bytes]:
    """The hashes of the frontier, the largest subtree first: those in each partial tile, from the highest level."""
    for hashes in reversed(levels):
        for height, index in subtrees_of(0, len(hashes)):
            yield perfect_root(hashes[index << height : (index + 1) << height])
