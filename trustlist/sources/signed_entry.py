"""One certificate that comes with the signature of whoever vouches for it (CMS), as the network's gateway keeps them.

Only the certificate is signed. What kind of certificate it is, whose, and under which kid it is listed is the word of
the gateway or of the folder it lies in; the country is checked against the certificate itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from credential.errors import DecodeError, Reason
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.cms import verify_cms
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry
from trustlist.participants import participant_of
from trustlist.sources.reading import decode_base64, read_usable

COUNTRY_FREE = frozenset({KeyUsage.DESC})
"""Usages whose certificates need not name the participant's country: the gateway does not ask it of them."""


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """One row of such a list: texts as written."""

    position: str
    usage: KeyUsage
    country: str
    """ISO 3166-1 alpha-2 or a virtual code."""
    certificate: str
    """Base64 of the DER."""
    signature: str
    """Base64 of the CMS, attached or detached, DER or BER."""
    thumbprint: str | None
    """SHA-256 of the DER in hexadecimal, where the list states it."""
    domain: str | None

    @property
    def participant(self) -> str:
        """The code under which the network lists this country; two letters that stand for nobody are left so."""
        return participant_of(self.country) or self.country.upper()


def verify_entry(
    row: SignedEntry, *, kid: bytes | None, pinned: Collection[bytes], limits: Limits = DEFAULT_LIMITS
) -> ListEntry:
    """The entry, once its signature holds over this very certificate; without `kid` HCERT's.

    `pinned` are the fingerprints of those who may vouch for it. Raises `TrustListError`: `ENTRY_SIGNER_UNKNOWN`,
    `ENTRY_SIGNATURE_INVALID`, `THUMBPRINT_DIFFERS`, `COUNTRY_DIFFERS`, or why the certificate cannot be used.
    """
    der = decode_base64(row.certificate, ListReason.CERTIFICATE_UNREADABLE)
    if row.thumbprint is not None and row.thumbprint.lower() != hashlib.sha256(der).hexdigest():
        raise TrustListError(ListReason.THUMBPRINT_DIFFERS)
    facts = read_usable(der, limits)
    if row.usage not in COUNTRY_FREE and facts.country != row.country.upper():
        raise TrustListError(ListReason.COUNTRY_DIFFERS, listed=row.country.upper(), certificate=facts.country)
    _require_signature(row, der, pinned, limits)
    return ListEntry(
        kid=kid or facts.kid,
        certificates=(der,),
        participant=row.participant,
        domain=row.domain,
        usage=row.usage,
        position=row.position,
    )


def _require_signature(row: SignedEntry, der: bytes, pinned: Collection[bytes], limits: Limits) -> None:
    message = decode_base64(row.signature, ListReason.ENTRY_SIGNATURE_INVALID)
    try:
        verify_cms(message, pinned=pinned, content=der, limits=limits)
    except DecodeError as error:
        unknown = error.reason is Reason.CMS_SIGNER_UNKNOWN
        reason = ListReason.ENTRY_SIGNER_UNKNOWN if unknown else ListReason.ENTRY_SIGNATURE_INVALID
        raise TrustListError(reason, cause=error.reason.value) from error
