"""The pages lead somewhere: what they link to, the files and the tests that they name, are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from credential.errors import Reason, Stage
from issuer.errors import IssueReason
from tests.docs.pages import PAGES, defined_in, links, name_of, named_files, named_tests, rows
from tests.reasons_given import ROOT
from tests.test_architecture import EDGE_FILES, MODULES
from trustlist.errors import ListReason

WITH_TESTS = ("docs/hcert-crosswalk.md", "docs/hostile-inputs.md", "docs/deviations.md")
MADE_BY_USERS = ("demo/", "keys/", "out/", "build/", "dist/", ".venv/")


def test_there_are_pages() -> None:
    assert {"README.md", "docs/architecture.md", *WITH_TESTS} <= {name_of(page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_of_the_repository(page: Path) -> None:
    for link in links(page):
        target = link.partition("#")[0]
        if target and "://" not in link:
            assert (page.parent / target).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """By their path, or by their end: a page says `cose.py` where it is plain which one is meant."""
    files = {path.relative_to(ROOT).as_posix() for path in MODULES}
    for name in named_files(page):
        if name not in EDGE_FILES and not name.startswith(MADE_BY_USERS):
            assert (ROOT / name).exists() or any(file.endswith(f"/{name}") for file in files), name


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_tests_that_a_page_names_are_there(page: Path) -> None:
    for file, test in named_tests(page.read_text("utf-8")):
        assert test in defined_in(file), f"{file}::{test}"


@pytest.mark.parametrize("name", WITH_TESTS)
def test_every_row_of_a_table_of_tests_names_one(name: str) -> None:
    found = [row for row in rows(ROOT / name) if "Tests" in row.cells]
    assert found
    for row in found:
        assert named_tests(row.cells["Tests"]), f"{name}:{row.line}"


def test_hostile_inputs_end_at_a_stage_and_for_a_reason_of_the_code() -> None:
    stages = {f"`{stage}`" for stage in Stage}
    reasons = {"–", *(f"`{reason}`" for enum in (Reason, ListReason, IssueReason) for reason in enum)}
    for row in rows(ROOT / "docs/hostile-inputs.md"):
        assert row.cells["Stage"] in stages, row
        assert row.cells["Reason"] in reasons, row
