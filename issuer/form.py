"""Reading what clinic staff wrote: JSON objects by tables of members, strictly, with everything wrong listed at once.

Here a record's shape is looked at: members that are missing, unknown or of another type. What a member says is then
checked by its kind of credential. Text is put into Unicode's composed form (NFC), which the HCERT specification asks
issuers for and which looks the same; nothing else is altered, so that what is signed is what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

from issuer.errors import FieldReason, Problem

MOST_UNKNOWN: Final = 20
"""Unknown members that are listed by name; the rest of a flood is not."""
MOST_CHARS: Final = 1000
"""Characters of one text that are looked at, against floods; kinds of credential allow fewer."""
_SHOWN_CHARS: Final = 40

_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})", re.ASCII
).fullmatch  # RFC 3339 §5.6 to the second; seconds may be left out, as HTML forms do

Reader: TypeAlias = Callable[[Any], Any]
"""Gives the value in its own type, or a `FieldReason`."""


class Member(NamedTuple):
    """One member of an object in a record."""

    name: str
    """The word for it in the record."""
    attribute: str
    """The short name that it has in the credential."""
    required: bool
    read: Reader
    allowed: str | None = None
    """What to tell when it is refused: the choices, or the form."""


def text(value: Any) -> Any:
    """Text, in NFC."""
    if value.__class__ is not str:
        return FieldReason.NOT_TEXT
    if len(value) > MOST_CHARS:
        return FieldReason.TEXT_TOO_LONG
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def whole_number(value: Any) -> Any:
    """A whole number; `true` is none, nor is 2.0."""
    return value if value.__class__ is int else FieldReason.NOT_A_WHOLE_NUMBER


def day(value: Any) -> Any:
    """A calendar date, YYYY-MM-DD."""
    if value.__class__ is not str:
        return FieldReason.NOT_TEXT
    if len(value) != 10 or not value[4] == value[7] == "-":  # `fromisoformat` knows more shapes
        return FieldReason.NOT_A_DATE
    try:
        return date.fromisoformat(value)
    except ValueError:
        return FieldReason.NOT_A_DATE


def moment(value: Any) -> Any:
    """A point in time with its offset, YYYY-MM-DDThh:mm:ss+hh:mm."""
    if value.__class__ is not str:
        return FieldReason.NOT_TEXT
    if not _MOMENT(value):
        return FieldReason.NOT_A_MOMENT
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return FieldReason.NOT_A_MOMENT


def one_of(choices: Collection[str]) -> Reader:
    """One of a closed set of codes."""

    def read(value: Any) -> Any:
        if value.__class__ is not str:
            return FieldReason.NOT_TEXT
        return value if value in choices else FieldReason.NOT_ALLOWED

    return read


def read_object(value: Any, members: Iterable[Member], path: str, problems: list[Problem]) -> dict[str, Any]:
    """The members of an object by the short names of the credential; None for optional ones that are absent or null.

    What is wrong goes into `problems`; the result is complete only when nothing was added there. `path` is the name
    of the object in the record, empty for the record itself.
    """
    if value.__class__ is not dict and not isinstance(value, Mapping):
        problems.append(Problem(path, FieldReason.NOT_AN_OBJECT))
        return {}
    values: dict[str, Any] = {}
    known = 0
    for name, attribute, required, read, allowed in members:
        item = value.get(name)
        if item is None:
            known += name in value
            values[attribute] = None
            if required:
                problems.append(Problem(f"{path}.{name}" if path else name, FieldReason.MISSING))
            continue
        known += 1
        values[attribute] = item = read(item)
        if item.__class__ is FieldReason:
            problems.append(Problem(f"{path}.{name}" if path else name, item, allowed))
    if known != len(value):
        problems += _unknown(value, {member.name for member in members}, f"{path}." if path else "")
    return values


def _unknown(value: Mapping[Any, Any], known: Collection[str], prefix: str) -> list[Problem]:
    strangers = (name for name in value if name not in known)
    return [Problem(prefix + _shown(name), FieldReason.UNKNOWN) for name in islice(strangers, MOST_UNKNOWN)]


def _shown(name: object) -> str:
    """A member's name for people: short, and without characters that do not show."""
    shown = str(name)[:_SHOWN_CHARS]
    return shown if shown.isprintable() else ascii(shown)
