"""A folder in which `pratique demo` was run, as the reader of a page has it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.commands import run
from tests.reasons_given import ROOT


@pytest.fixture(scope="session")
def after_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pratique demo` leaves behind, made once; and `samples/`, which the repository has."""
    folder = tmp_path_factory.mktemp("reader")
    ran = run("pratique demo", folder)
    assert ran.status == 0, ran.output
    shutil.copytree(ROOT / "samples" / "records", folder / "samples" / "records")
    return folder


@pytest.fixture
def reader(after_demo: Path, tmp_path: Path) -> Path:
    """A folder of one page's own, in which its commands may write."""
    return shutil.copytree(after_demo, tmp_path / "reader")
