"""Proofs that a leaf is in a log, and that a log still holds all that it held before (RFC 9162 §2.1.3, §2.1.4).

Making a proof is a question of which parts of the tree it names; their hashes come from `Subtree`, wherever they are
kept. Checking one needs nothing but the two roots. Maker and checker share no code but the two hash functions: the
maker walks down from the root as RFC 6962 defines the proofs, the checker climbs up as RFC 9162 computes them.

https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1.3
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ledger.errors import LedgerError, LedgerReason
from ledger.tree import EMPTY_ROOT, HASH_BYTES, MOST_LEAVES, Subtree, fold, hash_node, subtrees_of

Proof: TypeAlias = tuple[bytes, ...]
"""Hashes of 32 bytes, the one nearest to the leaves first."""

_MOST_HASHES = 64


def make_inclusion_proof(index: int, size: int, subtree: Subtree) -> Proof:
    """The proof that the leaf at `index` is in the tree of `size` leaves.

    Raises `LedgerError` (`SIZE_INVALID`) if it is not.
    """
    if not 0 <= index < size <= MOST_LEAVES:
        raise LedgerError(LedgerReason.SIZE_INVALID, index=index, size=size)
    start, end = 0, size
    parts: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _left_leaves(end - start)
        if index < middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    return _hashes(reversed(parts), subtree)


def make_consistency_proof(first: int, second: int, subtree: Subtree) -> Proof:
    """The proof that the tree of `first` leaves is the beginning of the tree of `second` leaves.

    Empty if one of them is empty or both are the same. Raises `LedgerError` (`SIZE_INVALID`) if `first` is larger.
    """
    if not 0 <= first <= second <= MOST_LEAVES:
        raise LedgerError(LedgerReason.SIZE_INVALID, first=first, second=second)
    if first == 0:
        return ()
    start, end = 0, second
    parts: list[tuple[int, int]] = []
    while first != end:
        middle = start + _left_leaves(end - start)
        if first <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    # The tree of `first` leaves itself is left out where it is a part of the other as it stands: its root is known.
    if start > 0:
        parts.append((start, end))
    return _hashes(reversed(parts), subtree)


def verify_inclusion(proof: Sequence[bytes], *, index: int, size: int, leaf: bytes, root: bytes) -> None:
    """Check that the leaf with hash `leaf` stands at `index` in the tree of `size` leaves under `root` (§2.1.3.2).

    Raises `LedgerError`: `SIZE_INVALID`, `PROOF_SHAPE`, `PROOF_INVALID`.
    """
    if not 0 <= index < size <= MOST_LEAVES:
        raise LedgerError(LedgerReason.SIZE_INVALID, index=index, size=size)
    _check_hashes(leaf, root, *proof)
    place, last, reached = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=len(proof))
        if place & 1 or place == last:
            reached = hash_node(other, reached)
            place, last = _climb_to_left_edge(place, last)
        else:
            reached = hash_node(reached, other)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=len(proof))
    if reached != root:
        raise LedgerError(LedgerReason.PROOF_INVALID)


def verify_consistency(
    proof: Sequence[bytes], *, first_size: int, first_root: bytes, second_size: int, second_root: bytes
) -> None:
    """Check that the first tree is the beginning of the second (§2.1.4.2).

    The empty tree is the beginning of every tree, and a tree that of itself; both by the empty proof.

    Raises `LedgerError`: `SIZE_INVALID`, `PROOF_SHAPE`, `PROOF_INVALID`.
    """
    if not 0 <= first_size <= second_size <= MOST_LEAVES:
        raise LedgerError(LedgerReason.SIZE_INVALID, first=first_size, second=second_size)
    _check_hashes(first_root, second_root, *proof)
    if first_size in {0, second_size}:
        _check_trivial(proof, first_root, EMPTY_ROOT if first_size == 0 else second_root)
        return
    place, last = first_size - 1, second_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # A first tree of 2^k leaves is a subtree of the second, so its root takes the place of the first hash.
    path = [first_root, *proof] if place == 0 else list(proof)
    if not path:
        raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=0)
    first = second = path[0]
    for other in path[1:]:
        if last == 0:
            raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=len(proof))
        if place & 1 or place == last:
            first, second = hash_node(other, first), hash_node(other, second)
            place, last = _climb_to_left_edge(place, last)
        else:
            second = hash_node(second, other)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=len(proof))
    if (first, second) != (first_root, second_root):
        raise LedgerError(LedgerReason.PROOF_INVALID)


def _left_leaves(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _hashes(parts: Iterable[tuple[int, int]], subtree: Subtree) -> Proof:
    return tuple(fold([subtree(*each) for each in subtrees_of(start, end)]) for start, end in parts)


def _climb_to_left_edge(place: int, last: int) -> tuple[int, int]:
    """Up past the heights at which a node at the right edge has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_hashes(*hashes: bytes) -> None:
    if len(hashes) > _MOST_HASHES + 2 or any(len(each) != HASH_BYTES for each in hashes):
        raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=len(hashes))


def _check_trivial(proof: Sequence[bytes], found: bytes, expected: bytes) -> None:
    if proof:
        raise LedgerError(LedgerReason.PROOF_SHAPE, hashes=len(proof))
    if found != expected:
        raise LedgerError(LedgerReason.PROOF_INVALID)
