"""A GDHCN trust list as a DID document (v2): read it with its proof verified, or build and sign one.

Steps of `read_document`, in this order: size, strict JSON, shape and context (`did_shape`), identity (DID, host,
environment), proof (`did_canonical`, `did_proof`), then the entries one by one (`did_entries`). No entry is looked
at before the proof holds, and no context or reference is ever fetched.

Source: WHO SMART Trust implementation guide (https://smart.who.int/trust/), DID Core and did:web.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from credential.limits import DEFAULT_LIMITS, Limits
from trustlist.did_build import build_document, encode_document
from trustlist.did_entries import read_entries
from trustlist.did_pin import read_pinned_key
from trustlist.did_proof import PinnedKey, sign_document, verify_proof, verify_written
from trustlist.did_shape import VALUE_SET_SUFFIX, WrittenDocument, read_body, require_object
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json
from trustlist.model import Environment, ListEntry, RejectedEntry, environment_of

__all__ = [
    "DidDocument",
    "PinnedKey",
    "build_document",
    "encode_document",
    "read_document",
    "read_pinned_key",
    "sign_document",
    "verify_proof",
]

_MAX_DEPTH = 8
"""A document, its list, an entry, its key, `x5c`: five are used."""


@dataclass(frozen=True, slots=True)
class DidDocument:
    """A trust list whose proof holds."""

    did: str
    controller: str
    created: datetime
    """When it was signed, UTC. A list never says until when it counts."""
    environment: Environment
    entries: tuple[ListEntry, ...]
    rejected: tuple[RejectedEntry, ...]
    """With `entries`, every embedded key of the document."""
    references: tuple[str, ...]
    """DIDs of other lists that this one names; to be followed by nobody without a decision of their own."""


def read_document(
    data: bytes | Mapping[str, object],
    *,
    key: PinnedKey,
    expected_did: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> DidDocument:
    """A trust list from its JSON text or its parsed members, once its proof holds under the pinned key.

    `expected_did` is the list that was asked for. Raises `TrustListError` if the document cannot be believed as a
    whole; an entry that cannot be used is in `rejected` and stops nothing.
    """
    members = dict(_read_object(data, limits))
    proof = members.pop("proof", None)
    document = read_body(members, limits=limits)
    _require_identity(document, key, expected_did)
    created = verify_written(document, require_object(proof, at="proof"), key)
    entries, rejected = read_entries(document.entries, limits=limits)
    return DidDocument(
        did=document.id,
        controller=document.controller,
        created=created,
        environment=key.environment,
        entries=entries,
        rejected=rejected,
        references=document.references,
    )


def _read_object(data: bytes | Mapping[str, object], limits: Limits) -> Mapping[str, object]:
    value = data if not isinstance(data, bytes) else read_json(data, limits=limits, max_depth=_MAX_DEPTH)
    return require_object(value, at="document")


def _require_identity(document: WrittenDocument, key: PinnedKey, expected_did: str | None) -> None:
    """The list that was asked for, on a host and with a context of the environment that the key speaks for."""
    if expected_did is not None and document.id != expected_did:
        raise TrustListError(ListReason.DID_UNEXPECTED)
    if environment_of(document.id) is not key.environment:
        raise TrustListError(ListReason.ENVIRONMENT_UNEXPECTED, expected=key.environment.value)
    if document.value_set_suffix != VALUE_SET_SUFFIX[key.environment]:
        raise TrustListError(ListReason.DOCUMENT_CONTEXT, expected=key.environment.value)
