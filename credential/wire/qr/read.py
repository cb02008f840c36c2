"""Texts of the QR, Aztec and DataMatrix codes in a picture or a PDF.

zxing-cpp turns, shrinks and inverts a picture by itself. What it still does not read is tried again in other shapes,
in the order of a table that was measured on degraded pictures of certificates. With all formats allowed it finds
linear codes in the pattern of a QR code, hence the three formats.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from math import sqrt
from typing import Any, Protocol

import zxingcpp
from PIL import ImageFilter, ImageOps
from PIL.Image import Image, Resampling

from credential.errors import DecodeError, Reason, Stage
from credential.limits import Limits
from credential.wire.qr.pictures import MOST_SIDE, PICTURE_SIGNATURES, frames

_LOOKED_AT_PIXELS = 9_000_000
"""Larger pictures are shrunk to this, and smaller ones not enlarged beyond it: an A4 page at 300 dots per inch. The
time of zxing-cpp grows faster than the number of things that look like the corner of a QR code."""

_PDF_MARKER = b"%PDF-"
_PDF_MARKER_WITHIN = 1024
"""Bytes of a file among which readers look for the marker."""

_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCodeModel2,
        zxingcpp.BarcodeFormat.AztecCode,
        zxingcpp.BarcodeFormat.DataMatrix,
    ]
)


class _Page(Protocol):
    @property
    def pixels(self) -> int: ...

    def at(self, factor: float) -> Image: ...


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to look at a page: its sides times `factor`, then a change."""

    factor: float = 1
    change: Callable[[Image], Image] | None = None


@dataclass(frozen=True, slots=True)
class _Round:
    """Attempts that each page gets until one of them finds a text. Time is in proportion to the pixels looked at."""

    attempts: tuple[_Attempt, ...]
    work: int
    """Pixels looked at in all pages of a file, in units of `Limits.picture_pixels`; then the round is over."""


def texts_in(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Texts of the codes in a picture or PDF; see `credential.wire.qr.read_picture`."""
    if len(data) > limits.picture_bytes:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, bytes=len(data), limit=limits.picture_bytes)
    texts: dict[str, None] = {}
    for round_ in (_FIRST, _FURTHER):
        # The second round opens the file anew: to keep all its pages in between would take the memory of all.
        with closing(_pages(data, limits)) as pages:
            texts |= dict.fromkeys(_read_pages(pages, round_, round_.work * limits.picture_pixels))
        if texts:
            break
    return tuple(texts)


def _pages(data: bytes, limits: Limits) -> Generator[_Page, None, None]:
    """The pages; together they have no more pixels than the first round may look at, so it looks at all of them."""
    work_pixels = _FIRST.work * limits.picture_pixels
    if _PDF_MARKER not in data[:_PDF_MARKER_WITHIN] or data.startswith(PICTURE_SIGNATURES):
        return frames(data, limits, work_pixels)
    from credential.wire.qr.pdf import pages  # noqa: PLC0415  (PDFium is slow to load; few files are PDFs)

    return pages(data, limits, work_pixels)


def _read_pages(pages: Iterable[_Page], round_: _Round, work_pixels: float) -> Iterator[str]:
    for page in pages:
        largest = sqrt(_LOOKED_AT_PIXELS / page.pixels)
        for attempt in round_.attempts:
            if attempt.factor > max(largest, 1):
                continue
            factor = min(attempt.factor, largest)
            work_pixels -= page.pixels * factor**2
            if work_pixels < 0:
                return
            texts = _look(page.at(factor), attempt.change)
            if texts:
                yield from texts
                break


def _look(picture: Image, change: Callable[[Image], Image] | None) -> list[str]:
    """Texts of the codes in a grey picture, from the top."""
    if change is not None:
        picture = change(picture)
    if max(picture.size) > MOST_SIDE:  # by enlarging a long strip
        return []
    grey = memoryview(picture.tobytes()).cast("B", (picture.height, picture.width))
    found = zxingcpp.read_barcodes(grey, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
    return [_exact_text(barcode) for barcode in sorted(found, key=_top_left)]


def _top_left(barcode: Any) -> tuple[int, int]:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return min(corner.y for corner in corners), min(corner.x for corner in corners)


def _exact_text(barcode: Any) -> str:
    if barcode.content_type != zxingcpp.ContentType.Binary:
        return str(barcode.text)
    try:
        return bytes(barcode.bytes).decode("utf-8")
    except UnicodeDecodeError:
        return bytes(barcode.bytes).decode("latin-1")


def _stretch(picture: Image) -> Image:
    """Faint or dark pictures: the full range of greys, without the outermost percent."""
    return ImageOps.autocontrast(picture, cutoff=1)


def _sharpen(picture: Image) -> Image:
    """Pictures out of focus."""
    return picture.filter(ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0))


def _soften(picture: Image) -> Image:
    """Grainy pictures."""
    return picture.filter(ImageFilter.GaussianBlur(1))


def _tilt(picture: Image) -> Image:
    """Other lines of pixels through a code that is bent or lies askew."""
    if max(picture.size) > 3 * min(picture.size):  # turning a strip would make a huge square of it
        return picture
    return picture.rotate(30, Resampling.BICUBIC, expand=True, fillcolor=255)


_FIRST = _Round((_Attempt(),), work=8)
# Of 568 degraded pictures the first round read 295 and these 101 more, each row some that those above it did not (but
# sharpening at the same size, which is for pictures too large to be enlarged).
_FURTHER = _Round(
    (
        _Attempt(change=_stretch),
        _Attempt(1.5, _stretch),
        _Attempt(2, _stretch),
        _Attempt(2, _sharpen),
        _Attempt(change=_sharpen),
        _Attempt(change=_soften),
        _Attempt(3),
        _Attempt(4),
        _Attempt(2, _tilt),
    ),
    work=4,
)
