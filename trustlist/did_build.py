"""A GDHCN DID document (v2) from list entries or references, without its proof; `did_proof.sign_document` adds that.

Members stand in the order of the network's own documents, so that equal input gives equal bytes. What is read back
from a document built here is what it was built from (`trustlist.did.read_document`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from credential.errors import DecodeError
from credential.wire.x509 import read_public_key
from trustlist.did_shape import KEY_TYPE, context_of, read_body
from trustlist.errors import ListReason, TrustListError
from trustlist.jwk import write_jwk
from trustlist.model import KeyUsage, ListEntry, environment_of

_CODE_OF_USAGE: Mapping[KeyUsage, str] = MappingProxyType(
    {
        KeyUsage.SCA: "#CSCA",
        KeyUsage.DSC: "#DSC",
        KeyUsage.DECA: "#DECA",
        KeyUsage.DESC: "#DESC",
        KeyUsage.TLS: "#AUTHENTICATION",
        KeyUsage.UP: "#UPLOAD",
    }
)
_LEVELS = 3
"""domain, participant, usage: what may follow `:trustlist` in a DID, and what the id of an entry always has."""
ANY = "-"
"""Stands in a DID for every domain, or for every participant."""
_ROOTS = frozenset({"trustlist", "trustlist-ref"})
"""Segments after which the levels of a list begin: embedded keys, references."""


def build_document(did: str, entries: Iterable[ListEntry]) -> dict[str, Any]:
    """The document of a list such as `did:web:<host>:v2:trustlist[:domain[:participant[:usage]]]`.

    Its context is that of the environment its host belongs to. Entries keep their order and are not selected here.
    Raises `TrustListError` for a DID, a code or a certificate that cannot be written, or two entries with one id.
    """
    controller = _controller(did)
    document = _document(did, [_write_entry(did, controller, entry) for entry in entries])
    written = read_body(document)
    if len({entry.id for entry in written.entries}) != len(written.entries):
        raise TrustListError(ListReason.ENTRY_AMBIGUOUS, did=did)
    return document


def build_references(did: str, references: Iterable[str]) -> dict[str, Any]:
    """The document of a list such as `did:web:<host>:v2:trustlist-ref[:domain…]`, which names other lists by DID.

    References keep their order. Raises `TrustListError` (`DID_MALFORMED`) for what is no DID.
    """
    document = _document(did, list(references))
    read_body(document)
    return document


def encode_document(document: Mapping[str, object]) -> bytes:
    """The JSON text of a document, without white space, as the network writes it."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _document(did: str, methods: list[Any]) -> dict[str, Any]:
    return {
        "@context": list(context_of(environment_of(did))),
        "id": did,
        "controller": _controller(did),
        "verificationMethod": methods,
    }


def _levels(did: str) -> list[str] | None:
    """The levels that a list's DID names; None if it is not of the network's form, but someone's own name."""
    segments = did.split(":")
    root = next((index for index, segment in enumerate(segments) if segment in _ROOTS), None)
    return None if root is None else segments[root + 1 :]


def _controller(did: str) -> str:
    """The next list upwards; the root, and a list of one's own naming, control themselves."""
    return did.rpartition(":")[0] if _levels(did) else did


def _write_entry(did: str, controller: str, entry: ListEntry) -> dict[str, Any]:
    kid = base64.b64encode(entry.kid).decode("ascii")
    path = (entry.domain or ANY, entry.participant or ANY, entry.usage.value)
    written: dict[str, Any] = {
        "id": ":".join((did, *path[len((_levels(did) or [])[:_LEVELS]) :])) + f"#{kid}",
        "type": KEY_TYPE,
        "controller": controller,
        "publicKeyJwk": _write_key(entry, kid),
    }
    codes = {
        "domain": entry.domain and f"#{entry.domain}",
        "participant": entry.participant and f"#{entry.participant}",
        "keyusage": _CODE_OF_USAGE[entry.usage],
    }
    return written | {name: {"code": code} for name, code in codes.items() if code}


def _write_key(entry: ListEntry, kid: str) -> dict[str, object]:
    if not entry.certificates:
        raise TrustListError(ListReason.CERTIFICATE_MISSING, position=entry.position)
    try:
        key = read_public_key(entry.certificates[0])
    except DecodeError as error:
        raise TrustListError(
            ListReason.CERTIFICATE_UNREADABLE, position=entry.position, cause=str(error.reason)
        ) from error
    certificates = tuple(base64.b64encode(der).decode("ascii") for der in entry.certificates)
    return write_jwk(key, kid=kid, certificates=certificates)
