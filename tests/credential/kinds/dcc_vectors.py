"""Every EU DCC of the shared corpora, with what its author says about the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from credential.errors import DecodeError
from credential.wire import hcert
from tests.conftest import CORPORA

FOLDERS = (
    "dgc-testdata",
    "dgc-testdata-pictures",
    "rust-italia-dgc",
    "hcert-kotlin",
    "eu-dcc-schema",
    "dcc-quality-assurance",
    "hcert-testdata",
    "gdhcn-validator",
    "kde-khealthcertificate",
)


class Vector(NamedTuple):
    """One DCC of the corpora; `expected` is what its author says of the schema, if anything."""

    name: str
    claim: Any
    expected: bool | None


@cache
def vectors(folder: str) -> tuple[Vector, ...]:
    return tuple(_read_cases(CORPORA / folder / "cases.jsonl"))


def _read_cases(path: Path) -> Iterator[Vector]:
    for line in path.read_text().splitlines():
        case = json.loads(line)
        request, expect = case["request"], case["expect"]
        claim = _claim(request)
        if claim is not None:
            stages = expect.get("stages") or ()
            stated = "schema" in request["checks"] and (expect["ok"] or "schema" in stages)
            yield Vector(case["id"], claim, bool(expect["ok"]) if stated else None)


def _claim(request: Mapping[str, Any]) -> Any:
    """The DCC of a request; None for other kinds and what cannot be decoded (the wire's own tests look at those)."""
    kind = request.get("kinds", [None])[0]
    if kind == "dcc-json":
        return json.loads(request["qr"])
    if kind != "dcc":
        return None
    try:
        subclaims = hcert.decode(request["qr"]).claims.hcert
    except DecodeError:
        return None
    return None if subclaims is None else subclaims.get(1)
