"""The written form of a state: canonical JSON, read back only if writing what was read gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from credential.errors import DecodeError, Stage
from credential.wire import json_text
from trustlist.did_shape import read_method_id
from trustlist.did_web import read_did
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment
from trustlist.update.state import HeldList, SeenList, Signer, State, Waiting

VERSION = 1
MAX_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 8
_DIGEST = re.compile(r"[0-9a-f]{64}")
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

ValueT = TypeVar("ValueT")


def write_state(state: State) -> bytes:
    """The state as canonical JSON, with a line's end."""
    waiting = state.waiting
    value = {
        "version": VERSION,
        "environment": state.environment.value,
        "signer": _write_signer(state.signer),
        "former": [_write_signer(signer) for signer in state.former],
        "lists": list(state.lists),
        "documents": [_write_held(held) for held in state.documents],
        "snapshot": state.snapshot,
        "seen": [{"did": seen.did, "created": _write_time(seen.created), "sha256": seen.digest} for seen in state.seen],
        "taken": state.taken and _write_time(state.taken),
        "checked": state.checked and _write_time(state.checked),
        "waiting": waiting and _write_waiting(waiting),
    }
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode("ascii") + b"\n"


def read_state(data: bytes) -> State:
    """The state in these bytes.

    Raises `TrustListError`: `STORE_VERSION` for one of another version, `STORE_DAMAGED` for everything else that
    `write_state` did not write.
    """
    members = _object(_decode(data), "state")
    if members.get("version") != VERSION or isinstance(members["version"], bool):
        raise TrustListError(ListReason.STORE_VERSION, readable=VERSION)
    state = State(
        environment=_environment(members),
        signer=_read_signer(members.get("signer")),
        former=_many(members, "former", _read_signer),
        lists=_many(members, "lists", _read_did),
        documents=_many(members, "documents", _read_held),
        snapshot=_or_none(members, "snapshot", _read_digest),
        seen=_many(members, "seen", _read_seen),
        taken=_or_none(members, "taken", _read_time),
        checked=_or_none(members, "checked", _read_time),
        waiting=_or_none(members, "waiting", _read_waiting),
    )
    if write_state(state) != data:
        raise _damaged("form")
    _require_signers(state)
    return state


def _decode(data: bytes) -> object:
    try:
        return json_text.decode(data, stage=Stage.TRUST_LIST, max_bytes=MAX_BYTES, max_depth=_MAX_DEPTH)
    except DecodeError as error:
        raise TrustListError(ListReason.STORE_DAMAGED, at="state", cause=str(error.reason)) from error


def _require_signers(state: State) -> None:
    """That every list names a signer whose key is here; without it, it could not be verified again."""
    known = {signer.thumbprint for signer in (state.signer, *state.former)}
    if not {held.signer for held in state.documents} <= known:
        raise _damaged("signer")


def _write_signer(signer: Signer) -> dict[str, str]:
    return {"method": signer.method, "x": signer.x, "y": signer.y}


def _read_signer(value: object) -> Signer:
    members = _object(value, "signer")
    coordinates = [_matching(members.get(name), _COORDINATE, "signer") for name in ("x", "y")]
    try:
        signer = Signer(read_method_id(members.get("method"), at="signer"), *coordinates)
        signer.public_key()
    except TrustListError as error:
        raise TrustListError(ListReason.STORE_DAMAGED, at="signer", cause=str(error.reason)) from error
    return signer


def _write_held(held: HeldList) -> dict[str, object]:
    return {
        "did": held.did,
        "created": _write_time(held.created),
        "sha256": held.digest,
        "size": held.size,
        "signer": held.signer,
        "etag": held.etag,
    }


def _read_held(value: object) -> HeldList:
    members = _object(value, "documents")
    return HeldList(
        did=_read_did(members.get("did")),
        created=_read_time(members.get("created")),
        digest=_read_digest(members.get("sha256")),
        size=_read_count(members.get("size")),
        signer=_read_digest(members.get("signer")),
        etag=_or_none(members, "etag", _read_text),
    )


def _read_seen(value: object) -> SeenList:
    members = _object(value, "seen")
    did, created = _read_did(members.get("did")), _read_time(members.get("created"))
    return SeenList(did, created, _read_digest(members.get("sha256")))


def _write_waiting(waiting: Waiting) -> dict[str, object]:
    return {
        "digest": waiting.digest,
        "since": _write_time(waiting.since),
        "lists": list(waiting.lists),
        "documents": [_write_held(held) for held in waiting.documents],
        "usable_keys": waiting.usable_keys,
        "lost_keys": waiting.lost_keys,
        "participants": waiting.participants,
        "lost_participants": list(waiting.lost_participants),
    }


def _read_waiting(value: object) -> Waiting:
    members = _object(value, "waiting")
    return Waiting(
        digest=_read_digest(members.get("digest")),
        since=_read_time(members.get("since")),
        lists=_many(members, "lists", _read_did),
        documents=_many(members, "documents", _read_held),
        usable_keys=_read_count(members.get("usable_keys")),
        lost_keys=_read_count(members.get("lost_keys")),
        participants=_read_count(members.get("participants")),
        lost_participants=_many(members, "lost_participants", _read_text),
    )


def _environment(members: Mapping[str, object]) -> Environment:
    try:
        return Environment(_read_text(members.get("environment")))
    except ValueError:
        raise _damaged("environment") from None


def _write_time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _read_time(value: object) -> datetime:
    try:
        return datetime.fromisoformat(_matching(value, _TIME, "time"))
    except ValueError:
        raise _damaged("time") from None


def _read_did(value: object) -> str:
    text = _read_text(value)
    try:
        read_did(text)
    except TrustListError as error:
        raise TrustListError(ListReason.STORE_DAMAGED, at="did", cause=str(error.reason)) from error
    return text


def _read_digest(value: object) -> str:
    return _matching(value, _DIGEST, "digest")


def _read_count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _damaged("number")
    return value


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise _damaged("text")
    return value


def _matching(value: object, pattern: re.Pattern[str], at: str) -> str:
    text = _read_text(value)
    if not pattern.fullmatch(text):
        raise _damaged(at)
    return text


def _object(value: object, at: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _damaged(at)
    return value


def _many(members: Mapping[str, object], name: str, read: Callable[[object], ValueT]) -> tuple[ValueT, ...]:
    values = members.get(name)
    if not isinstance(values, list):
        raise _damaged(name)
    return tuple(read(value) for value in values)


def _or_none(members: Mapping[str, object], name: str, read: Callable[[object], ValueT]) -> ValueT | None:
    value = members.get(name)
    return None if value is None else read(value)


def _damaged(at: str) -> TrustListError:
    return TrustListError(ListReason.STORE_DAMAGED, at=at)
