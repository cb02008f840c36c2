"""Identifiers of new certificates: random, so that nobody guesses another one's, and telling nothing of a person."""

from __future__ import annotations

from typing import Final

from credential.uvci import OPAQUE_BYTES, PREFIX, VERSION, check_character, opaque_part
from issuer.private_key import RandomBytes

RANDOM_BYTES: Final = OPAQUE_BYTES
"""Random bytes in an identifier: 128 bits."""


def new_identifier(country: str, random_bytes: RandomBytes) -> str:
    """A UVCI with an opaque part and a check character, such as `URN:UVCI:01:XA:…#C`.

    `country` is the issuing country's code in capital letters. Raises EncodeError (stage ISSUE) for characters that
    an identifier must not have, or when `random_bytes` gives less than it was asked for.
    """
    body = f"{PREFIX}{VERSION}:{country}:{opaque_part(random_bytes(RANDOM_BYTES))}"
    return f"{body}#{check_character(body)}"
