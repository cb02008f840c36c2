"""Cases of the shared corpora (`cases.jsonl` in each folder) whose text is an HCERT, with what is expected."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HC1_KINDS = frozenset({"dcc", "hcert"})
NO_CLOCK = datetime(2022, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """One request and what is expected of it. `checks` are those that the vector makes a statement about."""

    id: str
    corpus: str
    text: str
    certificates: tuple[bytes, ...]
    at: datetime
    checks: frozenset[str]
    ok: bool
    stages: frozenset[str]
    payload: Any

    @property
    def place(self) -> str:
        """Corpus and country, for the table of agreement."""
        parts = self.id.split("/")
        country = next((part for part in parts if len(part) == 2 and part.isupper()), "")
        return f"{self.corpus} {country or ('common' if 'common' in parts else '')}".strip()


def hc1_cases(corpora: Path) -> Iterator[Case]:
    """Every scored case whose text is an HCERT, or claims to be one."""
    for file in sorted(corpora.glob("*/cases.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            request, expect = row["request"], row["expect"]
            if HC1_KINDS & set(request.get("kinds", ())) and expect["ok"] is not None:
                yield _case(file.parent.name, row["id"], request, expect)


def _case(corpus: str, name: str, request: dict[str, Any], expect: dict[str, Any]) -> Case:
    at = datetime.fromisoformat(request["at"]) if request["at"] else NO_CLOCK
    return Case(
        id=name,
        corpus=corpus,
        text=request["qr"],
        certificates=tuple(b64decode(certificate) for certificate in request["certs"]),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        checks=frozenset(request["checks"]),
        ok=expect["ok"],
        stages=frozenset(expect.get("stages", ())),
        payload=expect.get("payload"),
    )
