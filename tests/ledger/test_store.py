"""A log in a folder: written, read, audited, and what a reader is told when it is not what it should be."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from ledger import (
    Checkpoint,
    Ed25519Signer,
    Entry,
    KeyKind,
    LedgerError,
    LedgerReason,
    Log,
    LoggedEntry,
    LogKeys,
    LogWriter,
    cosign_checkpoint,
    countersign_checkpoint,
    decode_tile_path,
    hash_leaf,
    sign_checkpoint,
    tiles_of,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger.parts import AT, KEYS, ORIGIN, SIGNER, entries, entry, reason_of, signer

AS_ROOT = os.geteuid() == 0
SECOND = signer("custodian.example/2")
WITNESS = signer("witness.example/1", KeyKind.COSIGNATURE)
TWO_AND_A_WITNESS = LogKeys(ORIGIN, (SIGNER.key, SECOND.key), 2, (WITNESS.key,), 1)


def create(folder: Path, *sizes: int) -> Path:
    """A log that has grown to each of these sizes in turn."""
    with LogWriter.create(folder, keys=KEYS, signers=[SIGNER]) as log:
        done = 0
        for size in sizes:
            log.append(entries(done, size))
            done = size
    return folder


def opened(folder: Path) -> Log:
    """The log as its readers see it."""
    return Log.open(folder, keys=KEYS)


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder that a web server would serve."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


class TestWriting:
    def test_what_was_logged_is_read_in_order(self, tmp_path: Path) -> None:
        log = opened(create(tmp_path / "log", 1, 2, 300, 301, 1_000))
        assert log.size == 1_000
        assert [logged.entry for logged in log.entries()] == entries(0, 1_000)
        assert list(log.entries(255, 257)) == [LoggedEntry(255, entry(255)), LoggedEntry(256, entry(256))]
        assert log.check() == 1_000

    def test_a_new_log_is_empty_and_signed(self, tmp_path: Path) -> None:
        log = opened(create(tmp_path / "some" / "where"))
        assert (log.size, list(log.entries())) == (0, [])
        assert log.verified.signers == (SIGNER.key,)

    def test_a_log_goes_on_where_it_was(self, tmp_path: Path) -> None:
        create(tmp_path, 100)
        for end in (101, 256, 300):
            with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
                log.append(entries(log.head.checkpoint.size, end))
        assert [logged.entry for logged in opened(tmp_path).entries()] == entries(0, 300)

    def test_the_head_is_the_same_however_the_log_grew(self, tmp_path: Path) -> None:
        at_once, slowly = create(tmp_path / "one", 600), create(tmp_path / "two", 1, 255, 256, 400, 600)
        assert opened(at_once).checkpoint == opened(slowly).checkpoint
        for tile in tiles_of(600):
            assert (at_once / tile.path).read_bytes() == (slowly / tile.path).read_bytes()

    def test_no_served_file_but_the_checkpoint_ever_changes(self, tmp_path: Path) -> None:
        create(tmp_path)
        seen: dict[str, bytes] = {}
        with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
            for end in (3, 255, 256, 257, 600, 601):
                log.append(entries(log.head.checkpoint.size, end))
                now = files_of(tmp_path)
                assert all(now.get(path, content) == content for path, content in seen.items())
                seen |= {path: content for path, content in now.items() if path != "checkpoint"}

    def test_partial_tiles_go_when_the_full_one_is_there(self, tmp_path: Path) -> None:
        create(tmp_path, 3, 255, 256, 300)
        paths = set(files_of(tmp_path)) - {"checkpoint"}
        assert {path for path in paths if "000.p" in path} == {"tile/1/000.p/1"}
        assert {tile.path for tile in tiles_of(300)} == paths
        assert all(decode_tile_path(path).path == path for path in paths)
        assert not (tmp_path / "tile/0/000.p").exists()

    def test_what_a_dead_writer_left_goes_too(self, tmp_path: Path) -> None:
        create(tmp_path, 256)
        (tmp_path / "tile/0/001.p").mkdir()
        (tmp_path / "tile/0/001.p/7").write_bytes(b"of an append that never came to be")
        with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
            log.append(entries(256, 512))
        assert not (tmp_path / "tile/0/001.p").exists()
        assert opened(tmp_path).check() == 512

    def test_nothing_to_log_changes_nothing(self, tmp_path: Path) -> None:
        create(tmp_path, 5)
        before = files_of(tmp_path)
        with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
            assert log.append([]) == log.head
        assert files_of(tmp_path) == before

    def test_an_entry_that_is_too_large_keeps_the_others_out(self, tmp_path: Path) -> None:
        create(tmp_path, 5)
        large = Entry("a", AT, "a", "b", {f"a{number}": "x" * 500 for number in range(9)})
        with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
            assert reason_of(lambda: log.append([entry(5), large])) is LedgerReason.ENTRY_TOO_LARGE
            assert log.append([entry(5)]).checkpoint.size == 6
        assert opened(tmp_path).check() == 6

    def test_proofs_hold_against_the_checkpoint_alone(self, tmp_path: Path) -> None:
        log = opened(create(tmp_path, 300, 777))
        root = log.checkpoint.root
        for index in (0, 255, 256, 776):
            leaf = hash_leaf(entry(index).encode())
            verify_inclusion(log.inclusion_proof(index), index=index, size=777, leaf=leaf, root=root)
        first = log.tree.root_at(300)
        proof = log.consistency_proof(300)
        verify_consistency(proof, first_size=300, first_root=first, second_size=777, second_root=root)

    def test_a_reader_keeps_its_state_while_the_log_grows(self, tmp_path: Path) -> None:
        log = opened(create(tmp_path, 200))
        with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as writer:
            writer.append(entries(200, 900))
        assert not (tmp_path / "tile/0/000.p").exists()
        assert [logged.entry for logged in log.entries()] == entries(0, 200)
        assert opened(tmp_path).audit(log.checkpoint).new == range(200, 900)


class TestRefused:
    def test_where_there_is_no_log(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "none"):
            assert reason_of(partial(opened, folder)) is LedgerReason.LOG_MISSING
            assert reason_of(partial(LogWriter.open, folder, keys=KEYS, signers=[SIGNER])) is LedgerReason.LOG_MISSING
        assert list(tmp_path.iterdir()) == []

    def test_a_log_is_not_begun_twice(self, tmp_path: Path) -> None:
        create(tmp_path, 5)
        assert reason_of(lambda: create(tmp_path)) is LedgerReason.LOG_EXISTS
        (tmp_path / "checkpoint").unlink()
        assert reason_of(lambda: create(tmp_path)) is LedgerReason.LOG_EXISTS

    def test_a_signer_that_is_not_the_logs(self, tmp_path: Path) -> None:
        for signers in ([], [signer("other")], [SIGNER, signer("other")]):
            refused = reason_of(partial(LogWriter.create, tmp_path, keys=KEYS, signers=signers))
            assert refused is LedgerReason.SIGNER_UNKNOWN
        create(tmp_path)
        assert reason_of(partial(LogWriter.open, tmp_path, keys=KEYS, signers=[])) is LedgerReason.SIGNER_UNKNOWN
        create(tmp_path / "free again")

    def test_a_log_of_another_key_or_name(self, tmp_path: Path) -> None:
        create(tmp_path, 5)
        other = LogKeys(ORIGIN, (signer("other").key,))
        assert reason_of(lambda: Log.open(tmp_path, keys=other)) is LedgerReason.SIGNATURES_TOO_FEW
        renamed = LogKeys("log.example/other", KEYS.keys)
        assert reason_of(lambda: Log.open(tmp_path, keys=renamed)) is LedgerReason.ORIGIN_UNEXPECTED

    def test_a_log_whose_tiles_are_not_those_of_its_checkpoint(self, tmp_path: Path) -> None:
        create(tmp_path, 5)
        head = sign_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), [SIGNER])
        (tmp_path / "checkpoint").write_bytes(head)
        assert reason_of(lambda: opened(tmp_path)) is LedgerReason.ROOT_MISMATCH
        assert reason_of(partial(LogWriter.open, tmp_path, keys=KEYS, signers=[SIGNER])) is LedgerReason.ROOT_MISMATCH

    def test_a_changed_entry(self, tmp_path: Path) -> None:
        create(tmp_path, 300)
        bundle = tmp_path / "tile/entries/000"
        bundle.write_bytes(bundle.read_bytes().replace(b'"number":7}', b'"number":8}'))
        log = opened(tmp_path)
        assert reason_of(log.check) is LedgerReason.BUNDLE_MISMATCH
        assert [logged.index for logged in log.entries(256)] == list(range(256, 300))

    def test_an_entry_that_others_have_written_is_named(self, tmp_path: Path) -> None:
        class Foreign(Entry):
            def encode(self) -> bytes:
                return b"not ours"

        create(tmp_path, 5)
        with LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER]) as log:
            log.append([Foreign("a", AT, "a", "b")])
        with pytest.raises(LedgerError) as caught:
            opened(tmp_path).check()
        assert (caught.value.reason, caught.value.detail) == (LedgerReason.ENTRY_SHAPE, {"index": 5})
        assert list(opened(tmp_path).tree.entries(5, 6)) == [b"not ours"]

    def test_a_file_that_is_none_or_far_too_large(self, tmp_path: Path) -> None:
        create(tmp_path, 5)
        (tmp_path / "checkpoint").write_bytes(bytes(300_000))
        assert reason_of(lambda: opened(tmp_path)) is LedgerReason.LOG_UNREADABLE
        (tmp_path / "checkpoint").unlink()
        (tmp_path / "checkpoint").mkdir()
        assert reason_of(lambda: opened(tmp_path)) is LedgerReason.LOG_UNREADABLE

    def test_a_tile_that_is_missing(self, tmp_path: Path) -> None:
        create(tmp_path, 300)
        (tmp_path / "tile/0/001.p/44").unlink()
        with pytest.raises(LedgerError) as caught:
            opened(tmp_path)
        assert (caught.value.reason, caught.value.detail["path"]) == (LedgerReason.TILE_MISSING, "tile/0/001.p/44")

    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_text("here")
        assert reason_of(lambda: create(tmp_path / "log")) is LedgerReason.LOG_NOT_WRITABLE
        assert reason_of(lambda: opened(tmp_path / "log")) is LedgerReason.LOG_UNREADABLE

    @pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
    def test_a_folder_without_leave_to_write(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o555)
        assert reason_of(lambda: create(tmp_path)) is LedgerReason.LOG_NOT_WRITABLE

    def test_a_signer_whose_signature_does_not_hold(self, tmp_path: Path) -> None:
        class Broken(Ed25519Signer):
            def sign(self, message: bytes) -> bytes:
                return super().sign(message + b"other")

        create(tmp_path, 5)
        before = (tmp_path / "checkpoint").read_bytes()
        with LogWriter.open(tmp_path, keys=KEYS, signers=[Broken(SIGNER.name, SIGNER.private_key)]) as log:
            assert reason_of(lambda: log.append([entry(5)])) is LedgerReason.SIGNATURE_INVALID
            assert reason_of(lambda: log.append([entry(5)])) is LedgerReason.LOG_CLOSED
        assert (tmp_path / "checkpoint").read_bytes() == before
        assert opened(tmp_path).check() == 5

    def test_a_log_that_was_closed(self, tmp_path: Path) -> None:
        create(tmp_path)
        log = LogWriter.open(tmp_path, keys=KEYS, signers=[SIGNER])
        log.close()
        log.close()
        assert reason_of(lambda: log.append([entry(0)])) is LedgerReason.LOG_CLOSED
        assert reason_of(lambda: log.add_signatures(log.head.note)) is LedgerReason.LOG_CLOSED


class TestSeveralSignatures:
    """Two custodians on two machines and a witness: readers see nothing before all have signed."""

    def create(self, folder: Path) -> LogWriter:
        """A log whose empty head is published."""
        log = LogWriter.create(folder, keys=TWO_AND_A_WITNESS, signers=[SIGNER])
        log.add_signatures(self.signed(log.head.note))
        return log

    def signed(self, note: bytes) -> bytes:
        """With the signatures of the second custodian and the witness."""
        return cosign_checkpoint(countersign_checkpoint(note, SECOND), WITNESS, AT)

    def read(self, folder: Path) -> Log:
        """What readers see."""
        return Log.open(folder, keys=TWO_AND_A_WITNESS)

    def test_a_head_waits_for_the_signatures_it_needs(self, tmp_path: Path) -> None:
        with self.create(tmp_path) as log:
            head = log.append(entries(0, 300))
            assert (log.is_published, self.read(tmp_path).size) == (False, 0)
            waiting = Log.open_pending(tmp_path, keys=TWO_AND_A_WITNESS)
            assert waiting.audit(self.read(tmp_path).checkpoint).new == range(300)
            log.add_signatures(countersign_checkpoint(waiting.verified.note, SECOND))
            assert (log.is_published, self.read(tmp_path).size) == (False, 0)
            log.add_signatures(cosign_checkpoint(head.note, WITNESS, AT))
            assert (log.is_published, self.read(tmp_path).size) == (True, 300)
        assert not (tmp_path / "checkpoint.pending").exists()
        assert [key.name for key in self.read(tmp_path).verified.signers] == [SIGNER.name, SECOND.name]

    def test_a_log_that_nobody_has_published_yet_is_only_there_for_its_signers(self, tmp_path: Path) -> None:
        LogWriter.create(tmp_path, keys=TWO_AND_A_WITNESS, signers=[SIGNER]).close()
        assert reason_of(lambda: self.read(tmp_path)) is LedgerReason.LOG_MISSING
        assert reason_of(lambda: LogWriter.create(tmp_path, keys=KEYS, signers=[SIGNER])) is LedgerReason.LOG_EXISTS
        with LogWriter.open(tmp_path, keys=TWO_AND_A_WITNESS, signers=[SIGNER]) as log:
            assert (log.head.checkpoint.size, log.is_published) == (0, False)
            log.add_signatures(self.signed(log.head.note))
        assert self.read(tmp_path).size == 0

    def test_a_log_goes_on_from_the_head_that_waits(self, tmp_path: Path) -> None:
        """What one custodian has signed stays, even if the writer dies: no other head of that size is ever signed."""
        with self.create(tmp_path) as log:
            waiting = log.append(entries(0, 5))
        with LogWriter.open(tmp_path, keys=TWO_AND_A_WITNESS, signers=[SIGNER]) as log:
            assert (log.head, log.is_published) == (waiting, False)
            grown = log.append(entries(5, 600))
            log.add_signatures(self.signed(grown.note))
        assert self.read(tmp_path).audit(waiting.checkpoint).new == range(5, 600)
        assert self.read(tmp_path).check() == 600

    def test_two_signers_at_hand_publish_at_once(self, tmp_path: Path) -> None:
        keys = LogKeys(ORIGIN, (SIGNER.key, SECOND.key), threshold=2)
        with LogWriter.create(tmp_path, keys=keys, signers=[SIGNER, SECOND]) as log:
            log.append([entry(0)])
            assert log.is_published
        assert Log.open(tmp_path, keys=keys).verified.signers == (SIGNER.key, SECOND.key)

    def test_signatures_of_another_head_are_refused(self, tmp_path: Path) -> None:
        with self.create(tmp_path) as log:
            before = log.head.note
            log.append([entry(0)])
            assert reason_of(lambda: log.add_signatures(before)) is LedgerReason.NOTE_OTHER_TEXT
            assert log.append([entry(1)]).checkpoint.size == 2

    def test_a_forged_signature_is_refused_and_the_log_stays_open(self, tmp_path: Path) -> None:
        with self.create(tmp_path) as log:
            before = log.head.note
            head = log.append([entry(0)])
            other = next(line for line in before.decode().splitlines() if SECOND.name in line)
            forged = head.note + f"{other}\n".encode()
            assert reason_of(lambda: log.add_signatures(forged)) is LedgerReason.SIGNATURE_INVALID
            assert not log.is_published
            log.add_signatures(self.signed(head.note))
        assert self.read(tmp_path).size == 1

    def test_a_published_head_outranks_what_is_left_of_its_waiting(self, tmp_path: Path) -> None:
        with self.create(tmp_path) as log:
            waiting = log.append([entry(0)])
            log.add_signatures(self.signed(waiting.note))
        (tmp_path / "checkpoint.pending").write_bytes(waiting.note)
        with LogWriter.open(tmp_path, keys=TWO_AND_A_WITNESS, signers=[SIGNER]) as log:
            assert (log.head.checkpoint.size, log.is_published) == (1, True)
