"""Charts: the numbers are right, everybody can read them, and nothing in them runs or loads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pki import make_authority
from tests.trustlist.doctor.lists import Sample, clean
from tests.trustlist.parts import AT, entry, listed, sca
from trustlist.doctor.figures import STATE_SERIES, USAGE_SERIES, expiry_chart, participant_chart
from trustlist.doctor.plots import WIDTH, Bar, Chart, Mark, Pattern, Series, draw_columns, draw_rows

SVG = "{http://www.w3.org/2000/svg}"
TWO = (Series("DSC", "#0b5cad", Pattern.SOLID), Series("SCA", "#a14a00", Pattern.RISING))
COLOURS = [series.colour for series in (*USAGE_SERIES, *STATE_SERIES)]


def chart(*bars: Bar, series: tuple[Series, ...] = TWO) -> Chart:
    return Chart("test", "A title", "A description", series, bars)


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own text


def parts(svg: str) -> list[tuple[str, float, float, float, float]]:
    """The parts of all bars: title, left, top, width, height."""
    found = []
    for rect in parse(svg).iter(f"{SVG}rect"):
        title = rect.find(f"{SVG}title")
        if title is not None:
            box = [float(rect.attrib[name]) for name in ("x", "y", "width", "height")]
            found.append((str(title.text), *box))
    return found  # type: ignore[return-value]


def texts(svg: str) -> list[str]:
    return [str(text.text) for text in parse(svg).iter(f"{SVG}text")]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_stands_out_from_white(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize("series", [USAGE_SERIES, STATE_SERIES])
def test_no_two_series_of_a_chart_look_alike_without_colour(series: tuple[Series, ...]) -> None:
    assert len({each.pattern for each in series}) == len({each.colour for each in series}) == len(series)


def test_columns_stack_to_scale() -> None:
    found = parts(draw_columns(chart(Bar("2026-11", (6, 4)), Bar("2026-12", (0, 5)))))
    assert [title for title, *_ in found] == ["2026-11: 6 DSC", "2026-11: 4 SCA", "2026-12: 5 SCA"]
    (_, x1, y1, w1, h1), (_, x2, y2, _, h2), (_, x3, y3, _, h3) = found
    assert x1 == x2 < x3
    assert w1 > 0
    assert h1 / 6 == pytest.approx(h2 / 4) == pytest.approx(h3 / 5)
    assert y2 + h2 == pytest.approx(y1)
    assert y3 + h3 == pytest.approx(y1 + h1)


def test_rows_stack_to_scale_with_label_and_note() -> None:
    svg = draw_rows(chart(Bar("FRA", (1, 3), "1 of 4 usable"), Bar("NLD", (2, 0), "2 of 2 usable")))
    (_, x1, y1, w1, _), (_, x2, y2, w2, _), (_, x3, y3, w3, _) = parts(svg)
    assert x1 + w1 == pytest.approx(x2)
    assert w2 == pytest.approx(3 * w1)
    assert w3 == pytest.approx(2 * w1)
    assert (x3, y2) == (x1, y1)
    assert y3 > y1
    assert {"FRA", "NLD", "1 of 4 usable", "2 of 2 usable", "DSC", "SCA"} == set(texts(svg))


def test_a_chart_says_what_it_is_and_draws_only_what_occurs() -> None:
    svg = draw_columns(chart(Bar("2026-11", (6, 0))))
    root = parse(svg)
    assert root.attrib["role"] == "img"
    named = [
        element.text for name in root.attrib["aria-labelledby"].split() for element in root if element.get("id") == name
    ]
    assert named == ["A title", "A description"]
    assert "SCA" not in texts(svg)
    assert [pattern.attrib["id"] for pattern in root.iter(f"{SVG}pattern")] == ["test-0"]


def test_nothing_in_a_chart_runs_loads_or_needs_a_style() -> None:
    report = clean().examine()
    for svg in (expiry_chart(report), participant_chart(report)):
        for element in parse(svg).iter():
            assert element.tag.removeprefix(SVG) in {
                *("svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "g", "text")
            }
            assert not any(name == "style" or name.startswith("on") or "href" in name for name in element.attrib)
            assert all("url(" not in value or value.startswith("url(#") for value in element.attrib.values())


def test_every_fill_is_a_pattern_of_the_chart() -> None:
    svg = participant_chart(clean().examine())
    ids = {pattern.attrib["id"] for pattern in parse(svg).iter(f"{SVG}pattern")}
    assert ids
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) == ids


@given(
    st.lists(
        st.tuples(st.text(max_size=80), st.integers(0, 10**7), st.integers(0, 10**7), st.text(max_size=20)), max_size=40
    )
)
def test_any_bars_are_drawn_within_the_picture(rows: list[tuple[str, int, int, str]]) -> None:
    def printable(text: str) -> str:
        return "".join(sign for sign in text if sign.isprintable())

    bars = [Bar(printable(label), (one, two), printable(note)) for label, one, two, note in rows]
    for svg in (draw_columns(chart(*bars), Mark(0.5, "now")), draw_rows(chart(*bars))):
        root = parse(svg)
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        assert width == WIDTH
        for _, x, y, across, down in parts(svg):
            assert x >= 0
            assert y >= -0.01
            assert x + across <= width + 0.01
            assert y + down <= height + 0.01


def test_long_names_are_shortened() -> None:
    svg = draw_rows(chart(Bar("Ministry of Health and Population", (1, 0), "0 of 1 usable")))
    assert "Ministry of Health and …" in texts(svg)
    assert "Ministry of Health and Population: 1 DSC" in [title for title, *_ in parts(svg)]


def test_text_from_a_list_is_escaped() -> None:
    bar = Bar("<script>", (1, 0), '"&')
    assert "<script>" in texts(draw_rows(chart(bar)))
    assert "<script>" not in draw_rows(chart(bar))


def ending(*ends: datetime) -> str:
    """The chart of SCAs that end at these moments."""
    keys = [
        sca(make_authority(not_before=min(end, datetime(2026, 1, 1, tzinfo=UTC)).replace(year=1990), not_after=end))
        for end in ends
    ]
    return expiry_chart(Sample(listed(*keys)).examine())


def test_months_without_keys_have_their_place() -> None:
    svg = ending(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert [title for title, *_ in parts(svg)] == ["2026-10: 1 SCA", "2027-01: 1 SCA"]
    months = {"2026-10", "2026-11", "2026-12", "2027-01"}
    assert set(texts(svg)) == {*months, "2026-11-22", "SCA", "0", "1"}
    (_, early, *_), (_, late, *_) = parts(svg)
    assert late - early == pytest.approx(3 * 64)


def test_the_line_stands_in_the_month_of_the_report() -> None:
    svg = ending(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    (_, november, *_), (_, december, *_) = parts(svg)
    (line,) = [path.attrib["d"] for path in parse(svg).iter(f"{SVG}path") if "stroke-dasharray" in path.attrib]
    assert november < float(line[1:].split()[0]) < december
    share = (float(line[1:].split()[0]) - november) / (december - november)
    assert share == pytest.approx(21.5 / 31, abs=0.01)


def test_what_ended_long_ago_or_ends_far_ahead_is_drawn_at_the_edges() -> None:
    ends = [datetime(year, 6, 1, tzinfo=UTC) for year in (2001, 2019, 2026, 2037, 2041)]
    svg = ending(*ends)
    found = parts(svg)
    assert [title for title, *_ in found] == ["earlier: 2 SCA", "2026-06: 1 SCA", "later: 2 SCA"]
    assert [x for _, x, *_ in found] == sorted(x for _, x, *_ in found)
    assert {"earlier", "later", "2022", "2036"} <= set(texts(svg))


def test_five_years_back_and_ten_ahead_are_drawn_month_by_month() -> None:
    ends = [datetime(*month, 15, tzinfo=UTC) for month in ((2021, 10), (2021, 11), (2036, 11), (2036, 12))]
    titles = [title for title, *_ in parts(ending(*ends))]
    assert titles == ["earlier: 1 SCA", "2021-11: 1 SCA", "2036-11: 1 SCA", "later: 1 SCA"]


def test_a_participant_without_signers_has_none_usable() -> None:
    svg = participant_chart(Sample(listed(sca(make_authority()))).examine())
    assert [title for title, *_ in parts(svg)] == ["XXA: 1 authority"]
    assert "0 of 1 usable" in texts(svg)


def test_the_chart_of_an_empty_list_is_empty() -> None:
    report = Sample(listed()).examine()
    assert parts(expiry_chart(report)) == parts(participant_chart(report)) == []
    assert "There are no keys." in expiry_chart(report)


def test_descriptions_say_the_numbers() -> None:
    report = Sample(
        listed(sca(make_authority()), entry(make_authority("XB").issue_signer(not_after=AT), participant="XXB"))
    ).examine()
    assert "2 keys that end between 2026-11 and 2030-01; 0 of them are over." in expiry_chart(report)
    assert "2 participants with 2 entries: 1 authority, 1 orphaned." in participant_chart(report)
