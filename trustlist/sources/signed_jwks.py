"""A signed key set of one's own: a JWK set as the claims of a JSON Web Token, read and written.

The form is that of OpenID Federation's signed JWK sets (https://openid.net/specs/openid-federation-1_0.html, "Signed
JWK Set"): type `jwk-set+jwt`, claims `iss` (the list's name), `iat`, `exp` and `keys`. So the list says until when it
counts, and any JOSE library can check it. Each key is a JWK with its certificates in `x5c`, or a bare one; beside the
registered members it says `participant`, `domain` and `usage`, or the `issuer` (URL) that it belongs to, and that
issuer's `crlVersion`. The `kid` is base64url of the list's kid.

The signer is pinned, as for the network's lists; keys that the token brings for itself are never used.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.jws import Jws, read_compact, read_json, sign_compact, sign_json
from credential.wire.x509 import read_public_key
from credential.wire.x509_key import read_key_info
from trustlist.did_proof import PinnedKey
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json as read_document
from trustlist.json_document import read_list, read_object, read_text
from trustlist.jwk import encode_jwk_kid, read_signing_key, require_key_of_certificate, write_jwk
from trustlist.model import KeyUsage, ListEntry, Source
from trustlist.snapshot_pack import ListPart
from trustlist.sources.jwks import read_certificates, read_crl_version, read_kid, require_issuer, write_key_info
from trustlist.sources.reading import Collected

KIND = "signed-jwks"
TYPE = "jwk-set+jwt"

_SECONDS = range(1 << 33)
_NAMES = ("participant", "domain", "issuer")


def read_signed_key_set(
    data: bytes,
    *,
    key: PinnedKey,
    expected_name: str | None = None,
    dated: bool = True,
    limits: Limits = DEFAULT_LIMITS,
) -> ListPart:
    """The keys of a signed set (compact or JSON serialisation), once the signature holds under the pinned key.

    `expected_name` is the `iss` that was asked for. With `dated=False` a set of another maker is read, without type
    and dates. Raises `TrustListError` if the set cannot be believed: `PROOF_HEADER`, `PROOF_SIGNATURE_FORM`,
    `PROOF_INVALID`, `PROOF_CREATED` for its dates, `DID_UNEXPECTED` for another name, `DOCUMENT_…` and `LIST_…`
    reasons. A key that cannot be used is in `rejected`.
    """
    payload = _verify(data, key, dated=dated, limits=limits)
    claims = read_object(read_document(payload, limits=limits), at="payload")
    name = read_text(claims, "iss", ListReason.DOCUMENT_SHAPE) if dated or "iss" in claims else KIND
    if expected_name is not None and name != expected_name:
        raise TrustListError(ListReason.DID_UNEXPECTED)
    created, expires = _read_dates(claims, dated=dated)
    collected = Collected(limits)
    for index, jwk in enumerate(read_list(claims.get("keys"), at="keys", limits=limits)):
        position = f"keys[{index}]"
        members = jwk if isinstance(jwk, Mapping) else {}
        participant = members.get("participant")
        collected.add(
            partial(_read_key, jwk, position, limits),
            position=position,
            kid=members.get("kid"),
            participant=participant if isinstance(participant, str) else None,
        )
    return collected.part(
        lambda total: Source(name, KIND, key.environment, created, total, expires=expires), pinned=False
    )


@dataclass(frozen=True, slots=True)
class KeySet:
    """What is to be signed."""

    name: str
    """The list's, its `iss`."""
    entries: tuple[ListEntry, ...]
    issued: datetime
    expires: datetime
    """Both timezone-aware, written in whole seconds."""

    def claims(self) -> dict[str, Any]:
        """The claims of the token; raises `TrustListError` for dates or an entry that cannot be written."""
        issued, expires = (int(moment.timestamp()) for moment in (self.issued, self.expires))
        if self.issued.tzinfo is None or self.expires.tzinfo is None or expires <= issued:
            raise TrustListError(ListReason.PROOF_CREATED)
        return {
            "iss": self.name,
            "iat": issued,
            "exp": expires,
            "keys": [_write_key(entry) for entry in self.entries],
        }


def write_signed_key_set(
    key_set: KeySet, key: ec.EllipticCurvePrivateKey, *, kid: str | None = None, compact: bool = True
) -> bytes:
    """The set as a signed token (ES256); `kid` names the signer's key, for whoever has several.

    Raises `TrustListError`: `PROOF_CREATED` for a set that ends before it begins, `PINNED_KEY_KIND` for a key that is
    not P-256, or why an entry cannot be written.
    """
    if not isinstance(key.curve, ec.SECP256R1):
        raise TrustListError(ListReason.PINNED_KEY_KIND, curve=key.curve.name)
    payload = json.dumps(key_set.claims(), separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    header = {"typ": TYPE} if kid is None else {"typ": TYPE, "kid": kid}
    return sign_compact(payload, key, header).encode("ascii") if compact else sign_json(payload, key, header)


def is_signed_text(data: bytes) -> bool:
    """Whether these bytes look like a JWS in compact serialisation."""
    return data.count(b".") == 2 and data.startswith(b"eyJ")


def _verify(data: bytes, key: PinnedKey, *, dated: bool, limits: Limits) -> bytes:
    """The payload of the signature that the pinned key made."""
    for jws in _read(data, limits):
        try:
            jws.verify(key.public_key)
        except DecodeError:
            continue
        if dated and jws.type != TYPE:
            raise TrustListError(ListReason.PROOF_HEADER)
        return jws.payload
    raise TrustListError(ListReason.PROOF_INVALID)


def _read(data: bytes, limits: Limits) -> tuple[Jws, ...]:
    text = data.strip()
    try:
        return read_json(text, limits) if text.startswith(b"{") else (read_compact(_ascii(text), limits),)
    except DecodeError as error:
        if error.reason is Reason.JWS_TOO_LARGE:
            raise TrustListError(ListReason.LIST_TOO_LARGE, **error.detail) from error
        believed = error.stage is Stage.ALGORITHM or error.reason in {Reason.JWS_HEADER, Reason.JWS_CRITICAL_HEADER}
        reason = ListReason.PROOF_HEADER if believed else ListReason.PROOF_SIGNATURE_FORM
        raise TrustListError(reason, cause=error.reason.value) from error


def _ascii(data: bytes) -> str:
    return data.decode("ascii", errors="replace")


def _read_dates(claims: Mapping[str, object], *, dated: bool) -> tuple[datetime | None, datetime | None]:
    issued, expires = (_read_time(claims.get(name)) for name in ("iat", "exp"))
    if dated and (issued is None or expires is None):
        raise TrustListError(ListReason.PROOF_CREATED)
    if issued is not None and expires is not None and expires <= issued:
        raise TrustListError(ListReason.PROOF_CREATED)
    return issued, expires


def _read_time(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in _SECONDS:
        raise TrustListError(ListReason.PROOF_CREATED)
    return datetime.fromtimestamp(value, UTC)


def _read_key(value: object, position: str, limits: Limits) -> ListEntry:
    jwk = read_object(value, at=position, reason=ListReason.ENTRY_MALFORMED)
    certificates = read_certificates(jwk, limits)
    key = _read_public_key(jwk, certificates, limits)
    participant, domain, issuer = (read_text(jwk, name) if name in jwk else None for name in _NAMES)
    if issuer is not None:
        require_issuer(issuer)
    if issuer is not None and participant is not None:
        raise TrustListError(ListReason.ENTRY_AMBIGUOUS)
    return ListEntry(
        kid=read_kid(jwk, key, limits),
        certificates=certificates,
        participant=participant,
        domain=domain,
        usage=_read_usage(jwk),
        position=position,
        public_key=None if certificates else write_key_info(key),
        issuer=issuer,
        crl_version=read_crl_version(jwk),
    )


def _read_public_key(jwk: Mapping[str, object], certificates: tuple[bytes, ...], limits: Limits) -> PublicKeyTypes:
    """The certificate's key, which the JWK must repeat, or a bare one."""
    if not certificates:
        return read_signing_key(jwk)
    key = read_public_key(certificates[0], limits)
    require_key_of_certificate(jwk, key)
    return key


def _read_usage(jwk: Mapping[str, object]) -> KeyUsage:
    name = jwk.get("usage", KeyUsage.DSC.value)
    if name not in list(KeyUsage):
        raise TrustListError(ListReason.USAGE_UNKNOWN)
    return KeyUsage(str(name))


def _write_key(entry: ListEntry) -> dict[str, Any]:
    if entry.public_key is None and not entry.certificates:
        raise TrustListError(ListReason.CERTIFICATE_MISSING, position=entry.position)
    try:
        key = read_public_key(entry.certificates[0]) if entry.public_key is None else read_key_info(entry.public_key)
    except DecodeError as error:
        raise TrustListError(ListReason.KEY_UNUSABLE, position=entry.position, cause=error.reason.value) from error
    certificates = tuple(base64.b64encode(der).decode("ascii") for der in entry.certificates)
    jwk = write_jwk(key, kid=encode_jwk_kid(entry.kid), certificates=certificates)
    if not certificates:
        del jwk["x5c"]
    said = {
        "participant": entry.participant,
        "domain": entry.domain,
        "usage": entry.usage.value,
        "issuer": entry.issuer,
        "crlVersion": entry.crl_version,
    }
    return jwk | {name: value for name, value in said.items() if value is not None}
