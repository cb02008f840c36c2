"""Records for the tests: three plain ones, and hypothesis strategies for any that may be issued."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from credential.kinds.eu_dcc_codes import DISEASES, MANUFACTURERS, PRODUCTS, TEST_RESULTS, TEST_TYPES, VACCINE_TYPES

Record = dict[str, Any]

PERSON: Record = {
    "kind": "eu-dcc",
    "name": {"surname": "Lindqvist", "forename": "Amara Noor"},
    "birth_date": "1979-04",
}
VACCINATION: Record = PERSON | {
    "vaccination": {
        "disease": "840539006",
        "vaccine": "1119349007",
        "product": "EU/1/20/1507",
        "manufacturer": "ORG-100031184",
        "dose": 3,
        "series": 2,
        "date": "2026-02-24",
        "country": "XA",
        "issuer": "Ministry of Health XA",
    }
}
TEST: Record = PERSON | {
    "test": {
        "disease": "840539006",
        "type": "LP6464-4",
        "sampled": "2026-03-02T14:05:00+07:00",
        "result": "260415000",
        "centre": "Harbour clinic",
        "country": "XA",
        "issuer": "Ministry of Health XA",
    }
}
RECOVERY: Record = PERSON | {
    "recovery": {
        "disease": "840539006",
        "first_positive": "2026-01-20",
        "valid_from": "2026-02-01",
        "valid_until": "2026-07-19",
        "country": "XA",
        "issuer": "Ministry of Health XA",
    }
}
ALL = {"vaccination": VACCINATION, "test": TEST, "recovery": RECOVERY}


def changed(record: Record, path: str, value: Any) -> Record:
    """A copy with one member, named by its dotted path, set to `value`; an ellipsis takes it out."""
    first, _, rest = path.partition(".")
    copy = dict(record)
    if rest:
        copy[first] = changed(copy.get(first, {}), rest, value)
    elif value is ...:
        copy.pop(first, None)
    else:
        copy[first] = value
    return copy


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_texts = (
    st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=80)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: 0 < len(text) <= 80)
)
_standardised = st.lists(st.text(_CAPITALS, min_size=1, max_size=8), min_size=1, max_size=4).map("<".join)
_plain_names = st.lists(st.text(_CAPITALS + _CAPITALS.lower(), min_size=1, max_size=8), min_size=1, max_size=3).map(
    " ".join
)
_days = st.dates(date(2020, 1, 2), date(2026, 3, 1))
_day_texts = _days.map(date.isoformat)
_birth_days = st.dates(date(1900, 1, 1), date(2019, 12, 31)).map(date.isoformat)
_birth_dates = st.one_of(
    st.just(""), _birth_days, _birth_days.map(lambda day: day[:7]), _birth_days.map(lambda day: day[:4])
)
_offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_moments = st.builds(
    lambda seconds, offset: datetime.fromtimestamp(seconds, offset).isoformat(),
    st.integers(1_577_923_200 + 86_400, 1_772_400_000),  # 2020-01-03 to 2026-03-01
    st.just(UTC) | _offsets,
)
_countries = st.text(_CAPITALS, min_size=2, max_size=2)
_shared: dict[str, st.SearchStrategy[Any]] = {
    "disease": st.sampled_from(sorted(DISEASES)),
    "country": _countries,
    "issuer": _texts,
}
_vaccinations = st.fixed_dictionaries(
    {
        "vaccine": st.sampled_from(sorted(VACCINE_TYPES)) | _texts,
        "product": st.sampled_from(sorted(PRODUCTS)) | _texts,
        "manufacturer": st.sampled_from(sorted(MANUFACTURERS)) | _texts,
        "dose": st.integers(1, 12),
        "series": st.integers(1, 12),
        "date": _day_texts,
        **_shared,
    }
)
_tests = st.fixed_dictionaries(
    {
        "type": st.sampled_from(sorted(TEST_TYPES)),
        "sampled": _moments,
        "result": st.sampled_from(sorted(TEST_RESULTS)),
        **_shared,
    },
    optional={"name": _texts, "device": _texts | st.none(), "centre": _texts},
)


@st.composite
def _recoveries(draw: st.DrawFn) -> Record:
    first, start, end = sorted(draw(st.tuples(_day_texts, _day_texts, _day_texts)))
    rest: Record = draw(st.fixed_dictionaries(_shared))
    return {"first_positive": first, "valid_from": start, "valid_until": end, **rest}


_names = st.one_of(
    st.fixed_dictionaries({"surname": _plain_names}, optional={"forename": _plain_names}),
    st.fixed_dictionaries({"forename": _plain_names}),
    st.fixed_dictionaries(
        {
            "surname": _texts,
            "surname_standardised": _standardised,
            "forename": _texts,
            "forename_standardised": _standardised,
        }
    ),
    st.fixed_dictionaries({"surname_standardised": _standardised}),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record of an EU DCC that may be issued on 2 March 2026."""
    word, entries = draw(
        st.sampled_from([("vaccination", _vaccinations), ("test", _tests), ("recovery", _recoveries())])
    )
    return {"kind": "eu-dcc", "name": draw(_names), "birth_date": draw(_birth_dates), word: draw(entries)}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def near_records(draw: st.DrawFn) -> Record:
    """A record with up to three members taken away, replaced or added, at either level."""
    record = draw(records())
    paths = [
        *record,
        *(f"{name}.{inner}" for name, value in record.items() if isinstance(value, dict) for inner in value),
        *("vaccination", "test", "recovery", "name.extra", "extra"),
    ]
    for path in draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3, unique=True)):
        outer = record.get(path.partition(".")[0])
        if "." not in path or isinstance(outer, dict):
            record = changed(record, path, draw(json_values | st.just(...)))
    return record
