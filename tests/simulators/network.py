"""A trust network in memory: participants come and go, lists are signed and published, and it can misbehave.

It publishes as the real one does: a list with all keys, the tree of lists with keys down to each usage, and the same
tree of references. Every edition is kept, so that an old one can be served again. Certificates come from a small pool,
made once for the test run; a network is cheap.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec

from credential.wire.x509 import kid_of
from tests.pki import Authority, SignerKey, make_authority
from trustlist.did import PinnedKey, build_document, encode_document, sign_document
from trustlist.did_shape import context_of
from trustlist.model import Environment, KeyUsage, ListEntry
from trustlist.update import Bring, Fetched

Json: TypeAlias = dict[str, Any]

HOST = "trust.example"
ROOT = f"did:web:{HOST}:v2:trustlist"
REFERENCES = f"did:web:{HOST}:v2:trustlist-ref"
SIGNER = f"did:web:{HOST}:signer"
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
COUNTRIES = ("XA", "XB", "XC", "XD", "XE", "XF")
SIGNERS_EACH = 3


@cache
def authority(country: str) -> Authority:
    """The SCA of a country."""
    return make_authority(country)


@cache
def signer(country: str, number: int = 0) -> SignerKey:
    """One of the DSCs of a country."""
    return authority(country).issue_signer(name=f"Signer {number}")


@cache
def signing_key(name: str = "network") -> ec.EllipticCurvePrivateKey:
    """A key to sign lists with; other names are other keys."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class Listed:
    """One key on the list."""

    entry: ListEntry

    @property
    def kid(self) -> bytes:
        return self.entry.kid


def listed(country: str, number: int | None = None, *, participant: str | None = None) -> Listed:
    """A DSC of a country, or without number its SCA, under the participant that it belongs to or another."""
    code = participant or f"X{country}"
    sca = authority(country).certificate_der
    if number is None:
        return Listed(ListEntry(kid_of(sca), (sca,), code, "DCC", KeyUsage.SCA, "sca"))
    key = signer(country, number)
    return Listed(ListEntry(key.kid, (key.certificate_der, sca), code, "DCC", KeyUsage.DSC, "dsc"))


def everybody() -> list[Listed]:
    """Every participant's SCA and all of its DSCs."""
    return [listed(country, number) for country in COUNTRIES for number in (None, *range(SIGNERS_EACH))]


Edition: TypeAlias = Mapping[str, bytes]
"""Documents by DID, all signed at one moment."""


@dataclass
class Network:
    """The signer of lists and what it has published so far."""

    key_name: str = "network"
    host: str = HOST
    signer: str = SIGNER
    clock: datetime = START
    keys: list[Listed] = field(default_factory=everybody)
    editions: list[Edition] = field(default_factory=list)
    signed_kids: set[bytes] = field(default_factory=set)
    """Of every key that was ever on a list signed here."""

    @property
    def root(self) -> str:
        return f"did:web:{self.host}:v2:trustlist"

    @property
    def pinned(self) -> PinnedKey:
        return PinnedKey(self.signer, Environment.PRIVATE, signing_key(self.key_name).public_key())

    @property
    def newest(self) -> Edition:
        return self.editions[-1]

    def publish(self, *, after: timedelta = DAY, tree: bool = False) -> Edition:
        """A new edition; with `tree` the lists down to each usage and the references, besides the root."""
        self.clock += after
        self.signed_kids |= {each.kid for each in self.keys}
        documents = {self.root: self.sign(build_document(self.root, self.entries()))}
        if tree:
            documents |= self._tree()
        self.editions.append(documents)
        return documents

    def entries(self, *path: str) -> list[ListEntry]:
        """What is listed below a path of domain, participant and usage."""
        found = [each.entry for each in self.keys]
        chosen = zip(path, ("domain", "participant", "usage"), strict=False)
        for value, level in chosen:
            found = [entry for entry in found if getattr(entry, level) == value]
        return found

    def sign(self, document: Json, *, created: datetime | None = None, key_name: str | None = None) -> bytes:
        """Any document with a proof: of this network's key, or of one that only says so."""
        signed = sign_document(
            document,
            sign=signing_key(key_name or self.key_name),
            verification_method=self.signer,
            created=created or self.clock,
            nonce="0",
        )
        return encode_document(signed)

    def references(self, *path: str, to: Iterable[str]) -> Json:
        """A reference list, not signed yet."""
        did = ":".join((f"{self.root}-ref", *path))
        return {
            "@context": list(context_of(Environment.PRIVATE)),
            "id": did,
            "controller": did.rpartition(":")[0] if path else did,
            "verificationMethod": list(to),
        }

    def _tree(self) -> dict[str, bytes]:
        """Lists with keys at the level of usages, and references from the top to there."""
        paths: list[tuple[str, ...]] = sorted(
            {("DCC", entry.participant or "-", entry.usage.value) for entry in self.entries()}
        )
        documents: dict[str, bytes] = {}
        below: dict[tuple[str, ...], set[str]] = {(): set()}
        for path in paths:
            keys = ":".join((self.root, *path))
            documents[keys] = self.sign(build_document(keys, self.entries(*path)))
            below[path] = {keys}
            for level in range(len(path)):
                deeper = ":".join((f"{self.root}-ref", *path[: level + 1]))
                below.setdefault(path[:level], set()).add(deeper)
        for path, to in below.items():
            reference = self.references(*path, to=sorted(to))
            documents[reference["id"]] = self.sign(reference)
        return documents

    def remove(self, *countries: str, numbers: Iterable[int | None] = (None, *range(SIGNERS_EACH))) -> None:
        """Take keys off the list, before the next edition."""
        gone = {listed(country, number).kid for country in countries for number in numbers}
        self.keys = [each for each in self.keys if each.kid not in gone]


def served(edition: Edition) -> Bring:
    """Brings the documents of one edition; what is not in it is not there."""
    return lambda did: Fetched(did, edition.get(did))


def with_document(edition: Edition, did: str, data: bytes) -> Edition:
    """The edition with another document in one place."""
    return {**edition, did: data}


def without(edition: Edition, did: str) -> Edition:
    """The edition with one document gone."""
    return {each: data for each, data in edition.items() if each != did}


def body(data: bytes, change: Callable[[Json], object]) -> Json:
    """A document with one change made in place, its proof as it was."""
    document: Json = json.loads(data)
    change(document)
    return document


def under_kid(one: Listed, kid: bytes) -> Listed:
    """The same key under another kid."""
    return replace(one, entry=replace(one.entry, kid=kid))
