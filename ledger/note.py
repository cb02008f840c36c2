"""A note: text that one or more keys have signed (C2SP signed-note).

The text, an empty line, then one line a signature: `— name base64(key id ‖ signature)`. Nothing in the text may be
believed before a trusted key's signature holds; what is decoded here is not verified yet.

https://c2sp.org/signed-note
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import LedgerError, LedgerReason
from ledger.keys import KEY_ID_BYTES, VerifierKey, check_key_name, decode_base64
from ledger.limits import DEFAULT_LIMITS, Limits

_DASH = "—"  # U+2014, as the format has it


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, and with what result."""

    name: str
    key_id: bytes
    value: bytes

    @classmethod
    def by(cls, key: VerifierKey, value: bytes) -> Signature:
        """A line for what this key has signed."""
        return cls(key.name, key.id, value)

    @property
    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{_DASH} {self.name} {b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A decoded, not verified note; `text` ends with a newline."""

    text: bytes
    signatures: tuple[Signature, ...]

    def signers(self, known: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Those of the known keys that have signed, in the order of the note, each once.

        Unknown keys are ignored. Raises `LedgerError` (`SIGNATURE_INVALID`) if any signature in the name and id of a
        known key does not hold: then someone has tampered, and the rest is not worth having.
        """
        keys = {(key.name, key.id): key for key in known}
        found: dict[VerifierKey, None] = {}
        for signature in self.signatures:
            key = keys.get((signature.name, signature.key_id))
            if key is not None:
                key.verify(self.text, signature.value)
                found[key] = None
        return tuple(found)

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The note with these signatures after its own; those it has already are not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *more))))

    def encode(self) -> bytes:
        """The bytes of the note."""
        return self.text + b"\n" + "".join(each.line for each in self.signatures).encode()


def decode_note(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Note:
    """A note from its bytes.

    Raises `LedgerError`: `NOTE_TOO_LARGE`; `NOTE_TEXT` for what is not UTF-8 or has control characters; `NOTE_SHAPE`;
    `NOTE_SIGNATURES` for too many; `KEY_NAME`.
    """
    if len(data) > limits.note_bytes:
        raise LedgerError(LedgerReason.NOTE_TOO_LARGE, bytes=len(data), limit=limits.note_bytes)
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise LedgerError(LedgerReason.NOTE_TEXT) from None
    if any(char < " " and char != "\n" for char in whole):
        raise LedgerError(LedgerReason.NOTE_TEXT)
    text, gap, rest = whole.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise LedgerError(LedgerReason.NOTE_SHAPE)
    lines = rest[:-1].split("\n")
    if len(lines) > limits.note_signatures:
        raise LedgerError(LedgerReason.NOTE_SIGNATURES, signatures=len(lines), limit=limits.note_signatures)
    return Note(f"{text}\n".encode(), tuple(_read_line(line, limits) for line in lines))


def _read_line(line: str, limits: Limits) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    value = decode_base64(encoded)
    if dash != _DASH or value is None or len(value) <= KEY_ID_BYTES:
        raise LedgerError(LedgerReason.NOTE_SHAPE)
    check_key_name(name, limits.key_name_chars)
    return Signature(name, value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])
