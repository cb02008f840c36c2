"""The whole DID v2 tree of a trust list, from its entries: a document for every level and wildcard, all signed.

Under `…:trustlist` stand the lists with the keys in them, under `…:trustlist-ref` the same lists as references to the
next level down; at the level of usages a reference names the list with the keys. The levels are domain, participant
and usage, and `-` stands for every domain or every participant. So each key is in the root and in ten more documents,
and a client that wants "all DSCs of the DCC" asks for one file.

What is published is sorted, so that the order in which entries come changes nothing. As in the network's own lists,
connection and upload keys (TLS, UP) are left out. What has no place in the tree is refused: nothing is lost silently.

Source: WHO SMART Trust, "GDHCN Trust Network Gateway" DID documents (https://smart.who.int/trust/).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec

from trustlist.did_build import ANY, build_document, build_references, encode_document
from trustlist.did_proof import SignFunction, sign_document
from trustlist.did_web import read_did
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry

Levels: TypeAlias = tuple[str, ...]
"""What follows the root in a list's DID: (), (domain,), (domain, participant), (domain, participant, usage)."""

PUBLISHED_USAGES = frozenset({KeyUsage.SCA, KeyUsage.DSC, KeyUsage.DECA, KeyUsage.DESC})
_ROOT_SEGMENT = "trustlist"
_REFERENCES = "-ref"
_FILE = "did.json"
_NONCE_CHARS = 32


class Member(NamedTuple):
    """A participant of a domain."""

    domain: str
    participant: str


@dataclass(frozen=True, slots=True)
class ListSigner:
    """Who signs a tree, and when it says that it was signed."""

    sign: SignFunction | ec.EllipticCurvePrivateKey
    """A P-256 key, or whatever signs with one: a hardware module, a service."""
    verification_method: str
    """The DID of the key, as verifiers have pinned it."""
    created: datetime
    """Timezone-aware; written in whole seconds."""
    nonce: Callable[[str], str]
    """The nonce of each document, by its DID."""

    def signed(self, document: Mapping[str, object]) -> bytes:
        """The text of a document with its proof. Raises as `sign_document`."""
        proven = sign_document(
            document,
            sign=self.sign,
            verification_method=self.verification_method,
            created=self.created,
            nonce=self.nonce(str(document["id"])),
        )
        return encode_document(proven)


def nonces_from(seed: bytes) -> Callable[[str], str]:
    """A nonce of 32 characters for each document, all from one random seed, so that a tree can be made again."""

    def nonce(did: str) -> str:
        digest = hmac.digest(seed, did.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode("ascii")[:_NONCE_CHARS]

    return nonce


def build_tree(
    root: str, entries: Iterable[ListEntry], *, signer: ListSigner, members: Iterable[Member] = ()
) -> Mapping[str, bytes]:
    """Every document of a list by its path below the web server's root, such as `v2/trustlist/DCC/did.json`.

    `root` is the DID of the list with all keys, `did:web:<host>:v2:trustlist`. `members` are participants that have a
    place in the tree even while they have no key. Equal input gives equal bytes if `signer` signs deterministically
    (a private key does).

    Raises `TrustListError`: `DID_MALFORMED`; `ENTRY_UNPLACED` for an entry without participant or domain, with one
    that makes no path, or without certificate; `ENTRY_AMBIGUOUS` for two entries that would have one id; and what
    reading certificates raises.
    """
    if read_did(root).segments[-1:] != (_ROOT_SEGMENT,):
        raise TrustListError(ListReason.DID_MALFORMED, at="root")
    lists = _lists(entries, members)
    documents = {_path(document): signer.signed(document) for document in _documents(root, lists)}
    return MappingProxyType(dict(sorted(documents.items())))


def _lists(entries: Iterable[ListEntry], members: Iterable[Member]) -> dict[Levels, list[ListEntry]]:
    """The entries of each list of the tree, lists and entries in order."""
    lists: dict[Levels, list[ListEntry]] = {(): [], (ANY,): [], (ANY, ANY): []}
    for member in members:
        for levels in _levels(*_placed(*member)):
            lists.setdefault(levels, [])
    for entry in sorted((each for each in entries if each.usage in PUBLISHED_USAGES), key=_order):
        if not entry.certificates:
            raise TrustListError(ListReason.ENTRY_UNPLACED, position=entry.position)
        member = _placed(entry.domain, entry.participant, position=entry.position)
        for levels in _levels(*member, entry.usage.value):
            lists.setdefault(levels, []).append(entry)
    return dict(sorted(lists.items()))


def _order(entry: ListEntry) -> tuple[object, ...]:
    return (entry.domain or "", entry.participant or "", entry.usage, entry.kid, entry.certificates)


def _placed(domain: str | None, participant: str | None, *, position: str = "") -> Member:
    """Both codes, if each can be the name of a folder; that a DID can hold them is seen when it is written."""
    for code in (domain, participant):
        if not code or code.casefold() in {ANY, _FILE} or code.startswith("."):
            raise TrustListError(ListReason.ENTRY_UNPLACED, position=position)
    return Member(domain or "", participant or "")


def _levels(domain: str, participant: str, usage: str | None = None) -> Iterator[Levels]:
    """Every list in which something of this place stands."""
    yield ()
    for either in (domain, ANY):
        yield (either,)
        for other in (participant, ANY):
            yield (either, other)
            if usage is not None:
                yield (either, other, usage)


def _documents(root: str, lists: Mapping[Levels, list[ListEntry]]) -> Iterator[dict[str, Any]]:
    below: dict[Levels, list[str]] = {}
    references = root + _REFERENCES
    for levels in lists:
        if levels:
            below.setdefault(levels[:-1], []).append(_did(references, levels))
    for levels, entries in lists.items():
        did = _did(root, levels)
        yield build_document(did, entries)
        is_usage = len(levels) == len(("domain", "participant", "usage"))
        yield build_references(_did(references, levels), [did] if is_usage else below.get(levels, []))


def _did(root: str, levels: Levels) -> str:
    return ":".join((root, *levels))


def _path(document: Mapping[str, Any]) -> str:
    return "/".join((*read_did(document["id"]).segments, _FILE))
