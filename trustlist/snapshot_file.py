"""The saved form of a snapshot: one run of bytes that is looked up in as it lies, without being unpacked first.

Little-endian throughout:

    head            magic, version, the sizes of the parts below
    header          JSON: sources, rejected entries, names of participants and domains
    order           8 bytes for each entry, ascending: the number that its kid begins with
    order_index     4 bytes for each: which entry that is
    entries         40 bytes for each entry, in the order of the sources
    certificates    4 bytes for each certificate or bare key and 4 more: where it starts among the DERs, where the
                    last one ends
    authorities     12 bytes for each SCA: participant, entry, certificate
    texts           kids and positions, without separators
    ders            the certificates and bare keys, each one once
    digest          SHA-256 of everything before it

An entry keeps its own certificate and the one that issued it. What a list carries above that is left out: the SCA is
the anchor, even where it is itself certified by another. The digest finds damage, it proves no origin: a saved
snapshot is trusted because of where it lies, and belongs where only the verifier's owner can write.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, RejectedEntry, Source
from trustlist.snapshot_header import Header, damaged

MAGIC = b"PRATIQTL"
VERSION = 2
NOTHING = 0xFFFF_FFFF
"""Stands where an entry has no issuer's certificate, or no `crlVersion`."""
PINNED, BARE, OF_ISSUER = 1, 2, 4
"""Flags of an entry: handed over; its certificate is a bare key; the name it has is an issuer's, no participant's."""
DIGEST_BYTES = 32
MAX_BYTES = 0xFFFF_FFFF
"""Bytes of one saved snapshot: places in it are 4-byte numbers."""

HEAD = struct.Struct("<8sHHIIIIII")
ENTRY = struct.Struct("<IIIIIIIIIBBBx")
AUTHORITY = struct.Struct("<III")
NUMBER = struct.Struct("<I")
RANGE = struct.Struct("<II")
USAGES = tuple(KeyUsage)


class StoredEntry(NamedTuple):
    """One entry as it lies in the file; its certificates are numbers."""

    kid: bytes
    position: str
    certificate: int
    issuer: int | None
    participant: str | None
    domain: str | None
    source: Source
    source_number: int
    usage: KeyUsage
    pinned: bool
    bare: bool
    issuer_url: str | None
    crl_version: int | None


class Sizes(NamedTuple):
    """What the head states: bytes of three parts, and how many rows the others have."""

    header: int
    entries: int
    certificates: int
    authorities: int
    texts: int
    ders: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each part of the file starts."""

    sizes: Sizes
    header: int
    order: int
    order_index: int
    entries: int
    certificates: int
    authorities: int
    texts: int
    ders: int
    digest: int

    @classmethod
    def of(cls, sizes: Sizes) -> Layout:
        """The layout for these sizes."""
        parts = (
            sizes.header,
            8 * sizes.entries,
            4 * sizes.entries,
            ENTRY.size * sizes.entries,
            4 * sizes.certificates + 4,
            AUTHORITY.size * sizes.authorities,
            sizes.texts,
            sizes.ders,
        )
        return cls(sizes, *accumulate(parts, initial=HEAD.size))

    @property
    def end(self) -> int:
        """Bytes of the whole file."""
        return self.digest + DIGEST_BYTES


@dataclass(frozen=True)
class SavedList:
    """The bytes of one saved snapshot, checked, and what can be looked up in them.

    Lookups raise `TrustListError` (`SNAPSHOT_DAMAGED`) if the file contradicts itself, which its digest excludes
    unless someone wrote it so.
    """

    data: bytes = field(repr=False)
    layout: Layout = field(repr=False, compare=False)
    sources: tuple[Source, ...] = field(compare=False)
    rejected: tuple[tuple[int, RejectedEntry], ...] = field(repr=False, compare=False)
    """Each with the number of its source."""
    participants: tuple[str | None, ...] = field(repr=False, compare=False)
    domains: tuple[str | None, ...] = field(repr=False, compare=False)
    """Names by number, issuers among the participants; 0 stands for none."""
    order: array[int] = field(repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many entries there are, rejected ones not counted."""
        return self.layout.sizes.entries

    def find(self, kid: bytes) -> list[StoredEntry]:
        """The entries with this kid, in the order of the sources."""
        found = []
        order, prefix = self.order, kid_prefix(kid)
        at = bisect_left(order, prefix)
        while at < len(order) and order[at] == prefix:
            (index,) = NUMBER.unpack_from(self.data, self.layout.order_index + 4 * at)
            entry = self.entry(index)
            if entry.kid == kid:
                found.append(entry)
            at += 1
        return found

    def entry(self, index: int) -> StoredEntry:
        """The entry of this number."""
        if not 0 <= index < self.layout.sizes.entries:
            raise damaged("entries")
        kid_at, position_at, position_size, leaf, issuer, name, domain, source, crl_version, kid_size, usage, flags = (
            ENTRY.unpack_from(self.data, self.layout.entries + ENTRY.size * index)
        )
        texts, end = self.layout.texts, self.layout.ders
        kid_at, position_at = kid_at + texts, position_at + texts
        if kid_at + kid_size > end or position_at + position_size > end:
            raise damaged("texts")
        try:
            return StoredEntry(
                self.data[kid_at : kid_at + kid_size],
                self.data[position_at : position_at + position_size].decode(errors="replace"),
                leaf,
                None if issuer == NOTHING else issuer,
                None if flags & OF_ISSUER else self.participants[name],
                self.domains[domain],
                self.sources[source],
                source,
                USAGES[usage],
                flags & PINNED != 0,
                flags & BARE != 0,
                self.participants[name] if flags & OF_ISSUER else None,
                None if crl_version == NOTHING else crl_version,
            )
        except IndexError:
            raise damaged("entries") from None

    def certificate(self, number: int) -> bytes:
        """The DER of this number: a certificate, or a bare key."""
        if not 0 <= number < self.layout.sizes.certificates:
            raise damaged("certificates")
        start, end = RANGE.unpack_from(self.data, self.layout.certificates + 4 * number)
        if not start < end <= self.layout.sizes.ders:
            raise damaged("certificates")
        ders = self.layout.ders
        return self.data[ders + start : ders + end]

    @cached_property
    def authorities(self) -> Mapping[str | None, tuple[tuple[int, int], ...]]:
        """By participant: for each SCA the entry that brought it and its certificate."""
        found: dict[str | None, list[tuple[int, int]]] = {}
        part = self.data[self.layout.authorities : self.layout.texts]
        for participant, index, certificate in AUTHORITY.iter_unpack(part):
            if participant >= len(self.participants):
                raise damaged("authorities")
            found.setdefault(self.participants[participant], []).append((index, certificate))
        return {participant: tuple(rows) for participant, rows in found.items()}


def open_saved(data: bytes) -> SavedList:
    """The snapshot in these bytes, its digest checked; nothing is unpacked but the header.

    Raises `TrustListError`: `SNAPSHOT_FOREIGN` for another sort of file, `SNAPSHOT_VERSION`, `SNAPSHOT_TRUNCATED`,
    `SNAPSHOT_DAMAGED`.
    """
    layout = _read_layout(data)
    body = memoryview(data)[: layout.digest]
    if hashlib.sha256(body).digest() != data[layout.digest :]:
        raise damaged("digest")
    header = Header.read(data[layout.header : layout.order])
    order = array("Q")
    order.frombytes(body[layout.order : layout.order_index])
    if sys.byteorder == "big":
        order.byteswap()
    participants, domains = (None, *header.participants), (None, *header.domains)
    return SavedList(data, layout, header.sources, header.rejected, participants, domains, order)


def is_saved(data: bytes) -> bool:
    """Whether these bytes begin like a saved snapshot."""
    return data.startswith(MAGIC)


def kid_prefix(kid: bytes) -> int:
    """The number that a kid begins with, by which entries are ordered."""
    return int.from_bytes(kid[:8].ljust(8, b"\0"), "big")


def _read_layout(data: bytes) -> Layout:
    if not is_saved(data):
        raise TrustListError(ListReason.SNAPSHOT_FOREIGN)
    if len(data) < HEAD.size:
        raise TrustListError(ListReason.SNAPSHOT_TRUNCATED, size=len(data))
    _, version, _, *sizes = HEAD.unpack_from(data)
    if version != VERSION:
        raise TrustListError(ListReason.SNAPSHOT_VERSION, found=version, readable=VERSION)
    layout = Layout.of(Sizes(*sizes))
    if len(data) < layout.end:
        raise TrustListError(ListReason.SNAPSHOT_TRUNCATED, size=len(data), expected=layout.end)
    if len(data) > layout.end:
        raise damaged("size")
    return layout
