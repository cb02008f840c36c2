"""The EU DCC JSON schema as checks: https://github.com/ehn-dcc-development/eu-dcc-schema (release 1.3.3, 2023-05-26).

Versions 1.0.0 to 1.3.3 are read by the rules of the 1.3 line, laxer than what came before in all but the number of
entries. Where that schema is laxer than its words, the schema decides: `co` needs one capital letter somewhere, the
dots in `ver` may be anything, `dob` need not exist in a calendar; such values are noted. `dt`, `fr`, `df` and `du` have
to be dates and `sc` a point in time (the schema's `format`).

Read although the schema refuses it, because issuers really write so, and noted: null for an absent group or optional
field, a time after a date. Not even noted: `sc` with an offset of hours alone, or without colon, which is as specified.

Refused although the schema takes it: half a surrogate pair in a text, a number beyond 2**53, a point in time that UTC
has no name for, a version of more than 32 characters.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final

from credential.errors import Deviation
from credential.kinds.reading import Check, Field, Findings, Rule, look_at_characters, text

TEXT_LIMIT: Final = 80
"""Characters of names, identifiers, issuers and centres since 1.3.0; 50 before."""
VERSION_LIMIT: Final = 32
COUNTRY_LIMIT: Final = 10
MINIMUM_DOSE: Final = 1
MAXIMUM_NUMBER: Final = 2**53 - 1
"""RFC 8259 §6: what every reader of JSON takes for the same number."""

PUBLISHED_VERSIONS: Final = frozenset({"1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.2.1", "1.3.0", "1.3.1", "1.3.2", "1.3.3"})

_VERSION: Final = re.compile(r"[0-9]+(?:[^\n\r\u2028\u2029][0-9]+){2}").fullmatch
_STANDARDISED: Final = re.compile(r"[A-Z<]*").fullmatch
_COUNTRY: Final = re.compile(r"[A-Z]").search
_BIRTH_DATE: Final = re.compile(r"(?:(?:19|20)[0-9]{2}(?:-[0-9]{2}){0,2})?").fullmatch
_REST_OF_DATE: Final = "-01-01"
_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_OFFSET: Final = r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
_FLAGS: Final = re.IGNORECASE | re.ASCII
_DATE_TIME: Final = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME}{_OFFSET}", _FLAGS).fullmatch
_DATE_WITH_TIME: Final = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_TIME}{_OFFSET}?", _FLAGS).fullmatch


def version(value: Any, path: str, found: Findings) -> Any:
    """`ver`: three numbers; a version that was never published is read by the same rules, and noted."""
    if value.__class__ is not str:
        found.fatal(path, Rule.TYPE)
        return None
    if value in PUBLISHED_VERSIONS:
        return value
    look_at_characters(value, path, found)
    if len(value) > VERSION_LIMIT:
        found.problem(path, Rule.TOO_LONG)
    elif not _VERSION(value):
        found.problem(path, Rule.PATTERN)
    else:
        found.note(Deviation.VERSION_UNKNOWN)
    return value


def birth_date(value: Any, path: str, found: Findings) -> Any:
    """`dob`: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` from 1900 to 2099, or nothing at all; a time after it is cut off."""
    if value.__class__ is not str:
        found.fatal(path, Rule.TYPE)
        return None
    if not _BIRTH_DATE(value):
        with_time = _DATE_WITH_TIME(value)
        if with_time is None or not _BIRTH_DATE(with_time[1]):
            found.problem(path, Rule.PATTERN)
            look_at_characters(value, path, found)
            return value
        found.note(Deviation.DATE_WITH_TIME)
        value = with_time[1]
    if not in_calendar(value):
        found.note(Deviation.DATE_NOT_CALENDAR)
    return value


def is_birth_date(value: str) -> bool:
    """Whether a text has the form of `dob`."""
    return _BIRTH_DATE(value) is not None


def is_standardised(value: str) -> bool:
    """Whether a text has only the letters of a machine-readable zone."""
    return _STANDARDISED(value) is not None


def in_calendar(partial: str) -> bool:
    """Whether a date, a month (`YYYY-MM`) or a year (`YYYY`) exists; no date at all does."""
    if not partial:
        return True
    try:
        date.fromisoformat(partial + _REST_OF_DATE[len(partial) - len("YYYY") :])
    except ValueError:
        return False
    return True


def calendar_date(value: Any, path: str, found: Findings) -> Any:
    """A complete date as `date`; a time after it is cut off. Full-date of RFC 3339 §5.6."""
    if value.__class__ is not str:
        found.fatal(path, Rule.TYPE)
        return None
    if not (len(value) == 10 and value[4] == "-" == value[7]):  # `fromisoformat` knows more shapes than RFC 3339
        with_time = _DATE_WITH_TIME(value)
        if with_time is None:
            found.fatal(path, Rule.DATE)
            return None
        found.note(Deviation.DATE_WITH_TIME)
        value = with_time[1]
    try:
        return date.fromisoformat(value)
    except ValueError:
        found.fatal(path, Rule.DATE)
        return None


def point_in_time(value: Any, path: str, found: Findings) -> Any:
    """A date and time with its offset as aware `datetime`. RFC 3339 §5.6, and offsets `+hh`, `+hhmm`."""
    if value.__class__ is not str:
        found.fatal(path, Rule.TYPE)
        return None
    if not _DATE_TIME(value):
        found.fatal(path, Rule.DATE_TIME)
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
        moment.astimezone(UTC)  # a point in time at the edge of the calendar may have no name in UTC
    except (ValueError, OverflowError):
        found.fatal(path, Rule.DATE_TIME)
        return None
    return moment


def dose(value: Any, path: str, found: Findings) -> Any:
    """A positive whole number; JSON schema takes 2.0 for one, and so do issuers."""
    if value.__class__ is float and value.is_integer():
        found.note(Deviation.NUMBER_FLOAT)
        value = int(value)
    if value.__class__ is not int:  # neither is a bool
        found.fatal(path, Rule.TYPE)
        return None
    if abs(value) > MAXIMUM_NUMBER:
        found.fatal(path, Rule.MAXIMUM)
        return None
    if value < MINIMUM_DOSE:
        found.problem(path, Rule.MINIMUM)
    return value


def standardised(value: Any, path: str, found: Findings) -> Any:
    """A name in the letters of a machine-readable zone."""
    if value.__class__ is not str:
        found.fatal(path, Rule.TYPE)
        return None
    if len(value) > TEXT_LIMIT:
        found.problem(path, Rule.TOO_LONG)
    if not _STANDARDISED(value):
        found.problem(path, Rule.PATTERN)
        look_at_characters(value, path, found)
    return value


def country(value: Any, path: str, found: Findings) -> Any:
    """`co`: a code of one to ten capital letters, ISO 3166-1 alpha-2 where there is one."""
    if value.__class__ is not str:
        found.fatal(path, Rule.TYPE)
        return None
    if not (len(value) <= COUNTRY_LIMIT and value.isascii() and value.isalpha() and value.isupper()):
        look_at_characters(value, path, found)
        if not _COUNTRY(value):
            found.problem(path, Rule.PATTERN)
        else:
            found.note(Deviation.COUNTRY_NOT_CODE)
    return value


_text: Final = text(TEXT_LIMIT)
_filled_text: Final = text(TEXT_LIMIT, may_be_empty=False)
_code: Final = text(may_be_empty=False)
_optional_code: Final = text()


def _entry(group: str, *members: tuple[str, Check, bool]) -> tuple[Field, ...]:
    """The table of one kind of entry: key, check, and whether it has to be there."""
    return tuple(Field(key, f"{group}.0.{key}", required, check) for key, check, required in members)


_REQUIRED: Final = True
_OPTIONAL: Final = False

NAME: Final = (
    Field("fn", "nam.fn", _OPTIONAL, _text),
    Field("fnt", "nam.fnt", _OPTIONAL, standardised),
    Field("gn", "nam.gn", _OPTIONAL, _text),
    Field("gnt", "nam.gnt", _OPTIONAL, standardised),
)
"""At least one of `fnt` and `gnt` has to be there: `read_eu_dcc` looks after that."""

VACCINATION: Final = _entry(
    "v",
    ("tg", _code, _REQUIRED),
    ("vp", _code, _REQUIRED),
    ("mp", _code, _REQUIRED),
    ("ma", _code, _REQUIRED),
    ("dn", dose, _REQUIRED),
    ("sd", dose, _REQUIRED),
    ("dt", calendar_date, _REQUIRED),
    ("co", country, _REQUIRED),
    ("is", _filled_text, _REQUIRED),
    ("ci", _filled_text, _REQUIRED),
)
TEST: Final = _entry(
    "t",
    ("tg", _code, _REQUIRED),
    ("tt", _code, _REQUIRED),
    ("nm", _text, _OPTIONAL),
    ("ma", _optional_code, _OPTIONAL),
    ("sc", point_in_time, _REQUIRED),
    ("tr", _code, _REQUIRED),
    ("tc", _text, _OPTIONAL),
    ("co", country, _REQUIRED),
    ("is", _filled_text, _REQUIRED),
    ("ci", _filled_text, _REQUIRED),
)
RECOVERY: Final = _entry(
    "r",
    ("tg", _code, _REQUIRED),
    ("fr", calendar_date, _REQUIRED),
    ("co", country, _REQUIRED),
    ("is", _filled_text, _REQUIRED),
    ("df", calendar_date, _REQUIRED),
    ("du", calendar_date, _REQUIRED),
    ("ci", _filled_text, _REQUIRED),
)
