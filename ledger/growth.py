"""How a log grows: the new entries in, the new and changed tiles out (C2SP tlog-tiles).

The *edge* is what a writer has to know of a log: its frontier, and what stands in the partial tile of each level.
Growing it costs one hash a leaf, one a node, and O(log n) for the root; nothing that lies behind the edge is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, encode_bundle
from ledger.tree import Frontier, hash_leaf, perfect_root


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log; that of an empty one is `EMPTY_EDGE`."""

    frontier: Frontier
    levels: tuple[tuple[bytes, ...], ...] = ()
    """The hashes in the partial tile of each level, from level 0; none where the last tile is full."""
    entries: tuple[bytes, ...] = ()
    """The entries in the partial bundle."""


EMPTY_EDGE = Edge(Frontier())


@dataclass(frozen=True, slots=True)
class Growth:
    """The edge after growing, and each tile that came to be, with its content."""

    edge: Edge
    files: tuple[tuple[Tile, bytes], ...]


def grow(edge: Edge, entries: Sequence[bytes]) -> Growth:
    """The log with these entries after its own. Raises `LedgerError`: `ENTRY_TOO_LARGE`, `SIZE_INVALID`."""
    if not entries:
        return Growth(edge, ())
    first = edge.frontier.size
    bundles = _in_tiles([*edge.entries, *entries])
    files = [(Tile(None, first // TILE_WIDTH + n, len(each)), encode_bundle(each)) for n, each in enumerate(bundles)]
    leaves = fresh = [hash_leaf(entry) for entry in entries]
    levels: list[tuple[bytes, ...]] = []
    while fresh:
        level = len(levels)
        tiles = _in_tiles([*_at(edge, level), *fresh])
        index = (first >> (TILE_HEIGHT * level)) // TILE_WIDTH
        files += [(Tile(level, index + n, len(each)), b"".join(each)) for n, each in enumerate(tiles)]
        fresh = [perfect_root(each) for each in tiles if len(each) == TILE_WIDTH]
        levels.append(() if len(tiles[-1]) == TILE_WIDTH else tuple(tiles[-1]))
    levels += edge.levels[len(levels) :]
    rest = () if len(bundles[-1]) == TILE_WIDTH else tuple(bundles[-1])
    return Growth(Edge(edge.frontier.extend(leaves), tuple(levels), rest), tuple(files))


def _in_tiles(items: list[bytes]) -> list[list[bytes]]:
    return [items[start : start + TILE_WIDTH] for start in range(0, len(items), TILE_WIDTH)]


def _at(edge: Edge, level: int) -> tuple[bytes, ...]:
    return edge.levels[level] if level < len(edge.levels) else ()
