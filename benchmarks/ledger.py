"""What it costs to log entries, one or many at a time, and to prove things about a log of a million of them.

Appending waits for the disk, so its rates are by the clock and belong to the machine; all other times are CPU time.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.measure import Row
from ledger import (
    Ed25519Signer,
    Entry,
    EntryValue,
    Log,
    LogKeys,
    LogWriter,
    hash_leaf,
    verify_consistency,
    verify_inclusion,
)

ENTRIES, PORTION = 1_000_000, 10_000
SINGLE, IN_HUNDREDS, PROOFS, READ = 200, 50, 200, 20_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNER = Ed25519Signer("log.example/trust", Ed25519PrivateKey.generate())
KEYS = LogKeys("log.example/trust", (SIGNER.key,))


def run(rounds: int) -> list[Row]:
    """Medians of `rounds` rounds; the log of a million entries is made once."""
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large"
        bulk = _fill(large, ENTRIES, PORTION)
        single = [_fill(Path(folder) / f"single-{each}", SINGLE, 1) for each in range(rounds)]
        hundreds = [_fill(Path(folder) / f"hundreds-{each}", IN_HUNDREDS * 100, 100) for each in range(rounds)]
        return [
            Row("log entries, one an append", statistics.median(single), "entries/s by the clock"),
            Row("log entries, 100 an append", statistics.median(hundreds), "entries/s by the clock"),
            Row("log entries, 10,000 an append", bulk, "entries/s by the clock"),
            *_reading(large, rounds),
        ]


def make_entries(start: int, end: int) -> Iterator[Entry]:
    """Entries like those that a change of a trust list makes."""
    for number in range(start, end):
        detail: dict[str, EntryValue] = {
            "domain": "DCC",
            "usage": "DSC",
            "sha256": f"{number:064x}",
            "not-after": 1_900_000_000,
        }
        yield Entry("key.added", NOW, "XXA:custodian-1", f"dsc:{number:016x}", detail)


def _fill(folder: Path, count: int, portion: int) -> float:
    """Entries a second, from opening the log for writing to the last checkpoint on the disk."""
    LogWriter.create(folder, keys=KEYS, signers=[SIGNER]).close()
    start = time.perf_counter()
    with LogWriter.open(folder, keys=KEYS, signers=[SIGNER]) as log:
        for first in range(0, count, portion):
            log.append(make_entries(first, first + portion))
    return count / (time.perf_counter() - start)


def _reading(folder: Path, rounds: int) -> list[Row]:
    chance = random.Random(1)  # noqa: S311
    places = [chance.randrange(ENTRIES) for _ in range(PROOFS)]
    log = Log.open(folder, keys=KEYS)
    root = log.checkpoint.root
    first = {place: log.tree.root_at(place) for place in places}
    leaves = {place: hash_leaf(entry.encode()) for place in places for entry in make_entries(place, place + 1)}

    def check_inclusion(place: int) -> None:
        proof = log.inclusion_proof(place)
        verify_inclusion(proof, index=place, size=ENTRIES, leaf=leaves[place], root=root)

    def check_consistency(place: int) -> None:
        proof = log.consistency_proof(place)
        verify_consistency(proof, first_size=place, first_root=first[place], second_size=ENTRIES, second_root=root)

    return [
        Row("open it, signature and root checked", _each(lambda _: Log.open(folder, keys=KEYS), places, rounds), "ms"),
        Row("inclusion proof, cold", _each(_cold(folder), places, rounds), "ms with opening"),
        Row("inclusion proof, made and verified", _each(check_inclusion, places, rounds), "ms"),
        Row("consistency proof, made and verified", _each(check_consistency, places, rounds), "ms"),
        Row("read and prove entries", READ / (_each(lambda _: _read(log), [0], rounds) / 1e3), "entries/s"),
    ]


def _cold(folder: Path) -> Callable[[int], object]:
    return lambda place: Log.open(folder, keys=KEYS).inclusion_proof(place)


def _read(log: Log) -> None:
    assert sum(1 for _ in log.entries(ENTRIES - READ)) == READ


def _each(work: Callable[[int], object], places: list[int], rounds: int) -> float:
    """Milliseconds of CPU time for one place."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for place in places:
            work(place)
        found.append((time.process_time() - start) / len(places) * 1e3)
    return statistics.median(found)
