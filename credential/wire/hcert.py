"""HCERT text `HC1:…` ⇄ a signed CWT: prefix, base45, zlib, COSE_Sign1, claims.

Section 3 of the Electronic Health Certificate specification (hcert-spec), which GDHCN takes over unchanged. Decoding
does not verify anything: see the `verifier` room for that.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import base45, deflate
from credential.wire.cose import Sign1, decode_sign1
from credential.wire.cwt import Claims, decode_claims

PREFIX = "HC1:"
_CONTEXT_FAMILY = re.compile("HC[1-9A-Z]:")
_SURROUNDING = " \t\r\n"


class Hcert(NamedTuple):
    """A decoded, not verified HCERT with the size of each layer in bytes."""

    sign1: Sign1
    claims: Claims
    compressed_bytes: int
    cose_bytes: int
    noted: tuple[Deviation, ...]
    """What was noticed in the text itself."""

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """What deviates in any layer; looked for when asked for."""
        return tuple(dict.fromkeys(self.noted + self.sign1.deviations + self.claims.deviations))


def unwrap(text: str, limits: Limits = DEFAULT_LIMITS) -> tuple[bytes, int, tuple[Deviation, ...]]:
    """The COSE bytes inside a text, the size they were compressed to, and what the text deviates in.

    Raises `DecodeError` at stage `prefix`, `base45` or `inflate`.
    """
    body, deviations = _body(text, limits)
    compressed = base45.decode(body)
    return deflate.inflate(compressed, limits), len(compressed), deviations


def decode(text: str, limits: Limits = DEFAULT_LIMITS) -> Hcert:
    """All layers of an HCERT text. Raises `DecodeError` at the stage of the first layer that cannot be read."""
    cose, compressed_bytes, deviations = unwrap(text, limits)
    sign1 = decode_sign1(cose, limits)
    claims = decode_claims(sign1.payload, limits)
    return Hcert(sign1, claims, compressed_bytes, len(cose), deviations)


def encode(sign1: bytes) -> str:
    """The text of a COSE_Sign1, for the alphanumeric mode of a QR code."""
    return PREFIX + base45.encode(deflate.deflate(sign1))


def _body(text: str, limits: Limits) -> tuple[str, tuple[Deviation, ...]]:
    """What follows the prefix. Base45 holds spaces, but never as last character, so the ends can be trimmed."""
    if len(text) > limits.text_chars:
        raise DecodeError(Stage.PREFIX, Reason.TEXT_TOO_LONG, limit=limits.text_chars)
    trimmed = text.strip(_SURROUNDING)
    if not trimmed.startswith(PREFIX):
        raise _prefix_error(trimmed)
    body = trimmed[len(PREFIX) :]
    deviations = () if len(trimmed) == len(text) else (Deviation.SURROUNDING_SPACE,)
    # No zlib header (RFC 1950 §2.2) starts with a space in base45, so a space here is not part of the data.
    if body.startswith(" "):
        return body[1:], (*deviations, Deviation.SPACE_AFTER_PREFIX)
    return body, deviations


def _prefix_error(text: str) -> DecodeError:
    """A later context (`HC2:`, `HCA:`) is another case than text that is no health certificate at all."""
    family = _CONTEXT_FAMILY.match(text)
    return DecodeError(Stage.PREFIX, Reason.CONTEXT_UNSUPPORTED if family else Reason.PREFIX_UNKNOWN)
