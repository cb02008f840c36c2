"""`examine`: everything that shows in a trust list at one moment.

1. Each entry by itself: its state, what its certificate says, who issued it (`key_checks`).
2. Entries that could not be read, with their reasons.
3. Entries beside each other (`set_checks`).
4. The list as a whole: its age, where it says it comes from, where its references lead (`list_checks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import MappingProxyType

from trustlist.account import key_state, rejected_state
from trustlist.chain import Chain
from trustlist.doctor.counting import Tallies
from trustlist.doctor.findings import ORDER_OF, Finding, FindingKind
from trustlist.doctor.key_checks import Case, check_certificate, check_key
from trustlist.doctor.list_checks import (
    ReferenceList,
    RefusedList,
    check_age,
    check_references,
    check_refused,
    check_source,
)
from trustlist.doctor.report import Report
from trustlist.doctor.set_checks import Place, check_set, place_of
from trustlist.errors import ListReason, TrustListError
from trustlist.freshness import freshness
from trustlist.model import KeyUsage, RejectedEntry, Source, TrustedKey
from trustlist.snapshot import TrustSnapshot

_KIND_OF_REASON: Mapping[ListReason, FindingKind] = MappingProxyType(
    {
        ListReason.KEY_PRIVATE_PUBLISHED: FindingKind.PRIVATE_KEY_PUBLISHED,
        ListReason.KEY_NOT_OF_CERTIFICATE: FindingKind.AMBIGUOUS_ENTRY,
        ListReason.ENTRY_AMBIGUOUS: FindingKind.AMBIGUOUS_ENTRY,
    }
)
"""Rejected for these reasons, an entry is more than useless."""


def examine(
    snapshot: TrustSnapshot,
    *,
    at: datetime,
    references: Sequence[ReferenceList] = (),
    known: AbstractSet[str] | None = None,
    refused: Sequence[RefusedList] = (),
) -> Report:
    """What is in a trust list at `at` (timezone-aware), and everything that is wrong with it.

    `references` are signed lists whose references are to be looked at, `known` the DIDs of all lists that exist (None:
    not known, and no reference is said to dangle), `refused` documents among them that could not be believed. Reads
    every certificate and checks every chain; raises nothing.
    """
    tallies = Tallies(now=int(at.timestamp()))
    places: list[Place] = []
    keys = snapshot.keys()
    findings = [finding for key in keys for finding in _examine_key(key, snapshot, tallies, places)]
    for number, entry in snapshot.saved.rejected:
        tallies.rejected += 1
        tallies.add_state(rejected_state(snapshot.sources[number], entry))
        findings.append(_rejected(snapshot.sources[number], entry))
    findings += check_set(places)
    findings += (each for source in snapshot.sources for each in check_source(source, at))
    findings += check_age(snapshot, at)
    findings += check_references(tuple(references), known)
    findings += check_refused(tuple(refused))
    return Report(
        at=at,
        environment=snapshot.environment,
        sources=snapshot.sources,
        age=snapshot.age(at),
        freshness=freshness(snapshot, at),
        counts=tallies.counts(),
        findings=tuple(sorted(findings, key=lambda finding: ORDER_OF[finding.kind])),
    )


def _examine_key(key: TrustedKey, snapshot: TrustSnapshot, tallies: Tallies, places: list[Place]) -> Iterator[Finding]:
    state = key_state(key, snapshot.chain, tallies.now)
    tallies.add_state(state)
    try:
        tallies.add_key(key)
        places.append(place_of(key))
        yield from (_finding(kind, key, detail) for kind, detail in check_key(key))
        if not key.bare:
            tallies.add_certificate(key, key.facts)
            case = Case(key, key.facts, _chain(key, snapshot), state.reason, tallies.now)
            yield from (_finding(kind, key, detail) for kind, detail in check_certificate(case))
    except TrustListError as error:
        yield _finding(FindingKind.BROKEN_ENTRY, key, {"reason": error.reason.value})


def _chain(key: TrustedKey, snapshot: TrustSnapshot) -> Chain | None:
    return snapshot.chain(key) if key.usage is KeyUsage.DSC else None


def _finding(kind: FindingKind, key: TrustedKey, detail: Mapping[str, str | int | float | bool | None]) -> Finding:
    return Finding(
        kind=kind,
        source=key.source.name,
        position=key.position,
        participant=key.participant,
        kid=key.kid.hex(),
        usage=key.usage,
        detail=MappingProxyType(dict(detail)),
    )


def _rejected(source: Source, entry: RejectedEntry) -> Finding:
    return Finding(
        kind=_KIND_OF_REASON.get(entry.reason, FindingKind.BROKEN_ENTRY),
        source=source.name,
        position=entry.position,
        participant=entry.participant,
        kid=entry.kid,
        detail=MappingProxyType({"reason": entry.reason.value}),
    )
