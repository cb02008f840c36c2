"""Passport authorities (CSCA) as authorities of their states: certificates, and master lists of them.

Health seals in the form of travel documents (ICAO VDS-NC) are signed under the same authorities as passports. A state
hands its certificates over, or a master list brings those of many: a signed message (CMS) over a set of certificates,
from a signer under one state's own authority. Each becomes an SCA of the state that it names, in the trust domain of
travel documents, where it stands above nothing else.

Who signed a master list is pinned: the signer's certificate, or the authority that issued it, by fingerprint. When a
list was signed is told, but is no date of the snapshot: states renew such lists at intervals of their own.

Source: ICAO Doc 9303, part 12 §7 and §9 (https://www.icao.int/publications/doc-series/doc-9303).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from credential.errors import DecodeError, Reason
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.cms import SignedData, fingerprint, read_message, verify_message
from credential.wire.cms_message import Message
from credential.wire.der import INTEGER, SEQUENCE, SET, expect, malformed, read_integer, read_only
from credential.wire.x509 import issued_by, read_certificate
from trustlist.errors import ListReason, TrustListError
from trustlist.model import TRAVEL_DOCUMENTS, Environment, KeyUsage, ListEntry, RejectedEntry, Source
from trustlist.participants import participant_of
from trustlist.snapshot_pack import ListPart
from trustlist.sources.reading import Collected, read_usable

KIND = "icao-csca"
MASTER_LIST = "icao-master-list"

MASTER_LIST_CONTENT = "2.23.136.1.1.2"
_MASTER_LIST_SIGNER = "2.23.136.1.1.3"
"""Extended key usage of certificates that sign master lists."""
_VERSION = 0


@dataclass(frozen=True, slots=True)
class MasterList:
    """A master list whose signature holds."""

    part: ListPart
    signer_certificate: bytes
    signed_at: datetime | None
    """As the signer states it."""


def read_authorities(
    certificates: Iterable[tuple[str, bytes]],
    *,
    environment: Environment = Environment.PRIVATE,
    name: str = KIND,
    rejected: Iterable[RejectedEntry] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> ListPart:
    """These certificates (position and DER), handed over as authorities; `rejected` were refused before.

    One that cannot be read, is no authority (CA:TRUE), or names no state is in `rejected`. Raises `TrustListError`
    (`LIST_TOO_MANY_ENTRIES`).
    """
    collected = Collected(limits)
    collected.reject(rejected)
    for position, der in certificates:
        collected.add(partial(_read_authority, position, der, limits), position=position)
    return collected.part(lambda total: Source(name, KIND, environment, None, total), pinned=True)


def read_master_list(
    data: bytes,
    *,
    anchors: Collection[bytes],
    environment: Environment = Environment.PRIVATE,
    name: str = MASTER_LIST,
    limits: Limits = DEFAULT_LIMITS,
) -> MasterList:
    """A master list, once its signature holds; `anchors` are fingerprints of its signer or of the signer's authority.

    Raises `TrustListError`: `ANCHOR_MISSING`, `DOCUMENT_SHAPE` for what is no such list, `PROOF_SIGNER_UNEXPECTED`,
    `PROOF_INVALID`. A certificate that cannot be used is in `rejected`.
    """
    if not anchors:
        raise TrustListError(ListReason.ANCHOR_MISSING)
    try:
        signed = _verify(read_message(data, limits), frozenset(anchors), limits)
    except DecodeError as error:
        raise TrustListError(
            _REASON_OF.get(Reason(error.reason), ListReason.PROOF_INVALID), cause=error.reason
        ) from error
    ders = _read_content(signed.content, limits)
    listed = read_authorities(((f"[{index}]", der) for index, der in enumerate(ders)), limits=limits)
    source = Source(name, MASTER_LIST, environment, None, listed.source.entries)
    moment = None if signed.signing_time is None else datetime.fromtimestamp(signed.signing_time, UTC)
    part = ListPart(source, listed.entries, listed.rejected, pinned=True)
    return MasterList(part, signed.signer_certificate, moment)


_REASON_OF = {
    Reason.CMS_SIGNER_UNKNOWN: ListReason.PROOF_SIGNER_UNEXPECTED,
    Reason.CMS_SIGNER_MISSING: ListReason.PROOF_SIGNER_UNEXPECTED,
    Reason.CMS_TOO_LARGE: ListReason.LIST_TOO_LARGE,
    Reason.CMS_MALFORMED: ListReason.DOCUMENT_SHAPE,
    Reason.CMS_CONTENT_TYPE: ListReason.DOCUMENT_SHAPE,
}


def _verify(message: Message, anchors: frozenset[bytes], limits: Limits) -> SignedData:
    """By a signer that is pinned, or by one that a pinned authority issued for this very purpose."""
    pinned = set(anchors)
    authorities = [der for der in message.certificates if fingerprint(der) in anchors]
    for signer in message.signer_certificates(limits):
        purposes = read_certificate(signer, limits).extended_key_usage
        if _MASTER_LIST_SIGNER in purposes and any(issued_by(signer, each) for each in authorities):
            pinned.add(fingerprint(signer))
    return verify_message(message, pinned=pinned, content_type=MASTER_LIST_CONTENT, limits=limits)


def _read_content(content: bytes, limits: Limits) -> tuple[bytes, ...]:
    """`SEQUENCE { version INTEGER, certList SET OF Certificate }`; raises `TrustListError` (`DOCUMENT_SHAPE`)."""
    try:
        parts = tuple(islice(read_only(content, SEQUENCE).children(), 3))
        if len(parts) != 2 or read_integer(expect(parts[0], INTEGER)) != _VERSION:
            raise malformed(0, "master-list")
        found = tuple(part.der for part in islice(expect(parts[1], SET).children(), limits.trust_list_keys + 1))
    except DecodeError as error:
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at="content") from error
    return found


def _read_authority(position: str, der: bytes, limits: Limits) -> ListEntry:
    facts = read_usable(der, limits)
    if not facts.is_ca:
        raise TrustListError(ListReason.AUTHORITY_EXPECTED)
    if facts.country is None:
        raise TrustListError(ListReason.COUNTRY_DIFFERS, certificate=None)
    participant = participant_of(facts.country) or facts.country
    return ListEntry(facts.kid, (der,), participant, TRAVEL_DOCUMENTS, KeyUsage.SCA, position)
