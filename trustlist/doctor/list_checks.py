"""What is wrong with a list as a whole: how old it is, whose it says it is, and where its references lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from credential.errors import DetailValue
from trustlist.did import DidDocument
from trustlist.doctor.findings import Finding, FindingKind
from trustlist.errors import ListReason
from trustlist.freshness import Freshness, freshness
from trustlist.model import Environment, Source, environment_of
from trustlist.snapshot import TrustSnapshot

_KIND_OF_AGE: Mapping[Freshness, FindingKind] = MappingProxyType(
    {
        Freshness.STALE: FindingKind.LIST_STALE,
        Freshness.AHEAD: FindingKind.LIST_AHEAD,
        Freshness.AGEING: FindingKind.LIST_AGEING,
    }
)


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A signed list, as far as its references go."""

    did: str
    links: tuple[str, ...]
    """DIDs of other lists."""
    entries: int
    """How many keys it holds itself."""

    @classmethod
    def of(cls, document: DidDocument) -> ReferenceList:
        """Of a list whose proof holds."""
        return cls(document.did, document.references, len(document.entries) + len(document.rejected))


@dataclass(frozen=True, slots=True)
class RefusedList:
    """A document among the lists that cannot be believed."""

    name: str
    """Its file's name, or address."""
    reason: ListReason


def check_age(snapshot: TrustSnapshot, at: datetime) -> Iterator[Finding]:
    """Whether the oldest of the signed lists is too old, or not yet signed."""
    kind = _KIND_OF_AGE.get(freshness(snapshot, at))
    if kind is not None:
        oldest = min(
            (source for source in snapshot.sources if source.created), key=lambda source: (source.created, source.name)
        )
        yield _about(kind, oldest, created=f"{oldest.created:%Y-%m-%d}")


def check_source(source: Source, at: datetime) -> Iterator[Finding]:
    """What a list says of itself. A host of WHO's says to which environment it belongs; a mirror's says nothing."""
    named = environment_of(source.name)
    if named not in {source.environment, Environment.PRIVATE}:
        kind = FindingKind.SOURCE_OTHER_ENVIRONMENT
        yield _about(kind, source, environment=source.environment.value, named=named.value)
    if not source.verified:
        yield _about(FindingKind.LIST_UNVERIFIED, source)
    if source.expires is not None and source.expires < at:
        yield _about(FindingKind.LIST_EXPIRED, source, expired=f"{source.expires:%Y-%m-%d}")


def check_references(lists: tuple[ReferenceList, ...], known: AbstractSet[str] | None) -> Iterator[Finding]:
    """What is wrong with each reference; `known` are the DIDs that exist, None when that is not known."""
    for each in lists:
        if not each.links and not each.entries:
            yield Finding(FindingKind.LIST_EMPTY, each.did, each.did)
        for link in each.links:
            kind = _judge(each.did, link, known)
            if kind is not None:
                yield Finding(kind, each.did, link)


def check_refused(refused: tuple[RefusedList, ...]) -> Iterator[Finding]:
    """Each refused document with its reason."""
    for each in refused:
        yield Finding(
            FindingKind.LIST_REFUSED, each.name, each.name, detail=MappingProxyType({"reason": each.reason.value})
        )


def _about(kind: FindingKind, source: Source, **detail: DetailValue) -> Finding:
    return Finding(kind, source.name, source.name, detail=MappingProxyType(detail))


def _judge(did: str, link: str, known: AbstractSet[str] | None) -> FindingKind | None:
    if environment_of(link) not in {environment_of(did), Environment.PRIVATE}:
        return FindingKind.REFERENCE_OTHER_ENVIRONMENT
    if _host(link) != _host(did):
        return FindingKind.REFERENCE_FOREIGN_HOST
    if known is not None and link not in known:
        return FindingKind.REFERENCE_DANGLING
    return None


def _host(did: str) -> str:
    """The method and host of a `did:web:`; another method has no host, and is compared as a whole."""
    return ":".join(did.partition("#")[0].split(":")[:3]).lower()
