"""A store of trust lists: one folder for one environment (an edge file).

    trust-state.json        what is in use, seen and waiting (`state_file`); it alone says which other files count
    <sha256>.json           a list as it came
    <sha256>.snapshot       the keys of all lists in use, in the form that loads fastest
    .lock                   held by whoever writes

Files named by digest are written first and never changed; then the state is replaced in one step. So a crash at any
moment leaves the old state or the new one, and everything that it names. What neither the new state nor the one
before it names is removed afterwards; a reader that began before may still finish.

What is read here is trusted because of where it lies: the folder belongs where only its owner can write.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from os import PathLike
from pathlib import Path

from trustlist import files
from trustlist.did import PinnedKey, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.file_lock import locked
from trustlist.snapshot import TrustSnapshot, part_of
from trustlist.snapshot_file import MAX_BYTES as MOST_SNAPSHOT_BYTES
from trustlist.update.intake import Bring, confirm, update
from trustlist.update.pin import pin
from trustlist.update.policy import DEFAULT_POLICY, UpdatePolicy
from trustlist.update.result import Fetched, Held, Update, UpdateOutcome
from trustlist.update.state import HeldList, State
from trustlist.update.state_file import MAX_BYTES, read_state, write_state

STATE_FILE = "trust-state.json"
_LOCK_FILE = ".lock"
_OURS = re.compile(r"[0-9a-f]{64}\.(json|snapshot)")
_DRAFT = re.compile(r"\.(trust-state\.json|[0-9a-f]{64}\.(json|snapshot))\.[0-9a-f]{16}")
_READINGS = 3
"""Times that a reader starts again when the state was replaced under its hands."""


def is_store(path: str | PathLike[str]) -> bool:
    """Whether a folder is a store of trust lists."""
    return Path(path, STATE_FILE).is_file()


def read_store(path: str | PathLike[str]) -> Held:
    """What a store holds. A snapshot that is damaged is made again from the lists, their proofs verified once more.

    Raises `TrustListError`: `STORE_MISSING`, `STORE_VERSION`, `STORE_DAMAGED`, `SOURCE_UNREADABLE`.
    """
    folder = Path(path)
    data = _read_state_file(folder)
    for _ in range(_READINGS - 1):
        try:
            return _read_held(folder, data)
        except TrustListError:
            newer = _read_state_file(folder)
            if newer == data:
                raise
            data = newer
    return _read_held(folder, data)


def pin_signer(
    path: str | PathLike[str], key: PinnedKey, *, replacing: str | None = None, forget: bool = False
) -> State:
    """Pin a signer's key in a store, which is made if need be; `trustlist.update.pin` says when that is refused.

    Raises `TrustListError`: as `pin` and `read_store`, `STORE_BUSY`, `SOURCE_NOT_WRITABLE`.
    """
    folder = Path(path)
    files.make_folder(folder)
    with locked(folder / _LOCK_FILE):
        before = read_store(folder).state if is_store(folder) else None
        state = pin(before, key, replacing=replacing, forget=forget)
        if state != before:
            _replace_state(folder, before or state, state)
    return state


def update_store(
    path: str | PathLike[str],
    lists: Callable[[State], Sequence[str]],
    bring: Bring,
    *,
    at: datetime,
    policy: UpdatePolicy = DEFAULT_POLICY,
) -> Update:
    """Ask for lists, judge what comes, and keep what comes of it; `lists` says which are right for a state.

    Nothing is locked while lists are fetched. If another update came first, what was fetched is judged again, against
    what is there now. Raises `TrustListError` where the store itself cannot be used (`read_store`, `STORE_BUSY`,
    `SOURCE_NOT_WRITABLE`); everything else is the reason of a refused update.
    """
    folder = Path(path)
    fetched: dict[str, Fetched] = {}

    def bring_once(did: str) -> Fetched:
        if did not in fetched:
            fetched[did] = bring(did)
        return fetched[did]

    held = read_store(folder)
    result = update(held, lists(held.state), bring_once, at=at, policy=policy)
    if result.outcome is UpdateOutcome.REFUSED:
        return result
    with locked(folder / _LOCK_FILE):
        now = read_store(folder)
        if now.state != held.state:
            result = update(now, lists(now.state), _bring_from(fetched), at=at, policy=policy)
        _keep(folder, now.state, result)
    return result


def confirm_waiting(
    path: str | PathLike[str], digest: str, *, at: datetime, policy: UpdatePolicy = DEFAULT_POLICY
) -> Update:
    """Take the lists that wait into use, all verified once more, because a person names their digest.

    Raises `TrustListError` as `update_store`.
    """
    folder = Path(path)
    read_store(folder)  # nothing is locked, nor made, where there is no store
    with locked(folder / _LOCK_FILE):
        held = read_store(folder)
        waiting = held.state.waiting.documents if held.state.waiting else ()
        result = confirm(held, digest, bring_kept(folder, waiting), at=at, policy=policy)
        _keep(folder, held.state, result)
    return result


def bring_kept(path: str | PathLike[str], lists: Sequence[HeldList]) -> Bring:
    """Brings these lists from the store; any other is not there."""
    by_did = {held.did: held for held in lists}

    def bring(did: str) -> Fetched:
        held = by_did.get(did)
        return Fetched(did, None) if held is None else Fetched(did, read_list(path, held), held.etag)

    return bring


def read_list(path: str | PathLike[str], held: HeldList) -> bytes:
    """A list as it came. Raises `TrustListError` (`STORE_DAMAGED`) if it is gone or is not what was kept."""
    try:
        data = files.read_file(Path(path, f"{held.digest}.json"), held.size)
    except TrustListError as error:
        raise TrustListError(ListReason.STORE_DAMAGED, did=held.did, cause=str(error.reason)) from error
    if hashlib.sha256(data).hexdigest() != held.digest:
        raise TrustListError(ListReason.STORE_DAMAGED, did=held.did)
    return data


def _bring_from(fetched: dict[str, Fetched]) -> Bring:
    def bring(did: str) -> Fetched:
        if did not in fetched:
            raise TrustListError(ListReason.STORE_BUSY, did=did)
        return fetched[did]

    return bring


def _read_state_file(folder: Path) -> bytes:
    try:
        return files.read_file(folder / STATE_FILE, MAX_BYTES)
    except TrustListError as error:
        if error.reason is ListReason.SOURCE_MISSING:
            raise TrustListError(ListReason.STORE_MISSING, folder=folder.name) from error
        raise


def _read_held(folder: Path, data: bytes) -> Held:
    state = read_state(data)
    if state.snapshot is None:
        return Held(state, None)
    snapshot = _read_snapshot(folder, state, state.snapshot)
    return Held(replace(state, snapshot=snapshot.digest), snapshot)


def _read_snapshot(folder: Path, state: State, digest: str) -> TrustSnapshot:
    with suppress(TrustListError):
        snapshot = TrustSnapshot.load(folder / f"{digest}.snapshot")
        if snapshot.digest == digest:
            return snapshot
    return _make_snapshot(folder, state)


def _make_snapshot(folder: Path, state: State) -> TrustSnapshot:
    keys = {signer.thumbprint: signer.pinned(state.environment) for signer in (state.signer, *state.former)}
    try:
        parts = [
            part_of(read_document(read_list(folder, held), key=keys[held.signer], expected_did=held.did))
            for held in state.documents
        ]
    except TrustListError as error:
        raise TrustListError(ListReason.STORE_DAMAGED, cause=str(error.reason)) from error
    return TrustSnapshot.from_parts(tuple(part for part in parts if part.source.entries) or tuple(parts))


def _keep(folder: Path, before: State, result: Update) -> None:
    """Write lists and snapshot, then the state that names them; what is there already and was damaged, too."""
    if result.outcome is UpdateOutcome.REFUSED:
        return
    for digest in sorted(result.state.files & result.documents.keys()):
        _put(folder / f"{digest}.json", result.documents[digest])
    if result.snapshot is not None and result.state.snapshot == result.snapshot.digest:
        _put(folder / f"{result.snapshot.digest}.snapshot", result.snapshot.saved.data)
    _replace_state(folder, before, result.state)


def _replace_state(folder: Path, before: State, state: State) -> None:
    files.write_file(folder / STATE_FILE, write_state(state))
    with suppress(TrustListError):  # what is left lying does no harm, and is looked at again next time
        _sweep(folder, (before, state))


def _put(path: Path, data: bytes) -> None:
    """Write a file that is named by what is in it, unless it is there, whole."""
    with suppress(TrustListError):
        if files.read_file(path, MOST_SNAPSHOT_BYTES) == data:
            return
    files.write_file(path, data)


def _sweep(folder: Path, states: Sequence[State]) -> None:
    needed = {f"{digest}.json" for state in states for digest in state.files}
    needed |= {f"{state.snapshot}.snapshot" for state in states}
    for name in files.list_names(folder):
        if (_OURS.fullmatch(name) and name not in needed) or _DRAFT.fullmatch(name):
            files.remove_file(folder / name)
