"""Keys as a device bundle states them: without certificates, their chains found when the bundle was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from credential.wire.x509 import CertificateFacts
from trustlist.chain import Chain, ChainStatus
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment, TrustedKey

UNCHAINED = Chain(ChainStatus.ORPHANED, reason=ListReason.SCA_MISSING)
"""The chain of what a bundle says nothing of; no key counts by it."""


class Stated(NamedTuple):
    """What the bundle says in the certificate's stead."""

    chain: Chain
    not_before: int
    """Epoch seconds, as `not_after`; 0 for a bare key."""
    not_after: int
    bare: bool = False
    """Whether the key came without certificate; then it has no dates, no country and no purposes."""
    is_ca: bool = False
    country: str | None = None
    extended_key_usage: tuple[str, ...] = ()
    """The purposes that name groups of health certificates, no others."""


@dataclass(frozen=True)
class BundledKey(TrustedKey):
    """A key of a bundle. Its certificate stayed behind: `facts` raises `TrustListError` (`CERTIFICATE_MISSING`)."""

    stated: Stated = field(kw_only=True)

    @property
    def bare(self) -> bool:
        """Whether it came to the list without certificate."""
        return self.stated.bare

    @cached_property
    def facts(self) -> CertificateFacts:
        """Raises `TrustListError` (`CERTIFICATE_MISSING`)."""
        raise TrustListError(ListReason.CERTIFICATE_MISSING, position=self.position)

    @property
    def country(self) -> str | None:
        """As its certificate says."""
        return self.stated.country

    @property
    def not_before(self) -> int | None:
        """Epoch seconds; None for a bare key."""
        return None if self.bare else self.stated.not_before

    @property
    def not_after(self) -> int | None:
        """Epoch seconds; None for a bare key."""
        return None if self.bare else self.stated.not_after

    def starts_after(self, moment: int) -> bool:
        """Whether its dates begin later than `moment` (epoch seconds)."""
        return not self.bare and moment < self.stated.not_before

    def ended_before(self, moment: int) -> bool:
        """Whether its dates are over at `moment` (epoch seconds)."""
        return not self.bare and moment > self.stated.not_after

    @property
    def extended_key_usage(self) -> tuple[str, ...]:
        """Those of its purposes that say which health certificates it may sign (`credential.usage`)."""
        return self.stated.extended_key_usage

    @property
    def is_ca(self) -> bool:
        """True for the key of a certificate that says CA:TRUE."""
        return self.stated.is_ca


@dataclass(frozen=True)
class BundledTrust:
    """What a verifier asks of trust (`trustlist.trust.Trust`), answered from a bundle."""

    environment: Environment
    created: datetime | None
    """When the oldest of the lists in the bundle was signed."""
    expires: datetime | None
    """When the first of these is over: the bundle, a list in it that says until when it counts."""
    keys: tuple[BundledKey, ...] = field(repr=False)

    @property
    def verified(self) -> bool:
        """True: a bundle is only made of lists whose proof was checked."""
        return True

    def age(self, at: datetime) -> timedelta | None:
        """How old the oldest list is at `at` (timezone-aware); None when there is no list."""
        return None if self.created is None else at - self.created

    def candidates(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """Every key with this kid that may have signed a credential."""
        return self._by_kid.get(kid, ())

    def chain(self, key: TrustedKey) -> Chain:
        """Which SCAs issued `key`, as found when the bundle was made; that of a key from elsewhere is not known."""
        return key.stated.chain if isinstance(key, BundledKey) else UNCHAINED

    @cached_property
    def _by_kid(self) -> Mapping[bytes, tuple[BundledKey, ...]]:
        return _group(self.keys)


def _group(keys: Iterable[BundledKey]) -> Mapping[bytes, tuple[BundledKey, ...]]:
    found: dict[bytes, tuple[BundledKey, ...]] = {}
    for key in keys:
        found[key.kid] = (*found.get(key.kid, ()), key)
    return MappingProxyType(found)
