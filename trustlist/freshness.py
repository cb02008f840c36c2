"""How fresh a list is. A list never says until when it counts, so whoever uses it says how old it may be."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from trustlist.snapshot import TrustSnapshot

FUTURE_SKEW = timedelta(minutes=5)
"""How far the clocks of a list's signer and of its reader may disagree."""
AGEING_AFTER = timedelta(days=7)
"""The network publishes daily: after a week something is wrong on the way from there to here."""
STALE_AFTER = timedelta(days=30)


class Freshness(StrEnum):
    """How the age of a snapshot stands against two limits."""

    FRESH = "fresh"
    AGEING = "ageing"
    """Still used; someone should find out why no newer list arrives."""
    STALE = "stale"
    AHEAD = "ahead"
    """Signed after the time that is asked about: nothing can be said of its age."""
    UNDATED = "undated"
    """Certificates that were handed over; no list, no date."""


def freshness(
    snapshot: TrustSnapshot,
    at: datetime,
    *,
    ageing_after: timedelta = AGEING_AFTER,
    stale_after: timedelta = STALE_AFTER,
) -> Freshness:
    """How fresh the oldest list of a snapshot is at `at` (timezone-aware)."""
    age = snapshot.age(at)
    if age is None:
        return Freshness.UNDATED
    if age < -FUTURE_SKEW:
        return Freshness.AHEAD
    if age > stale_after:
        return Freshness.STALE
    return Freshness.AGEING if age > ageing_after else Freshness.FRESH
