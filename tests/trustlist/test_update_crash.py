"""A store through crashes: a full disk, a power cut and SIGKILL at every step leave one state or the other, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.simulators.disk import FailingDisk, PowerGoneError
from tests.simulators.network import ROOT, Network, served
from tests.trustlist.update_scene import kids
from trustlist import ListReason, TrustListError, load_trust
from trustlist.update import UpdateOutcome, pin, read_state
from trustlist.update.store import STATE_FILE, pin_signer, read_list, read_store, update_store

PROJECT = Path(__file__).resolve().parents[2]
MOST_STEPS = 80
ROUNDS = 60


def make_store(folder: Path) -> Network:
    """A store with one good edition, and a second edition that is published."""
    network = Network()
    pin_signer(folder, network.pinned)
    take(folder, network)
    network.remove("XA")
    network.publish()
    return network


def take(folder: Path, network: Network) -> UpdateOutcome:
    if not network.editions:
        network.publish()
    return update_store(folder, lambda _: (ROOT,), served(network.newest), at=network.clock).outcome


def crash(write: Callable[[], object]) -> None:
    """Write on a disk that fails; all that may be heard of it is that nothing was written."""
    reason = ListReason.SOURCE_NOT_WRITABLE
    try:
        write()
    except PowerGoneError:
        return
    except TrustListError as error:
        reason = error.reason
    assert reason is ListReason.SOURCE_NOT_WRITABLE


def edition_in(folder: Path, network: Network) -> int:
    """Which edition a store holds; everything that its state names is there and whole."""
    held = read_store(folder)
    (document,) = held.state.documents
    number = [edition[ROOT] for edition in network.editions].index(read_list(folder, document))
    assert held.state.snapshot is not None
    assert (folder / f"{held.state.snapshot}.snapshot").is_file()
    assert len(kids(held.snapshot)) == (24, 20)[number]
    assert load_trust(folder) == held.snapshot
    return number


@pytest.mark.parametrize("power_gone", [False, True], ids=["a step fails", "the power goes"])
def test_a_crash_at_any_step_of_an_update_leaves_one_state_or_the_other(tmp_path: Path, power_gone: bool) -> None:
    seen: list[int] = []
    for at in range(MOST_STEPS):
        folder = tmp_path / str(at)
        network = make_store(folder)
        disk = FailingDisk(at, power_gone)
        with disk.mounted():
            crash(partial(take, folder, network))
        seen.append(edition_in(folder, network))
        assert take(folder, network) in {UpdateOutcome.UPDATED, UpdateOutcome.UNCHANGED}
        assert edition_in(folder, network) == 1
        assert not [each for each in folder.iterdir() if each.name.startswith(".") and each.name != ".lock"]
        if not disk.reached:
            break
    assert not disk.reached, "more steps than were tried"
    assert len(seen) > 15
    assert seen == sorted(seen), "new before some step, old after a later one"
    assert set(seen) == {0, 1}


@pytest.mark.parametrize("power_gone", [False, True], ids=["a step fails", "the power goes"])
def test_a_crash_at_any_step_of_pinning_leaves_no_store_or_a_whole_one(tmp_path: Path, power_gone: bool) -> None:
    network = Network()
    for at in range(MOST_STEPS):
        folder = tmp_path / str(at)
        disk = FailingDisk(at, power_gone)
        with disk.mounted():
            crash(partial(pin_signer, folder, network.pinned))
        if (folder / STATE_FILE).exists():
            assert read_state((folder / STATE_FILE).read_bytes()) == pin(None, network.pinned)
        pin_signer(folder, network.pinned)
        assert take(folder, network) is UpdateOutcome.UPDATED
        if not disk.reached:
            break
    assert not disk.reached, "more steps than were tried"


def test_killed_at_any_moment_again_and_again(tmp_path: Path) -> None:
    """Two writers at a time, ended by SIGKILL after a moment; see `tests.simulators.kill_loop`."""
    command = [sys.executable, "-m", "tests.simulators.kill_loop", str(tmp_path), str(ROUNDS)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found = json.loads(done.stdout)
    assert found["rounds"] == ROUNDS
    assert found["last"] > 0, "the writers got nowhere"
    assert found["interrupted"] > 0, "no writer was killed in the middle of writing"
