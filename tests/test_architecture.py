"""The house stands: floors, edge files, no cycles, and the sizes of functions and files, all from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"credential": 0, "ledger": 0, "trustlist": 1, "issuer": 2, "verifier": 2, "pratique": 3}
EDGE_FILES = {"web.py", "api.py", "cli.py", "store.py", "tables.py", "fetch.py", "files.py", "lock.py", "file_lock.py"}
FILE_METHODS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "unlink", "mkdir", "rename"}
EDGE_ONLY = {"flask", "sqlalchemy", "httpx", "urllib3", "click", "rich"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
MOST_LINES_OF_FILE = 400
MOST_LINES_OF_FUNCTION = 60
MOST_LINES_OF_RECIPE = 100


def _is_product(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] in FLOORS


MODULES = sorted(path for room in FLOORS for path in (ROOT / room).rglob("*.py"))
CORE = [path for path in MODULES if path.name not in EDGE_FILES and path.relative_to(ROOT).parts[0] != "pratique"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, at any depth; `from a import b` names `a` and `a.b`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_the_rooms_are_there() -> None:
    assert len(MODULES) > 30
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} >= {"credential", "trustlist", "issuer", "verifier"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_floors_below(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for module in imported(path):
        other = module.split(".")[0]
        if other in FLOORS and other != room:
            assert FLOORS[other] < FLOORS[room], f"{room} must not import {module}"


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_only_edge_files_reach_the_web_the_database_and_the_terminal(path: Path) -> None:
    assert not EDGE_ONLY & {module.split(".")[0] for module in imported(path)}


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_code_reads_no_clock_and_opens_no_file(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute):
            owner = called.value.id if isinstance(called.value, ast.Name) else ""
            assert (owner, called.attr) not in CLOCKS, f"line {node.lineno} reads a clock"
            # `Image.open(BytesIO(…))` reads memory; a path is never a class.
            assert called.attr not in FILE_METHODS or owner[:1].isupper(), f"line {node.lineno} touches a file"
        assert not (isinstance(called, ast.Name) and called.id in {"open", "print", "input"}), f"line {node.lineno}"


def modules_imported(path: Path, names: set[str]) -> set[str]:
    """Modules of ours that a file depends on: `from room import part` means `room.part` where that is a module."""
    found = set(imported(path)) & names
    return {name for name in found if not any(other.startswith(f"{name}.") for other in found)} - {name_of(path)}


def test_no_import_cycles() -> None:
    names = {name_of(path): path for path in MODULES}
    graph = {name: modules_imported(path, set(names)) for name, path in names.items()}
    state: dict[str, str] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if state.get(name) == "done":
            return
        assert state.get(name) != "open", " -> ".join((*trail[trail.index(name) :], name))
        state[name] = "open"
        for other in sorted(graph[name]):
            visit(other, (*trail, name))
        state[name] = "done"

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_OF_FILE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            numbered = "1." in (ast.get_docstring(node) or "")
            most = MOST_LINES_OF_RECIPE if numbered else MOST_LINES_OF_FUNCTION
            assert length <= most, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_is_documented_and_typed(path: Path) -> None:
    module = tree(path)
    if not module.body:
        return
    assert ast.get_docstring(module), "no module docstring"
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_broad_except(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: bare except"
            names = [name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)]
            assert not {"Exception", "BaseException"} & set(names), f"line {node.lineno}: broad except"
