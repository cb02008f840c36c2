"""What tests of the ledger share: keys, entries, logs in memory, and trees computed the slow way round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import Checkpoint, Ed25519Signer, Entry, KeyKind, LedgerError, LedgerReason, LogKeys, TileTree, tiles_of
from ledger.growth import EMPTY_EDGE, Edge, grow

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "log.example/trust"


def signer(name: str = ORIGIN, kind: KeyKind = KeyKind.ED25519) -> Ed25519Signer:
    """The same key each time for one name and kind."""
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(sha256(f"{name} {kind}".encode()).digest()), kind)


SIGNER = signer()
KEYS = LogKeys(ORIGIN, (SIGNER.key,))


def entry(number: int, kind: str = "key.added") -> Entry:
    """One entry; different numbers give different ones."""
    return Entry(kind, AT, "XXA", f"dsc:{number:08x}", {"number": number})


def entries(start: int, end: int) -> list[Entry]:
    """The entries of these numbers."""
    return [entry(number) for number in range(start, end)]


def reason_of(work: Callable[[], object]) -> LedgerReason:
    """Why `work` is refused."""
    with pytest.raises(LedgerError) as caught:
        work()
    return caught.value.reason


T = TypeVar("T")


def outcome(work: Callable[[], T]) -> T | LedgerReason:
    """What `work` gives, or why it is refused; any other error is a failure of the test."""
    try:
        return work()
    except LedgerError as error:
        return error.reason


class NaiveTree:
    """The definitions of RFC 6962 §2.1, word for word, over all the leaves."""

    def __init__(self, data: Sequence[bytes]) -> None:
        self.data = data
        self.hash = cache(self._hash)

    def _hash(self, start: int, end: int) -> bytes:
        """MTH(D[start:end])."""
        if end == start:
            return sha256(b"").digest()
        if end - start == 1:
            return sha256(b"\x00" + self.data[start]).digest()
        middle = start + self.split(end - start)
        return sha256(b"\x01" + self.hash(start, middle) + self.hash(middle, end)).digest()

    def root(self, size: int) -> bytes:
        """MTH(D[0:size])."""
        return self.hash(0, size)

    def path(self, index: int, start: int, end: int) -> tuple[bytes, ...]:
        """PATH(index, D[start:end]), `index` counted from the beginning of the log."""
        if end - start == 1:
            return ()
        middle = start + self.split(end - start)
        if index < middle:
            return (*self.path(index, start, middle), self.hash(middle, end))
        return (*self.path(index, middle, end), self.hash(start, middle))

    def proof(self, first: int, second: int) -> tuple[bytes, ...]:
        """PROOF(first, D[0:second])."""
        return self._subproof(first, 0, second, whole=True)

    def _subproof(self, first: int, start: int, end: int, *, whole: bool) -> tuple[bytes, ...]:
        if first == end:
            return () if whole else (self.hash(start, end),)
        middle = start + self.split(end - start)
        if first <= middle:
            return (*self._subproof(first, start, middle, whole=whole), self.hash(middle, end))
        return (*self._subproof(first, middle, end, whole=False), self.hash(start, middle))

    def subtree(self, height: int, index: int) -> bytes:
        """What the makers of proofs ask for."""
        return self.hash(index << height, (index + 1) << height)

    @staticmethod
    def split(size: int) -> int:
        """The largest power of two smaller than `size`."""
        power = 1
        while power * 2 < size:
            power *= 2
        return power


@dataclass
class MemoryLog:
    """A log whose files are in a dictionary, as a web server would hold them."""

    files: dict[str, bytes] = field(default_factory=dict)
    edge: Edge = EMPTY_EDGE

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.edge.frontier.size

    def add(self, data: Iterable[bytes]) -> None:
        """Grow; no file may ever change."""
        growth = grow(self.edge, list(data))
        for tile, content in growth.files:
            assert tile.path not in self.files
            self.files[tile.path] = content
        self.edge = growth.edge

    def needed(self) -> list[str]:
        """The paths that a reader of the newest state needs."""
        return [tile.path for tile in tiles_of(self.size)]

    def read(self, path: str) -> bytes:
        """One file."""
        if path not in self.files:
            raise LedgerError(LedgerReason.TILE_MISSING, path=path)
        return self.files[path]

    def tree(self) -> TileTree:
        """The newest state, read from the files alone."""
        return TileTree(self.read, self.size, self.edge.frontier.root())

    def checkpoint(self, origin: str = ORIGIN) -> Checkpoint:
        """The newest head."""
        return Checkpoint(origin, self.size, self.edge.frontier.root())


def data_of(size: int) -> list[bytes]:
    """The bytes of `size` different leaves, of different lengths."""
    return [b"%d," % number * (1 + number % 3) for number in range(size)]
