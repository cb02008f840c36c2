"""`HC1:` texts: prefixes, the space around and inside, and each layer refusing at its own stage."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import base45, cose, cwt, deflate, hcert
from credential.wire.algorithms import Algorithm
from tests.credential.wire.cbor_values import VALUES
from tests.credential.wire.refusal import facts, refusal, why

KEY_ID = bytes(range(8))
HEADER = cose.protected_header(Algorithm.ES256, KEY_ID)
PAYLOAD = cwt.encode_claims(issuer="XA", issued=1_798_761_600, expires=1_830_297_600, hcert={1: {"ver": "1.3.0"}})
COSE = cose.encode_sign1(HEADER, PAYLOAD, bytes(64))
TEXT = hcert.encode(COSE)
BODY = TEXT.removeprefix("HC1:")


def wrap(content: bytes) -> str:
    """Any bytes as a text whose outer layers are good."""
    return "HC1:" + base45.encode(zlib.compress(content))


def test_a_text_is_read_whole() -> None:
    message = hcert.decode(TEXT)
    assert message.sign1 == cose.decode_sign1(COSE)
    assert message.claims == cwt.decode_claims(PAYLOAD)
    assert message.deviations == ()
    assert message.cose_bytes == len(COSE)
    assert message.compressed_bytes == len(base45.decode(BODY))


def test_a_text_fits_the_alphanumeric_mode_of_a_qr_code() -> None:
    assert set(TEXT) <= set(base45.ALPHABET)


@given(
    st.binary(max_size=70),
    st.binary(max_size=100),
    st.integers(0, 2**33 - 1),
    st.dictionaries(st.integers(-10, 10), VALUES, max_size=2),
)
def test_what_is_encoded_comes_back(kid: bytes, signature: bytes, issued: int, subclaims: dict[int, object]) -> None:
    kid = kid[: DEFAULT_LIMITS.kid_bytes]
    header = cose.protected_header(Algorithm.PS256, kid)
    payload = cwt.encode_claims(issuer=None, issued=issued, expires=None, hcert=subclaims)
    message = hcert.decode(hcert.encode(cose.encode_sign1(header, payload, signature)))
    assert (message.sign1.protected, message.sign1.payload, message.sign1.signature) == (header, payload, signature)
    assert (message.sign1.algorithm, message.sign1.kid) == (Algorithm.PS256, kid)
    assert (message.claims.issued, message.claims.hcert) == (issued, subclaims)


@given(st.binary(max_size=1000))
def test_any_bytes_can_be_wrapped_and_unwrapped(content: bytes) -> None:
    text = hcert.encode(content)
    assert hcert.unwrap(text) == (content, len(base45.decode(text[4:])), ())


@pytest.mark.parametrize("level", range(10))
def test_every_level_of_compression_is_read(level: int) -> None:
    assert hcert.decode("HC1:" + base45.encode(zlib.compress(COSE, level))).sign1.payload == PAYLOAD


@pytest.mark.parametrize("prefix", ["HC2:", "HC9:", "HCA:", "HCZ:"])
def test_a_later_context_is_told_apart(prefix: str) -> None:
    assert why(refusal(hcert.decode, prefix + BODY)) == (Stage.PREFIX, Reason.CONTEXT_UNSUPPORTED)


@pytest.mark.parametrize(
    "prefix",
    [
        *("", "HL0:", "HL1:", "HC0:", "HC:", "HC1", "HC1;", "HC12:", "HC1 :", "H C1:", "hc1:", "Hc1:", "HCa:", "HC::"),
        *("NO1:", "DK3:", "AT1:", "NL2:", "SHC:/", "shc:/", "XHC1:", "\0HC1:", "\ufeffHC1:", "\xa0HC1:", "НС1:", "1:"),
    ],
)
def test_any_other_beginning_is_refused(prefix: str) -> None:
    assert facts(refusal(hcert.decode, prefix + BODY)) == (Stage.PREFIX, Reason.PREFIX_UNKNOWN, {})


@pytest.mark.parametrize("text", ["", " ", "\n", "\0", "H", "HC1", "https://example.org/HC1:", "\ud800", "💉"])
def test_a_text_of_something_else_is_refused(text: str) -> None:
    assert why(refusal(hcert.decode, text)) == (Stage.PREFIX, Reason.PREFIX_UNKNOWN)


@pytest.mark.parametrize("text", ["HC1:", "HC1: ", " HC1:\n"])
def test_a_prefix_alone_has_nothing_to_inflate(text: str) -> None:
    assert why(refusal(hcert.decode, text)) == (Stage.INFLATE, Reason.NOT_DEFLATED)


@pytest.mark.parametrize(
    ("before", "after"), [(" ", ""), ("", " "), ("", "\n"), ("", "\r\n"), ("\t", ""), (" \n\t ", "\r\n \n"), ("", "\t")]
)
def test_space_around_a_text_is_cut_off_and_noted(before: str, after: str) -> None:
    message = hcert.decode(before + TEXT + after)
    assert message.sign1.payload == PAYLOAD
    assert message.deviations == (Deviation.SURROUNDING_SPACE,)


def test_one_space_after_the_prefix_is_left_out_and_noted() -> None:
    assert hcert.decode("HC1: " + BODY).deviations == (Deviation.SPACE_AFTER_PREFIX,)
    both = (Deviation.SURROUNDING_SPACE, Deviation.SPACE_AFTER_PREFIX)
    assert hcert.decode(" HC1: " + BODY + " ").deviations == both


@pytest.mark.parametrize("space", ["  ", "\n", "\t", "\r\n", "\xa0", "\u2003", " \n"])
def test_other_space_after_the_prefix_is_not_left_out(space: str) -> None:
    assert refusal(hcert.decode, "HC1:" + space + BODY).stage in {Stage.BASE45, Stage.INFLATE}


@pytest.mark.parametrize("space", ["\n", "\r\n", "\t", "\0", "\xa0", "\v", "\u2028"])
def test_white_space_inside_is_no_base45(space: str) -> None:
    error = refusal(hcert.decode, TEXT[:100] + space + TEXT[100:])
    assert facts(error) == (Stage.BASE45, Reason.BASE45_CHARACTER, {"position": 96})


@pytest.mark.parametrize("space", ["\v", "\f", "\xa0", "\u2003", "\u200b", "\ufeff", "\0"])
def test_space_that_no_scanner_adds_is_not_cut_off(space: str) -> None:
    assert why(refusal(hcert.decode, space + TEXT)) == (Stage.PREFIX, Reason.PREFIX_UNKNOWN)
    assert why(refusal(hcert.decode, TEXT + space)) == (Stage.BASE45, Reason.BASE45_CHARACTER)


def test_no_zlib_header_begins_with_a_space() -> None:
    """That is why a space after the prefix cannot be data (RFC 1950 §2.2, windows up to 32 KiB)."""
    headers = [cmf << 8 | flags for cmf in range(0x08, 0x80, 0x10) for flags in range(256)]
    assert not [value for value in headers if value % 31 == 0 and value % 45 == base45.ALPHABET.index(" ")]


def test_no_base45_ends_in_a_space() -> None:
    """That is why space at the end cannot be data."""
    space = base45.ALPHABET.index(" ")
    assert space * 45 > 0xFF
    assert space * 45 * 45 > 0xFFFF


def test_spaces_inside_are_data_single_and_double() -> None:
    """Issuers and scanners that fold spaces break the text; those that keep them do not."""
    seen = set()
    for number in range(3000):
        content = cose.encode_sign1(HEADER, PAYLOAD, number.to_bytes(2, "big") * 32)
        text = hcert.encode(content)
        for spaces in (" ", "  "):
            if spaces in text.strip():
                seen.add(spaces)
                assert hcert.unwrap(text)[0] == content
        if "  " in text:
            assert outcome(text.replace("  ", " ")) != content
        if len(seen) == 2:
            return
    pytest.fail("no text with two spaces in a row was made")


def outcome(text: str) -> bytes | None:
    try:
        return hcert.unwrap(text)[0]
    except DecodeError:
        return None


def test_a_text_beyond_the_limit_is_refused_before_it_is_read() -> None:
    limit = DEFAULT_LIMITS.text_chars
    for text in ("HC1:" + "0" * 20_000, "x" * (limit + 1), " " * 20_000 + TEXT, TEXT + "\n" * limit, "😀" * 20_000):
        assert facts(refusal(hcert.decode, text)) == (Stage.PREFIX, Reason.TEXT_TOO_LONG, {"limit": limit})


def test_a_text_may_fill_the_limit_exactly() -> None:
    text = TEXT + " " * (DEFAULT_LIMITS.text_chars - len(TEXT))
    assert hcert.decode(text).sign1.payload == PAYLOAD
    assert refusal(hcert.decode, text + " ").reason is Reason.TEXT_TOO_LONG
    assert hcert.decode(TEXT, Limits(text_chars=len(TEXT))).sign1.payload == PAYLOAD


@pytest.mark.parametrize(
    ("text", "stage", "reason"),
    [
        (TEXT.lower(), Stage.PREFIX, Reason.PREFIX_UNKNOWN),
        ("HC1:" + BODY.lower(), Stage.BASE45, Reason.BASE45_CHARACTER),
        ("HC1:GGW", Stage.BASE45, Reason.BASE45_OVERFLOW),
        ("HC1:" + BODY[: 3 * (len(BODY) // 3)] + "0", Stage.BASE45, Reason.BASE45_LENGTH),
        ("HC1:" + base45.encode(COSE), Stage.INFLATE, Reason.NOT_DEFLATED),
        ("HC1:" + base45.encode(deflate.deflate(COSE)[:-1]), Stage.INFLATE, Reason.DEFLATE_TRUNCATED),
        ("HC1:" + base45.encode(deflate.deflate(COSE) + b"\0"), Stage.INFLATE, Reason.DEFLATE_TRAILING),
        (wrap(bytes(1 << 20)), Stage.INFLATE, Reason.INFLATED_TOO_LARGE),
        (wrap(b""), Stage.COSE, Reason.CBOR_TRUNCATED),
        (wrap(PAYLOAD), Stage.COSE, Reason.COSE_STRUCTURE),
        (wrap(COSE + b"\0"), Stage.COSE, Reason.CBOR_TRAILING),
        (wrap(b"\xd8\x62" + COSE), Stage.COSE, Reason.COSE_TAG),
        (wrap(bytes(60_000)), Stage.COSE, Reason.CBOR_TOO_LARGE),
        (wrap(cose.encode_sign1(b"\xa1\x01\x61x", PAYLOAD, b"")), Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED),
        (wrap(cose.encode_sign1(HEADER, b"", b"")), Stage.CWT, Reason.CBOR_TRUNCATED),
        (wrap(cose.encode_sign1(HEADER, b"\x80", b"")), Stage.CWT, Reason.CWT_NOT_A_MAP),
        (wrap(cose.encode_sign1(HEADER, PAYLOAD + b"\0", b"")), Stage.CWT, Reason.CBOR_TRAILING),
    ],
)
def test_each_layer_refuses_at_its_own_stage(text: str, stage: Stage, reason: Reason) -> None:
    assert why(refusal(hcert.decode, text)) == (stage, reason)


def test_deviations_of_all_layers_come_outermost_first() -> None:
    content = cose.encode_sign1(b"", b"\xa1\x06\xf9\x64\x00", b"")[1:]
    assert hcert.decode(" " + wrap(content)).deviations == (
        Deviation.SURROUNDING_SPACE,
        Deviation.COSE_UNTAGGED,
        Deviation.PROTECTED_HEADER_EMPTY,
        Deviation.TIME_FLOAT,
    )


def test_deviations_can_be_asked_for_whatever_the_limits_were() -> None:
    wide = Limits(text_chars=200_000, cbor_bytes=200_000, cbor_depth=40)
    long = cwt.encode_claims(issuer="XA", issued=1, expires=None, hcert={1: bytes(40_000)})
    deep = b"\xa1\x18\x64" + b"\x81" * 30 + b"\x18\x01"
    for payload, noted in ((long, ()), (deep, (Deviation.CBOR_LONG_FORM,))):
        text = hcert.encode(cose.encode_sign1(HEADER, payload, bytes(64)))
        assert hcert.decode(text, wide).deviations == noted
        assert refusal(hcert.decode, text).reason in {Reason.CBOR_TOO_LARGE, Reason.CBOR_TOO_DEEP}
