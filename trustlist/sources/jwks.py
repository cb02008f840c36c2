"""Issuers' own key sets: JWK sets (RFC 7517 §5), and directories of them as SMART Health Cards have them.

An issuer of SMART Health Cards publishes its keys under its own address, `<iss>/.well-known/jwks.json`; a directory
says which issuers to trust. Such a key has no participant and mostly no certificate: it signs for that one address.
The caller hands the sets over as trusted, whoever fetched them.

By the rules of SMART Health Cards a key is P-256, for `sig` with `ES256`, named by its thumbprint (RFC 7638), and its
certificates, if it has some, are a chain whose leaf names the issuer's address. Other sets may leave out what a key is
for, and name it as they like.

Source: https://spec.smarthealth.cards/ ("Determining keys associated with an issuer"), and the directory of the
Vaccination Credential Initiative with its daily snapshots (`participating_issuers`, `issuerInfo`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.x509 import Issuance, check_issued, read_certificate, read_public_key
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json, read_list, read_object, read_text
from trustlist.jwk import (
    decode_jwk_kid,
    encode_jwk_kid,
    read_signing_key,
    require_key_of_certificate,
    thumbprint,
    thumbprint_as_written,
)
from trustlist.model import HEALTH_CARDS, Environment, KeyUsage, ListEntry, Source
from trustlist.snapshot_pack import ListPart
from trustlist.sources.reading import Collected, decode_base64, read_usable

KIND = "jwks"
DIRECTORY = "shc-directory"

MAX_CERTIFICATES = 8
_HEALTH_CARD_KEY = MappingProxyType({"kty": "EC", "crv": "P-256"})
_HEALTH_CARD_USE = MappingProxyType({"use": "sig", "alg": "ES256"})
_CRL_VERSIONS = range(0xFFFF_FFFF)
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*")
_MAX_ADDRESS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysOf:
    """What is said of a key set beside what stands in it."""

    issuer: str
    """Whose keys they are: the `iss` of what they sign, https and without a slash at the end."""
    environment: Environment = Environment.PRIVATE
    domain: str = HEALTH_CARDS
    health_cards: bool = True
    """Whether the keys must keep to the rules of SMART Health Cards."""


def read_key_set(data: bytes, said: KeysOf, *, name: str = KIND, limits: Limits = DEFAULT_LIMITS) -> ListPart:
    """The keys of one issuer's JWK set; `name` is for reports.

    Raises `TrustListError` (`ISSUER_MALFORMED`, `DOCUMENT_NOT_JSON`, `DOCUMENT_SHAPE`, a `LIST_TOO_…` reason) if it is
    no such set; a key that cannot be used is in `rejected`.
    """
    require_issuer(said.issuer)
    collected = Collected(limits)
    _collect(collected, read_json(data, limits=limits), said, "keys")
    return collected.part(lambda total: Source(name, KIND, said.environment, None, total), pinned=True)


def read_directory(
    data: bytes,
    *,
    key_sets: Mapping[str, bytes] = MappingProxyType({}),
    environment: Environment = Environment.PRIVATE,
    name: str = DIRECTORY,
    limits: Limits = DEFAULT_LIMITS,
) -> ListPart:
    """The keys of all issuers of a directory, each bound to its own address.

    A snapshot of a directory (`issuerInfo`) holds the keys; a bare directory (`participating_issuers`) only names the
    issuers: then `key_sets` holds each one's JWK set by its address. An issuer without keys is in `rejected`, and so
    is a key that cannot be used. Raises `TrustListError` as `read_key_set`.
    """
    collected = Collected(limits)
    for row in _read_rows(data, limits):
        try:
            require_issuer(row.issuer)
            keys = row.key_set if row.key_set is not None else _fetched(row.issuer, key_sets, limits)
            said = KeysOf(issuer=row.issuer, environment=environment)
            _collect(collected, keys, said, f"{row.position}.keys")
        except TrustListError as error:
            if error.reason is ListReason.LIST_TOO_MANY_ENTRIES:
                raise
            collected.add(partial(_refuse, error), position=row.position)
    return collected.part(lambda total: Source(name, DIRECTORY, environment, None, total), pinned=True)


def issuers_in(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """The addresses that a directory names properly, in its order; raises as `read_directory`."""
    named = dict.fromkeys(row.issuer for row in _read_rows(data, limits) if is_issuer(row.issuer))
    return tuple(named)


def is_issuer(address: str) -> bool:
    """Whether this is an issuer's address: https, without query or fragment, without a slash at the end."""
    return len(address) <= _MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None


def require_issuer(address: str) -> None:
    """Raises `TrustListError` (`ISSUER_MALFORMED`) unless `is_issuer`."""
    if not is_issuer(address):
        raise TrustListError(ListReason.ISSUER_MALFORMED)


def read_entry(jwk: object, said: KeysOf, position: str, *, limits: Limits = DEFAULT_LIMITS) -> ListEntry:
    """One key of a set.

    Raises `TrustListError`: `ENTRY_MALFORMED`, `KEY_PRIVATE_PUBLISHED`, `KEY_KIND`, `KEY_MALFORMED`, `KEY_USE`,
    `KID_INVALID`, `KID_NOT_THUMBPRINT`, or what is wrong with its certificates.
    """
    members = read_object(jwk, at=position, reason=ListReason.ENTRY_MALFORMED)
    key = read_signing_key(members)
    if said.health_cards:
        _require_health_card_key(members, key)
    certificates = read_certificates(members, limits)
    if certificates:
        _require_certificates(members, certificates, said)
    return ListEntry(
        kid=read_kid(members, key, limits),
        certificates=certificates[:1],
        participant=None,
        domain=said.domain,
        usage=KeyUsage.DSC,
        position=position,
        public_key=None if certificates else write_key_info(key),
        issuer=said.issuer,
        crl_version=read_crl_version(members),
    )


def read_kid(members: Mapping[str, object], key: PublicKeyTypes, limits: Limits) -> bytes:
    """The kid of a key; one that is not named is found by its thumbprint. Raises `TrustListError` (`KID_INVALID`)."""
    if "kid" not in members:
        return thumbprint(key)
    return decode_jwk_kid(read_text(members, "kid", ListReason.KID_INVALID), limits=limits)


def write_key_info(key: PublicKeyTypes) -> bytes:
    """The SubjectPublicKeyInfo of a key in DER: how bare keys are kept."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def read_certificates(members: Mapping[str, object], limits: Limits) -> tuple[bytes, ...]:
    """The certificates of `x5c`, the first of them usable; none if there is no `x5c`.

    Raises `TrustListError`: `CERTIFICATE_UNREADABLE`, `CERTIFICATE_TOO_LARGE`, `KEY_UNUSABLE`, `KEY_UNSUPPORTED`.
    """
    if "x5c" not in members:
        return ()
    texts = members["x5c"]
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise TrustListError(ListReason.CERTIFICATE_UNREADABLE)
    if len(texts) > MAX_CERTIFICATES:
        raise TrustListError(ListReason.CERTIFICATE_TOO_LARGE, certificates=len(texts), limit=MAX_CERTIFICATES)
    ders = tuple(decode_base64(text, ListReason.CERTIFICATE_UNREADABLE) for text in texts)
    for index, der in enumerate(ders):
        if len(der) > limits.certificate_bytes:
            raise TrustListError(ListReason.CERTIFICATE_TOO_LARGE, x5c=index, size=len(der))
    read_usable(ders[0], limits)
    return ders


@dataclass(frozen=True, slots=True)
class _Row:
    """One issuer of a directory."""

    position: str
    issuer: str
    key_set: object
    """Its key set as JSON; None where the directory holds none."""


def _read_rows(data: bytes, limits: Limits) -> Iterator[_Row]:
    document = read_object(read_json(data, limits=limits), at="document")
    snapshot = "issuerInfo" in document
    member = "issuerInfo" if snapshot else "participating_issuers"
    for index, value in enumerate(read_list(document.get(member), at=member, limits=limits)):
        position = f"{member}[{index}]"
        row = value if isinstance(value, Mapping) else {}
        named = row.get("issuer") if snapshot else row
        issuer = named.get("iss") if isinstance(named, Mapping) else None
        keys = {"keys": row.get("keys", [])} if snapshot else None
        yield _Row(position, issuer if isinstance(issuer, str) else "", keys)


def _fetched(issuer: str, key_sets: Mapping[str, bytes], limits: Limits) -> object:
    if issuer not in key_sets:
        raise TrustListError(ListReason.KEYS_MISSING, issuer=issuer)
    return read_json(key_sets[issuer], limits=limits)


def _refuse(error: TrustListError) -> ListEntry:
    raise error


def _collect(collected: Collected, value: object, said: KeysOf, position: str) -> None:
    """Every key of one set into `collected`; raises `TrustListError` (`DOCUMENT_SHAPE`, `KEYS_MISSING`)."""
    members = read_object(value, at=position)
    keys = read_list(members.get("keys"), at=position, limits=collected.limits)
    if not keys:
        raise TrustListError(ListReason.KEYS_MISSING, issuer=said.issuer)
    for index, jwk in enumerate(keys):
        at = f"{position}[{index}]"
        kid = jwk.get("kid") if isinstance(jwk, Mapping) else None
        collected.add(partial(read_entry, jwk, said, at, limits=collected.limits), position=at, kid=kid)


def _require_health_card_key(members: Mapping[str, object], key: PublicKeyTypes) -> None:
    if any(members.get(name) != value for name, value in _HEALTH_CARD_KEY.items()):
        raise TrustListError(ListReason.KEY_KIND)
    if any(members.get(name) != value for name, value in _HEALTH_CARD_USE.items()):
        raise TrustListError(ListReason.KEY_USE)
    if members.get("kid") not in [encode_jwk_kid(each) for each in (thumbprint_as_written(members), thumbprint(key))]:
        raise TrustListError(ListReason.KID_NOT_THUMBPRINT)


def _require_certificates(members: Mapping[str, object], ders: tuple[bytes, ...], said: KeysOf) -> None:
    """That the leaf has this very key, names the issuer if it is one of health cards, and the others vouch for it."""
    require_key_of_certificate(members, read_public_key(ders[0]))
    for index, (der, issuer) in enumerate(pairwise(ders)):
        if check_issued(der, issuer) is not Issuance.HOLDS:
            raise TrustListError(ListReason.CHAIN_BROKEN, x5c=index)
    if said.health_cards and said.issuer not in read_certificate(ders[0]).alternative_uris:
        raise TrustListError(ListReason.ISSUER_NOT_OF_CERTIFICATE)


def read_crl_version(members: Mapping[str, object]) -> int | None:
    """The `crlVersion` of a key, a whole number; some issuers write it as text.

    Raises `TrustListError` (`KEY_MALFORMED`) for anything else: who revokes must be believed.
    """
    value = members.get("crlVersion")
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(_CRL_VERSIONS.stop)):
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in _CRL_VERSIONS:
        raise TrustListError(ListReason.KEY_MALFORMED, member="crlVersion")
    return value
