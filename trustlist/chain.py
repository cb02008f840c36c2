"""Who issued a document signer: the SCAs of its own participant whose signature it carries.

An SCA is looked for among those of the same participant, in any of its domains, and never among those of another:
one participant must not be able to vouch for signers of another (WHO SMART Trust, PKI requirements). It is found by
key identifier or by name, and only its signature counts as proof; real signers have the name of their SCA with the
identifier of a renewed one, and template names that many SCAs share.

Two sorts of certificate count as SCA of a participant. One is listed with usage SCA: that is the network operator's
statement, and it holds even for the few whose certificate does not say CA:TRUE. The other stands in `x5c` behind a
DSC: the operator's signature over the list covers `x5c` as well, so it is the operator's statement too, but it says
less about the certificate itself, which therefore has to say CA:TRUE.

Dates are not looked at: under the shell model they are judged at the moment of verification, by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from credential.wire.x509 import CertificateFacts, Issuance, check_issued
from trustlist.errors import ListReason, TrustListError
from trustlist.model import TRAVEL_DOCUMENTS, TrustedKey


class ChainStatus(StrEnum):
    """What is known about who issued a key."""

    PINNED = "pinned"
    """No SCA is there, and none is needed: the certificate was handed over as trusted, or the key is a bare one."""
    CHAINED = "chained"
    """At least one SCA of the participant issued it."""
    ORPHANED = "orphaned"
    """A list names the key, but not the SCA that issued it."""
    BAD_SIGNATURE = "bad-signature"
    """The SCA that it claims is there, and did not sign it, or not strongly enough to count."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a key stands; `authorities` are those whose signature holds, each with its dates."""

    status: ChainStatus
    authorities: tuple[TrustedKey, ...] = ()
    reason: ListReason | None = None
    """Why there is no authority; None for `PINNED` and `CHAINED`."""


@dataclass(frozen=True, slots=True)
class AuthorityPool:
    """The SCAs of one participant, by what a certificate may say of its issuer."""

    by_identifier: Mapping[bytes, tuple[TrustedKey, ...]]
    by_name: Mapping[bytes, tuple[TrustedKey, ...]]

    def claimed_by(self, facts: CertificateFacts) -> tuple[TrustedKey, ...]:
        """Every SCA that this certificate may mean, those with its authority key identifier first."""
        identified = self.by_identifier.get(facts.authority_key_identifier or b"", ())
        named = self.by_name.get(facts.issuer_name, ())
        return (*identified, *(key for key in named if key not in identified))


NO_AUTHORITIES = AuthorityPool(MappingProxyType({}), MappingProxyType({}))


def make_pool(authorities: Iterable[TrustedKey]) -> AuthorityPool:
    """A pool of these SCAs; one whose certificate cannot be read issued nothing that could be checked."""
    by_identifier: dict[bytes, list[TrustedKey]] = {}
    by_name: dict[bytes, list[TrustedKey]] = {}
    for key in authorities:
        try:
            facts = key.facts
        except TrustListError:
            continue
        by_name.setdefault(facts.subject_name, []).append(key)
        if facts.subject_key_identifier:
            by_identifier.setdefault(facts.subject_key_identifier, []).append(key)
    return AuthorityPool(
        MappingProxyType({identifier: tuple(keys) for identifier, keys in by_identifier.items()}),
        MappingProxyType({name: tuple(keys) for name, keys in by_name.items()}),
    )


def find_chain(key: TrustedKey, pool: AuthorityPool) -> Chain:
    """Which SCAs of `pool` issued `key`. Raises `TrustListError` if the key's certificate cannot be read."""
    if key.bare:
        return Chain(ChainStatus.PINNED)
    claimed = [each for each in pool.claimed_by(key.facts) if _is_of_one_framework(each, key)]
    found = [(each, check_issued(key.certificate, each.certificate)) for each in claimed]
    holding = tuple(each for each, issuance in found if issuance is Issuance.HOLDS)
    if holding:
        return Chain(ChainStatus.CHAINED, holding)
    if any(issuance is Issuance.WEAK for _, issuance in found):
        return Chain(ChainStatus.BAD_SIGNATURE, reason=ListReason.SCA_SIGNATURE_WEAK)
    if any(_is_meant(each, key.facts) for each, _ in found):
        return Chain(ChainStatus.BAD_SIGNATURE, reason=ListReason.SCA_SIGNATURE_INVALID)
    if key.pinned:
        return Chain(ChainStatus.PINNED)
    return Chain(ChainStatus.ORPHANED, reason=ListReason.SCA_MISSING)


def _is_of_one_framework(authority: TrustedKey, key: TrustedKey) -> bool:
    """The passport authorities of a state stand above its travel documents only, all others above each other's."""
    return (authority.domain == TRAVEL_DOCUMENTS) is (key.domain == TRAVEL_DOCUMENTS)


def _is_meant(authority: TrustedKey, facts: CertificateFacts) -> bool:
    """Whether the certificate says that this SCA issued it.

    The same name with another key identifier is another SCA of that name, which need not be here.
    """
    mine, theirs = facts.authority_key_identifier, authority.facts.subject_key_identifier
    return not mine or not theirs or mine == theirs
