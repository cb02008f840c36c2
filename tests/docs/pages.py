"""What the project's pages hold, as data: tables, blocks of code, links, and the files and tests that they name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from tests.reasons_given import ROOT

PAGES = tuple(path for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))) if path.is_file())

_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|[-:| ]+\|")
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::((?:Test\w+::)?test_\w+)`")
_FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.(?:py|md|toml|json|txt)|[\w-]+(?:/[\w-]+)*/)`")


class Row(NamedTuple):
    """One row of a table: its cells by the headings of their columns."""

    cells: dict[str, str]
    line: int


def name_of(page: Path) -> str:
    """The page's path from the root of the repository."""
    return page.relative_to(ROOT).as_posix()


def rows(page: Path) -> list[Row]:
    """The rows of all tables of a page, in order."""
    found: list[Row] = []
    lines = page.read_text("utf-8").splitlines()
    for at, line in enumerate(lines):
        if _RULE.fullmatch(line) and at:
            headings = _cells(lines[at - 1])
            table = takewhile(lambda text: text.startswith("|"), lines[at + 1 :])
            found += (Row(_by_heading(headings, text, page), at + 2 + n) for n, text in enumerate(table))
    return found


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of code in one language."""
    return [body for found, body in _FENCED.findall(page.read_text("utf-8")) if found == language]


def links(page: Path) -> list[str]:
    """Where the links of a page lead."""
    return _LINK.findall(_prose(page))


def named_files(page: Path) -> list[str]:
    """Files and folders that a page names in code spans."""
    return file_names(_prose(page))


def file_names(text: str) -> list[str]:
    """Files and folders that a text names in code spans."""
    return _FILE.findall(text)


def named_tests(text: str) -> list[tuple[str, str]]:
    """Tests that a text names: the file, and the function with the class it stands in."""
    return _TEST.findall(text)


@cache
def defined_in(file: str) -> frozenset[str]:
    """The tests of a file, by reading it; none if it is not there."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(_test_functions(ast.parse(path.read_text("utf-8"))))


def _test_functions(module: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _test_functions(node, f"{node.name}::")


def _prose(page: Path) -> str:
    return _FENCED.sub("", page.read_text("utf-8"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]


def _by_heading(headings: list[str], line: str, page: Path) -> dict[str, str]:
    cells = _cells(line)
    assert len(cells) == len(headings), f"{name_of(page)}: {line}"
    return dict(zip(headings, cells, strict=True))
