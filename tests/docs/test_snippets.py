"""The Python in the pages runs, and every value that a comment behind an expression shows is the one it has."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.docs.commands import matches
from tests.docs.pages import PAGES, blocks, name_of
from tests.reasons_given import ROOT

WITH_PYTHON = [page for page in PAGES if blocks(page, "python")]


def run_snippet(source: str, names: dict[str, Any]) -> None:
    """Statement by statement; `expression   # value` also compares."""
    lines = source.splitlines()
    for statement in ast.parse(source).body:
        code = ast.unparse(statement)
        shown = lines[(statement.end_lineno or 0) - 1][statement.end_col_offset :].strip()
        if isinstance(statement, ast.Expr) and shown.startswith("# "):
            value = eval(code, names)  # noqa: S307 - the pages of this repository
            assert matches([shown.removeprefix("# ")], f"{value}\n"), f"{code} is {value}"
        else:
            exec(code, names)  # noqa: S102 - as above


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name_of)
def test_the_python_of_a_page_runs(page: Path, reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(reader)
    names: dict[str, Any] = {}
    for block in blocks(page, "python"):
        run_snippet(block, names)


def test_the_readme_shows_python() -> None:
    assert ROOT / "README.md" in WITH_PYTHON


def test_a_value_that_differs_is_noticed() -> None:
    run_snippet("a = 2  # two\na + 1   # 3\n[a]  # […]", {})
    with pytest.raises(AssertionError):
        run_snippet("1 + 1  # 3", {})
