"""Write the saved form of a snapshot (`trustlist.snapshot_file` says how it is laid out)."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry, RejectedEntry, Source
from trustlist.snapshot_file import (
    AUTHORITY,
    BARE,
    ENTRY,
    HEAD,
    MAGIC,
    MAX_BYTES,
    NOTHING,
    NUMBER,
    OF_ISSUER,
    PINNED,
    USAGES,
    VERSION,
    Layout,
    Sizes,
    kid_prefix,
)
from trustlist.snapshot_header import Header

_KID_BYTES = 255
_USAGE_NUMBER = {usage: number for number, usage in enumerate(USAGES)}

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ListPart:
    """One source with everything that came from it."""

    source: Source
    entries: tuple[ListEntry, ...]
    rejected: tuple[RejectedEntry, ...]
    pinned: bool
    """Whether its certificates are trusted by being handed over, not by being listed."""


def pack(parts: Sequence[ListPart]) -> bytes:
    """The saved form of these sources, their entries in the order given.

    Raises `TrustListError`: `KID_INVALID`, `CERTIFICATE_MISSING`, `KEY_MALFORMED` and `ENTRY_AMBIGUOUS` (certificate
    and bare key, participant and issuer) for entries that no reader makes, and `LIST_TOO_LARGE` for more than 4 GiB.
    """
    packer = _Packer()
    for number, part in enumerate(parts):
        for entry in part.entries:
            packer.add(entry, source=number, pinned=part.pinned)
    header = Header(
        sources=tuple(part.source for part in parts),
        rejected=tuple((number, entry) for number, part in enumerate(parts) for entry in part.rejected),
        participants=tuple(packer.participants.values),
        domains=tuple(packer.domains.values),
    )
    return packer.join(header.write())


@dataclass(slots=True)
class _Numbers(Generic[T]):
    """Each value once, numbered from `first` as it came."""

    first: int
    values: dict[T, int] = field(default_factory=dict)

    def number(self, value: T) -> int:
        return self.values.setdefault(value, len(self.values) + self.first)


@dataclass(slots=True)
class _Packer:
    participants: _Numbers[str] = field(default_factory=lambda: _Numbers(1))
    domains: _Numbers[str] = field(default_factory=lambda: _Numbers(1))
    ders: _Numbers[bytes] = field(default_factory=lambda: _Numbers(0))
    prefixes: list[int] = field(default_factory=list)
    entries: bytearray = field(default_factory=bytearray)
    texts: bytearray = field(default_factory=bytearray)
    listed: dict[tuple[int, int], int] = field(default_factory=dict)
    carried: dict[tuple[int, int], int] = field(default_factory=dict)
    """SCAs by participant and certificate, with the entry: listed as such, or only beside a DSC they issued."""

    def add(self, entry: ListEntry, *, source: int, pinned: bool) -> None:
        """Append one entry."""
        if not 0 < len(entry.kid) <= _KID_BYTES:
            raise TrustListError(ListReason.KID_INVALID, position=entry.position, size=len(entry.kid))
        ders = _ders_of(entry)
        index, participant = len(self.prefixes), _name(self.participants, entry.issuer or entry.participant)
        leaf = self.ders.number(ders[0])
        issuer = self.ders.number(ders[1]) if len(ders) > 1 else NOTHING
        position = entry.position.encode(errors="replace")
        row = (
            self._text(entry.kid),
            self._text(position),
            len(position),
            leaf,
            issuer,
            participant,
            _name(self.domains, entry.domain),
            source,
            NOTHING if entry.crl_version is None else entry.crl_version,
            len(entry.kid),
            _USAGE_NUMBER[entry.usage],
            PINNED * pinned | BARE * (entry.public_key is not None) | OF_ISSUER * (entry.issuer is not None),
        )
        self.entries += ENTRY.pack(*row)
        self.prefixes.append(kid_prefix(entry.kid))
        if entry.usage is KeyUsage.SCA:
            self.listed.setdefault((participant, leaf), index)
        elif entry.usage is KeyUsage.DSC and issuer != NOTHING:
            self.carried.setdefault((participant, issuer), index)

    def join(self, header: bytes) -> bytes:
        """The whole file."""
        authorities = self.carried | self.listed
        starts = list(accumulate(map(len, self.ders.values), initial=0))
        sizes = Sizes(
            header=len(header),
            entries=len(self.prefixes),
            certificates=len(self.ders.values),
            authorities=len(authorities),
            texts=len(self.texts),
            ders=starts[-1],
        )
        if Layout.of(sizes).end > MAX_BYTES:
            raise TrustListError(ListReason.LIST_TOO_LARGE, limit=MAX_BYTES)
        order = sorted(range(len(self.prefixes)), key=self.prefixes.__getitem__)
        body = b"".join(
            (
                HEAD.pack(MAGIC, VERSION, 0, *sizes),
                header,
                _little("Q", [self.prefixes[index] for index in order]),
                b"".join(map(NUMBER.pack, order)),
                self.entries,
                b"".join(map(NUMBER.pack, starts)),
                b"".join(AUTHORITY.pack(who, index, number) for (who, number), index in authorities.items()),
                self.texts,
                *self.ders.values,
            )
        )
        return body + hashlib.sha256(body).digest()

    def _text(self, text: bytes) -> int:
        at = len(self.texts)
        self.texts += text
        if len(self.texts) > MAX_BYTES:
            raise TrustListError(ListReason.LIST_TOO_LARGE, limit=MAX_BYTES)
        return at


def _ders_of(entry: ListEntry) -> tuple[bytes, ...]:
    """Its certificates, or its bare key, each of them something."""
    ders = entry.certificates if entry.public_key is None else (entry.public_key,)
    if not ders or not all(ders):
        raise TrustListError(ListReason.CERTIFICATE_MISSING, position=entry.position)
    bare_and_not = entry.public_key is not None and entry.certificates
    if bare_and_not or (entry.issuer is not None and (entry.participant is not None or not entry.issuer)):
        raise TrustListError(ListReason.ENTRY_AMBIGUOUS, position=entry.position)
    if entry.crl_version is not None and not 0 <= entry.crl_version < NOTHING:
        raise TrustListError(ListReason.KEY_MALFORMED, position=entry.position, member="crlVersion")
    return ders


def _name(names: _Numbers[str], name: str | None) -> int:
    """The number of a name; 0 stands for none."""
    return 0 if name is None else names.number(name)


def _little(kind: str, numbers: list[int]) -> bytes:
    values = array(kind, numbers)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
