"""Tiles: their names, how many there are, and what a bundle of entries may look like."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import LedgerReason, Tile, decode_tile_path, tiles_of
from ledger.tiles import changed_tiles, decode_bundle, decode_tile, encode_bundle, levels_of, tile_at
from tests.ledger.parts import outcome, reason_of


class TestPaths:
    @pytest.mark.parametrize(
        ("tile", "path"),
        [
            (Tile(0, 0), "tile/0/000"),
            (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
            (Tile(1, 999, 17), "tile/1/999.p/17"),
            (Tile(2, 1_000), "tile/2/x001/000"),
            (Tile(None, 273, 112), "tile/entries/273.p/112"),
            (Tile(None, 100_000), "tile/entries/x100/000"),
        ],
    )
    def test_names_are_those_of_the_specification(self, tile: Tile, path: str) -> None:
        assert tile.path == path
        assert decode_tile_path(path) == tile

    @given(st.none() | st.integers(0, 7), st.integers(0, 2**55), st.integers(1, 256))
    def test_a_name_is_read_as_what_it_was_written_for(self, level: int | None, index: int, width: int) -> None:
        tile = Tile(level, index, width)
        assert decode_tile_path(tile.path) == tile
        assert tile.when_full().path + (f".p/{width}" if width < 256 else "") == tile.path
        assert tile.path.startswith(tile.partial_folder) is not tile.is_full

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "tile/0/0",
            "tile/0/0000",
            "tile/00/000",
            "tile/8/000",
            "tile/-1/000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/999",
            "tile/0/000.p/",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/../../checkpoint",
            "tile/entries/٠٠٠",
            "tile/0/000\n",
            "tile/0/" + "x001/" * 6 + "000",
            "tile/0/" + "x001/" * 50_000 + "000",
        ],
    )
    def test_other_paths_name_no_tile(self, path: str) -> None:
        assert reason_of(lambda: decode_tile_path(path)) is LedgerReason.TILE_PATH

    @given(st.text() | st.lists(st.sampled_from(["tile", "/", "0", "x001", "000", ".p", "17", "entries"])).map("".join))
    def test_whatever_the_path_only_a_ledger_error_leaves(self, path: str) -> None:
        assert outcome(lambda: decode_tile_path(path).path) in {path, LedgerReason.TILE_PATH}


class TestWhichTiles:
    def test_the_example_of_the_specification(self) -> None:
        """A tree of 70,000: 273 full tiles and 112 hashes at level 0, one full and 17 at level 1, 1 at level 2."""
        tiles = list(tiles_of(70_000))
        full = Counter(tile.level for tile in tiles if tile.is_full)
        assert full == {0: 273, None: 273, 1: 1}
        partial = {tile.level: (tile.index, tile.width) for tile in tiles if not tile.is_full}
        assert partial == {0: (273, 112), None: (273, 112), 1: (1, 17), 2: (0, 1)}

    def test_a_full_tile_has_a_hash_above_it(self) -> None:
        assert {tile.path for tile in tiles_of(256)} == {"tile/entries/000", "tile/0/000", "tile/1/000.p/1"}

    def test_an_empty_log_has_no_tiles(self) -> None:
        assert list(tiles_of(0)) == []
        assert levels_of(0) == 0

    @given(st.integers(0, 70_000), st.integers(0, 3_000))
    def test_growing_changes_no_tile_that_was_there(self, first: int, more: int) -> None:
        before, changed, after = (
            set(tiles_of(first)),
            set(changed_tiles(first, first + more)),
            set(tiles_of(first + more)),
        )
        assert not before & changed
        assert after <= before | changed
        assert {tile for tile in before - after if tile.is_full} == set()

    @given(st.integers(0, 2**63 - 1), st.integers(0, 7))
    def test_the_last_tile_of_a_level_has_what_is_left(self, size: int, level: int) -> None:
        items = size >> 8 * level
        if items == 0:
            assert reason_of(lambda: tile_at(level, 0, size)) is LedgerReason.SIZE_INVALID
            return
        last = tile_at(level, (items - 1) // 256, size)
        assert last.width == (items - 1) % 256 + 1
        assert level < levels_of(size)
        assert reason_of(lambda: tile_at(level, last.index + 1, size)) is LedgerReason.SIZE_INVALID
        assert reason_of(lambda: tile_at(level, -1, size)) is LedgerReason.SIZE_INVALID


class TestBundles:
    @given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
    def test_entries_are_read_as_they_were_written(self, entries: list[bytes]) -> None:
        tile = Tile(None, 0, len(entries))
        assert decode_bundle(encode_bundle(entries), tile) == tuple(entries)

    def test_an_entry_has_its_length_before_it(self) -> None:
        assert encode_bundle([b"", b"ab", b"x" * 300]) == b"\0\0" + b"\0\x02ab" + b"\x01\x2c" + b"x" * 300

    def test_an_entry_too_long_for_its_length_is_refused(self) -> None:
        assert len(encode_bundle([bytes(65_535)])) == 65_537
        assert reason_of(lambda: encode_bundle([bytes(65_536)])) is LedgerReason.ENTRY_TOO_LARGE

    @pytest.mark.parametrize("data", [b"", b"\0", b"\0\x02a", b"\0\x01ab", b"\0\x01a\0", b"\0\x01a\0\x01b"])
    def test_bundles_of_another_length_are_refused(self, data: bytes) -> None:
        assert reason_of(lambda: decode_bundle(data, Tile(None, 0, 1))) is LedgerReason.BUNDLE_SHAPE

    @given(st.binary(), st.integers(1, 256))
    def test_whatever_the_bytes_only_a_ledger_error_leaves(self, data: bytes, width: int) -> None:
        found = outcome(lambda: encode_bundle(decode_bundle(data, Tile(None, 0, width))))
        assert found in {data, LedgerReason.BUNDLE_SHAPE}

    @pytest.mark.parametrize("size", [0, 31, 33, 64, 8_192])
    def test_tiles_of_another_length_are_refused(self, size: int) -> None:
        assert reason_of(lambda: decode_tile(bytes(size), Tile(0, 0, 1))) is LedgerReason.TILE_SHAPE
