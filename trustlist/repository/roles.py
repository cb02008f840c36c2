"""Who signs what in a repository, how many must, and how long it counts (TUF specification §2.1, §4.3).

Root says whose word counts; targets says which files there are. Both are for custodians whose keys lie offline, and
two of them have to sign. Snapshot and timestamp are signed by the machine that publishes, again and again, so that a
client sees when it is being held back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, Signer, SSlibKey

from trustlist.errors import ListReason, TrustListError

RolePrivateKey: TypeAlias = Ed25519PrivateKey | EllipticCurvePrivateKey
RolePublicKey: TypeAlias = Ed25519PublicKey | EllipticCurvePublicKey


class Role(StrEnum):
    """The four roles that every repository has."""

    ROOT = "root"
    TARGETS = "targets"
    SNAPSHOT = "snapshot"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class RoleKeys:
    """The keys of a role, and how many of them must have signed."""

    keys: tuple[RolePublicKey, ...]
    threshold: int = 1

    def __post_init__(self) -> None:
        different = {sslib_key(key).keyid for key in self.keys}
        if len(different) != len(self.keys) or not 1 <= self.threshold <= len(self.keys):
            raise TrustListError(ListReason.REPOSITORY_SIGNATURES, keys=len(different), needed=self.threshold)


@dataclass(frozen=True, slots=True)
class RepositoryKeys:
    """Whose signature counts for what."""

    root: RoleKeys
    targets: RoleKeys
    snapshot: RoleKeys
    timestamp: RoleKeys

    @classmethod
    def of(cls, custodians: Iterable[RolePublicKey], online: RolePublicKey, *, threshold: int = 2) -> RepositoryKeys:
        """The usual form: custodians sign root and targets, one key on the publishing machine the rest.

        Raises `TrustListError` (`REPOSITORY_SIGNATURES`) if there are fewer custodians than must sign.
        """
        offline, publisher = RoleKeys(tuple(custodians), threshold), RoleKeys((online,))
        return cls(root=offline, targets=offline, snapshot=publisher, timestamp=publisher)

    def by_role(self) -> Mapping[Role, RoleKeys]:
        """The keys of each role."""
        return {role: getattr(self, role.value) for role in Role}


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long what is signed counts. It is signed anew once less than half of that is left."""

    root: timedelta = timedelta(days=365)
    targets: timedelta = timedelta(days=90)
    snapshot: timedelta = timedelta(days=14)
    timestamp: timedelta = timedelta(days=2)
    """Also how long a client can be held back without noticing."""


DEFAULT_LIFETIMES = Lifetimes()


@dataclass(frozen=True, slots=True)
class Publisher:
    """The machine that publishes: its signers, for snapshot and timestamp, and its clock."""

    signers: tuple[Signer, ...]
    at: datetime
    """Timezone-aware."""
    lifetimes: Lifetimes = DEFAULT_LIFETIMES


def sslib_key(key: RolePublicKey) -> SSlibKey:
    """A public key as the library has it. Raises `TrustListError` (`KEY_UNSUPPORTED`)."""
    if isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP256R1):
        raise TrustListError(ListReason.KEY_UNSUPPORTED, kind=key.curve.name)
    return SSlibKey.from_crypto(key)


def signer_of(key: RolePrivateKey) -> Signer:
    """Something that signs metadata with a private key: Ed25519, or P-256. Raises `TrustListError`."""
    return CryptoSigner(key, sslib_key(key.public_key()))
