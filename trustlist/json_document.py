"""The JSON of lists and of what administrators write about them: strict, bounded, in this room's own errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import json_text
from credential.wire.json_text import JsonValue
from trustlist.errors import ListReason, TrustListError


def read_json(data: bytes, *, limits: Limits = DEFAULT_LIMITS, max_depth: int = 12) -> JsonValue:
    """The value of a document; raises `TrustListError`: `LIST_TOO_LARGE` or `DOCUMENT_NOT_JSON`."""
    try:
        return json_text.decode(data, stage=Stage.TRUST_LIST, max_bytes=limits.trust_list_bytes, max_depth=max_depth)
    except DecodeError as error:
        if error.reason is Reason.JSON_TOO_LARGE:
            raise TrustListError(ListReason.LIST_TOO_LARGE, **error.detail) from error
        raise TrustListError(ListReason.DOCUMENT_NOT_JSON, cause=str(error.reason)) from error


def read_object(value: object, *, at: str, reason: ListReason = ListReason.DOCUMENT_SHAPE) -> Mapping[str, object]:
    """The value as an object; raises `TrustListError` (`reason`)."""
    if not isinstance(value, Mapping):
        raise TrustListError(reason, at=at)
    return value


def read_list(value: object, *, at: str, limits: Limits = DEFAULT_LIMITS) -> list[object]:
    """The value as a list of entries; raises `TrustListError`: `DOCUMENT_SHAPE`, `LIST_TOO_MANY_ENTRIES`."""
    if not isinstance(value, list):
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at=at)
    if len(value) > limits.trust_list_keys:
        raise TrustListError(ListReason.LIST_TOO_MANY_ENTRIES, entries=len(value), limit=limits.trust_list_keys)
    return value


def read_text(members: Mapping[str, object], name: str, reason: ListReason = ListReason.ENTRY_MALFORMED) -> str:
    """A member that must be text, and some; raises `TrustListError` (`reason`)."""
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise TrustListError(reason, at=name)
    return value


def require_members(members: Mapping[str, object], allowed: Iterable[str], *, at: str, reason: ListReason) -> None:
    """That an object has no other members than these; raises `TrustListError` (`reason`)."""
    if not members.keys() <= set(allowed):
        raise TrustListError(reason, at=at)
