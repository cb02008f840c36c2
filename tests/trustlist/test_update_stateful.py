"""A network, its carriers and a store under any sequence of events: what must hold, holds after each."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.simulators.network import (
    DAY,
    REFERENCES,
    ROOT,
    Edition,
    Listed,
    Network,
    listed,
    served,
    with_document,
    without,
)
from tests.trustlist.update_scene import kids, require_safe
from trustlist.update import Held, Update, UpdateOutcome, confirm, pin, update

COUNTRIES = ("XA", "XB", "XC")
NUMBERS = (None, 0)
CHANCE = st.integers(min_value=0, max_value=10_000)
MOST_EDITIONS = 8


def everybody() -> list[Listed]:
    """Few enough that an update takes milliseconds."""
    return [listed(country, number) for country in COUNTRIES for number in NUMBERS]


class StoreMachine(RuleBasedStateMachine):
    """The genuine network, a thief with a key of his own, and a carrier who serves whatever he likes."""

    def __init__(self) -> None:
        super().__init__()
        self.network = Network(keys=everybody())
        self.thief = Network(key_name="thief", keys=everybody())

    @initialize(tree=st.booleans())
    def start(self, tree: bool) -> None:
        self.lists = (REFERENCES,) if tree else (ROOT,)
        self.tree = tree
        self.held = Held(pin(None, self.network.pinned), None)
        self.take(self.network.publish(tree=tree))

    def take(self, edition: Edition, *, late: timedelta = timedelta(0)) -> None:
        at = self.network.clock + late
        self.keep(update(self.held, self.lists, served(edition), at=at))

    def keep(self, result: Update) -> None:
        require_safe(self.network, self.held, result)
        self.held = Held(result.state, result.snapshot)

    @precondition(lambda self: len(self.network.editions) < MOST_EDITIONS)
    @rule(country=st.sampled_from(COUNTRIES), number=st.sampled_from(NUMBERS), hours=CHANCE)
    def a_key_goes(self, country: str, number: int | None, hours: int) -> None:
        self.network.remove(country, numbers=(number,))
        self.network.publish(after=timedelta(hours=1 + hours % 100), tree=self.tree)

    @precondition(lambda self: len(self.network.editions) < MOST_EDITIONS)
    @rule(country=st.sampled_from(COUNTRIES), number=st.sampled_from(NUMBERS))
    def a_key_comes(self, country: str, number: int | None) -> None:
        one = listed(country, number)
        self.network.keys = [*(each for each in self.network.keys if each.kid != one.kid), one]
        self.network.publish(tree=self.tree)

    @rule()
    def the_newest_is_taken_in(self) -> None:
        self.take(self.network.newest)

    @rule(choice=CHANCE, days=st.integers(min_value=-3, max_value=60))
    def any_edition_is_brought_at_any_time(self, choice: int, days: int) -> None:
        self.take(self.network.editions[choice % len(self.network.editions)], late=days * DAY)

    @rule(choices=st.lists(CHANCE, min_size=1, max_size=40))
    def documents_are_mixed(self, choices: list[int]) -> None:
        """Each document from an edition of its own."""
        editions = self.network.editions
        names = sorted({did for edition in editions for did in edition})
        mixed = {}
        for index, did in enumerate(names):
            edition = editions[choices[index % len(choices)] % len(editions)]
            if did in edition:
                mixed[did] = edition[did]
        self.take(mixed)

    @rule(choice=CHANCE)
    def a_document_goes_missing(self, choice: int) -> None:
        names = sorted(self.network.newest)
        self.take(without(self.network.newest, names[choice % len(names)]))

    @rule(choice=CHANCE, at=CHANCE, data=st.binary(max_size=4))
    def a_document_is_damaged(self, choice: int, at: int, data: bytes) -> None:
        names = sorted(self.network.newest)
        did = names[choice % len(names)]
        whole = self.network.newest[did]
        place = at % len(whole)
        self.take(with_document(self.network.newest, did, whole[:place] + data + whole[place + len(data) :]))

    @rule(data=st.binary(max_size=200))
    def something_else_is_brought(self, data: bytes) -> None:
        self.take(with_document(self.network.newest, self.lists[0], data))

    @rule()
    def the_thief_publishes(self) -> None:
        self.thief.clock = self.network.clock
        self.take(self.thief.publish(after=timedelta(seconds=1), tree=self.tree))

    @rule(swap=st.booleans(), choice=CHANCE)
    def a_person_confirms(self, swap: bool, choice: int) -> None:
        waiting = self.held.state.waiting
        digest = waiting.digest if waiting else "0" * 64
        edition = self.network.editions[choice % len(self.network.editions)] if swap else self.network.newest
        self.keep(confirm(self.held, digest, served(edition), at=self.network.clock))

    @precondition(lambda self: len(self.network.editions) < MOST_EDITIONS)
    @rule(name=st.sampled_from(("network", "second", "third")), forget=st.booleans())
    def the_key_is_rotated(self, name: str, forget: bool) -> None:
        self.network.key_name = name
        state = self.held.state
        state = pin(state, self.network.pinned, replacing=state.signer.thumbprint, forget=forget)
        self.held = Held(state, None if state.snapshot is None else self.held.snapshot)
        self.network.publish(tree=self.tree)

    @invariant()
    def only_keys_that_a_pinned_signer_signed_are_in_use(self) -> None:
        if self.network.editions:
            assert kids(self.held.snapshot) <= self.network.signed_kids

    def teardown(self) -> None:
        """The newest good list is always accepted or asked about: whatever happened, nothing has locked the store."""
        if self.network.editions:
            result = update(self.held, self.lists, served(self.network.newest), at=self.network.clock)
            assert result.outcome is not UpdateOutcome.REFUSED, (result.reason, result.detail)


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=25)
