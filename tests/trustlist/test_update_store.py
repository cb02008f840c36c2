"""The folder that keeps lists: what lies in it, who may write, and what happens when something in it is damaged."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.simulators.network import DAY, REFERENCES, ROOT, Edition, Network, served
from tests.trustlist.did_lists import network as other_network
from tests.trustlist.parts import reason_of
from tests.trustlist.update_scene import kids
from trustlist import ListReason, TrustListError, TrustSnapshot, files, load_trust
from trustlist.file_lock import locked
from trustlist.update import Fetched, Signer, Update, UpdateOutcome, read_state, write_state
from trustlist.update.store import (
    STATE_FILE,
    bring_kept,
    confirm_waiting,
    is_store,
    pin_signer,
    read_list,
    read_store,
    update_store,
)

UPDATED, UNCHANGED, WAITING = UpdateOutcome.UPDATED, UpdateOutcome.UNCHANGED, UpdateOutcome.WAITING


def take(folder: Path, network: Network, edition: Edition | None = None, *lists: str) -> Update:
    """An update with one edition, the newest by default."""
    asked = lists or (ROOT,)
    return update_store(folder, lambda _: asked, served(edition or network.newest), at=network.clock)


@pytest.fixture
def network() -> Network:
    """A network with one edition."""
    found = Network()
    found.publish()
    return found


@pytest.fixture
def store(tmp_path: Path, network: Network) -> Path:
    """A store that has taken in this edition."""
    folder = tmp_path / "store"
    pin_signer(folder, network.pinned)
    assert take(folder, network).outcome is UPDATED
    return folder


def names(folder: Path) -> set[str]:
    """Suffixes of the files in a folder, and names of those that have none of ours."""
    return {each.name for each in folder.iterdir()}


def state_path(store: Path) -> Path:
    return store / STATE_FILE


def list_path(store: Path) -> Path:
    return store / f"{read_store(store).state.documents[0].digest}.json"


def snapshot_path(store: Path) -> Path:
    return store / f"{read_store(store).state.snapshot}.snapshot"


class TestWhatLiesThere:
    def test_the_state_names_everything_else(self, store: Path, network: Network) -> None:
        state = read_state(state_path(store).read_bytes())
        (held,) = state.documents
        assert names(store) == {STATE_FILE, ".lock", f"{held.digest}.json", f"{state.snapshot}.snapshot"}
        assert read_list(store, held) == network.newest[ROOT]
        assert (state.taken, state.checked, state.lists) == (network.clock, network.clock, (ROOT,))

    def test_a_store_is_trust_for_whoever_verifies(self, store: Path, network: Network) -> None:
        assert is_store(store)
        trust = load_trust(store)
        assert trust == TrustSnapshot.from_did(network.newest[ROOT], key=network.pinned)
        assert load_trust(store, key=network.pinned) == trust

    def test_another_key_beside_a_store_is_refused(self, store: Path) -> None:
        with pytest.raises(TrustListError) as caught:
            load_trust(store, key=other_network().pinned)
        assert reason_of(caught) is ListReason.SIGNER_PINNED_OTHER

    def test_a_store_without_lists_is_no_trust(self, tmp_path: Path, network: Network) -> None:
        pin_signer(tmp_path / "new" / "deep", network.pinned)
        with pytest.raises(TrustListError) as caught:
            load_trust(tmp_path / "new" / "deep")
        assert reason_of(caught) is ListReason.SOURCE_EMPTY

    def test_the_edition_before_stays_for_readers_that_began_with_it(self, store: Path, network: Network) -> None:
        first = {list_path(store).name, snapshot_path(store).name}
        network.publish()
        take(store, network)
        second = {list_path(store).name, snapshot_path(store).name}
        assert names(store) == first | second | {STATE_FILE, ".lock"}
        network.publish()
        take(store, network)
        assert not names(store) & first
        assert second <= names(store)

    def test_what_others_put_there_is_left_alone(self, store: Path, network: Network) -> None:
        others = ("notes.txt", "0.json", ".hidden", "x.snapshot")
        for name in others:
            (store / name).write_text("mine")
        network.publish()
        assert take(store, network).outcome is UPDATED
        assert set(others) <= names(store)

    def test_lists_that_wait_lie_there_too_and_are_confirmed_without_a_network(
        self, store: Path, network: Network
    ) -> None:
        network.remove("XA", "XB")
        network.publish()
        assert take(store, network).outcome is WAITING
        assert len(kids(load_trust(store))) == 24
        waiting = read_store(store).state.waiting
        assert waiting is not None
        assert confirm_waiting(store, waiting.digest, at=network.clock).outcome is UPDATED
        assert len(kids(load_trust(store))) == 16
        assert confirm_waiting(store, waiting.digest, at=network.clock).reason is ListReason.CONFIRMATION_UNKNOWN

    def test_a_tree_of_lists_is_one_snapshot(self, tmp_path: Path) -> None:
        network = Network()
        network.publish(tree=True)
        pin_signer(tmp_path / "tree", network.pinned)
        assert take(tmp_path / "tree", network, None, REFERENCES).outcome is UPDATED
        assert kids(load_trust(tmp_path / "tree")) == {each.kid for each in network.keys}
        assert take(tmp_path / "tree", network, None, REFERENCES).outcome is UNCHANGED

    def test_what_was_refused_leaves_no_trace(self, store: Path, network: Network) -> None:
        before = {each.name: each.read_bytes() for each in store.iterdir()}
        assert take(store, network, {ROOT: b"[]"}).reason is ListReason.DOCUMENT_SHAPE
        assert {each.name: each.read_bytes() for each in store.iterdir()} == before

    def test_a_pin_that_is_there_already_changes_nothing(self, store: Path, network: Network) -> None:
        before = state_path(store).read_bytes()
        pin_signer(store, network.pinned)
        assert state_path(store).read_bytes() == before

    def test_a_key_is_replaced_by_name(self, store: Path, network: Network) -> None:
        new = Network(key_name="new").pinned
        with pytest.raises(TrustListError) as caught:
            pin_signer(store, new)
        assert reason_of(caught) is ListReason.SIGNER_PINNED_OTHER
        state = pin_signer(store, new, replacing=Signer.of(network.pinned).thumbprint)
        assert read_store(store).state == state
        assert len(load_trust(store)) == 24


class TestDamage:
    def test_a_damaged_snapshot_is_made_again_from_the_lists(self, store: Path, network: Network) -> None:
        good, path = load_trust(store), snapshot_path(store)
        for damage in (b"", b"PRATIQTL", good.saved.data[:-1], good.saved.data[:-40] + b"\0" * 40):
            path.write_bytes(damage)
            assert load_trust(store) == good
        path.unlink()
        assert load_trust(store) == good
        assert take(store, network).outcome is UNCHANGED
        assert TrustSnapshot.load(path) == good

    def test_a_whole_snapshot_of_something_else_is_not_taken_for_it(self, store: Path) -> None:
        good, path = load_trust(store), snapshot_path(store)
        TrustSnapshot.from_did(other_network().document(), key=other_network().pinned).save(path)
        assert load_trust(store) == good

    def test_a_snapshot_of_lists_of_a_former_signer_is_made_again_with_its_key(
        self, store: Path, network: Network
    ) -> None:
        good = load_trust(store)
        pin_signer(store, Network(key_name="new").pinned, replacing=Signer.of(network.pinned).thumbprint)
        snapshot_path(store).unlink()
        assert load_trust(store) == good

    def test_a_damaged_list_is_not_missed_while_the_snapshot_is_whole(self, store: Path, network: Network) -> None:
        path = list_path(store)
        path.write_bytes(path.read_bytes().replace(b"XXA", b"XXB"))
        assert len(load_trust(store)) == 24
        assert take(store, network).outcome is UNCHANGED  # it was fetched again, and written again
        assert read_list(store, read_store(store).state.documents[0]) == network.newest[ROOT]

    @pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"{}")])
    def test_where_both_are_gone_nothing_is_trusted(self, store: Path, damage: Callable[[Path], object]) -> None:
        snapshot_path(store).unlink()
        damage(store / f"{read_state(state_path(store).read_bytes()).documents[0].digest}.json")
        with pytest.raises(TrustListError) as caught:
            load_trust(store)
        assert reason_of(caught) is ListReason.STORE_DAMAGED

    @pytest.mark.parametrize(
        ("damage", "reason"),
        [
            (lambda data: b"", ListReason.STORE_DAMAGED),
            (lambda data: data[:-1], ListReason.STORE_DAMAGED),
            (lambda data: data.replace(b'"version":1', b'"version":2'), ListReason.STORE_VERSION),
            (lambda data: b" " + data, ListReason.STORE_DAMAGED),
        ],
    )
    def test_a_damaged_state_is_nothing_to_trust(
        self, store: Path, damage: Callable[[bytes], bytes], reason: ListReason
    ) -> None:
        state_path(store).write_bytes(damage(state_path(store).read_bytes()))
        for use in (load_trust, read_store):
            with pytest.raises(TrustListError) as caught:
                use(store)
            assert reason_of(caught) is reason

    def test_where_no_key_was_pinned_there_is_no_store(self, tmp_path: Path, network: Network) -> None:
        uses: tuple[Callable[[], object], ...] = (
            lambda: read_store(tmp_path),
            lambda: take(tmp_path, network),
            lambda: confirm_waiting(tmp_path, "0" * 64, at=network.clock),
        )
        for use in uses:
            with pytest.raises(TrustListError) as caught:
                use()
            assert reason_of(caught) is ListReason.STORE_MISSING
        assert not names(tmp_path)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
    def test_a_folder_that_cannot_be_written_is_said_so(self, store: Path, network: Network) -> None:
        network.publish()
        store.chmod(0o500)
        with pytest.raises(TrustListError) as caught:
            take(store, network)
        assert reason_of(caught) is ListReason.SOURCE_NOT_WRITABLE

    def test_a_state_of_an_older_saved_form_is_read_and_mended(self, store: Path, network: Network) -> None:
        """A program that writes snapshots otherwise: its digests are others, the lists are the same."""
        state = read_store(store).state
        state_path(store).write_bytes(write_state(replace(state, snapshot="0" * 64)))
        assert len(load_trust(store)) == 24
        assert take(store, network).outcome is UNCHANGED
        assert read_state(state_path(store).read_bytes()).snapshot == state.snapshot


class TestSeveralAtOnce:
    def test_while_one_writes_another_waits_and_then_gives_up(
        self, store: Path, network: Network, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network.publish()
        monkeypatch.setattr("trustlist.update.store.locked", lambda path: locked(path, seconds=0.05))
        with locked(store / ".lock"), pytest.raises(TrustListError) as caught:
            take(store, network)
        assert reason_of(caught) is ListReason.STORE_BUSY
        assert take(store, network).outcome is UPDATED

    def test_nothing_is_locked_while_lists_are_fetched(self, store: Path, network: Network) -> None:
        edition = network.publish()

        def bring(did: str) -> Fetched:
            with locked(store / ".lock", seconds=0):
                return Fetched(did, edition[did])

        assert update_store(store, lambda _: (ROOT,), bring, at=network.clock).outcome is UPDATED

    def test_who_comes_second_with_the_same_list_finds_nothing_to_do(self, store: Path, network: Network) -> None:
        assert self.overtaken(store, network, network.publish(), network.newest).outcome is UNCHANGED

    def test_who_comes_second_with_an_older_list_is_refused(self, store: Path, network: Network) -> None:
        older = network.publish()
        result = self.overtaken(store, network, older, network.publish())
        assert result.reason is ListReason.LIST_ROLLED_BACK
        assert read_store(store).state.documents[0].created == network.clock

    def test_who_comes_second_with_other_lists_is_asked_to_try_again(self, store: Path, network: Network) -> None:
        edition = network.publish(tree=True)

        def bring(did: str) -> Fetched:
            take(store, network, edition, ROOT, REFERENCES)
            return Fetched(did, edition[did])

        lists = read_store(store).state.lists
        result = update_store(store, lambda state: state.lists, bring, at=network.clock)
        assert lists == (ROOT,)
        assert result.reason is ListReason.STORE_BUSY

    def overtaken(self, store: Path, network: Network, edition: Edition, faster: Edition) -> Update:
        """An update with one edition, while another update with another edition comes first."""

        def bring(did: str) -> Fetched:
            assert take(store, network, faster).outcome is UPDATED
            return Fetched(did, edition[did])

        return update_store(store, lambda _: (ROOT,), bring, at=network.clock)

    def test_a_reader_sees_one_edition_or_the_other_while_another_writes(self, store: Path, network: Network) -> None:
        for _ in range(12):
            network.remove("XA", numbers=(len(network.editions) % 3,))
            network.publish()
            network.keys = Network().keys
        whole = {frozenset(kids(TrustSnapshot.from_did(each[ROOT], key=network.pinned))) for each in network.editions}
        done = threading.Event()

        def write() -> None:
            for edition in network.editions[1:]:
                take(store, network, edition)
            done.set()

        writer = threading.Thread(target=write)
        writer.start()
        readings = 0
        while not done.is_set():
            assert frozenset(kids(load_trust(store))) in whole
            readings += 1
        writer.join()
        assert readings > 0
        assert read_store(store).state.documents[0].created == network.clock

    def test_a_state_that_changes_under_a_readers_hands_is_read_again(
        self, store: Path, network: Network, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The files of a state that was read a moment ago are swept away by two updates."""
        read_file = files.read_file
        raced: list[Path] = []

        def racing(path: Path, limit: int) -> bytes:
            data = read_file(path, limit)
            if path.name == STATE_FILE and not raced:
                raced.append(path)
                for _ in range(2):
                    network.publish()
                    take(store, network)
            return data

        monkeypatch.setattr(files, "read_file", racing)
        assert load_trust(store).created == network.clock


def test_lists_that_are_kept_are_brought_from_the_folder(store: Path, network: Network) -> None:
    bring = bring_kept(store, read_store(store).state.documents)
    assert bring(ROOT) == Fetched(ROOT, network.newest[ROOT])
    assert bring(REFERENCES) == Fetched(REFERENCES, None)


def test_an_unchanged_list_moves_the_time_of_the_last_look(store: Path, network: Network) -> None:
    network.clock += DAY
    assert take(store, network).outcome is UNCHANGED
    state = read_store(store).state
    assert (state.checked, state.taken) == (network.clock, network.clock - DAY)
