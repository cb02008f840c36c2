"""A log in a folder, laid out so that any web server can serve it as it is (C2SP tlog-tiles).

Writing is safe against death at any moment: first all new tiles, under names that no published checkpoint calls for;
then, once they are on the disk, the checkpoint in one step. Whoever opens the log finds the old state or the new one,
with all its tiles. What a dead writer leaves behind is overwritten by the next. One writer at a time holds the lock.

Where more signatures are asked for than the writer can give (a second custodian, witnesses), the new head waits as
`checkpoint.pending` and readers see the one before, until the signatures are brought.

https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from os import PathLike
from pathlib import Path
from types import TracebackType

from ledger.checkpoint import (
    Checkpoint,
    LogKeys,
    VerifiedCheckpoint,
    empty_checkpoint,
    grown,
    merge_signatures,
    sign_checkpoint,
    verify_checkpoint,
)
from ledger.entry import Entry
from ledger.errors import LedgerError, LedgerReason
from ledger.files import LogFolder
from ledger.growth import EMPTY_EDGE, Edge, grow
from ledger.keys import NoteSigner
from ledger.limits import DEFAULT_LIMITS
from ledger.lock import WriterLock
from ledger.log_view import LogView
from ledger.tile_tree import ReadTile
from ledger.tiles import MOST_TILE_BYTES

CHECKPOINT, PENDING, TILES = "checkpoint", "checkpoint.pending", "tile"
_LOCK = ".lock"
_MORE_NEEDED = {LedgerReason.SIGNATURES_TOO_FEW, LedgerReason.WITNESSES_TOO_FEW}


class Log(LogView):
    """A log in a folder, for reading."""

    @classmethod
    def open(cls, folder: str | PathLike[str], *, keys: LogKeys) -> Log:
        """The log as it was last published.

        Raises `LedgerError`: `LOG_MISSING`, `LOG_UNREADABLE`, and those of `verify_checkpoint` and `TileTree`.
        """
        files = LogFolder(Path(folder))
        return cls(_read_checkpoint(files, CHECKPOINT, keys), _tile_reader(files))

    @classmethod
    def open_pending(cls, folder: str | PathLike[str], *, keys: LogKeys) -> Log:
        """The log as it waits for signatures, for whoever is asked to sign. Raises as `open`."""
        files = LogFolder(Path(folder))
        return cls(_read_checkpoint(files, PENDING, keys.one_is_enough()), _tile_reader(files))


class LogWriter:
    """A log in a folder, open for writing until it is closed, or until writing fails.

    with LogWriter.open(folder, keys=keys, signers=[signer]) as log:
        log.append([Entry("key.added", at, actor, subject)])
    """

    def __init__(self, files: LogFolder, lock: WriterLock, keys: LogKeys, signers: Sequence[NoteSigner]) -> None:
        """Use `create` or `open`."""
        self._files = files
        self._lock = lock
        self._keys = keys
        self._signers = tuple(signers)
        self._head: VerifiedCheckpoint
        self._is_published: bool
        self._edge: Edge
        if not self._signers or any(signer.key not in keys.keys for signer in self._signers):
            raise LedgerError(LedgerReason.SIGNER_UNKNOWN)

    @classmethod
    def create(cls, folder: str | PathLike[str], *, keys: LogKeys, signers: Sequence[NoteSigner]) -> LogWriter:
        """A new, empty log, in a folder that is made if need be.

        Raises `LedgerError`: `LOG_EXISTS` if there is one, or tiles without a checkpoint; `SIGNER_UNKNOWN`,
        `LOG_NOT_WRITABLE`, `LOG_BUSY`.
        """
        files = LogFolder(Path(folder))
        files.make()
        with ExitStack() as undo:
            lock = WriterLock(files.path / _LOCK, 0.0)
            undo.callback(lock.release)
            writer = cls(files, lock, keys, signers)
            if files.holds(CHECKPOINT, PENDING, TILES):
                raise LedgerError(LedgerReason.LOG_EXISTS)
            writer._sign(empty_checkpoint(keys.origin))
            writer._edge = EMPTY_EDGE
            undo.pop_all()
        return writer

    @classmethod
    def open(
        cls, folder: str | PathLike[str], *, keys: LogKeys, signers: Sequence[NoteSigner], patience: float = 0.0
    ) -> LogWriter:
        """A log that is there; if another is writing, wait for at most `patience` seconds.

        Raises `LedgerError`: `LOG_BUSY`, `LOG_NOT_WRITABLE`, `SIGNER_UNKNOWN`, and those of `Log.open`.
        """
        files = LogFolder(Path(folder))
        if not files.holds(CHECKPOINT, PENDING):
            raise LedgerError(LedgerReason.LOG_MISSING)
        with ExitStack() as undo:
            lock = WriterLock(files.path / _LOCK, patience)
            undo.callback(lock.release)
            writer = cls(files, lock, keys, signers)
            writer._resume()
            undo.pop_all()
        return writer

    @property
    def head(self) -> VerifiedCheckpoint:
        """The newest checkpoint, with the signatures that it has so far."""
        return self._head

    @property
    def is_published(self) -> bool:
        """Whether it has all the signatures that it needs, so that readers see it."""
        return self._is_published

    def append(self, entries: Iterable[Entry]) -> VerifiedCheckpoint:
        """Log these entries, all or none of them; the new head. With no entries nothing happens.

        Raises `LedgerError`: `LOG_CLOSED`; `ENTRY_TOO_LARGE` before anything is written; `LOG_NOT_WRITABLE` and
        `SIGNATURE_INVALID`, after which the log is closed and has to be opened again.
        """
        self._check_open()
        growth = grow(self._edge, [entry.encode() for entry in entries])
        if not growth.files:
            return self._head
        frontier = growth.edge.frontier
        with ExitStack() as undo:
            # After a failure what is remembered here need not be what is on the disk.
            undo.callback(self.close)
            self._files.write((tile.path, data) for tile, data in growth.files)
            self._sign(grown(self._head.checkpoint, frontier.size, frontier.root()))
            self._edge = growth.edge
            undo.pop_all()
        for tile, _ in growth.files:
            if tile.is_full:
                self._files.remove(tile.partial_folder)
        return self._head

    def add_signatures(self, note: bytes) -> VerifiedCheckpoint:
        """Add what others have signed of the newest checkpoint, and publish it if that is enough.

        Raises `LedgerError`: `LOG_CLOSED`, `NOTE_OTHER_TEXT`, `SIGNATURE_INVALID`, `LOG_NOT_WRITABLE`, and those of
        `decode_note`.
        """
        self._check_open()
        merged = merge_signatures(self._head.note, note)
        verify_checkpoint(merged, self._keys.one_is_enough())
        with ExitStack() as undo:
            undo.callback(self.close)
            self._publish(merged)
            undo.pop_all()
        return self._head

    def close(self) -> None:
        """Let the next writer in; done twice it does nothing."""
        self._lock.release()

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _resume(self) -> None:
        """Go on from the head, which may wait for signatures; its edge is proven by its root."""
        self._head, self._is_published = _newest(self._files, self._keys)
        self._edge = LogView(self._head, _tile_reader(self._files)).tree.edge()

    def _sign(self, checkpoint: Checkpoint) -> None:
        # Only what is on the disk is signed: a log must never sign two heads that do not follow one another.
        self._publish(sign_checkpoint(checkpoint, self._signers))

    def _publish(self, note: bytes) -> None:
        head, is_enough = _as_far_as_signed(note, self._keys)
        self._files.write([(CHECKPOINT if is_enough else PENDING, note)])
        if is_enough:
            self._files.remove(PENDING)
        self._head, self._is_published = head, is_enough

    def _check_open(self) -> None:
        if not self._lock.is_held:
            raise LedgerError(LedgerReason.LOG_CLOSED)


def _as_far_as_signed(note: bytes, keys: LogKeys) -> tuple[VerifiedCheckpoint, bool]:
    """The checkpoint in a note, and whether enough have signed it; one of the log's own keys must have."""
    try:
        return verify_checkpoint(note, keys), True
    except LedgerError as error:
        if error.reason not in _MORE_NEEDED:
            raise
    return verify_checkpoint(note, keys.one_is_enough()), False


def _newest(files: LogFolder, keys: LogKeys) -> tuple[VerifiedCheckpoint, bool]:
    """The head from which to go on: the published one, unless a longer one waits for signatures."""
    if not files.holds(PENDING):
        return _read_checkpoint(files, CHECKPOINT, keys), True
    pending = _read_checkpoint(files, PENDING, keys.one_is_enough())
    if not files.holds(CHECKPOINT):
        return pending, False
    published = _read_checkpoint(files, CHECKPOINT, keys)
    if pending.checkpoint.size > published.checkpoint.size:
        return pending, False
    return published, True


def _read_checkpoint(files: LogFolder, name: str, keys: LogKeys) -> VerifiedCheckpoint:
    note = files.read(name, DEFAULT_LIMITS.note_bytes, missing=LedgerReason.LOG_MISSING)
    return verify_checkpoint(note, keys)


def _tile_reader(files: LogFolder) -> ReadTile:
    return partial(files.read, limit=MOST_TILE_BYTES, missing=LedgerReason.TILE_MISSING)
