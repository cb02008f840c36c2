"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"

settings.register_profile(
    "pratique",
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "200")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("pratique")


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of published test data beside the checkout; absent for most users."""
    if not CORPORA.is_dir():
        pytest.skip("the shared corpora are not beside this checkout")
    return CORPORA
