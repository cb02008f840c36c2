"""The entries of a GDHCN DID document as list entries, each one read or rejected with its reason.

What is rejected never stops the rest. The certificate `x5c[0]` is the key that counts; the JWK beside it must be the
same numbers. The list's kid is taken as it stands, a participant may have chosen its own.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from credential.errors import DecodeError
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.x509 import read_public_key
from trustlist.did_shape import Jwk, WrittenEntry
from trustlist.errors import ListReason, TrustListError
from trustlist.jwk import require_key_of_certificate
from trustlist.model import KeyUsage, ListEntry, RejectedEntry

USAGE_OF_CODE: Mapping[str, KeyUsage] = MappingProxyType(
    {
        "#CSCA": KeyUsage.SCA,
        "#SCA": KeyUsage.SCA,
        "#DSC": KeyUsage.DSC,
        "#DECA": KeyUsage.DECA,
        "#DESC": KeyUsage.DESC,
        "#AUTHENTICATION": KeyUsage.TLS,
        "#TLS": KeyUsage.TLS,
        "#UPLOAD": KeyUsage.UP,
        "#UP": KeyUsage.UP,
    }
)
"""Lists say `#CSCA` where the path and the implementation guide say SCA; both spellings are read."""

_MAX_CERTIFICATES = 8


def read_entries(
    written: Sequence[WrittenEntry], *, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[ListEntry, ...], tuple[RejectedEntry, ...]]:
    """Every written entry on exactly one side, both in the order of the document. Raises nothing."""
    groups: dict[str, list[WrittenEntry]] = {}
    for entry in written:
        groups.setdefault(entry.id, []).append(entry)
    ambiguous = {name for name, group in groups.items() if any(_facts(each) != _facts(group[0]) for each in group)}
    entries: list[ListEntry] = []
    rejected: list[RejectedEntry] = []
    for entry in written:
        try:
            _require_own_id(entry, groups[entry.id][0], ambiguous)
            entries.append(_read_entry(entry, limits))
        except TrustListError as error:
            rejected.append(_rejected(entry, error))
    return tuple(entries), tuple(rejected)


def decode_kid(text: str, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The kid that a list's text stands for: base64 decoded, or the text itself where it is no base64.

    Raises `TrustListError` (`KID_INVALID`) for an empty or overlong one.
    """
    try:
        kid = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        kid = text.encode("utf-8", "surrogatepass")
    if not 0 < len(kid) <= limits.kid_bytes:
        raise TrustListError(ListReason.KID_INVALID, size=len(kid), limit=limits.kid_bytes)
    return kid


def _require_own_id(entry: WrittenEntry, first: WrittenEntry, ambiguous: AbstractSet[str]) -> None:
    """That an entry is the first, or only, one with its id.

    The signed graph holds statements, not entries: it does not cover how often one is repeated, nor which values
    belong together where one id stands for different entries.
    """
    if entry.id in ambiguous:
        raise TrustListError(ListReason.ENTRY_AMBIGUOUS)
    if entry is not first:
        raise TrustListError(ListReason.ENTRY_REPEATED, first=first.position)


def _facts(entry: WrittenEntry) -> tuple[object, ...]:
    return (entry.controller, entry.jwk, entry.domain, entry.participant, entry.usage)


def _read_entry(entry: WrittenEntry, limits: Limits) -> ListEntry:
    usage = USAGE_OF_CODE.get(entry.usage or "")
    if usage is None:
        raise TrustListError(ListReason.USAGE_UNKNOWN)
    kid = entry.jwk.get("kid")
    if not isinstance(kid, str):
        raise TrustListError(ListReason.KID_INVALID)
    certificates = _read_certificates(entry.jwk, limits)
    try:
        key = read_public_key(certificates[0])
    except DecodeError as error:
        raise TrustListError(ListReason.CERTIFICATE_UNREADABLE, cause=str(error.reason)) from error
    require_key_of_certificate(entry.jwk, key)
    return ListEntry(
        kid=decode_kid(kid, limits=limits),
        certificates=certificates,
        participant=_without_hash(entry.participant),
        domain=_without_hash(entry.domain),
        usage=usage,
        position=entry.position,
    )


def _read_certificates(jwk: Jwk, limits: Limits) -> tuple[bytes, ...]:
    texts = jwk.get("x5c", ())
    if isinstance(texts, str) or not texts:
        raise TrustListError(ListReason.CERTIFICATE_MISSING)
    if len(texts) > _MAX_CERTIFICATES:
        raise TrustListError(ListReason.CERTIFICATE_TOO_LARGE, certificates=len(texts), limit=_MAX_CERTIFICATES)
    return tuple(_read_certificate(text, index, limits) for index, text in enumerate(texts))


def _read_certificate(text: str, index: int, limits: Limits) -> bytes:
    try:
        der = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TrustListError(ListReason.CERTIFICATE_UNREADABLE, x5c=index) from error
    if len(der) > limits.certificate_bytes:
        raise TrustListError(ListReason.CERTIFICATE_TOO_LARGE, x5c=index, size=len(der))
    return der


def _rejected(entry: WrittenEntry, error: TrustListError) -> RejectedEntry:
    kid = entry.jwk.get("kid")
    return RejectedEntry(
        position=entry.position,
        kid=kid if isinstance(kid, str) else None,
        participant=_without_hash(entry.participant),
        reason=error.reason,
        detail=error.detail,
    )


def _without_hash(code: str | None) -> str | None:
    return None if code is None else code[1:]
