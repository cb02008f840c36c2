"""Picture files as grey pictures, one for each frame: PNG, JPEG, GIF, BMP, TIFF and WebP, opened by Pillow.

Only these formats are offered to Pillow (others start programs or read further files), sizes are checked before any
pixel is unpacked, and whatever Pillow raises on broken data leaves here as a `DecodeError` at stage `picture`.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from PIL import Image, UnidentifiedImageError

from credential.errors import DecodeError, Reason, Stage
from credential.limits import Limits

PICTURE_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
"""How files of these formats start."""

# The first ones are the frequent ones: Pillow loads all its plugins when it comes to the last two.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
# Frames after the first of a JPEG are depth or brightness maps, often cut off when a photograph is sent on.
_ONE_FRAME = {"JPEG", "MPO", "BMP"}

MOST_SIDE = 65_535
"""Pixels along one side of a picture that zxing-cpp takes."""

# What the plugins raise on damaged files, as seen in their code and by fuzzing.
_PILLOW_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, struct.error, zlib.error),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame of a picture file."""

    grey: Image.Image

    @property
    def pixels(self) -> int:
        """Pixels of the frame as it is in the file."""
        return self.grey.width * self.grey.height

    def at(self, factor: float) -> Image.Image:
        """The grey picture with its sides `factor` times as long."""
        if factor == 1:
            return self.grey
        size = (round(self.grey.width * factor), round(self.grey.height * factor))
        return self.grey.resize(size, Image.Resampling.LANCZOS)


def frames(data: bytes, limits: Limits, work_pixels: int) -> Generator[Picture, None, None]:
    """The frames of a picture file, the first at least.

    Raises `DecodeError` at stage `picture`: PICTURE_UNKNOWN, PICTURE_BROKEN, and PICTURE_TOO_LARGE for a frame of more
    than `limits.picture_pixels` or longer than `MOST_SIDE`, more frames than `limits.pdf_pages`, or more than
    `work_pixels` in all frames.
    """
    with _typed_errors():
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    done = number = 0
    while _seek(picture, number):
        if number >= limits.pdf_pages:
            raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, frames=number + 1, limit=limits.pdf_pages)
        done += picture.width * picture.height
        check_size(picture.size, limits.picture_pixels)
        if done > work_pixels:
            raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, pixels=done, limit=work_pixels)
        with _typed_errors():
            grey = _grey(picture)
        yield Picture(grey)
        number += 1


def check_size(size: tuple[int, int], most_pixels: int) -> None:
    """Refuse a picture that is too large to be unpacked or too long to be looked at: DecodeError(PICTURE_TOO_LARGE)."""
    width, height = size
    if width * height > most_pixels:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, pixels=width * height, limit=most_pixels)
    if max(size) > MOST_SIDE:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE, side=max(size), limit=MOST_SIDE)


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # Pillow warns on standard error about oddities in files; sizes are checked here all the same.
            warnings.simplefilter("ignore")
            yield
    except UnidentifiedImageError:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_UNKNOWN) from None
    except (Image.DecompressionBombError, MemoryError):
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_TOO_LARGE) from None
    except _PILLOW_ERRORS:
        raise DecodeError(Stage.PICTURE, Reason.PICTURE_BROKEN) from None


def _seek(picture: Image.Image, number: int) -> bool:
    """Whether there is a frame of that number; the picture then stands on it."""
    if number == 0 or picture.format in _ONE_FRAME:
        return number == 0
    with _typed_errors():
        try:
            picture.seek(number)
        except EOFError:
            return False
        return True


def _grey(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        return _opaque(picture.convert("RGBA"))
    if picture.mode.startswith(("I", "F")):
        return _in_eight_bits(picture)
    return picture.convert("L")


def _opaque(picture: Image.Image) -> Image.Image:
    """The picture on white; on black where white hides all of it."""
    on_white = Image.new("RGBA", picture.size, "white")
    on_white.alpha_composite(picture)
    grey = on_white.convert("L")
    if grey.getextrema() != (255, 255):
        return grey
    on_black = Image.new("RGBA", picture.size, "black")
    on_black.alpha_composite(picture)
    return on_black.convert("L")


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Samples of 16 or 32 bits, stretched to 0 to 255; Pillow's own conversion would cut them off at 255."""
    samples = picture.convert("F")
    darkest, brightest = cast("tuple[float, float]", samples.getextrema())
    scale = 255 / ((brightest - darkest) or 1)
    return samples.point(lambda value: value * scale - darkest * scale).convert("L")
