"""What an issuer has to keep to beyond what a reader takes: the EU DCC specification to the letter.

Schema release 1.3.3 and its encoding instructions (https://github.com/ehn-dcc-development/eu-dcc-schema); text in NFC
as the HCERT specification wants it (https://github.com/ehn-dcc-development/eu-dcc-hcert-spec). Whether a date lies in
the future depends on the clock: the issuer's question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from credential.kinds import eu_dcc_schema as schema
from credential.kinds.eu_dcc import EuDcc, Name, Recovery, Test, Vaccination
from credential.kinds.reading import Problem, Rule, has_controls
from credential.uvci import read_uvci

WRITABLE_VERSIONS: Final = ("1.3.0", "1.3.2", "1.3.3")
"""Versions to write; 1.3.1 differs from 1.3.0 in nothing."""
GIVEN_NAME_ALONE_SINCE: Final = "1.3.2"
"""From here on a person may have a standardised forename and no surname."""

_COUNTRY: Final = re.compile(r"[A-Z]{2,10}").fullmatch
_TEXTS: Final = {
    group: tuple((f"{group}.0.{attribute.rstrip('_')}", attribute) for attribute in attributes)
    for group, attributes in {
        "v": ("tg", "vp", "mp", "ma", "is_", "ci"),
        "t": ("tg", "tt", "nm", "ma", "tr", "tc", "is_", "ci"),
        "r": ("tg", "is_", "ci"),
    }.items()
}
"""Paths and attributes of the texts of each kind of entry."""


def check_for_issue(dcc: EuDcc) -> tuple[Problem, ...]:
    """Why a certificate must not be issued; empty when it may. `read_eu_dcc` finds nothing in one that may."""
    return tuple(_problems(dcc))


def _problems(dcc: EuDcc) -> Iterator[Problem]:
    if dcc.ver not in WRITABLE_VERSIONS:
        yield Problem("ver", Rule.VERSION)
    yield from _name(dcc.nam, dcc.ver)
    if not schema.is_birth_date(dcc.dob):
        yield Problem("dob", Rule.PATTERN)
    elif not schema.in_calendar(dcc.dob):
        yield Problem("dob", Rule.DATE)
    entries = len(dcc.v) + len(dcc.t) + len(dcc.r)
    if entries != 1:
        yield Problem("", Rule.SEVERAL_ENTRIES if entries else Rule.NO_ENTRY)
        return
    yield from _entry(dcc.group, dcc.entry)
    yield from _dates(dcc)


def _name(name: Name, version: str) -> Iterator[Problem]:
    if not name.fnt and not (name.gnt and version >= GIVEN_NAME_ALONE_SINCE):
        yield Problem("nam.fnt", Rule.REQUIRED)
    for key, printed, standardised in (("fn", name.fn, name.fnt), ("gn", name.gn, name.gnt)):
        if printed is not None:
            yield from _text(f"nam.{key}", printed, schema.TEXT_LIMIT)
            if not standardised:
                yield Problem(f"nam.{key}t", Rule.REQUIRED)
        if standardised is not None:
            yield from _standardised(f"nam.{key}t", standardised)


def _standardised(path: str, value: str) -> Iterator[Problem]:
    if len(value) > schema.TEXT_LIMIT:
        yield Problem(path, Rule.TOO_LONG)
    if not schema.is_standardised(value):
        yield Problem(path, Rule.PATTERN)
    if value.strip("<") != value:
        yield Problem(path, Rule.PADDED)


def _text(path: str, value: str, limit: int) -> Iterable[Problem]:
    if value.isascii() and value.isprintable() and 0 < len(value) <= limit and value[0] != " " != value[-1]:
        return ()  # by far the most
    broken = {
        Rule.EMPTY: not value,
        Rule.TOO_LONG: len(value) > limit,
        Rule.PADDED: value.strip() != value,
        Rule.CONTROL: has_controls(value),
        Rule.NOT_NFC: not unicodedata.is_normalized("NFC", value),
        Rule.UNICODE: any("\ud800" <= character <= "\udfff" for character in value),
    }
    return (Problem(path, rule) for rule, is_broken in broken.items() if is_broken)


def _entry(group: str, entry: Vaccination | Test | Recovery) -> Iterator[Problem]:
    for path, attribute in _TEXTS[group]:
        value: str | None = getattr(entry, attribute)
        if value is not None:
            yield from _text(path, value, schema.TEXT_LIMIT)
    if not _COUNTRY(entry.co):
        yield Problem(f"{group}.0.co", Rule.PATTERN)
    if read_uvci(entry.ci).oddities:
        yield Problem(f"{group}.0.ci", Rule.IDENTIFIER)


def _dates(dcc: EuDcc) -> Iterator[Problem]:
    """Doses, dates and times of the one entry, and their order; `dn` may well be greater than `sd`."""
    for shot in dcc.v:
        yield from (Problem(f"v.0.{key}", Rule.MINIMUM) for key in ("dn", "sd") if getattr(shot, key) < 1)
        yield from _after_birth("v.0.dt", shot.dt, dcc.dob)
    for test in dcc.t:
        offset = test.sc.utcoffset()
        if offset is None:
            yield Problem("t.0.sc", Rule.DATE_TIME)
        elif test.sc.microsecond or offset % timedelta(minutes=1):
            yield Problem("t.0.sc", Rule.PRECISION)
        yield from _after_birth("t.0.sc", test.sc.date(), dcc.dob)
    for recovery in dcc.r:
        yield from _after_birth("r.0.fr", recovery.fr, dcc.dob)
        if recovery.df < recovery.fr:
            yield Problem("r.0.df", Rule.ORDER)
        if recovery.du < recovery.df:
            yield Problem("r.0.du", Rule.ORDER)


def _after_birth(path: str, day: date, birth: str) -> Iterator[Problem]:
    """As far as the birth date is known: compared by as many of its digits as there are."""
    if day.isoformat()[: len(birth)] < birth:
        yield Problem(path, Rule.ORDER)
