"""COSE_Sign1: shapes, tags and headers that are read, noted or refused."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Deviation, Reason, Stage
from credential.limits import Limits
from credential.wire import cbor, cose
from credential.wire.algorithms import Algorithm
from credential.wire.cose import ALG, CRIT, KID, Sign1, decode_sign1
from tests.credential.wire.refusal import facts, refusal, why

KEY_ID = bytes(range(8))
PAYLOAD = cbor2.dumps({1: "XA"})
SIGNATURE = bytes(range(64))
PROTECTED = {ALG: -7, KID: KEY_ID}


def members(protected: Any = PROTECTED, unprotected: Any = None, payload: Any = PAYLOAD) -> list[Any]:
    """The four members of a COSE_Sign1; a map as `protected` is written into its byte string."""
    bucket = cbor2.dumps(protected) if isinstance(protected, dict) else protected
    return [bucket, {} if unprotected is None else unprotected, payload, SIGNATURE]


def tagged(*tags: int, item: Any = None) -> bytes:
    """An item, by default a good array, within `tags`, the outermost first."""
    value = members() if item is None else item
    for tag in reversed(tags):
        value = cbor2.CBORTag(tag, value)
    return cbor2.dumps(value)


def decode(protected: Any = PROTECTED, unprotected: Any = None) -> Sign1:
    return decode_sign1(tagged(18, item=members(protected, unprotected)))


def refused(protected: Any = PROTECTED, unprotected: Any = None) -> tuple[Stage, object]:
    return why(refusal(decode, protected, unprotected))


def test_what_is_encoded_is_read_whole() -> None:
    for algorithm in Algorithm:
        header = cose.protected_header(algorithm, KEY_ID)
        data = cose.encode_sign1(header, PAYLOAD, SIGNATURE)
        assert decode_sign1(data) == Sign1(header, {}, PAYLOAD, SIGNATURE, algorithm, KEY_ID, data[1:], ())
        assert decode_sign1(data).deviations == ()
        assert data == tagged(18, item=[header, {}, PAYLOAD, SIGNATURE])


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_any_three_byte_strings_come_back(header: bytes, payload: bytes, signature: bytes) -> None:
    data = cose.encode_sign1(header, payload, signature)
    assert data[0] == 0xD2
    assert cbor2.loads(data[1:]) == [header, {}, payload, signature]


@pytest.mark.parametrize("header", [0, 1, 23, 24, 64, 65, 255, 256])
@pytest.mark.parametrize("payload", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
def test_what_is_signed_is_what_cbor2_writes(header: int, payload: int) -> None:
    structure = ["Signature1", b"\x01" * header, b"", b"\x02" * payload]
    assert cose.to_be_signed(b"\x01" * header, b"\x02" * payload) == cbor2.dumps(structure)


def test_the_bytes_that_came_are_what_is_signed() -> None:
    """Not what they mean: a header in another order or with long forms is signed as it is."""
    for header in (b"\xa2\x04\x48" + KEY_ID + b"\x01\x26", b"\xb8\x02\x18\x01\x26\x04\x58\x08" + KEY_ID):
        sign1 = decode(header)
        assert (sign1.algorithm, sign1.kid, sign1.protected) == (-7, KEY_ID, header)
        assert sign1.to_be_signed() == cbor2.dumps(["Signature1", header, b"", PAYLOAD])


@pytest.mark.parametrize(
    ("tags", "deviations"), [((18,), ()), ((), (Deviation.COSE_UNTAGGED,)), ((61, 18), (Deviation.CWT_TAG,))]
)
def test_three_taggings_are_read(tags: tuple[int, ...], deviations: tuple[Deviation, ...]) -> None:
    sign1 = decode_sign1(tagged(*tags))
    assert sign1.deviations == deviations
    assert (sign1.kid, sign1.payload, sign1.signature) == (KEY_ID, PAYLOAD, SIGNATURE)


@pytest.mark.parametrize(
    "tags",
    [
        *((61,), (98,), (998,), (16,), (17,), (96,), (97,), (19,), (0,), (24,), (55799,), (2**32,), (2**64 - 1,)),
        *((18, 18), (18, 61), (61, 61), (61, 98), (98, 18), (61, 18, 18), (61, 61, 18), (55799, 18), (61, 18, 61)),
        *((18,) * 4, (61, 18) * 2, (18,) * 17, (61,) * 30, (18,) * 5000),
    ],
)
def test_every_other_tagging_is_refused_by_its_outermost_tag(tags: tuple[int, ...]) -> None:
    data = b"".join(cbor2.dumps(cbor2.CBORTag(tag, 0))[:-1] for tag in tags) + cbor2.dumps(members())
    assert facts(refusal(decode_sign1, data)) == (Stage.COSE, Reason.COSE_TAG, {"tag": tags[0]})


@pytest.mark.parametrize("heads", ["d812", "d90012", "db0000000000000012", "d9003dd2", "d83dd812"])
def test_tags_in_long_form_are_read_and_noted(heads: str) -> None:
    sign1 = decode_sign1(bytes.fromhex(heads) + cbor2.dumps(members()))
    assert Deviation.CBOR_LONG_FORM in sign1.deviations
    assert sign1.kid == KEY_ID


def test_a_deviation_is_noted_once_wherever_it_is() -> None:
    header = b"\xa2\x18\x01\x26\x04\x58\x08" + KEY_ID
    data = b"\xd8\x12\x98\x04" + cbor.byte_string(header) + b"\xa0\x58\x01\0\x58\x01\0"
    assert decode_sign1(data).deviations == (Deviation.CBOR_LONG_FORM,)


def test_a_message_cut_anywhere_is_refused() -> None:
    data = tagged(61, 18)
    for length in range(len(data)):
        reason = Reason.COSE_TAG if length == 2 else Reason.CBOR_TRUNCATED  # tag 61 and nothing else
        assert why(refusal(decode_sign1, data[:length])) == (Stage.COSE, reason)


def test_what_follows_a_message_is_refused() -> None:
    error = refusal(decode_sign1, tagged(18) + b"\0\0")
    assert facts(error) == (Stage.COSE, Reason.CBOR_TRAILING, {"trailing": 2})


@pytest.mark.parametrize(
    "item",
    [
        *({}, {1: 2}, "text", b"bytes", 0, False, 1.5, cbor2.undefined, [], [[]]),
        *(members()[:3], [*members(), b""], [*members(), None], members()[1:]),
        *(members(protected=None), members(protected="text"), members(protected=[]), members(protected=0)),
        [PROTECTED, {}, PAYLOAD, SIGNATURE],
        *(members(unprotected=[]), members(unprotected=b""), members(unprotected=b"\xa0"), members(unprotected=0)),
        *(members(payload="text"), members(payload={}), members(payload=cbor2.undefined), members(payload=0)),
        *([*members()[:3], "text"], [*members()[:3], None], [*members()[:3], []], [*members()[:3], 0]),
    ],
)
def test_another_shape_is_refused(item: Any) -> None:
    assert facts(refusal(decode_sign1, tagged(18, item=item))) == (Stage.COSE, Reason.COSE_STRUCTURE, {})


def test_a_detached_payload_is_refused() -> None:
    data = tagged(18, item=[cbor2.dumps(PROTECTED), {}, None, SIGNATURE])
    assert why(refusal(decode_sign1, data)) == (Stage.COSE, Reason.COSE_DETACHED)


@pytest.mark.parametrize("header", [b"\x80", b"\x01", b"\x61a", b"\xf6", b"\x41\xa0", b"\xf5"])
def test_a_protected_header_that_is_no_map_is_refused(header: bytes) -> None:
    assert refused(header) == (Stage.COSE, Reason.COSE_STRUCTURE)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"\xa2\x01\x26\x01\x26", Reason.CBOR_DUPLICATE_KEY),
        (b"\xa2\x01\x26\x18\x01\x26", Reason.CBOR_DUPLICATE_KEY),
        (b"\xbf\x01\x26\xff", Reason.CBOR_INDEFINITE),
        (b"\xa1\x01", Reason.CBOR_TRUNCATED),
        (b"\xa1\x01\x26\x00", Reason.CBOR_TRAILING),
        (b"\xd2\xa1\x01\x26", Reason.CBOR_TAG),
        (b"\xa1\x01\xc2\x41\x07", Reason.CBOR_TAG),
        (b"\xa1\x01" + b"\x81" * 16 + b"\0", Reason.CBOR_TOO_DEEP),
        (b"\xa1\x61\xff\x00", Reason.CBOR_TEXT),
        (b"\xa1\xf5\x26", Reason.CBOR_TYPE),
        (b"\xa1\xf9\x3c\x00\x26", Reason.CBOR_TYPE),
        (b"\xa1\x41\x01\x26", Reason.CBOR_TYPE),
        (b"\xa1\x80\x26", Reason.CBOR_TYPE),
    ],
)
def test_a_protected_header_is_as_strict_as_the_message(header: bytes, reason: Reason) -> None:
    for _ in range(2):  # no refusal is remembered as success
        assert refused(header) == (Stage.COSE, reason)
    assert refused(header, {33: b""}) == (Stage.COSE, reason)  # with more headers, nothing is remembered


@pytest.mark.parametrize("key", [True, 1.0, b"kid", None])
def test_labels_of_the_unprotected_header_are_integers_or_text(key: Any) -> None:
    assert refused(unprotected={key: -7}) == (Stage.COSE, Reason.CBOR_TYPE)


@pytest.mark.parametrize("critical", [[], [1], [4], ["x"], [-65537], None, 0])
def test_a_critical_header_is_refused_wherever_it_is(critical: Any) -> None:
    assert refused({**PROTECTED, CRIT: critical}) == (Stage.COSE, Reason.COSE_CRITICAL_HEADER)
    assert refused(unprotected={CRIT: critical}) == (Stage.COSE, Reason.COSE_CRITICAL_HEADER)


def test_headers_of_other_meaning_are_passed_over() -> None:
    sign1 = decode({**PROTECTED, 3: 61, "text": [1, {2: 3}]}, {33: [b"der"], 35: "https://example", -65537: None})
    assert (sign1.algorithm, sign1.kid, sign1.deviations) == (-7, KEY_ID, ())
    assert sign1.unprotected == {33: [b"der"], 35: "https://example", -65537: None}


@pytest.mark.parametrize(
    ("header", "noted"),
    [(b"", (Deviation.PROTECTED_HEADER_EMPTY,)), (b"\xa0", ()), (b"\xb8\x00", (Deviation.CBOR_LONG_FORM,))],
)
def test_an_empty_protected_header_is_read_and_signed_as_no_bytes(header: bytes, noted: tuple[Deviation, ...]) -> None:
    sign1 = decode(header)
    assert (sign1.algorithm, sign1.kid, sign1.deviations) == (None, None, noted)
    unprotected = decode(header, {ALG: -7, KID: KEY_ID})
    assert (unprotected.algorithm, unprotected.kid) == (-7, KEY_ID)
    assert unprotected.deviations == (*noted, Deviation.ALGORITHM_UNPROTECTED, Deviation.KID_UNPROTECTED)
    signed = b"" if header == b"\xa0" else header  # RFC 9052 §3: both are accepted, §4.4: and signed as one
    assert unprotected.to_be_signed() == cbor2.dumps(["Signature1", signed, b"", PAYLOAD])


@pytest.mark.parametrize("algorithm", [-7, -37, -8, 5, -65535, 0, 2**63])
def test_an_algorithm_is_the_number_that_a_header_says(algorithm: int) -> None:
    assert decode({ALG: algorithm}).algorithm == algorithm
    both = decode({ALG: algorithm}, {ALG: algorithm})
    assert (both.algorithm, both.deviations) == (algorithm, ())
    alone = decode({KID: KEY_ID}, {ALG: algorithm})
    assert (alone.algorithm, alone.deviations) == (algorithm, (Deviation.ALGORITHM_UNPROTECTED,))


def test_an_algorithm_may_be_missing_here() -> None:
    assert decode({KID: KEY_ID}).algorithm is None
    assert decode({ALG: None}).algorithm is None


@pytest.mark.parametrize("algorithm", ["ES256", "none", "", True, False, -7.0, b"\x26", [], {}, cbor2.undefined])
def test_an_algorithm_that_is_no_number_is_refused(algorithm: Any) -> None:
    assert refused({ALG: algorithm}) == (Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED)
    assert refused({}, {ALG: algorithm}) == (Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED)


@pytest.mark.parametrize(("protected", "unprotected"), [(-7, -37), (-37, -7), (None, -7), (-7, None), (-7, "ES256")])
def test_two_different_algorithms_are_refused(protected: Any, unprotected: Any) -> None:
    assert refused({ALG: protected}, {ALG: unprotected}) == (Stage.ALGORITHM, Reason.ALGORITHM_CONFLICT)


def test_the_protected_kid_wins() -> None:
    for other in (KEY_ID, b"another!", "text", None, 7):
        sign1 = decode(PROTECTED, {KID: other})
        assert (sign1.kid, sign1.deviations) == (KEY_ID, (Deviation.KID_IN_BOTH_HEADERS,))


def test_an_unprotected_kid_is_read_and_noted() -> None:
    sign1 = decode({ALG: -7}, {KID: KEY_ID})
    assert (sign1.kid, sign1.deviations) == (KEY_ID, (Deviation.KID_UNPROTECTED,))


@pytest.mark.parametrize(
    ("text", "kid", "deviations"),
    [
        (b64encode(KEY_ID).decode(), KEY_ID, ()),
        (b64encode(b"\xfb" * 8).decode(), b"\xfb" * 8, ()),
        ("AAAA", bytes(3), (Deviation.KID_LENGTH,)),
        ("11", b"11", (Deviation.KID_LENGTH,)),
        ("kid-four", b"kid-four", ()),
        ("", b"", (Deviation.KID_LENGTH,)),
        ("AAECAwQFBgc=\n", b"AAECAwQFBgc=\n", (Deviation.KID_LENGTH,)),
        ("schlüssel", "schlüssel".encode(), (Deviation.KID_LENGTH,)),
    ],
)
def test_a_kid_that_is_text_is_base64_or_itself(text: str, kid: bytes, deviations: tuple[Deviation, ...]) -> None:
    sign1 = decode({ALG: -7, KID: text})
    assert (sign1.kid, sign1.deviations) == (kid, (Deviation.KID_TEXT, *deviations))
    sign1 = decode({ALG: -7}, {KID: text})
    assert (sign1.kid, sign1.deviations) == (kid, (Deviation.KID_UNPROTECTED, Deviation.KID_TEXT, *deviations))


@pytest.mark.parametrize("length", [0, 1, 6, 7, 9, 32, 64])
def test_a_kid_of_another_length_is_read_and_noted(length: int) -> None:
    sign1 = decode({ALG: -7, KID: b"k" * length})
    assert (sign1.kid, sign1.deviations) == (b"k" * length, (Deviation.KID_LENGTH,))


@pytest.mark.parametrize("kid", [b"k" * 65, "-" * 65, "A" * 88, b"k" * 5000, 7, -1, 1.5, True, [KEY_ID], {}])
def test_a_kid_too_long_or_of_another_type_is_refused(kid: Any) -> None:
    for error in (refusal(decode, {ALG: -7, KID: kid}), refusal(decode, {ALG: -7}, {KID: kid})):
        assert facts(error) == (Stage.COSE, Reason.COSE_STRUCTURE, {"header": KID})


def test_a_missing_kid_is_none() -> None:
    for protected, unprotected in (({ALG: -7}, {}), ({ALG: -7, KID: None}, {}), ({ALG: -7}, {KID: None})):
        assert decode(protected, unprotected).kid is None


def test_what_is_remembered_of_a_header_depends_on_the_limits() -> None:
    data = tagged(18, item=members({ALG: -7, KID: b"k" * 20}))
    assert decode_sign1(data).kid == b"k" * 20
    error = refusal(decode_sign1, data, Limits(kid_bytes=8))
    assert why(error) == (Stage.COSE, Reason.COSE_STRUCTURE)
    assert decode_sign1(data).kid == b"k" * 20


def test_a_message_beyond_the_limit_is_refused() -> None:
    data = tagged(18, item=members(payload=bytes(20_000)))
    assert why(refusal(decode_sign1, data)) == (Stage.COSE, Reason.CBOR_TOO_LARGE)
    assert len(decode_sign1(data, Limits(cbor_bytes=len(data))).payload) == 20_000


def test_a_text_label_is_another_label_than_the_number() -> None:
    """Only claims know JSON's habit of writing 1 as "1"."""
    header: dict[int | str, object] = {"1": -37, "4": b"another!", ALG: -7, KID: KEY_ID}
    sign1 = decode(header)
    assert (sign1.algorithm, sign1.kid, sign1.deviations) == (-7, KEY_ID, ())
