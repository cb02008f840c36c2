"""What a store of lists remembers: whose key is pinned, which lists are in use, which were seen, which one waits.

A state is one frozen value; written, it is canonical JSON (sorted members, no white space), and only the very bytes
that writing it gives are read back. What it names by digest, the lists and the snapshot made of them, lies beside it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from trustlist.did import PinnedKey
from trustlist.jwk import p256_key
from trustlist.model import Environment


@dataclass(frozen=True, slots=True)
class Signer:
    """A pinned key as it is written down; P-256."""

    method: str
    """The DID of the key, as proofs name it."""
    x: str
    y: str
    """Coordinates, base64url, 32 bytes each."""

    @classmethod
    def of(cls, key: PinnedKey) -> Signer:
        """The written form of a key."""
        numbers = key.public_key.public_numbers()
        return cls(key.verification_method, _coordinate(numbers.x), _coordinate(numbers.y))

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the key as RFC 7638 has it, in hexadecimal: what people compare."""
        return hashlib.sha256(_canonical(self._jwk())).hexdigest()

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The key. Raises `TrustListError` (`KEY_MALFORMED`) for coordinates of no point."""
        return p256_key(self._jwk())

    def pinned(self, environment: Environment) -> PinnedKey:
        """The key, to check proofs with. Raises `TrustListError` as `public_key`."""
        return PinnedKey(self.method, environment, self.public_key())

    def _jwk(self) -> dict[str, str]:
        return {"crv": "P-256", "kty": "EC", "x": self.x, "y": self.y}


@dataclass(frozen=True, slots=True)
class HeldList:
    """One list that was verified, and lies in the store under its digest."""

    did: str
    created: datetime
    """When it says that it was signed, UTC."""
    digest: str
    """SHA-256 of its bytes, hexadecimal."""
    size: int
    """Bytes."""
    signer: str
    """Thumbprint of the key that its proof was verified with."""
    etag: str | None = None
    """What its server called this version of it (RFC 9110 §8.8.3)."""


@dataclass(frozen=True, slots=True)
class SeenList:
    """The newest version of a list that was ever verified, whether it came into use or not."""

    did: str
    created: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lists that were verified and wait for a person, because of what they would take away."""

    digest: str
    """What a person confirms: these lists, in the place of those in use now. Hexadecimal."""
    since: datetime
    lists: tuple[str, ...]
    documents: tuple[HeldList, ...]
    usable_keys: int
    """Keys that sign credentials now."""
    lost_keys: int
    """Those of them that would no longer."""
    participants: int
    lost_participants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Everything that one store remembers; all its lists are of one environment."""

    environment: Environment
    signer: Signer
    former: tuple[Signer, ...] = ()
    """Signers that were pinned before, as long as a list in use was verified with their key."""
    lists: tuple[str, ...] = ()
    """The DIDs that are asked for; what they refer to is not named here."""
    documents: tuple[HeldList, ...] = ()
    """In use, in the order in which they were taken in."""
    snapshot: str | None = None
    """Digest of the snapshot of all `documents` together, hexadecimal; None before the first update."""
    seen: tuple[SeenList, ...] = ()
    """By DID."""
    taken: datetime | None = None
    """When `documents` came into use."""
    checked: datetime | None = None
    """When an update last found that they are the newest there are."""
    waiting: Waiting | None = None

    def seen_of(self, did: str) -> SeenList | None:
        """The newest version of a list that was ever verified."""
        return next((each for each in self.seen if each.did == did), None)

    @property
    def files(self) -> frozenset[str]:
        """Digests of all lists that this state needs."""
        waiting = self.waiting.documents if self.waiting else ()
        return frozenset(held.digest for held in (*self.documents, *waiting))


def proposal_digest(before: tuple[HeldList, ...], after: tuple[HeldList, ...]) -> str:
    """What names a step from these lists to those, hexadecimal; nothing else can be confirmed with it."""
    step = [[[held.did, held.digest] for held in lists] for lists in (before, after)]
    return hashlib.sha256(b"pratique trust step 1\n" + _canonical(step)).hexdigest()


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode("ascii")


def _canonical(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode("ascii")
