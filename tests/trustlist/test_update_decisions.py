"""What only a person decides: lists that take much away, and whose key is pinned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.simulators.network import DAY, REFERENCES, ROOT, Network, served, signing_key, without
from tests.trustlist.parts import reason_of
from tests.trustlist.update_scene import Scene, kids
from trustlist import Environment, ListReason, TrustListError
from trustlist.did import PinnedKey
from trustlist.update import Held, Signer, UpdateOutcome, Waiting, pin, read_state, write_state

UPDATED, UNCHANGED = UpdateOutcome.UPDATED, UpdateOutcome.UNCHANGED
WAITING, REFUSED = UpdateOutcome.WAITING, UpdateOutcome.REFUSED


def shrunk(scene: Scene) -> Waiting:
    """What waits after the network has lost half of its participants."""
    scene.network.remove("XA", "XB", "XC")
    scene.network.publish()
    assert scene.take(served(scene.network.newest)).outcome is WAITING
    assert scene.held.state.waiting is not None
    return scene.held.state.waiting


class TestWaiting:
    def test_what_would_be_lost_is_said(self) -> None:
        scene = Scene()
        scene.network.remove("XA", "XB", "XC")
        result = scene.take(served(scene.network.publish()))
        assert result.reason is ListReason.LIST_SHRUNK
        assert (result.losses.usable_keys, result.losses.lost_keys) == (18, 9)
        assert (result.losses.participants, result.losses.lost_participants) == (6, ("XXA", "XXB", "XXC"))
        assert {name.participant for name in result.changes.removed} == {"XXA", "XXB", "XXC"}
        assert len(result.changes.removed) == 12
        assert result.state.waiting is not None
        assert (result.state.waiting.lost_keys, result.state.waiting.since) == (9, scene.network.clock)

    def test_the_last_good_list_stays_in_use(self) -> None:
        scene = Scene()
        before = kids(scene.held.snapshot)
        shrunk(scene)
        assert kids(scene.held.snapshot) == before

    def test_the_same_list_again_still_waits_since_the_first_time(self) -> None:
        scene = Scene()
        first = shrunk(scene)
        scene.network.clock += timedelta(hours=1)
        again = scene.take(served(scene.network.newest))
        assert again.outcome is WAITING
        assert again.state.waiting == first

    def test_a_person_confirms_by_digest(self) -> None:
        scene = Scene()
        waiting = shrunk(scene)
        result = scene.confirm(waiting.digest[:12], served(scene.network.newest))
        assert result.outcome is UPDATED
        assert (result.state.waiting, len(kids(result.snapshot))) == (None, 12)
        assert scene.take(served(scene.network.newest)).outcome is UNCHANGED

    @pytest.mark.parametrize("digest", ["", "0" * 64, "not a digest"])
    def test_another_digest_confirms_nothing(self, digest: str) -> None:
        scene = Scene()
        shrunk(scene)
        result = scene.confirm(digest, served(scene.network.newest))
        assert (result.outcome, result.reason) == (REFUSED, ListReason.CONFIRMATION_UNKNOWN)

    def test_a_digest_too_short_to_be_meant_confirms_nothing(self) -> None:
        scene = Scene()
        digest = shrunk(scene).digest
        assert scene.confirm(digest[:11], served(scene.network.newest)).outcome is REFUSED

    def test_nothing_is_confirmed_where_nothing_waits(self) -> None:
        scene = Scene()
        assert scene.confirm("0" * 64, served(scene.network.newest)).reason is ListReason.CONFIRMATION_UNKNOWN

    def test_what_was_confirmed_is_verified_again(self) -> None:
        scene = Scene()
        waiting = shrunk(scene)
        forged = {ROOT: Network(key_name="stranger").publish()[ROOT]}
        assert scene.confirm(waiting.digest, served(forged)).reason is ListReason.PROOF_INVALID

    def test_another_list_than_the_one_looked_at_is_not_confirmed_with_it(self) -> None:
        scene = Scene()
        waiting = shrunk(scene)
        scene.network.remove("XD")
        result = scene.confirm(waiting.digest, served(scene.network.publish()))
        assert (result.outcome, result.reason) == (REFUSED, ListReason.CONFIRMATION_UNKNOWN)

    def test_a_newer_list_that_lost_less_ends_the_waiting(self) -> None:
        scene = Scene()
        shrunk(scene)
        scene.network.keys = Network().keys
        result = scene.take(served(scene.network.publish()))
        assert (result.outcome, result.state.waiting) == (UPDATED, None)

    def test_a_list_older_than_the_one_that_waits_is_a_rollback(self) -> None:
        """It was seen, so nothing older counts, even if it never came into use."""
        scene = Scene()
        whole = dict(scene.network.publish())
        shrunk(scene)
        assert scene.take(served(whole)).reason is ListReason.LIST_ROLLED_BACK

    def test_small_losses_one_after_the_other_are_each_measured_anew(self) -> None:
        scene = Scene()
        for country in ("XA", "XB"):
            scene.network.remove(country)
            assert scene.take(served(scene.network.publish())).outcome is UPDATED
        scene.network.remove("XC")
        assert scene.take(served(scene.network.publish())).outcome is WAITING  # one of four that are left

    def test_keys_that_expired_meanwhile_are_not_lost(self) -> None:
        scene = Scene()
        scene.network.remove(*("XA", "XB"), numbers=(0, 1, 2))
        edition = scene.network.publish(after=3 * 365 * DAY)
        assert scene.take(served(edition)).outcome is UPDATED

    def test_a_list_that_vanished_without_a_signature_can_be_let_go(self) -> None:
        scene = Scene(lists=(REFERENCES,))
        gone = f"{ROOT}:DCC:XXA:DSC"
        edition = without(scene.network.publish(tree=True), gone)
        waiting = scene.take(served(edition)).state.waiting
        assert waiting is not None
        assert scene.confirm(waiting.digest, served(edition)).outcome is UPDATED
        assert gone not in {held.did for held in scene.held.state.documents}
        assert scene.take(served(edition)).outcome is UNCHANGED


class TestPinning:
    def test_the_first_key_makes_the_store(self) -> None:
        state = pin(None, Network().pinned)
        assert (state.environment, state.documents, state.snapshot) == (Environment.PRIVATE, (), None)
        assert state.signer.pinned(state.environment) == Network().pinned
        assert pin(state, Network().pinned) == state

    def test_another_key_is_pinned_only_by_naming_the_one_that_goes(self) -> None:
        state, other = pin(None, Network().pinned), Network(key_name="new").pinned
        for wrong in (None, "", Signer.of(other).thumbprint, state.signer.thumbprint[:-1]):
            with pytest.raises(TrustListError) as caught:
                pin(state, other, replacing=wrong)
            assert reason_of(caught) is ListReason.SIGNER_PINNED_OTHER
            assert caught.value.detail == {"pinned": state.signer.thumbprint}
        assert pin(state, other, replacing=state.signer.thumbprint).signer == Signer.of(other)

    def test_the_environment_of_a_store_never_changes(self) -> None:
        state = pin(None, Network().pinned)
        other = replace(Network().pinned, environment=Environment.PRODUCTION)
        with pytest.raises(TrustListError) as caught:
            pin(state, other, replacing=state.signer.thumbprint)
        assert reason_of(caught) is ListReason.ENVIRONMENT_UNEXPECTED

    def test_lists_of_another_environment_are_not_even_asked_for(self) -> None:
        scene = Scene(lists=(ROOT,))
        scene.lists = ("did:web:tng-cdn.who.int:v2:trustlist",)
        result = scene.take(served({}))
        assert (result.outcome, result.reason) == (REFUSED, ListReason.ENVIRONMENT_UNEXPECTED)

    def test_a_key_is_rotated(self) -> None:
        """Old lists stay in use until the new signer's come; then the old key is forgotten."""
        scene = Scene()
        old, network = scene.network, Network(key_name="new", clock=scene.network.clock, signed_kids=set())
        network.signed_kids = set(old.signed_kids)
        scene.held = Held(
            pin(scene.held.state, network.pinned, replacing=scene.held.state.signer.thumbprint), scene.held.snapshot
        )
        assert [signer.thumbprint for signer in scene.held.state.former] == [Signer.of(old.pinned).thumbprint]
        assert read_state(write_state(scene.held.state)) == scene.held.state
        scene.network = network
        assert len(kids(scene.held.snapshot)) == 24
        assert scene.take(served(old.newest), at=old.clock).reason is ListReason.PROOF_INVALID
        assert scene.take(served(old.publish()), at=old.clock).reason is ListReason.PROOF_INVALID
        scene.good()
        assert scene.held.state.former == ()
        assert scene.take(served(old.publish(after=9 * DAY)), at=old.clock).reason is ListReason.PROOF_INVALID

    def test_after_a_theft_the_old_lists_go_at_once_and_never_come_back(self) -> None:
        scene = Scene()
        old, state = scene.network.newest, scene.held.state
        new = Network(key_name="new", clock=scene.network.clock)
        state = pin(state, new.pinned, replacing=state.signer.thumbprint, forget=True)
        assert (state.documents, state.snapshot, state.former) == ((), None, ())
        scene.network, scene.held = new, Held(state, None)
        assert scene.take(served(old)).outcome is REFUSED
        again = pin(state, Network().pinned, replacing=state.signer.thumbprint)
        assert again.seen == state.seen
        assert [seen.did for seen in again.seen] == [ROOT]

    def test_lists_that_wait_go_with_the_key_they_were_verified_with(self) -> None:
        scene = Scene()
        shrunk(scene)
        state = pin(scene.held.state, Network(key_name="new").pinned, replacing=scene.held.state.signer.thumbprint)
        assert state.waiting is None

    def test_another_name_for_the_same_key_is_another_signer(self) -> None:
        state = pin(None, Network().pinned)
        renamed = PinnedKey("did:web:trust.example:other", Environment.PRIVATE, signing_key().public_key())
        with pytest.raises(TrustListError):
            pin(state, renamed)
        assert pin(state, renamed, replacing=state.signer.thumbprint).signer.method == renamed.verification_method
