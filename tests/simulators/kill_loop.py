"""Writers that are killed at any moment: `python -m tests.simulators.kill_loop FOLDER ROUNDS`.

Each round starts writers that take one edition after the other into the store, and ends them with SIGKILL some
moments later. Then the store must be whole, hold one of the editions, and none older than before. What was found
is printed as one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from tests.simulators.network import COUNTRIES, Network, listed, served
from tests.trustlist.update_scene import kids
from trustlist.did import read_document
from trustlist.update.result import Held
from trustlist.update.store import STATE_FILE, bring_kept, pin_signer, read_list, read_store, update_store

WRITERS = 2
MOST_UPDATES = 6
"""That a writer may come to before it is killed, if it is as fast as one that nobody disturbs."""
EDITIONS = 500
SAME_KEYS = 4
"""Editions in a row that differ in their date alone, and so are taken in fast."""


def make_network() -> Network:
    """Many editions, now and then with another signer's key taken off."""
    network = Network(keys=[listed(country, number) for country in COUNTRIES[:3] for number in (None, 0, 1, 2)])
    everybody = list(network.keys)
    for number in range(EDITIONS):
        gone = everybody[number // SAME_KEYS % len(everybody)].kid
        network.keys = [each for each in everybody if each.kid != gone]
        network.publish(after=timedelta(hours=1))
    return network


def write_for_ever(folder: Path, network: Network, start: int) -> None:
    """Take editions in, one after the other, and then sleep until the end comes."""
    for edition in network.editions[start:]:
        update_store(folder, lambda _: (network.root,), served(edition), at=network.clock)
    time.sleep(60)


def start_writer(folder: Path, network: Network, start: int) -> int:
    """A process that writes; its number."""
    child = os.fork()
    if child == 0:
        write_for_ever(folder, network, start)
        os._exit(0)
    return child


def edition_of(held: Held, folder: Path, network: Network) -> int:
    """The number of the edition that is in use, looked at from all sides; -1 before the first one."""
    if held.snapshot is None:
        return -1
    (document,) = held.state.documents
    data = read_list(folder, document)
    read = read_document(data, key=network.pinned, expected_did=document.did)
    number = next(number for number, edition in enumerate(network.editions) if edition[network.root] == data)
    assert kids(held.snapshot) == {entry.kid for entry in read.entries}
    assert held.state.snapshot == held.snapshot.digest
    assert bring_kept(folder, held.state.documents)(document.did).data == data
    return number


def leftovers(folder: Path, held: Held) -> int:
    """Files that a writer was killed over: drafts, and files that no state names yet."""
    named = {f"{digest}.json" for digest in held.state.files} | {f"{held.state.snapshot}.snapshot", STATE_FILE, ".lock"}
    return len({each.name for each in folder.iterdir()} - named)


def seconds_of_one_update(folder: Path, network: Network) -> float:
    """How long an update takes here and now: machines differ, and are busy."""
    pin_signer(folder, network.pinned)
    start = time.perf_counter()
    for edition in network.editions[:3]:
        update_store(folder, lambda _: (network.root,), served(edition), at=network.clock)
    return (time.perf_counter() - start) / 3


def run(folder: Path, rounds: int, seed: int = 1) -> dict[str, int]:
    """All rounds; what was found."""
    chance = random.Random(seed)  # noqa: S311 - of when to kill
    network = make_network()
    longest = MOST_UPDATES * seconds_of_one_update(folder / "measured", network)
    pin_signer(folder / "store", network.pinned)
    folder, last, interrupted = folder / "store", -1, 0
    for _ in range(rounds):
        writers = [start_writer(folder, network, last + 1) for _ in range(WRITERS)]
        time.sleep(chance.uniform(0, longest))
        for writer in writers:
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
        held = read_store(folder)
        now = edition_of(held, folder, network)
        assert now >= last, f"edition {now} after {last}"
        interrupted += leftovers(folder, held) > 2  # the files of the edition before stay by intention
        last = now
    return {"rounds": rounds, "last": last, "interrupted": interrupted}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - read by the test that started this
