"""Texts of the QR, Aztec and DataMatrix codes in a picture or a PDF.

zxing-cpp turns, shrinks and inverts a picture by itself. What it still does not read is tried again in other shapes,
in the order of a table that was measured on degraded pictures of certificates. With all formats allowed it finds
linear codes in the pattern of a QR code, hence the three formats.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

import zxingcpp
from PIL import ImageFilter, ImageOps
from PIL.Image import Image, Resampling

from credential.errors import DecodeError, Reason, Stage
from credential.limits import Limits
from credential.wire.qr.pictures import PICTURE_SIGNATURES, frames

_WORK_FACTOR = 8
"""Pixels that all pages of a file together may have at first sight, and again in further attempts: this many times
`Limits.picture_pixels`. Time and memory are in proportion to them."""

_ENLARGED_PIXELS = 16_000_000
"""Pixels up to which a picture is enlarged; beyond them a code has pixels enough."""

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


def texts_in(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Texts of the codes in a picture or PDF; see `credential.wire.qr.read_picture`."""
    if len(data) > limits.picture_bytes:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, bytes=len(data), limit=limits.picture_bytes)
    work_pixels = _WORK_FACTOR * limits.picture_pixels
    texts: dict[str, None] = {}
    for attempts in (_FIRST, _FURTHER):
        # The further attempts open the file anew: to keep all its pages for them would take the memory of all.
        with closing(_pages(data, limits, work_pixels)) as pages:
            texts |= dict.fromkeys(_read_pages(pages, attempts, work_pixels))
        if texts:
            break
    return tuple(texts)


def _pages(data: bytes, limits: Limits, work_pixels: int) -> Generator[_Page, None, None]:
    if _PDF_MARKER not in data[:_PDF_MARKER_WITHIN] or data.startswith(PICTURE_SIGNATURES):
        return frames(data, limits, work_pixels)
    from credential.wire.qr.pdf import pages  # noqa: PLC0415  (PDFium is slow to load; few files are PDFs)

    return pages(data, limits, work_pixels)


def _read_pages(pages: Iterable[_Page], attempts: Sequence[_Attempt], work_pixels: int) -> Iterator[str]:
    """Texts of each page by the first attempt that finds any, until the pixels looked at are too many."""
    for page in pages:
        for attempt in attempts:
            pixels = round(page.pixels * attempt.factor**2)
            if attempt.factor > 1 and pixels > _ENLARGED_PIXELS:
                continue
            work_pixels -= pixels
            if work_pixels < 0:
                return
            texts = _look(page, attempt)
            if texts:
                yield from texts
                break


def _look(page: _Page, attempt: _Attempt) -> list[str]:
    picture = page.at(attempt.factor)
    return _texts(attempt.change(picture) if attempt.change else picture)


def _texts(picture: Image) -> list[str]:
    """Texts of the codes in a grey picture, from the top."""
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
    return picture.rotate(30, Resampling.BICUBIC, expand=True, fillcolor=255)


_FIRST = (_Attempt(),)
# In the order of what each still gained on 268 degraded pictures: 36, 9, 4, 4 and 1 of those that were left.
_FURTHER = (
    _Attempt(change=_stretch),
    _Attempt(2, _stretch),
    _Attempt(2, _sharpen),
    _Attempt(change=_soften),
    _Attempt(4),
    _Attempt(2, _tilt),
)
