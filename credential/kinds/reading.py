"""What every kind of credential is read with: fields in a table, each with its check, and what reading found.

A claim comes from untrusted bytes, so a check is given whatever CBOR or JSON can hold. It answers with the value in its
own type and puts what it does not like into `Findings`; nothing here raises, and the work is bounded by the table.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

from credential.errors import Deviation

CredentialT = TypeVar("CredentialT")


class Rule(StrEnum):
    """What a field breaks. Machine-read and stable: a rule is added, never renamed."""

    # Reading and issuing
    REQUIRED = "required"
    TYPE = "type"
    TOO_LONG = "too-long"
    PATTERN = "pattern"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    DATE = "date"
    DATE_TIME = "date-time"
    UNICODE = "unicode"
    NO_ENTRY = "no-entry"
    SEVERAL_ENTRIES = "several-entries"
    # Issuing only
    VERSION = "version"
    EMPTY = "empty"
    PADDED = "padded"
    CONTROL = "control"
    NOT_NFC = "not-nfc"
    ORDER = "order"
    PRECISION = "precision"
    IDENTIFIER = "identifier"


class Problem(NamedTuple):
    """One reason why a claim is not a credential of its kind. Holds nothing about the person."""

    field: str
    """Path of the field, such as `v.0.dn`; empty for the credential as a whole."""
    rule: Rule


class Reading(NamedTuple, Generic[CredentialT]):
    """What a claim says. It is a credential of its kind exactly when there are no problems."""

    credential: CredentialT | None
    """None when a problem leaves a value that has no type: a missing field, a date that is none."""
    problems: tuple[Problem, ...]
    deviations: tuple[Deviation, ...]


class Findings:
    """Collects what reading one claim finds."""

    __slots__ = ("deviations", "problems", "untypable")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.deviations: list[Deviation] = []
        self.untypable = False

    def problem(self, field: str, rule: Rule) -> None:
        """A rule is broken, but the value still has its type."""
        self.problems.append(Problem(field, rule))

    def fatal(self, field: str, rule: Rule) -> None:
        """A rule is broken and there is no value."""
        self.problems.append(Problem(field, rule))
        self.untypable = True

    def note(self, deviation: Deviation) -> None:
        """Something is otherwise than specified and read all the same."""
        self.deviations.append(deviation)

    def reading(self, credential: CredentialT | None) -> Reading[CredentialT]:
        """The reading of a claim, with `credential` left out when it could not be typed."""
        deviations = tuple(dict.fromkeys(self.deviations)) if self.deviations else ()
        return Reading(None if self.untypable else credential, tuple(self.problems), deviations)


Check: TypeAlias = Callable[[Any, str, Findings], Any]
"""Gives the value in its own type; called with the raw value, its path and the findings to add to."""


class Field(NamedTuple):
    """One member of a map."""

    key: str
    path: str
    required: bool
    check: Check
    absent: Any = None
    """The value when the member is absent or null."""
    null: Deviation = Deviation.FIELD_NULL
    """What to note when an optional member is null."""


_ABSENT: Final = object()


def read_fields(value: Any, path: str, fields: Iterable[Field], found: Findings) -> list[Any]:
    """The values of a map in the order of its table; unknown members are noted, never looked at."""
    if value.__class__ is not dict and not isinstance(value, Mapping):
        found.fatal(path, Rule.TYPE)
        return []
    values = []
    known = 0
    for key, field_path, required, check, absent, null in fields:
        item = value.get(key, _ABSENT)
        if item is _ABSENT:
            if required:
                found.fatal(field_path, Rule.REQUIRED)
            values.append(absent)
            continue
        known += 1
        if item is None and not required:
            found.note(null)
            values.append(absent)
        else:
            values.append(check(item, field_path, found))
    if known != len(value):
        found.note(Deviation.FIELD_UNKNOWN)
    return values


def text(limit: int | None = None, *, may_be_empty: bool = True) -> Check:
    """A text of at most `limit` characters (Unicode code points, as JSON schema counts them)."""

    most = sys.maxsize if limit is None else limit

    def check(value: Any, path: str, found: Findings) -> Any:
        if value.__class__ is not str:
            found.fatal(path, Rule.TYPE)
            return None
        if 0 < len(value) <= most and value.isascii() and value.isprintable() and value[0] != " " != value[-1]:
            return value  # by far the most
        if len(value) > most:
            found.problem(path, Rule.TOO_LONG)
        if not (value.isascii() and value.isprintable()):
            look_at_characters(value, path, found)
        if value.strip() != value:
            found.note(Deviation.TEXT_PADDED)
        if not (value or may_be_empty):
            found.note(Deviation.FIELD_EMPTY)
        return value

    return check


def look_at_characters(value: str, path: str, found: Findings) -> None:
    """Notes control characters and text not in NFC; half a surrogate pair, which JSON can carry, is no text at all."""
    try:
        value.encode()
    except UnicodeEncodeError:
        found.fatal(path, Rule.UNICODE)
        return
    if not unicodedata.is_normalized("NFC", value):
        found.note(Deviation.TEXT_NOT_NFC)
    if has_controls(value):
        found.note(Deviation.TEXT_CONTROL)


_CONTROL_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})
_DIRECTION_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def has_controls(value: str) -> bool:
    """Whether a text holds control characters, line breaks, or marks that turn the direction of what follows (UAX #9).

    Joiners and direction marks without reach are part of ordinary Persian, Arabic or Indic names and are none.
    """
    return not value.isprintable() and any(
        unicodedata.category(character) in _CONTROL_CATEGORIES
        or unicodedata.bidirectional(character) in _DIRECTION_CONTROLS
        for character in value
    )
