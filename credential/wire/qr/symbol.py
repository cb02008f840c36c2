"""QR symbols from HCERT text: the matrix of dark and light modules, whichever engine worked it out.

ISO/IEC 18004 in its alphanumeric mode, the mode that base45 was made for (RFC 9285), with error correction level Q
where the caller does not say otherwise: https://ec.europa.eu/health/system/files/2022-02/digital-covid-certificates_v3_en.pdf
(electronic health certificate specification, "Barcode"). Pictures of a symbol are made in `render`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from credential.errors import EncodeError, Reason, Stage
from credential.wire.qr.render import PIXELS_PER_MODULE, SIDE_MM, render_png, render_svg

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z $%*+\-./:]")


class Level(StrEnum):
    """How much damage a symbol survives: about 7, 15, 25 and 30 percent of its codewords."""

    L = "L"
    M = "M"
    Q = "Q"
    H = "H"


class Engine(StrEnum):
    """What works the symbol out; both give a symbol of the same version that holds the same text."""

    QRCODE = "qrcode"
    """Pure Python, a tenth of a second a symbol: for single pictures."""
    ZXING = "zxing-cpp"
    """Native code, a few milliseconds a symbol: where many are written."""


@dataclass(frozen=True, slots=True)
class QrSymbol:
    """One QR symbol, without its quiet zone.

    `modules` holds the rows from the top, one byte a module: 1 is dark, 0 is light. `version` is 1 to 40.
    """

    modules: tuple[bytes, ...]
    version: int
    level: Level

    def png(self, *, side_mm: float = SIDE_MM, pixels_per_module: int = PIXELS_PER_MODULE) -> bytes:
        """A black and white PNG with quiet zone; prints with the symbol `side_mm` millimetres wide.

        Raises EncodeError(QR_SIZE) for a size that the specification does not allow or a module without pixels.
        """
        return render_png(self.modules, side_mm=side_mm, pixels_per_module=pixels_per_module)

    def svg(self, *, side_mm: float = SIDE_MM, title: str = "QR code") -> str:
        """An SVG document with quiet zone; `title` is what a screen reader says.

        Raises EncodeError: QR_SIZE as for `png`, QR_TITLE for a title with characters that XML cannot hold.
        """
        return render_svg(self.modules, side_mm=side_mm, title=title)


def draw(text: str, *, level: Level = Level.Q, engine: Engine = Engine.QRCODE) -> QrSymbol:
    """The smallest QR symbol that holds `text` in alphanumeric mode at this level.

    Raises EncodeError: QR_CHARACTER for what the alphanumeric mode lacks, QR_TEXT_LENGTH for text that is empty or
    does not fit version 40.
    """
    stray = _NOT_ALPHANUMERIC.search(text)
    if stray is not None:
        raise EncodeError(Stage.PICTURE, Reason.QR_CHARACTER, position=stray.start())
    version = _smallest_version(len(text), level)
    return QrSymbol(_ENGINES[engine](text, version, level), version, level)


# Data codewords of the versions 1 to 40 (ISO/IEC 18004, table 7).
_DATA_CODEWORDS: Mapping[Level, tuple[int, ...]] = MappingProxyType(
    {
        Level.L: (
            *(19, 34, 55, 80, 108, 136, 156, 194, 232, 274, 324, 370, 428, 461, 523, 589, 647, 721, 795, 861),
            *(932, 1006, 1094, 1174, 1276, 1370, 1468, 1531, 1631, 1735),
            *(1843, 1955, 2071, 2191, 2306, 2434, 2566, 2702, 2812, 2956),
        ),
        Level.M: (
            *(16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669),
            *(714, 782, 860, 914, 1000, 1062, 1128, 1193, 1267, 1373),
            *(1455, 1541, 1631, 1725, 1812, 1914, 1992, 2102, 2216, 2334),
        ),
        Level.Q: (
            *(13, 22, 34, 48, 62, 76, 88, 110, 132, 154, 180, 206, 244, 261, 295, 325, 367, 397, 445, 485),
            *(512, 568, 614, 664, 718, 754, 808, 871, 911, 985),
            *(1033, 1115, 1171, 1231, 1286, 1354, 1426, 1502, 1582, 1666),
        ),
        Level.H: (
            *(9, 16, 26, 36, 46, 60, 66, 86, 100, 122, 140, 158, 180, 197, 223, 253, 283, 313, 341, 385),
            *(406, 442, 464, 514, 538, 596, 628, 661, 701, 745),
            *(793, 845, 901, 961, 986, 1054, 1096, 1142, 1222, 1276),
        ),
    }
)


def _capacity(codewords: int, version: int) -> int:
    """Characters that the alphanumeric mode packs into a symbol: two take 11 bits, a last one 6."""
    count_bits = 9 if version < 10 else 11 if version < 27 else 13
    pairs, rest = divmod(codewords * 8 - 4 - count_bits, 11)
    return pairs * 2 + (rest >= 6)


_CAPACITIES: Mapping[Level, tuple[int, ...]] = MappingProxyType(
    {
        level: tuple(_capacity(codewords, version) for version, codewords in enumerate(row, start=1))
        for level, row in _DATA_CODEWORDS.items()
    }
)


def _smallest_version(characters: int, level: Level) -> int:
    capacities = _CAPACITIES[level]
    if not 0 < characters <= capacities[-1]:
        raise EncodeError(Stage.PICTURE, Reason.QR_TEXT_LENGTH, characters=characters, limit=capacities[-1])
    return bisect_left(capacities, characters) + 1


def _draw_with_qrcode(text: str, version: int, level: Level) -> tuple[bytes, ...]:
    from qrcode import QRCode, constants, util  # noqa: PLC0415  (slow to import, and only writers need it)

    corrections = {
        Level.L: constants.ERROR_CORRECT_L,
        Level.M: constants.ERROR_CORRECT_M,
        Level.Q: constants.ERROR_CORRECT_Q,
        Level.H: constants.ERROR_CORRECT_H,
    }
    symbol = QRCode(version=version, error_correction=corrections[level], border=0)
    symbol.add_data(util.QRData(text.encode("ascii"), mode=util.MODE_ALPHA_NUM))
    symbol.make(fit=False)
    return tuple(bytes(row) for row in symbol.modules)


_DARK_IS_ONE = bytes([1]) + bytes(255)


def _draw_with_zxing(text: str, version: int, level: Level) -> tuple[bytes, ...]:
    import zxingcpp  # noqa: PLC0415  (slow to import, and only writers of many need it)

    # The version is given because the engine would save bits on long runs of digits and sometimes reach a smaller one.
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level.value, version=version)
    image: Any = barcode.to_image(scale=1, add_quiet_zones=False)  # a buffer, which its stub does not say
    dark = memoryview(image).tobytes().translate(_DARK_IS_ONE)
    side = 17 + 4 * version
    return tuple(dark[start : start + side] for start in range(0, len(dark), side))


_ENGINES: Mapping[Engine, Callable[[str, int, Level], tuple[bytes, ...]]] = MappingProxyType(
    {Engine.QRCODE: _draw_with_qrcode, Engine.ZXING: _draw_with_zxing}
)
