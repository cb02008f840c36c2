"""Whenever a writer dies, its log is the old one or the new one, whole, and goes on."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from ledger import Checkpoint, LedgerReason, LogKeys, LogWriter, countersign_checkpoint, files
from ledger.store import Log
from tests.ledger.parts import KEYS, ORIGIN, SIGNER, entries, reason_of, signer
from tests.ledger.test_store import create, opened

ROOT = Path(__file__).resolve().parents[2]
KILLS = 30
STEPS: tuple[tuple[object, str], ...] = (
    (files, "_write_synced"),
    (files, "_sync_folder"),
    (files, "_make_folders"),
    (Path, "replace"),
    (Path, "unlink"),
    (Path, "rmdir"),
)


class Killed(Exception):  # noqa: N818
    """Stands for the end of a process: nothing in the program catches it."""


@pytest.fixture
def accident(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The number of steps towards the disk that are still done before the process ends; none set, no accident."""
    left: list[int] = []

    def step() -> None:
        if left:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

    def stepping(whole: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(whole)
        def work(*given: object, **named: object) -> object:
            step()
            return whole(*given, **named)

        return work

    for place, name in STEPS:
        monkeypatch.setattr(place, name, stepping(getattr(place, name)))
    yield left
    left.clear()


def check_whole(folder: Path, last_seen: Checkpoint, keys: LogKeys = KEYS) -> Checkpoint:
    """The log is one that follows what was last seen, with every entry in its place; its head."""
    log = Log.open(folder, keys=keys)
    log.audit(last_seen)
    assert [logged.entry for logged in log.entries()] == entries(0, log.size)
    return log.checkpoint


@pytest.mark.parametrize(("first", "second"), [(0, 1), (5, 6), (200, 300), (255, 256), (256, 257), (250, 600)])
def test_between_every_two_steps_of_an_append(tmp_path: Path, accident: list[int], first: int, second: int) -> None:
    heads: set[int] = set()
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        old = opened(create(folder, *([first] if first else []))).checkpoint
        accident[:] = [steps]
        try:
            with LogWriter.open(folder, keys=KEYS, signers=[SIGNER]) as log:
                log.append(entries(first, second))
        except Killed:
            accident.clear()
        else:
            break
        heads.add(check_whole(folder, old).size)
        with LogWriter.open(folder, keys=KEYS, signers=[SIGNER]) as log:
            size = log.head.checkpoint.size
            # What comes now is not what the dead writer was about to log.
            log.append(entries(size, second + 20))
        assert check_whole(folder, old).size == second + 20
        steps += 1
    accident.clear()
    assert check_whole(folder, old).size == second
    assert heads == {first, second}
    assert steps >= 8


def test_between_every_two_steps_of_creating(tmp_path: Path, accident: list[int]) -> None:
    for steps in range(100):
        folder = tmp_path / str(steps)
        accident[:] = [steps]
        try:
            create(folder)
        except Killed:
            accident.clear()
        else:
            break
        if (folder / "checkpoint").exists():
            assert opened(folder).size == 0
        else:
            assert opened(create(folder)).size == 0
    accident.clear()
    assert opened(folder).size == 0
    assert steps >= 4


def test_between_every_two_steps_of_publishing_what_waited(tmp_path: Path, accident: list[int]) -> None:
    second = signer("custodian.example/2")
    keys = LogKeys(ORIGIN, (SIGNER.key, second.key), threshold=2)
    for steps in range(100):
        folder = tmp_path / str(steps)
        with LogWriter.create(folder, keys=keys, signers=[SIGNER, second]) as log:
            old = log.append(entries(0, 5)).checkpoint
        with LogWriter.open(folder, keys=keys, signers=[SIGNER]) as log:
            waiting = log.append(entries(5, 9))
        both = LogWriter.open(folder, keys=keys, signers=[second])
        accident[:] = [steps]
        try:
            both.add_signatures(countersign_checkpoint(waiting.note, second))
        except Killed:
            accident.clear()
        else:
            break
        finally:
            both.close()
        assert check_whole(folder, old, keys).size in {5, 9}
        with LogWriter.open(folder, keys=keys, signers=[SIGNER, second]) as log:
            assert log.head.checkpoint == waiting.checkpoint
            log.append(entries(9, 20))
        assert check_whole(folder, waiting.checkpoint, keys).size == 20
    accident.clear()
    assert check_whole(folder, old, keys).size == 9
    assert steps >= 3


def test_all_tiles_are_on_the_disk_before_the_checkpoint_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(tmp_path, 250)
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(file: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        fsync(file)

    def replaced(draft: Path, target: Path) -> Path:
        done.append(target.relative_to(tmp_path).as_posix())
        return replace(draft, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
        log.append(entries(250, 300))
    place = done.index("checkpoint")
    names = [name for name in done if name not in {"file", "folder"}]
    assert all(done[done.index(name) - 1] == "file" for name in names)
    tiles = {Path(name).parent for name in names[:-1]}
    assert (names[-1], done[place - 2], done[place + 1 :]) == ("checkpoint", "folder", ["folder"])
    assert done[:place].count("folder") >= len(tiles) > 3


def test_a_checkpoint_is_put_in_place_and_never_written_over(tmp_path: Path) -> None:
    create(tmp_path, 5)
    with (tmp_path / "checkpoint").open("rb") as old, LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
        before = log.head.note
        log.append(entries(5, 9))
        assert old.read() == before != (tmp_path / "checkpoint").read_bytes()


def test_a_full_disk_closes_the_log_and_leaves_it_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = opened(create(tmp_path, 5)).checkpoint

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
        monkeypatch.setattr(files, "_write_synced", full)
        assert reason_of(lambda: log.append(entries(5, 9))) is LedgerReason.LOG_NOT_WRITABLE
        monkeypatch.undo()
        assert reason_of(lambda: log.append(entries(5, 9))) is LedgerReason.LOG_CLOSED
    assert check_whole(tmp_path, old) == old


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
def test_kill_9_thirty_times(tmp_path: Path) -> None:
    """Each time the next writer starts at once, for the dead one holds no lock."""
    chance = random.Random(9)  # noqa: S311
    seen = opened(create(tmp_path)).checkpoint
    for number in range(KILLS):
        command = [sys.executable, "-m", "tests.ledger.appender", str(tmp_path), str(number)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            assert reason_of(lambda: LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER])) is LedgerReason.LOG_BUSY
            try:
                writer.wait(chance.uniform(0, 0.03))
            except subprocess.TimeoutExpired:
                writer.kill()
        assert writer.returncode == -9
        now = opened(tmp_path)
        assert now.audit(seen).new
        seen = now.checkpoint
    check_whole(tmp_path, seen)
