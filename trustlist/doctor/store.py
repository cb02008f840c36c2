"""Signed lists from the disk, for the references in them: one list, or a whole published tree."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from credential.errors import DecodeError, Stage
from credential.limits import DEFAULT_LIMITS
from credential.wire import json_text
from trustlist import files
from trustlist.did import PinnedKey, read_document
from trustlist.doctor.list_checks import ReferenceList, RefusedList
from trustlist.errors import ListReason, TrustListError

_DOCUMENT_NAME = "did.json"
_MAX_DEPTH = 16
_SNIFFED_BYTES = 512


class Tree(NamedTuple):
    """Signed lists that name each other."""

    lists: tuple[ReferenceList, ...]
    """Those whose proof holds."""
    refused: tuple[RefusedList, ...] = ()
    known: frozenset[str] | None = None
    """The names of all, those that were refused as they name themselves; None when there may be others."""


def read_tree(folder: Path, key: PinnedKey | None) -> Tree:
    """Every `did.json` below a folder, in the order of their paths.

    Raises `TrustListError`: `LIST_KEY_MISSING`; `SOURCE_MISSING` for a folder that is not there, `SOURCE_EMPTY` for
    one that holds none; `SOURCE_UNREADABLE`, `LIST_TOO_LARGE` for a file that cannot be read at all.
    """
    if key is None:
        raise TrustListError(ListReason.LIST_KEY_MISSING, file=folder.name)
    if not folder.is_dir():
        raise TrustListError(ListReason.SOURCE_MISSING, file=folder.name)
    lists: list[ReferenceList] = []
    refused: list[RefusedList] = []
    known: set[str] = set()
    for path in sorted(folder.rglob(_DOCUMENT_NAME)):
        data = files.read_file(path, DEFAULT_LIMITS.trust_list_bytes)
        try:
            lists.append(ReferenceList.of(read_document(data, key=key)))
        except TrustListError as error:
            refused.append(RefusedList(path.relative_to(folder).as_posix(), error.reason))
            known |= _own_name(data)
    if not lists and not refused:
        raise TrustListError(ListReason.SOURCE_EMPTY, file=folder.name)
    return Tree(tuple(lists), tuple(refused), frozenset(known | {each.did for each in lists}))


def read_references(path: Path, key: PinnedKey | None) -> tuple[ReferenceList, ...]:
    """The references of the signed list in a file; none for anything else that can be trusted, or an address.

    Raises `TrustListError` only where the file cannot be read at all.
    """
    if key is None or not path.is_file() or not files.read_start(path, _SNIFFED_BYTES).lstrip().startswith(b"{"):
        return ()
    try:
        return (ReferenceList.of(read_document(files.read_file(path, DEFAULT_LIMITS.trust_list_bytes), key=key)),)
    except TrustListError:
        return ()  # a list of another kind; one of this kind was refused when it was loaded


def _own_name(data: bytes) -> set[str]:
    """What an unverified list calls itself: enough to know that there is one of that name."""
    try:
        value = json_text.decode(data, stage=Stage.TRUST_LIST, max_bytes=len(data), max_depth=_MAX_DEPTH)
    except DecodeError:
        return set()
    name = value.get("id") if isinstance(value, dict) else None
    return {name} if isinstance(name, str) else set()
