"""One entry of a log: what happened, when, who did it, to what; as the one sequence of bytes that it can have.

JSON by RFC 8785: members sorted, no space, no number but integers. Whatever is read is written again and must come out
the same, so that two different files never mean the same entry.

A log is published and nothing can be taken out of it again, so no person may stand in it: no name, no date of birth,
no identifier of a certificate or of a paper, and nothing from which one of them can be found by trying (so no plain
hash of it either). The form helps: all values are numbers or *codes*, and a code has neither spaces nor letters beyond
A to Z nor an `@`; codes with the marks of the credentials that this program handles are refused. The rest is up to who
writes: `actor` names an office, a role or a key, never a person; `subject` a key, a list, a site or a random number.

https://www.rfc-editor.org/rfc/rfc8785.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeAlias

from ledger.errors import LedgerError, LedgerReason
from ledger.limits import DEFAULT_LIMITS

EntryValue: TypeAlias = str | int | bool | None

_MEMBERS = {"actor", "at", "detail", "kind", "subject"}
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z0-9._:/#+=%~-]+")
_PERSONAL = re.compile(r"urn:uvci|hc1:|shc:/|shlink:/|vhlink:/", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_MOST_NAME_CHARS = 64
_LARGEST_INTEGER = 2**53 - 1
"""RFC 8785 §3.2.2.3 and every JavaScript reader end here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened. Raises `LedgerError` (`ENTRY_…`) for what must not stand in a log."""

    kind: str
    """What happened, in words of small letters joined by dots or hyphens: `key.added`."""
    at: datetime
    """When; timezone-aware, kept in UTC and cut to the second."""
    actor: str
    """Who did it: an office, a role or a key, as a code."""
    subject: str
    """To what it was done, as a code."""
    detail: Mapping[str, EntryValue] = field(default_factory=dict, hash=False)
    """What else there is to say: names to codes, integers, booleans or nothing."""

    def __post_init__(self) -> None:
        if not _is_name(self.kind):
            raise LedgerError(LedgerReason.ENTRY_KIND)
        for member in ("actor", "subject"):
            _check_code(member, getattr(self, member))
        object.__setattr__(self, "at", _to_second(self.at))
        object.__setattr__(self, "detail", _checked_detail(self.detail))

    def encode(self) -> bytes:
        """The entry's bytes. Raises `LedgerError` (`ENTRY_TOO_LARGE`)."""
        members = {
            "actor": self.actor,
            "at": f"{self.at.replace(tzinfo=None).isoformat(timespec='seconds')}Z",
            "detail": dict(self.detail),
            "kind": self.kind,
            "subject": self.subject,
        }
        data = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
        _check_length(data)
        return data


def decode_entry(data: bytes) -> Entry:
    """An entry from its bytes.

    Raises `LedgerError`: `ENTRY_TOO_LARGE`, `ENTRY_NOT_JSON`, `ENTRY_SHAPE`, `ENTRY_NOT_CANONICAL` if the same entry
    is written otherwise, and those of `Entry`.
    """
    _check_length(data)
    members = _read_json(data)
    if not isinstance(members, dict) or set(members) != _MEMBERS or not isinstance(members["detail"], dict):
        raise LedgerError(LedgerReason.ENTRY_SHAPE)
    at = _read_time(members["at"])
    entry = Entry(members["kind"], at, members["actor"], members["subject"], members["detail"])
    if entry.encode() != data:
        raise LedgerError(LedgerReason.ENTRY_NOT_CANONICAL)
    return entry


def _check_length(data: bytes) -> None:
    if len(data) > DEFAULT_LIMITS.entry_bytes:
        raise LedgerError(LedgerReason.ENTRY_TOO_LARGE, bytes=len(data), limit=DEFAULT_LIMITS.entry_bytes)


def _read_json(data: bytes) -> object:
    # No code has a bracket in it, so a proper entry opens two objects and no array: nothing can nest.
    if data.count(b"{") != 2 or b"[" in data:
        raise LedgerError(LedgerReason.ENTRY_SHAPE)
    try:
        members: object = json.loads(data.decode())
    except ValueError:  # malformed, not UTF-8, or an integer of thousands of digits
        raise LedgerError(LedgerReason.ENTRY_NOT_JSON) from None
    return members


def _read_time(text: object) -> datetime:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise LedgerError(LedgerReason.ENTRY_TIME)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise LedgerError(LedgerReason.ENTRY_TIME) from None


def _to_second(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise LedgerError(LedgerReason.ENTRY_TIME)
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise LedgerError(LedgerReason.ENTRY_TIME) from None


def _is_name(text: object) -> bool:
    return isinstance(text, str) and len(text) <= _MOST_NAME_CHARS and _NAME.fullmatch(text) is not None


def _check_code(member: str, text: object) -> None:
    if not isinstance(text, str) or len(text) > DEFAULT_LIMITS.code_chars or not _CODE.fullmatch(text):
        raise LedgerError(LedgerReason.ENTRY_CODE, member=member)
    if _PERSONAL.search(text):
        raise LedgerError(LedgerReason.ENTRY_PERSONAL, member=member)


def _checked_detail(detail: Mapping[str, EntryValue]) -> Mapping[str, EntryValue]:
    if len(detail) > DEFAULT_LIMITS.entry_members:
        raise LedgerError(LedgerReason.ENTRY_DETAIL, members=len(detail), limit=DEFAULT_LIMITS.entry_members)
    for name, value in detail.items():
        if not _is_name(name):
            raise LedgerError(LedgerReason.ENTRY_DETAIL)
        if isinstance(value, str):
            _check_code(name, value)
        elif not _is_plain(value):
            raise LedgerError(LedgerReason.ENTRY_DETAIL, member=name)
    return MappingProxyType(dict(detail))


def _is_plain(value: object) -> bool:
    return value is None or (isinstance(value, int) and abs(value) <= _LARGEST_INTEGER)
