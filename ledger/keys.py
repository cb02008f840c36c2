"""The keys that sign notes, as people pin them: name, kind and public key in one line of text (C2SP signed-note).

Two kinds are known, both Ed25519: a plain signature over the text (0x01), and a witness's cosignature, which also says
when (0x04, C2SP tlog-cosignature). Signatures of all other kinds are ignored, as the specification asks.

https://c2sp.org/signed-note, https://c2sp.org/tlog-cosignature
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import LedgerError, LedgerReason
from ledger.limits import DEFAULT_LIMITS

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4
_ID_DIGITS = 8
_SIGNATURE_BYTES = 64
_TIME_BYTES = 8
_LAST_TIME = 2**63 - 1


class KeyKind(IntEnum):
    """The signature types of C2SP signed-note that are read here."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name; both together say who signed."""

    name: str
    public_key: bytes
    """32 bytes, as RFC 8032 writes an Ed25519 key."""
    kind: KeyKind = KeyKind.ED25519

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.public_key) != KEY_BYTES:
            raise LedgerError(LedgerReason.KEY_MALFORMED, bytes=len(self.public_key))

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, kind and key: a hint, not a fingerprint."""
        return sha256(self.name.encode() + b"\n" + self._typed()).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """`name+id+key`, the line in which other tools take a key (a "vkey")."""
        return f"{self.name}+{self.id.hex()}+{b64encode(self._typed()).decode()}"

    def verify(self, text: bytes, signature: bytes) -> None:
        """Check one signature of this key over the text of a note. Raises `LedgerError` (`SIGNATURE_INVALID`)."""
        message, raw = _taken_apart(self.kind, text, signature)
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(raw, message)
        except (InvalidSignature, ValueError):
            raise LedgerError(LedgerReason.SIGNATURE_INVALID, key=self.name) from None

    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public_key


def decode_verifier_key(line: str) -> VerifierKey:
    """A key from its line of text.

    Raises `LedgerError`: `KEY_NAME`, `KEY_KIND` for an algorithm that is not known here, `KEY_MALFORMED`, also if the
    identifier in the line is not the key's.
    """
    name, _, rest = line.strip().partition("+")
    digits, _, encoded = rest.partition("+")
    typed = decode_base64(encoded)
    if not typed or len(digits) != _ID_DIGITS:
        raise LedgerError(LedgerReason.KEY_MALFORMED)
    if typed[0] not in {kind.value for kind in KeyKind}:
        raise LedgerError(LedgerReason.KEY_KIND, kind=typed[0])
    key = VerifierKey(name, typed[1:], KeyKind(typed[0]))
    if key.id.hex() != digits:
        raise LedgerError(LedgerReason.KEY_MALFORMED, key=name)
    return key


class NoteSigner(Protocol):
    """Whoever can sign notes: a key in memory, in a hardware module, or a custodian who is asked."""

    @property
    def key(self) -> VerifierKey:
        """The public half, under the name that stands in the note."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over exactly these bytes."""


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """A `NoteSigner` whose private key is in memory."""

    name: str
    private_key: Ed25519PrivateKey
    kind: KeyKind = KeyKind.ED25519

    @property
    def key(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private_key.public_key().public_bytes_raw(), self.kind)

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over `message`."""
        return self.private_key.sign(message)


def make_signature(text: bytes, signer: NoteSigner) -> bytes:
    """What a plain signer puts under a note. Raises `LedgerError` (`KEY_KIND`) for a witness's key."""
    if signer.key.kind is not KeyKind.ED25519:
        raise LedgerError(LedgerReason.KEY_KIND, key=signer.key.name, kind=signer.key.kind)
    return signer.sign(text)


def make_cosignature(text: bytes, signer: NoteSigner, seconds: int) -> bytes:
    """What a witness puts under a note at a time in seconds since 1970.

    Raises `LedgerError`: `KEY_KIND` for a plain signer's key, `TIME_INVALID`.
    """
    if signer.key.kind is not KeyKind.COSIGNATURE:
        raise LedgerError(LedgerReason.KEY_KIND, key=signer.key.name, kind=signer.key.kind)
    if not 0 <= seconds <= _LAST_TIME:
        raise LedgerError(LedgerReason.TIME_INVALID, key=signer.key.name)
    return seconds.to_bytes(_TIME_BYTES, "big") + signer.sign(_cosigned(text, seconds))


def check_key_name(name: str, longest: int = DEFAULT_LIMITS.key_name_chars) -> None:
    """Raise `LedgerError` (`KEY_NAME`) unless this can name a key: no space, no plus, no control character."""
    if not 0 < len(name) <= longest or any(map(_is_unfit, name)):
        raise LedgerError(LedgerReason.KEY_NAME)


def decode_base64(text: str) -> bytes | None:
    """The bytes of standard base64 (RFC 4648 §4) in its one proper spelling; None for anything else."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if b64encode(data).decode() == text else None


def _taken_apart(kind: KeyKind, text: bytes, signature: bytes) -> tuple[bytes, bytes]:
    """What was signed, and the bare Ed25519 signature."""
    if kind is KeyKind.ED25519:
        return text, signature
    if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES:
        return text, b""
    seconds = int.from_bytes(signature[:_TIME_BYTES], "big")
    if seconds > _LAST_TIME:
        return text, b""
    return _cosigned(text, seconds), signature[_TIME_BYTES:]


def _cosigned(text: bytes, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + text


def _is_unfit(char: str) -> bool:
    return char == "+" or char < " " or char.isspace() or "\ud800" <= char <= "\udfff"
