"""Unique certificate identifier, the `ci` of an EU DCC: `URN:UVCI:01:XA:…#c`.

Commission Implementing Decision (EU) 2021/1073, annex III: https://eur-lex.europa.eu/eli/dec_impl/2021/1073/oj. The
check character is computed by Luhn's algorithm modulo 38 over everything before `#`. Half of the identifiers in the
field break this or that rule, so a reader is told what is odd and nothing is refused; what is written is always right.
"""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from credential.errors import EncodeError, Reason, Stage

PREFIX: Final = "URN:UVCI:"
VERSION: Final = "01"
LIMIT: Final = 80
"""Characters of `ci`."""
OPAQUE_BYTES: Final = 16
"""Random bytes that an opaque part needs at least, so that nobody guesses another one's."""
OPAQUE_CHARACTERS: Final = 25
"""Letters and digits that hold as many bits: 36**25 > 2**128."""

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_BASE: Final = len(_ALPHABET)
_STRANGE: Final = 255
# What a character adds to the sum, at an odd and at an even position from the right: its value, and the digits of its
# double in base 38.
_ONCE: Final = bytes(_ALPHABET.find(chr(code)) % 256 for code in range(256))
_TWICE: Final = bytes(_STRANGE if one == _STRANGE else 2 * one // _BASE + 2 * one % _BASE for one in _ONCE)
_BODY: Final = re.compile(r"(?P<version>[0-9]{2}):(?P<country>[A-Z]{2,10}):(?P<parts>[A-Z0-9/]+)").fullmatch
_COUNTRY: Final = re.compile(r"[A-Z]{2,10}").fullmatch
_PART: Final = re.compile(r"[A-Z0-9]+").fullmatch


class Oddity(StrEnum):
    """What is odd about an identifier."""

    PREFIX_MISSING = "prefix-missing"
    STRUCTURE = "structure"
    CHARACTER = "character"
    TOO_LONG = "too-long"
    CHECK_MISSING = "check-missing"
    CHECK_WRONG = "check-wrong"


@dataclass(frozen=True, slots=True)
class Uvci:
    """The parts of an identifier: option 1 has issuer and vaccine, option 2 neither, option 3 an issuer."""

    country: str
    opaque: str
    issuer: str | None = None
    vaccine: str | None = None
    version: str = VERSION

    @property
    def text(self) -> str:
        """The identifier with its check character."""
        parts = "/".join(part for part in (self.issuer, self.vaccine, self.opaque) if part is not None)
        body = f"{PREFIX}{self.version}:{self.country}:{parts}"
        return f"{body}#{check_character(body)}"


@dataclass(frozen=True, slots=True)
class UvciReading:
    """What an identifier says; `parts` is None when it is not built as specified."""

    parts: Uvci | None
    oddities: tuple[Oddity, ...]


def check_character(body: str) -> str:
    """The check character for everything before `#`, prefix included.

    Raises `EncodeError` for a character other than A-Z, 0-9, slash and colon.
    """
    reversed_body = body.encode("ascii", "replace")[::-1]  # what is not ASCII becomes "?", which is no member either
    once, twice = reversed_body[1::2].translate(_ONCE), reversed_body[::2].translate(_TWICE)
    if _STRANGE in once or _STRANGE in twice:
        raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_MALFORMED)
    return _ALPHABET[-(sum(once) + sum(twice)) % _BASE]


def read_uvci(text: str) -> UvciReading:
    """The parts of an identifier from the field, and what is odd about it. Never raises."""
    body, mark, check = text.partition("#")
    oddities = [Oddity.TOO_LONG] if len(text) > LIMIT else []
    if not body.startswith(PREFIX):
        oddities.append(Oddity.PREFIX_MISSING)
    parts = _parts(body.removeprefix(PREFIX))
    if parts is None:
        oddities.append(Oddity.STRUCTURE)
    try:
        if check != check_character(body):
            oddities.append(Oddity.CHECK_WRONG if mark else Oddity.CHECK_MISSING)
    except EncodeError:
        oddities.append(Oddity.CHARACTER)
    return UvciReading(parts, tuple(oddities))


def _parts(body: str) -> Uvci | None:
    match = _BODY(body)
    if match is None:
        return None
    *first, opaque = match["parts"].split("/")
    if len(first) > 2 or not all((*first, opaque)):
        return None
    issuer, vaccine = (*first, None, None)[:2]
    return Uvci(match["country"], opaque, issuer, vaccine, match["version"])


def opaque_part(random: bytes) -> str:
    """An opaque part that says nothing of the person, from at least `OPAQUE_BYTES` random bytes of the caller's."""
    if len(random) < OPAQUE_BYTES:
        raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_TOO_SHORT, minimum=OPAQUE_BYTES)
    return b32encode(random).decode("ascii").rstrip("=")


def new_uvci(country: str, opaque: str, issuer: str | None = None, vaccine: str | None = None) -> str:
    """An identifier to issue, with prefix and check character; `opaque` as from `opaque_part`.

    Raises `EncodeError` when a part has other characters than A-Z and 0-9, the opaque part less than 128 bits, or the
    whole more than 80 characters.
    """
    if len(opaque) < OPAQUE_CHARACTERS:
        raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_TOO_SHORT, minimum=OPAQUE_CHARACTERS)
    if vaccine is not None and issuer is None:
        raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_MALFORMED, part="issuer")
    if not _COUNTRY(country):
        raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_MALFORMED, part="country")
    for name, part in (("issuer", issuer), ("vaccine", vaccine), ("opaque", opaque)):
        if part is not None and not _PART(part):
            raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_MALFORMED, part=name)
    text = Uvci(country, opaque, issuer, vaccine).text
    if len(text) > LIMIT:
        raise EncodeError(Stage.ISSUE, Reason.IDENTIFIER_TOO_LONG, limit=LIMIT)
    return text
