"""Bar charts as SVG text, for pages without script: stacked columns along time, and stacked rows by name.

Nothing but presentation attributes is used, so a page needs no permission for styles or scripts to show one. Each
chart has a title and a description for those who do not see it, every part a title with its numbers; parts differ by
pattern as well as by colour, and every colour stands out from white by 4.5 to 1 or more (WCAG 2.2, 1.4.1, 1.4.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from types import MappingProxyType
from typing import NamedTuple

WIDTH = 960
_LEFT, _RIGHT, _GAP = 56, 24, 12
_TEXT, _SMALL = 14, 12
_CHARACTER = 7.4
"""Width of an average character of `_TEXT` size, generously."""
_LEGEND_ROW, _LEGEND_KEY = 24, 16
_COLUMNS_HEIGHT = 260
_WIDEST_COLUMN = 64
_ROW, _BAR = 22, 15
_LONGEST_LABEL = 24
_INK, _FAINT, _PAPER = "#1a1a1a", "#d5d5d5", "#ffffff"


class Pattern(StrEnum):
    """How an area is filled, beside its colour."""

    SOLID = "solid"
    RISING = "rising"
    FALLING = "falling"
    DOTS = "dots"
    LEVEL = "level"
    UPRIGHT = "upright"
    GRID = "grid"
    LATTICE = "lattice"
    ZIGZAG = "zigzag"


class Series(NamedTuple):
    """One sort of part in every bar."""

    name: str
    colour: str
    """`#rrggbb`."""
    pattern: Pattern


class Bar(NamedTuple):
    """One bar: its label, and a number for each series."""

    label: str
    values: tuple[int, ...]
    note: str = ""
    """Stands at the end of a row."""


class Mark(NamedTuple):
    """A line across the columns, `at` so many columns from the left."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `name` begins every identifier, and has to be unique on a page."""

    name: str
    title: str
    description: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]


_LINE = f'<path d="{{}}" stroke="{_PAPER}" stroke-width="1.6"/>'
_MARKS: Mapping[Pattern, tuple[int, str]] = MappingProxyType(
    {
        Pattern.SOLID: (0, ""),
        Pattern.RISING: (45, _LINE.format("M0 0V6")),
        Pattern.FALLING: (-45, _LINE.format("M0 0V6")),
        Pattern.DOTS: (0, f'<circle cx="3" cy="3" r="1.3" fill="{_PAPER}"/>'),
        Pattern.LEVEL: (0, _LINE.format("M0 3H6")),
        Pattern.UPRIGHT: (0, _LINE.format("M3 0V6")),
        Pattern.GRID: (0, _LINE.format("M3 0V6M0 3H6")),
        Pattern.LATTICE: (45, _LINE.format("M3 0V6M0 3H6")),
        Pattern.ZIGZAG: (0, f'<path d="M0 4.5L3 1.5L6 4.5" fill="none" stroke="{_PAPER}" stroke-width="1.6"/>'),
    }
)
"""By how many degrees the tile is turned, and what is drawn on it."""


def draw_columns(chart: Chart, mark: Mark | None = None) -> str:
    """Stacked columns; labels that end in `-01` name a year, the first and last may be words, and one may be empty."""
    used = _used(chart)
    legend, top = _legend(chart, used)
    highest = max((sum(bar.values) for bar in chart.bars), default=0)
    grid = _Grid(
        top=top + _SMALL + _GAP,
        step=min(_WIDEST_COLUMN, (WIDTH - _LEFT - _RIGHT) / max(1, len(chart.bars))),
        scale=_COLUMNS_HEIGHT / _ceiling(highest),
    )
    parts = [
        *legend,
        *_level_lines(highest, grid, len(chart.bars)),
        *(part for number, bar in enumerate(chart.bars) for part in _column(chart, bar, grid, number)),
        *_column_labels(chart.bars, grid),
        *(_mark(mark, grid) if mark else ()),
    ]
    return _document(chart, used, parts, height=grid.bottom + 2 * _TEXT + 2 * _GAP)


def draw_rows(chart: Chart) -> str:
    """Stacked rows, each with its label before and its note behind it."""
    used = _used(chart)
    legend, top = _legend(chart, used)
    labels = [_shortened(bar.label) for bar in chart.bars]
    left = _LEFT + (max(map(len, labels), default=3) - 3) * _CHARACTER
    right = max((len(bar.note) for bar in chart.bars), default=0) * _CHARACTER + _GAP
    longest = max((sum(bar.values) for bar in chart.bars), default=0)
    scale = (WIDTH - left - right - _RIGHT) / max(1, longest)
    parts = [*legend]
    for number, bar in enumerate(chart.bars):
        y = top + _GAP + number * _ROW
        parts.append(_text(labels[number], left - 8, y + _BAR - 3, anchor="end"))
        x = left
        for part, x in _stack(bar, left, scale):
            parts.append(_area(chart, part, (x - part.size, y, part.size, _BAR), bar.label))
        parts.append(_text(bar.note, x + 8, y + _BAR - 3))
    return _document(chart, used, parts, height=top + _GAP + len(chart.bars) * _ROW + _GAP)


class _Grid(NamedTuple):
    """Where columns stand."""

    top: float
    step: float
    """From one column to the next."""
    scale: float
    """The height of one."""

    @property
    def bottom(self) -> float:
        return self.top + _COLUMNS_HEIGHT

    def left(self, number: float) -> float:
        return _LEFT + number * self.step


class _Part(NamedTuple):
    series: int
    value: int
    size: float


def _stack(bar: Bar, start: float, scale: float) -> Iterator[tuple[_Part, float]]:
    """The parts of a bar that are not empty, each with where it ends."""
    end = start
    for number, value in enumerate(bar.values):
        if value:
            end += value * scale
            yield _Part(number, value, value * scale), end


def _column(chart: Chart, bar: Bar, grid: _Grid, number: int) -> Iterator[str]:
    width = max(grid.step - 1, grid.step * 0.8)
    for part, end in _stack(bar, 0, grid.scale):
        yield _area(chart, part, (grid.left(number), grid.bottom - end, width, part.size), bar.label)


def _area(chart: Chart, part: _Part, box: tuple[float, float, float, float], label: str) -> str:
    x, y, width, height = map(_number, box)
    title = f"<title>{escape(label)}: {part.value} {escape(chart.series[part.series].name)}</title>"
    fill = f"url(#{chart.name}-{part.series})"
    frame = f'stroke="{_PAPER}" stroke-width="0.5"'
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" {frame}>{title}</rect>'


def _column_labels(bars: Sequence[Bar], grid: _Grid) -> Iterator[str]:
    """Every label where there is room; else the years, as many as fit, and the words at the ends below them."""
    y = grid.bottom + _TEXT + 4
    roomy = grid.step > 7.5 * _CHARACTER
    years = 1 + int(5 * _CHARACTER / (12 * grid.step))
    for number, bar in enumerate(bars):
        x = grid.left(number)
        year, _, month = bar.label.partition("-")
        if not bar.label:
            continue
        if roomy:
            yield _text(bar.label, x + grid.step / 2, y, anchor="middle")
        elif not month and number:
            yield _text(bar.label, grid.left(number + 1), y + _TEXT + 2, anchor="end")
        elif not month:
            yield _text(bar.label, x, y + _TEXT + 2)
        elif month == "01" and int(year) % years == 0:
            yield f'<path d="M{_number(x)} {_number(grid.bottom)}v5" stroke="{_INK}"/>'
            yield _text(year, x, y)


def _level_lines(highest: int, grid: _Grid, columns: int) -> Iterator[str]:
    right = _number(grid.left(columns))
    for value in range(0, _ceiling(highest) + 1, _tick(highest)):
        y = grid.bottom - value * grid.scale
        yield f'<path d="M{_LEFT} {_number(y)}H{right}" stroke="{_FAINT if value else _INK}"/>'
        yield _text(str(value), _LEFT - 8, y + 5, anchor="end")


def _mark(mark: Mark, grid: _Grid) -> Iterator[str]:
    x = grid.left(mark.at)
    late = x > WIDTH / 2
    line = f"M{_number(x)} {_number(grid.top - 18)}V{_number(grid.bottom)}"
    yield f'<path d="{line}" stroke="{_INK}" stroke-dasharray="5 3"/>'
    yield _text(mark.label, x + (-4 if late else 4), grid.top - 8, anchor="end" if late else "start", size=_SMALL)


def _legend(chart: Chart, used: Sequence[int]) -> tuple[list[str], float]:
    """The names of the series that occur, and where what follows may begin."""
    parts: list[str] = []
    x, y = float(_LEFT), 4.0
    for number in used:
        name = chart.series[number].name
        width = _LEGEND_KEY + 6 + len(name) * _CHARACTER + 2 * _GAP
        if x > _LEFT and x + width > WIDTH - _RIGHT:
            x, y = float(_LEFT), y + _LEGEND_ROW
        fill = f"url(#{chart.name}-{number})"
        side = f'width="{_LEGEND_KEY}" height="{_LEGEND_KEY}"'
        parts.append(f'<rect x="{_number(x)}" y="{_number(y)}" {side} fill="{fill}"/>')
        parts.append(_text(name, x + _LEGEND_KEY + 6, y + _LEGEND_KEY - 3))
        x += width
    return parts, y + _LEGEND_ROW


def _used(chart: Chart) -> tuple[int, ...]:
    return tuple(number for number in range(len(chart.series)) if any(bar.values[number] for bar in chart.bars))


def _document(chart: Chart, used: Sequence[int], parts: Sequence[str], *, height: float) -> str:
    title, desc = f"{chart.name}-title", f"{chart.name}-desc"
    size = f'width="{WIDTH}" height="{_number(height)}" viewBox="0 0 {WIDTH} {_number(height)}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{title} {desc}">',
            f'<title id="{title}">{escape(chart.title)}</title>',
            f'<desc id="{desc}">{escape(chart.description)}</desc>',
            f"<defs>{''.join(_fill(chart, number) for number in used)}</defs>",
            f'<rect width="{WIDTH}" height="{_number(height)}" fill="{_PAPER}"/>',
            f'<g font-family="system-ui, sans-serif" font-size="{_TEXT}" fill="{_INK}">',
            *parts,
            "</g>",
            "</svg>",
        )
    )


def _fill(chart: Chart, number: int) -> str:
    series = chart.series[number]
    turn, marks = _MARKS[series.pattern]
    place = (
        f'patternUnits="userSpaceOnUse" patternTransform="rotate({turn})"' if turn else 'patternUnits="userSpaceOnUse"'
    )
    ground = f'<rect width="6" height="6" fill="{series.colour}"/>'
    return f'<pattern id="{chart.name}-{number}" width="6" height="6" {place}>{ground}{marks}</pattern>'


def _text(text: str, x: float, y: float, *, anchor: str = "start", size: int = _TEXT) -> str:
    small = f' font-size="{size}"' if size != _TEXT else ""
    place = f'x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}"{small}'
    return f"<text {place}>{escape(text)}</text>"


def _tick(highest: int) -> int:
    """A round number of which at most five reach the highest value: 1, 2 or 5 and noughts."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * 5 >= highest:
                return digit * power
        power *= 10


def _ceiling(highest: int) -> int:
    step = _tick(highest)
    return max(step, -(-highest // step) * step)


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
