"""A report as one HTML page that needs nothing beside itself: no script, no picture, no font, no address.

The page carries its own Content Security Policy, which allows it no more than its one style sheet, by hash (CSP
Level 3). Whatever comes from a list is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from trustlist.doctor.figures import expiry_chart, participant_chart
from trustlist.doctor.findings import Finding, FindingKind, Severity
from trustlist.doctor.messages import SEVERITY_WORDS, words
from trustlist.doctor.page_style import STYLE
from trustlist.doctor.report import Report, Tally
from trustlist.doctor.wording import (
    participants_of,
    say_detail,
    say_number,
    say_place,
    say_source,
    say_tally,
    tables_of,
)

_SHOWN_ENTRIES = 500
"""Of each kind; `--json` gives all."""
_SHOWN_NAMES = 12


def render_page(report: Report) -> str:
    """The whole page, as text to be written in UTF-8."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"Trust list of {report.at:%Y-%m-%d}: {report.sources[0].name}"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            *_head(report),
            *_counts(report),
            *_figures(report),
            *_findings(report),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def _head(report: Report) -> Iterator[str]:
    yield f"<h1>{escape(report.sources[0].name)}</h1>"
    for source in report.sources:
        name = f"{source.name}: " if len(report.sources) > 1 else ""
        yield f'<p class="source">{escape(name + say_source(source))}</p>'
    age = f", the oldest list {say_number(report.age.days, 'day', 'days')} old" if report.age else ""
    yield f'<p class="source">As of {report.at:%Y-%m-%d %H:%M %Z}{age}.</p>'
    yield '<ul class="tiles">'
    for severity, count in report.severities():
        heading, meaning = SEVERITY_WORDS[Severity(severity)]
        link = f'<a href="#{severity}">{heading}</a>' if count else heading
        yield f'<li class="{severity if count else "none"}"><b>{count}</b> {link}<small>{meaning}</small></li>'
    yield "</ul>"


def _counts(report: Report) -> Iterator[str]:
    yield '<section><h2>What is in it</h2><div class="counts">'
    for heading, tally in tables_of(report):
        if heading != "participant":
            rows = "".join(_row("th", name, count) for name, count in tally)
            yield f"<table><caption>{heading}</caption><tbody>{rows}</tbody></table>"
    yield "</div></section>"


def _figures(report: Report) -> Iterator[str]:
    yield f"<section><h2>When keys end</h2><figure>{expiry_chart(report)}</figure></section>"
    yield f"<section><h2>Participants</h2><figure>{participant_chart(report)}</figure>"
    states = [state for state, _ in report.counts.states]
    yield "<details><summary>The same as a table</summary><table>"
    yield f"<thead>{_row('th', 'participant', *states)}</thead><tbody>"
    for name, tally in report.counts.participant_states:
        found = dict(tally)
        yield _row("th", name, *(found.get(state, 0) for state in states))
    yield "</tbody></table></details></section>"


def _findings(report: Report) -> Iterator[str]:
    kinds = report.kinds()
    if not kinds:
        yield "<section><h2>Findings</h2><p>Nothing was found.</p></section>"
    for severity in Severity:
        found = [(kind, findings) for kind, findings in kinds if findings[0].severity is severity]
        if found:
            yield f'<section id="{severity.value}"><h2>{SEVERITY_WORDS[severity][0]}</h2>'
            for kind, findings in found:
                yield from _finding_kind(kind, findings, several=len(report.sources) > 1)
            yield "</section>"


def _finding_kind(kind: FindingKind, findings: Sequence[Finding], *, several: bool) -> Iterator[str]:
    said = words(kind)
    yield f'<article class="{findings[0].severity.value}" id="{kind.value}">'
    yield f"<h3><b>{len(findings)}</b> {escape(said.title)}</h3>"
    yield f"<p>{escape(said.meaning)}</p>"
    yield f'<p class="remedy">{escape(said.remedy)}</p>'
    names = _names(participants_of(findings))
    entries = any(finding.usage or finding.kid for finding in findings)
    yield f'<details><summary>{names or "Where"}</summary><div class="wide"><table><thead>'
    yield _row("th", *(("participant", "usage", "key identifier") if entries else ()), "where", "what")
    yield "</thead><tbody>"
    for finding in findings[:_SHOWN_ENTRIES]:
        usage = finding.usage.value if finding.usage else ""
        key = (finding.participant or "", usage, finding.kid or "") if entries else ()
        yield _row("td", *key, say_place(finding, in_full=several), say_detail(finding))
    yield "</tbody></table></div>"
    if len(findings) > _SHOWN_ENTRIES:
        yield f"<p>… and {len(findings) - _SHOWN_ENTRIES} more; the JSON form has all of them.</p>"
    yield "</details></article>"


def _names(tally: Tally) -> str:
    return escape(say_tally(tally, _SHOWN_NAMES))


def _row(first: str, *cells: str | int) -> str:
    return f"<tr>{''.join(_cells(first, cells))}</tr>"


def _cells(first: str, cells: Iterable[str | int]) -> Iterator[str]:
    """A row's cells; the first one is a heading of the row where `first` is `th`."""
    for number, cell in enumerate(cells):
        kind = "td" if number else first
        numeric = ' class="n"' if isinstance(cell, int) else ""
        yield f"<{kind}{numeric}>{escape(str(cell))}</{kind}>"
