"""Bundles: lists carried in one file, believed for their proofs and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulators.network import REFERENCES, ROOT, Network, body, served
from tests.trustlist.parts import reason_of
from tests.trustlist.update_scene import Scene, kids
from trustlist import Environment, ListReason, TrustListError, load_trust
from trustlist.did import encode_document
from trustlist.update import State, Update, UpdateOutcome
from trustlist.update.carry import read_bundle, write_bundle
from trustlist.update.sources import import_bundle_file, write_bundle_file
from trustlist.update.store import pin_signer, update_store

UPDATED, UNCHANGED, REFUSED = UpdateOutcome.UPDATED, UpdateOutcome.UNCHANGED, UpdateOutcome.REFUSED


def bundle_of(scene: Scene) -> bytes:
    """What a store exports after the newest edition."""
    edition = scene.network.newest
    state = scene.held.state
    return write_bundle(state, {held.digest: edition[held.did] for held in state.documents}, scene.network.clock)


def refused(data: bytes) -> ListReason:
    with pytest.raises(TrustListError) as caught:
        read_bundle(data)
    return reason_of(caught)


class TestForm:
    @pytest.mark.parametrize("lists", [(ROOT,), (REFERENCES,)])
    def test_what_is_written_is_read(self, lists: tuple[str, ...]) -> None:
        scene = Scene(lists=lists)
        bundle = read_bundle(bundle_of(scene))
        state = scene.held.state
        assert (bundle.environment, bundle.signer, bundle.lists) == (
            state.environment,
            state.signer.thumbprint,
            state.lists,
        )
        assert bundle.exported == scene.network.clock
        assert dict(bundle.offer.documents) == {held.did: scene.network.newest[held.did] for held in state.documents}

    def test_equal_input_gives_equal_bytes(self) -> None:
        scene = Scene()
        assert bundle_of(scene) == bundle_of(scene)

    def test_a_person_can_read_what_it_is(self) -> None:
        first, second, rest = bundle_of(Scene()).split(b"\n", 2)
        assert first == b"pratique trust bundle 1"
        assert json.loads(second)["lists"] == [ROOT]
        assert json.loads(rest)["id"] == ROOT

    def test_nothing_is_exported_from_where_nothing_is(self) -> None:
        state = replace(Scene().held.state, documents=())
        with pytest.raises(TrustListError) as caught:
            write_bundle(state, {}, Network().clock)
        assert reason_of(caught) is ListReason.SOURCE_EMPTY

    def test_other_files_are_no_bundle(self) -> None:
        assert refused(b"") is ListReason.BUNDLE_FOREIGN
        assert refused(b"PK\x03\x04") is ListReason.BUNDLE_FOREIGN
        assert refused(b"pratique trust bundle 2\n{}\n") is ListReason.BUNDLE_VERSION
        assert refused(b"pratique trust bundle ") is ListReason.BUNDLE_VERSION

    @pytest.mark.parametrize(
        "change",
        [
            lambda manifest: manifest.pop("lists"),
            lambda manifest: manifest.update(lists="x"),
            lambda manifest: manifest.update(lists=["no did"]),
            lambda manifest: manifest.update(environment="elsewhere"),
            lambda manifest: manifest.update(exported="yesterday"),
            lambda manifest: manifest.update(exported=None),
            lambda manifest: manifest.update(documents={"did": 1}),
            lambda manifest: manifest.update(documents=[]),
            lambda manifest: manifest["documents"][0].update(size=0),
            lambda manifest: manifest["documents"][0].update(size=-5),
            lambda manifest: manifest["documents"][0].update(size=10**15),
            lambda manifest: manifest["documents"][0].update(size="x"),
            lambda manifest: manifest["documents"][0].update(sha256="0" * 64),
            lambda manifest: manifest["documents"][0].update(did="../../etc/passwd"),
            lambda manifest: manifest["documents"].append(manifest["documents"][0]),
        ],
    )
    def test_another_manifest_is_damage(self, change: Callable[[Any], object]) -> None:
        head, line, rest = bundle_of(Scene()).split(b"\n", 2)
        manifest = json.loads(line)
        change(manifest)
        line = json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode()
        assert refused(b"\n".join((head, line, rest))) is ListReason.BUNDLE_DAMAGED

    def test_another_spelling_of_the_manifest_is_damage(self) -> None:
        head, line, rest = bundle_of(Scene()).split(b"\n", 2)
        for other in (line.replace(b":", b": ", 1), b" " + line, b"", b"[]", b"\xff"):
            assert refused(b"\n".join((head, other, rest))) is ListReason.BUNDLE_DAMAGED

    def test_a_list_twice_is_damage(self) -> None:
        head, line, rest = bundle_of(Scene()).split(b"\n", 2)
        manifest = json.loads(line)
        manifest["documents"] *= 2
        line = json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode()
        assert refused(b"\n".join((head, line, rest + rest))) is ListReason.BUNDLE_DAMAGED

    @given(st.integers(min_value=0), st.binary(max_size=4), st.integers(min_value=0, max_value=3))
    def test_no_damage_leaks_another_error(self, at: int, data: bytes, less: int) -> None:
        place = at % len(WHOLE)
        damaged = WHOLE[:place] + data + WHOLE[place + less :]
        if damaged == WHOLE:
            return
        try:
            bundle = read_bundle(damaged)
        except TrustListError as error:
            assert error.reason.value.startswith("bundle-")  # noqa: PT017 - it may be read as well
        else:  # the one thing that has no digest is the manifest, and it decides nothing
            assert list(bundle.offer.documents.values()) == [SCENE.network.newest[ROOT]]


SCENE = Scene()
WHOLE = bundle_of(SCENE)


@pytest.fixture
def online(tmp_path: Path) -> Path:
    """A store that has an edition of `SCENE`'s network."""
    pin_signer(tmp_path / "online", SCENE.network.pinned)
    take(tmp_path / "online", SCENE.network)
    return tmp_path / "online"


@pytest.fixture
def offline(tmp_path: Path) -> Path:
    """A store that never sees a network."""
    pin_signer(tmp_path / "offline", SCENE.network.pinned)
    return tmp_path / "offline"


def take(store: Path, network: Network, did: str = ROOT) -> Update:
    return update_store(store, lambda _: (did,), served(network.newest), at=network.clock)


def carry(online: Path, offline: Path, network: Network = SCENE.network) -> Update:
    """Export and import, by way of a file."""
    file = online.with_suffix(".bundle")
    size = write_bundle_file(online, file, network.clock)
    assert size == file.stat().st_size
    return import_bundle_file(offline, file, at=network.clock)


class TestImport:
    def test_an_offline_store_has_what_the_online_one_has(self, online: Path, offline: Path) -> None:
        assert carry(online, offline).outcome is UPDATED
        assert load_trust(offline) == load_trust(online)
        assert carry(online, offline).outcome is UNCHANGED

    def test_a_tree_of_lists_is_carried_whole(self, tmp_path: Path) -> None:
        network = Network()
        network.publish(tree=True)
        for name in ("one", "two"):
            pin_signer(tmp_path / name, network.pinned)
        take(tmp_path / "one", network, REFERENCES)
        assert carry(tmp_path / "one", tmp_path / "two", network).outcome is UPDATED
        assert load_trust(tmp_path / "two") == load_trust(tmp_path / "one")

    def test_an_older_bundle_is_a_rollback(self, tmp_path: Path) -> None:
        network = Network()
        network.publish()
        for name in ("one", "two"):
            pin_signer(tmp_path / name, network.pinned)
        take(tmp_path / "one", network)
        old = tmp_path / "old.bundle"
        write_bundle_file(tmp_path / "one", old, network.clock)
        network.publish()
        take(tmp_path / "one", network)
        assert carry(tmp_path / "one", tmp_path / "two", network).outcome is UPDATED
        result = import_bundle_file(tmp_path / "two", old, at=network.clock)
        assert (result.outcome, result.reason) == (REFUSED, ListReason.LIST_ROLLED_BACK)

    def test_lists_in_a_bundle_are_verified_whatever_its_manifest_says(self, offline: Path, tmp_path: Path) -> None:
        """Whoever makes a bundle can make its digests too."""
        import hashlib

        data = SCENE.network.newest[ROOT]
        forged = encode_document(body(data, lambda document: document["verificationMethod"].pop()))
        held = replace(SCENE.held.state.documents[0], digest=hashlib.sha256(forged).hexdigest(), size=len(forged))
        state: State = replace(SCENE.held.state, documents=(held,))
        (tmp_path / "forged").write_bytes(write_bundle(state, {held.digest: forged}, SCENE.network.clock))
        result = import_bundle_file(offline, tmp_path / "forged", at=SCENE.network.clock)
        assert (result.outcome, result.reason) == (REFUSED, ListReason.PROOF_INVALID)
        with pytest.raises(TrustListError):
            load_trust(offline)

    def test_a_bundle_of_another_signer_or_environment_is_not_for_this_store(
        self, online: Path, tmp_path: Path
    ) -> None:
        pin_signer(tmp_path / "other", Network(key_name="other").pinned)
        pin_signer(tmp_path / "test", replace(SCENE.network.pinned, environment=Environment.DEVELOPMENT))
        for name, reason in (
            ("other", ListReason.PROOF_SIGNER_UNEXPECTED),
            ("test", ListReason.ENVIRONMENT_UNEXPECTED),
        ):
            with pytest.raises(TrustListError) as caught:
                carry(online, tmp_path / name)
            assert reason_of(caught) is reason

    def test_a_bundle_of_lists_that_this_store_does_not_ask_for_is_refused(self, tmp_path: Path) -> None:
        network = Network()
        network.publish(tree=True)
        for name in ("one", "two"):
            pin_signer(tmp_path / name, network.pinned)
        take(tmp_path / "one", network, f"{ROOT}:DCC:XXA:DSC")
        take(tmp_path / "two", network)
        with pytest.raises(TrustListError) as caught:
            carry(tmp_path / "one", tmp_path / "two", network)
        assert reason_of(caught) is ListReason.DID_UNEXPECTED

    def test_a_bundle_that_takes_much_away_waits_as_well(self, tmp_path: Path) -> None:
        network = Network()
        network.publish()
        for name in ("one", "two"):
            pin_signer(tmp_path / name, network.pinned)
            take(tmp_path / name, network)
        network.remove("XA", "XB", "XC")
        network.publish()
        state = take(tmp_path / "one", network).state
        from trustlist.update.store import confirm_waiting

        assert state.waiting is not None
        assert confirm_waiting(tmp_path / "one", state.waiting.digest, at=network.clock).outcome is UPDATED
        result = carry(tmp_path / "one", tmp_path / "two", network)
        assert result.outcome is UpdateOutcome.WAITING
        assert len(kids(load_trust(tmp_path / "two"))) == 24
        assert result.state.waiting is not None
        assert result.state.waiting.digest == state.waiting.digest
