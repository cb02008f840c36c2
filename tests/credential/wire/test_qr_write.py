"""Writing QR symbols: what is drawn is what was given, at the size and in the mode that the specification asks for."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from math import inf, nan, sqrt
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode import base as reference
from qrcode import constants

from credential.errors import EncodeError, Reason, Stage
from credential.wire.base45 import ALPHABET
from credential.wire.qr import Engine, Level, QrSymbol, draw, read_picture
from tests.credential.wire.qr_files import hc1

SLOW = settings(max_examples=max(10, settings().max_examples // 20))
BOTH = pytest.mark.parametrize("engine", Engine)
_CORRECTIONS = {
    Level.L: constants.ERROR_CORRECT_L,
    Level.M: constants.ERROR_CORRECT_M,
    Level.Q: constants.ERROR_CORRECT_Q,
    Level.H: constants.ERROR_CORRECT_H,
}
# ISO/IEC 18004: what the format information says for a level, and where a mask turns a module.
_LEVEL_BITS = {Level.L: (0, 1), Level.M: (0, 0), Level.Q: (1, 1), Level.H: (1, 0)}
_ALPHANUMERIC = [0, 0, 1, 0]
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _: y % 2 == 0,
    lambda _, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


# 1,852 characters are what version 40 holds at level H.
texts = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=1852) | st.builds(
    hc1, st.integers(4, 1852), st.integers(0, 2**32)
)


def alphanumeric_bits(characters: int, version: int) -> int:
    """Bits of one alphanumeric segment: mode, count, pairs in 11 bits, a single one in 6."""
    return 4 + (9 if version < 10 else 11 if version < 27 else 13) + characters // 2 * 11 + characters % 2 * 6


def data_bits(version: int, level: Level) -> int:
    blocks: list[reference.RSBlock] = reference.rs_blocks(version, _CORRECTIONS[level])
    return sum(8 * block.data_count for block in blocks)


def level_bits(symbol: QrSymbol) -> tuple[int, int]:
    return symbol.modules[8][0] ^ 1, symbol.modules[8][1]


def mode_bits(symbol: QrSymbol) -> list[int]:
    """The first four data bits, in the corner at the lower right, without their mask."""
    row = symbol.modules[8]
    mask = _MASKS[(row[2] ^ 1) << 2 | row[3] << 1 | row[4] ^ 1]
    last = len(symbol.modules) - 1
    places = [(last, last), (last, last - 1), (last - 1, last), (last - 1, last - 1)]
    return [symbol.modules[y][x] ^ mask(y, x) for y, x in places]


def rasterised(path: str, side: int) -> list[bytes]:
    """Modules of the path data that the SVG writer uses; every command has to be understood."""
    rows = [bytearray(side) for _ in range(side)]
    rectangle = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")
    assert rectangle.sub("", path) == ""
    for match in rectangle.finditer(path):
        x, y, width, back = map(int, match.groups())
        assert back == x
        assert not any(rows[y][x : x + width])
        rows[y][x : x + width] = b"\x01" * width
    return [bytes(row) for row in rows]


def with_quiet_zone(symbol: QrSymbol) -> list[bytes]:
    side = len(symbol.modules) + 8
    edge = [bytes(side)] * 4
    return [*edge, *(bytes(4) + row + bytes(4) for row in symbol.modules), *edge]


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    at = 8
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + body),)
        found.append((kind, body))
        at += 12 + length
    return found


@BOTH
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("characters", [4, 60, 549, 681, 1039])
def test_a_symbol_is_the_smallest_alphanumeric_one_and_reads_back(
    engine: Engine, level: Level, characters: int
) -> None:
    text = hc1(characters)
    symbol = draw(text, level=level, engine=engine)
    assert mode_bits(symbol) == _ALPHANUMERIC
    assert level_bits(symbol) == _LEVEL_BITS[level]
    assert len(symbol.modules) == 17 + 4 * symbol.version
    assert {len(row) for row in symbol.modules} == {len(symbol.modules)}
    assert {module for row in symbol.modules for module in row} == {0, 1}
    assert alphanumeric_bits(characters, symbol.version) <= data_bits(symbol.version, level)
    smaller = symbol.version - 1
    assert smaller == 0 or alphanumeric_bits(characters, smaller) > data_bits(smaller, level)
    assert read_picture(symbol.png()) == (text,)


@SLOW
@given(texts, st.sampled_from(Level))
def test_what_qrcode_draws_reads_back(text: str, level: Level) -> None:
    symbol = draw(text, level=level, engine=Engine.QRCODE)
    assert read_picture(symbol.png(pixels_per_module=3)) == (text,)


@given(texts, st.sampled_from(Level))
def test_what_zxing_draws_reads_back(text: str, level: Level) -> None:
    symbol = draw(text, level=level, engine=Engine.ZXING)
    assert read_picture(symbol.png(pixels_per_module=3)) == (text,)


@SLOW
@given(texts.filter(lambda text: len(text) < 900))
def test_both_engines_agree_on_the_version(text: str) -> None:
    assert draw(text, engine=Engine.QRCODE).version == draw(text, engine=Engine.ZXING).version


def test_long_runs_of_digits_do_not_make_the_engines_disagree() -> None:
    text = "HC1:" + "0123456789" * 40
    assert draw(text, engine=Engine.QRCODE).version == draw(text, engine=Engine.ZXING).version == 15


@pytest.mark.parametrize("level", Level)
def test_every_version_is_filled_to_its_last_character(level: Level) -> None:
    length = 0
    for version in range(1, 41):
        while alphanumeric_bits(length + 1, version) <= data_bits(version, level):
            length += 1
        text = ("HC1:" + "%" * length)[:length]
        symbol = draw(text, level=level, engine=Engine.ZXING)
        assert (symbol.version, len(symbol.modules)) == (version, 17 + 4 * version)
        if version < 40:
            assert draw(text + "%", level=level, engine=Engine.ZXING).version == version + 1
    with pytest.raises(EncodeError) as caught:
        draw("%" * (length + 1), level=level)
    assert caught.value.reason is Reason.QR_TEXT_LENGTH
    assert caught.value.detail == {"characters": length + 1, "limit": length}


@pytest.mark.parametrize("level", Level)
def test_qrcode_fills_its_smallest_and_largest_version(level: Level) -> None:
    for version in (1, 40):
        length = max(n for n in range(4297) if alphanumeric_bits(n, version) <= data_bits(version, level))
        assert draw("%" * length, level=level).version == version


@pytest.mark.parametrize(
    ("text", "position"), [("HC1:abc", 4), ("HC1:A\n", 5), ("shc:/12", 0), ("HC1:Å", 4), ("HC1:A\0", 5), ("A_", 1)]
)
def test_what_the_alphanumeric_mode_lacks_is_refused(text: str, position: int) -> None:
    with pytest.raises(EncodeError) as caught:
        draw(text)
    assert (caught.value.stage, caught.value.reason) == (Stage.PICTURE, Reason.QR_CHARACTER)
    assert caught.value.detail == {"position": position}


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(EncodeError) as caught:
        draw("")
    assert caught.value.reason is Reason.QR_TEXT_LENGTH


@given(st.text(max_size=60))
def test_any_text_is_drawn_or_refused(text: str) -> None:
    if text and set(text) <= set(ALPHABET):
        assert read_picture(draw(text, engine=Engine.ZXING).png(pixels_per_module=4)) == (text,)
        return
    with pytest.raises(EncodeError) as caught:
        draw(text, engine=Engine.ZXING)
    assert caught.value.reason is (Reason.QR_CHARACTER if text else Reason.QR_TEXT_LENGTH)


@pytest.mark.parametrize("pixels", [1, 3, 8, 13, 64])
def test_a_png_is_one_bit_deep_and_every_module_is_an_exact_square(pixels: int) -> None:
    symbol = draw(hc1(60))
    png = symbol.png(pixels_per_module=pixels)
    kinds = [kind for kind, _ in chunks(png)]
    assert kinds == [b"IHDR", b"pHYs", b"IDAT", b"IEND"]
    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        assert picture.mode == "1"
        side = (len(symbol.modules) + 8) * pixels
        assert picture.size == (side, side)
        expected = b"".join(
            bytes(0 if module else 255 for module in row for _ in range(pixels)) * pixels
            for row in with_quiet_zone(symbol)
        )
        assert picture.convert("L").tobytes() == expected


@pytest.mark.parametrize("side_mm", [24.75, 30, 42, 42.42])
@pytest.mark.parametrize("pixels", [1, 8])
def test_a_png_prints_at_the_size_asked_for(side_mm: float, pixels: int) -> None:
    symbol = draw(hc1(681))
    body = dict(chunks(symbol.png(side_mm=side_mm, pixels_per_module=pixels)))[b"pHYs"]
    across, down, unit = struct.unpack(">IIB", body)
    assert (across, unit) == (down, 1)
    printed_mm = len(symbol.modules) * pixels / across * 1000
    assert printed_mm == pytest.approx(side_mm, rel=1 / across)


def test_the_default_size_is_42_mm_for_the_symbol_alone() -> None:
    symbol = draw(hc1(681))
    assert symbol.png() == symbol.png(side_mm=42, pixels_per_module=8)
    assert symbol.svg() == symbol.svg(side_mm=42)


@pytest.mark.parametrize("side_mm", [24.7, 42.5, 60, 0, -42, nan, inf, -inf])
def test_a_diagonal_outside_35_to_60_mm_is_refused(side_mm: float) -> None:
    symbol = draw("HC1:A")
    for render in (symbol.png, symbol.svg):
        with pytest.raises(EncodeError) as caught:
            render(side_mm=side_mm)
        assert caught.value.reason is Reason.QR_SIZE


@pytest.mark.parametrize("diagonal_mm", [35.0001, 59.9999])
def test_a_diagonal_at_the_bounds_is_drawn(diagonal_mm: float) -> None:
    symbol = draw("HC1:A")
    assert symbol.png(side_mm=diagonal_mm / sqrt(2))
    assert symbol.svg(side_mm=diagonal_mm / sqrt(2))


@pytest.mark.parametrize("pixels", [0, -1, 65])
def test_modules_without_pixels_or_with_too_many_are_refused(pixels: int) -> None:
    with pytest.raises(EncodeError) as caught:
        draw("HC1:A").png(pixels_per_module=pixels)
    assert caught.value.reason is Reason.QR_SIZE


@BOTH
def test_an_svg_shows_the_modules_and_nothing_else(engine: Engine) -> None:
    symbol = draw(hc1(681), engine=engine)
    root = ET.fromstring(symbol.svg())  # noqa: S314  (our own output)
    side = len(symbol.modules) + 8
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == f"0 0 {side} {side}"
    assert root.get("shape-rendering") == "crispEdges"
    assert [child.tag.split("}")[1] for child in root] == ["title", "path", "path"]
    background, dark = root[1], root[2]
    assert (background.get("fill"), background.get("d")) == ("#fff", f"M0 0h{side}v{side}H0z")
    assert rasterised(dark.get("d", ""), side) == with_quiet_zone(symbol)


def test_an_svg_prints_at_the_size_asked_for() -> None:
    symbol = draw(hc1(681))
    root = ET.fromstring(symbol.svg(side_mm=30))  # noqa: S314  (our own output)
    modules = len(symbol.modules)
    for name in ("width", "height"):
        value = root.get(name, "")
        assert value.endswith("mm")
        assert float(value.removesuffix("mm")) * modules / (modules + 8) == pytest.approx(30, abs=0.001)


@given(st.text())
def test_an_svg_carries_any_title_for_screen_readers_or_refuses_it(title: str) -> None:
    symbol = draw("HC1:A", engine=Engine.ZXING)
    if any(
        (char < " " and char not in "\t\n\r") or "\ud800" <= char <= "\udfff" or char in "\ufffe\uffff"
        for char in title
    ):
        with pytest.raises(EncodeError) as caught:
            symbol.svg(title=title)
        assert caught.value.reason is Reason.QR_TITLE
        return
    root = ET.fromstring(symbol.svg(title=title))  # noqa: S314  (our own output)
    # XML readers turn line ends into one sort in content, and white space into blanks in attributes.
    lines = title.replace("\r\n", "\n").replace("\r", "\n")
    assert (root[0].text or "") == lines
    assert root.get("aria-label") == lines.translate(dict.fromkeys(map(ord, "\t\n"), " "))


@pytest.mark.parametrize("title", ['"><script>alert(1)</script>', "' onload='x", "&amp;", "]]>"])
def test_a_title_cannot_add_markup(title: str) -> None:
    root = ET.fromstring(draw("HC1:A").svg(title=title))  # noqa: S314  (our own output)
    assert root[0].text == root.get("aria-label") == title
    assert len(root) == 3
    assert set(root.attrib) == {"width", "height", "viewBox", "role", "aria-label", "shape-rendering"}


@BOTH
def test_the_same_text_gives_the_same_picture_again(engine: Engine) -> None:
    first, second = draw(hc1(300), engine=engine), draw(hc1(300), engine=engine)
    assert first == second
    assert hash(first) == hash(second)
    assert first.png() == second.png()


def test_importing_the_package_loads_no_imaging_library() -> None:
    code = (
        "import sys, credential.wire.qr; print({'PIL', 'zxingcpp', 'qrcode', 'pypdfium2', 'numpy'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
