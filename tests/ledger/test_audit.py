"""A log that lost, changed or forked anything is refused by whoever saw it before, each time with its own reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger import (
    Checkpoint,
    LedgerReason,
    Log,
    LogView,
    LogWriter,
    VerifiedCheckpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from tests.ledger.parts import KEYS, ORIGIN, SIGNER, MemoryLog, data_of, entries, reason_of
from tests.ledger.test_store import create, opened


def grow(folder: Path, start: int, end: int) -> Path:
    """The log with the entries of these numbers after its own."""
    with LogWriter.open(folder, keys=KEYS, signers=[SIGNER]) as log:
        log.append(entries(start, end))
    return folder


@pytest.fixture
def seen(tmp_path: Path) -> Checkpoint:
    """The head of a log of 400 entries in `tmp_path / "log"`, as someone saw it."""
    return opened(create(tmp_path / "log", 100, 400)).checkpoint


def test_a_log_that_has_grown_says_which_entries_are_new(tmp_path: Path, seen: Checkpoint) -> None:
    log = opened(grow(tmp_path / "log", 400, 1_000))
    audit = log.audit(seen)
    assert (audit.previous, audit.current, audit.new) == (seen, log.checkpoint, range(400, 1_000))
    assert audit.proof == log.consistency_proof(400)
    new = [logged.entry for logged in log.entries(audit.new.start, audit.new.stop)]
    assert new == entries(400, 1_000)


def test_a_log_that_has_not_grown_has_nothing_new(tmp_path: Path, seen: Checkpoint) -> None:
    audit = opened(tmp_path / "log").audit(seen)
    assert (audit.new, audit.proof) == (range(400, 400), ())


def test_the_first_time_all_is_new(tmp_path: Path, seen: Checkpoint) -> None:
    assert opened(tmp_path / "log").audit(None).new == range(seen.size)


def test_what_was_seen_can_be_kept_as_the_note_itself(tmp_path: Path, seen: Checkpoint) -> None:
    kept = (tmp_path / "log" / "checkpoint").read_bytes()
    grow(tmp_path / "log", 400, 401)
    assert opened(tmp_path / "log").audit(verify_checkpoint(kept, KEYS).checkpoint).previous == seen


def test_a_log_put_back_to_an_older_state_was_rolled_back(tmp_path: Path) -> None:
    shutil.copytree(create(tmp_path / "log", 100), tmp_path / "backup")
    later = opened(grow(tmp_path / "log", 100, 300)).checkpoint
    assert reason_of(lambda: opened(tmp_path / "backup").audit(later)) is LedgerReason.ROLLED_BACK


def test_two_logs_of_the_same_size_and_key_are_a_split_view(tmp_path: Path) -> None:
    shutil.copytree(create(tmp_path / "log", 100), tmp_path / "other")
    one = opened(grow(tmp_path / "log", 100, 150)).checkpoint
    other = opened(grow(tmp_path / "other", 200, 250))
    assert reason_of(lambda: other.audit(one)) is LedgerReason.SPLIT_VIEW


@pytest.mark.parametrize("end", [151, 500, 2_000])
def test_a_longer_log_that_left_the_one_seen_was_rewritten(tmp_path: Path, end: int) -> None:
    shutil.copytree(create(tmp_path / "log", 100), tmp_path / "other")
    one = opened(grow(tmp_path / "log", 100, 150)).checkpoint
    other = opened(grow(tmp_path / "other", 101, end + 1))
    assert other.size == end
    assert reason_of(lambda: other.audit(one)) is LedgerReason.HISTORY_REWRITTEN


def test_another_log_under_the_same_keys_is_refused(seen: Checkpoint, tmp_path: Path) -> None:
    other = Checkpoint("log.example/other", seen.size, seen.root)
    assert reason_of(lambda: opened(tmp_path / "log").audit(other)) is LedgerReason.ORIGIN_UNEXPECTED


def test_a_log_that_is_no_longer_signed_by_its_key_is_refused(tmp_path: Path, seen: Checkpoint) -> None:
    note = (tmp_path / "log" / "checkpoint").read_bytes()
    (tmp_path / "log" / "checkpoint").write_bytes(note.replace(b"400", b"401"))
    assert reason_of(lambda: opened(tmp_path / "log")) is LedgerReason.SIGNATURE_INVALID
    assert seen.size == 400


def test_a_log_served_from_elsewhere_is_audited_alike() -> None:
    log = MemoryLog()
    log.add(data_of(300))
    seen = log.checkpoint()
    log.add(data_of(500))
    note = sign_checkpoint(log.checkpoint(), [SIGNER])
    view = LogView(verify_checkpoint(note, KEYS), log.read)
    assert view.audit(seen).new == range(300, 800)
    assert isinstance(view.verified, VerifiedCheckpoint)
    assert not isinstance(view, Log)
    assert view.checkpoint.origin == ORIGIN
