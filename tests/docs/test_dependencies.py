"""Every dependency has its row in docs/dependencies.md, and no row is left from one that went."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tests.docs.pages import rows
from tests.reasons_given import ROOT

PAGE = ROOT / "docs" / "dependencies.md"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~;\[ ]", requirement)[0] for requirement in requirements}


def packages(column: str) -> set[str]:
    """The packages of the one table that has this column."""
    return {row.cells["Package"].strip("`") for row in rows(PAGE) if column in row.cells}


def test_what_the_program_needs_is_told() -> None:
    needed = names(PROJECT["project"]["dependencies"])
    assert needed == packages("What was turned down")


def test_what_building_and_testing_need_is_told() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    needed = names(PROJECT["build-system"]["requires"]).union(*map(names, extras))
    assert needed == packages("Package") - packages("What was turned down")


def test_every_package_has_its_purpose_and_licence() -> None:
    for row in rows(PAGE):
        assert row.cells["Licence"]
        assert row.cells["What for"].endswith(".")
