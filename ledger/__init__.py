"""What happened, provably: one append-only log of entries under a Merkle tree, with signed checkpoints.

with LogWriter.open(folder, keys=keys, signers=[signer]) as log:
    log.append([Entry("key.added", at, "XXA:custodian-1", "dsc:b3a1…")])

log = Log.open(folder, keys=keys)
audit = log.audit(last_seen)        # raises if anything that was there is gone or changed
for logged in log.entries(audit.new.start, audit.new.stop): ...
"""

from ledger.checkpoint import (
    Checkpoint,
    LogKeys,
    VerifiedCheckpoint,
    check_extends,
    cosign_checkpoint,
    countersign_checkpoint,
    decode_checkpoint,
    empty_checkpoint,
    merge_signatures,
    sign_checkpoint,
    verify_checkpoint,
)
from ledger.entry import Entry, EntryValue, decode_entry
from ledger.errors import LedgerError, LedgerReason
from ledger.keys import Ed25519Signer, KeyKind, NoteSigner, VerifierKey, decode_verifier_key
from ledger.log_view import Audit, LoggedEntry, LogView
from ledger.messages import sentence
from ledger.proofs import Proof, verify_consistency, verify_inclusion
from ledger.store import Log, LogWriter
from ledger.tile_tree import ReadTile, TileTree
from ledger.tiles import Tile, decode_tile_path, tiles_of
from ledger.tree import Frontier, hash_leaf

__all__ = [
    "Audit",
    "Checkpoint",
    "Ed25519Signer",
    "Entry",
    "EntryValue",
    "Frontier",
    "KeyKind",
    "LedgerError",
    "LedgerReason",
    "Log",
    "LogKeys",
    "LogView",
    "LogWriter",
    "LoggedEntry",
    "NoteSigner",
    "Proof",
    "ReadTile",
    "Tile",
    "TileTree",
    "VerifiedCheckpoint",
    "VerifierKey",
    "check_extends",
    "cosign_checkpoint",
    "countersign_checkpoint",
    "decode_checkpoint",
    "decode_entry",
    "decode_tile_path",
    "decode_verifier_key",
    "empty_checkpoint",
    "hash_leaf",
    "merge_signatures",
    "sentence",
    "sign_checkpoint",
    "tiles_of",
    "verify_checkpoint",
    "verify_consistency",
    "verify_inclusion",
]
