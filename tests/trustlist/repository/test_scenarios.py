"""What a server can try on a client that has a memory, and what the client says to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.trustlist.repository.simulator import (
    DAY,
    FIRST,
    HOUR,
    LIST,
    SECOND,
    START,
    THIRD,
    Simulator,
    key,
    keys_of,
    signed_by,
)
from trustlist.errors import ListReason, TrustListError
from trustlist.repository import RoleKeys, draft_root, draft_targets, signer_of
from trustlist.repository.making import newest_root
from trustlist.repository.roles import RepositoryKeys

LATER = START + HOUR


class Attack(NamedTuple):
    """After the client has taken in `FIRST`, then `SECOND`, the server does this; the client refuses with `reason`."""

    name: str
    does: Callable[[Simulator], object]
    reason: ListReason
    at: datetime = LATER + HOUR


def serve_first_state(simulator: Simulator) -> None:
    simulator.served = dict(simulator.states[0])


def replay_timestamp(simulator: Simulator) -> None:
    simulator.served["metadata/timestamp.json"] = simulator.states[0]["metadata/timestamp.json"]


def put(simulator: Simulator, path: str, data: bytes) -> None:
    simulator.served[path] = data


def publish_then(change: Callable[[Simulator], object]) -> Callable[[Simulator], None]:
    def does(simulator: Simulator) -> None:
        simulator.publish(THIRD, LATER + HOUR)
        change(simulator)

    return does


def forged_root(signers: str) -> Callable[[Simulator], None]:
    """Root 2 with the attacker's keys, signed by these."""

    def does(simulator: Simulator) -> None:
        root = draft_root(keys_of("xyz"), at=LATER, previous=newest_root(simulator.published))
        put(simulator, "metadata/2.root.json", signed_by(root, signers))

    return does


ATTACKS = (
    Attack("rollback of everything", serve_first_state, ListReason.REPOSITORY_ROLLED_BACK),
    Attack("rollback of the timestamp alone", replay_timestamp, ListReason.REPOSITORY_ROLLED_BACK),
    Attack(
        "freeze: the same state for longer than it counts",
        lambda _: None,
        ListReason.REPOSITORY_EXPIRED,
        LATER + 3 * DAY,
    ),
    Attack(
        "an expired timestamp after a newer one was due",
        publish_then(lambda _: None),
        ListReason.REPOSITORY_EXPIRED,
        LATER + HOUR + 3 * DAY,
    ),
    Attack(
        "mix: new timestamp, old snapshot",
        publish_then(lambda s: put(s, "metadata/3.snapshot.json", s.served["metadata/2.snapshot.json"])),
        ListReason.REPOSITORY_MIXED,
    ),
    Attack(
        "mix: new snapshot, old targets",
        publish_then(lambda s: put(s, "metadata/3.targets.json", s.served["metadata/2.targets.json"])),
        ListReason.REPOSITORY_MIXED,
    ),
    Attack("a root of the attacker's own", forged_root("xy"), ListReason.REPOSITORY_SIGNATURES),
    Attack("a root signed by one custodian", forged_root("xya"), ListReason.REPOSITORY_SIGNATURES),
    Attack(
        "a timestamp that is no JSON",
        lambda s: put(s, "metadata/timestamp.json", b"<html>"),
        ListReason.REPOSITORY_DAMAGED,
    ),
    Attack(
        "a timestamp of nothing but brackets",
        lambda s: put(s, "metadata/timestamp.json", b"[" * 10_000),
        ListReason.REPOSITORY_DAMAGED,
    ),
    Attack(
        "a snapshot in the place of a timestamp",
        lambda s: put(s, "metadata/timestamp.json", s.served["metadata/2.snapshot.json"]),
        ListReason.REPOSITORY_DAMAGED,
    ),
    Attack(
        "a timestamp signed by nobody",
        publish_then(
            lambda s: put(
                s,
                "metadata/timestamp.json",
                s.served["metadata/timestamp.json"].replace(b'"signatures":[{', b'"signatures":[],"x":[{'),
            )
        ),
        ListReason.REPOSITORY_SIGNATURES,
    ),
    Attack(
        "an endless timestamp",
        lambda s: setattr(s, "endless", "metadata/timestamp.json"),
        ListReason.REPOSITORY_OVERLONG,
    ),
    Attack(
        "an endless snapshot",
        publish_then(lambda s: setattr(s, "endless", "metadata/3.snapshot.json")),
        ListReason.REPOSITORY_OVERLONG,
    ),
    Attack(
        "endless targets",
        publish_then(lambda s: setattr(s, "endless", "metadata/3.targets.json")),
        ListReason.REPOSITORY_OVERLONG,
    ),
    Attack("an endless root", lambda s: setattr(s, "endless", "metadata/2.root.json"), ListReason.REPOSITORY_OVERLONG),
    Attack(
        "a truncated snapshot",
        publish_then(lambda s: put(s, "metadata/3.snapshot.json", s.served["metadata/3.snapshot.json"][:-9])),
        ListReason.REPOSITORY_MIXED,
    ),
    Attack("no timestamp", lambda s: s.served.pop("metadata/timestamp.json"), ListReason.REPOSITORY_FILE_MISSING),
    Attack(
        "no snapshot",
        publish_then(lambda s: s.served.pop("metadata/3.snapshot.json")),
        ListReason.REPOSITORY_FILE_MISSING,
    ),
)


@pytest.fixture
def simulator(tmp_path: Path) -> Simulator:
    """The client in `tmp_path` has seen two states."""
    simulator = Simulator.started()
    simulator.client(tmp_path).refresh(at=START)
    simulator.publish(SECOND, LATER)
    client = simulator.client(tmp_path)
    client.refresh(at=LATER)
    assert client.read(LIST) == b"two"
    return simulator


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_attack_is_refused_and_forgotten_once_the_truth_is_served_again(
    attack: Attack, simulator: Simulator, tmp_path: Path
) -> None:
    attack.does(simulator)
    client = simulator.client(tmp_path)
    with pytest.raises(TrustListError) as caught:
        client.refresh(at=attack.at)
    assert caught.value.reason is attack.reason
    with pytest.raises(TrustListError):
        client.read(LIST)
    simulator.endless = ""
    simulator.publish({LIST: b"four"}, attack.at)
    client = simulator.client(tmp_path)
    client.refresh(at=attack.at)
    assert client.read(LIST) == b"four"


def target_file(simulator: Simulator) -> str:
    (path,) = [path for path, data in simulator.published.items() if data == b"three"]
    return path


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        (lambda s: put(s, target_file(s), b"thr"), ListReason.REPOSITORY_MIXED),
        (lambda s: put(s, target_file(s), b"eerht"), ListReason.REPOSITORY_MIXED),
        (lambda s: put(s, target_file(s), b"three and more"), ListReason.REPOSITORY_OVERLONG),
        (lambda s: setattr(s, "endless", target_file(s)), ListReason.REPOSITORY_OVERLONG),
        (lambda s: s.served.pop(target_file(s)), ListReason.REPOSITORY_FILE_MISSING),
    ],
    ids=["truncated", "altered", "longer", "endless", "missing"],
)
def test_a_file_that_is_not_the_one_that_was_signed_is_refused(
    does: Callable[[Simulator], object], reason: ListReason, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.publish(THIRD, LATER)
    client = simulator.client(tmp_path)
    client.refresh(at=LATER)
    does(simulator)
    with pytest.raises(TrustListError) as caught:
        client.read(LIST)
    assert caught.value.reason is reason
    simulator.endless, simulator.served = "", dict(simulator.published)
    assert client.read(LIST) == b"three"


def test_a_file_that_nobody_signed_is_not_asked_for(simulator: Simulator, tmp_path: Path) -> None:
    client = simulator.client(tmp_path)
    client.refresh(at=LATER)
    simulator.asked.clear()
    with pytest.raises(TrustListError) as caught:
        client.read("v2/trustlist/XX/did.json")
    assert (caught.value.reason, simulator.asked) == (ListReason.REPOSITORY_FILE_MISSING, [])


def test_a_clock_that_went_back_opens_no_way_back(simulator: Simulator, tmp_path: Path) -> None:
    serve_first_state(simulator)
    with pytest.raises(TrustListError) as caught:
        simulator.client(tmp_path).refresh(at=START - 300 * DAY)
    assert caught.value.reason is ListReason.REPOSITORY_ROLLED_BACK


def test_a_client_follows_a_change_of_custodians(simulator: Simulator, tmp_path: Path) -> None:
    root = simulator.rotate(keys_of("bcd"), "abd", LATER)
    simulator.publish(THIRD, LATER, custodians="cd", root=root)
    client = simulator.client(tmp_path)
    assert client.refresh(at=LATER)["root"] == 2
    assert client.read(LIST) == b"three"


def test_a_client_that_slept_through_two_changes_of_custodians_catches_up(simulator: Simulator, tmp_path: Path) -> None:
    simulator.publish(SECOND, LATER, custodians="cd", root=simulator.rotate(keys_of("bcd"), "abd", LATER))
    simulator.publish(THIRD, LATER, custodians="de", root=simulator.rotate(keys_of("cde"), "cde", LATER))
    for folder in (tmp_path, tmp_path / "new"):
        client = simulator.client(folder)
        assert client.refresh(at=LATER)["root"] == 3
        assert client.read(LIST) == b"three"


def test_a_custodian_who_went_signs_nothing_any_more(simulator: Simulator) -> None:
    simulator.publish(SECOND, LATER, custodians="cd", root=simulator.rotate(keys_of("bcd"), "abd", LATER))
    with pytest.raises(TrustListError) as caught:
        simulator.publish(THIRD, LATER, custodians="ab")
    assert caught.value.reason is ListReason.REPOSITORY_SIGNATURES


def test_a_stolen_online_key_is_replaced_and_the_state_signed_with_it_is_made_anew(
    simulator: Simulator, tmp_path: Path
) -> None:
    root = simulator.rotate(keys_of(online="another"), "ab", LATER)
    simulator.online = "another"
    simulator.publish(SECOND, LATER, root=root)
    assert simulator.client(tmp_path).refresh(at=LATER) == {"root": 2, "timestamp": 3, "snapshot": 3, "targets": 2}


def test_a_timestamp_of_the_replaced_online_key_is_refused(simulator: Simulator, tmp_path: Path) -> None:
    old = simulator.published["metadata/timestamp.json"]
    simulator.online = "another"
    simulator.publish(SECOND, LATER, root=simulator.rotate(keys_of(online="another"), "ab", LATER))
    put(simulator, "metadata/timestamp.json", old)
    with pytest.raises(TrustListError) as caught:
        simulator.client(tmp_path).refresh(at=LATER)
    assert caught.value.reason is ListReason.REPOSITORY_SIGNATURES


@pytest.mark.parametrize("signers", ["a", "bd", "xy", ""])
def test_a_change_of_custodians_needs_enough_of_the_old_ones_and_of_the_new_ones(
    signers: str, simulator: Simulator
) -> None:
    with pytest.raises(TrustListError) as caught:
        simulator.publish(THIRD, LATER, root=simulator.rotate(keys_of("def"), signers, LATER))
    assert caught.value.reason is ListReason.REPOSITORY_SIGNATURES


@pytest.mark.parametrize("custodians", ["", "a", "x", "ax"])
def test_one_custodian_alone_publishes_nothing(custodians: str, simulator: Simulator) -> None:
    with pytest.raises(TrustListError) as caught:
        simulator.publish(THIRD, LATER, custodians=custodians)
    assert caught.value.reason is ListReason.REPOSITORY_SIGNATURES
    assert caught.value.detail == {"role": "targets", "found": int("a" in custodians), "needed": 2}


def test_custodians_may_sign_one_after_the_other_in_different_places(simulator: Simulator) -> None:
    draft = draft_targets(simulator.published, THIRD, at=LATER)
    assert draft is not None
    twice = signed_by(signed_by(draft, "a"), "c")
    assert twice.count(b'"keyid"') == 2
    assert signed_by(twice, "a").count(b'"keyid"') == 2


@pytest.mark.parametrize(
    "keys",
    [
        lambda: keys_of("a"),
        lambda: keys_of("aa"),
        lambda: keys_of("abc", threshold=0),
        lambda: RoleKeys(()),
        lambda: RepositoryKeys.of([], key("online").public_key()),
    ],
)
def test_keys_that_can_never_be_enough_are_refused(keys: Callable[[], object]) -> None:
    with pytest.raises(TrustListError) as caught:
        keys()
    assert caught.value.reason is ListReason.REPOSITORY_SIGNATURES


def test_a_curve_that_the_framework_does_not_take_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    with pytest.raises(TrustListError) as caught:
        signer_of(ec.generate_private_key(ec.SECP256K1()))
    assert caught.value.reason is ListReason.KEY_UNSUPPORTED


def test_a_root_of_another_repository_is_refused(simulator: Simulator, tmp_path: Path) -> None:
    from tests.trustlist.repository.simulator import START as AT
    from trustlist.repository.store import Repository

    stranger = signed_by(draft_root(keys_of("xyz"), at=AT), "xy")
    with pytest.raises(TrustListError) as caught:
        Repository(tmp_path / "other", root=stranger, fetch=simulator.fetch).refresh(at=LATER)
    assert caught.value.reason is ListReason.REPOSITORY_SIGNATURES
    for root in (b"", b"{}", b'{"signed":{}}', FIRST[LIST]):
        with pytest.raises(TrustListError) as caught:
            Repository(tmp_path / "other", root=root, fetch=simulator.fetch).refresh(at=LATER)
        assert caught.value.reason is ListReason.REPOSITORY_DAMAGED
