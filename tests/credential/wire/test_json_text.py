"""Strict JSON: one text has one reading, in bounded time and depth."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, Reason, Stage
from credential.wire import json_text
from credential.wire.json_text import JsonValue


def decode(data: bytes, **limits: int) -> JsonValue:
    return json_text.decode(data, stage=Stage.TRUST_LIST, **({"max_bytes": 1_000_000} | limits))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", Reason.JSON_MALFORMED),
        (b"{", Reason.JSON_MALFORMED),
        (b"[1,]", Reason.JSON_MALFORMED),
        (b"[] []", Reason.JSON_MALFORMED),
        (b'["\t"]', Reason.JSON_MALFORMED),
        (b"\xef\xbb\xbf[]", Reason.JSON_MALFORMED),
        (b'{"a":1,"a":2}', Reason.JSON_DUPLICATE_MEMBER),
        (b'{"a":1,"\\u0061":2}', Reason.JSON_DUPLICATE_MEMBER),
        (b'[{"b":{"a":1,"a":1}}]', Reason.JSON_DUPLICATE_MEMBER),
        (b"[NaN]", Reason.JSON_NUMBER),
        (b"[-Infinity]", Reason.JSON_NUMBER),
        (b"[1e999]", Reason.JSON_NUMBER),
        (b"[" + b"9" * 5000 + b"]", Reason.JSON_NUMBER),
        (b'["\\ud800"]', Reason.JSON_TEXT),
        (b'{"\\udfff":1}', Reason.JSON_TEXT),
        (b'["\xff"]', Reason.JSON_TEXT),
        ("[1]".encode("utf-16"), Reason.JSON_TEXT),
        (b'["\xed\xa0\x80"]', Reason.JSON_TEXT),
    ],
)
def test_what_two_readers_could_understand_differently_is_refused(text: bytes, reason: Reason) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(text)
    assert (caught.value.stage, caught.value.reason) == (Stage.TRUST_LIST, reason)


def test_whole_characters_outside_the_basic_plane_are_read() -> None:
    assert decode(b'["\\ud83d\\ude00", "\xf0\x9f\x98\x80"]') == ["\U0001f600", "\U0001f600"]


def test_size_is_bounded() -> None:
    assert decode(b"[1]", max_bytes=3) == [1]
    with pytest.raises(DecodeError) as caught:
        decode(b"[11]", max_bytes=3)
    assert caught.value.reason is Reason.JSON_TOO_LARGE


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_depth_is_bounded_and_counts_objects_and_arrays(pair: str) -> None:
    opening = pair[0] if pair == "[]" else '{"a":'
    closing = pair[1]
    innermost = "[]"
    fits = opening * 4 + innermost + closing * 4
    assert decode(fits.encode(), max_depth=5) == json.loads(fits)
    with pytest.raises(DecodeError) as caught:
        decode(fits.encode(), max_depth=4)
    assert caught.value.reason is Reason.JSON_TOO_DEEP


def test_brackets_inside_texts_and_beside_each_other_are_no_depth() -> None:
    text = json.dumps([["[" * 50 + '\\"]["' * 9, "{"], [], [], {}, {"[": []}])
    assert decode(text.encode(), max_depth=3) == json.loads(text)


@pytest.mark.parametrize(
    "flood",
    [b"[" * 900_000, b'{"a":' * 150_000, b'"' + b'\\"' * 400_000 + b"[" * 90, b"[" * 40 + b'"' + b"\\" * 800_000],
)
def test_floods_end_in_a_typed_error(flood: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(flood)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**60), 2**60)
        | st.floats(allow_nan=False, allow_infinity=False)
        # Half a surrogate pair is no text.
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_what_a_writer_writes_is_read(value: JsonValue, ensure_ascii: bool) -> None:
    assert decode(json.dumps(value, ensure_ascii=ensure_ascii).encode()) == value


@given(st.binary() | st.text(alphabet='[]{}":,\\u0dD8aé1eE.-+ ntf', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_in_type(data: bytes) -> None:
    try:
        value = decode(data, max_depth=6)
    except DecodeError:
        return
    assert value == json.loads(data.decode())
