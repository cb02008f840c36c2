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
    """DER: the key's own certificate first, then its issuer if the list carries it (`x5c`). Never empty."""
    participant: str | None
    """The list's code, such as `XXA`; None where the source names no participant."""
    domain: str | None
    """Such as `DCC`; an open set. None where the source names none."""
    usage: KeyUsage
    position: str
    """Where it stood, for reports: `verificationMethod[17]` or a file name."""


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
    """`did-v2-embedded` or `certificates`."""
    environment: Environment
    created: datetime | None
    """When the list was signed (the proof's `created`); None for certificates that were simply handed over."""
    entries: int
    """How many entries the source had, used and rejected together."""


@dataclass(frozen=True)
class TrustedKey:
    """One key of a snapshot. Its certificate and public key are parsed when first asked for, then kept.

    Every attribute that needs the certificate raises `TrustListError` (`CERTIFICATE_UNREADABLE`, `KEY_UNUSABLE`)
    if it cannot be read.
    """

    kid: bytes
    certificate: bytes
    """DER."""
    participant: str | None
    domain: str | None
    usage: KeyUsage
    pinned: bool
    """True for a certificate that was handed over as trusted, False for one that a list brought."""
    source: Source
    position: str

    @property
    def environment(self) -> Environment:
        """The network whose list brought this key."""
        return self.source.environment

    @cached_property
    def facts(self) -> CertificateFacts:
        """What the certificate says."""
        try:
            return read_certificate(self.certificate)
        except DecodeError as error:
            raise TrustListError(
                ListReason.CERTIFICATE_UNREADABLE, position=self.position, cause=str(error.reason)
            ) from error

    @cached_property
    def public_key(self) -> PublicKeyTypes:
        """The certificate's key, ready to check signatures with."""
        try:
            return read_public_key(self.certificate)
        except DecodeError as error:
            raise TrustListError(ListReason.KEY_UNUSABLE, position=self.position, cause=str(error.reason)) from error

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-2 (or a virtual code) from the subject's one C; None when absent or several."""
        return self.facts.country

    @property
    def not_before(self) -> int:
        """Epoch seconds."""
        return self.facts.not_before

    @property
    def not_after(self) -> int:
        """Epoch seconds; the certificate is still in date in this very second."""
        return self.facts.not_after

    @property
    def extended_key_usage(self) -> tuple[str, ...]:
        """Dotted OIDs; empty when the certificate restricts nothing."""
        return self.facts.extended_key_usage

    @property
    def is_ca(self) -> bool:
        """True for a certificate that says CA:TRUE; such a key does not sign credentials."""
        return self.facts.is_ca
