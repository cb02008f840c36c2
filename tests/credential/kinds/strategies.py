"""Any certificate that may be issued, any claim that nearly is one, and whatever a claim can be instead."""

from __future__ import annotations

import copy
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from credential.kinds.eu_dcc import EuDcc, Name, Recovery, Test, Vaccination
from credential.kinds.eu_dcc_codes import DISEASES, MANUFACTURERS, PRODUCTS, TEST_RESULTS, TEST_TYPES, VACCINE_TYPES
from credential.kinds.eu_dcc_issue import GIVEN_NAME_ALONE_SINCE, WRITABLE_VERSIONS
from credential.uvci import Uvci

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS_AND_DIGITS = _CAPITALS + "0123456789"

_WRITTEN = "AZaz09 '’-./,ÄÅßéłøŒþđıİΑώϊЁёіҐابتّـ李あ각नि\u200c😀"
texts = (
    st.text(_WRITTEN, min_size=1, max_size=12)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(bool)
)  # fmt: skip
standardised_names = st.lists(st.text(_CAPITALS, min_size=1, max_size=6), min_size=1, max_size=3).map("<".join)
countries = st.text(_CAPITALS, min_size=2, max_size=2) | st.sampled_from(["UNHCR", "XXA"])
days = st.dates(date(2020, 1, 1), date(2029, 12, 31))
birth_days = st.dates(date(1900, 1, 1), date(2019, 12, 31)).map(date.isoformat)
birth_dates = st.one_of(
    st.just(""), birth_days, birth_days.map(lambda day: day[:7]), birth_days.map(lambda day: day[:4])
)
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(
    datetime.fromtimestamp,
    st.integers(1_577_923_200, 1_893_456_000),  # 2020-01-02 to 2030-01-01
    st.just(UTC) | offsets,
)


def _opaque(size: int) -> st.SearchStrategy[str]:
    return st.text(_LETTERS_AND_DIGITS, min_size=1, max_size=size)


uvcis = st.one_of(
    st.builds(Uvci, country=st.text(_CAPITALS, min_size=2, max_size=2), opaque=_opaque(12)),
    st.builds(Uvci, country=st.text(_CAPITALS, min_size=2, max_size=2), issuer=_opaque(4), opaque=_opaque(12)),
    st.builds(Uvci, country=st.just("XA"), issuer=_opaque(4), vaccine=_opaque(4), opaque=_opaque(12)),
).map(lambda uvci: uvci.text)


def _codes(table: dict[str, str]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(table)) | texts


_shared: dict[str, st.SearchStrategy[str]] = {"tg": _codes(DISEASES), "co": countries, "is_": texts, "ci": uvcis}

vaccinations = st.builds(
    Vaccination,
    vp=_codes(VACCINE_TYPES),
    mp=_codes(PRODUCTS),
    ma=_codes(MANUFACTURERS),
    dn=st.integers(1, 12),
    sd=st.integers(1, 12),
    dt=days,
    **_shared,
)
tests = st.builds(
    Test,
    tt=_codes(TEST_TYPES),
    nm=st.none() | texts,
    ma=st.none() | texts,
    sc=moments,
    tr=_codes(TEST_RESULTS),
    tc=st.none() | texts,
    **_shared,
)


@st.composite
def _recoveries(draw: st.DrawFn) -> Recovery:
    first, start, end = sorted(draw(st.tuples(days, days, days)))
    return Recovery(fr=first, df=start, du=end, **{name: draw(values) for name, values in _shared.items()})


@st.composite
def _names(draw: st.DrawFn, version: str) -> Name:
    surname = draw(st.tuples(st.none() | texts, standardised_names))
    forename = draw(st.just((None, None)) | st.tuples(st.none() | texts, standardised_names))
    if version >= GIVEN_NAME_ALONE_SINCE and forename[1] and draw(st.booleans()):
        surname = (None, "")
    return Name(surname[0], surname[1] or None, *forename)


@st.composite
def eu_dccs(draw: st.DrawFn) -> EuDcc:
    """Any certificate that `check_for_issue` lets pass."""
    version = draw(st.sampled_from(WRITABLE_VERSIONS))
    person = EuDcc(version, draw(_names(version)), draw(birth_dates))
    group: dict[str, Any] = draw(
        st.one_of(
            st.fixed_dictionaries({"v": st.tuples(vaccinations)}),
            st.fixed_dictionaries({"t": st.tuples(tests)}),
            st.fixed_dictionaries({"r": st.tuples(_recoveries())}),
        )
    )
    return replace(person, **group)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
odd_texts = st.sampled_from(
    [
        "", " ", "X", "x", "XX1", "1.3.0", "1x3x0", "13000", "1.3", "1.0.4", "2021-06-11", "2021-06-11T00:00:00",
        "2021-06-11T17:30:00Z", "2021-06-11t17:30:00z", "2021-06-11T17:30:00+02", "2021-06-11T17:30:00+0200",
        "2021-06-11T17:30:00.123456789+02:00", "2021-06-11T24:00:00Z", "2021-06-11T23:59:60Z", "2021-06-11 17:30:00Z",
        "2021-06-11T17:30Z", "2021-06-11T17:30:00", "2021-13-01", "2021-02-29", "2021-W01-1", "20210611", "1979",
        "1979-04", "1979-00-00", "1815-08-24", "2100-01-01", "1979-04-14T00:00:00", "1979\n", "１９７９", "A<B", "a<b",
        "A\n", "x" * 80, "x" * 81, "X" * 80, "X" * 81, "\u00e9" * 80, "\ud800", "e\u0301", " padded ",
    ]
)  # fmt: skip
whatever = json_values | odd_texts | st.binary(max_size=4) | st.sampled_from([1.0, 0, -1, 2.5, 2**53, 2**70, True])


@st.composite
def near_claims(draw: st.DrawFn, claims: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """A claim with up to three members taken away, replaced or added, at any level."""
    claim = copy.deepcopy(draw(claims))
    for _ in range(draw(st.integers(1, 3))):
        target = draw(st.sampled_from(list(_maps(claim))))
        keys = [*target, "extra", "v", "t", "r", "fnt", "gnt"]
        key = draw(st.sampled_from(keys))
        if draw(st.booleans()) and key in target:
            del target[key]
        else:
            target[key] = draw(whatever | st.just([]) | st.just([{}]))
    return claim


def _maps(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _maps(item)
    elif isinstance(value, list):
        for item in value:
            yield from _maps(item)
