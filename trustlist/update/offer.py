"""Lists that lie before us, in files or in a bundle, by the DIDs that they claim; and which lists an update asks for.

A claim is where to look, nothing more: whether a document is what it says shows when it is taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from credential.errors import DecodeError, Stage
from credential.wire import json_text
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment
from trustlist.update.intake import Bring
from trustlist.update.result import Fetched
from trustlist.update.state import State

PUBLISHED: Mapping[Environment, str] = MappingProxyType(
    {
        Environment.PRODUCTION: "did:web:tng-cdn.who.int:v2:trustlist",
        Environment.ACCEPTANCE: "did:web:tng-cdn-uat.who.int:v2:trustlist",
        Environment.DEVELOPMENT: "did:web:tng-cdn-dev.who.int:v2:trustlist",
    }
)
"""The one list with all keys of each of WHO's environments: asked for where nobody names another."""

_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """Documents by the DID that each claims to be."""

    documents: Mapping[str, bytes]

    @classmethod
    def of(cls, files: Iterable[bytes]) -> Offer:
        """The lists among these files; what does not claim to be one is passed over.

        Raises `TrustListError` (`LISTS_AMBIGUOUS`) for two different files that claim to be the same list.
        """
        documents: dict[str, bytes] = {}
        for data in files:
            claim = claimed_did(data)
            if claim is not None and documents.setdefault(claim, data) != data:
                raise TrustListError(ListReason.LISTS_AMBIGUOUS, did=claim)
        return cls(MappingProxyType(documents))

    def bring(self, otherwise: Bring) -> Bring:
        """Brings what is offered, and leaves the rest to another."""

        def bring(did: str) -> Fetched:
            data = self.documents.get(did)
            return otherwise(did) if data is None else Fetched(did, data)

        return bring

    def require_wanted(self, state: State, lists: Sequence[str]) -> None:
        """That something of the offer is asked for.

        Raises `TrustListError`: `SOURCE_EMPTY` for an offer of nothing, `DID_UNEXPECTED` for lists of other names. A
        list that nobody asked for is not added because it lies there: under another name, an old list could bring
        back keys that were withdrawn since.
        """
        if not self.documents:
            raise TrustListError(ListReason.SOURCE_EMPTY)
        if self.documents.keys().isdisjoint((*lists, *(held.did for held in state.documents))):
            raise TrustListError(ListReason.DID_UNEXPECTED, did=min(self.documents), expected=lists[0])


def claimed_did(data: bytes) -> str | None:
    """What a document says that it is; None for what is no document."""
    try:
        value = json_text.decode(data, stage=Stage.TRUST_LIST, max_bytes=len(data), max_depth=_MAX_DEPTH)
    except DecodeError:
        return None
    claim = value.get("id") if isinstance(value, dict) else None
    return claim if isinstance(claim, str) else None


def lists_asked_for(state: State, named: Sequence[str], offered: Offer | None = None) -> tuple[str, ...]:
    """The lists that an update asks for: those of the store and those that are named now.

    Where there are neither: the one list that is offered, or the one that is published for the environment. Raises
    `TrustListError` (`LISTS_AMBIGUOUS`) if that does not tell.
    """
    lists = (*state.lists, *named)
    if lists:
        return lists
    if offered is not None and len(offered.documents) == 1:
        return tuple(offered.documents)
    published = PUBLISHED.get(state.environment)
    if published is None:
        raise TrustListError(ListReason.LISTS_AMBIGUOUS)
    return (published,)
