"""Every choice and bound of an update, in one frozen value with its units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from trustlist.freshness import AGEING_AFTER, FUTURE_SKEW, STALE_AFTER


@dataclass(frozen=True, slots=True)
class UpdatePolicy:
    """What an update takes in, and what it asks a person about.

    The largest published list has 1.5 MB and 501 keys; the reference lists of that network have 225 documents in
    five steps, all signed within a minute.
    """

    document_bytes: int = 64 * 1024 * 1024
    """Bytes of one list."""
    together_bytes: int = 256 * 1024 * 1024
    """Bytes of all lists that are taken in together."""
    documents: int = 4_000
    """Lists that are taken in together, counting those that were referred to and are not there."""
    reference_steps: int = 6
    """References from the list that was asked for to the last one that is reached."""
    future_skew: timedelta = FUTURE_SKEW
    """How far in the future a list may say that it was signed."""
    apart: timedelta = timedelta(days=2)
    """Between the oldest and the newest of the lists that are used together."""
    lost_keys_percent: int = 20
    """Of the keys that sign credentials now; when more than this would no longer do so, a person decides."""
    lost_participants_percent: int = 20
    """Of the participants that are listed; when more than this would no longer be, a person decides."""
    ageing_after: timedelta = AGEING_AFTER
    """Age of a list from which someone should look why no newer one arrives."""
    stale_after: timedelta = STALE_AFTER
    """Age of a list from which a verdict is no longer certain."""


DEFAULT_POLICY = UpdatePolicy()
