"""Every change to a trust list as an entry of an append-only log, and the way back: what a log's entries add up to.

An entry says which key (participant, domain, usage, kid), what happened to it (`key.added`, `key.changed`,
`key.withdrawn`), the SHA-256 of its certificate and of what the list carries behind it, who did it and when. Added up
in order they are the content of the list, so that anyone who has both can see that nothing stands in a list without
having been logged, and nothing was logged that does not stand there.

A change is always taken against the log, never against the list before it: whatever broke off in between, the next
publication logs what is missing. https://www.rfc-editor.org/rfc/rfc9162.html (the log itself: `ledger`)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from ledger import Entry, EntryValue, LoggedEntry
from trustlist.changes import KeyName
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry

_ANY_KEY = "key."
_FINGERPRINT_CHARS = 64


class KeyChange(StrEnum):
    """What happened to a key of a list: the kind of an entry."""

    ADDED = "key.added"
    CHANGED = "key.changed"
    WITHDRAWN = "key.withdrawn"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a list holds under the name of a key, each as SHA-256 in hexadecimal."""

    certificate: str
    """Of the key's own certificate (DER), or of a bare key."""
    chain: str | None = None
    """Of the certificates that the list carries behind it, each with its length before it; None if there are none."""


@dataclass(frozen=True, slots=True)
class LoggedKey:
    """A key that is in the list, by its log: since when, and by whom."""

    fingerprint: Fingerprint
    at: datetime
    actor: str
    index: int
    """Of the last entry about it."""


Content: TypeAlias = Mapping[KeyName, Fingerprint]


class Deviation(StrEnum):
    """In what a list is not as its log says."""

    NOT_LOGGED = "not-logged"
    NOT_LISTED = "not-listed"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One key of which list and log say different things."""

    name: KeyName
    deviation: Deviation


def content_of(entries: Iterable[ListEntry]) -> Content:
    """What a list holds. Raises `TrustListError` (`ENTRY_AMBIGUOUS`) for one name with two certificates."""
    found: dict[KeyName, Fingerprint] = {}
    for entry in entries:
        name = KeyName(entry.participant or entry.issuer, entry.domain, entry.usage, entry.kid)
        fingerprint = _fingerprint(entry)
        if found.setdefault(name, fingerprint) != fingerprint:
            raise TrustListError(ListReason.ENTRY_AMBIGUOUS, position=entry.position)
    return MappingProxyType(found)


def log_changes(before: Content, after: Content, *, actor: str, at: datetime) -> tuple[Entry, ...]:
    """The entries that lead from one content to another: withdrawn first, then changed, then added, each in order.

    `actor` is the office or role that made the change, never a person; `at` is timezone-aware. Raises `LedgerError`
    (`ENTRY_…`) for codes that must not stand in a log.
    """
    return tuple(
        _entry(kind, name, fingerprint, actor, at)
        for kind, names in (
            (KeyChange.WITHDRAWN, before.keys() - after.keys()),
            (KeyChange.CHANGED, {name for name in before.keys() & after.keys() if before[name] != after[name]}),
            (KeyChange.ADDED, after.keys() - before.keys()),
        )
        for name in sorted(names, key=_order)
        for fingerprint in (before[name] if kind is KeyChange.WITHDRAWN else after[name],)
    )


def add_up(logged: Iterable[LoggedEntry]) -> Mapping[KeyName, LoggedKey]:
    """What the entries of a log, from its first one on, add up to; entries about other things than keys are passed by.

    Raises `TrustListError` (`LOG_INCONSISTENT`) with the `index` of an entry that adds what is there, or changes or
    withdraws what is not, or is not built as it should be.
    """
    found: dict[KeyName, LoggedKey] = {}
    for each in logged:
        if not each.entry.kind.startswith(_ANY_KEY):
            continue
        kind, name, fingerprint = read_change(each)
        listed = found.pop(name, None)
        fits = listed is None if kind is KeyChange.ADDED else listed is not None
        if kind is KeyChange.WITHDRAWN and listed is not None:
            fits = listed.fingerprint == fingerprint
        elif kind is KeyChange.CHANGED and listed is not None:
            fits = listed.fingerprint != fingerprint
        if not fits:
            raise TrustListError(ListReason.LOG_INCONSISTENT, index=each.index)
        if kind is not KeyChange.WITHDRAWN:
            found[name] = LoggedKey(fingerprint, each.entry.at, each.entry.actor, each.index)
    return MappingProxyType(found)


def logged_content(keys: Mapping[KeyName, LoggedKey]) -> Content:
    """The content that a log adds up to, without who and when."""
    return MappingProxyType({name: key.fingerprint for name, key in keys.items()})


def compare_with_log(listed: Content, logged: Content) -> tuple[Discrepancy, ...]:
    """Every key of which list and log say different things, in order; none if the list is what its log says."""
    names = sorted(listed.keys() | logged.keys(), key=_order)
    return tuple(_discrepancies(names, listed, logged))


def read_change(logged: LoggedEntry) -> tuple[KeyChange, KeyName, Fingerprint]:
    """What an entry about a key says. Raises `TrustListError` (`LOG_INCONSISTENT`)."""
    entry, detail = logged.entry, logged.entry.detail
    try:
        kind, usage = KeyChange(entry.kind), KeyUsage(str(detail.get("usage")))
        kid = bytes.fromhex(_text(detail, "kid") or "")
        name = KeyName(_text(detail, "participant"), _text(detail, "domain"), usage, kid)
    except ValueError:
        raise TrustListError(ListReason.LOG_INCONSISTENT, index=logged.index) from None
    fingerprint = Fingerprint(_text(detail, "certificate") or "", _text(detail, "chain"))
    if not kid or entry.subject != _subject(name) or not _is_hexadecimal(fingerprint):
        raise TrustListError(ListReason.LOG_INCONSISTENT, index=logged.index)
    return kind, name, fingerprint


def _discrepancies(names: Iterable[KeyName], listed: Content, logged: Content) -> Iterator[Discrepancy]:
    for name in names:
        if name not in logged:
            yield Discrepancy(name, Deviation.NOT_LOGGED)
        elif name not in listed:
            yield Discrepancy(name, Deviation.NOT_LISTED)
        elif listed[name] != logged[name]:
            yield Discrepancy(name, Deviation.OTHERWISE)


def _entry(kind: KeyChange, name: KeyName, fingerprint: Fingerprint, actor: str, at: datetime) -> Entry:
    detail: dict[str, EntryValue] = {
        "participant": name.participant,
        "domain": name.domain,
        "usage": name.usage.value,
        "kid": name.kid.hex(),
        "certificate": fingerprint.certificate,
        "chain": fingerprint.chain,
    }
    return Entry(kind.value, at, actor, _subject(name), detail)


def _subject(name: KeyName) -> str:
    return "/".join((name.domain or "-", name.participant or "-", name.usage.value, name.kid.hex()))


def _fingerprint(entry: ListEntry) -> Fingerprint:
    own, *behind = entry.certificates or (entry.public_key or b"",)
    parts = (len(der).to_bytes(4, "big") + der for der in behind)
    chain = hashlib.sha256(b"".join(parts)).hexdigest() if behind else None
    return Fingerprint(hashlib.sha256(own).hexdigest(), chain)


def _text(detail: Mapping[str, EntryValue], name: str) -> str | None:
    value = detail.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError
    return value


def _is_hexadecimal(fingerprint: Fingerprint) -> bool:
    texts = (fingerprint.certificate, fingerprint.chain or fingerprint.certificate)
    return all(len(text) == _FINGERPRINT_CHARS and not set(text) - set("0123456789abcdef") for text in texts)


def _order(name: KeyName) -> tuple[str, str, str, bytes]:
    return (name.participant or "", name.domain or "", name.usage.value, name.kid)
