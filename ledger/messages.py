"""What each reason of this room means, in sentences for people, per language.

A language is one more table; a reason it lacks is said in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ledger.errors import LedgerReason

DEFAULT_LANGUAGE = "en"

ENGLISH: Mapping[LedgerReason, str] = MappingProxyType(
    {
        LedgerReason.SIZE_INVALID: "The log has no such position or size.",
        LedgerReason.PROOF_SHAPE: "The proof is not built like a proof.",
        LedgerReason.PROOF_INVALID: "The proof does not lead to the log's root.",
        LedgerReason.NOTE_TOO_LARGE: "The signed note is larger than this program reads.",
        LedgerReason.NOTE_TEXT: "The signed note is not proper text (UTF-8).",
        LedgerReason.NOTE_SHAPE: "The file is not built like a signed note.",
        LedgerReason.NOTE_SIGNATURES: "The signed note has more signatures than this program reads.",
        LedgerReason.NOTE_OTHER_TEXT: "The signatures belong to another checkpoint.",
        LedgerReason.KEY_NAME: "A key's name is empty, too long, or has a space or a plus sign in it.",
        LedgerReason.KEY_MALFORMED: "The key is not written properly.",
        LedgerReason.KEY_KIND: "The key is of a kind that is not accepted here.",
        LedgerReason.KEY_REPEATED: "The same key stands twice among those trusted; it would count twice.",
        LedgerReason.THRESHOLD_IMPOSSIBLE: "More signatures are asked for than there are keys, or none at all.",
        LedgerReason.SIGNER_UNKNOWN: "Whoever is to sign for the log is not among the log's keys.",
        LedgerReason.SIGNATURE_INVALID: "A trusted key's signature does not match: the checkpoint was changed.",
        LedgerReason.SIGNATURES_TOO_FEW: "Too few of the log's keys have signed the checkpoint.",
        LedgerReason.WITNESSES_TOO_FEW: "Too few witnesses have signed the checkpoint.",
        LedgerReason.CHECKPOINT_SHAPE: "The signed text is not a checkpoint of a log.",
        LedgerReason.TIME_INVALID: "A signature carries no proper time.",
        LedgerReason.ORIGIN_UNEXPECTED: "This is another log than the one asked for.",
        LedgerReason.ROLLED_BACK: "The log is shorter than it was when last seen: entries were taken away.",
        LedgerReason.SPLIT_VIEW: "The log shows another content at the size last seen: two versions of it exist.",
        LedgerReason.HISTORY_REWRITTEN: "The log has grown, but what was there before is not in it unchanged.",
        LedgerReason.TILE_PATH: "The path does not name a part of a log.",
        LedgerReason.TILE_MISSING: "A part of the log that its checkpoint calls for is missing.",
        LedgerReason.TILE_SHAPE: "A part of the log has not the size that it must have.",
        LedgerReason.TILE_MISMATCH: "A part of the log is not the one that was signed.",
        LedgerReason.ROOT_MISMATCH: "The newest parts of the log do not lead to the root that was signed.",
        LedgerReason.BUNDLE_SHAPE: "A file of entries is cut short, or holds more than it should.",
        LedgerReason.BUNDLE_MISMATCH: "An entry is not the one that was signed.",
        LedgerReason.ENTRY_TOO_LARGE: "The entry is larger than a log takes.",
        LedgerReason.ENTRY_NOT_JSON: "The entry is not proper JSON.",
        LedgerReason.ENTRY_SHAPE: "The entry lacks a member, or has one that entries do not have.",
        LedgerReason.ENTRY_KIND: "The entry does not name properly what happened.",
        LedgerReason.ENTRY_TIME: "The entry does not say properly when it happened.",
        LedgerReason.ENTRY_CODE: "An entry takes codes only: no spaces, no letters other than English ones.",
        LedgerReason.ENTRY_DETAIL: "The entry's details are too many, or of a kind that an entry does not take.",
        LedgerReason.ENTRY_PERSONAL: "The entry would name a person's certificate; that must not stand in a log.",
        LedgerReason.ENTRY_NOT_CANONICAL: "The entry is not written in the one form that entries have.",
        LedgerReason.LOG_MISSING: "There is no log here.",
        LedgerReason.LOG_EXISTS: "There is a log here already, or what is left of one.",
        LedgerReason.LOG_UNREADABLE: "The log's files cannot be read.",
        LedgerReason.LOG_NOT_WRITABLE: "The log's files cannot be written here; the log is as it was.",
        LedgerReason.LOG_BUSY: "Someone else is writing to the log.",
        LedgerReason.LOG_CLOSED: "The log is no longer open for writing; open it again.",
    }
)

SENTENCES: Mapping[str, Mapping[LedgerReason, str]] = MappingProxyType({DEFAULT_LANGUAGE: ENGLISH})
"""By language (BCP 47, without region)."""


def sentence(reason: LedgerReason, *, language: str = DEFAULT_LANGUAGE) -> str:
    """What `reason` means, in `language` if there is a table for it, else in English."""
    return SENTENCES.get(language, ENGLISH).get(reason, ENGLISH[reason])
