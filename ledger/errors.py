"""The error of this room and every reason it can give; the sentences for people are in `ledger.messages`.

The room stands on the ground floor beside `credential` and imports nothing of it, so it has an error of its own, in the
shape that all rooms share: `stage`, `reason`, `detail`. Reasons are machine-read and stable: one is added, never
renamed. `detail` holds positions, sizes and names of keys only.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

DetailValue: TypeAlias = str | int | float | bool | None


class LedgerReason(StrEnum):
    """Why a log, a checkpoint, a proof or an entry is refused."""

    # sizes and proofs
    SIZE_INVALID = "size-invalid"
    PROOF_SHAPE = "proof-shape"
    PROOF_INVALID = "proof-invalid"
    # a signed note and its keys
    NOTE_TOO_LARGE = "note-too-large"
    NOTE_TEXT = "note-text"
    NOTE_SHAPE = "note-shape"
    NOTE_SIGNATURES = "note-signatures"
    NOTE_OTHER_TEXT = "note-other-text"
    KEY_NAME = "key-name"
    KEY_MALFORMED = "key-malformed"
    KEY_KIND = "key-kind"
    KEY_REPEATED = "key-repeated"
    THRESHOLD_IMPOSSIBLE = "threshold-impossible"
    SIGNER_UNKNOWN = "signer-unknown"
    SIGNATURE_INVALID = "signature-invalid"
    SIGNATURES_TOO_FEW = "signatures-too-few"
    WITNESSES_TOO_FEW = "witnesses-too-few"
    # a checkpoint, alone and after another
    CHECKPOINT_SHAPE = "checkpoint-shape"
    TIME_INVALID = "time-invalid"
    ORIGIN_UNEXPECTED = "origin-unexpected"
    ROLLED_BACK = "rolled-back"
    SPLIT_VIEW = "split-view"
    HISTORY_REWRITTEN = "history-rewritten"
    # tiles
    TILE_PATH = "tile-path"
    TILE_MISSING = "tile-missing"
    TILE_SHAPE = "tile-shape"
    TILE_MISMATCH = "tile-mismatch"
    ROOT_MISMATCH = "root-mismatch"
    BUNDLE_SHAPE = "bundle-shape"
    BUNDLE_MISMATCH = "bundle-mismatch"
    # an entry
    ENTRY_TOO_LARGE = "entry-too-large"
    ENTRY_NOT_JSON = "entry-not-json"
    ENTRY_SHAPE = "entry-shape"
    ENTRY_KIND = "entry-kind"
    ENTRY_TIME = "entry-time"
    ENTRY_CODE = "entry-code"
    ENTRY_DETAIL = "entry-detail"
    ENTRY_PERSONAL = "entry-personal"
    ENTRY_NOT_CANONICAL = "entry-not-canonical"
    # a log in a folder
    LOG_MISSING = "log-missing"
    LOG_EXISTS = "log-exists"
    LOG_UNREADABLE = "log-unreadable"
    LOG_NOT_WRITABLE = "log-not-writable"
    LOG_BUSY = "log-busy"
    LOG_CLOSED = "log-closed"


class LedgerError(Exception):
    """The one error that leaves this room on purpose; anything else that does is a bug."""

    stage: Final = "ledger"

    def __init__(self, reason: LedgerReason, **detail: DetailValue) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail: Mapping[str, DetailValue] = MappingProxyType(detail)

    def __str__(self) -> str:
        facts = "".join(f", {name}={value!r}" for name, value in self.detail.items())
        return f"{self.stage}: {self.reason}{facts}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.reason, dict(self.detail)))


def _rebuild(reason: LedgerReason, detail: dict[str, DetailValue]) -> LedgerError:
    return LedgerError(reason, **detail)
