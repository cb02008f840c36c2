"""The files of a repository: which there are, when each is made anew, and how long it stays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tests.trustlist.did_lists import LIST_DID, network
from tests.trustlist.publish.trees import small_tree
from tests.trustlist.repository.simulator import (
    DAY,
    DCC,
    FIRST,
    HOUR,
    LIST,
    SECOND,
    START,
    THIRD,
    Simulator,
    keys_of,
    publisher_at,
    signed_by,
)
from trustlist.did import read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.publish.files import CURRENT, publish_files
from trustlist.repository import DEFAULT_LIFETIMES, assemble, draft_root, draft_targets
from trustlist.repository.making import read_metadata
from trustlist.repository.store import Limits, Repository, fetch_from_folder

LATER = START + HOUR


def hashed(path: str, data: bytes) -> str:
    folder, _, name = path.rpartition("/")
    return f"targets/{folder}/{hashlib.sha256(data).hexdigest()}.{name}"


def versions(simulator: Simulator) -> tuple[int, int, int]:
    found = simulator.published
    timestamp = read_metadata(found["metadata/timestamp.json"], Timestamp).signed
    snapshot = read_metadata(found[f"metadata/{timestamp.snapshot_meta.version}.snapshot.json"], Snapshot).signed
    return timestamp.version, snapshot.version, snapshot.meta["targets.json"].version


def test_a_new_repository_has_four_roles_and_its_files_under_their_hashes() -> None:
    assert set(Simulator.started().published) == {
        "metadata/1.root.json",
        "metadata/1.targets.json",
        "metadata/1.snapshot.json",
        "metadata/timestamp.json",
        *(hashed(path, data) for path, data in FIRST.items()),
    }


def test_two_custodians_have_to_sign_root_and_targets_and_both_say_until_when() -> None:
    published = Simulator.started().published
    root = read_metadata(published["metadata/1.root.json"], Root).signed
    assert {name: (len(role.keyids), role.threshold) for name, role in root.roles.items()} == {
        "root": (3, 2),
        "targets": (3, 2),
        "snapshot": (1, 1),
        "timestamp": (1, 1),
    }
    assert root.consistent_snapshot
    assert root.expires == START + DEFAULT_LIFETIMES.root
    targets = read_metadata(published["metadata/1.targets.json"], Targets).signed
    assert targets.expires == START + DEFAULT_LIFETIMES.targets
    assert set(targets.targets) == set(FIRST)


def test_the_same_files_again_change_nothing_and_ask_no_custodian() -> None:
    simulator = Simulator.started()
    simulator.publish(FIRST, LATER, custodians="")
    assert simulator.states[0] == simulator.states[1]


def test_a_change_is_a_new_version_of_everything_but_the_root() -> None:
    simulator = Simulator.started()
    simulator.publish(SECOND, LATER)
    assert versions(simulator) == (2, 2, 2)
    assert "metadata/2.root.json" not in simulator.published


def test_what_a_client_may_be_reading_stays_for_one_state_and_roots_stay_for_ever() -> None:
    simulator = Simulator.started()
    first = set(simulator.published)
    simulator.publish(SECOND, LATER, root=simulator.rotate(keys_of("abd"), "ab", LATER), custodians="ab")
    assert first - set(simulator.published) == set()
    simulator.publish(THIRD, LATER)
    assert first - set(simulator.published) == {
        "metadata/1.targets.json",
        "metadata/1.snapshot.json",
        hashed(LIST, b"one"),
    }
    assert hashed(DCC, b"dcc") in simulator.published  # the same in the second state
    assert {"metadata/1.root.json", "metadata/2.root.json"} <= set(simulator.published)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (0.4 * DEFAULT_LIFETIMES.timestamp, (1, 1, 1)),
        (0.6 * DEFAULT_LIFETIMES.timestamp, (2, 1, 1)),
        (0.6 * DEFAULT_LIFETIMES.snapshot, (2, 2, 1)),
        (0.6 * DEFAULT_LIFETIMES.targets, (2, 2, 2)),
    ],
)
def test_what_is_about_to_end_is_signed_anew(after: object, expected: tuple[int, int, int]) -> None:
    simulator = Simulator.started()
    simulator.publish(FIRST, START + after)  # type: ignore[operator]
    assert versions(simulator) == expected


def test_a_draft_is_only_asked_for_where_one_is_needed() -> None:
    simulator = Simulator.started()
    assert draft_targets(simulator.published, FIRST, at=LATER) is None
    assert draft_targets(simulator.published, SECOND, at=LATER) is not None
    assert draft_targets(simulator.published, FIRST, at=LATER + 60 * DAY) is not None
    assert draft_targets({}, {}, at=LATER) is not None


def refused(**arguments: object) -> Callable[[], object]:
    """Assembling with something that does not fit."""

    def call() -> object:
        simulator = Simulator.started()
        files = arguments.get("files", SECOND)
        named = arguments.get("named", files)
        published = simulator.published if arguments.get("known", True) else {}
        draft = draft_targets(arguments.get("after", published), named, at=LATER)  # type: ignore[arg-type]
        assert draft is not None
        signed = [signed_by(draft, "ab")] if arguments.get("targets", True) else []
        root = arguments.get("root")
        signed += [root] if isinstance(root, bytes) else []
        online = str(arguments.get("online", "online"))
        return assemble(published, files, publisher=publisher_at(LATER, online), signed=signed)  # type: ignore[arg-type]

    return call


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (refused(named=THIRD), ListReason.REPOSITORY_MIXED),
        (refused(targets=False), ListReason.REPOSITORY_MIXED),
        (refused(after={}), ListReason.REPOSITORY_ROLLED_BACK),
        (refused(known=False), ListReason.REPOSITORY_SIGNATURES),
        (refused(online="other"), ListReason.REPOSITORY_SIGNATURES),
        (refused(root=signed_by(draft_root(keys_of(), at=LATER), "ab")), ListReason.REPOSITORY_ROLLED_BACK),
        (refused(root=b"{}"), ListReason.REPOSITORY_DAMAGED),
    ],
    ids=["other files", "no targets", "old targets", "no root", "other publisher", "old root", "no metadata"],
)
def test_what_does_not_fit_is_not_assembled(call: Callable[[], object], reason: ListReason) -> None:
    with pytest.raises(TrustListError) as caught:
        call()
    assert caught.value.reason is reason


@pytest.mark.parametrize("name", ["1.snapshot.json", "1.targets.json", "timestamp.json"])
def test_a_published_repository_with_a_hole_is_not_gone_on_with(name: str) -> None:
    simulator = Simulator.started()
    for damage in ({}, {f"metadata/{name}": b"{}"}):
        broken = {path: data for path, data in simulator.published.items() if path != f"metadata/{name}"} | damage
        with pytest.raises(TrustListError) as caught:
            assemble(broken, FIRST, publisher=publisher_at(LATER))
        assert caught.value.reason is ListReason.REPOSITORY_DAMAGED


def test_a_whole_tree_goes_through_a_folder_to_a_client(tmp_path: Path) -> None:
    simulator = Simulator()
    tree = small_tree()
    simulator.publish(tree, START, root=signed_by(draft_root(keys_of(), at=START), "ab"))
    publish_files(tmp_path / "web", {**tree, **{f"tuf/{path}": data for path, data in simulator.published.items()}})
    served = fetch_from_folder(tmp_path / "web" / CURRENT / "tuf")
    client = Repository(tmp_path / "client", root=simulator.first_root, fetch=served)
    client.refresh(at=LATER)
    for path, data in tree.items():
        assert client.read(path) == data
    assert read_document(client.read(LIST), key=network().pinned, expected_did=LIST_DID).entries


def test_a_file_that_was_read_once_is_kept_and_checked_again(tmp_path: Path) -> None:
    simulator = Simulator.started()
    client = simulator.client(tmp_path)
    client.refresh(at=LATER)
    assert client.read(LIST) == b"one"
    simulator.asked.clear()
    assert (client.read(LIST), simulator.asked) == (b"one", [])
    (kept,) = [path for path in (tmp_path / "targets").iterdir() if path.read_bytes() == b"one"]
    kept.write_bytes(b"two")
    assert client.read(LIST) == b"one"


def test_a_file_that_is_larger_than_is_read_is_refused(tmp_path: Path) -> None:
    simulator = Simulator.started()
    client = Repository(tmp_path, root=simulator.first_root, fetch=simulator.fetch, limits=Limits(target_bytes=2))
    client.refresh(at=LATER)
    with pytest.raises(TrustListError) as caught:
        client.read(LIST)
    assert caught.value.reason is ListReason.LIST_TOO_LARGE


def test_nothing_is_read_before_the_state_is_known(tmp_path: Path) -> None:
    with pytest.raises(TrustListError) as caught:
        Simulator.started().client(tmp_path).read(LIST)
    assert caught.value.reason is ListReason.REPOSITORY_CACHE


def test_a_client_without_a_folder_to_write_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrustListError) as caught:
        Simulator.started().client(tmp_path / "file").refresh(at=LATER)
    assert caught.value.reason is ListReason.REPOSITORY_CACHE


def test_a_server_that_cannot_be_reached_is_said_in_its_own_words(tmp_path: Path) -> None:
    def fetch(_: str) -> tuple[bytes, ...]:
        raise TrustListError(ListReason.FETCH_TIMEOUT)

    with pytest.raises(TrustListError) as caught:
        Repository(tmp_path, root=Simulator.started().first_root, fetch=fetch).refresh(at=LATER)
    assert caught.value.reason is ListReason.FETCH_TIMEOUT


def test_a_folder_where_a_file_is_expected_is_said(tmp_path: Path) -> None:
    (tmp_path / "web" / "metadata" / "timestamp.json").mkdir(parents=True)
    fetch = fetch_from_folder(tmp_path / "web")
    with pytest.raises(TrustListError) as caught:
        Repository(tmp_path / "client", root=Simulator.started().first_root, fetch=fetch).refresh(at=LATER)
    assert caught.value.reason is ListReason.SOURCE_UNREADABLE
