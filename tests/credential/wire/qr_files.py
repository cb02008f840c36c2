"""Picture and PDF files for the tests of reading, made here from symbols drawn here."""

from __future__ import annotations

import io
import random
from functools import cache

import qrcode
from PIL import Image

from credential.wire.base45 import ALPHABET
from credential.wire.qr import Engine, draw


def hc1(characters: int, seed: int = 1) -> str:
    """A text as long and as mixed as an HCERT."""
    return "HC1:" + "".join(random.Random(seed).choices(ALPHABET, k=characters - 4))  # noqa: S311  (not a secret)


@cache
def _png(text: str, pixels: int) -> bytes:
    return draw(text, engine=Engine.ZXING).png(pixels_per_module=pixels)


def grey(text: str, pixels: int = 4) -> Image.Image:
    """The symbol with its quiet zone, in shades of grey."""
    return Image.open(io.BytesIO(_png(text, pixels))).convert("L")


def on_page(*symbols: Image.Image, shade: int = 255) -> Image.Image:
    """The symbols one below the other, with room around them."""
    width = max(symbol.width for symbol in symbols) * 3 // 2
    page = Image.new("L", (width, sum(symbol.height + 60 for symbol in symbols) + 60), shade)
    y = 60
    for symbol in symbols:
        page.paste(symbol, ((width - symbol.width) // 2, y))
        y += symbol.height + 60
    return page


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of that kind (a name that Pillow knows)."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def byte_mode_png(content: bytes) -> bytes:
    """A QR code of raw bytes, as many issuers write them: byte mode, no character set named."""
    symbol = qrcode.QRCode(border=4)
    symbol.add_data(content, optimize=0)
    symbol.make()
    side = len(symbol.modules) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(symbol.modules):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + 4, y + 4), 0)
    return saved(picture.resize((side * 4, side * 4), Image.Resampling.NEAREST), "PNG")


def bare_pdf(*, box: str = "0 0 72 72", trailer: str = "", objects: str = "", pages: int = 1) -> bytes:
    """A PDF of empty pages; without a cross-reference table, which readers then build."""
    kids = " ".join(f"{10 + number} 0 R" for number in range(pages))
    text = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {pages}>>endobj\n"
    )
    text += "".join(
        f"{10 + number} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]>>endobj\n" for number in range(pages)
    )
    return f"{text}{objects}trailer<</Root 1 0 R{trailer}>>\n%%EOF\n".encode()
