"""Names in the letters of a machine-readable zone (`fnt`, `gnt`): ICAO Doc 9303 part 3, sections 4.6 and 6.

https://www.icao.int/publications/Documents/9303_p3_cons_en.pdf. What the standard has no letter for is reported, so
that a person can put it right; a machine's proposal is never the last word on somebody's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from credential.name_tables import (
    AT_START,
    BY_LANGUAGE,
    GREEK_SEQUENCES,
    LETTERS,
    SHADDA,
    TEH_MARBUTA,
    TEH_MARBUTA_AT_END,
)

LIMIT: Final = 80
"""Characters of a standardised name in an EU DCC."""
FILLER: Final = "<"

_LATIN_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘`´ʼʹʺʻʽʾʿ"))  # to be left out before ´ turns into a space and a mark
_COMMAS: Final = frozenset(",،、")
_LEFT_OUT: Final = frozenset({"Po", "Ps", "Pe", "Pi", "Pf", "Pc", "Mn", "Mc", "Me", "Cf", "Sk"})
_HAS_GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]").search
_GREEK_SEQUENCES: Final = tuple((re.compile(pattern), latin) for pattern, latin in GREEK_SEQUENCES)
# Names in plain letters take a short way to the same result.
_PLAIN: Final = re.compile("[A-Za-z ',.<-]*").fullmatch
_PLAIN_LETTERS: Final = str.maketrans(
    {" ": FILLER, ",": FILLER, "-": FILLER, "'": None, ".": None, **{c.lower(): c for c in _LATIN_LETTERS}}
)
_NONE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Transliteration:
    """A name in capital letters A to Z and fillers, and what got lost on the way."""

    text: str
    unmapped: tuple[str, ...]
    """Characters that neither the standard nor their decomposition has a letter for; left out of `text`. Digits too."""
    shortened: bool
    """Whether the end had to be cut off."""


def transliterate(name: str, *, language: str | None = None, limit: int = LIMIT) -> Transliteration:
    """One name (surname or forename) transliterated, at most `limit` characters.

    Space, hyphen and comma become one filler, apostrophes and other punctuation are left out. `language` (ISO 639-1)
    chooses among national letters of Cyrillic: be, bg, mk, sr, uk; without it the standard's default holds.
    """
    if _PLAIN(name):
        text = FILLER.join(filter(None, name.translate(_PLAIN_LETTERS).split(FILLER)))
        return Transliteration(text[:limit].rstrip(FILLER), (), len(text) > limit)
    tables = BY_LANGUAGE.get(language or "", _NONE), AT_START.get(language or "", _NONE)
    unmapped: list[str] = []
    parts = (_transliterate_part(part, *tables, unmapped) for part in _split(name))
    text = FILLER.join(filter(None, parts))
    return Transliteration(text[:limit].rstrip(FILLER), tuple(dict.fromkeys(unmapped)), len(text) > limit)


def standardise(name: str, *, language: str | None = None) -> str:
    """The standardised form of one name; see `transliterate`, which also tells what got lost."""
    return transliterate(name, language=language).text


def _split(name: str) -> list[str]:
    """The parts between fillers, in composed capitals, without what is left out."""
    capitals = unicodedata.normalize("NFKC", name.translate(_APOSTROPHES)).upper()
    letters = unicodedata.normalize("NFC", _spell_greek(capitals) if _HAS_GREEK(capitals) else capitals)
    return "".join(FILLER if _separates(letter) else letter for letter in letters if not _is_left_out(letter)).split(
        FILLER
    )


def _spell_greek(capitals: str) -> str:
    text = unicodedata.normalize("NFD", capitals)
    for pattern, latin in _GREEK_SEQUENCES:
        text = pattern.sub(latin, text)
    return text


def _separates(letter: str) -> bool:
    return letter.isspace() or letter in _COMMAS or letter == FILLER or unicodedata.category(letter) == "Pd"


def _is_left_out(letter: str) -> bool:
    return unicodedata.category(letter) in _LEFT_OUT and letter not in _COMMAS and letter != SHADDA


def _transliterate_part(part: str, own: Mapping[str, str], at_start: Mapping[str, str], unmapped: list[str]) -> str:
    latin: list[str] = []
    for position, letter in enumerate(part):
        if letter == SHADDA:
            latin += latin[-1:]
            continue
        mapped = _mapped(letter, own)
        if mapped is None:
            unmapped.append(letter)
        elif letter == TEH_MARBUTA and position == len(part) - 1:
            latin.append(TEH_MARBUTA_AT_END)
        else:
            latin.append(mapped if position else at_start.get(letter, mapped))
    return "".join(latin)


def _mapped(letter: str, own: Mapping[str, str]) -> str | None:
    """What one capital letter becomes: by table, else what is left of it without its marks; None when nothing is."""
    if letter in _LATIN_LETTERS:
        return letter
    known = own.get(letter, LETTERS.get(letter))
    if known is not None:
        return known
    base, *marks = unicodedata.decomposition(letter).split() or ("",)
    if not marks or base.startswith("<"):
        return None
    return _mapped(chr(int(base, 16)), own)
