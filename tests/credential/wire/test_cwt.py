"""Claims: times as issuers write them, keys as JSON writes them, and what means nothing."""

from __future__ import annotations

import math
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Deviation, Reason, Stage
from credential.limits import Limits
from credential.wire.cwt import AUD, CTI, EXP, HCERT, IAT, ISS, NBF, SUB, Claims, decode_claims, encode_claims
from tests.credential.wire.cbor_values import VALUES
from tests.credential.wire.refusal import facts, refusal, why

END = 2**33
TIMES = [(IAT, "issued"), (NBF, "not_before"), (EXP, "expires")]
GOOD: dict[Any, Any] = {ISS: "XA", EXP: 1_830_297_600, IAT: 1_798_761_600, HCERT: {1: {"ver": "1.3.0"}}}


def decode(claims: Any) -> Claims:
    return decode_claims(cbor2.dumps(claims))


def refused(claims: Any) -> tuple[Stage, object]:
    return why(refusal(decode, claims))


def time(claim: int, name: str, value: object) -> tuple[int | None, tuple[int, ...], tuple[Deviation, ...]]:
    """How one time is understood: its seconds, what is malformed, what deviates."""
    claims = decode({ISS: "XA", claim: value})
    return getattr(claims, name), claims.malformed_times, claims.deviations


def test_a_good_payload_is_read_whole() -> None:
    claims = decode(GOOD)
    assert (claims.issuer, claims.issued, claims.not_before, claims.expires) == ("XA", GOOD[IAT], None, GOOD[EXP])
    assert claims.hcert == {1: {"ver": "1.3.0"}}
    assert claims.root == GOOD
    assert (claims.malformed_times, claims.deviations) == ((), ())


def test_claims_have_the_numbers_of_rfc_8392_and_of_the_hcert_specification() -> None:
    assert (ISS, SUB, AUD, EXP, NBF, IAT, CTI, HCERT) == (1, 2, 3, 4, 5, 6, 7, -260)
    payload = encode_claims(issuer="XA", issued=1, expires=3, not_before=2, hcert={1: None})
    assert payload.hex() == "a501625841040305020601390103a101f6"


@given(
    st.text(max_size=10) | st.none(),
    st.integers(0, END - 1),
    st.integers(0, END - 1) | st.none(),
    st.integers(0, END - 1) | st.none(),
    st.dictionaries(st.integers(-10, 10), VALUES, max_size=2),
)
def test_what_is_encoded_comes_back(
    issuer: str | None, issued: int, expires: int | None, not_before: int | None, hcert: dict[int, object]
) -> None:
    payload = encode_claims(issuer=issuer, issued=issued, expires=expires, not_before=not_before, hcert=hcert)
    claims = decode_claims(payload)
    assert (claims.issuer, claims.issued, claims.expires, claims.not_before) == (issuer, issued, expires, not_before)
    assert claims.hcert == hcert
    assert (claims.malformed_times, claims.deviations) == ((), ())


def test_absent_claims_are_none_and_absent_when_encoded() -> None:
    claims = decode({})
    assert (claims.issuer, claims.issued, claims.not_before, claims.expires, claims.hcert) == (None,) * 5
    assert (claims.malformed_times, claims.deviations) == ((), ())
    payload = encode_claims(issuer=None, issued=0, expires=None, hcert={})
    assert cbor2.loads(payload) == {IAT: 0, HCERT: {}}


@pytest.mark.parametrize(("claim", "name"), TIMES)
@pytest.mark.parametrize("seconds", [0, 1, 1_798_761_600, 2**31 - 1, 2**31, 2**32, END - 1])
def test_whole_seconds_up_to_2242_are_times(claim: int, name: str, seconds: int) -> None:
    assert time(claim, name, seconds) == (seconds, (), ())


@pytest.mark.parametrize(("claim", "name"), TIMES)
@pytest.mark.parametrize(
    "value",
    [
        *(-1, -1_798_761_600, -(2**64), END, END + 1, 10**11, 10**15, 8_589_934_592_000, 10**14),
        *(math.nan, math.inf, -math.inf, -0.5, -1.0, float(END), -1e300),
        *(True, False, None, "", "1798761600", "2026-12-31", b"\x6b", [], [1_798_761_600], {}, cbor2.undefined),
    ],
)
def test_a_time_that_means_nothing_is_kept_as_malformed(claim: int, name: str, value: object) -> None:
    seconds, malformed, deviations = time(claim, name, value)
    assert (seconds, malformed) == (None, (claim,))
    assert set(deviations) <= {Deviation.TIME_FLOAT, Deviation.TIME_MILLISECONDS}


@pytest.mark.parametrize(("claim", "name"), TIMES)
@pytest.mark.parametrize(
    ("value", "seconds"), [(1.0, 1), (1.9, 1), (0.0, 0), (-0.0, 0), (1798761600.75, 1_798_761_600)]
)
def test_a_float_is_rounded_down_and_noted(claim: int, name: str, value: float, seconds: int) -> None:
    assert time(claim, name, value) == (seconds, (), (Deviation.TIME_FLOAT,))
    assert type(time(claim, name, value)[0]) is int


@pytest.mark.parametrize("width", ["f9", "fa", "fb"])
def test_a_float_of_any_width_is_read(width: str) -> None:
    number = {"f9": "6400", "fa": "44800000", "fb": "4090000000000000"}[width]
    claims = decode_claims(b"\xa1\x06" + bytes.fromhex(width + number))
    assert (claims.issued, claims.deviations) == (1024, (Deviation.TIME_FLOAT,))


@pytest.mark.parametrize(("claim", "name"), TIMES)
def test_milliseconds_are_read_and_noted(claim: int, name: str) -> None:
    seconds = 1_798_761_600
    assert time(claim, name, seconds * 1000 + 999) == (seconds, (), (Deviation.TIME_MILLISECONDS,))
    noted = (Deviation.TIME_FLOAT, Deviation.TIME_MILLISECONDS)
    assert time(claim, name, float(seconds * 1000)) == (seconds, (), noted)
    assert time(claim, name, 10**11 + 1) == (10**8, (), (Deviation.TIME_MILLISECONDS,))
    assert time(claim, name, END * 1000 - 1) == (END - 1, (), (Deviation.TIME_MILLISECONDS,))


@pytest.mark.parametrize("value", [10**15 + 1, 2**63 - 1, 2**64 - 1, 1e16, 1e300])
def test_an_expiry_without_end_is_none_and_noted(value: float) -> None:
    claims = decode({EXP: value})
    assert (claims.expires, claims.malformed_times) == (None, ())
    assert Deviation.TIME_ENDLESS in claims.deviations


@pytest.mark.parametrize("claim", [IAT, NBF])
@pytest.mark.parametrize("value", [10**15 + 1, 2**64 - 1, 1e300])
def test_only_an_expiry_can_be_without_end(claim: int, value: float) -> None:
    assert decode({claim: value}).malformed_times == (claim,)


def test_every_malformed_time_is_named() -> None:
    assert decode({IAT: math.nan, NBF: "x", EXP: -1}).malformed_times == (IAT, NBF, EXP)


def test_keys_that_are_numbers_as_text_are_numbers() -> None:
    claims = decode({"1": "XA", "4": 2, "6": 1, "-260": {"1": {"ver": "1.3.0"}}})
    assert (claims.issuer, claims.issued, claims.expires) == ("XA", 1, 2)
    assert claims.hcert == {1: {"ver": "1.3.0"}}
    assert claims.root.keys() == {1, 4, 6, -260}
    assert claims.deviations == (Deviation.CLAIM_KEY_TEXT,)


def test_only_the_keys_of_subclaims_are_text() -> None:
    claims = decode({HCERT: {"-6": {"1": 1}, "x": 2}})
    assert claims.hcert == {-6: {"1": 1}, "x": 2}
    assert claims.deviations == (Deviation.CLAIM_KEY_TEXT,)


@pytest.mark.parametrize(
    "key", ["", "0", "01", "+1", " 1", "1 ", "1\n", "1.0", "1e1", "--1", "-0", "٣", "１", "1234567", "iss"]
)
def test_other_text_keys_stay_text(key: str) -> None:
    claims = decode({key: "x"})
    assert dict(claims.root) == {key: "x"}
    assert claims.deviations == ()


@pytest.mark.parametrize("twice", [{1: "XA", "1": "XA"}, {"4": 1, 4: 1}, {-260: {}, "-260": {}}])
def test_a_claim_by_number_and_by_text_is_there_twice(twice: Any) -> None:
    assert refused(twice) == (Stage.CWT, Reason.CWT_CLAIM_TWICE)


def test_a_subclaim_by_number_and_by_text_is_there_twice() -> None:
    assert refused({HCERT: {1: {}, "1": {}}}) == (Stage.CWT, Reason.CWT_CLAIM_TWICE)


@pytest.mark.parametrize(
    "claims", [{True: "XA"}, {4.0: 1}, {-260.0: {}}, {b"1": 1}, {None: 1}, {(1,): 1}, {"x": 1, 1.0: 2}]
)
def test_claim_keys_are_integers_or_text(claims: Any) -> None:
    """In Python `True` and `1.0` are found under 1; other readers would not find them."""
    assert refused(claims) == (Stage.CWT, Reason.CBOR_TYPE)
    assert refused({HCERT: claims}) == (Stage.CWT, Reason.CBOR_TYPE)


@pytest.mark.parametrize("issuer", [1, b"XA", ["XA"], {}, True, 1.5, cbor2.undefined])
def test_an_issuer_that_is_no_text_is_refused(issuer: Any) -> None:
    error = refusal(decode, {ISS: issuer})
    assert facts(error) == (Stage.CWT, Reason.CWT_CLAIM_TYPE, {"claim": ISS})


@pytest.mark.parametrize("issuer", ["", "XA", "CH BAG", "XCL", "\0", "\u202eAX", "x" * 5000])
def test_any_text_is_an_issuer_here(issuer: str) -> None:
    assert decode({ISS: issuer}).issuer == issuer


def test_subclaims_wrapped_in_a_byte_string_are_read_and_noted() -> None:
    claims = decode({HCERT: cbor2.dumps({1: {"ver": "1.3.0"}})})
    assert claims.hcert == {1: {"ver": "1.3.0"}}
    assert claims.deviations == (Deviation.HCERT_WRAPPED,)


@pytest.mark.parametrize(
    ("wrapped", "reason"),
    [
        (b"", Reason.CBOR_TRUNCATED),
        (b"\xa1", Reason.CBOR_TRUNCATED),
        (b"\xa0\0", Reason.CBOR_TRAILING),
        (b"\xbf\xff", Reason.CBOR_INDEFINITE),
        (b"\xa2\0\0\0\0", Reason.CBOR_DUPLICATE_KEY),
        (b"\xc1\xa0", Reason.CBOR_TAG),
        (b"\xa1\0" + b"\x81" * 16 + b"\0", Reason.CBOR_TOO_DEEP),
        (b"\x41\xa0", Reason.CWT_CLAIM_TYPE),
        (b"\x80", Reason.CWT_CLAIM_TYPE),
        (b"\xa1\xf5\0", Reason.CBOR_TYPE),
    ],
)
def test_wrapped_subclaims_are_as_strict_as_the_payload(wrapped: bytes, reason: Reason) -> None:
    assert refused({HCERT: wrapped}) == (Stage.CWT, reason)


@pytest.mark.parametrize("hcert", [None, "", "HC1:", 1, [], [{}], True, 1.5, cbor2.undefined])
def test_subclaims_that_are_no_map_are_refused(hcert: Any) -> None:
    error = refusal(decode, {HCERT: hcert})
    assert facts(error) == (Stage.CWT, Reason.CWT_CLAIM_TYPE, {"claim": HCERT})


@pytest.mark.parametrize("root", [[], "text", b"", b"\xa0", 1, -1, 1.5, None, True, [{}], cbor2.undefined])
def test_a_payload_that_is_no_map_is_refused(root: Any) -> None:
    assert refused(root) == (Stage.CWT, Reason.CWT_NOT_A_MAP)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.CBOR_TRUNCATED),
        (b"\xa1\x01", Reason.CBOR_TRUNCATED),
        (b"\xa0\xa0", Reason.CBOR_TRAILING),
        (b"\xa2\x01\x61a\x01\x61b", Reason.CBOR_DUPLICATE_KEY),
        (b"\xbf\x01\x61a\xff", Reason.CBOR_INDEFINITE),
        (b"\xa1\x06\xc1\x00", Reason.CBOR_TAG),
        (b"\xa1\x04\xc2\x58\x20" + b"\xff" * 32, Reason.CBOR_TAG),
        (b"\xd8\x3d\xa0", Reason.CBOR_TAG),
        (b"\xa1\x01\x61\xff", Reason.CBOR_TEXT),
        (b"\xa1\x01" + b"\x81" * 16 + b"\0", Reason.CBOR_TOO_DEEP),
        (bytes(16_385), Reason.CBOR_TOO_LARGE),
    ],
)
def test_a_payload_is_read_strictly(payload: bytes, reason: Reason) -> None:
    assert why(refusal(decode_claims, payload)) == (Stage.CWT, reason)


def test_deviations_of_the_payload_are_noted_once() -> None:
    claims = decode_claims(b"\xa2\x18\x06\x18\x01\x18\x04\xfb\x40\x90\0\0\0\0\0\0")
    assert (claims.issued, claims.expires) == (1, 1024)
    assert claims.deviations == (Deviation.CBOR_LONG_FORM, Deviation.TIME_FLOAT)


def test_limits_are_those_of_the_caller() -> None:
    payload = cbor2.dumps(GOOD)
    assert why(refusal(decode_claims, payload, Limits(cbor_bytes=10))) == (Stage.CWT, Reason.CBOR_TOO_LARGE)
    assert why(refusal(decode_claims, payload, Limits(cbor_depth=2))) == (Stage.CWT, Reason.CBOR_TOO_DEEP)


def test_claims_without_a_meaning_here_are_kept() -> None:
    assert decode({CTI: b"id", 100: [1], "x": None}).root == {CTI: b"id", 100: [1], "x": None}
