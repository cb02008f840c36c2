"""Every proof of every place in every tree holds, and none holds once a bit of it is other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import LedgerError, LedgerReason, hash_leaf, verify_consistency, verify_inclusion
from ledger.proofs import make_consistency_proof, make_inclusion_proof
from ledger.tree import EMPTY_ROOT
from tests.ledger.parts import NaiveTree, data_of, reason_of
from tests.ledger.test_tree import LEAVES, ROOTS

MOST = 300
DATA = data_of(MOST)
TREE = NaiveTree(DATA)
REFUSALS = {LedgerReason.PROOF_SHAPE, LedgerReason.PROOF_INVALID}

# Proofs over the eight leaves of `test_tree`, from the tests of Certificate Transparency.
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a3091",
        "5f083f0a1a33ca076a95279832580db3",
        "6b47aaf29ee3c2af9af889bc1fb9254d",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f7",
        "ca854ea128ed050b41b35ffc1b87b8eb",
        "d37ee418976dd95753c1c73862b9398f",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9d",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c",
        "5f083f0a1a33ca076a95279832580db3",
        "bc1a0643b12e4d2d7c77918f44e0f4f7",
    ),
}
CONSISTENCY = {
    (1, 8): (
        "96a296d224f285c67bee93c30f8a3091",
        "5f083f0a1a33ca076a95279832580db3",
        "6b47aaf29ee3c2af9af889bc1fb9254d",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e",
        "ca854ea128ed050b41b35ffc1b87b8eb",
        "d37ee418976dd95753c1c73862b9398f",
    ),
    (2, 5): ("5f083f0a1a33ca076a95279832580db3", "bc1a0643b12e4d2d7c77918f44e0f4f7"),
}


def check_inclusion(proof: tuple[bytes, ...], index: int, size: int, *, tree: NaiveTree = TREE) -> None:
    """Verify against the naive tree."""
    leaf = hash_leaf(tree.data[index])
    verify_inclusion(proof, index=index, size=size, leaf=leaf, root=tree.root(size))


def check_consistency(proof: tuple[bytes, ...], first: int, second: int, *, tree: NaiveTree = TREE) -> None:
    """Verify against the naive tree."""
    verify_consistency(
        proof,
        first_size=first,
        first_root=tree.root(first),
        second_size=second,
        second_root=tree.root(second),
    )


def starts(proof: tuple[bytes, ...]) -> tuple[str, ...]:
    """The first halves of the hashes, enough to tell them apart."""
    return tuple(each.hex()[:32] for each in proof)


class TestKnown:
    @pytest.mark.parametrize(("place", "expected"), INCLUSION.items())
    def test_inclusion(self, place: tuple[int, int], expected: tuple[str, ...]) -> None:
        tree = NaiveTree(LEAVES)
        proof = make_inclusion_proof(*place, tree.subtree)
        assert starts(proof) == expected
        root = bytes.fromhex(ROOTS[place[1]])
        verify_inclusion(proof, index=place[0], size=place[1], leaf=hash_leaf(LEAVES[place[0]]), root=root)

    @pytest.mark.parametrize(("sizes", "expected"), CONSISTENCY.items())
    def test_consistency(self, sizes: tuple[int, int], expected: tuple[str, ...]) -> None:
        tree = NaiveTree(LEAVES)
        proof = make_consistency_proof(*sizes, tree.subtree)
        assert starts(proof) == expected
        check_consistency(proof, *sizes, tree=tree)


class TestEvery:
    """All trees up to 300 leaves."""

    def test_inclusion_proof_is_the_defined_one_and_holds(self) -> None:
        for size in range(1, MOST + 1):
            for index in range(size):
                proof = make_inclusion_proof(index, size, TREE.subtree)
                check_inclusion(proof, index, size)
                assert size % 7 or proof == TREE.path(index, 0, size)

    def test_consistency_proof_is_the_defined_one_and_holds(self) -> None:
        for second in range(1, MOST + 1):
            for first in range(1, second + 1):
                proof = make_consistency_proof(first, second, TREE.subtree)
                check_consistency(proof, first, second)
                assert second % 7 or proof == TREE.proof(first, second)

    def test_each_bit_counts_in_trees_of_up_to_eight_leaves(self) -> None:
        for size in range(1, 9):
            for index in range(size):
                proof = make_inclusion_proof(index, size, TREE.subtree)
                assert_each_bit_counts(proof, partial(check_inclusion, index=index, size=size))
            for first in range(1, size + 1):
                proof = make_consistency_proof(first, size, TREE.subtree)
                assert_each_bit_counts(proof, partial(check_consistency, first=first, second=size))


def assert_each_bit_counts(proof: tuple[bytes, ...], check: Callable[[tuple[bytes, ...]], None]) -> None:
    """Turn each bit over in turn; the proof must never hold."""
    for position, each in enumerate(proof):
        for bit in range(256):
            turned = (int.from_bytes(each, "big") ^ 1 << bit).to_bytes(32, "big")
            with pytest.raises(LedgerError) as caught:
                check((*proof[:position], turned, *proof[position + 1 :]))
            assert caught.value.reason is LedgerReason.PROOF_INVALID


@st.composite
def damaged(draw: st.DrawFn, proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """A proof with a hash changed, missing, repeated, moved, cut, or one too many."""
    hashes = list(proof)
    place = draw(st.integers(0, len(hashes)))
    way = draw(st.sampled_from(["insert", "change", "remove", "cut", "lengthen", "turn round"]))
    if way == "insert" or not hashes:
        hashes.insert(place, draw(st.sampled_from([bytes(32), EMPTY_ROOT, *hashes, TREE.root(MOST)])))
        return tuple(hashes)
    place %= len(hashes)
    if way == "turn round" and hashes != hashes[::-1]:
        return tuple(reversed(hashes))
    changed = {
        "change": draw(st.binary(min_size=32, max_size=32).filter(lambda other: other != hashes[place])),
        "cut": hashes[place][: draw(st.integers(0, 31))],
        "lengthen": hashes[place] + b"\0",
    }
    hashes[place : place + 1] = [changed[way]] if way in changed else []
    return tuple(hashes)


class TestDamaged:
    @given(st.data(), st.integers(1, MOST))
    def test_inclusion_proofs_fail(self, data: st.DataObject, size: int) -> None:
        index = data.draw(st.integers(0, size - 1))
        proof = data.draw(damaged(make_inclusion_proof(index, size, TREE.subtree)))
        assert reason_of(lambda: check_inclusion(proof, index, size)) in REFUSALS

    @given(st.data(), st.integers(1, MOST))
    def test_consistency_proofs_fail(self, data: st.DataObject, second: int) -> None:
        first = data.draw(st.integers(0, second))
        proof = data.draw(damaged(make_consistency_proof(first, second, TREE.subtree)))
        assert reason_of(lambda: check_consistency(proof, first, second)) in REFUSALS

    @given(st.data(), st.integers(2, MOST))
    def test_a_proof_is_no_proof_for_another_leaf_or_root(self, data: st.DataObject, size: int) -> None:
        index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
        proof = make_inclusion_proof(index, size, TREE.subtree)
        leaf, root = hash_leaf(DATA[index]), TREE.root(size)
        wrong = [
            (hash_leaf(DATA[other]), root),
            (leaf, TREE.root(size - 1)),
            (leaf, leaf),
            (b"", root),
            (leaf, root[1:]),
        ]
        for other_leaf, other_root in wrong:
            check = partial(verify_inclusion, proof, index=index, size=size, leaf=other_leaf, root=other_root)
            assert reason_of(check) in REFUSALS

    @given(st.data(), st.integers(2, MOST))
    def test_a_consistency_proof_holds_for_no_other_root(self, data: st.DataObject, second: int) -> None:
        first = data.draw(st.integers(1, second - 1))
        proof = make_consistency_proof(first, second, TREE.subtree)
        roots = TREE.root(first), TREE.root(second)
        for pair in [(roots[1], roots[0]), (EMPTY_ROOT, roots[1]), (roots[0], EMPTY_ROOT), (roots[0], roots[0])]:
            with pytest.raises(LedgerError) as caught:
                verify_consistency(proof, first_size=first, first_root=pair[0], second_size=second, second_root=pair[1])
            assert caught.value.reason is LedgerReason.PROOF_INVALID


class TestShape:
    """A proof of the wrong form is refused as that, before any root is compared."""

    def test_a_proof_that_ends_too_soon_is_refused_even_for_the_hash_that_it_reaches(self) -> None:
        root = TREE.root(2)
        for short in ((), (root,)):
            check = partial(verify_inclusion, short, index=0, size=4, leaf=root, root=root)
            assert reason_of(check) is LedgerReason.PROOF_SHAPE
        same = partial(verify_consistency, (), first_size=2, first_root=root, second_size=4, second_root=root)
        assert reason_of(same) is LedgerReason.PROOF_SHAPE

    @given(st.data(), st.integers(2, MOST))
    def test_cut_and_lengthened_proofs(self, data: st.DataObject, size: int) -> None:
        index = data.draw(st.integers(0, size - 1))
        inclusion = make_inclusion_proof(index, size, TREE.subtree)
        for other in (inclusion[:-1], (*inclusion, bytes(32))):
            assert reason_of(partial(check_inclusion, other, index, size)) is LedgerReason.PROOF_SHAPE
        consistency = make_consistency_proof(index, size, TREE.subtree)
        for other in {consistency[:-1], (*consistency, bytes(32))} - {consistency}:
            assert reason_of(partial(check_consistency, other, index, size)) is LedgerReason.PROOF_SHAPE

    @given(st.data(), st.integers(2, MOST), st.sampled_from([b"", bytes(31), bytes(33)]))
    def test_hashes_of_another_length(self, data: st.DataObject, size: int, wrong: bytes) -> None:
        first = data.draw(st.integers(1, size - 1))
        inclusion = list(make_inclusion_proof(first, size, TREE.subtree))
        inclusion[data.draw(st.integers(0, len(inclusion) - 1))] = wrong
        assert reason_of(partial(check_inclusion, tuple(inclusion), first, size)) is LedgerReason.PROOF_SHAPE
        consistency = list(make_consistency_proof(first, size, TREE.subtree))
        consistency[data.draw(st.integers(0, len(consistency) - 1))] = wrong
        assert reason_of(partial(check_consistency, tuple(consistency), first, size)) is LedgerReason.PROOF_SHAPE


class TestEdges:
    def test_the_empty_tree_begins_every_tree(self) -> None:
        for size in (0, 1, 5):
            assert make_consistency_proof(0, size, TREE.subtree) == ()
            check_consistency((), 0, size)

    def test_of_the_empty_tree_only_the_root_of_nothing_is_the_root(self) -> None:
        def check() -> None:
            verify_consistency((), first_size=0, first_root=bytes(32), second_size=5, second_root=TREE.root(5))

        assert reason_of(check) is LedgerReason.PROOF_INVALID

    def test_a_tree_begins_itself(self) -> None:
        assert make_consistency_proof(5, 5, TREE.subtree) == ()
        check_consistency((), 5, 5)

    def test_a_proof_of_more_hashes_than_a_tree_is_high_is_refused(self) -> None:
        assert reason_of(lambda: check_inclusion((bytes(32),) * 65, 0, 300)) is LedgerReason.PROOF_SHAPE
        assert reason_of(lambda: check_inclusion((bytes(32),) * 10, 0, 300)) is LedgerReason.PROOF_SHAPE

    @pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0), (0, 2**63)])
    def test_places_that_a_tree_has_not_are_refused(self, index: int, size: int) -> None:
        root = bytes(32)
        assert reason_of(lambda: make_inclusion_proof(index, size, TREE.subtree)) is LedgerReason.SIZE_INVALID
        refused = reason_of(lambda: verify_inclusion((), index=index, size=size, leaf=root, root=root))
        assert refused is LedgerReason.SIZE_INVALID

    @pytest.mark.parametrize(("first", "second"), [(6, 5), (-1, 5), (0, 2**63)])
    def test_sizes_that_do_not_follow_are_refused(self, first: int, second: int) -> None:
        root = bytes(32)
        assert reason_of(lambda: make_consistency_proof(first, second, TREE.subtree)) is LedgerReason.SIZE_INVALID
        refused = reason_of(
            lambda: verify_consistency((), first_size=first, first_root=root, second_size=second, second_root=root)
        )
        assert refused is LedgerReason.SIZE_INVALID
