"""The state of each entry of a list at one moment, so that none is lost silently.

An entry is in exactly one state. `USABLE` means: a credential signed with this key would find it as its signer, in
date, and under an SCA in date (shell model); what the credential says, and what the key may sign, is not judged here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from credential.wire.algorithms import ALGORITHMS
from credential.wire.x509_problem import CertificateProblem
from trustlist.chain import Chain, ChainStatus
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, RejectedEntry, Source, TrustedKey


class EntryStatus(StrEnum):
    """What an entry is good for at a moment."""

    USABLE = "usable"
    """Signs credentials."""
    AUTHORITY = "authority"
    """An SCA in date: it stands above signers and signs no credential itself."""
    OTHER_USE = "other-use"
    """In date, but for exchange, connection or upload."""
    EXPIRED = "expired"
    """Its own dates are over, or those of its SCA."""
    NOT_YET_VALID = "not-yet-valid"
    """Its own dates have not begun, or those of its SCA."""
    ORPHANED = "orphaned"
    """A signer whose SCA is not in the list."""
    UNSUPPORTED = "unsupported"
    """A signer in date whose sort of key no accepted algorithm uses."""
    UNVERIFIED = "unverified"
    """A signer that would be usable, if anyone vouched for the list that names it."""
    BROKEN = "broken"
    """Cannot be used at any time."""


@dataclass(frozen=True, slots=True)
class EntryState:
    """One entry and its state."""

    position: str
    source: str
    kid: str | None
    """Hexadecimal; for a rejected entry as the source wrote it."""
    participant: str | None
    domain: str | None
    usage: KeyUsage | None
    """None for a rejected entry: its usage was not believed."""
    status: EntryStatus
    reason: ListReason | None
    """None when nothing is wrong."""


_Verdict = tuple[EntryStatus, ListReason | None]

_UNCHAINED = MappingProxyType(
    {
        ChainStatus.PINNED: EntryStatus.USABLE,
        ChainStatus.ORPHANED: EntryStatus.ORPHANED,
        ChainStatus.BAD_SIGNATURE: EntryStatus.BROKEN,
    }
)


def key_state(key: TrustedKey, chain: Callable[[TrustedKey], Chain], now: int) -> EntryState:
    """The state of one key at `now` (epoch seconds); `chain` tells where it stands, and is asked for signers only."""
    status, reason = _judge(key, chain, now)
    return EntryState(
        position=key.position,
        source=key.source.name,
        kid=key.kid.hex(),
        participant=key.participant,
        domain=key.domain,
        usage=key.usage,
        status=status,
        reason=reason,
    )


def rejected_state(source: Source, entry: RejectedEntry) -> EntryState:
    """The state of an entry that never became a key."""
    return EntryState(
        position=entry.position,
        source=source.name,
        kid=entry.kid,
        participant=entry.participant,
        domain=None,
        usage=None,
        status=EntryStatus.BROKEN,
        reason=entry.reason,
    )


def _judge(key: TrustedKey, chain: Callable[[TrustedKey], Chain], now: int) -> _Verdict:
    try:
        if key.key_facts.problem is CertificateProblem.KEY_TOO_WEAK:
            return EntryStatus.BROKEN, ListReason.KEY_TOO_WEAK
        supported = any(row.fits(key.public_key) for row in ALGORITHMS.values())
        dated = _judge_dates(key, now, ListReason.NOT_YET_VALID, ListReason.EXPIRED)
        if dated is not None:
            return dated
        if key.usage is KeyUsage.SCA:
            return EntryStatus.AUTHORITY, None
        if key.usage is not KeyUsage.DSC:
            return EntryStatus.OTHER_USE, None
        judged = _judge_chain(chain(key), now)
    except TrustListError as error:
        return EntryStatus.BROKEN, error.reason
    if judged[0] is not EntryStatus.USABLE:
        return judged
    if not supported:
        return EntryStatus.UNSUPPORTED, ListReason.KEY_UNSUPPORTED
    return judged if key.source.verified else (EntryStatus.UNVERIFIED, ListReason.SOURCE_UNVERIFIED)


def _judge_dates(key: TrustedKey, now: int, early: ListReason, late: ListReason) -> _Verdict | None:
    if key.starts_after(now):
        return EntryStatus.NOT_YET_VALID, early
    if key.ended_before(now):
        return EntryStatus.EXPIRED, late
    return None


def _judge_chain(chain: Chain, now: int) -> _Verdict:
    """One SCA in date is enough; else the one that lasts longest says why."""
    if chain.status is not ChainStatus.CHAINED:
        return _UNCHAINED[chain.status], chain.reason
    verdicts = [
        _judge_dates(sca, now, ListReason.SCA_NOT_YET_VALID, ListReason.SCA_EXPIRED)
        for sca in sorted(chain.authorities, key=lambda sca: sca.facts.not_after, reverse=True)
    ]
    if None in verdicts:
        return EntryStatus.USABLE, None
    return verdicts[0] or (EntryStatus.USABLE, None)
