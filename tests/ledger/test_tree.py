"""Hashes and roots as RFC 6962 defines them, however a tree comes to its size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import Frontier, LedgerReason, hash_leaf
from ledger.tree import EMPTY_ROOT, fold, perfect_root, subtrees_of
from tests.ledger.parts import NaiveTree, data_of, reason_of

# The eight leaves that the tests of Certificate Transparency use since RFC 6962, and the roots over the first n.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots_come_out(size: int) -> None:
    root = Frontier().extend(map(hash_leaf, LEAVES[:size])).root()
    assert root.hex() == ROOTS[size]
    assert NaiveTree(LEAVES).root(size) == root


def test_a_root_is_the_same_by_definition_and_by_growing_leaf_by_leaf() -> None:
    data = data_of(300)
    naive, frontier = NaiveTree(data), Frontier()
    for size in range(301):
        assert (frontier.size, frontier.root()) == (size, naive.root(size))
        assert frontier == Frontier.of(size, naive.subtree)
        if size < 300:
            frontier = frontier.extend([hash_leaf(data[size])])


@given(st.lists(st.integers(0, 60), max_size=8))
def test_a_frontier_is_the_same_in_whatever_portions_the_leaves_come(portions: list[int]) -> None:
    leaves = [hash_leaf(each) for each in data_of(sum(portions))]
    frontier, done = Frontier(), 0
    for portion in portions:
        frontier = frontier.extend(leaves[done : done + portion])
        done += portion
    assert frontier == Frontier().extend(leaves)
    assert len(frontier.hashes) == frontier.size.bit_count()


def test_a_leaf_and_a_node_of_the_same_bytes_hash_differently() -> None:
    left, right = hash_leaf(b"a"), hash_leaf(b"b")
    assert hash_leaf(left + right) != fold([left, right]) == perfect_root([left, right])


def test_no_leaves_have_the_hash_of_nothing() -> None:
    assert fold([]) == EMPTY_ROOT == Frontier().root()
    assert EMPTY_ROOT.hex() == ROOTS[0]


@given(st.integers(0, 2**63 - 1))
def test_subtrees_cover_a_tree_without_gaps_the_largest_first(size: int) -> None:
    place, heights = 0, []
    for height, index in subtrees_of(0, size):
        assert index << height == place
        place += 1 << height
        heights.append(height)
    assert place == size
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize(("size", "hashes"), [(1, 0), (0, 1), (3, 1), (-1, 0), (2**63, 1)])
def test_a_frontier_of_the_wrong_number_of_hashes_is_refused(size: int, hashes: int) -> None:
    assert reason_of(lambda: Frontier(size, (bytes(32),) * hashes)) is LedgerReason.SIZE_INVALID
