"""Parts of a report as words: what the terminal and the page say alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from credential.errors import DetailValue
from trustlist.doctor.counting import UNNAMED
from trustlist.doctor.findings import Finding
from trustlist.doctor.report import Report, Tally
from trustlist.errors import ListReason
from trustlist.messages import sentence
from trustlist.model import Source

_REASON, _TIMES = "reason", ("_after", "_before")


def say_source(source: Source) -> str:
    """Where a list comes from and how old it is."""
    signed = f"signed {source.created:%Y-%m-%d %H:%M} UTC" if source.created else "pinned"
    return f"{source.environment.value}, {signed}, {say_number(source.entries, 'entry', 'entries')}"


def say_number(count: int, one: str, several: str) -> str:
    """`1 entry`, `2 entries`."""
    return f"{count} {one if count == 1 else several}"


def say_tally(tally: Tally, most: int | None = None, *, width: int | None = None) -> str:
    """`DSC 438 · SCA 61`, and how many more there are beyond the first `most`; in lines of `width`, no item broken."""
    shown = tally if most is None or len(tally) <= most else tally[:most]
    more = [f"{len(tally) - len(shown)} more"] if len(shown) < len(tally) else []
    lines = [""]
    for item in (*(f"{name} {count}" for name, count in shown), *more):
        if lines[-1] and width is not None and len(lines[-1]) + len(item) + 5 > width:
            lines[-1] += " ·"
            lines.append("")
        lines[-1] += f" · {item}" if lines[-1] else item
    return "\n".join(lines)


def tables_of(report: Report) -> Iterator[tuple[str, Tally]]:
    """The counts of a report, each with its heading, those that are empty left out."""
    counts = report.counts
    totals = (
        ("entries", counts.entries),
        ("not readable", counts.rejected),
        ("key identifiers", counts.kids),
        ("certificates", counts.certificates),
        ("participants", len(counts.participants)),
    )
    tables: tuple[tuple[str, Tally], ...] = (
        ("total", tuple((name, count) for name, count in totals if count)),
        ("usage", counts.usages),
        ("domain", counts.domains),
        ("key", counts.keys),
        ("state", counts.states),
        ("own end past", counts.expired),
        ("participant", counts.participants),
        ("encoding slips", counts.peculiarities),
    )
    return ((heading, tally) for heading, tally in tables if tally)


def participants_of(findings: Sequence[Finding]) -> Tally:
    """How many of these findings each participant has, the most first; empty when none names a participant."""
    found = Counter(finding.participant or UNNAMED for finding in findings)
    return () if set(found) == {UNNAMED} else tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def say_place(finding: Finding, *, in_full: bool = False) -> str:
    """Where it is: of an entry its position, `in_full` with the list's name; of a reference, from where to where."""
    if finding.source == finding.position:
        return finding.source
    if finding.usage is None and finding.kid is None:
        return f"{finding.source} → {finding.position}"
    return f"{finding.source} {finding.position}" if in_full else finding.position


def say_detail(finding: Finding) -> str:
    """The facts of one finding in a line."""
    return "; ".join(_say_fact(name, value) for name, value in finding.detail.items())


def _say_fact(name: str, value: DetailValue) -> str:
    if name == _REASON:
        return sentence(ListReason(str(value)))
    label = name.replace("_", " ")
    if name.endswith(_TIMES) and isinstance(value, int):
        return f"{label} {datetime.fromtimestamp(value, UTC):%Y-%m-%d}"
    if isinstance(value, bool):
        return f"{label}: {'yes' if value else 'no'}"
    return f"{label}: {'nothing' if value is None else value}"
