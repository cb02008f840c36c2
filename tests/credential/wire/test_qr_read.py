"""Reading codes out of pictures and PDFs: every format, hard pictures, and exactly the text that the code holds."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from credential.wire.qr import Engine, draw, read_picture
from tests.credential.wire.qr_files import bare_pdf, byte_mode_png, grey, hc1, on_page, saved

TEXT = hc1(549)
OTHER = hc1(420, seed=2)
FORMATS = ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PDF"]


def two_tone(dark: object, light: object, mode: str) -> Image.Image:
    """The symbol in two colours of a mode; dark is where its modules are."""
    symbol = grey(TEXT)
    picture = Image.new(mode, symbol.size, light)  # type: ignore[arg-type]
    picture.paste(dark, mask=ImageOps.invert(symbol).convert("1"))  # type: ignore[arg-type]
    return picture


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read(kind: str) -> None:
    assert read_picture(saved(grey(TEXT), kind)) == (TEXT,)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_without_a_code_gives_no_text(kind: str) -> None:
    assert read_picture(saved(Image.new("L", (120, 90), 200), kind)) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 400), (400, 1), (60_000, 2), (140, 64_000)])
def test_a_tiny_or_thin_picture_gives_no_text(size: tuple[int, int]) -> None:
    assert read_picture(saved(Image.new("1", size), "PNG")) == ()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_colour_mode_of_png_is_read(mode: str) -> None:
    assert read_picture(saved(grey(TEXT).convert(mode), "PNG")) == (TEXT,)


def test_cmyk_photographs_are_read() -> None:
    assert read_picture(saved(grey(TEXT).convert("CMYK"), "JPEG", quality=60)) == (TEXT,)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I"), ("TIFF", "F")])
@pytest.mark.parametrize("darkest", [0, 300])
def test_samples_of_more_than_eight_bits_are_read(kind: str, mode: str, darkest: int) -> None:
    values = [darkest + value * 200 for value in grey(TEXT).tobytes()]
    picture = Image.new("I", grey(TEXT).size)
    picture.putdata(values)
    deep = picture.convert(mode) if mode != "I" else picture
    assert read_picture(saved(deep, kind)) == (TEXT,)


def test_one_deep_colour_everywhere_gives_no_text() -> None:
    assert read_picture(saved(Image.new("I;16", (50, 50), 40_000), "PNG")) == ()


@pytest.mark.parametrize(
    ("dark", "light"),
    [
        ((0, 0, 0, 255), (0, 0, 0, 0)),
        ((255, 255, 255, 255), (255, 255, 255, 0)),
        ((255, 255, 255, 255), (0, 0, 0, 0)),
        ((240, 240, 240, 255), (0, 0, 0, 0)),
        ((0, 0, 0, 200), (255, 255, 255, 200)),
    ],
)
def test_codes_on_a_transparent_ground_are_read(dark: tuple[int, ...], light: tuple[int, ...]) -> None:
    assert read_picture(saved(two_tone(dark, light, "RGBA"), "PNG")) == (TEXT,)


def test_a_palette_with_transparency_is_read() -> None:
    picture = two_tone(0, 1, "P")
    picture.putpalette([0, 0, 0, 255, 255, 255])
    assert read_picture(saved(picture, "PNG", transparency=b"\xff\x00")) == (TEXT,)


DEGRADED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda page: page,
    "turned": lambda page: page.rotate(17, Image.Resampling.BICUBIC, expand=True, fillcolor=200),
    "upside down": lambda page: page.rotate(180),
    "mirrored": ImageOps.mirror,
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(1.5)),
    "dark": lambda page: page.point(lambda value: value * 0.1),
    "inverted": ImageOps.invert,
    "half size": lambda page: page.reduce(2),
    "poor JPEG": lambda page: Image.open(io.BytesIO(saved(page, "JPEG", quality=8))),
    "shadow": lambda page: Image.composite(page, page.point(lambda value: value * 0.2), _shade(page.size)),
    "faint": lambda page: page.point(lambda value: 240 + value * 12 / 255),
    "almost black": lambda page: page.point(lambda value: value * 12 / 255),
    "out of focus": lambda page: page.filter(ImageFilter.GaussianBlur(2.3)),
    "small and soft": lambda page: page.resize((page.width * 2 // 5, page.height * 2 // 5), Image.Resampling.BILINEAR),
    "grainy": lambda page: Image.blend(page, _grain(page.size), 0.55),
    "tiny and askew": lambda page: _tiny(page.rotate(3, Image.Resampling.BICUBIC, fillcolor=200)),
}
BEYOND_BARE_ZXING = {"faint", "almost black", "out of focus", "grainy", "tiny and askew"}


def _grain(size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))  # noqa: S311  (not a secret)


def _tiny(page: Image.Image) -> Image.Image:
    """A little more than one pixel a module."""
    return page.resize((page.width * 3 // 10, page.height * 3 // 10), Image.Resampling.BILINEAR)


def _shade(size: tuple[int, int]) -> Image.Image:
    return Image.linear_gradient("L").resize(size)


@pytest.mark.parametrize("name", DEGRADED)
def test_hard_pictures_are_read(name: str) -> None:
    page = DEGRADED[name](on_page(grey(TEXT), shade=200))
    assert read_picture(saved(page.convert("L"), "PNG")) == (TEXT,)


@pytest.mark.parametrize("name", sorted(BEYOND_BARE_ZXING))
def test_further_attempts_read_what_the_engine_alone_does_not(name: str) -> None:
    page = DEGRADED[name](on_page(grey(TEXT), shade=200)).convert("L")
    assert zxingcpp.read_barcodes(page) == []
    assert read_picture(saved(page, "PNG")) == (TEXT,)


def test_two_codes_in_one_picture_are_read_from_the_top() -> None:
    assert read_picture(saved(on_page(grey(TEXT), grey(OTHER)), "PNG")) == (TEXT, OTHER)
    assert read_picture(saved(on_page(grey(OTHER), grey(TEXT)), "PNG")) == (OTHER, TEXT)


def test_a_text_that_stands_twice_is_given_once() -> None:
    assert read_picture(saved(on_page(grey(TEXT), grey(TEXT)), "PNG")) == (TEXT,)


@pytest.mark.parametrize("kind", ["PDF", "TIFF", "GIF", "WEBP", "PNG"])
def test_every_page_or_frame_is_read(kind: str) -> None:
    blank = Image.new("L", grey(TEXT).size, 255)
    file = saved(grey(TEXT), kind, save_all=True, append_images=[blank, grey(OTHER, 4).resize(blank.size)])
    assert read_picture(file) == (TEXT, OTHER)


def test_a_page_is_read_at_a_second_scale_where_the_first_does_not_do() -> None:
    symbol = grey(TEXT, 8)
    small = saved(symbol, "PDF", resolution=symbol.width / (12 / 25.4))
    assert read_picture(small) == (TEXT,)


def test_a_pdf_page_of_42_mm_and_one_of_25_mm_is_read() -> None:
    symbol = grey(TEXT, 8)
    for printed_mm in (42, 25):
        assert read_picture(saved(symbol, "PDF", resolution=symbol.width / (printed_mm / 25.4))) == (TEXT,)


def test_a_pdf_after_other_bytes_is_read() -> None:
    assert read_picture(b"\r\n\xef\xbb\xbf" + saved(grey(TEXT), "PDF")) == (TEXT,)


def test_a_picture_that_speaks_of_pdf_stays_a_picture() -> None:
    assert read_picture(saved(grey(TEXT), "GIF", comment=b"%PDF-1.4")) == (TEXT,)


def test_empty_pdf_pages_give_no_text() -> None:
    assert read_picture(bare_pdf(pages=3)) == ()


def test_a_photograph_whose_second_frame_was_cut_off_is_read() -> None:
    photograph = saved(grey(TEXT), "MPO", save_all=True, append_images=[grey(OTHER)])
    second = photograph.index(b"\xff\xd8\xff", 4)
    assert read_picture(photograph[: second + 40]) == (TEXT,)


@pytest.mark.parametrize("code", ["AztecCode", "DataMatrix", "QRCode"])
def test_the_three_formats_are_read(code: str) -> None:
    text = "HC1:ABCDEFG"
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat[code])
    assert read_picture(saved(_padded(barcode), "PNG")) == (text,)


@pytest.mark.parametrize(
    ("code", "text"),
    [("Codabar", "A12345B"), ("Code128", "HC1:ABC"), ("EAN13", "4006381333931"), ("MicroQRCode", "12")],
)
def test_other_formats_are_not_read(code: str, text: str) -> None:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat[code])
    picture = _padded(barcode)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]
    assert read_picture(saved(picture, "PNG")) == ()


def _padded(barcode: zxingcpp.Barcode) -> Image.Image:
    image = memoryview(barcode.to_image(scale=4))  # type: ignore[arg-type]
    assert image.shape is not None
    height, width = image.shape
    return ImageOps.expand(Image.frombytes("L", (width, height), image.tobytes()), 30, 255)


@pytest.mark.parametrize(
    "content",
    [
        "shc:/5676290952",
        "HC1:  A  B ",
        "https://example.org/#vhlink:/eyJ1",
        "Ærøskøbing € 日本",
        " \tx\r\n",
        "A\u0000B\u001d",
    ],
)
def test_text_in_byte_mode_is_exact(content: str) -> None:
    assert read_picture(byte_mode_png(content.encode())) == (content,)


def test_mixed_modes_are_exact() -> None:
    text = "shc:/" + "56762909524320603460292437404460" * 8
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    assert read_picture(saved(_padded(barcode), "PNG")) == (text,)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\xff\xfe\x80", bytes(range(256)), b"\x00\xc3"])
def test_bytes_that_are_no_text_can_be_had_back(content: bytes) -> None:
    (text,) = read_picture(byte_mode_png(content))
    assert text.encode("latin-1") == content


def test_two_threads_may_read_pdfs_at_once() -> None:
    files = {TEXT: saved(grey(TEXT), "PDF"), OTHER: saved(grey(OTHER), "PDF")}
    wrong: list[tuple[str, ...]] = []

    def work(text: str) -> None:
        for _ in range(4):
            found = read_picture(files[text])
            if found != (text,):
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(text,)) for text in (TEXT, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_was_drawn_for_paper_is_read_from_a_scan_of_150_dots_per_inch() -> None:
    symbol = draw(TEXT, engine=Engine.ZXING)
    with Image.open(io.BytesIO(symbol.png())) as picture:
        dots, _ = picture.info["dpi"]
        scan = picture.convert("L").resize(
            (round(picture.width * 150 / dots), round(picture.height * 150 / dots)), Image.Resampling.BOX
        )
    assert read_picture(saved(scan, "JPEG", quality=70)) == (TEXT,)
