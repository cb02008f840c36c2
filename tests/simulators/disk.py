"""A disk that fails: at one step of a write, or from one step on, as when the power goes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest


class PowerGoneError(BaseException):
    """Ends the program at this very step; no handler for errors sees it."""


@dataclass
class FailingDisk:
    """Counts every step that reaches the disk and fails at number `at`, counted from 0.

    With `power_gone`, every later step fails as well: nothing is tidied up. A write that fails has written half.
    """

    at: int
    power_gone: bool
    steps: list[str] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether the failing step was ever taken."""
        return len(self.steps) > self.at

    def step(self, name: str) -> None:
        """One step more; raises if it is the one, or comes after the power went."""
        self.steps.append(name)
        number = len(self.steps) - 1
        if self.power_gone and number >= self.at:
            raise PowerGoneError
        if number == self.at:
            raise OSError(errno.ENOSPC, "no space left on device")

    @contextmanager
    def mounted(self) -> Iterator[FailingDisk]:
        """Puts this disk under everything that writes."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("open", "fsync", "replace", "unlink", "mkdir"):
                patch.setattr(os, name, self._failing(name, getattr(os, name)))
            fdopen = os.fdopen
            patch.setattr(os, "fdopen", lambda *arguments: _TornFile(fdopen(*arguments), self))
            yield self

    def _failing(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*arguments: Any, **options: Any) -> Any:
            self.step(name)
            return call(*arguments, **options)

        return failing


class _TornFile:
    def __init__(self, file: Any, disk: FailingDisk) -> None:
        self._file = file
        self._disk = disk

    def __enter__(self) -> _TornFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        try:
            self._disk.step("write")
        except BaseException:
            self._file.write(data[: len(data) // 2])
            self._file.flush()
            raise
        return int(self._file.write(data))

    def flush(self) -> None:
        self._file.flush()

    def fileno(self) -> int:
        return int(self._file.fileno())
