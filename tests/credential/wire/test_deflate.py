"""Inflation ends at its limit, at the end of its stream and at the end of its data, or it is refused."""

from __future__ import annotations

import contextlib
import gzip
import os
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import deflate
from tests.credential.wire.refusal import facts, refusal, why

TEXT = b"surname forename birth date vaccine surname forename birth date " * 6
STREAM = zlib.compress(TEXT, 9)
LIMIT = DEFAULT_LIMITS.inflated_bytes
MIB = 1 << 20


def stream(content: bytes, *, level: int = 9, window: int = zlib.MAX_WBITS, dictionary: bytes | None = None) -> bytes:
    maker = (
        zlib.compressobj(level, zlib.DEFLATED, window)
        if dictionary is None
        else zlib.compressobj(level, zlib.DEFLATED, window, zdict=dictionary)
    )
    return maker.compress(content) + maker.flush()


def bomb(mebibytes: int) -> bytes:
    """A stream of a few kilobytes that would grow to so many MiB."""
    maker = zlib.compressobj(9)
    block = bytes(MIB)
    return b"".join(maker.compress(block) for _ in range(mebibytes)) + maker.flush()


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("window", range(9, 16))
@pytest.mark.parametrize("content", [b"", b"x", TEXT, bytes(range(256)) * 20])
def test_every_level_and_window_is_read(level: int, window: int, content: bytes) -> None:
    assert deflate.inflate(stream(content, level=level, window=window)) == content


@given(st.binary(max_size=3000))
def test_content_comes_back(content: bytes) -> None:
    assert deflate.inflate(deflate.deflate(content)) == content


@pytest.mark.parametrize("flush", [zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_BLOCK])
def test_a_stream_of_several_blocks_is_read(flush: int) -> None:
    maker = zlib.compressobj(6)
    data = maker.compress(TEXT) + maker.flush(flush) + maker.compress(TEXT) + maker.flush()
    assert deflate.inflate(data) == TEXT * 2


@pytest.mark.parametrize("data", [b"", b"\x78", TEXT, b"\x78\x9d", b"\xd2\x84\x43\xa1", bytes(100), b"\x79\x9c\x03\0"])
def test_what_has_no_zlib_header_is_refused(data: bytes) -> None:
    assert why(refusal(deflate.inflate, data)) == (Stage.INFLATE, Reason.NOT_DEFLATED)


def test_gzip_and_raw_deflate_are_refused() -> None:
    raw = zlib.compress(TEXT, 9)[2:-4]
    for data in (gzip.compress(TEXT), raw):
        assert why(refusal(deflate.inflate, data)) == (Stage.INFLATE, Reason.NOT_DEFLATED)


def test_a_window_beyond_the_format_is_refused() -> None:
    header = next(0x8800 | flags for flags in range(32) if (0x8800 | flags) % 31 == 0).to_bytes(2, "big")
    assert why(refusal(deflate.inflate, header + STREAM[2:])) == (Stage.INFLATE, Reason.DEFLATE_CORRUPT)


def test_a_preset_dictionary_is_refused() -> None:
    data = stream(TEXT, dictionary=b"surname forename")
    assert why(refusal(deflate.inflate, data)) == (Stage.INFLATE, Reason.DEFLATE_DICTIONARY)


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_stream_cut_at_any_byte_is_refused(level: int) -> None:
    data = stream(TEXT, level=level)
    for length in range(2, len(data)):
        error = refusal(deflate.inflate, data[:length])
        assert facts(error) == (Stage.INFLATE, Reason.DEFLATE_TRUNCATED, {"length": length})


def test_no_changed_bit_yields_other_content() -> None:
    for bit in range(8 * len(STREAM)):
        data = bytearray(STREAM)
        data[bit // 8] ^= 1 << bit % 8
        with contextlib.suppress(DecodeError):
            assert deflate.inflate(bytes(data)) == TEXT  # a bit of padding


def test_a_wrong_checksum_is_refused() -> None:
    data = STREAM[:-1] + bytes((STREAM[-1] ^ 1,))
    assert why(refusal(deflate.inflate, data)) == (Stage.INFLATE, Reason.DEFLATE_CORRUPT)


@pytest.mark.parametrize("junk", [b"\0", b"\n", b"junk", STREAM, bytes(70_000)])
def test_whatever_follows_the_stream_is_refused(junk: bytes) -> None:
    error = refusal(deflate.inflate, STREAM + junk)
    assert facts(error) == (Stage.INFLATE, Reason.DEFLATE_TRAILING, {"trailing": len(junk)})


@pytest.mark.parametrize("level", [0, 1, 9])
@pytest.mark.parametrize("content", [bytes(LIMIT), os.urandom(LIMIT)], ids=["zeros", "noise"])
def test_content_may_fill_the_limit_exactly(level: int, content: bytes) -> None:
    assert deflate.inflate(stream(content, level=level)) == content
    error = refusal(deflate.inflate, stream(content + b"\0", level=level))
    assert facts(error) == (Stage.INFLATE, Reason.INFLATED_TOO_LARGE, {"limit": LIMIT})


@pytest.mark.parametrize("limit", [0, 1, 2, 300])
def test_the_limit_is_that_of_the_caller(limit: int) -> None:
    limits = Limits(inflated_bytes=limit)
    content = b"a" * limit
    assert deflate.inflate(stream(content), limits) == content
    assert refusal(deflate.inflate, stream(content + b"a"), limits).reason is Reason.INFLATED_TOO_LARGE


def test_junk_behind_content_that_fills_the_limit_is_still_seen() -> None:
    assert refusal(deflate.inflate, stream(bytes(LIMIT)) + b"\0").reason is Reason.DEFLATE_TRAILING
    assert refusal(deflate.inflate, stream(bytes(LIMIT))[:-1]).reason is Reason.DEFLATE_TRUNCATED


def test_a_bomb_is_refused_in_the_memory_of_the_limit() -> None:
    data = bomb(64)
    assert len(data) < MIB
    tracemalloc.start()
    try:
        error = refusal(deflate.inflate, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert facts(error) == (Stage.INFLATE, Reason.INFLATED_TOO_LARGE, {"limit": LIMIT})
    assert peak < 4 * LIMIT + len(data)
