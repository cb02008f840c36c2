"""The official JSON schema as an oracle for our own checks, and what we take or refuse otherwise on purpose.

The schema file is read from the shared corpora; `jsonschema` knows no `date-time` by itself and reads patterns as
Python does, so both are given to it as RFC 3339 and ECMA-262 say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from credential.errors import Deviation
from credential.kinds.reading import Problem, Rule

NEWEST = "reference/dcc-schema/1.3.3/DCC.combined-schema.json"
_GROUPS = {"v": ("dt",), "t": (), "r": ("fr", "df", "du")}
_OPTIONAL_IN_TEST = ("nm", "ma", "tc")
_OPTIONAL_IN_NAME = ("fn", "fnt", "gn", "gnt")
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_formats = FormatChecker(["date"])


@_formats.checks("date-time")
def _is_date_time(value: object) -> bool:
    """RFC 3339, with the offsets that the encoding instructions allow beyond it (official vectors have them)."""
    if not isinstance(value, str):
        return True
    match = _DATE_TIME.fullmatch(value)
    return match is not None and match[4] is not None and _exists(match)


def _exists(match: re.Match[str]) -> bool:
    hours = (match[4] or "")[1:3] or "00"
    minutes = (match[4] or "")[3:].lstrip(":") or "00"
    try:
        datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        return False
    return int(match[2][:2]) < 24 and int(hours) < 24 and int(minutes) < 60


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[ValidationError]:
    ecma = pattern.replace("$", r"\Z").replace(".", r"[^\n\r\u2028\u2029]")
    if isinstance(value, str) and not re.search(ecma, value, re.ASCII):
        yield ValidationError("pattern")


class Oracle:
    """Whether the schema of the newest release takes a certificate that has exactly one entry."""

    def __init__(self, corpora: Path) -> None:
        schema = json.loads((corpora / NEWEST).read_text())
        validator = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
        self._validator = validator(schema, format_checker=_formats)

    def accepts(self, claim: Any) -> bool:
        return self._validator.is_valid(claim) and sum(len(claim.get(group, ())) for group in _GROUPS) == 1


def as_specified(claim: Any) -> tuple[Any, set[Deviation]]:
    """The claim with what we tolerate beyond the schema put right, and the notes that this has to give."""
    due: set[Deviation] = set()
    if not isinstance(claim, dict):
        return claim, due
    claim = _without_nulls(claim, _GROUPS, Deviation.GROUP_NULL, due)
    if isinstance(claim.get("nam"), dict):
        claim["nam"] = _without_nulls(claim["nam"], _OPTIONAL_IN_NAME, Deviation.FIELD_NULL, due)
    _cut_times(claim, ("dob",), due)
    for group, dates in _GROUPS.items():
        if isinstance(claim.get(group), list):
            claim[group] = [dict(entry) if isinstance(entry, dict) else entry for entry in claim[group]]
            for entry in filter(lambda entry: isinstance(entry, dict), claim[group]):
                _cut_times(entry, dates, due)
    if isinstance(claim.get("t"), list):
        claim["t"] = [
            _without_nulls(entry, _OPTIONAL_IN_TEST, Deviation.FIELD_NULL, due) if isinstance(entry, dict) else entry
            for entry in claim["t"]
        ]
    return claim, due


def _without_nulls(value: dict[str, Any], keys: Any, deviation: Deviation, due: set[Deviation]) -> dict[str, Any]:
    kept = {key: item for key, item in value.items() if item is not None or key not in keys}
    if len(kept) != len(value):
        due.add(deviation)
    return kept


def _cut_times(value: dict[str, Any], keys: tuple[str, ...], due: set[Deviation]) -> None:
    for key in keys:
        match = _DATE_TIME.fullmatch(value[key]) if isinstance(value.get(key), str) else None
        if match is not None and _exists(match):
            value[key] = match[1]
            due.add(Deviation.DATE_WITH_TIME)


def is_stricter_on_purpose(problem: Problem, claim: Mapping[str, Any]) -> bool:
    """Whether we refuse what the schema takes, for a documented reason: see `credential.kinds.eu_dcc_schema`."""
    if problem.rule in (Rule.UNICODE, Rule.MAXIMUM):
        return True
    if problem == Problem("ver", Rule.TOO_LONG):
        return len(claim["ver"]) > 32
    if problem == Problem("t.0.sc", Rule.DATE_TIME):
        return str(claim["t"][0]["sc"])[:4] in (f"{date.min.year:04}", f"{date.max.year:04}")
    return False
