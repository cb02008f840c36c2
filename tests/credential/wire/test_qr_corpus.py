"""Pictures that countries published: at least what bare zxing-cpp reads of them, counted by folder."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from credential.errors import DecodeError
from credential.wire.qr import read_picture
from tests.conftest import Report

FORMATS = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Aztec, zxingcpp.BarcodeFormat.DataMatrix]
)


@dataclass(frozen=True, slots=True)
class Case:
    """One published picture and the text that its publisher says it holds (None: no code)."""

    folder: str
    name: str
    picture: bytes
    text: str | None


def cases(corpora: Path) -> Iterator[Case]:
    for listing in sorted(corpora.glob("*/cases.jsonl")):
        for line in listing.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("type") == "image":
                expected = row["expect"]
                text = expected["text"] if expected["found"] else None
                yield Case(listing.parent.name, row["id"], picture_of(row["request"], corpora), text)


def picture_of(request: dict[str, object], corpora: Path) -> bytes:
    """The file named, or the base64 field of the JSON file named."""
    match request:
        case {"image": str(path)}:
            return (corpora / path).read_bytes()
        case {"image_field": [str(path), str(field)]}:
            return base64.b64decode(json.loads((corpora / path).read_text("utf-8"))[field])
        case _:
            raise AssertionError(request)


def agrees(case: Case, found: tuple[str, ...]) -> bool:
    return found == () if case.text is None else case.text in found


def ours(case: Case) -> tuple[str, ...]:
    try:
        return read_picture(case.picture)
    except DecodeError as error:
        return (str(error),)


def bare(case: Case) -> tuple[str, ...]:
    try:
        picture = Image.open(io.BytesIO(case.picture)).convert("RGB")
    except OSError as error:
        return (str(error),)
    return tuple(found.text for found in zxingcpp.read_barcodes(picture, formats=FORMATS))


@pytest.mark.corpus
def test_published_pictures_are_read(corpora: Path, agreement: Report) -> None:
    total: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    lost: list[str] = []
    unread: list[str] = []
    for case in cases(corpora):
        total[case.folder] += 1
        if agrees(case, ours(case)):
            agreed[case.folder] += 1
        else:
            (lost if agrees(case, bare(case)) else unread).append(case.name)
    for folder, count in total.items():
        agreement(f"pictures of {folder}", agreed[folder], count)
    assert total.total() > 0
    assert lost == [], "read by bare zxing-cpp, but not here"
    assert len(unread) <= total.total() // 100, unread


@pytest.mark.corpus
def test_what_cannot_be_tested_has_no_picture(corpora: Path) -> None:
    """The known-bad list leaves some pictures out because the vector has none; none of them is among the cases."""
    known_bad = json.loads((corpora / "KNOWN_BAD.json").read_text("utf-8"))
    without = {
        name for name, causes in known_bad.items() if "no 2DCODE" in str(causes.get("EXPECTEDPICTUREDECODE", ""))
    }
    assert without
    assert not without & {case.name.split("@")[0] for case in cases(corpora)}
