"""Whose signature counts: one frozen set of keys, looked up by `kid`.

A snapshot is made from certificates that someone trusts as they are (`from_certificates`), from a signed list
(`from_did`), from other snapshots (`merge`), or from its own saved form (`load`). However it is made, it is held in
the saved form (`trustlist.snapshot_file`): certificates and keys are parsed when they are first asked for. Nothing
here reads a clock; `load` and `save` alone touch the disk, through `trustlist.files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from os import PathLike
from pathlib import Path

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.x509 import kid_of
from trustlist import files
from trustlist.account import EntryState, key_state, rejected_state
from trustlist.chain import NO_AUTHORITIES, AuthorityPool, Chain, find_chain, make_pool
from trustlist.did import DidDocument, PinnedKey, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment, KeyUsage, ListEntry, RejectedEntry, Source, TrustedKey
from trustlist.pinned import PinnedAs, pin_certificates
from trustlist.snapshot_file import MAX_BYTES, SavedList, StoredEntry, open_saved
from trustlist.snapshot_pack import ListPart, pack

DID_DOCUMENT = "did-v2-embedded"
"""Kind of a source that is a signed list."""


@dataclass(frozen=True)
class TrustSnapshot:
    """Every key that a verifier trusts, and every entry that could not be used, from one environment.

    Two snapshots are equal when their saved forms are. Threads may share one.
    """

    saved: SavedList
    _candidates: dict[bytes, tuple[TrustedKey, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _pools: dict[str | None, AuthorityPool] = field(default_factory=dict, init=False, repr=False, compare=False)
    _chains: dict[tuple[object, ...], Chain] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_certificates(
        cls,
        ders: Iterable[bytes],
        *,
        participant: str | None = None,
        domain: str | None = None,
        environment: Environment = Environment.PRIVATE,
    ) -> TrustSnapshot:
        """A snapshot of these DER certificates, pinned: trusted as they are.

        Their dates and usage count; a chain is checked where the SCA is among them. The kid is HCERT's. What cannot
        be read is in `rejected`. Raises `TrustListError` (`LIST_TOO_MANY_ENTRIES`).
        """
        named = ((f"certificate[{index}]", der) for index, der in enumerate(ders))
        said = PinnedAs(participant=participant, domain=domain, environment=environment)
        return cls.from_parts((pin_certificates(named, said),))

    @classmethod
    def from_did(
        cls,
        document: bytes | Mapping[str, object],
        *,
        key: PinnedKey,
        expected_did: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> TrustSnapshot:
        """A snapshot of a GDHCN DID document (v2, embedded keys), once its proof holds under the pinned key.

        `expected_did` is the list that was asked for. Raises `TrustListError` (`trustlist.did.read_document`) when
        the document cannot be believed; an entry that cannot be used is in `rejected` and stops nothing.
        """
        return cls.from_parts((part_of(read_document(document, key=key, expected_did=expected_did, limits=limits)),))

    @classmethod
    def merge(cls, *snapshots: TrustSnapshot) -> TrustSnapshot:
        """All entries of all snapshots.

        Raises `TrustListError`: `ENVIRONMENTS_MIXED`, `SOURCES_MIXED` for lists with and without a checked proof,
        `SOURCE_EMPTY` for no snapshot at all.
        """
        return cls.from_parts(tuple(part for snapshot in snapshots for part in snapshot._parts()))

    @classmethod
    def from_parts(cls, parts: tuple[ListPart, ...]) -> TrustSnapshot:
        """A snapshot of sources that were read already. Raises as `merge`."""
        if not parts:
            raise TrustListError(ListReason.SOURCE_EMPTY)
        environments = sorted({part.source.environment.value for part in parts})
        if len(environments) > 1:
            raise TrustListError(ListReason.ENVIRONMENTS_MIXED, environments=" ".join(environments))
        if len({part.source.verified for part in parts}) > 1:
            raise TrustListError(ListReason.SOURCES_MIXED)
        return cls(open_saved(pack(parts)))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> TrustSnapshot:
        """A snapshot that was saved on this machine; it is trusted because of where it lies (`snapshot_file`).

        Raises `TrustListError`: `SOURCE_MISSING`, `SOURCE_UNREADABLE`, or a `SNAPSHOT_…` reason that says what is
        wrong with the file.
        """
        return cls(open_saved(files.read_file(Path(path), MAX_BYTES)))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the saved form, whole or not at all. Raises `TrustListError` (`SOURCE_NOT_WRITABLE`)."""
        files.write_file(Path(path), self.saved.data)

    def __len__(self) -> int:
        """How many entries there are, those in `rejected` not counted."""
        return self.saved.count

    @property
    def digest(self) -> str:
        """SHA-256 of what the saved form holds, hexadecimal: snapshots of one digest are equal."""
        return self.saved.data[self.saved.layout.digest :].hex()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the entries came from."""
        return self.saved.sources

    @cached_property
    def rejected(self) -> tuple[RejectedEntry, ...]:
        """The entries that cannot be used at all, each with its reason."""
        return tuple(entry for _, entry in self.saved.rejected)

    @property
    def environment(self) -> Environment:
        """The network that all entries belong to."""
        return self.sources[0].environment

    @cached_property
    def created(self) -> datetime | None:
        """When the oldest of the lists was signed; None when there is no list, only certificates."""
        return min((source.created for source in self.sources if source.created), default=None)

    @cached_property
    def expires(self) -> datetime | None:
        """When the first of the lists ends that say when they do; None when none says so."""
        return min((source.expires for source in self.sources if source.expires), default=None)

    @property
    def verified(self) -> bool:
        """False for lists that were read to be looked at, their proof not checked: no key of theirs counts."""
        return self.sources[0].verified

    def age(self, at: datetime) -> timedelta | None:
        """How old the oldest list is at `at` (timezone-aware); None when there is no list."""
        return None if self.created is None else at - self.created

    def candidates(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """Every key with this kid that signs credentials: listed as DSC, or pinned.

        A pinned SCA is among them, so that whoever checks a signature can say that it is one (`is_ca`).
        """
        known = self._candidates.get(kid)
        if known is not None:
            return known
        found = tuple(self._key(entry) for entry in self.saved.find(kid) if entry.pinned or entry.usage is KeyUsage.DSC)
        if found:  # never kept for unknown kids, of which there is no end
            self._candidates[kid] = found
        return found

    def chain(self, key: TrustedKey) -> Chain:
        """Which SCAs of its participant issued `key` (`trustlist.chain`), found once and kept.

        Raises `TrustListError` if the certificate cannot be read.
        """
        name = (key.participant, key.domain, key.pinned, key.certificate)
        known = self._chains.get(name)
        if known is None:
            known = self._chains[name] = self._find_chain(key)
        return known

    def keys(self) -> Iterator[TrustedKey]:
        """Every entry of every usage, in the order of the sources; made afresh, nothing is kept."""
        return (self._key(self.saved.entry(index)) for index in range(len(self)))

    def entries(self) -> Iterator[ListEntry]:
        """Every entry as its source stated it, in the order of `keys`; of certificates, the key's and its issuer's."""
        return (self._list_entry(self.saved.entry(index)) for index in range(len(self)))

    def account(self, at: datetime) -> tuple[EntryState, ...]:
        """The state of every entry, rejected ones included, at `at` (timezone-aware).

        As many as the sources have entries. Reads every certificate and checks every chain: a report, nothing to be
        done for each scan.
        """
        now = int(at.timestamp())
        return (
            *(key_state(key, self._find_chain, now) for key in self.keys()),
            *(rejected_state(self.sources[number], entry) for number, entry in self.saved.rejected),
        )

    def _find_chain(self, key: TrustedKey) -> Chain:
        pool = self._pools.get(key.participant)
        if pool is None and key.participant in self.saved.authorities:
            pool = self._pools[key.participant] = make_pool(self._authorities(key.participant))
        return find_chain(key, pool or NO_AUTHORITIES)

    def _authorities(self, participant: str | None) -> Iterator[TrustedKey]:
        for index, number in self.saved.authorities[participant]:
            entry = self.saved.entry(index)
            key = self._key(entry)
            if number == entry.certificate:
                yield key
            else:
                carried = self._carried(key, self.saved.certificate(number))
                if carried is not None:
                    yield carried

    def _carried(self, key: TrustedKey, der: bytes) -> TrustedKey | None:
        """The SCA that a list carries behind a DSC, if it says that it is one (`trustlist.chain` says why)."""
        sca = replace(key, kid=kid_of(der), certificate=der, usage=KeyUsage.SCA, position=f"{key.position} x5c[1]")
        try:
            return sca if sca.is_ca else None
        except TrustListError:
            return None

    def _key(self, entry: StoredEntry) -> TrustedKey:
        """The key of an entry, put together without the constructor: its setter for each field takes half a lookup."""
        der = self.saved.certificate(entry.certificate)
        key = TrustedKey.__new__(TrustedKey)
        vars(key).update(
            {
                "kid": entry.kid,
                "certificate": b"" if entry.bare else der,
                "participant": entry.participant,
                "domain": entry.domain,
                "usage": entry.usage,
                "pinned": entry.pinned,
                "source": entry.source,
                "position": entry.position,
                "public_key_info": der if entry.bare else None,
                "issuer": entry.issuer_url,
                "crl_version": entry.crl_version,
            }
        )
        return key

    def _list_entry(self, entry: StoredEntry) -> ListEntry:
        numbers = (entry.certificate,) if entry.issuer is None else (entry.certificate, entry.issuer)
        ders = tuple(self.saved.certificate(number) for number in numbers)
        return ListEntry(
            kid=entry.kid,
            certificates=() if entry.bare else ders,
            participant=entry.participant,
            domain=entry.domain,
            usage=entry.usage,
            position=entry.position,
            public_key=ders[0] if entry.bare else None,
            issuer=entry.issuer_url,
            crl_version=entry.crl_version,
        )

    def _parts(self) -> tuple[ListPart, ...]:
        """The sources again, each with its own entries."""
        entries: list[list[ListEntry]] = [[] for _ in self.sources]
        pinned = [False] * len(self.sources)
        for index in range(len(self)):
            entry = self.saved.entry(index)
            entries[entry.source_number].append(self._list_entry(entry))
            pinned[entry.source_number] = entry.pinned
        rejected = [
            tuple(each for owner, each in self.saved.rejected if owner == number) for number in range(len(pinned))
        ]
        return tuple(map(ListPart, self.sources, map(tuple, entries), rejected, pinned))


def part_of(document: DidDocument) -> ListPart:
    """A list whose proof holds, as one source of a snapshot."""
    source = Source(
        name=document.did,
        kind=DID_DOCUMENT,
        environment=document.environment,
        created=document.created,
        entries=len(document.entries) + len(document.rejected),
    )
    return ListPart(source, document.entries, document.rejected, pinned=False)
