"""Every bound on untrusted input of this room, in one frozen value with its units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; reading stops with a typed error at the first one that is passed."""

    note_bytes: int = 262_144
    """Bytes of one signed note. Sixteen signatures of the longest kind known take 80 KB."""
    note_signatures: int = 64
    """Signature lines of one note; C2SP asks readers to take at least 16."""
    key_name_chars: int = 256
    """Characters of a key's name."""
    entry_bytes: int = 4_096
    """Bytes of one entry; the format of a log ends at 65,535."""
    entry_members: int = 32
    """Members of one entry's detail."""
    code_chars: int = 512
    """Characters of one code in an entry."""


DEFAULT_LIMITS = Limits()
