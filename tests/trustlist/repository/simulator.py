"""A repository in memory, with custodians who sign, a publisher, a server that can be made to lie, and a client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trustlist.errors import ListReason, TrustListError
from trustlist.repository import (
    Publisher,
    RepositoryKeys,
    assemble,
    draft_root,
    draft_targets,
    sign_metadata,
    signer_of,
)
from trustlist.repository.making import newest_root
from trustlist.repository.roles import RolePrivateKey
from trustlist.repository.store import Repository

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LIST = "v2/trustlist/did.json"
DCC = "v2/trustlist/DCC/did.json"
FIRST = {LIST: b"one", DCC: b"dcc"}
SECOND = {LIST: b"two", DCC: b"dcc"}
THIRD = {LIST: b"three", DCC: b"dcc 3"}


@cache
def key(name: str) -> RolePrivateKey:
    """The key of this name: Ed25519, whose signatures are all of one length, but for "another" and custodian "c"."""
    return ec.generate_private_key(ec.SECP256R1()) if name in {"another", "c"} else Ed25519PrivateKey.generate()


def keys_of(custodians: Iterable[str] = "abc", online: str = "online", threshold: int = 2) -> RepositoryKeys:
    public = [key(name).public_key() for name in custodians]
    return RepositoryKeys.of(public, key(online).public_key(), threshold=threshold)


def publisher_at(at: datetime, online: str = "online") -> Publisher:
    return Publisher((signer_of(key(online)),), at)


def signed_by(data: bytes, names: Iterable[str]) -> bytes:
    return sign_metadata(data, [signer_of(key(name)) for name in names])


@dataclass
class Simulator:
    """One network's repository and its server."""

    published: Mapping[str, bytes] = field(default_factory=dict)
    """The true state."""
    served: dict[str, bytes] = field(default_factory=dict)
    """What the server gives."""
    endless: str = ""
    """The path at which the server never stops."""
    asked: list[str] = field(default_factory=list)
    online: str = "online"
    states: list[Mapping[str, bytes]] = field(default_factory=list)
    """Everything that was ever published."""

    @classmethod
    def started(cls) -> Simulator:
        simulator = cls()
        simulator.publish(FIRST, START, root=signed_by(draft_root(keys_of(), at=START), "ab"))
        return simulator

    @property
    def first_root(self) -> bytes:
        return self.published["metadata/1.root.json"]

    def publish(
        self, files: Mapping[str, bytes], at: datetime, *, custodians: str = "ab", root: bytes | None = None
    ) -> None:
        """Publish these files, signed by these custodians where that is needed, and serve them."""
        targets = draft_targets(self.published, files, at=at, root=root)
        signed = [] if targets is None else [signed_by(targets, custodians)]
        publisher = publisher_at(at, self.online)
        self.published = assemble(
            self.published, files, publisher=publisher, signed=[*signed, *([] if root is None else [root])]
        )
        self.served = dict(self.published)
        self.states.append(self.published)

    def rotate(self, keys: RepositoryKeys, signers: str, at: datetime) -> bytes:
        """The next root, signed by these custodians."""
        return signed_by(draft_root(keys, at=at, previous=newest_root(self.published)), signers)

    def fetch(self, path: str) -> Iterator[bytes]:
        self.asked.append(path)
        if path == self.endless:
            while True:
                yield b" " * 4096
        if path not in self.served:
            raise TrustListError(ListReason.LIST_NOT_FOUND)
        yield self.served[path]

    def client(self, folder: Path) -> Repository:
        return Repository(folder, root=self.first_root, fetch=self.fetch)
