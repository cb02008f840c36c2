"""The JSON header of a saved snapshot: what is said once for many entries, and the entries that were rejected."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from credential.errors import Detail
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment, RejectedEntry, Source


def damaged(part: str) -> TrustListError:
    """The error for a saved snapshot that is not what was saved; `part` as `trustlist.snapshot_file` names it."""
    return TrustListError(ListReason.SNAPSHOT_DAMAGED, part=part)


@dataclass(frozen=True, slots=True)
class Header:
    """What the header holds."""

    sources: tuple[Source, ...]
    rejected: tuple[tuple[int, RejectedEntry], ...]
    """Each with the number of its source."""
    participants: tuple[str, ...]
    domains: tuple[str, ...]

    def write(self) -> bytes:
        """The header as JSON."""
        return json.dumps(
            {
                "sources": [_write_source(source) for source in self.sources],
                "rejected": [[number, *_write_rejected(entry)] for number, entry in self.rejected],
                "participants": self.participants,
                "domains": self.domains,
            },
            separators=(",", ":"),
        ).encode("ascii")

    @classmethod
    def read(cls, data: bytes) -> Header:
        """The header from its JSON; raises `TrustListError` (`SNAPSHOT_DAMAGED`) for anything else."""
        try:
            value = json.loads(data)
            header = cls(
                sources=tuple(_read_source(*row) for row in value["sources"]),
                rejected=tuple((int(row[0]), _read_rejected(*row[1:])) for row in value["rejected"]),
                participants=tuple(str(name) for name in value["participants"]),
                domains=tuple(str(name) for name in value["domains"]),
            )
        except (ValueError, TypeError, LookupError, RecursionError):
            raise damaged("header") from None
        if any(not 0 <= number < len(header.sources) for number, _ in header.rejected):
            raise damaged("header")
        return header


def _write_source(source: Source) -> list[object]:
    times = [moment and moment.isoformat() for moment in (source.created, source.expires)]
    return [source.name, source.kind, source.environment.value, source.entries, source.verified, *times]


def _read_source(*row: Any) -> Source:
    name, kind, environment, entries, verified, created, expires = row
    return Source(
        name=str(name),
        kind=str(kind),
        environment=Environment(environment),
        created=_read_time(created),
        entries=int(entries),
        expires=_read_time(expires),
        verified=verified is True,
    )


def _read_time(text: str | None) -> datetime | None:
    moment = None if text is None else datetime.fromisoformat(text)
    if moment is not None and moment.tzinfo is None:
        raise damaged("header")
    return moment


def _write_rejected(entry: RejectedEntry) -> list[object]:
    return [entry.position, entry.kid, entry.participant, entry.reason.value, dict(entry.detail)]


def _read_rejected(
    position: str, kid: str | None, participant: str | None, reason: str, detail: dict[str, Any]
) -> RejectedEntry:
    facts: Detail = MappingProxyType(dict(detail))
    return RejectedEntry(str(position), _text(kid), _text(participant), ListReason(reason), facts)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
