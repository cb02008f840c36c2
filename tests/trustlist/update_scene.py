"""A network and a store of its lists, and what holds after every update whatever was brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.simulators.network import ROOT, Network, served
from trustlist import TrustSnapshot
from trustlist.update import (
    Bring,
    Held,
    HeldList,
    Update,
    UpdateOutcome,
    UpdatePolicy,
    confirm,
    pin,
    read_state,
    update,
    write_state,
)


@dataclass
class Scene:
    """A network, and a store that has taken in its first edition."""

    network: Network = field(default_factory=Network)
    lists: tuple[str, ...] = (ROOT,)
    policy: UpdatePolicy = field(default_factory=UpdatePolicy)
    held: Held = field(init=False)

    def __post_init__(self) -> None:
        self.held = Held(pin(None, self.network.pinned), None)
        self.good()

    @property
    def tree(self) -> bool:
        return self.lists != (ROOT,)

    def good(self) -> None:
        """One good edition more, taken in on the day it is published."""
        result = self.take(served(self.network.publish(tree=self.tree)))
        assert result.outcome is UpdateOutcome.UPDATED, (result.reason, result.detail)

    def take(self, bring: Bring, *, at: datetime | None = None) -> Update:
        """An update; what comes of it is held from now on, and is looked at."""
        return self._keep(update(self.held, self.lists, bring, at=at or self.network.clock, policy=self.policy))

    def confirm(self, digest: str, bring: Bring) -> Update:
        """A person's word."""
        return self._keep(confirm(self.held, digest, bring, at=self.network.clock, policy=self.policy))

    def _keep(self, result: Update) -> Update:
        before, self.held = self.held, Held(result.state, result.snapshot)
        require_safe(self.network, before, result)
        return result


def require_safe(network: Network, before: Held, result: Update) -> None:
    """What holds after every update."""
    assert read_state(write_state(result.state)) == result.state
    assert kids(result.snapshot) <= network.signed_kids
    assert result.state.environment is before.state.environment
    if result.outcome is UpdateOutcome.REFUSED:
        assert (result.state, result.snapshot) == (before.state, before.snapshot)
    if result.outcome is not UpdateOutcome.UPDATED:
        assert result.snapshot == before.snapshot
        assert contents(result.state.documents) == contents(before.state.documents)
    newest = {each.did: each.created for each in result.state.seen}
    assert all(newest[each.did] >= each.created for each in before.state.seen)
    held = {each.did: each.created for each in before.state.documents}
    assert all(each.created >= held.get(each.did, each.created) for each in result.state.documents)


def contents(documents: tuple[HeldList, ...]) -> list[tuple[str, str]]:
    """Which lists, by name and digest."""
    return [(each.did, each.digest) for each in documents]


def kids(snapshot: TrustSnapshot | None) -> set[bytes]:
    """Of all keys in use."""
    return set() if snapshot is None else {key.kid for key in tuple(snapshot.keys())}
