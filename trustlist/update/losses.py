"""What a new list would take away: signers that count now and would not, participants that would be gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from trustlist.account import EntryStatus
from trustlist.changes import Changes, fingerprint
from trustlist.snapshot import TrustSnapshot
from trustlist.update.policy import UpdatePolicy

_Signer: TypeAlias = tuple[str | None, str | None, bytes, bytes]
"""Participant, domain, kid, and the certificate's fingerprint."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Counts of what is there now, and what of it would be lost."""

    usable_keys: int = 0
    """Keys that sign credentials now."""
    lost_keys: int = 0
    """Those of them that would no longer; keys that have expired in the meantime are in neither number."""
    participants: int = 0
    """Participants with any entry now."""
    lost_participants: tuple[str, ...] = ()
    """Those that would have none, in order."""

    def exceed(self, policy: UpdatePolicy) -> bool:
        """Whether a person decides: more than the policy's share of either."""
        return (
            100 * self.lost_keys > policy.lost_keys_percent * self.usable_keys
            or 100 * len(self.lost_participants) > policy.lost_participants_percent * self.participants
        )


NO_LOSSES = Losses()


def count_losses(before: TrustSnapshot | None, after: TrustSnapshot, changes: Changes, at: datetime) -> Losses:
    """What is lost from `before` to `after`, both looked at as of `at` (timezone-aware).

    Every certificate and chain of both is read, unless `changes` show that nothing went and nothing became other.
    """
    if before is None or not (changes.removed or changes.changed):
        return NO_LOSSES
    old = _usable(before, at)
    old_names, new_names = _participants(before), _participants(after)
    return Losses(
        usable_keys=len(old),
        lost_keys=len(old - _usable(after, at)),
        participants=len(old_names),
        lost_participants=tuple(sorted(old_names - new_names)),
    )


def _usable(snapshot: TrustSnapshot, at: datetime) -> frozenset[_Signer]:
    """`account` gives the states of the keys first, in their order."""
    return frozenset(
        (key.participant, key.domain, key.kid, fingerprint(key))
        for key, state in zip(snapshot.keys(), snapshot.account(at), strict=False)
        if state.status is EntryStatus.USABLE
    )


def _participants(snapshot: TrustSnapshot) -> frozenset[str]:
    return frozenset(key.participant for key in snapshot.keys() if key.participant is not None)  # noqa: SIM118
