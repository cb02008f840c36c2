"""Where the code gives a reason, at which stage and with which details, read from the code itself.

A reason is given where it is an argument of an error or of a check: `DecodeError(Stage.CWT, Reason.X, claim=1)`,
`failed(Stage.EXPIRY, Reason.Y, expires=…)`. It may get there by way of a name in the same function, a table of the same
file, or a function of the same file that hands its own parameter on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("credential", "ledger", "trustlist", "issuer", "verifier", "pratique")
ENUMS = frozenset({"Reason", "LedgerReason", "ListReason", "IssueReason", "Deviation"})
_SAYING = frozenset({"errors.py", "messages.py"})
_CHECKS = frozenset({"failed", "undetermined", "skipped"})


@dataclass(frozen=True, slots=True)
class Given:
    """One place where a reason is given."""

    reason: str
    """As the code writes it: `Reason.EXPIRED`."""
    stage: str | None
    """The name of the stage, where it is written in that place."""
    details: frozenset[str]
    more: bool
    """Whether details of another error are handed on (`**detail`)."""
    place: str


@cache
def givings() -> tuple[Given, ...]:
    """Every place in the product where a reason is given."""
    return tuple(given for path in _modules() for given in _givings_of(path))


@cache
def mentioned() -> frozenset[str]:
    """Every reason and deviation that the code names outside the files that define and say them."""
    nodes = (node for path in _modules() if path.name not in _SAYING for node in ast.walk(_tree(path)))
    return frozenset(name for name in map(_name_of_member, nodes) if name)


def _modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _givings_of(path: Path) -> Iterator[Given]:
    module = _tree(path)
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    tables = _assigned(module.body)
    handing_on = {function.name: call for function in functions if (call := _handed_on(function)) is not None}
    for scope in (module, *functions):
        names = {**tables, **(_assigned(ast.walk(scope)) if isinstance(scope, ast.FunctionDef) else {})}
        for call in _own_calls(scope):
            giver = call if _is_giver(call) else handing_on.get(_called(call))
            if giver is None:
                continue
            for reason in sorted({reason for argument in call.args for reason in _reasons(argument, names)}):
                yield Given(
                    reason=reason,
                    stage=_stage(call) or _stage(giver),
                    details=frozenset(word.arg for each in {call, giver} for word in each.keywords if word.arg),
                    more=any(word.arg is None for word in giver.keywords),
                    place=f"{path.relative_to(ROOT)}:{call.lineno}",
                )


def _own_calls(scope: ast.AST) -> Iterator[ast.Call]:
    """Calls in a scope, not those in functions inside it."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from _own_calls(node)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_giver(call: ast.Call) -> bool:
    return _called(call).endswith("Error") or _called(call) in _CHECKS


def _handed_on(function: ast.FunctionDef) -> ast.Call | None:
    """The error that a function makes with a reason it is called with."""
    parameters = {argument.arg for argument in function.args.args}
    for call in _own_calls(function):
        names = {argument.id for argument in call.args if isinstance(argument, ast.Name)}
        if _is_giver(call) and "reason" in names & parameters:
            return call
    return None


def _assigned(nodes: Iterator[ast.AST] | list[ast.stmt]) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = node.value
    return found


def _reasons(node: ast.AST, names: Mapping[str, ast.expr]) -> Iterator[str]:
    """The reasons that an expression can be; of a table those it leads to."""
    member = _name_of_member(node)
    if member is not None:
        yield member
    elif isinstance(node, ast.Name) and node.id in names:
        rest = {name: value for name, value in names.items() if name != node.id}
        yield from _reasons(names[node.id], rest)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _reasons(value, names)
    elif not (isinstance(node, ast.Call) and _is_giver(node)):
        for child in ast.iter_child_nodes(node):
            yield from _reasons(child, names)


def _name_of_member(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ENUMS:
        return f"{node.value.id}.{node.attr}"
    return None


def _stage(call: ast.Call) -> str | None:
    for argument in call.args:
        if (
            isinstance(argument, ast.Attribute)
            and isinstance(argument.value, ast.Name)
            and argument.value.id == "Stage"
        ):
            return argument.attr
    return None
