"""QR codes both ways (ISO/IEC 18004): `draw` makes a symbol, `read_picture` finds the texts in a picture or PDF."""

from __future__ import annotations

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.qr.symbol import Engine, Level, QrSymbol, draw

__all__ = ["Engine", "Level", "QrSymbol", "draw", "read_picture"]


def read_picture(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """Texts of the QR, Aztec and DataMatrix codes in a PNG, JPEG, GIF, BMP, TIFF, WebP or PDF; () when there is none.

    Page by page, from the top of each page; a text that occurs again is given once. Text is exact; bytes that are
    neither UTF-8 nor in a character set that the code names are given as one character (U+0000 to U+00FF) a byte.

    Raises `DecodeError` at stage `picture`: PICTURE_UNKNOWN (no such file format), PICTURE_BROKEN, PDF_BROKEN,
    PDF_ENCRYPTED, and PICTURE_TOO_LARGE when one of `limits` is passed (detail: bytes, pixels, frames or pages).
    """
    from credential.wire.qr.read import texts_in  # noqa: PLC0415  (imaging libraries, which most work does not need)

    return texts_in(data, limits)
