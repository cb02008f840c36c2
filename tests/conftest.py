"""Fixtures that every room's tests share, and the table of agreement with published test data at the end of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
AGREEMENT = pytest.StashKey[list[tuple[str, int, int]]]()

Report = Callable[[str, int, int], None]

settings.register_profile(
    "pratique", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("pratique")


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of published test data beside the checkout; absent for most users."""
    if not CORPORA.is_dir():
        pytest.skip("the shared corpora are not beside this checkout")
    return CORPORA


@pytest.fixture(scope="session")
def agreement(pytestconfig: pytest.Config) -> Report:
    """Adds a line (what, agreed, total) to the table at the end of the run."""
    rows = pytestconfig.stash.setdefault(AGREEMENT, [])

    def add(name: str, agreed: int, total: int) -> None:
        rows.append((name, agreed, total))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what agreed with published test data, out of how much."""
    rows = config.stash.get(AGREEMENT, [])
    if rows:
        terminalreporter.section("agreement with published test data")
    for name, agreed, total in sorted(rows):
        terminalreporter.write_line(f"{agreed:>6} / {total:<6} {name}")
