"""The two plots of a report: keys by the month in which they end, and participants by the states of their keys."""

from __future__ import annotations

from datetime import UTC, datetime

from trustlist.account import EntryStatus
from trustlist.doctor.plots import Bar, Chart, Mark, Pattern, Series, draw_columns, draw_rows
from trustlist.doctor.report import Counts, Report, Tally
from trustlist.model import KeyUsage

USAGE_SERIES = (
    Series(KeyUsage.DSC.value, "#0b5cad", Pattern.SOLID),
    Series(KeyUsage.SCA.value, "#a14a00", Pattern.RISING),
    Series(KeyUsage.DECA.value, "#6b2fa0", Pattern.DOTS),
    Series(KeyUsage.DESC.value, "#00695c", Pattern.LEVEL),
    Series(KeyUsage.TLS.value, "#b0003a", Pattern.LATTICE),
    Series(KeyUsage.UP.value, "#595959", Pattern.UPRIGHT),
)
STATE_SERIES = (
    Series(EntryStatus.USABLE.value, "#1b6e2f", Pattern.SOLID),
    Series(EntryStatus.AUTHORITY.value, "#0b5cad", Pattern.RISING),
    Series(EntryStatus.OTHER_USE.value, "#00695c", Pattern.DOTS),
    Series(EntryStatus.EXPIRED.value, "#595959", Pattern.FALLING),
    Series(EntryStatus.NOT_YET_VALID.value, "#6b2fa0", Pattern.UPRIGHT),
    Series(EntryStatus.ORPHANED.value, "#6b5b00", Pattern.LEVEL),
    Series(EntryStatus.UNSUPPORTED.value, "#a14a00", Pattern.GRID),
    Series(EntryStatus.UNVERIFIED.value, "#8c1d6b", Pattern.ZIGZAG),
    Series(EntryStatus.BROKEN.value, "#b0003a", Pattern.LATTICE),
)

_MONTHS_BACK, _MONTHS_AHEAD = 60, 120
"""What ends outside of these is drawn together, at the edges."""


def expiry_chart(report: Report) -> str:
    """Keys by the month in which their certificate ends, stacked by usage, with a line at the report's moment."""
    moment = report.at.astimezone(UTC)
    now = _month_number(f"{moment:%Y-%m}")
    tallies = {_month_number(month): tally for month, tally in report.counts.expiry_months}
    first = max(min(tallies, default=now), now - _MONTHS_BACK)
    last = min(max(tallies, default=now), now + _MONTHS_AHEAD)
    first, last = min(first, now), max(last, now)
    bars = [_usage_bar(_month_text(month), tallies.get(month, ())) for month in range(first, last + 1)]
    early = _added([tally for month, tally in tallies.items() if month < first])
    late = _added([tally for month, tally in tallies.items() if month > last])
    before = [_usage_bar("earlier", early), _usage_bar("", ())] if early else []
    after = [_usage_bar("", ()), _usage_bar("later", late)] if late else []
    chart = Chart(
        name="expiry",
        title="Keys by the month in which they end",
        description=_describe_expiry(report.counts),
        series=USAGE_SERIES,
        bars=(*before, *bars, *after),
    )
    at = len(before) + now - first + _share_of_month(moment)
    return draw_columns(chart, Mark(at, f"{moment:%Y-%m-%d}"))


def participant_chart(report: Report) -> str:
    """Participants by the states of their entries, those with the most entries first."""
    bars = tuple(_state_bar(name, tally) for name, tally in report.counts.participant_states)
    states = ", ".join(f"{count} {state}" for state, count in report.counts.states)
    chart = Chart(
        name="participants",
        title="Participants by the states of their keys",
        description=f"{len(bars)} participants with {report.counts.entries} entries: {states or 'none'}.",
        series=STATE_SERIES,
        bars=bars,
    )
    return draw_rows(chart)


def _usage_bar(label: str, tally: Tally) -> Bar:
    found = dict(tally)
    return Bar(label, tuple(found.get(series.name, 0) for series in USAGE_SERIES))


def _state_bar(label: str, tally: Tally) -> Bar:
    found = dict(tally)
    note = f"{found.get(EntryStatus.USABLE.value, 0)} of {sum(found.values())} usable"
    return Bar(label, tuple(found.get(series.name, 0) for series in STATE_SERIES), note)


def _added(tallies: list[Tally]) -> Tally:
    total: dict[str, int] = {}
    for name, count in (item for tally in tallies for item in tally):
        total[name] = total.get(name, 0) + count
    return tuple(total.items())


def _describe_expiry(counts: Counts) -> str:
    total = sum(count for _, tally in counts.expiry_months for _, count in tally)
    over = sum(count for _, count in counts.expired)
    if not counts.expiry_months:
        return "There are no keys."
    first, last = counts.expiry_months[0][0], counts.expiry_months[-1][0]
    return f"{total} keys that end between {first} and {last}; {over} of them are over."


def _month_number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


def _month_text(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _share_of_month(at: datetime) -> float:
    """How much of its month is over, near enough for a line."""
    return (at.day - 0.5) / 31
