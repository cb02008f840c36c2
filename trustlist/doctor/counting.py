"""Counts of a list, kept entry by entry, so that a list of any length passes through without being held."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from credential.wire.x509 import CertificateFacts
from credential.wire.x509_problem import CertificateProblem
from trustlist.account import EntryState
from trustlist.doctor.key_checks import key_name
from trustlist.doctor.report import Counts, Tally
from trustlist.model import TrustedKey

UNNAMED = "-"

_FOUND_OTHERWISE = frozenset(
    {
        CertificateProblem.SIGNATURE_HASH_WEAK,
        CertificateProblem.KEY_TOO_WEAK,
        CertificateProblem.COUNTRY_MISSING,
        CertificateProblem.COUNTRY_SEVERAL,
    }
)
"""Problems that are findings of their own, and no peculiarities."""


@dataclass(slots=True)
class Tallies:
    """Counters under way."""

    now: int
    entries: int = 0
    rejected: int = 0
    kids: set[bytes] = field(default_factory=set)
    certificates: set[bytes] = field(default_factory=set)
    participants: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    usages: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    expired: Counter[str] = field(default_factory=Counter)
    peculiarities: Counter[str] = field(default_factory=Counter)
    participant_states: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    months: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add_state(self, state: EntryState) -> None:
        """Count any entry, read or rejected."""
        name = state.participant or UNNAMED
        self.entries += 1
        self.participants[name] += 1
        self.domains[state.domain or UNNAMED] += 1
        self.usages[state.usage.value if state.usage else UNNAMED] += 1
        self.states[state.status.value] += 1
        self.participant_states[name][state.status.value] += 1

    def add_key(self, key: TrustedKey) -> None:
        """Count a key. Raises `TrustListError` for one that cannot be read."""
        self.kids.add(key.kid)
        if not key.bare:
            self.certificates.add(hashlib.sha256(key.certificate).digest())
        self.keys[key_name(key.key_facts)] += 1

    def add_certificate(self, key: TrustedKey, facts: CertificateFacts) -> None:
        """Count what a certificate says."""
        self.months[month_of(facts.not_after)][key.usage.value] += 1
        self.expired.update([key.usage.value] if facts.not_after < self.now else [])
        self.peculiarities.update(str(problem) for problem in set(facts.problems) - _FOUND_OTHERWISE)

    def counts(self) -> Counts:
        """What was counted."""
        participants = _tally(self.participants)
        return Counts(
            entries=self.entries,
            rejected=self.rejected,
            kids=len(self.kids),
            certificates=len(self.certificates),
            participants=participants,
            domains=_tally(self.domains),
            usages=_tally(self.usages),
            keys=_tally(self.keys),
            states=_tally(self.states),
            expired=_tally(self.expired),
            peculiarities=_tally(self.peculiarities),
            participant_states=tuple((name, _tally(self.participant_states[name])) for name, _ in participants),
            expiry_months=tuple((month, _tally(self.months[month])) for month in sorted(self.months)),
        )


def month_of(moment: int) -> str:
    """The month of UTC that this second (of the epoch) falls into, as `2027-04`."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m}"


def _tally(counter: Counter[str]) -> Tally:
    """The most frequent first, equals by name."""
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
