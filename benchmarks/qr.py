"""QR writing by each engine, and reading: rates and ratios from one interleaved run.

The symbols are those of usual certificates: 624 characters in alphanumeric mode at level Q, version 19.
"""

from __future__ import annotations

import io
import itertools
import random
import statistics
from collections.abc import Callable, Iterator

import zxingcpp
from PIL import Image

from benchmarks.measure import Contender, Row, median_ratio, rates
from credential.wire.base45 import ALPHABET
from credential.wire.qr import Engine, draw, read_picture

CHARACTERS = 624
# Items in one turn: enough that a turn takes some tenths of a second, but for the slow engine.
_SLICES = {"qrcode": 4, "zxing-cpp": 40, "bare zxing-cpp": 40, "render": 60, "read": 40, "bare read": 40, "PDF": 4}


def run(rounds: int) -> list[Row]:
    """Rates and ratios of `rounds` rounds in which all take their turn."""
    texts = _texts(64)
    found = rates(_writers(texts) | _readers(texts), rounds)
    rows = [Row(name, statistics.median(values), "/s") for name, values in found.items()]
    ratios = (
        ("PNG by zxing-cpp ÷ PNG by qrcode", "write PNG, zxing-cpp", "write PNG, qrcode"),
        ("our PNG ÷ PNG by zxing-cpp and Pillow", "write PNG, zxing-cpp", "write PNG, bare zxing-cpp and Pillow"),
        ("our SVG ÷ SVG by zxing-cpp", "write SVG, zxing-cpp", "write SVG, bare zxing-cpp"),
        ("our reading ÷ bare zxing-cpp on Pillow", "read PNG", "read PNG, bare zxing-cpp and Pillow"),
    )
    return rows + [Row(name, median_ratio(found[ours], found[other]), "ratio") for name, ours, other in ratios]


def _texts(count: int) -> list[str]:
    chance = random.Random(19)  # noqa: S311  (not a secret)
    return ["HC1:" + "".join(chance.choices(ALPHABET, k=CHARACTERS - 4)) for _ in range(count)]


def _turn(items: Iterator[object], count: int, work: Callable[..., object]) -> Contender:
    def contender() -> int:
        for item in itertools.islice(items, count):
            work(item)
        return count

    return contender


def _writers(texts: list[str]) -> dict[str, Contender]:
    def each(count: int, work: Callable[[str], object]) -> Contender:
        return _turn(itertools.cycle(texts), count, work)

    symbol = draw(texts[0], engine=Engine.ZXING)
    symbols = itertools.repeat(symbol)
    return {
        "write PNG, qrcode": each(_SLICES["qrcode"], lambda text: draw(text).png()),
        "write PNG, zxing-cpp": each(_SLICES["zxing-cpp"], lambda text: draw(text, engine=Engine.ZXING).png()),
        "write SVG, zxing-cpp": each(_SLICES["zxing-cpp"], lambda text: draw(text, engine=Engine.ZXING).svg()),
        "draw symbol, zxing-cpp": each(_SLICES["zxing-cpp"], lambda text: draw(text, engine=Engine.ZXING)),
        "render PNG of a symbol": _turn(symbols, _SLICES["render"], lambda item: item.png()),
        "render SVG of a symbol": _turn(symbols, _SLICES["render"], lambda item: item.svg()),
        "write PNG, bare zxing-cpp and Pillow": each(_SLICES["bare zxing-cpp"], _bare_png),
        "write SVG, bare zxing-cpp": each(_SLICES["bare zxing-cpp"], lambda text: _bare_symbol(text).to_svg()),
    }


def _readers(texts: list[str]) -> dict[str, Contender]:
    pictures = [draw(text, engine=Engine.ZXING).png(pixels_per_module=4) for text in texts]
    pages = [_pdf(picture) for picture in pictures[:8]]
    assert all(read_picture(picture) == (text,) for picture, text in zip(pictures, texts, strict=True))
    return {
        "read PNG": _turn(itertools.cycle(pictures), _SLICES["read"], read_picture),
        "read PNG, bare zxing-cpp and Pillow": _turn(itertools.cycle(pictures), _SLICES["bare read"], _bare_read),
        "read PDF page": _turn(itertools.cycle(pages), _SLICES["PDF"], read_picture),
    }


def _bare_symbol(text: str) -> zxingcpp.Barcode:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")


def _bare_png(text: str) -> bytes:
    image = memoryview(_bare_symbol(text).to_image(scale=8))  # type: ignore[arg-type]  # a buffer, unknown to its stub
    assert image.shape is not None
    height, width = image.shape
    file = io.BytesIO()
    Image.frombytes("L", (width, height), image.tobytes()).save(file, "PNG")
    return file.getvalue()


_BARE_FORMATS = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Aztec, zxingcpp.BarcodeFormat.DataMatrix]
)


def _bare_read(data: bytes) -> list[str]:
    with Image.open(io.BytesIO(data)) as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"), formats=_BARE_FORMATS)]


def _pdf(png: bytes) -> bytes:
    """An A4 page with the symbol on it in print size."""
    page = Image.new("L", (1654, 2339), 255)
    with Image.open(io.BytesIO(png)) as symbol:
        page.paste(symbol.convert("L"), (600, 400))
    file = io.BytesIO()
    page.save(file, "PDF", resolution=200)
    return file.getvalue()
