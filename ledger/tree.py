"""The hashes of an append-only log: leaves, inner nodes, the root, and the frontier that lets a log grow.

RFC 6962 §2.1, unchanged in RFC 9162 §2.1.1: SHA-256, with 0x00 before a leaf and 0x01 before two nodes. A tree of n
leaves has on its left the largest perfect tree that fits (2^k leaves, k < log2 n), and on its right the rest.

A *subtree* is a perfect tree at an aligned place: (height h, index i) covers the leaves [i·2^h, (i+1)·2^h). Every hash
that a proof needs is one subtree, or a few folded together, so this is all that a store has to answer.

https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from ledger.errors import LedgerError, LedgerReason

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
MOST_LEAVES = 2**63 - 1
"""The largest size that a checkpoint can state; every count and position fits a signed 64-bit number."""

Subtree: TypeAlias = Callable[[int, int], bytes]
"""(height, index) -> the hash of that perfect subtree."""


def hash_leaf(data: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root above 2^k hashes of one height."""
    while len(hashes) > 1:
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in zip(*[iter(hashes)] * 2, strict=True)]
    return hashes[0]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root above subtrees side by side, the largest first; of none, the root of the empty tree."""
    if not hashes:
        return EMPTY_ROOT
    *others, root = hashes
    for left in reversed(others):
        root = hash_node(left, root)
    return root


def subtrees_of(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The subtrees (height, index) that make up the leaves [start, end), the largest first.

    `start` has to be a multiple of the largest power of two that is not above `end - start`: so it is for the left and
    the right part of every tree and of every part of one.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that must be known of a tree to make it grow: the subtrees that it is made of (RFC 9162 §2.1.2).

    At most one hash for each bit of `size`, so that adding a leaf and taking the root cost O(log n) and read no leaf.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MOST_LEAVES or len(self.hashes) != self.size.bit_count():
            raise LedgerError(LedgerReason.SIZE_INVALID, size=self.size, hashes=len(self.hashes))

    @classmethod
    def of(cls, size: int, subtree: Subtree) -> Frontier:
        """The frontier of the first `size` leaves of a tree."""
        return cls(size, tuple(subtree(height, index) for height, index in subtrees_of(0, size)))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier with these hashes of leaves after it."""
        size, stack = self.size, list(self.hashes)
        for leaf in leaves:
            node, position = leaf, size
            while position & 1:
                node = hash_node(stack.pop(), node)
                position >>= 1
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack))

    def root(self) -> bytes:
        """The root of the tree."""
        return fold(self.hashes)
