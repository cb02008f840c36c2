"""Scans from the outside world (an edge file): texts, files, folders and standard input become a stream of texts.

What a file is shows in its first bytes, not in its name: a picture or PDF is searched for codes, anything else is read
as text with one scan a line. Nothing here stops at a bad file: it becomes a scan with an error, and the next follows.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from credential.errors import DecodeError, PratiqueError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.qr import read_picture

STANDARD_INPUT = "-"

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_SNIFFED_BYTES = 512
_TEXT_SUFFIX = ".txt"


@dataclass(frozen=True, slots=True)
class Scan:
    """One text to look at and where it came from, or the error that stands in its place."""

    name: str
    text: str = ""
    error: PratiqueError | None = None


def read_scans(arguments: Iterable[str], stdin: BufferedReader, limits: Limits = DEFAULT_LIMITS) -> Iterator[Scan]:
    """The scans that command line arguments stand for, in order: `-`, a file, a folder, or a text itself."""
    for argument in arguments:
        if argument == STANDARD_INPUT:
            yield from _read_stream("standard input", stdin, limits)
        elif _looks_like_text(argument):
            yield Scan("text", argument)
        else:
            yield from _read_path(Path(argument), limits)


def _looks_like_text(argument: str) -> bool:
    """Scanned texts start with a scheme (`HC1:`, `shc:/`) or are JSON; a file of that name wins."""
    scheme, colon, _ = argument.partition(":")
    is_text = (bool(colon) and len(scheme) > 1 and scheme.isalnum()) or argument.lstrip().startswith(("{", "["))
    return is_text and not _exists(argument)


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # a name too long for any file, or with a NUL in it
        return False


def _read_path(path: Path, limits: Limits) -> Iterator[Scan]:
    if path.is_dir():
        yield from _read_folder(path, limits)
        return
    try:
        with path.open("rb") as file:
            yield from _read_stream(str(path), file, limits)
    except FileNotFoundError:
        yield Scan(str(path), error=DecodeError(Stage.INPUT, Reason.INPUT_MISSING))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        cause = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
        yield Scan(str(path), error=DecodeError(Stage.INPUT, Reason.INPUT_UNREADABLE, cause=cause))


def _read_folder(folder: Path, limits: Limits) -> Iterator[Scan]:
    """Every picture, PDF and `.txt` file below a folder, links not followed; what else lies there is passed over."""
    for place, _, names in sorted(os.walk(folder)):
        for path in sorted(Path(place, name) for name in names):
            if path.is_file() and (path.suffix == _TEXT_SUFFIX or _is_picture(path)):
                yield from _read_path(path, limits)


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(_SNIFFED_BYTES).startswith(_PICTURES)
    except OSError:
        return True  # so that reading it says why it cannot be read


def _read_stream(name: str, stream: BufferedReader, limits: Limits) -> Iterator[Scan]:
    start = stream.peek(_SNIFFED_BYTES)[:_SNIFFED_BYTES]
    if start.startswith(_PICTURES):
        yield from _read_picture(name, stream.read(limits.picture_bytes + 1), limits)
    elif b"\0" in start:
        yield Scan(name, error=DecodeError(Stage.INPUT, Reason.INPUT_NOT_TEXT))
    else:
        yield from _read_lines(name, stream, limits)


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


def _read_lines(name: str, stream: BufferedReader, limits: Limits) -> Iterator[Scan]:
    """One scan a line, as it arrives; no line is taken in beyond the limit of a text."""
    longest = 4 * limits.text_chars
    for number, line in enumerate(iter(lambda: stream.readline(longest), b""), 1):
        place = f"{name}:{number}"
        if len(line) == longest and not line.endswith(b"\n"):
            _skip_line(stream, longest)
            yield Scan(place, error=DecodeError(Stage.PREFIX, Reason.TEXT_TOO_LONG, limit=limits.text_chars))
        elif line.strip():
            yield _read_line(place, line)


def _skip_line(stream: BufferedReader, piece: int) -> None:
    """Leave the stream behind the end of a line that is too long to take in."""
    while (rest := stream.readline(piece)) and not rest.endswith(b"\n"):
        pass


def _read_line(place: str, line: bytes) -> Scan:
    try:
        return Scan(place, line.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Scan(place, error=DecodeError(Stage.INPUT, Reason.INPUT_NOT_TEXT))
