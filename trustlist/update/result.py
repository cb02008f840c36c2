"""What an update starts from and what comes of it: facts, for whoever writes them down or shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from credential.errors import NO_DETAIL, Detail
from trustlist.changes import NO_CHANGES, Changes
from trustlist.errors import ListReason, TrustListError
from trustlist.snapshot import TrustSnapshot
from trustlist.update.losses import NO_LOSSES, Losses
from trustlist.update.state import State


class UpdateOutcome(StrEnum):
    """How an update ended."""

    UPDATED = "updated"
    """Newer lists are in use."""
    UNCHANGED = "unchanged"
    """The lists in use are the newest there are."""
    WAITING = "waiting"
    """Newer lists were verified, and would take away so much that a person decides; nothing has changed."""
    REFUSED = "refused"
    """What came cannot be used; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds before an update."""

    state: State
    snapshot: TrustSnapshot | None
    """The keys in use; None before the first update."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One document as it came from wherever it was asked for; nothing of it is believed yet."""

    did: str
    """The list that was asked for."""
    data: bytes | None
    """None where there is no such document."""
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an administrator should know that stops nothing."""

    reason: ListReason
    about: str
    """A DID, or a kid in hexadecimal."""
    detail: Detail = field(default_factory=lambda: NO_DETAIL)


@dataclass(frozen=True, slots=True)
class Update:
    """How an update ended, and everything that is to be kept after it."""

    outcome: UpdateOutcome
    state: State
    """To be kept from now on; as before where the update was refused."""
    snapshot: TrustSnapshot | None
    """The keys in use from now on."""
    changes: Changes = NO_CHANGES
    """What is different from before; of lists that wait, what would be."""
    losses: Losses = NO_LOSSES
    remarks: tuple[Remark, ...] = ()
    reason: ListReason | None = None
    """Why it was refused, or why a person is asked."""
    detail: Detail = field(default_factory=lambda: NO_DETAIL)
    documents: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """By digest, the lists that the state names and that came with this update."""


def refused(held: Held, error: TrustListError, remarks: tuple[Remark, ...] = ()) -> Update:
    """The update that changes nothing, for this reason."""
    return Update(
        UpdateOutcome.REFUSED,
        held.state,
        held.snapshot,
        remarks=remarks,
        reason=error.reason,
        detail=error.detail,
    )
