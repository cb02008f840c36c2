"""The command line as a person uses it: arguments in, text, errors and exit status out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pratique.cli import main
from pratique.demo import PASSPHRASE


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command said, and its exit status."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


class _Input(io.TextIOWrapper):
    def isatty(self) -> bool:
        return False


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `pratique` with these arguments; `stdin` is what is piped into it."""
    monkeypatch.setenv("PRATIQUE_PASSPHRASE", PASSPHRASE)

    def run(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["pratique", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", _Input(io.BufferedReader(io.BytesIO(stdin))))
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pratique demo` writes, made once."""
    from click.testing import CliRunner

    from pratique.demo import demo

    folder = tmp_path_factory.mktemp("demo") / "demo"
    result = CliRunner().invoke(demo, ["--folder", str(folder)])
    assert result.exit_code == 0, result.output
    return folder
