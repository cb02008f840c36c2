"""Bytes from and to the disk: bounded reading, and writing that is either done or not."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

from trustlist.errors import ListReason, TrustListError

_MODE = 0o644  # less whatever the process's umask takes away


def read_file(path: Path, limit: int) -> bytes:
    """The whole content of a regular file of at most `limit` bytes.

    Raises `TrustListError`: `SOURCE_MISSING`, `SOURCE_UNREADABLE`, `LIST_TOO_LARGE`.
    """
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise TrustListError(ListReason.SOURCE_UNREADABLE, file=path.name)
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise TrustListError(ListReason.LIST_TOO_LARGE, file=path.name, size=size, limit=limit)
            return file.read(size)
    except FileNotFoundError:
        raise TrustListError(ListReason.SOURCE_MISSING, file=path.name) from None
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_UNREADABLE, file=path.name, cause=_name(error)) from error


def read_start(path: Path, size: int) -> bytes:
    """The first `size` bytes of a file, or all it has. Raises as `read_file`."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        raise TrustListError(ListReason.SOURCE_MISSING, file=path.name) from None
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_UNREADABLE, file=path.name, cause=_name(error)) from error


def list_folder(path: Path) -> tuple[Path, ...]:
    """The files in a folder by name, without those below it and without hidden ones. Raises as `read_file`."""
    try:
        return tuple(sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith(".")))
    except FileNotFoundError:
        raise TrustListError(ListReason.SOURCE_MISSING, file=path.name) from None
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_UNREADABLE, file=path.name, cause=_name(error)) from error


def write_file(path: Path, data: bytes) -> None:
    """Put `data` in place of what is at `path`: a reader, or a crash, finds the old content or the new, never a part.

    Raises `TrustListError` (`SOURCE_NOT_WRITABLE`); then nothing has changed and nothing is left behind.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        try:
            _write_synced(draft, data)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_NOT_WRITABLE, file=path.name, cause=_name(error)) from error


def find_files(path: Path, suffix: str | tuple[str, ...], *, limit: int) -> tuple[Path, ...]:
    """The file at `path`, or every file below that folder whose name ends so, by name; links are not followed.

    Raises as `read_file`, and `TrustListError` (`LISTS_TOO_MANY`) for more than `limit`.
    """
    if not path.is_dir():
        return (path,)
    found: list[Path] = []
    for place, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += (Path(place, name) for name in sorted(names) if name.endswith(suffix) and not name.startswith("."))
        if len(found) > limit:
            raise TrustListError(ListReason.LISTS_TOO_MANY, limit=limit)
    return tuple(each for each in found if not each.is_symlink())


def list_names(path: Path) -> tuple[str, ...]:
    """The names of everything in a folder, hidden or not. Raises as `read_file`."""
    try:
        return tuple(sorted(os.listdir(path)))  # noqa: PTH208 - names are all that is wanted
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_UNREADABLE, file=path.name, cause=_name(error)) from error


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there. Raises `TrustListError` (`SOURCE_NOT_WRITABLE`)."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_NOT_WRITABLE, file=path.name, cause=_name(error)) from error


def remove_file(path: Path) -> None:
    """Remove a file that may be gone already. Raises `TrustListError` (`SOURCE_NOT_WRITABLE`)."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_NOT_WRITABLE, file=path.name, cause=_name(error)) from error


def _write_synced(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Make the new name itself last; only POSIX lets a folder be opened for that."""
    if os.name != "posix":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "")
