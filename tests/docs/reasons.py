"""Writes docs/reasons.md: `python -m tests.docs.reasons`. A test compares the page with what this would write."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from credential.errors import DetailValue, Reason, Stage
from credential.messages import sentence as credential_sentence
from issuer.errors import IssueError, IssueReason
from issuer.messages import sentence as issue_sentence
from ledger.errors import LedgerError, LedgerReason
from ledger.messages import sentence as ledger_sentence
from tests.reasons_given import ROOT, givings, mentioned
from trustlist.errors import ListReason
from trustlist.messages import sentence as list_sentence

PAGE = ROOT / "docs" / "reasons.md"
ENUMS: tuple[type[StrEnum], ...] = (Reason, LedgerReason, ListReason, IssueReason)

_START = """# Reasons

Every reason that the code can give, with the stage it is given at and its sentence in English. This page is written
by `python -m tests.docs.reasons`; a test fails when it is out of date.

A reason is stable: one may be added, none is renamed. Words in braces are details that come with the error or the
check. Where the stage is "–", it is that of the caller: CBOR is read at `cose` and at `cwt`, a key file at `key`.
"Not given yet" marks a reason that is reserved for work to come.

What issuers do otherwise than the specification says is no reason but a warning: see [deviations](deviations.md).
"""
_CREDENTIALS = """## Credentials

`Reason` in `credential/errors.py`: why a check did not pass, or a layer, a picture or a certificate could not be read
or written.
"""
_LEDGER = """## Ledger

`LedgerReason` in `ledger/errors.py`: why a log, a checkpoint, a proof or an entry is refused. The stage is always
`ledger`.
"""
_TRUST_LISTS = """## Trust lists

`ListReason` in `trustlist/errors.py`: why a list is refused, why an entry of it cannot be used, in what state an entry
is. The stage is always `trust-list`.
"""
_ISSUING = """## Issuing

`IssueReason` in `issuer/errors.py`: why nothing was issued, made or read.
"""
_HEADINGS = MappingProxyType(
    {Reason: _CREDENTIALS, LedgerReason: _LEDGER, ListReason: _TRUST_LISTS, IssueReason: _ISSUING}
)
_ONE_STAGE: Mapping[type[StrEnum], str] = MappingProxyType(
    {LedgerReason: LedgerError.stage, ListReason: Stage.TRUST_LIST.value}
)
_GROUP = re.compile(r"    # (.+)")
_MEMBER = re.compile(r"    ([A-Z0-9_]+) = ")


def filled(reason: StrEnum, details: Iterable[str]) -> str:
    """The sentence of a reason, each of these details standing there as its name in braces."""
    facts: dict[str, DetailValue] = {name: f"{{{name}}}" for name in details}
    if isinstance(reason, Reason):
        return credential_sentence(reason, facts)
    if isinstance(reason, LedgerReason):
        return ledger_sentence(reason)
    if isinstance(reason, ListReason):
        return list_sentence(reason)
    facts.pop("problems", None)  # are no detail of an `IssueError`, but fields with sentences of their own
    return issue_sentence(IssueError(Stage.ISSUE, reason, problems=(), **facts))


def name_of(reason: StrEnum) -> str:
    """As the code writes it."""
    return f"{type(reason).__name__}.{reason.name}"


def page() -> str:
    """The whole page."""
    return "\n".join((_START, *(line for enum in ENUMS for line in _part(enum))))


def _part(enum: type[StrEnum]) -> Iterator[str]:
    yield _HEADINGS[enum]
    for group, reasons in groups(enum):
        yield f"### {group}\n"
        yield "| Reason | Stage | Sentence |\n|---|---|---|"
        yield from map(_row, reasons)
        yield ""


def groups(enum: type[StrEnum]) -> list[tuple[str, list[StrEnum]]]:
    """The members of an enumeration under the comments that head them in the code."""
    found: list[tuple[str, list[StrEnum]]] = []
    for line in inspect.getsource(enum).splitlines():
        if group := _GROUP.fullmatch(line):
            found.append((group[1], []))
        elif member := _MEMBER.match(line):
            found[-1][1].append(enum[member[1]])
    return found


def _row(reason: StrEnum) -> str:
    places = [given for given in givings() if given.reason == name_of(reason)]
    details = sorted({name for given in places for name in given.details})
    sentence = filled(reason, details)
    if name_of(reason) not in mentioned():
        sentence += " *Not given yet.*"
    return f"| `{reason.value}` | {_stages(reason, [given.stage for given in places])} | {sentence} |"


def _stages(reason: StrEnum, names: list[str | None]) -> str:
    if type(reason) in _ONE_STAGE:
        return f"`{_ONE_STAGE[type(reason)]}`"
    known = [stage for stage in Stage if stage.name in names]
    return ", ".join((*(f"`{stage}`" for stage in known), *(["–"] if None in names or not known else [])))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
