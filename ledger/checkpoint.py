"""What a log says of itself, signed: its name, how many entries it has, and the root above them (C2SP tlog-checkpoint).

`verify_checkpoint` is the door for what came from outside; it asks for as many of the log's keys, and of the witnesses,
as `LogKeys` says. `check_extends` compares two checkpoints of one log: a log may only grow, and what it held stays.

https://c2sp.org/tlog-checkpoint
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ledger.errors import LedgerError, LedgerReason
from ledger.keys import (
    KeyKind,
    NoteSigner,
    VerifierKey,
    decode_base64,
    make_cosignature,
    make_signature,
)
from ledger.limits import DEFAULT_LIMITS, Limits
from ledger.note import Note, Signature, decode_note
from ledger.proofs import verify_consistency
from ledger.tree import EMPTY_ROOT, HASH_BYTES, MOST_LEAVES

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log; it says nothing by itself, only once it is verified."""

    origin: str
    """The log's name, by custom the address under which it is served, without `https://`."""
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines, which nobody can check; read because others may write them."""

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not 0 <= self.size <= MOST_LEAVES or len(self.root) != HASH_BYTES or not all(map(_is_line, lines)):
            raise LedgerError(LedgerReason.CHECKPOINT_SHAPE)
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise LedgerError(LedgerReason.CHECKPOINT_SHAPE, size=0)

    @property
    def text(self) -> bytes:
        """The text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()


@dataclass(frozen=True, slots=True)
class LogKeys:
    """Whose word counts for one log: `threshold` of its keys, and `witness_threshold` of the witnesses."""

    origin: str
    keys: tuple[VerifierKey, ...]
    threshold: int = 1
    witnesses: tuple[VerifierKey, ...] = ()
    witness_threshold: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= len(self.keys) or not 0 <= self.witness_threshold <= len(self.witnesses):
            raise LedgerError(LedgerReason.THRESHOLD_IMPOSSIBLE, threshold=self.threshold)
        if any(key.kind is not KeyKind.ED25519 for key in self.keys):
            raise LedgerError(LedgerReason.KEY_KIND)
        everyone = (*self.keys, *self.witnesses)
        if len({key.public_key for key in everyone}) != len(everyone):
            raise LedgerError(LedgerReason.KEY_REPEATED)

    def one_is_enough(self) -> LogKeys:
        """The same keys, for a checkpoint that still waits for signatures: one of the log's must be there."""
        return replace(self, threshold=1, witness_threshold=0)


@dataclass(frozen=True, slots=True)
class VerifiedCheckpoint:
    """A checkpoint that enough trusted keys have signed, with who they were and the note that proves it."""

    checkpoint: Checkpoint
    note: bytes
    signers: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...]


def decode_checkpoint(text: bytes) -> Checkpoint:
    """The checkpoint that the text of a note states. Raises `LedgerError` (`CHECKPOINT_SHAPE`)."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        raise LedgerError(LedgerReason.CHECKPOINT_SHAPE) from None
    if len(lines) < 4 or lines.pop() != "":
        raise LedgerError(LedgerReason.CHECKPOINT_SHAPE)
    origin, size, encoded, *extensions = lines
    root = decode_base64(encoded)
    if root is None or not _DECIMAL.fullmatch(size):
        raise LedgerError(LedgerReason.CHECKPOINT_SHAPE)
    return Checkpoint(origin, int(size), root, tuple(extensions))


def verify_checkpoint(note: bytes, keys: LogKeys, limits: Limits = DEFAULT_LIMITS) -> VerifiedCheckpoint:
    """The checkpoint in a note, once it is shown to be the named log's.

    1. The note is decoded; signatures by keys that are not known are ignored.
    2. Every signature by a known key holds (`SIGNATURE_INVALID`), and enough of the log's keys have signed
       (`SIGNATURES_TOO_FEW`), and enough witnesses (`WITNESSES_TOO_FEW`).
    3. Only then the text is read (`CHECKPOINT_SHAPE`), and the log has the expected name (`ORIGIN_UNEXPECTED`).

    Raises `LedgerError` with these reasons and those of `decode_note`.
    """
    decoded = decode_note(note, limits)
    found = decoded.signers((*keys.keys, *keys.witnesses))
    signers = tuple(key for key in found if key in keys.keys)
    witnesses = tuple(key for key in found if key in keys.witnesses)
    if len(signers) < keys.threshold:
        raise LedgerError(LedgerReason.SIGNATURES_TOO_FEW, found=len(signers), needed=keys.threshold)
    if len(witnesses) < keys.witness_threshold:
        raise LedgerError(LedgerReason.WITNESSES_TOO_FEW, found=len(witnesses), needed=keys.witness_threshold)
    checkpoint = decode_checkpoint(decoded.text)
    if checkpoint.origin != keys.origin:
        raise LedgerError(LedgerReason.ORIGIN_UNEXPECTED, expected=keys.origin)
    return VerifiedCheckpoint(checkpoint, note, signers, witnesses)


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[NoteSigner]) -> bytes:
    """The note of a checkpoint with the signatures of all these signers. Raises `LedgerError` (`KEY_KIND`)."""
    text = checkpoint.text
    return Note(text, tuple(Signature.by(each.key, make_signature(text, each)) for each in signers)).encode()


def countersign_checkpoint(note: bytes, signer: NoteSigner) -> bytes:
    """The note with the signature of one more of the log's custodians.

    Raises `LedgerError`: `KEY_KIND`, and those of `decode_note` and `decode_checkpoint`.
    """
    decoded = decode_note(note)
    decode_checkpoint(decoded.text)
    return decoded.with_signatures([Signature.by(signer.key, make_signature(decoded.text, signer))]).encode()


def cosign_checkpoint(note: bytes, witness: NoteSigner, at: datetime) -> bytes:
    """The note with a witness's cosignature: that it has seen this checkpoint follow those before (tlog-cosignature).

    The witness says so only after `check_extends` against the last one it saw. `at` is timezone-aware.
    Raises `LedgerError`: `KEY_KIND`, `TIME_INVALID`, and those of `decode_note` and `decode_checkpoint`.
    """
    decoded = decode_note(note)
    decode_checkpoint(decoded.text)
    if at.tzinfo is None:
        raise LedgerError(LedgerReason.TIME_INVALID, key=witness.key.name)
    value = make_cosignature(decoded.text, witness, (at - _EPOCH) // timedelta(seconds=1))
    return decoded.with_signatures([Signature.by(witness.key, value)]).encode()


def merge_signatures(note: bytes, other: bytes, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """`note` with the signatures that `other`, a note of the same text, has beyond it.

    Raises `LedgerError` (`NOTE_OTHER_TEXT`) and those of `decode_note`.
    """
    first, second = decode_note(note, limits), decode_note(other, limits)
    if first.text != second.text:
        raise LedgerError(LedgerReason.NOTE_OTHER_TEXT)
    return first.with_signatures(second.signatures).encode()


def check_extends(previous: Checkpoint, current: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that a log has only grown since `previous`; `proof` is the consistency proof between the two.

    Raises `LedgerError`: `ORIGIN_UNEXPECTED` for two different logs, `ROLLED_BACK` if it has become shorter,
    `SPLIT_VIEW` if it has the same size and another root, `HISTORY_REWRITTEN` if it has grown and the proof does not
    show that what it held is still there.
    """
    sizes = {"previous": previous.size, "current": current.size}
    if current.origin != previous.origin:
        raise LedgerError(LedgerReason.ORIGIN_UNEXPECTED, expected=previous.origin)
    if current.size < previous.size:
        raise LedgerError(LedgerReason.ROLLED_BACK, **sizes)
    if current.size == previous.size and current.root != previous.root:
        raise LedgerError(LedgerReason.SPLIT_VIEW, **sizes)
    try:
        verify_consistency(
            proof,
            first_size=previous.size,
            first_root=previous.root,
            second_size=current.size,
            second_root=current.root,
        )
    except LedgerError as error:
        raise LedgerError(LedgerReason.HISTORY_REWRITTEN, **sizes) from error


def empty_checkpoint(origin: str) -> Checkpoint:
    """The head that a log begins with."""
    return Checkpoint(origin, 0, EMPTY_ROOT)


def grown(checkpoint: Checkpoint, size: int, root: bytes) -> Checkpoint:
    """The head of the same log at another size, without the lines that nobody can check."""
    return replace(checkpoint, size=size, root=root, extensions=())


def _is_line(text: str) -> bool:
    """Whether this can be a line of a note by itself."""
    return bool(text) and not any(char < " " or "\ud800" <= char <= "\udfff" for char in text)
