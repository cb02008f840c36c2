"""Scans from the outside world (an edge file): texts, files, folders and standard input become a stream of texts.

What a file is shows in its first bytes, not in its name: a picture or PDF is searched for codes, anything else is read
as text with one scan a line. Nothing here stops at a bad file: it becomes a scan with an error, and the next follows.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from credential.errors import DecodeError, PratiqueError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.qr import read_picture

STANDARD_INPUT = "-"

_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_SNIFFED_BYTES = 4


@dataclass(frozen=True, slots=True)
class Scan:
    """One text to look at and where it came from, or the error that stands in its place."""

    name: str
    text: str = ""
    error: PratiqueError | None = None


def read_scans(arguments: Iterable[str], stdin: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Iterator[Scan]:
    """The scans that command line arguments stand for, in order: `-`, a file, a folder, or a text itself."""
    for argument in arguments:
        if argument == STANDARD_INPUT:
            yield from _read_stream("standard input", stdin, limits)
        elif _looks_like_text(argument):
            yield Scan("text", argument)
        else:
            yield from _read_path(Path(argument), limits)


def _looks_like_text(argument: str) -> bool:
    """Scanned texts start with a scheme (`HC1:`, `shc:/`) or are JSON; nobody names a file so, and a file wins."""
    scheme, colon, _ = argument.partition(":")
    return (bool(colon) and len(scheme) > 1 and scheme.isalnum()) or argument.lstrip().startswith(("{", "["))


def _read_path(path: Path, limits: Limits) -> Iterator[Scan]:
    try:
        if path.is_dir():
            for inside in sorted(path.iterdir()):
                if not inside.name.startswith("."):
                    yield from _read_path(inside, limits)
            return
        with path.open("rb") as file:
            yield from _read_stream(str(path), file, limits)
    except FileNotFoundError:
        yield Scan(str(path), error=DecodeError(Stage.INPUT, Reason.INPUT_MISSING))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        cause = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
        yield Scan(str(path), error=DecodeError(Stage.INPUT, Reason.INPUT_UNREADABLE, cause=cause))


def _read_stream(name: str, stream: BinaryIO, limits: Limits) -> Iterator[Scan]:
    start = stream.read(_SNIFFED_BYTES)
    if start.startswith(_SIGNATURES):
        yield from _read_picture(name, start + stream.read(limits.picture_bytes), limits)
    else:
        yield from _read_lines(name, start, stream, limits)


def _read_picture(name: str, data: bytes, limits: Limits) -> Iterator[Scan]:
    try:
        texts = read_picture(data, limits)
    except DecodeError as error:
        yield Scan(name, error=error)
        return
    if not texts:
        yield Scan(name, error=DecodeError(Stage.PICTURE, Reason.INPUT_WITHOUT_CODE))
    for number, text in enumerate(texts, 1):
        yield Scan(name if len(texts) == 1 else f"{name} ({number})", text)


def _read_lines(name: str, start: bytes, stream: BinaryIO, limits: Limits) -> Iterator[Scan]:
    """One scan a line, as it arrives; no line is taken in beyond the limit of a text."""
    longest = 4 * limits.text_chars
    number = 0
    while line := start + (b"" if start.endswith(b"\n") else stream.readline(longest)):
        start = b""
        number += 1
        place = f"{name}:{number}"
        cut = len(line) >= longest and not line.endswith(b"\n")
        while cut and not (rest := stream.readline(longest)).endswith(b"\n") and rest:
            pass
        if cut:
            yield Scan(place, error=DecodeError(Stage.PREFIX, Reason.TEXT_TOO_LONG, limit=limits.text_chars))
        elif line.strip():
            yield _read_line(place, line)


def _read_line(place: str, line: bytes) -> Scan:
    try:
        return Scan(place, line.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Scan(place, error=DecodeError(Stage.INPUT, Reason.INPUT_NOT_TEXT))
