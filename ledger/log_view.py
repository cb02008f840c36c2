"""A log as its readers see it, wherever it is kept: entries that are proven, and proofs of them.

log = LogView(verify_checkpoint(note, keys), read_tile)
audit = log.audit(last_seen)            # refuses a log that lost or changed anything
for logged in log.entries(audit.new.start, audit.new.stop): ...
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.checkpoint import Checkpoint, VerifiedCheckpoint, check_extends, empty_checkpoint
from ledger.entry import Entry, decode_entry
from ledger.errors import LedgerError
from ledger.proofs import Proof
from ledger.tile_tree import ReadTile, TileTree


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry at its place in the log, counted from 0."""

    index: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Audit:
    """That a log holds all it held when last seen, with what shows it."""

    previous: Checkpoint
    current: Checkpoint
    proof: Proof
    """The consistency proof between the two; anyone can check it with `verify_consistency`."""

    @property
    def new(self) -> range:
        """The places of the entries that have come since."""
        return range(self.previous.size, self.current.size)


class LogView:
    """One state of a log, frozen at a checkpoint that was verified; a log that grows meanwhile does no harm."""

    def __init__(self, verified: VerifiedCheckpoint, read_tile: ReadTile) -> None:
        """Raises `LedgerError` as `TileTree` does."""
        self.verified = verified
        self.tree = TileTree(read_tile, verified.checkpoint.size, verified.checkpoint.root)

    @property
    def checkpoint(self) -> Checkpoint:
        """The head of the log in this state."""
        return self.verified.checkpoint

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.tree.size

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[LoggedEntry]:
        """The entries at [start, end), by default all, each proven and read.

        Raises `LedgerError`: `SIZE_INVALID` at once; those of the tiles, and those of `decode_entry` with the `index`
        of the entry, when it comes to the one that is not right.
        """
        stop = self.size if end is None else end
        return self._decoded(start, self.tree.entries(start, stop))

    def check(self) -> int:
        """Read and prove every entry; the number of them. Raises as `entries`."""
        return sum(1 for _ in self.entries())

    def inclusion_proof(self, index: int) -> Proof:
        """The proof that the entry at `index` is in the log. Raises `LedgerError` (`SIZE_INVALID`)."""
        return self.tree.inclusion_proof(index)

    def consistency_proof(self, first: int) -> Proof:
        """The proof that the log of `first` entries is the beginning of this one. Raises as `inclusion_proof`."""
        return self.tree.consistency_proof(first)

    def audit(self, previous: Checkpoint | None) -> Audit:
        """Check that this log has only grown since `previous`, a checkpoint once verified; None the first time.

        Raises `LedgerError`: `ORIGIN_UNEXPECTED`, `ROLLED_BACK`, `SPLIT_VIEW`, `HISTORY_REWRITTEN`.
        """
        before = previous or empty_checkpoint(self.checkpoint.origin)
        proof = self.consistency_proof(before.size) if before.size <= self.size else ()
        check_extends(before, self.checkpoint, proof)
        return Audit(before, self.checkpoint, proof)

    @staticmethod
    def _decoded(start: int, entries: Iterator[bytes]) -> Iterator[LoggedEntry]:
        for index, data in enumerate(entries, start):
            try:
                yield LoggedEntry(index, decode_entry(data))
            except LedgerError as error:
                raise LedgerError(error.reason, **{**error.detail, "index": index}) from error
