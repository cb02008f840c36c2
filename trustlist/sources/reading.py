"""What the sources share: base64 as lists write it, and entries counted as used or rejected."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import MappingProxyType

from credential.errors import NO_DETAIL, DecodeError, DetailValue, Reason
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.x509 import CertificateFacts, read_certificate, read_public_key
from trustlist.errors import ListReason, TrustListError
from trustlist.model import ListEntry, RejectedEntry, Source
from trustlist.snapshot_pack import ListPart

_SPACE = str.maketrans("", "", " \t\r\n")
_REASON_OF = MappingProxyType(
    {
        Reason.CERTIFICATE_TOO_LARGE: ListReason.CERTIFICATE_TOO_LARGE,
        Reason.PUBLIC_KEY_MALFORMED: ListReason.KEY_UNUSABLE,
        Reason.PUBLIC_KEY_UNSUPPORTED: ListReason.KEY_UNSUPPORTED,
    }
)


def decode_base64(text: str, reason: ListReason, **detail: DetailValue) -> bytes:
    """Base64 with its padding; line breaks do not count. Raises `TrustListError` (`reason`)."""
    try:
        data = base64.b64decode(text.translate(_SPACE), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise TrustListError(reason, **detail)
    return data


def read_usable(der: bytes, limits: Limits = DEFAULT_LIMITS) -> CertificateFacts:
    """The facts of a certificate whose key is one; raises `TrustListError` with the reason for an entry of a list."""
    try:
        facts = read_certificate(der, limits)
        read_public_key(der, limits)
    except DecodeError as error:
        reason = _REASON_OF.get(Reason(error.reason), ListReason.CERTIFICATE_UNREADABLE)
        raise TrustListError(reason, cause=error.reason.value) from error
    return facts


@dataclass(slots=True)
class Collected:
    """The entries of one source as they are read."""

    limits: Limits = DEFAULT_LIMITS
    entries: list[ListEntry] = field(default_factory=list)
    rejected: list[RejectedEntry] = field(default_factory=list)
    seen: dict[object, str] = field(default_factory=dict)

    def add(
        self,
        read: Callable[[], ListEntry],
        *,
        position: str,
        kid: object = None,
        participant: str | None = None,
    ) -> ListEntry | None:
        """The entry that `read` gives, or None: then it is among the rejected ones, with what `read` raised.

        An entry that says the same as one before it is rejected too. Raises `TrustListError`
        (`LIST_TOO_MANY_ENTRIES`) when there are too many.
        """
        if len(self.entries) + len(self.rejected) >= self.limits.trust_list_keys:
            raise TrustListError(ListReason.LIST_TOO_MANY_ENTRIES, limit=self.limits.trust_list_keys)
        try:
            entry = read()
            self._require_new(entry)
        except TrustListError as error:
            shown = kid if isinstance(kid, str) else None
            self.rejected.append(RejectedEntry(position, shown, participant, error.reason, error.detail or NO_DETAIL))
            return None
        self.entries.append(entry)
        return entry

    def reject(self, rejected: Iterable[RejectedEntry]) -> None:
        """Entries that were refused before they came here."""
        self.rejected.extend(rejected)

    def part(self, source: Callable[[int], Source], *, pinned: bool) -> ListPart:
        """The whole source; `source` is given the number of its entries."""
        total = len(self.entries) + len(self.rejected)
        return ListPart(source(total), tuple(self.entries), tuple(self.rejected), pinned=pinned)

    def _require_new(self, entry: ListEntry) -> None:
        name = (entry.certificates[:1], entry.public_key, entry.participant, entry.issuer, entry.domain, entry.usage)
        first = self.seen.setdefault((entry.kid, *name), entry.position)
        if first != entry.position:
            raise TrustListError(ListReason.ENTRY_REPEATED, first=first)
