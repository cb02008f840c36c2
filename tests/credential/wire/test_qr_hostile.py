"""Broken, oversized and made-up picture files: each is refused by a typed error that names the reason, or read."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.qr import read_picture
from tests.credential.wire.qr_files import bare_pdf, grey, hc1, saved

TEXT = hc1(60)
REASONS = {
    Reason.PICTURE_UNKNOWN,
    Reason.PICTURE_BROKEN,
    Reason.PICTURE_TOO_LARGE,
    Reason.PDF_BROKEN,
    Reason.PDF_ENCRYPTED,
}
# Small enough that a fuzzed file which asks for a large canvas is answered at once.
FUZZ_LIMITS = replace(DEFAULT_LIMITS, picture_pixels=40_000, pdf_pages=3)
ENCRYPTED = "4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>endobj\n"


def refused(data: bytes, limits: Limits = DEFAULT_LIMITS) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        read_picture(data, limits)
    assert caught.value.stage is Stage.PICTURE
    return caught.value


def png_of_size(width: int, height: int, content: bytes = b"not even deflated") -> bytes:
    """A PNG header of that size before pixel data that cannot be unpacked."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", content), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HC1:6BFOXN",
        b"\x00" * 64,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"P5 2 2 255 \x00\x00\x00\x00",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\x04\x00\x00\x00WAVE",
    ],
)
def test_what_is_no_picture_is_named_so(data: bytes) -> None:
    assert refused(data).reason is Reason.PICTURE_UNKNOWN


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_file_cut_in_the_middle_is_named_broken_or_unknown(kind: str) -> None:
    whole = saved(grey(TEXT, 8).convert("RGB"), kind)
    assert refused(whole[: len(whole) // 2]).reason in {Reason.PICTURE_BROKEN, Reason.PICTURE_UNKNOWN}


def test_pixel_data_that_cannot_be_unpacked_is_named_broken() -> None:
    assert refused(png_of_size(40, 40)).reason is Reason.PICTURE_BROKEN


@pytest.mark.parametrize("side", [6_400, 10_000, 14_000, 65_000, 2**31 - 1])
def test_the_size_is_refused_before_a_pixel_is_unpacked(side: int) -> None:
    """Sizes on both sides of the two bounds that Pillow has; unpacking would have ended in PICTURE_BROKEN."""
    assert refused(png_of_size(side, side)).reason is Reason.PICTURE_TOO_LARGE


@pytest.mark.parametrize(
    ("kind", "at", "form", "side"),
    [("GIF", 6, "<HH", 60_000), ("BMP", 18, "<ii", 30_000), ("WEBP", 26, "<HH", 16_383)],
)
def test_other_formats_too_are_refused_by_their_header(kind: str, at: int, form: str, side: int) -> None:
    data = patched(saved(grey(TEXT), kind), at, struct.pack(form, side, side))
    assert refused(data).reason is Reason.PICTURE_TOO_LARGE


@pytest.mark.parametrize("size", [(37_000_000, 1), (1, 70_000), (65_536, 100)])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_picture_longer_than_the_engine_takes_is_refused(size: tuple[int, int], kind: str) -> None:
    error = refused(saved(Image.new("1", size), kind))
    assert (error.reason, error.detail["side"]) == (Reason.PICTURE_TOO_LARGE, max(size))


def test_a_bomb_of_highly_packed_rows_is_refused_by_its_size() -> None:
    bomb = png_of_size(30_000, 30_000, zlib.compress(bytes(10_000_000), 9))
    assert len(bomb) < 20_000
    error = refused(bomb)
    assert error.reason is Reason.PICTURE_TOO_LARGE


def test_every_limit_is_kept_and_named() -> None:
    file = saved(grey(TEXT), "PNG")
    exact = replace(DEFAULT_LIMITS, picture_bytes=len(file), picture_pixels=grey(TEXT).width ** 2)
    assert read_picture(file, exact) == (TEXT,)
    error = refused(file, replace(exact, picture_bytes=len(file) - 1))
    assert (error.reason, error.detail["bytes"]) == (Reason.PICTURE_TOO_LARGE, len(file))
    error = refused(file, replace(exact, picture_pixels=exact.picture_pixels - 1))
    assert (error.reason, error.detail["pixels"]) == (Reason.PICTURE_TOO_LARGE, exact.picture_pixels)


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "WEBP", "PNG"])
def test_frames_are_counted(kind: str) -> None:
    shades = [Image.new("L", (20, 20), shade) for shade in (10, 90, 170, 250)]
    file = saved(shades[0], kind, save_all=True, append_images=shades[1:])
    assert read_picture(file, replace(DEFAULT_LIMITS, pdf_pages=4)) == ()
    error = refused(file, replace(DEFAULT_LIMITS, pdf_pages=3))
    assert (error.reason, error.detail["limit"]) == (Reason.PICTURE_TOO_LARGE, 3)


def test_the_pixels_of_all_frames_together_are_bounded() -> None:
    frames = [Image.new("1", (100, 100), shade % 2) for shade in range(12)]
    file = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert refused(file, replace(DEFAULT_LIMITS, picture_pixels=10_000)).reason is Reason.PICTURE_TOO_LARGE
    assert read_picture(file, replace(DEFAULT_LIMITS, picture_pixels=20_000)) == ()


def test_an_encrypted_pdf_is_named_so() -> None:
    locked = bare_pdf(trailer="/Encrypt 4 0 R/ID[<00><00>]", objects=ENCRYPTED)
    assert refused(locked).reason is Reason.PDF_ENCRYPTED
    foreign = bare_pdf(trailer="/Encrypt 4 0 R", objects="4 0 obj<</Filter/Other/V 9>>endobj\n")
    assert refused(foreign).reason is Reason.PDF_ENCRYPTED


@pytest.mark.parametrize("data", [b"%PDF-", b"%PDF-1.7\nnothing", b"junk %PDF-1.4 junk", bare_pdf(pages=0)])
def test_a_broken_pdf_is_named_so(data: bytes) -> None:
    assert refused(data).reason is Reason.PDF_BROKEN


def test_a_page_that_is_missing_is_named() -> None:
    data = bare_pdf(pages=2).replace(b"11 0 obj<</Type/Page/", b"11 0 obj<</Type/Font/")
    error = refused(data)
    assert (error.reason, error.detail["page"]) == (Reason.PDF_BROKEN, 2)


def test_pages_of_a_pdf_are_counted() -> None:
    assert read_picture(bare_pdf(pages=50)) == ()
    error = refused(bare_pdf(pages=51))
    assert (error.reason, error.detail["pages"]) == (Reason.PICTURE_TOO_LARGE, 51)


def test_a_huge_page_is_rendered_smaller_and_still_read() -> None:
    symbol = grey(TEXT, 8)
    poster = saved(symbol, "PDF", resolution=symbol.width / 100)
    assert read_picture(poster) == (TEXT,)
    assert read_picture(poster, replace(DEFAULT_LIMITS, picture_pixels=100_000)) == (TEXT,)


def test_a_page_that_is_a_thin_strip_is_refused() -> None:
    strip = bare_pdf(box="0 0 900000000 0.0001")
    assert refused(strip).reason is Reason.PICTURE_TOO_LARGE


def test_a_page_longer_than_the_engine_takes_is_refused() -> None:
    error = refused(bare_pdf(box="0 0 72000 72"))
    assert (error.reason, error.detail["side"]) == (Reason.PICTURE_TOO_LARGE, 200_000)


@pytest.mark.parametrize("box", ["0 0 0 0", "0 0 -5 -5", "0 0 nan 5", "", "1 2", "0 0 99999999999999999999 5"])
def test_odd_page_boxes_are_rendered_or_refused(box: str) -> None:
    assert outcome(bare_pdf(box=box)) in {(), *REASONS}


def outcome(data: bytes, limits: Limits = DEFAULT_LIMITS) -> object:
    """The texts, or the reason of a typed error; any other exception is a failed test."""
    try:
        return read_picture(data, limits)
    except DecodeError as error:
        return error.reason if error.stage is Stage.PICTURE else error


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data: bytes) -> None:
    assert outcome(data, FUZZ_LIMITS) in {(), *REASONS}


STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"RIFF\x90\x01\x00\x00WEBP",
    b"%PDF-1.7\n",
)


@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_random_bytes_after_a_good_start_are_refused(start: bytes, data: bytes) -> None:
    assert outcome(start + data, FUZZ_LIMITS) in {(), *REASONS}


def several(kind: str, **options: object) -> bytes:
    return saved(grey(TEXT, 2), kind, save_all=True, append_images=[Image.new("L", grey(TEXT, 2).size, 90)], **options)


SEEDS = {
    "png": saved(grey(TEXT, 2), "PNG"),
    "palette": saved(grey(TEXT, 2).convert("P"), "PNG", transparency=b"\xff\x80\x00"),
    "frames": several("PNG"),
    "deep": saved(grey(TEXT, 2).convert("I").convert("I;16"), "PNG"),
    "jpeg": saved(grey(TEXT, 2), "JPEG"),
    "cmyk": saved(grey(TEXT, 2).convert("CMYK"), "JPEG", progressive=True),
    "mpo": several("MPO"),
    "gif": several("GIF"),
    "bmp": saved(grey(TEXT, 2).convert("P"), "BMP"),
    "tiff": several("TIFF"),
    "lzw": saved(grey(TEXT, 2).convert("RGBA"), "TIFF", compression="tiff_lzw"),
    "fax": saved(grey(TEXT, 2).convert("1"), "TIFF", compression="group4"),
    "float": saved(grey(TEXT, 2).convert("F"), "TIFF"),
    "webp": several("WEBP", lossless=True),
    "pdf": saved(grey(TEXT, 2).convert("1"), "PDF"),
    "empty pdf": bare_pdf(pages=2),
}
edits = st.lists(st.tuples(st.integers(0, 2**16), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6)


@pytest.mark.parametrize("seed", SEEDS)
@given(edits=edits, cut=st.none() | st.integers(0, 2**16))
def test_damaged_files_are_read_or_refused(seed: str, edits: list[tuple[int, bytes]], cut: int | None) -> None:
    data = SEEDS[seed]
    for at, new in edits:
        data = patched(data, at % len(data), new)
    if cut is not None:
        data = data[: cut % len(data)]
    found = outcome(data, FUZZ_LIMITS)
    assert isinstance(found, tuple) or found in REASONS


@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 63), st.binary(min_size=4, max_size=4))
def test_damaged_headers_are_read_or_refused(seed: str, at: int, new: bytes) -> None:
    found = outcome(patched(SEEDS[seed], at, new), FUZZ_LIMITS)
    assert isinstance(found, tuple) or found in REASONS
