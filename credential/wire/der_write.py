"""A small writer of DER (ITU-T X.690 §10): what signed messages need, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from credential.wire.der import GENERALIZED_TIME, INTEGER, OID, SEQUENCE, SET, UTC_TIME

_UTC_TIME_YEARS = range(1950, 2050)
"""RFC 5652 §11.3: years outside this range are written as GeneralizedTime."""


def encode(tag: int, *parts: bytes) -> bytes:
    """One element with this one-byte tag; its content is `parts` in their order."""
    content = b"".join(parts)
    return encode_head(tag, len(content)) + content


def encode_head(tag: int, size: int) -> bytes:
    """The tag and the length of an element whose content has `size` bytes (§10.1)."""
    if size < 0x80:
        return bytes((tag, size))
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of these elements."""
    return encode(SEQUENCE, *parts)


def set_of(parts: Iterable[bytes]) -> bytes:
    """A SET OF these elements, in the one order that DER gives them (§11.6)."""
    return encode(SET, *sorted(parts))


def integer(value: int) -> bytes:
    """An INTEGER in as few bytes as hold it."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from dotted decimals (§8.19)."""
    first, second, *rest = map(int, dotted.split("."))
    return encode(OID, *(_base128(arc) for arc in (40 * first + second, *rest)))


def time(moment: datetime) -> bytes:
    """A moment (timezone-aware) to the second, as CMS writes it (RFC 5652 §11.3)."""
    utc = moment.astimezone(UTC)
    if utc.year in _UTC_TIME_YEARS:
        return encode(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode("ascii"))
    return encode(GENERALIZED_TIME, f"{utc.year:04}{utc:%m%d%H%M%S}Z".encode("ascii"))


def _base128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(arc & 0x7F | 0x80)
    return bytes(reversed(digits))
