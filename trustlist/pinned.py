"""Certificates that are trusted by being handed over, as one source of a snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from credential.errors import DecodeError, Reason
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.x509 import read_certificate, read_public_key
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment, KeyUsage, ListEntry, RejectedEntry, Source
from trustlist.snapshot_pack import ListPart

CERTIFICATES = "certificates"
"""Kind of such a source, and its name where it has no better one."""

_REASON_OF = MappingProxyType(
    {
        Reason.CERTIFICATE_TOO_LARGE: ListReason.CERTIFICATE_TOO_LARGE,
        Reason.PUBLIC_KEY_MALFORMED: ListReason.KEY_UNUSABLE,
        Reason.PUBLIC_KEY_UNSUPPORTED: ListReason.KEY_UNSUPPORTED,
    }
)


@dataclass(frozen=True, slots=True)
class PinnedAs:
    """What is said of handed-over certificates beside what stands in them."""

    participant: str | None = None
    """Certificates of one participant form chains with each other; None is one more such group."""
    domain: str | None = None
    environment: Environment = Environment.PRIVATE
    name: str = CERTIFICATES


def pin_certificates(
    certificates: Iterable[tuple[str, bytes]],
    said: PinnedAs,
    *,
    rejected: Iterable[RejectedEntry] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> ListPart:
    """A source of these certificates (position and DER), beside entries that were `rejected` before.

    The kid is HCERT's, the usage SCA for a certificate that says CA:TRUE and else DSC. A certificate that cannot be
    read, or comes twice, is rejected. Raises `TrustListError` (`LIST_TOO_MANY_ENTRIES`).
    """
    entries: list[ListEntry] = []
    refused = list(rejected)
    seen: dict[bytes, str] = {}
    for position, der in certificates:
        if len(entries) + len(refused) >= limits.trust_list_keys:
            raise TrustListError(ListReason.LIST_TOO_MANY_ENTRIES, limit=limits.trust_list_keys)
        if der in seen:
            refused.append(reject(position, said, ListReason.ENTRY_REPEATED, first=seen[der]))
            continue
        seen[der] = position
        try:
            entries.append(_read(position, der, said, limits))
        except DecodeError as error:
            reason = _REASON_OF.get(Reason(error.reason), ListReason.CERTIFICATE_UNREADABLE)
            refused.append(reject(position, said, reason, cause=error.reason.value))
    source = Source(said.name, CERTIFICATES, said.environment, None, len(entries) + len(refused))
    return ListPart(source, tuple(entries), tuple(refused), pinned=True)


def reject(position: str, said: PinnedAs, reason: ListReason, **detail: str) -> RejectedEntry:
    """The entry for something that was to be pinned and cannot be."""
    return RejectedEntry(position, None, said.participant, reason, MappingProxyType(dict(detail)))


def _read(position: str, der: bytes, said: PinnedAs, limits: Limits) -> ListEntry:
    facts = read_certificate(der, limits)
    read_public_key(der, limits)
    usage = KeyUsage.SCA if facts.is_ca else KeyUsage.DSC
    return ListEntry(facts.kid, (der,), said.participant, said.domain, usage, position)
