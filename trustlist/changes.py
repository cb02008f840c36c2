"""What is different between two snapshots: keys added, removed, and changed, as a person would name them.

A key is named by its participant, domain, usage and kid; of what is named so in both, the certificates are compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from trustlist.model import KeyUsage, TrustedKey
from trustlist.snapshot import TrustSnapshot


@dataclass(frozen=True, slots=True)
class KeyName:
    """One listed key by what a list says of it."""

    participant: str | None
    """Or the issuer (URL) whose own key it is."""
    domain: str | None
    usage: KeyUsage
    kid: bytes

    def to_dict(self) -> dict[str, str | None]:
        """The name as JSON values; the kid in hexadecimal."""
        return {
            "participant": self.participant,
            "domain": self.domain,
            "usage": self.usage.value,
            "kid": self.kid.hex(),
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys in one snapshot and not in another; each in the order of participant, domain, usage and kid."""

    added: tuple[KeyName, ...] = ()
    removed: tuple[KeyName, ...] = ()
    changed: tuple[KeyName, ...] = ()
    """Named in both, with other certificates."""

    @property
    def count(self) -> int:
        """How many keys are different."""
        return len(self.added) + len(self.removed) + len(self.changed)

    def to_dict(self) -> dict[str, list[dict[str, str | None]]]:
        """All three as JSON values."""
        parts = {"added": self.added, "removed": self.removed, "changed": self.changed}
        return {name: [key.to_dict() for key in keys] for name, keys in parts.items()}


NO_CHANGES = Changes()

_Named: TypeAlias = Mapping[KeyName, frozenset[bytes]]


def compare(before: TrustSnapshot | None, after: TrustSnapshot) -> Changes:
    """What `after` has otherwise than `before`; None is a snapshot of nothing. Certificates are not parsed."""
    old: _Named = {} if before is None else _named(before)
    new = _named(after)
    return Changes(
        added=_in_order(new.keys() - old.keys()),
        removed=_in_order(old.keys() - new.keys()),
        changed=_in_order(name for name in old.keys() & new.keys() if old[name] != new[name]),
    )


def fingerprint(key: TrustedKey) -> bytes:
    """SHA-256 of a key's certificate, or of the bare key."""
    return hashlib.sha256(key.public_key_info or key.certificate).digest()


def _named(snapshot: TrustSnapshot) -> _Named:
    """The fingerprints of the certificates that stand under each name: a list may say the same twice."""
    found: dict[KeyName, frozenset[bytes]] = {}
    for key in snapshot.keys():  # noqa: SIM118 - a method of the snapshot, which is no mapping
        name = KeyName(key.participant or key.issuer, key.domain, key.usage, key.kid)
        found[name] = found.get(name, frozenset()) | {fingerprint(key)}
    return found


def _in_order(names: Iterable[KeyName]) -> tuple[KeyName, ...]:
    return tuple(sorted(names, key=lambda name: (name.participant or "", name.domain or "", name.usage, name.kid)))
