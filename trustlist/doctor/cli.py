"""A report on the terminal: counts before findings, the gravest findings first, readable at eighty columns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import MappingProxyType

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trustlist.doctor.findings import Finding, FindingKind, Severity
from trustlist.doctor.messages import SEVERITY_WORDS, words
from trustlist.doctor.report import Report
from trustlist.doctor.wording import (
    participants_of,
    say_detail,
    say_number,
    say_place,
    say_source,
    say_tally,
    tables_of,
)

_COLOURS = MappingProxyType({Severity.SERIOUS: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"})
_SHOWN_NAMES, _SHOWN_ENTRIES = 12, 3
_HEADINGS, _NUMBERS = 18, 7  # columns left of the counts, and of the findings


def print_report(report: Report) -> None:
    """The whole report, as wide as the terminal; eighty columns where there is none, colours only where wanted."""
    console = Console(highlight=False, no_color="NO_COLOR" in os.environ or None)
    for source in report.sources:
        console.print(Text(source.name, style="bold"))
        console.print(Text(f"  {say_source(source)}"))
    console.print(Text(f"  as of {report.at:%Y-%m-%d %H:%M %Z}{_age(report)}"))
    console.print()
    counts = Table.grid(padding=(0, 2), expand=False)
    counts.add_column(style="dim", no_wrap=True)
    counts.add_column()
    for heading, tally in tables_of(report):
        counts.add_row(heading, Text(say_tally(tally, width=console.width - _HEADINGS)))
    console.print(Padding(counts, (0, 0, 0, 2)))
    for severity in Severity:
        _print_severity(console, report, severity)
    console.print()
    console.print(_summary(report))


def _age(report: Report) -> str:
    return f", the oldest list {say_number(report.age.days, 'day', 'days')} old" if report.age else ""


def _print_severity(console: Console, report: Report, severity: Severity) -> None:
    kinds = [(kind, found) for kind, found in report.kinds() if found[0].severity is severity]
    if not kinds:
        return
    console.print()
    console.print(Text(SEVERITY_WORDS[severity][0].upper(), style=_COLOURS[severity]))
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(justify="right", no_wrap=True, style="bold", min_width=5)
    table.add_column()
    for kind, found in kinds:
        table.add_row(str(len(found)), Text(words(kind).title, style="bold"))
        for line in _lines(kind, found, console.width - _NUMBERS):
            table.add_row("", line)
    console.print(table)


def _lines(kind: FindingKind, found: Sequence[Finding], width: int) -> list[Text]:
    said = words(kind)
    names = participants_of(found)
    lines = [Text(said.meaning), Text(f"→ {said.remedy}", style="italic")]
    if names:
        lines.append(Text(say_tally(names, _SHOWN_NAMES, width=width), style="dim"))
    if len(found) <= _SHOWN_ENTRIES:
        lines += [Text(_entry(finding), style="dim") for finding in found]
    return lines


def _entry(finding: Finding) -> str:
    detail = say_detail(finding)
    return f"{say_place(finding)}: {detail}" if detail else say_place(finding)


def _summary(report: Report) -> Text:
    text = Text("Nothing was found." if not report.findings else "")
    for severity, count in report.severities():
        if count:
            text.append(" · " if text else "")
            text.append(f"{SEVERITY_WORDS[Severity(severity)][0].lower()} {count}", style=_COLOURS[Severity(severity)])
    return text
