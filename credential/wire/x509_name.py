"""Distinguished names of X.509 (RFC 5280 §4.1.2.4) as text for people (RFC 4514) and as attributes."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from credential.wire.der import SEQUENCE, SET, Element, expect, malformed, read_oid

COUNTRY = "2.5.4.6"

# RFC 4514 §3: the short names that every reader must know; others are written as dotted numbers.
_SHORT = MappingProxyType(
    {
        "2.5.4.3": "CN",
        "2.5.4.7": "L",
        "2.5.4.8": "ST",
        "2.5.4.10": "O",
        "2.5.4.11": "OU",
        COUNTRY: "C",
        "2.5.4.9": "STREET",
        "0.9.2342.19200300.100.1.25": "DC",
        "0.9.2342.19200300.100.1.1": "UID",
    }
)

# The string types of X.680 that names are written in, and how their bytes are read.
_STRING_CODECS = MappingProxyType(
    {
        0x0C: "utf-8",  # UTF8String
        0x12: "ascii",  # NumericString
        0x13: "ascii",  # PrintableString
        0x14: "latin-1",  # TeletexString, as everyone writes it
        0x16: "ascii",  # IA5String
        0x1A: "ascii",  # VisibleString
        0x1C: "utf-32-be",  # UniversalString
        0x1E: "utf-16-be",  # BMPString
    }
)


_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in '\\",+;<>'} | {"\0": "\\00"})


class Attribute(NamedTuple):
    """One attribute of a name."""

    kind: str
    """Dotted type."""
    text: str
    """Its text; where that cannot be read, `#` and the hexadecimal of its DER (RFC 4514 §2.4)."""
    readable: bool


Name: TypeAlias = tuple[tuple[Attribute, ...], ...]
"""The relative names in the order of the certificate."""


def read_name(element: Element) -> Name:
    """The name in this element; raises `DecodeError` when the structure is no Name."""
    return tuple(
        tuple(_read_attribute(pair) for pair in expect(relative, SET).children())
        for relative in expect(element, SEQUENCE).children()
    )


def format_name(name: Name) -> str:
    """RFC 4514 text: the last relative name first."""
    return ",".join("+".join(map(_format_attribute, relative)) for relative in reversed(name))


def values_of(name: Name, kind: str) -> tuple[str, ...]:
    """Every value of one dotted attribute type."""
    return tuple(part.text for relative in name for part in relative if part.kind == kind)


def _read_attribute(pair: Element) -> Attribute:
    parts = tuple(expect(pair, SEQUENCE).children())
    if len(parts) != 2:
        raise malformed(pair.start, "attribute")
    text = _read_text(parts[1])
    kind = read_oid(parts[0])
    if text is None:
        return Attribute(kind, "#" + parts[1].der.hex(), readable=False)
    return Attribute(kind, text, readable=True)


def _read_text(value: Element) -> str | None:
    codec = _STRING_CODECS.get(value.tag)
    try:
        return value.content.decode(codec) if codec else None
    except UnicodeDecodeError:
        return None


def _format_attribute(part: Attribute) -> str:
    return f"{_SHORT.get(part.kind, part.kind)}={_escape(part.text) if part.readable else part.text}"


def _escape(text: str) -> str:
    """RFC 4514 §2.4: what would be read as syntax gets a backslash."""
    text = text.translate(_ESCAPES)
    if text.endswith(" ") and len(text) > 1:
        text = text[:-1] + "\\ "
    return "\\" + text if text.startswith((" ", "#")) else text
