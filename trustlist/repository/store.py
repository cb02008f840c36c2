"""Reading a repository, with a memory on the disk of what was taken in before (TUF specification §5).

    repository = Repository(folder, root=root, fetch=fetch)
    repository.refresh(at=now)                     # refuses what is older, held back, or does not belong together
    data = repository.read("v2/trustlist/did.json")

The walk is that of `tuf.ngclient.Updater`; here are its fetching, its one clock, and its refusals in this room's words.
`root` is trusted as it is: it comes with the program or by hand, never from the place that it is to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from tuf.api import exceptions as tuf
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from trustlist.errors import ListReason, TrustListError
from trustlist.file_lock import locked

Fetch: TypeAlias = Callable[[str], Iterable[bytes]]
"""The file at a path of the repository, in parts. Raises `TrustListError`, `LIST_NOT_FOUND` if it is not there."""

_METADATA_FOLDER, _TARGETS_FOLDER, _LOCK = "metadata", "targets", ".lock"
_CHUNK_BYTES = 64 * 1024
_MISSING = 404

_REASONS: tuple[tuple[type[Exception], ListReason], ...] = (
    (tuf.UnsignedMetadataError, ListReason.REPOSITORY_SIGNATURES),
    (tuf.ExpiredMetadataError, ListReason.REPOSITORY_EXPIRED),
    (tuf.LengthOrHashMismatchError, ListReason.REPOSITORY_MIXED),
    (tuf.BadVersionNumberError, ListReason.REPOSITORY_ROLLED_BACK),
    (tuf.RepositoryError, ListReason.REPOSITORY_DAMAGED),
    (tuf.DownloadLengthMismatchError, ListReason.REPOSITORY_OVERLONG),
    (tuf.DownloadHTTPError, ListReason.REPOSITORY_FILE_MISSING),
    (tuf.DownloadError, ListReason.FETCH_FAILED),
    (OSError, ListReason.REPOSITORY_CACHE),
)
"""The first that fits."""


class Limits(NamedTuple):
    """What is read at most."""

    root_bytes: int = 512 * 1024
    timestamp_bytes: int = 16 * 1024
    snapshot_bytes: int = 2 * 1024 * 1024
    targets_bytes: int = 16 * 1024 * 1024
    target_bytes: int = 64 * 1024 * 1024
    root_rotations: int = 256
    """Changes of keys since this client last looked."""


DEFAULT_LIMITS = Limits()


class Repository:
    """A repository as one client sees it; one process at a time uses a folder."""

    def __init__(self, folder: Path, *, root: bytes, fetch: Fetch, limits: Limits = DEFAULT_LIMITS) -> None:
        """`root` is the first root that is trusted, `folder` keeps what was seen; it is made if need be."""
        self._folder = folder
        self._root = root
        self._fetcher = _Fetcher(fetch)
        self._limits = limits
        self._updater: Updater | None = None

    def refresh(self, *, at: datetime) -> Mapping[str, int]:
        """Take in the newest state; the version of each role.

        `at` is timezone-aware. Raises `TrustListError`: a `REPOSITORY_…` reason, or one of `fetch`. What was taken in
        before stays, and stays the bar for the next time.
        """
        self._updater = None
        with self._own_folder(), self._refusing():
            updater = Updater(
                str(self._folder / _METADATA_FOLDER),
                "metadata/",
                str(self._folder / _TARGETS_FOLDER),
                "targets/",
                fetcher=self._fetcher,
                config=_config(self._limits),
                bootstrap=self._root,
            )
            trusted = updater._trusted_set
            # The library would read the clock here; everything that expires is held against this one value.
            trusted.reference_time = at
            updater.refresh()
        self._updater = updater
        return MappingProxyType({each.type: each.version for each in trusted})

    def read(self, path: str) -> bytes:
        """A file of the state that `refresh` took in; kept on the disk, and checked whenever it is read.

        Raises `TrustListError`: `REPOSITORY_FILE_MISSING`, `REPOSITORY_MIXED` if what comes is not what the targets
        name, `REPOSITORY_OVERLONG`, and those of `fetch`.
        """
        updater = self._updater
        if updater is None:
            raise TrustListError(ListReason.REPOSITORY_CACHE)
        with self._own_folder(), self._refusing():
            target = updater.get_targetinfo(path)
            if target is None:
                raise TrustListError(ListReason.REPOSITORY_FILE_MISSING, file=path)
            if target.length > self._limits.target_bytes:
                raise TrustListError(ListReason.LIST_TOO_LARGE, size=target.length, limit=self._limits.target_bytes)
            kept = updater.find_cached_target(target) or updater.download_target(target)
            data = Path(kept).read_bytes()
            target.verify_length_and_hashes(data)
            return data

    @contextmanager
    def _own_folder(self) -> Iterator[None]:
        try:
            for name in (_METADATA_FOLDER, _TARGETS_FOLDER):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrustListError(ListReason.REPOSITORY_CACHE) from error
        with locked(self._folder / _LOCK):
            yield

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """The library's refusals as ours."""
        try:
            yield
        except (tuf.RepositoryError, tuf.DownloadError, OSError) as error:
            reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
            raise TrustListError(reason, file=self._fetcher.last) from error


class _Fetcher(FetcherInterface):
    """Fetches by a function of ours; remembers what was asked for last, so that a refusal can name it."""

    def __init__(self, fetch: Fetch) -> None:
        self.last = ""
        self._fetch_path = fetch

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.last = url
        try:
            yield from self._fetch_path(url)
        except TrustListError as error:
            if error.reason is not ListReason.LIST_NOT_FOUND:
                raise
            raise tuf.DownloadHTTPError(url, _MISSING) from error


def fetch_from_folder(folder: Path) -> Fetch:
    """Reads a repository that lies in a folder: a copy that was carried here, or the one that is served."""

    def fetch(path: str) -> Iterator[bytes]:
        try:
            with (folder / path).open("rb") as file:
                while part := file.read(_CHUNK_BYTES):
                    yield part
        except FileNotFoundError:
            raise TrustListError(ListReason.LIST_NOT_FOUND) from None
        except OSError as error:
            raise TrustListError(ListReason.SOURCE_UNREADABLE, file=path) from error

    return fetch


def _config(limits: Limits) -> UpdaterConfig:
    return UpdaterConfig(
        max_root_rotations=limits.root_rotations,
        root_max_length=limits.root_bytes,
        timestamp_max_length=limits.timestamp_bytes,
        snapshot_max_length=limits.snapshot_bytes,
        targets_max_length=limits.targets_bytes,
    )
