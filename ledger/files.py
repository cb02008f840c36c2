"""The folder of a log: bounded reading, and files that are on the disk, whole, before anyone is told of them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledger.errors import LedgerError, LedgerReason

_DRAFT = ".draft"
_MODE = 0o644  # less whatever the process's umask takes away


class LogFolder:
    """Files below one folder, by their paths with slashes. Only the holder of the log's lock writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str, limit: int, *, missing: LedgerReason) -> bytes:
        """The whole content of a regular file of at most `limit` bytes.

        Raises `LedgerError`: `missing`, `LOG_UNREADABLE`.
        """
        try:
            with (self.path / name).open("rb") as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode) or about.st_size > limit:
                    raise LedgerError(LedgerReason.LOG_UNREADABLE, path=name, bytes=about.st_size)
                return file.read(limit)
        except FileNotFoundError:
            raise LedgerError(missing, path=name) from None
        except OSError as error:
            raise LedgerError(LedgerReason.LOG_UNREADABLE, path=name, cause=cause_of(error)) from error

    def holds(self, *names: str) -> bool:
        """Whether there is anything under one of these names."""
        return any(os.path.lexists(self.path / name) for name in names)

    def make(self) -> None:
        """Make the folder itself if it is not there. Raises `LedgerError` (`LOG_NOT_WRITABLE`)."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise LedgerError(LedgerReason.LOG_NOT_WRITABLE, cause=cause_of(error)) from error

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Put each file in its place, whole; on return all of them would outlast a loss of power.

        Raises `LedgerError` (`LOG_NOT_WRITABLE`); some of them may be in place then.
        """
        changed: set[Path] = set()
        name = ""
        try:
            for name, data in files:
                target = self.path / name
                changed |= _make_folders(target.parent)
                _write_synced(self.path / _DRAFT, data)
                (self.path / _DRAFT).replace(target)
                changed.add(target.parent)
            for folder in sorted(changed):
                _sync_folder(folder)
        except OSError as error:
            raise LedgerError(LedgerReason.LOG_NOT_WRITABLE, path=name, cause=cause_of(error)) from error

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with the files in it, that nobody needs any more.

        What cannot be removed stays and does no harm, so that is no error.
        """
        target = self.path / name
        with suppress(OSError):
            if not target.is_dir():
                target.unlink()
                return
            for each in target.iterdir():
                each.unlink()
            target.rmdir()


def cause_of(error: OSError) -> str:
    """The name of what went wrong, such as `ENOSPC`; without paths."""
    return errno.errorcode.get(error.errno or 0, "")


def _write_synced(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_folders(path: Path) -> set[Path]:
    """Make a folder and those above it; the folders in which a new name has come to be."""
    if path.is_dir():
        return set()
    changed = _make_folders(path.parent)
    path.mkdir(exist_ok=True)
    return changed | {path.parent}


def _sync_folder(path: Path) -> None:
    """Make the new names in a folder last; only POSIX lets a folder be opened for that."""
    if os.name != "posix":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
