"""One writer at a time: a lock on a file that ends with the process that holds it, however that ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustlist.errors import ListReason, TrustListError

_PAUSE_SECONDS = 0.02

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, *, seconds: float = 10.0) -> Iterator[None]:
    """Hold the lock on the file at `path`, which is made if need be and stays.

    Waits at most `seconds` for another holder. Raises `TrustListError`: `STORE_BUSY`, `SOURCE_NOT_WRITABLE`.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise TrustListError(ListReason.SOURCE_NOT_WRITABLE, file=path.name, cause=type(error).__name__) from error
    try:
        _wait_for_lock(file, time.monotonic() + seconds)
        yield
    finally:
        os.close(file)


def _wait_for_lock(file: int, deadline: float) -> None:
    while True:
        try:
            _try_lock(file)
        except OSError as error:
            if time.monotonic() >= deadline:
                raise TrustListError(ListReason.STORE_BUSY) from error
            time.sleep(_PAUSE_SECONDS)
        else:
            return
