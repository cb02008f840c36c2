"""A published tree in a folder, changed in one step: whoever serves or reads it finds the old tree or the new, whole.

    FOLDER/current          symbolic link to the version that is served: the web server's root
    FOLDER/versions/<id>/   whole trees, named by a digest of all that is in them; they never change
    FOLDER/.lock            held by whoever publishes

A new version is written beside the others, is made to last (fsync), and then the link is replaced, which POSIX does
atomically. A crash leaves the old version in place, and leftovers that the next publisher removes. A file whose bytes
are the same as before stays the same file (a hard link), so that its date and a web server's ETag stay too. The version
before the last one is kept for those who are reading it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from trustlist.errors import ListReason, TrustListError
from trustlist.file_lock import locked

CURRENT, VERSIONS, LOCK = "current", "versions", ".lock"
_DRAFT = ".draft"
_LINK_DRAFT = ".current"
_MODE = 0o644  # less whatever the process's umask takes away
_NAME_CHARS = 32
_MOST_BYTES = 256 * 1024 * 1024
_MOST_FILES = 100_000


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing did to the files of a tree."""

    version: str
    """The name of the version that is served now."""
    written: int
    kept: int
    """Files whose bytes are those of the version before."""
    removed: int


def publish_files(folder: Path, files: Mapping[str, bytes]) -> Publication:
    """Serve exactly these files, by their paths with slashes, from now on.

    Raises `TrustListError`: `TREE_FOREIGN` if the folder was not made by this, `SOURCE_NOT_WRITABLE` if it cannot be
    written (then the old version is still served), `STORE_BUSY` if someone else is publishing.
    """
    with publishing(folder) as place:
        return place.replace(files)


def read_published(folder: Path) -> Mapping[str, bytes]:
    """The files that are served, by path; none if nothing was ever published here.

    Raises `TrustListError`: `SOURCE_UNREADABLE`, `LIST_TOO_LARGE`.
    """
    served = folder / CURRENT
    if not os.path.lexists(served):
        return MappingProxyType({})
    with _reporting(ListReason.SOURCE_UNREADABLE, folder):
        root = served.resolve(strict=True)  # one version, even if another is published meanwhile
        return MappingProxyType(_read_all(root))


class PublishingPlace:
    """A folder in which this process alone publishes, for as long as it holds the lock."""

    def __init__(self, folder: Path) -> None:
        """Use `publishing`."""
        self._folder = folder

    def read(self) -> Mapping[str, bytes]:
        """As `read_published`."""
        return read_published(self._folder)

    def replace(self, files: Mapping[str, bytes]) -> Publication:
        """As `publish_files`."""
        with _reporting(ListReason.SOURCE_NOT_WRITABLE, self._folder):
            return self._replace(files)

    def _replace(self, files: Mapping[str, bytes]) -> Publication:
        versions = self._folder / VERSIONS
        versions.mkdir(exist_ok=True)
        before = self._version()
        old = self.read()
        name = _version_name(files)
        kept = sum(old.get(path) == data for path, data in files.items())
        if name != before:
            shutil.rmtree(versions / _DRAFT, ignore_errors=True)
            _write_tree(versions / _DRAFT, files, None if before is None else versions / before, old)
            shutil.rmtree(versions / name, ignore_errors=True)  # an older one of the same name, put aside by no link
            (versions / _DRAFT).rename(versions / name)
            _sync(versions)
            self._link(name)
        self._remove_all_but({name, before or name})
        return Publication(name, len(files) - kept, kept, len(old.keys() - files.keys()))

    def _version(self) -> str | None:
        served = self._folder / CURRENT
        return served.readlink().name if served.is_symlink() else None

    def _link(self, name: str) -> None:
        draft = self._folder / _LINK_DRAFT
        draft.unlink(missing_ok=True)
        draft.symlink_to(Path(VERSIONS) / name, target_is_directory=True)
        draft.replace(self._folder / CURRENT)
        _sync(self._folder)

    def _remove_all_but(self, names: set[str]) -> None:
        for each in (self._folder / VERSIONS).iterdir():
            if each.name not in names:
                shutil.rmtree(each, ignore_errors=True)  # what cannot be removed takes up room and nothing more


@contextmanager
def publishing(folder: Path) -> Iterator[PublishingPlace]:
    """The folder, made if need be, with nobody else publishing in it. Raises as `publish_files`."""
    with _reporting(ListReason.SOURCE_NOT_WRITABLE, folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sync(folder.parent)
        _require_own(folder)
    with locked(folder / LOCK):
        yield PublishingPlace(folder)


def _require_own(folder: Path) -> None:
    foreign = {each.name for each in folder.iterdir()} - {CURRENT, VERSIONS, LOCK, _LINK_DRAFT}
    served = folder / CURRENT
    if foreign or (os.path.lexists(served) and not served.is_symlink()):
        raise TrustListError(ListReason.TREE_FOREIGN, folder=folder.name)


def _version_name(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path, data in sorted(files.items()):
        digest.update(hashlib.sha256(path.encode()).digest() + hashlib.sha256(data).digest())
    return digest.hexdigest()[:_NAME_CHARS]


def _write_tree(draft: Path, files: Mapping[str, bytes], before: Path | None, old: Mapping[str, bytes]) -> None:
    written: dict[bytes, Path] = {}
    draft.mkdir()
    for path, data in files.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        twin = before / path if before is not None and old.get(path) == data else written.get(data)
        if twin is None or not _linked(twin, target):
            _write_synced(target, data)
        written[data] = target
    for place, _, _ in os.walk(draft, topdown=False):
        _sync(Path(place))


def _linked(twin: Path, target: Path) -> bool:
    """Make `target` the same file as `twin`; False where the file system has no hard links."""
    try:
        target.hardlink_to(twin)
    except OSError as error:
        if error.errno in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV}:
            return False
        raise
    return True


def _write_synced(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_all(root: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = _MOST_BYTES
    for place, _, names in os.walk(root):
        for name in names:
            data = (Path(place) / name).read_bytes()
            left -= len(data)
            found[(Path(place) / name).relative_to(root).as_posix()] = data
            if left < 0 or len(found) > _MOST_FILES:
                raise TrustListError(ListReason.LIST_TOO_LARGE, limit=_MOST_BYTES)
    return found


@contextmanager
def _reporting(reason: ListReason, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cause = errno.errorcode.get(error.errno or 0, "")
        raise TrustListError(reason, folder=folder.name, cause=cause) from error
