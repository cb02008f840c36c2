"""The network's older DID documents (v1), to be looked at: nobody can check who signed them.

They are signed with a key that is published nowhere, so their proof proves nothing. Signers are listed without domain
and usage, under ids such as `did:web:<host>:trustlist:nld#<kid>`; other lists are named among them. The participant
follows from that id and the certificate's own country together: the lists write `iot` for the International
Organization for Migration (`IO`), and `null` where their own table had no code.

Whatever is read here is marked as not verified: it is never held together with verified lists, and a verifier accepts
nothing by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.x509 import read_public_key
from trustlist.countries import ALPHA3_OF_ALPHA2
from trustlist.did_entries import decode_kid
from trustlist.did_proof import read_created
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json, read_list, read_object, read_text
from trustlist.jwk import require_key_of_certificate
from trustlist.model import KeyUsage, ListEntry, Source, environment_of
from trustlist.participants import participant_of
from trustlist.snapshot_pack import ListPart
from trustlist.sources.jwks import MAX_CERTIFICATES
from trustlist.sources.reading import Collected, decode_base64, read_usable

KIND = "did-v1-not-verified"

CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")
_DID = re.compile(r"did:web:[A-Za-z0-9.%-]+:trustlist(:[a-z]{2,4})?")
_ENTRY = re.compile(rf"(?P<list>{_DID.pattern})#(?P<kid>[A-Za-z0-9+/=_-]{{1,128}})")
_NOBODY = "NULL"


def read_v1_whose_proof_nobody_can_check(
    data: bytes, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> ListPart:
    """The signers that a v1 document names, marked as not verified; `name` is for reports, the DID by default.

    Raises `TrustListError`: `DOCUMENT_NOT_JSON`, `DOCUMENT_SHAPE`, `DOCUMENT_CONTEXT`, `DID_MALFORMED`, or a
    `LIST_TOO_…` reason. What cannot be used, and every name of another list, is in `rejected`.
    """
    document = read_object(read_json(data, limits=limits), at="document")
    if tuple(_texts(document.get("@context"))) != CONTEXT:
        raise TrustListError(ListReason.DOCUMENT_CONTEXT)
    did = read_text(document, "id", ListReason.DOCUMENT_SHAPE)
    if not _DID.fullmatch(did):
        raise TrustListError(ListReason.DID_MALFORMED, at="id")
    collected = Collected(limits)
    methods = read_list(document.get("verificationMethod"), at="verificationMethod", limits=limits)
    for index, method in enumerate(methods):
        position = f"verificationMethod[{index}]"
        collected.add(partial(_read_method, method, did, position, limits), position=position, kid=_kid(method))
    created = _read_created(document)
    return collected.part(
        lambda total: Source(name or did, KIND, environment_of(did), created, total, verified=False), pinned=False
    )


def is_v1(document: Mapping[str, object]) -> bool:
    """Whether a parsed DID document is one of these."""
    return tuple(_texts(document.get("@context"))) == CONTEXT


def _texts(value: object) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _kid(method: object) -> str | None:
    name = method.get("id") if isinstance(method, Mapping) else None
    return name.partition("#")[2] if isinstance(name, str) else None


def _read_created(document: Mapping[str, object]) -> datetime | None:
    """When the document says that it was signed; nobody vouches for it."""
    proof = document.get("proof")
    created = proof.get("created") if isinstance(proof, Mapping) else None
    try:
        return read_created(created) if isinstance(created, str) else None
    except TrustListError:
        return None


def _read_method(value: object, did: str, position: str, limits: Limits) -> ListEntry:
    if isinstance(value, str):
        raise TrustListError(ListReason.ENTRY_IS_REFERENCE)
    method = read_object(value, at=position, reason=ListReason.ENTRY_MALFORMED)
    named = _ENTRY.fullmatch(read_text(method, "id"))
    if named is None or not (named["list"] == did or named["list"].rpartition(":")[0] == did):
        raise TrustListError(ListReason.ENTRY_MALFORMED, at="id")
    jwk = read_object(method.get("publicKeyJwk"), at="publicKeyJwk", reason=ListReason.ENTRY_MALFORMED)
    texts = _texts(jwk.get("x5c"))[:MAX_CERTIFICATES]
    if not texts:
        raise TrustListError(ListReason.CERTIFICATE_MISSING)
    certificates = tuple(decode_base64(text, ListReason.CERTIFICATE_UNREADABLE) for text in texts)
    facts = read_usable(certificates[0], limits)
    require_key_of_certificate(jwk, read_public_key(certificates[0], limits))
    return ListEntry(
        kid=decode_kid(named["kid"], limits=limits),
        certificates=certificates,
        participant=_participant(named["list"].removeprefix(did).lstrip(":").upper(), facts.country),
        domain=None,
        usage=KeyUsage.DSC,
        position=position,
    )


def _participant(code: str, country: str | None) -> str | None:
    """The network's code: that of the certificate's country where the list says nothing, or its ISO code."""
    meant = country and (participant_of(country) or country)
    if not code or code == _NOBODY:
        return meant
    return meant if country and ALPHA3_OF_ALPHA2.get(country) == code else code
