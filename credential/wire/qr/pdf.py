"""PDF pages as grey pictures, rendered by PDFium.

PDFium may be used by one thread at a time only, so one reader of a PDF waits for another. It is native code on
untrusted bytes: what bounds it here is the size of the file, the number of pages and the pixels of a rendering.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import ceil, isfinite, sqrt
from threading import Lock
from typing import Any

from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, raw

from credential.errors import DecodeError, Reason, Stage
from credential.limits import Limits
from credential.wire.qr.pictures import check_size

# A symbol of 25 mm reads from 200 dots per inch, one of 42 mm from 150.
_DOTS_PER_POINT = 200 / 72

_PDFIUM = Lock()


@dataclass(frozen=True, slots=True)
class Page:
    """One page; usable while `pages` stands on it."""

    page: Any  # pypdfium2.PdfPage, which comes without types
    number: int
    dots_per_point: float
    pixels: int
    """Pixels of the page at factor 1."""

    def at(self, factor: float) -> Image.Image:
        """The page rendered at `factor` times 200 dots per inch, less where the page is huge."""
        with _typed_errors(self.number):
            bitmap = self.page.render(scale=self.dots_per_point * factor, grayscale=True)
        with closing(bitmap):
            size = (bitmap.width, bitmap.height)
            return Image.frombytes("L", size, bytes(bitmap.buffer), "raw", "L", bitmap.stride)


def pages(data: bytes, limits: Limits, work_pixels: int) -> Generator[Page, None, None]:
    """The pages of a PDF, each closed when the next one is asked for. Close the iterator when leaving it early.

    A page is made smaller than 200 dots per inch where it would pass `limits.picture_pixels` or its share of
    `work_pixels`. Raises `DecodeError` at stage `picture`: PDF_ENCRYPTED (a password is needed), PDF_BROKEN,
    PICTURE_TOO_LARGE for more than `limits.pdf_pages`.
    """
    with _PDFIUM, closing(_open(data)) as document:
        count = len(document)
        if count > limits.pdf_pages:
            raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, pages=count, limit=limits.pdf_pages)
        allowed = min(limits.picture_pixels, work_pixels // (2 * count))
        for number in range(count):
            with _typed_errors(number):
                page = document[number]
            with closing(page):
                yield _measured(page, number, allowed)


def _open(data: bytes) -> Any:
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        encrypted = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise DecodeError(Stage.PICTURE, Reason.PDF_ENCRYPTED if encrypted else Reason.PDF_BROKEN) from None


@contextmanager
def _typed_errors(number: int) -> Iterator[None]:
    try:
        yield
    except PdfiumError:
        raise DecodeError(Stage.PICTURE, Reason.PDF_BROKEN, page=number + 1) from None
    except MemoryError:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, page=number + 1) from None


def _measured(page: Any, number: int, allowed_pixels: int) -> Page:
    width, height = page.get_size()
    if not (isfinite(width * height) and width > 0 and height > 0):
        raise DecodeError(Stage.PICTURE, Reason.PDF_BROKEN, page=number + 1)
    scale = min(_DOTS_PER_POINT, sqrt(allowed_pixels / (width * height)))
    size = ceil(width * scale), ceil(height * scale)
    # Rounding up to whole pixels adds little, but for a strip of a page that is thinner than a pixel.
    check_size(size, 2 * allowed_pixels)
    return Page(page, number, scale, size[0] * size[1])
