"""One writer at a time: an advisory lock on a file, which the system lets go of when its holder dies.

Only where the system has `flock` (POSIX) can a log be written; it can be read anywhere.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ledger.errors import LedgerError, LedgerReason
from ledger.files import cause_of

if sys.platform != "win32":
    import fcntl

_PAUSE = 0.01  # seconds between two tries
_MODE = 0o644


class WriterLock:
    """The right to write to a log, held from construction until `release`."""

    def __init__(self, path: Path, patience: float) -> None:
        """Take the lock, trying for `patience` seconds.

        Raises `LedgerError`: `LOG_BUSY` if another holds it all that time, `LOG_NOT_WRITABLE`, `LOG_MISSING` if there
        is no such folder.
        """
        if sys.platform == "win32":
            raise LedgerError(LedgerReason.LOG_NOT_WRITABLE, cause="ENOLCK")
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
        except FileNotFoundError:
            raise LedgerError(LedgerReason.LOG_MISSING) from None
        except OSError as error:
            raise LedgerError(LedgerReason.LOG_NOT_WRITABLE, cause=cause_of(error)) from error
        end = time.monotonic() + patience
        while not self._try(self._file):
            if time.monotonic() >= end:
                self._close()
                raise LedgerError(LedgerReason.LOG_BUSY)
            time.sleep(_PAUSE)

    @property
    def is_held(self) -> bool:
        """Whether it has not been released yet."""
        return self._file is not None

    def release(self) -> None:
        """Let the next writer in; done twice it does nothing."""
        if sys.platform != "win32" and self._file is not None:
            # Said aloud, because a process forked meanwhile would otherwise go on holding it.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._close()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @staticmethod
    def _try(file: int) -> bool:
        if sys.platform == "win32":
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
