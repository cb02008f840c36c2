"""Records: what a clinic writes down of one event, checked before anything is signed.

A record is a JSON object whose member `kind` says which credential is asked for; the rest is read by that kind's own
file, found in a table. A further kind is a further row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from credential.errors import DecodeError, Stage
from credential.kinds.registry import KINDS, Kind
from credential.uvci import OPAQUE_CHARACTERS, new_uvci
from credential.wire import json_text
from issuer.errors import FieldReason, IssueError, IssueReason, Problem
from issuer.record_eu_dcc import read_eu_dcc_record

RECORD_BYTES: Final = 64 * 1024
"""The largest record that is read as JSON text."""
RECORD_DEPTH: Final = 8

RecordReader: TypeAlias = Callable[[Mapping[str, Any], str, datetime, list[Problem]], Any]
"""Called with the record, the new identifier, the moment of issue and the list of problems to add to; gives the
credential, or None when it added something."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One row: the kind of credential, and how a record becomes one."""

    kind: Kind
    read: RecordReader


_READERS: Final[Mapping[str, RecordReader]] = {"eu-dcc": read_eu_dcc_record}

RECORD_KINDS: Final[Mapping[str, RecordKind]] = MappingProxyType(
    {kind.name: RecordKind(kind, _READERS[kind.name]) for kind in KINDS if kind.name in _READERS}
)

_SAMPLE_IDENTIFIER: Final = new_uvci("XX", OPAQUE_CHARACTERS * "A")


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked record as the credential that it asks for; nothing is signed yet."""

    kind: Kind
    credential: Any


def parse_record(data: bytes) -> Mapping[str, Any]:
    """The record in JSON text (UTF-8), not checked yet.

    Raises IssueError (stage RECORD) for text that is no JSON object, names a member twice, or is over 64 KiB.
    """
    try:
        value = json_text.decode(data, stage=Stage.RECORD, max_bytes=RECORD_BYTES, max_depth=RECORD_DEPTH)
    except DecodeError as error:
        raise IssueError(Stage.RECORD, IssueReason.RECORD_MALFORMED, cause=str(error.reason)) from error
    if not isinstance(value, dict):
        raise IssueError(Stage.RECORD, IssueReason.RECORD_MALFORMED, cause="no object")
    return value


def check_record(record: Mapping[str, Any], *, at: datetime) -> tuple[Problem, ...]:
    """All that is wrong with a record; empty when `issue` would take it at this moment."""
    try:
        draft_record(record, identifier=_SAMPLE_IDENTIFIER, at=at)
    except IssueError as error:
        return error.problems
    return ()


def draft_record(record: Mapping[str, Any], *, identifier: str, at: datetime) -> Draft:
    """The credential that a record asks for, with `identifier` as its own.

    Raises IssueError (stage RECORD): `problems` names every field that is wrong, `detail` the first of them.
    """
    row = _row(record)
    problems: list[Problem] = []
    credential = row.read(record, identifier, at, problems)
    if problems or credential is None:
        raise _invalid(problems)
    return Draft(row.kind, credential)


def _row(record: Mapping[str, Any]) -> RecordKind:
    if record.__class__ is not dict and not isinstance(record, Mapping):
        raise _invalid([Problem("", FieldReason.NOT_AN_OBJECT)])
    name = record.get("kind")
    if name is None:
        raise _invalid([Problem("kind", FieldReason.MISSING, ", ".join(RECORD_KINDS))])
    row = RECORD_KINDS.get(name) if isinstance(name, str) else None
    if row is None:
        raise _invalid([Problem("kind", FieldReason.NOT_ALLOWED, ", ".join(RECORD_KINDS))])
    return row


def _invalid(problems: list[Problem]) -> IssueError:
    first = problems[0]
    return IssueError(
        Stage.RECORD,
        IssueReason.RECORD_INVALID,
        problems=tuple(problems),
        field=first.field,
        problem=str(first.reason),
        count=len(problems),
    )
