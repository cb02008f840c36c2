"""What shows only when entries are held beside each other: one thing under several names."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credential.errors import DetailValue
from trustlist.doctor.findings import Finding, FindingKind
from trustlist.model import KeyUsage, TrustedKey


@dataclass(frozen=True, slots=True)
class Place:
    """Where one readable key stands, in as little memory as a list of any length allows."""

    source: str
    position: str
    participant: str | None
    usage: KeyUsage
    kid: bytes
    certificate: bytes
    """SHA-256; of a bare key, of the key."""
    public_key: bytes
    """SHA-256 of the SubjectPublicKeyInfo."""


Group: TypeAlias = "list[Place]"
_Name: TypeAlias = Callable[[Place], object]


def place_of(key: TrustedKey) -> Place:
    """Raises `TrustListError` (`KEY_UNUSABLE`) when the key cannot be made."""
    public = key.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Place(
        source=key.source.name,
        position=key.position,
        participant=key.participant or key.issuer,
        usage=key.usage,
        kid=key.kid,
        certificate=hashlib.sha256(key.certificate or public).digest(),
        public_key=hashlib.sha256(public).digest(),
    )


def check_set(places: Iterable[Place]) -> Iterator[Finding]:
    """One finding for each certificate, kid or key that stands under several names, at the first place of it."""
    places = tuple(places)
    for kind, (same, differs) in _CHECKS.items():
        groups: dict[object, Group] = defaultdict(list)
        for place in places:
            groups[same(place)].append(place)
        for group in groups.values():
            names = {differs(place) for place in group} - {None}
            if len(names) > 1:
                yield _finding(kind, group, len(names))


def _finding(kind: FindingKind, group: Group, names: int) -> Finding:
    first = group[0]
    detail: dict[str, DetailValue] = {
        "count": names,
        "positions": " ".join(place.position for place in group),
        "participants": _joined(place.participant or "-" for place in group),
        "usages": _joined(place.usage.value for place in group),
    }
    return Finding(kind, first.source, first.position, first.participant, first.kid.hex(), first.usage, detail)


def _joined(words: Iterable[str]) -> str:
    return " ".join(sorted(set(words)))


def _certificate(place: Place) -> object:
    return place.certificate


def _public_key(place: Place) -> object:
    return place.public_key


def _kid(place: Place) -> object:
    return place.kid


def _usage(place: Place) -> object:
    return place.usage


def _participant(place: Place) -> object:
    return place.participant


_CHECKS: Mapping[FindingKind, tuple[_Name, _Name]] = MappingProxyType(
    {
        FindingKind.SEVERAL_PARTICIPANTS: (_public_key, _participant),
        FindingKind.TWO_USAGES: (_certificate, _usage),
        FindingKind.KID_SHARED: (_kid, _certificate),
        FindingKind.SAME_KEY: (_public_key, _certificate),
    }
)
"""What is the same, and what nevertheless differs."""
