"""Lists in one file, for machines that never see a network: what one store has in use, carried to another.

The file is a line that says what it is, a line of canonical JSON (the manifest), and the lists, byte for byte as they
came, one after the other:

    pratique trust bundle 1
    {"documents":[{"did":…,"sha256":…,"size":…},…],"environment":…,"exported":…,"lists":[…],"signer":…}
    {"@context":[…],"id":"did:web:…",…}…

It carries no trust of its own and needs no key of its own: the lists are signed, and whoever takes them in verifies
their proofs under the key that is pinned there, by the same steps as if they came from the network. The manifest
finds damage on the way, and says for whom the file is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from credential.errors import DecodeError, Stage
from credential.wire import json_text
from trustlist.did_web import read_did
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment
from trustlist.update.offer import Offer
from trustlist.update.state import State

_MAGIC = b"pratique trust bundle "
_VERSION = b"1"
_LONGEST_MANIFEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle carries; its lists are not verified yet."""

    environment: Environment
    signer: str
    """Thumbprint of the key that the lists were verified with where they come from."""
    exported: datetime
    lists: tuple[str, ...]
    """The DIDs that were asked for."""
    offer: Offer


def write_bundle(state: State, documents: Mapping[str, bytes], at: datetime) -> bytes:
    """The lists in use, in one file; `documents` are their bytes by digest.

    Raises `TrustListError` (`SOURCE_EMPTY`) where there are none.
    """
    if not state.documents:
        raise TrustListError(ListReason.SOURCE_EMPTY)
    manifest = {
        "environment": state.environment.value,
        "signer": state.signer.thumbprint,
        "exported": at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z",
        "lists": list(state.lists),
        "documents": [{"did": held.did, "sha256": held.digest, "size": held.size} for held in state.documents],
    }
    lists = (documents[held.digest] for held in state.documents)
    return b"".join((_MAGIC, _VERSION, b"\n", _canonical(manifest), b"\n", *lists))


def read_bundle(data: bytes) -> Bundle:
    """What a bundle carries, each list with the digest that the manifest gives.

    Raises `TrustListError`: `BUNDLE_FOREIGN`, `BUNDLE_VERSION`, `BUNDLE_DAMAGED`.
    """
    if not data.startswith(_MAGIC):
        raise TrustListError(ListReason.BUNDLE_FOREIGN)
    head, _, rest = data.partition(b"\n")
    if head != _MAGIC + _VERSION:
        raise TrustListError(ListReason.BUNDLE_VERSION)
    line, _, _ = rest[:_LONGEST_MANIFEST].partition(b"\n")
    manifest = _decode_manifest(line)
    try:
        rows = [(_did(row["did"]), str(row["sha256"]), int(row["size"])) for row in manifest["documents"]]
        bundle = Bundle(
            environment=Environment(manifest["environment"]),
            signer=str(manifest["signer"]),
            exported=_moment(manifest["exported"]),
            lists=tuple(_did(each) for each in manifest["lists"]),
            offer=Offer(MappingProxyType(dict(_documents(memoryview(rest)[len(line) + 1 :], rows)))),
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="manifest") from error
    if len(bundle.offer.documents) != len(rows):
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="documents")
    return bundle


def _decode_manifest(line: bytes) -> dict[str, Any]:
    try:
        value = json_text.decode(line, stage=Stage.TRUST_LIST, max_bytes=_LONGEST_MANIFEST, max_depth=4)
    except DecodeError as error:
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="manifest", cause=str(error.reason)) from error
    if not isinstance(value, dict) or _canonical(value) != line:
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="manifest")
    return value


def _documents(content: memoryview, rows: list[tuple[str, str, int]]) -> Iterator[tuple[str, bytes]]:
    """The lists, one after the other, filling the file to its end."""
    start = 0
    for did, digest, size in rows:
        if not 0 < size <= len(content) - start:
            raise TrustListError(ListReason.BUNDLE_DAMAGED, at="size")
        data = bytes(content[start : start + size])
        if hashlib.sha256(data).hexdigest() != digest:
            raise TrustListError(ListReason.BUNDLE_DAMAGED, at="digest", did=did)
        yield did, data
        start += size
    if start != len(content):
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="size")


def _did(value: object) -> str:
    text = str(value)
    try:
        read_did(text)
    except TrustListError as error:
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="did") from error
    return text


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise TrustListError(ListReason.BUNDLE_DAMAGED, at="exported")
    return moment.astimezone(UTC)


def _canonical(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode("ascii")
