"""Strict CBOR: facts of RFC 8949, everything that is refused, and `scan` as a second witness beside `cbor2`."""

from __future__ import annotations

import itertools
import json
import math
import tracemalloc
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import cbor
from credential.wire.cbor_scan import read_head, scan
from tests.credential.wire.cbor_values import VALUES, head, least, widened, write
from tests.credential.wire.refusal import facts, refusal, why

# Facts of RFC 8949, appendix A (table 6): the diagnostic notation beside its encoding.
FACTS: list[tuple[str, object]] = [
    ("00", 0),
    ("01", 1),
    ("0a", 10),
    ("17", 23),
    ("1818", 24),
    ("1864", 100),
    ("1903e8", 1000),
    ("1a000f4240", 1_000_000),
    ("1b000000e8d4a51000", 10**12),
    ("1bffffffffffffffff", 2**64 - 1),
    ("3bffffffffffffffff", -(2**64)),
    ("20", -1),
    ("29", -10),
    ("3863", -100),
    ("3903e7", -1000),
    ("f90000", 0.0),
    ("f93c00", 1.0),
    ("fb3ff199999999999a", 1.1),
    ("f93e00", 1.5),
    ("f97bff", 65504.0),
    ("fa47c35000", 100_000.0),
    ("fa7f7fffff", 3.4028234663852886e38),
    ("fb7e37e43c8800759c", 1.0e300),
    ("f90001", 5.960464477539063e-8),
    ("f90400", 0.00006103515625),
    ("f9c400", -4.0),
    ("fbc010666666666666", -4.1),
    ("f97c00", math.inf),
    ("f9fc00", -math.inf),
    ("fa7f800000", math.inf),
    ("fbfff0000000000000", -math.inf),
    ("f4", False),
    ("f5", True),
    ("f6", None),
    ("f7", cbor2.undefined),
    ("f0", cbor2.CBORSimpleValue(16)),
    ("f8ff", cbor2.CBORSimpleValue(255)),
    ("40", b""),
    ("4401020304", b"\1\2\3\4"),
    ("60", ""),
    ("6161", "a"),
    ("6449455446", "IETF"),
    ("62225c", '"\\'),
    ("62c3bc", "ü"),
    ("63e6b0b4", "水"),
    ("64f0908591", "\U00010151"),
    ("80", []),
    ("83010203", [1, 2, 3]),
    ("8301820203820405", [1, [2, 3], [4, 5]]),
    ("98190102030405060708090a0b0c0d0e0f101112131415161718181819", list(range(1, 26))),
    ("a0", {}),
    ("a201020304", {1: 2, 3: 4}),
    ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ("826161a161626163", ["a", {"b": "c"}]),
]

# What is refused, by the section of RFC 8949 that allows or forbids it.
REFUSED: list[tuple[str, Reason]] = [
    # §3: cut off, reserved, or a break that ends nothing
    *[(text, Reason.CBOR_TRUNCATED) for text in ("", "18", "1901", "1a010203", "1b01020304050607", "f9", "fa00", "fb")],
    *[(f"{major << 5 | info:02x}", Reason.CBOR_MALFORMED) for major in range(8) for info in (28, 29, 30)],
    *[(text, Reason.CBOR_MALFORMED) for text in ("ff", "81ff", "8201ff", "a1ff", "a101ff", "c0ff")],
    # §3.1: strings, arrays and maps with less than they announce
    *[(text, Reason.CBOR_TRUNCATED) for text in ("41", "6261", "5803aabb", "81", "8201", "a1", "a101", "a2010203")],
    *[
        (f"{first}{length}", Reason.CBOR_TRUNCATED)
        for first in ("5b", "7b", "9b", "bb")
        for length in ("ffffffffffffffff", "7fffffffffffffff", "8000000000000000", "0000000100000000")
    ],
    *[
        (text, Reason.CBOR_TRUNCATED)
        for text in ("5affffffff", "7a7fffffff", "9a10000000", "baffffffff", "9a0000ffff00")
    ],
    # §3.2: indefinite lengths
    *[
        (text, Reason.CBOR_INDEFINITE)
        for text in ("5fff", "5f4101ff", "7f6161ff", "9fff", "9f01ff", "bfff", "bf0101ff")
    ],
    *[(text, Reason.CBOR_INDEFINITE) for text in ("1f", "3f", "819fff", "a1019fff", "a19fff01", "5f", "9f")],
    # §3.3: a simple value in two bytes that fits into one
    *[(f"f8{value:02x}", Reason.CBOR_MALFORMED) for value in (0, 20, 24, 31)],
    # §3.4: every tag but 0, also those that stand for dates, numbers, references and sets
    ("c11a514b67b0", Reason.CBOR_TAG),
    ("c249010000000000000000", Reason.CBOR_TAG),
    ("c349010000000000000000", Reason.CBOR_TAG),
    ("c48221196ab3", Reason.CBOR_TAG),
    ("d74401020304", Reason.CBOR_TAG),
    ("d818456449455446", Reason.CBOR_TAG),
    ("d9d9f700", Reason.CBOR_TAG),
    ("dbffffffffffffffff00", Reason.CBOR_TAG),
    # §3.4.1: tag 0 before anything but text, or text of no date
    *[(text, Reason.CBOR_TAG) for text in ("c000", "c080", "c0a1616100", "c0f6", "c0c000", "81c041aa", "a10ac0f93c00")],
    # §5: what follows the item
    *[(text, Reason.CBOR_TRAILING) for text in ("0000", "6161ff", "a0a0", "8000", "f6f6")],
    # §5.3.1 and §3.1: text that is not UTF-8, overlong, a surrogate, beyond Unicode
    *[(text, Reason.CBOR_TEXT) for text in ("61ff", "62c328", "62c080", "63eda080", "64f4908080", "6180", "a161ff01")],
    # §5.6: a key twice, wherever, and also as Python sees it
    *[(text, Reason.CBOR_DUPLICATE_KEY) for text in ("a201000101", "a2616101616102", "81a2a0f6a0f6", "a10aa201000100")],
    *[(text, Reason.CBOR_DUPLICATE_KEY) for text in ("a20100180101", "a201f5f501", "a2f900000000f6", "a2f7f6f7f6")],
]


# Content that cbor2 can make something of under one tag or another, and content that it cannot.
UNDER_TAGS = [
    bytes.fromhex(text)
    for text in (
        *("00", "f93c00", "6161", "4101", "44c0a80101", "5020010db8000000000000000000000001"),
        *("80", "820000", "820244c0a80101", "82182044c0a80100", "83010203", "a0", "f6"),
    )
]


def nested(depth: int, inner: bytes = b"\0", *, opening: bytes = b"\x81") -> bytes:
    return opening * depth + inner


def loads(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Any, tuple[Deviation, ...]]:
    return cbor.loads(data, Stage.CWT, limits)


@pytest.mark.parametrize(("text", "value"), FACTS)
def test_the_examples_of_the_rfc_are_read(text: str, value: object) -> None:
    found, deviations = loads(bytes.fromhex(text))
    assert found == value
    assert type(found) is type(value)
    assert deviations == ()


def test_signs_of_zero_and_nan_are_kept() -> None:
    assert math.copysign(1, loads(bytes.fromhex("f98000"))[0]) == -1
    for text in ("f97e00", "fa7fc00000", "fb7ff8000000000000"):
        assert math.isnan(loads(bytes.fromhex(text))[0])


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_not_strict_is_refused_at_the_stage_of_the_caller(text: str, reason: Reason) -> None:
    for stage in (Stage.COSE, Stage.CWT):
        assert why(refusal(cbor.loads, bytes.fromhex(text), stage)) == (stage, reason)


def test_every_tag_but_the_date_is_refused_by_its_number() -> None:
    """Whatever stands under it: cbor2 turns some into objects when their content is right, and fails when it is not."""
    for tag in (*range(1, 1100), 43000, 55799, 2**16, 2**32, 2**64 - 1):
        for inner in UNDER_TAGS:
            data = head(6, tag, least(tag)) + inner
            assert facts(refusal(loads, data)) == (Stage.CWT, Reason.CBOR_TAG, {"tag": tag})


@pytest.mark.parametrize("inner", UNDER_TAGS)
def test_a_tag_is_refused_as_element_as_key_and_as_member(inner: bytes) -> None:
    tagged = b"\xd8\x64" + inner
    for data in (b"\x81" + tagged, b"\xa1" + tagged + b"\0", b"\xa1\0" + tagged, b"\xa1\x81" + tagged + b"\0"):
        assert facts(refusal(loads, data)) == (Stage.CWT, Reason.CBOR_TAG, {"tag": 100})


def test_a_date_under_tag_0_is_its_text_and_is_noted() -> None:
    data = bytes.fromhex("c074") + b"2026-02-11T08:00:00Z"
    assert loads(data) == ("2026-02-11T08:00:00Z", (Deviation.CBOR_DATE_TAG,))
    assert loads(b"\xa1\x01" + data) == ({1: "2026-02-11T08:00:00Z"}, (Deviation.CBOR_DATE_TAG,))
    assert loads(b"\xc0" + data) == loads(data)  # twice is once
    assert loads(b"\xd8\x00" + data[1:])[1] == (Deviation.CBOR_LONG_FORM, Deviation.CBOR_DATE_TAG)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1800", 0),
        ("1817", 23),
        ("190001", 1),
        ("1a00000100", 256),
        ("1b00000000ffffffff", 2**32 - 1),
        ("3800", -1),
        ("580100", b"\0"),
        ("7a0000000161", "a"),
        ("980101", [1]),
        ("99000101", [1]),
        ("b8010101", {1: 1}),
        ("bb00000000000000010101", {1: 1}),
    ],
)
def test_long_forms_are_read_and_noted_once(text: str, value: object) -> None:
    data = bytes.fromhex(text)
    assert loads(data) == (value, (Deviation.CBOR_LONG_FORM,))
    assert loads(b"\x82" + data + data) == ([value, value], (Deviation.CBOR_LONG_FORM,))


@pytest.mark.parametrize("opening", [b"\x81", b"\xa1\0", b"\x82\0"])
def test_sixteen_levels_are_read_and_seventeen_refused(opening: bytes) -> None:
    loads(nested(16, opening=opening))
    for depth in (17, 18, 400, 5000):
        assert why(refusal(loads, nested(depth, opening=opening))) == (Stage.CWT, Reason.CBOR_TOO_DEEP)


def test_depth_counts_in_keys_too() -> None:
    loads(b"\xa1" * 16 + b"\0" + b"\0" * 16)
    assert refusal(loads, b"\xa1" * 17 + b"\0" + b"\0" * 17).reason is Reason.CBOR_TOO_DEEP
    assert refusal(loads, b"\xa1" * 5000 + b"\0" * 5001).reason is Reason.CBOR_TOO_DEEP


def test_an_empty_array_may_stand_one_level_deeper() -> None:
    """cbor2 counts a level when there is something in it."""
    loads(nested(16, b"\x80"))
    assert refusal(loads, nested(17, b"\x80")).reason is Reason.CBOR_TOO_DEEP


def test_depth_is_that_of_the_caller() -> None:
    loads(nested(3), Limits(cbor_depth=3))
    assert refusal(loads, nested(4), Limits(cbor_depth=3)).reason is Reason.CBOR_TOO_DEEP


def test_what_was_read_can_be_asked_for_its_deviations_under_any_limits() -> None:
    wide = Limits(cbor_bytes=100_000, cbor_depth=100)
    for data in (cbor.byte_string(bytes(50_000)), nested(90), nested(90, b"\x18\x01"), b"\xc0\xc0\x61a"):
        assert cbor.deviations(data, Stage.CWT) == loads(data, wide)[1]


@pytest.mark.parametrize("length", [10, 4096, 16_384, 65_535, 65_536, 70_000])
def test_what_follows_a_long_item_is_counted_too(length: int) -> None:
    for item in (cbor.byte_string(bytes(length)), b"\x9a" + length.to_bytes(4, "big") + bytes(length)):
        for trailing in (1, 5000, 70_000):
            error = refusal(loads, item + bytes(trailing), Limits(cbor_bytes=1_000_000))
            assert facts(error) == (Stage.CWT, Reason.CBOR_TRAILING, {"trailing": trailing})


def test_an_item_may_fill_the_limit_exactly() -> None:
    limit = DEFAULT_LIMITS.cbor_bytes
    data = cbor.byte_string(bytes(limit - 3))
    assert len(data) == limit
    assert loads(data) == (bytes(limit - 3), ())
    error = refusal(loads, cbor.byte_string(bytes(limit - 2)))
    assert facts(error) == (Stage.CWT, Reason.CBOR_TOO_LARGE, {"limit": limit})


@pytest.mark.parametrize("first", ["5b", "7b", "9b", "bb", "5a", "7a", "9a", "ba"])
def test_announced_lengths_take_no_memory(first: str) -> None:
    width = 8 if first.endswith("b") else 4
    for announced in (2 ** (8 * width) - 1, 2 ** (8 * width - 1), 2**31, 2**24):
        data = bytes.fromhex(first) + announced.to_bytes(width, "big") + bytes(range(24))
        tracemalloc.start()
        try:
            assert refusal(loads, data).reason is Reason.CBOR_TRUNCATED
            assert tracemalloc.get_traced_memory()[1] < 1 << 20
        finally:
            tracemalloc.stop()


def test_keys_made_to_collide_are_read_within_the_limit_of_an_item() -> None:
    """In CPython 0, "" and b"" have one hash, and so have arrays of them: see `Limits.cbor_bytes`."""
    keys = (b"\x89" + bytes(key) for key in itertools.product(b"\x00\x40\x60", repeat=9))
    pairs = b"".join(key + b"\0" for key in itertools.islice(keys, 1400))
    value, _ = loads(b"\xb9" + (1400).to_bytes(2, "big") + pairs)
    assert len({hash(key) for key in value}) == 1
    assert len(value) == 1400


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 65_535, 65_536, 1_000_000])
def test_byte_strings_have_the_head_that_cbor2_gives_them(length: int) -> None:
    assert cbor.byte_string(bytes(length)) == cbor2.dumps(bytes(length))


def test_keys_keep_their_order() -> None:
    value = {"b": 1, 10: 2, "a": 3, -1: 4}
    assert list(loads(cbor.dumps(value))[0].items()) == list(value.items())


def test_labels_are_integers_or_text() -> None:
    cbor.check_labels({1: 0, -260: 0, "1": 0, "x": 0}, Stage.COSE)
    cbor.check_labels({}, Stage.COSE)
    for key in (True, 1.0, b"1", None, (1,), cbor2.undefined, cbor2.CBORSimpleValue(1)):
        assert why(refusal(cbor.check_labels, {2: 0, key: 0}, Stage.COSE)) == (Stage.COSE, Reason.CBOR_TYPE)


@given(VALUES, st.integers(min_value=0), st.binary(min_size=1, max_size=4))
def test_what_is_written_is_read_whole_and_refused_cut_or_followed(value: Any, at: int, more: bytes) -> None:
    data = cbor.dumps(value)
    assert data == write(value)
    assert loads(data) == (value, ())
    assert scan(data, Stage.CWT) == ()
    for read in (scan, cbor.loads):
        cut = refusal(read, data[: at % len(data)], Stage.CWT)
        assert why(cut) == (Stage.CWT, Reason.CBOR_TRUNCATED)
        followed = refusal(read, data + more, Stage.CWT)
        assert facts(followed) == (Stage.CWT, Reason.CBOR_TRAILING, {"trailing": len(more)})
    assert json.loads(json.dumps(cbor.to_json(value), allow_nan=False)) == cbor.to_json(value)


@given(widened())
def test_heads_of_any_width_give_the_same_value_and_are_noted(example: tuple[Any, bytes, bool]) -> None:
    value, data, wide = example
    expected = (Deviation.CBOR_LONG_FORM,) if wide else ()
    assert loads(data) == (value, expected)
    assert scan(data, Stage.CWT) == expected


@given(
    st.binary(max_size=60) | st.tuples(VALUES, st.binary(max_size=8)).map(lambda pair: cbor.dumps(pair[0]) + pair[1])
)
def test_scan_and_cbor2_agree_where_an_item_ends(data: bytes) -> None:
    """`scan` walks heads and lengths: it knows where an item ends, and nothing of UTF-8, tags or keys."""
    walked, read = outcome(scan, data), outcome(loads, data)
    if not isinstance(read, DecodeError):
        assert walked == read[1]
    if isinstance(walked, DecodeError):
        assert isinstance(read, DecodeError)
    elif isinstance(read, DecodeError):
        assert read.reason not in {Reason.CBOR_TRUNCATED, Reason.CBOR_TRAILING, Reason.CBOR_INDEFINITE}


def outcome(read: Any, data: bytes) -> Any:
    try:
        return read(data, Stage.CWT) if read is scan else read(data)
    except DecodeError as error:
        return error


def test_a_reserved_or_indefinite_head_is_refused_by_the_second_look_too() -> None:
    for major in range(8):
        for info, reason in ((28, Reason.CBOR_MALFORMED), (30, Reason.CBOR_MALFORMED), (31, Reason.CBOR_INDEFINITE)):
            assert why(refusal(scan, bytes((major << 5 | info,)), Stage.COSE)) == (Stage.COSE, reason)


def test_a_head_says_whether_a_shorter_one_would_do() -> None:
    for text, long in (
        ("17", False),
        ("1817", True),
        ("1818", False),
        ("f90000", False),
        ("f8ff", False),
        ("d812", True),
    ):
        assert read_head(bytes.fromhex(text), 0, Stage.CWT).is_long is long


@given(st.binary(max_size=40))
def test_whatever_is_read_becomes_json(data: bytes) -> None:
    value = outcome(loads, data)
    if not isinstance(value, DecodeError):
        json.dumps(cbor.to_json(value[0]), allow_nan=False).encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"\xfb\xff", "-_8"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (1.5, 1.5),
        (2**64 - 1, 2**64 - 1),
        (cbor2.undefined, None),
        (cbor2.CBORSimpleValue(7), None),
        ({1: 2, "a": [b"", None]}, {"1": 2, "a": ["", None]}),
        ({True: 1, b"ab": 2, (1, "x"): 3, None: 4}, {"True": 1, "YWI": 2, "[1, 'x']": 3, "None": 4}),
        ({cbor2.frozendict({1: (2,)}): (3,)}, {"{'1': [2]}": [3]}),
    ],
)
def test_what_json_lacks_has_a_counterpart(value: object, expected: object) -> None:
    assert cbor.to_json(value) == expected


def test_a_key_that_was_text_keeps_its_place_in_json() -> None:
    """`tg` is also how the one byte b6 looks in base64url."""
    assert cbor.to_json({"tg": 1, b"\xb6": 2}) == {"tg": 1}
    assert cbor.to_json({1: "number", "1": "text"}) == {"1": "text"}
    assert cbor.to_json({"1": "text", 1: "number"}) == {"1": "text"}
