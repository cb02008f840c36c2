"""A tree read from tiles is the tree, and a changed byte anywhere is found out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import Frontier, LedgerError, LedgerReason, TileTree, hash_leaf, tiles_of
from ledger.growth import EMPTY_EDGE, grow
from ledger.tree import EMPTY_ROOT
from tests.ledger.parts import MemoryLog, NaiveTree, data_of, reason_of

LARGE = 66_100  # three levels, each with a partial tile
DATA = data_of(LARGE)
NAIVE = NaiveTree(DATA)
FOUND_OUT = {
    LedgerReason.ROOT_MISMATCH,
    LedgerReason.TILE_MISMATCH,
    LedgerReason.BUNDLE_MISMATCH,
    LedgerReason.BUNDLE_SHAPE,
}


@pytest.fixture(scope="module")
def large() -> MemoryLog:
    """A log of 66,100 entries, grown in portions."""
    log = MemoryLog()
    for end in (1, 255, 256, 257, 700, 65_535, 65_536, 65_537, LARGE):
        log.add(DATA[log.size : end])
    return log


def sized(size: int) -> MemoryLog:
    """A log of `size` entries, grown at once."""
    log = MemoryLog()
    log.add(DATA[:size])
    return log


class TestReading:
    @pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 1_000])
    def test_all_proofs_are_those_of_the_tree_in_memory(self, size: int) -> None:
        tree = sized(size).tree()
        assert tree.root == NAIVE.root(size)
        for place in range(0, size, 7):
            assert tree.inclusion_proof(place) == NAIVE.path(place, 0, size)
            assert tree.leaf(place) == hash_leaf(DATA[place])
            assert tree.consistency_proof(place + 1) == NAIVE.proof(place + 1, size)
            assert tree.root_at(place) == NAIVE.root(place)

    @given(st.integers(0, LARGE - 1))
    def test_so_they_are_in_a_log_of_three_levels(self, large: MemoryLog, place: int) -> None:
        tree = large.tree()
        assert tree.inclusion_proof(place) == NAIVE.path(place, 0, LARGE)
        assert tree.consistency_proof(place + 1) == NAIVE.proof(place + 1, LARGE)
        assert tree.root_at(place) == NAIVE.root(place)
        assert list(tree.entries(place, min(place + 3, LARGE))) == DATA[place : place + 3]

    @given(st.lists(st.integers(0, 600), max_size=6))
    def test_the_files_are_the_same_in_whatever_portions_a_log_grows(self, portions: list[int]) -> None:
        log, end = MemoryLog(), 0
        for portion in portions:
            log.add(DATA[end : end + portion])
            end += portion
        at_once = sized(end)
        assert {path: log.files[path] for path in log.needed()} == at_once.files
        assert log.edge == at_once.edge == log.tree().edge()

    def test_a_log_goes_on_from_its_files_alone(self, large: MemoryLog) -> None:
        edge = large.tree().edge()
        assert edge == large.edge
        assert edge.frontier == Frontier.of(LARGE, NAIVE.subtree)
        assert grow(edge, []).files == ()

    def test_entries_come_in_order_from_wherever_to_wherever(self, large: MemoryLog) -> None:
        tree = large.tree()
        assert list(tree.entries(0, 0)) == list(tree.entries(LARGE, LARGE)) == []
        assert list(tree.entries(250, 1_030)) == DATA[250:1_030]
        assert list(tree.entries(LARGE - 1, LARGE)) == DATA[-1:]

    @pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1), (0, LARGE + 1)])
    def test_entries_that_are_not_there_are_refused_at_once(self, large: MemoryLog, start: int, end: int) -> None:
        assert reason_of(lambda: large.tree().entries(start, end)) is LedgerReason.SIZE_INVALID

    def test_places_that_are_not_there_are_refused(self) -> None:
        tree = sized(300).tree()
        for work in (
            lambda: tree.leaf(300),
            lambda: tree.leaf(-1),
            lambda: tree.subtree(8, 1),
            lambda: tree.inclusion_proof(300),
            lambda: tree.consistency_proof(301),
            lambda: tree.root_at(301),
        ):
            assert reason_of(work) is LedgerReason.SIZE_INVALID

    def test_a_proof_reads_few_tiles(self, large: MemoryLog) -> None:
        read: list[str] = []

        def counted(path: str) -> bytes:
            read.append(path)
            return large.read(path)

        tree = TileTree(counted, LARGE, large.edge.frontier.root())
        assert len(read) == 3
        tree.inclusion_proof(12_345)
        assert len(read) == 5
        tree.inclusion_proof(12_346)
        assert len(read) == 5

    def test_an_empty_log_reads_nothing(self) -> None:
        tree = TileTree(MemoryLog().read, 0, EMPTY_ROOT)
        assert tree.edge() == EMPTY_EDGE
        assert list(tree.entries(0, 0)) == []


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    """A log of 700 entries: two full tiles and a partial one."""
    return sized(700)


class TestPartialTiles:
    def test_one_that_has_become_full_is_read_from_the_full_one(self) -> None:
        log = sized(200)
        root = log.edge.frontier.root()
        log.add(DATA[200:600])
        for path in ("tile/0/000.p/200", "tile/entries/000.p/200"):
            del log.files[path]
        old = TileTree(log.read, 200, root)
        assert list(old.entries(0, 200)) == DATA[:200]
        assert old.edge() == sized(200).edge

    def test_one_that_is_gone_for_good_is_missing_under_its_own_name(self) -> None:
        log = sized(200)
        root = log.edge.frontier.root()
        with pytest.raises(LedgerError) as caught:
            TileTree(MemoryLog().read, 200, root)
        assert (caught.value.reason, caught.value.detail["path"]) == (LedgerReason.TILE_MISSING, "tile/0/000.p/200")

    def test_a_reader_that_fails_otherwise_is_not_asked_again(self) -> None:
        asked: list[str] = []

        def broken(path: str) -> bytes:
            asked.append(path)
            raise LedgerError(LedgerReason.LOG_UNREADABLE)

        assert reason_of(lambda: TileTree(broken, 200, bytes(32))) is LedgerReason.LOG_UNREADABLE
        assert asked == ["tile/0/000.p/200"]


class TestLies:
    """Whatever file is not as it was signed: whoever reads all entries finds out."""

    @given(st.data())
    def test_a_turned_bit_is_found_out(self, log: MemoryLog, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(log.needed()))
        content = bytearray(log.files[path])
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
        assert self.reading(log, path, bytes(content)) in FOUND_OUT

    @given(st.data())
    def test_a_file_cut_or_lengthened_is_found_out(self, log: MemoryLog, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(log.needed()))
        content = log.files[path]
        other = data.draw(
            st.sampled_from([content[:-1], content + b"\0", b"", content * 2, content[: len(content) // 2]])
        )
        expected = LedgerReason.BUNDLE_SHAPE if "entries" in path else LedgerReason.TILE_SHAPE
        assert self.reading(log, path, other) is expected

    @pytest.mark.parametrize("tile", list(tiles_of(700)), ids=lambda tile: tile.path)
    def test_a_missing_file_is_missed(self, log: MemoryLog, tile: object) -> None:
        path = getattr(tile, "path", "")
        files = {name: content for name, content in log.files.items() if name != path}
        other = MemoryLog(files, log.edge)
        with pytest.raises(LedgerError) as caught:
            list(other.tree().entries(0, 700))
        assert (caught.value.reason, caught.value.detail["path"]) == (LedgerReason.TILE_MISSING, path)

    def test_two_tiles_changed_places_are_found_out(self, log: MemoryLog) -> None:
        files = log.files | {"tile/0/000": log.files["tile/0/001"], "tile/entries/000": log.files["tile/entries/001"]}
        other = MemoryLog(files, log.edge)
        assert reason_of(lambda: list(other.tree().entries(0, 700))) is LedgerReason.TILE_MISMATCH

    @staticmethod
    def reading(log: MemoryLog, path: str, content: bytes) -> LedgerReason:
        other = MemoryLog(log.files | {path: content}, log.edge)
        return reason_of(lambda: list(other.tree().entries(0, 700)))
