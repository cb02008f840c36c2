"""Several writers at once: one writes, the others are refused or wait, and nothing is lost or mixed."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest

from ledger import Entry, LedgerReason, LogWriter
from ledger.lock import WriterLock
from tests.ledger.parts import AT, KEYS, SIGNER, entry, reason_of
from tests.ledger.test_store import create, opened

WRITERS, TURNS = 4, 15


def open_log(folder: Path, patience: float = 0.0) -> LogWriter:
    """The log, open for writing."""
    return LogWriter.open(folder, keys=KEYS, signers=[SIGNER], patience=patience)


def test_a_second_writer_is_refused_while_the_first_has_the_log(tmp_path: Path) -> None:
    create(tmp_path)
    with open_log(tmp_path) as first:
        assert reason_of(lambda: open_log(tmp_path)) is LedgerReason.LOG_BUSY
        assert reason_of(lambda: open_log(tmp_path, 0.03)) is LedgerReason.LOG_BUSY
        assert reason_of(lambda: create(tmp_path)) is LedgerReason.LOG_BUSY
        first.append([entry(0)])
    with open_log(tmp_path) as second:
        assert second.append([entry(1)]).checkpoint.size == 2


def test_readers_need_no_lock(tmp_path: Path) -> None:
    create(tmp_path, 3)
    with open_log(tmp_path):
        assert opened(tmp_path).check() == 3


def test_a_patient_writer_waits_for_its_turn(tmp_path: Path) -> None:
    create(tmp_path)
    first = open_log(tmp_path)
    first.append([entry(0)])
    end = Timer(0.05, first.close)
    end.start()
    with open_log(tmp_path, 30) as second:
        assert second.append([entry(1)]).checkpoint.size == 2
    end.join()


def test_writers_in_turn_lose_nothing(tmp_path: Path) -> None:
    create(tmp_path)

    def write(writer: int) -> None:
        for turn in range(TURNS):
            with open_log(tmp_path, 60) as log:
                log.append([Entry("turn", AT, f"writer-{writer}", f"turn-{turn}")])

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    found = [logged.entry for logged in opened(tmp_path).entries()]
    assert len(found) == WRITERS * TURNS
    for writer in range(WRITERS):
        turns = [each.subject for each in found if each.actor == f"writer-{writer}"]
        assert turns == [f"turn-{turn}" for turn in range(TURNS)]


def test_a_child_of_a_writer_does_not_hold_its_lock(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / ".lock", 0)
    hold, done = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(done)
        os.read(hold, 1)
        os._exit(0)
    os.close(hold)
    try:
        lock.release()
        assert not lock.is_held
        WriterLock(tmp_path / ".lock", 0).release()
    finally:
        os.close(done)
        os.waitpid(child, 0)


def test_a_lock_in_no_folder_is_refused(tmp_path: Path) -> None:
    assert reason_of(lambda: WriterLock(tmp_path / "none" / ".lock", 0)) is LedgerReason.LOG_MISSING
    (tmp_path / "file").write_text("")
    assert reason_of(lambda: WriterLock(tmp_path / "file" / ".lock", 0)) is LedgerReason.LOG_NOT_WRITABLE


@pytest.mark.parametrize("patience", [-1.0, 0.0])
def test_without_patience_the_lock_is_tried_once(tmp_path: Path, patience: float) -> None:
    lock = WriterLock(tmp_path / ".lock", patience)
    assert reason_of(lambda: WriterLock(tmp_path / ".lock", patience)) is LedgerReason.LOG_BUSY
    lock.release()
