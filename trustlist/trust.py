"""What a verifier asks of the keys that it trusts: a snapshot answers it, and so does a device bundle."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from trustlist.chain import Chain
from trustlist.model import Environment, TrustedKey


class Trust(Protocol):
    """Keys of one network, looked up by `kid`; each member is as `TrustSnapshot` describes it."""

    @property
    def environment(self) -> Environment:
        """The network that all keys belong to."""
        ...

    @property
    def created(self) -> datetime | None:
        """When the oldest of the lists was signed; None when there is no list."""
        ...

    @property
    def expires(self) -> datetime | None:
        """Until when the keys count, where something says so."""
        ...

    @property
    def verified(self) -> bool:
        """Whether somebody vouches for the keys."""
        ...

    def age(self, at: datetime) -> timedelta | None:
        """How old the oldest list is at `at` (timezone-aware); None when there is no list."""
        ...

    def candidates(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """Every key with this kid that may have signed a credential."""
        ...

    def chain(self, key: TrustedKey) -> Chain:
        """Which SCAs of its participant issued a key that `candidates` gave."""
        ...
