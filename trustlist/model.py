"""What a trust list says, whatever it was read from: entries, where they came from, and what could not be used.

The words are those of the WHO SMART Trust implementation guide: SCA (signer certificate authority), DSC (document
signer certificate), DECA and DESC (the same pair for document exchange), TLS and UP (a participant's connection and
upload keys). A list names the participant, the domain and the usage of each key; the `kid` is the list's own and is
never recomputed (https://smart.who.int/trust/).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from credential.errors import NO_DETAIL, DecodeError, Detail
from credential.wire.x509 import CertificateFacts, read_certificate, read_public_key
from credential.wire.x509_key import KeyFacts, describe_key_info, read_key_info
from credential.wire.x509_problem import CertificateProblem
from trustlist.errors import ListReason, TrustListError


class KeyUsage(StrEnum):
    """What a listed key is for."""

    SCA = "SCA"
    DSC = "DSC"
    DECA = "DECA"
    DESC = "DESC"
    TLS = "TLS"
    UP = "UP"


class Environment(StrEnum):
    """Which network a list belongs to; keys of different environments are never held together."""

    PRODUCTION = "production"
    ACCEPTANCE = "acceptance"
    DEVELOPMENT = "development"
    PRIVATE = "private"


HEALTH_CARDS = "SHC"
"""Trust domain of keys from issuers' own key sets: they sign SMART Health Cards and nothing else."""
TRAVEL_DOCUMENTS = "ICAO"
"""Trust domain of passport authorities (CSCA): a framework of its own, whose members are participants too."""

_HOSTS = MappingProxyType(
    {
        "tng-cdn.who.int": Environment.PRODUCTION,
        "tng-cdn-uat.who.int": Environment.ACCEPTANCE,
        "tng-cdn-dev.who.int": Environment.DEVELOPMENT,
    }
)


def environment_of(did: str) -> Environment:
    """The environment of a `did:web:` identifier by its host; every host that is not WHO's is a private network."""
    parts = did.split(":")
    is_web = len(parts) >= 3 and parts[0] == "did" and parts[1] == "web"
    host = parts[2].split("#")[0].lower() if is_web else ""
    return _HOSTS.get(host, Environment.PRIVATE)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry as its source states it; nothing of it has been parsed or checked yet."""

    kid: bytes
    """The list's key identifier, decoded from base64, never recomputed."""
    certificates: tuple[bytes, ...]
    """DER: the key's own certificate first, then its issuer if the list carries it (`x5c`). Empty for a bare key."""
    participant: str | None
    """The list's code, such as `XXA`; None where the source names no participant."""
    domain: str | None
    """Such as `DCC`; an open set. None where the source names none."""
    usage: KeyUsage
    position: str
    """Where it stood, for reports: `verificationMethod[17]` or a file name."""
    public_key: bytes | None = None
    """A bare key, one that comes without certificate: its SubjectPublicKeyInfo in DER. None beside certificates."""
    issuer: str | None = None
    """The URL of the issuer whose own key set holds the key, in place of a participant: it signs for this one only."""
    crl_version: int | None = None
    """How often the issuer has changed its list of withdrawn cards for this key (`crlVersion`, SMART Health Cards)."""


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """One entry that cannot be used at all, and why."""

    position: str
    kid: str | None
    """The key identifier as the source wrote it, if there is one."""
    participant: str | None
    reason: ListReason
    detail: Detail = field(default_factory=lambda: NO_DETAIL)  # a mapping proxy has no hash before Python 3.12


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries came from."""

    name: str
    """The DID of the document, or the name given to a set of certificates."""
    kind: str
    """What sort of source it was, `did-v2-embedded` for example: `KIND` of the module in `trustlist.sources`."""
    environment: Environment
    created: datetime | None
    """When the list was signed (the proof's `created`); None for certificates that were simply handed over."""
    entries: int
    """How many entries the source had, used and rejected together."""
    expires: datetime | None = None
    """Until when the list counts, for the few sorts that say so."""
    verified: bool = True
    """False for a list that was read to be looked at, its proof not checked; none of its keys vouches for anything."""


@dataclass(frozen=True)
class TrustedKey:
    """One key of a snapshot. Its certificate and public key are parsed when first asked for, then kept.

    A bare key has no certificate, and so no dates, no country and no restriction of its own. Every attribute that
    needs the certificate raises `TrustListError` (`CERTIFICATE_UNREADABLE`, `KEY_UNUSABLE`) if it cannot be read.
    """

    kid: bytes
    certificate: bytes
    """DER; empty for a bare key."""
    participant: str | None
    domain: str | None
    usage: KeyUsage
    pinned: bool
    """True for a certificate that was handed over as trusted, False for one that a list brought."""
    source: Source
    position: str
    public_key_info: bytes | None = None
    """SubjectPublicKeyInfo (DER) of a bare key."""
    issuer: str | None = None
    """The one issuer (URL) that the key signs for; None for a participant's."""
    crl_version: int | None = None

    @property
    def bare(self) -> bool:
        """Whether it came without certificate."""
        return self.public_key_info is not None

    @property
    def environment(self) -> Environment:
        """The network whose list brought this key."""
        return self.source.environment

    @cached_property
    def facts(self) -> CertificateFacts:
        """What the certificate says; raises `TrustListError` (`CERTIFICATE_MISSING`) for a bare key."""
        if self.bare:
            raise TrustListError(ListReason.CERTIFICATE_MISSING, position=self.position)
        try:
            return read_certificate(self.certificate)
        except DecodeError as error:
            raise TrustListError(
                ListReason.CERTIFICATE_UNREADABLE, position=self.position, cause=str(error.reason)
            ) from error

    @cached_property
    def public_key(self) -> PublicKeyTypes:
        """The key, ready to check signatures with."""
        try:
            if self.public_key_info is not None:
                return read_key_info(self.public_key_info)
            return read_public_key(self.certificate)
        except DecodeError as error:
            raise TrustListError(ListReason.KEY_UNUSABLE, position=self.position, cause=str(error.reason)) from error

    @cached_property
    def key_facts(self) -> KeyFacts:
        """What kind of key it is, with a certificate or without."""
        if self.public_key_info is None:
            weak = CertificateProblem.KEY_TOO_WEAK if CertificateProblem.KEY_TOO_WEAK in self.facts.problems else None
            return KeyFacts(self.facts.key_kind, self.facts.key_detail, weak)
        try:
            return describe_key_info(self.public_key_info)
        except DecodeError as error:
            raise TrustListError(ListReason.KEY_UNUSABLE, position=self.position, cause=str(error.reason)) from error

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-2 (or a virtual code) from the subject's one C; None when absent or several."""
        return None if self.bare else self.facts.country

    @property
    def not_before(self) -> int | None:
        """Epoch seconds; None for a bare key, which has no dates."""
        return None if self.bare else self.facts.not_before

    @property
    def not_after(self) -> int | None:
        """Epoch seconds; the certificate is still in date in this very second. None for a bare key."""
        return None if self.bare else self.facts.not_after

    def starts_after(self, moment: int) -> bool:
        """Whether its dates begin later than `moment` (epoch seconds)."""
        return not self.bare and moment < self.facts.not_before

    def ended_before(self, moment: int) -> bool:
        """Whether its dates are over at `moment` (epoch seconds)."""
        return not self.bare and moment > self.facts.not_after

    @property
    def extended_key_usage(self) -> tuple[str, ...]:
        """Dotted OIDs; empty when the certificate restricts nothing."""
        return () if self.bare else self.facts.extended_key_usage

    @property
    def is_ca(self) -> bool:
        """True for a certificate that says CA:TRUE; such a key does not sign credentials."""
        return not self.bare and self.facts.is_ca
