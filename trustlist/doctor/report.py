"""The result of an examination: counts and findings, as frozen values and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from trustlist.doctor.findings import Finding, FindingKind, Severity
from trustlist.freshness import Freshness
from trustlist.model import Environment, Source

Tally: TypeAlias = tuple[tuple[str, int], ...]
"""Names with how often each was met."""

FORM = 1
"""Raised when a member of the JSON form is renamed, moved or taken away, not when one is added."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of everything; `-` stands for what a list does not name.

    The tallies put the most frequent first. Kinds of key, expiry and peculiarities are of the entries that could be
    read, everything else of all entries.
    """

    entries: int
    rejected: int
    """Of these, those that were no use at all when the list was read."""
    kids: int
    """Different ones, of the keys that could be read."""
    certificates: int
    """Different ones; a bare key has none."""
    participants: Tally
    domains: Tally
    usages: Tally
    keys: Tally
    """`P-256`, `RSA 2048`."""
    states: Tally
    """By `EntryStatus`."""
    expired: Tally
    """By usage: those whose own dates are over."""
    peculiarities: Tally
    """By `CertificateProblem`: slips of encoding that cost nothing here, and stop stricter readers."""
    participant_states: tuple[tuple[str, Tally], ...]
    """For each participant, in the order of `participants`, the states of its entries."""
    expiry_months: tuple[tuple[str, Tally], ...]
    """For each month of UTC in which a key ends (`2027-04`), in order, the usages of those keys."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a careful administrator wants to know of a trust list at one moment."""

    at: datetime
    environment: Environment
    sources: tuple[Source, ...]
    age: timedelta | None
    """Of the oldest signed list at that moment; None when there is none."""
    freshness: Freshness
    counts: Counts
    findings: tuple[Finding, ...]
    """The gravest first, then by kind, then in the order of the list."""

    @property
    def is_serious(self) -> bool:
        """Whether anything found is serious."""
        return any(finding.severity is Severity.SERIOUS for finding in self.findings)

    def of_kind(self, kind: FindingKind) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    def kinds(self) -> tuple[tuple[FindingKind, tuple[Finding, ...]], ...]:
        """The kinds that were found, each with its findings."""
        groups: dict[FindingKind, list[Finding]] = {}
        for finding in self.findings:
            groups.setdefault(finding.kind, []).append(finding)
        return tuple((kind, tuple(found)) for kind, found in groups.items())

    def severities(self) -> Tally:
        """How many findings there are of each severity, all three named."""
        found = Counter(finding.severity for finding in self.findings)
        return tuple((severity.value, found[severity]) for severity in Severity)

    def to_dict(self) -> dict[str, object]:
        """JSON values; members are added, none is renamed within one `form`."""
        return {
            "form": FORM,
            "at": self.at.isoformat(),
            "environment": self.environment.value,
            "sources": [_source_values(source) for source in self.sources],
            "age_seconds": None if self.age is None else int(self.age.total_seconds()),
            "freshness": self.freshness.value,
            "severities": dict(self.severities()),
            "kinds": {kind.value: len(found) for kind, found in self.kinds()},
            "counts": _count_values(self.counts),
            "findings": [_finding_values(finding) for finding in self.findings],
        }


def _source_values(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "kind": source.kind,
        "environment": source.environment.value,
        "created": source.created.isoformat() if source.created else None,
        "expires": source.expires.isoformat() if source.expires else None,
        "verified": source.verified,
        "entries": source.entries,
    }


def _count_values(counts: Counts) -> dict[str, object]:
    return {
        "entries": counts.entries,
        "rejected": counts.rejected,
        "kids": counts.kids,
        "certificates": counts.certificates,
        "participants": dict(counts.participants),
        "domains": dict(counts.domains),
        "usages": dict(counts.usages),
        "keys": dict(counts.keys),
        "states": dict(counts.states),
        "expired": dict(counts.expired),
        "peculiarities": dict(counts.peculiarities),
        "participant_states": {name: dict(tally) for name, tally in counts.participant_states},
        "expiry_months": {month: dict(tally) for month, tally in counts.expiry_months},
    }


def _finding_values(finding: Finding) -> dict[str, object]:
    return {
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "source": finding.source,
        "position": finding.position,
        "participant": finding.participant,
        "kid": finding.kid,
        "usage": finding.usage.value if finding.usage else None,
        "detail": dict(finding.detail),
    }
