"""The metadata of a repository, made in memory: what is published, in, what to publish next, out.

1. `draft_root` (once, and for every change of keys) and `draft_targets` (when files changed) give unsigned metadata.
2. Each custodian adds a signature with `sign_metadata`, wherever the key is.
3. `assemble` checks that enough have signed, adds snapshot and timestamp, and gives every file of the repository:
   `metadata/…`, and `targets/…` under names that begin with the SHA-256 of what is in them (consistent snapshots, TUF
   specification §6.2). All roots stay for ever, the files of the state before stay for clients that are reading it.

https://theupdateframework.github.io/specification/latest/#repository-operations
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

from securesystemslib.signer import Signer
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.metadata import Role as RootRole

from trustlist.errors import ListReason, TrustListError
from trustlist.repository.roles import DEFAULT_LIFETIMES, Lifetimes, Publisher, RepositoryKeys, Role, sslib_key

METADATA, TARGETS = "metadata/", "targets/"
TIMESTAMP_PATH = f"{METADATA}timestamp.json"
_ROOT_PATH = re.compile(r"metadata/([1-9][0-9]{0,8})\.root\.json")
_HASH = "sha256"

Files = Mapping[str, bytes]
SignedT = TypeVar("SignedT", Root, Targets, Snapshot, Timestamp)
MadeT = TypeVar("MadeT", Snapshot, Timestamp)


def draft_root(
    keys: RepositoryKeys, *, at: datetime, previous: bytes | None = None, lifetimes: Lifetimes = DEFAULT_LIFETIMES
) -> bytes:
    """Root metadata with these keys, to be signed; `previous` is the root that it follows, whose keys sign it too.

    Raises `TrustListError`: `REPOSITORY_DAMAGED` for a `previous` that is no root, `KEY_UNSUPPORTED`.
    """
    version = 1 if previous is None else read_metadata(previous, Root).signed.version + 1
    roles = {role.value: RootRole([], each.threshold) for role, each in keys.by_role().items()}
    root = Root(version, expires=_end(at, lifetimes.root), roles=roles, consistent_snapshot=True)
    for role, each in keys.by_role().items():
        for key in each.keys:
            root.add_key(sslib_key(key), role.value)
    return Metadata(root).to_bytes()


def draft_targets(
    published: Files,
    files: Files,
    *,
    at: datetime,
    root: bytes | None = None,
    lifetimes: Lifetimes = DEFAULT_LIFETIMES,
) -> bytes | None:
    """Targets metadata for these files, to be signed; None if what is published still says the same for long enough.

    `root` is a new one that will count, if the keys change too: what its custodians have not signed is signed anew.
    Raises `TrustListError` (`REPOSITORY_DAMAGED`) for metadata that cannot be read.
    """
    targets = {path: TargetFile.from_data(path, data, [_HASH]) for path, data in sorted(files.items())}
    judge = root or newest_root(published)
    current = _published(published, Role.TARGETS, Targets)
    if current is not None and judge is not None:
        is_signed = _found(read_metadata(judge, Root).signed, Role.TARGETS, current)[0]
        if is_signed and current.signed.targets == targets and not _is_ending(current, at, lifetimes.targets):
            return None
    version = 1 if current is None else current.signed.version + 1
    return Metadata(Targets(version, expires=_end(at, lifetimes.targets), targets=targets)).to_bytes()


def sign_metadata(data: bytes, signers: Iterable[Signer]) -> bytes:
    """Metadata with the signatures of these signers beside those that are there.

    Raises `TrustListError`: `REPOSITORY_DAMAGED` for what is no metadata, `REPOSITORY_SIGNATURES` if signing fails.
    """
    metadata = _decoded(data)
    for signer in signers:
        try:
            metadata.sign(signer, append=True)
        except UnsignedMetadataError as error:
            raise TrustListError(ListReason.REPOSITORY_SIGNATURES, role=metadata.signed.type) from error
    return metadata.to_bytes()


def assemble(published: Files, files: Files, *, publisher: Publisher, signed: Iterable[bytes] = ()) -> Files:
    """All files of the repository that has `files` as targets, by path.

    `published` are the files of the repository as it is now; none for a new one. `signed` is what custodians have
    signed since: new targets, a new root, both, or nothing where what is published goes on to count.

    1. The root, if it is new, is signed by enough keys of itself and of the one before it.
    2. The targets are signed by enough keys of that root, newer than before, and name exactly these files.
    3. Snapshot and timestamp are made anew where something changed, the keys did, or half their time is over.

    Raises `TrustListError`: `REPOSITORY_SIGNATURES` if too few have signed, `REPOSITORY_MIXED` if the targets do not
    name these files, `REPOSITORY_ROLLED_BACK` if a version is not the next one, `REPOSITORY_DAMAGED`.
    """
    new = {_decoded(data).signed.type: data for data in signed}
    roots, root = _take_root(published, new.get(Role.ROOT.value))
    targets = _take_targets(published, files, new.get(Role.TARGETS.value), root)
    at, lifetimes = publisher.at, publisher.lifetimes
    version = read_metadata(targets, Targets).signed.version
    meta = {"targets.json": MetaFile.from_data(version, targets, [_HASH])}
    snapshot = Snapshot(expires=_end(at, lifetimes.snapshot), meta=meta)
    snapshot_data = _renewed(_published_bytes(published, Role.SNAPSHOT), snapshot, root, publisher)
    snapshot_meta = MetaFile.from_data(snapshot.version, snapshot_data, [_HASH])
    timestamp = Timestamp(expires=_end(at, lifetimes.timestamp), snapshot_meta=snapshot_meta)
    made = {
        **dict(_still_read(published)),
        **roots,
        f"{METADATA}{version}.targets.json": targets,
        f"{METADATA}{snapshot.version}.snapshot.json": snapshot_data,
        TIMESTAMP_PATH: _renewed(published.get(TIMESTAMP_PATH), timestamp, root, publisher),
        **{_target_path(path, data): data for path, data in files.items()},
    }
    return MappingProxyType(dict(sorted(made.items())))


def newest_root(published: Files) -> bytes | None:
    """The root that counts now; None in a repository without one."""
    versions = [int(match[1]) for match in map(_ROOT_PATH.fullmatch, published) if match]
    return published[f"{METADATA}{max(versions)}.root.json"] if versions else None


def find_root(signed: Iterable[bytes]) -> bytes | None:
    """The root among what custodians have signed, if there is one. Raises `TrustListError` (`REPOSITORY_DAMAGED`)."""
    return next((data for data in signed if _decoded(data).signed.type == Role.ROOT.value), None)


def read_metadata(data: bytes, kind: type[SignedT]) -> Metadata[SignedT]:
    """Metadata of this kind, its signatures not checked. Raises `TrustListError` (`REPOSITORY_DAMAGED`)."""
    metadata = _decoded(data)
    if not isinstance(metadata.signed, kind):
        raise TrustListError(ListReason.REPOSITORY_DAMAGED, role=kind.type)
    return metadata


def _decoded(data: bytes) -> Metadata[SignedT]:
    try:
        return Metadata[SignedT].from_bytes(data)
    except RepositoryError as error:
        raise TrustListError(ListReason.REPOSITORY_DAMAGED) from error


def _take_root(published: Files, new: bytes | None) -> tuple[dict[str, bytes], Root]:
    """Every root from the first one on, and the one that counts."""
    roots = {path: data for path, data in published.items() if _ROOT_PATH.fullmatch(path)}
    last = newest_root(published)
    before = None if last is None else read_metadata(last, Root).signed
    if new is None:
        if before is None:
            raise TrustListError(ListReason.REPOSITORY_SIGNATURES, role=Role.ROOT.value)
        return roots, before
    metadata = read_metadata(new, Root)
    version = metadata.signed.version
    if version != (1 if before is None else before.version + 1):
        raise TrustListError(ListReason.REPOSITORY_ROLLED_BACK, role=Role.ROOT.value, version=version)
    for judge in (metadata.signed, *(() if before is None else (before,))):
        _require_signed(judge, Role.ROOT, metadata)
    return {**roots, f"{METADATA}{version}.root.json": new}, metadata.signed


def _take_targets(published: Files, files: Files, new: bytes | None, root: Root) -> bytes:
    before = _published(published, Role.TARGETS, Targets)
    data = new if new is not None else _published_bytes(published, Role.TARGETS)
    if data is None:
        raise TrustListError(ListReason.REPOSITORY_SIGNATURES, role=Role.TARGETS.value)
    metadata = read_metadata(data, Targets)
    _require_signed(root, Role.TARGETS, metadata)
    if new is not None and before is not None and metadata.signed.version != before.signed.version + 1:
        raise TrustListError(
            ListReason.REPOSITORY_ROLLED_BACK, role=Role.TARGETS.value, version=metadata.signed.version
        )
    if metadata.signed.targets != {path: TargetFile.from_data(path, data, [_HASH]) for path, data in files.items()}:
        raise TrustListError(ListReason.REPOSITORY_MIXED, role=Role.TARGETS.value)
    return data


def _renewed(before: bytes | None, signed: MadeT, root: Root, publisher: Publisher) -> bytes:
    """What is published, if it says the same and goes on to count; else the new state, as the next version."""
    role = Role(signed.type)
    if before is not None:
        metadata = read_metadata(before, type(signed))
        signed.version = metadata.signed.version
        is_same = _says(metadata.signed) == _says(signed)
        is_ending = _is_ending(metadata, publisher.at, getattr(publisher.lifetimes, role.value))
        if is_same and not is_ending and _found(root, role, metadata)[0]:
            return before
        signed.version += 1
    data = sign_metadata(Metadata(signed).to_bytes(), publisher.signers)
    _require_signed(root, role, read_metadata(data, type(signed)))
    return data


def _says(signed: Snapshot | Timestamp) -> object:
    return signed.meta if isinstance(signed, Snapshot) else signed.snapshot_meta


def _require_signed(root: Root, role: Role, metadata: Metadata[SignedT]) -> None:
    is_enough, found, needed = _found(root, role, metadata)
    if not is_enough:
        raise TrustListError(ListReason.REPOSITORY_SIGNATURES, role=role.value, found=found, needed=needed)


def _found(root: Root, role: Role, metadata: Metadata[SignedT]) -> tuple[bool, int, int]:
    result = root.get_verification_result(role.value, metadata.signed_bytes, metadata.signatures)
    return result.verified, len(result.signed), result.threshold


def _still_read(published: Files) -> Iterator[tuple[str, bytes]]:
    """The files that clients need who have seen the published timestamp and not the next one."""
    targets = _published(published, Role.TARGETS, Targets)
    if targets is None:
        return
    names = {TARGETS + path for each in targets.signed.targets.values() for path in each.get_prefixed_paths()}
    names |= {_place(published, role) or "" for role in (Role.SNAPSHOT, Role.TARGETS)}
    yield from ((name, data) for name, data in published.items() if name in names)


def _published(published: Files, role: Role, kind: type[SignedT]) -> Metadata[SignedT] | None:
    data = _published_bytes(published, role)
    return None if data is None else read_metadata(data, kind)


def _published_bytes(published: Files, role: Role) -> bytes | None:
    place = _place(published, role)
    if place is None:
        return None
    if place not in published:
        raise TrustListError(ListReason.REPOSITORY_DAMAGED, role=role.value)
    return published[place]


def _place(published: Files, role: Role) -> str | None:
    """Where the snapshot or the targets lie that the published timestamp leads to."""
    if TIMESTAMP_PATH not in published:
        if any(path.endswith(".targets.json") for path in published):  # begun anew, it would roll its clients back
            raise TrustListError(ListReason.REPOSITORY_DAMAGED, role=Role.TIMESTAMP.value)
        return None
    version = read_metadata(published[TIMESTAMP_PATH], Timestamp).signed.snapshot_meta.version
    place = f"{METADATA}{version}.snapshot.json"
    if role is Role.TARGETS:
        if place not in published:
            raise TrustListError(ListReason.REPOSITORY_DAMAGED, role=Role.SNAPSHOT.value)
        meta = read_metadata(published[place], Snapshot).signed.meta
        place = f"{METADATA}{meta['targets.json'].version}.targets.json"
    return place


def _target_path(path: str, data: bytes) -> str:
    (prefixed,) = TargetFile.from_data(path, data, [_HASH]).get_prefixed_paths()
    return TARGETS + prefixed


def _is_ending(metadata: Metadata[SignedT], at: datetime, lifetime: timedelta) -> bool:
    return metadata.signed.expires - at < lifetime / 2


def _end(at: datetime, lifetime: timedelta) -> datetime:
    return (at + lifetime).astimezone(UTC)
