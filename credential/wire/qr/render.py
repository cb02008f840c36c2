"""Pictures of QR symbols: PNG (https://www.w3.org/TR/png-3/) and SVG (https://www.w3.org/TR/SVG2/).

Every module is a square of whole pixels or whole user units and nothing is smoothed, so that what a printer gets is
the symbol itself. The quiet zone is 4 modules (ISO/IEC 18004). The HCERT specification wants the printed symbol to
measure 35 to 60 mm across its diagonal; a size outside that is refused.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from html import escape
from math import sqrt

from credential.errors import EncodeError, Reason, Stage

QUIET_MODULES = 4
SIDE_MM = 42.0
"""Printed side of a symbol without its quiet zone: a diagonal of 59.4 mm."""
DIAGONAL_MM = (35.0, 60.0)
PIXELS_PER_MODULE = 8
"""At the printed size above, 470 dots per inch for a usual certificate (97 modules)."""
MAX_PIXELS_PER_MODULE = 64

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHITE_IS_ONE = bytes.maketrans(b"\x00\x01", b"10")
_DARK_RUN = re.compile(rb"\x01+")


def render_png(modules: Sequence[bytes], *, side_mm: float, pixels_per_module: int) -> bytes:
    """One-bit greyscale PNG of square rows of 0 (light) and 1 (dark); pHYs carries the printed size.

    Raises EncodeError(QR_SIZE).
    """
    _check_print_size(side_mm)
    if not 1 <= pixels_per_module <= MAX_PIXELS_PER_MODULE:
        raise EncodeError(Stage.PICTURE, Reason.QR_SIZE, pixels_per_module=pixels_per_module)
    side = (len(modules) + 2 * QUIET_MODULES) * pixels_per_module
    per_metre = round(len(modules) * pixels_per_module * 1000 / side_mm)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"IDAT", zlib.compress(_scan_lines(modules, pixels_per_module))),
            _chunk(b"IEND", b""),
        )
    )


def render_svg(modules: Sequence[bytes], *, side_mm: float, title: str) -> str:
    """SVG of square rows of 0 (light) and 1 (dark), one user unit a module, named for screen readers by `title`.

    Raises EncodeError: QR_SIZE, QR_TITLE.
    """
    _check_print_size(side_mm)
    stray = _NOT_XML.search(title)
    if stray is not None:
        raise EncodeError(Stage.PICTURE, Reason.QR_TITLE, position=stray.start())
    side = len(modules) + 2 * QUIET_MODULES
    name = escape(title)
    printed = f"{side_mm * side / len(modules):.3f}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{printed}" height="{printed}" viewBox="0 0 {side} {side}"'
        f' role="img" aria-label="{name}" shape-rendering="crispEdges"><title>{name}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_dark_runs(modules)}"/></svg>\n'
    )


def _check_print_size(side_mm: float) -> None:
    smallest, largest = DIAGONAL_MM
    if not smallest <= side_mm * sqrt(2) <= largest:
        raise EncodeError(
            Stage.PICTURE, Reason.QR_SIZE, side_mm=side_mm, smallest_diagonal_mm=smallest, largest_diagonal_mm=largest
        )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _scan_lines(modules: Sequence[bytes], pixels: int) -> bytes:
    quiet = bytes(QUIET_MODULES)
    blank = bytes(len(modules) + 2 * QUIET_MODULES)
    margin = [blank] * QUIET_MODULES
    rows = (*margin, *(quiet + row + quiet for row in modules), *margin)
    return b"".join(_module_row(row, pixels) for row in rows)


def _module_row(row: bytes, pixels: int) -> bytes:
    """The scan lines of one row of modules: the first as it is, the others by filter 2 (no change from above)."""
    digits = row.translate(_WHITE_IS_ONE)
    for digit in (b"0", b"1"):
        digits = digits.replace(digit, digit * pixels)
    line_bytes = (len(digits) + 7) // 8
    packed = int(digits.ljust(line_bytes * 8, b"0"), 2).to_bytes(line_bytes, "big")
    return b"\x00" + packed + (b"\x02" + bytes(line_bytes)) * (pixels - 1)


def _dark_runs(modules: Sequence[bytes]) -> str:
    """Path data: one rectangle for each run of dark modules in a row."""
    return "".join(
        f"M{run.start() + QUIET_MODULES} {y}h{run.end() - run.start()}v1H{run.start() + QUIET_MODULES}z"
        for y, row in enumerate(modules, start=QUIET_MODULES)
        for run in _DARK_RUN.finditer(row)
    )
