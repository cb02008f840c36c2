"""BER to DER: what comes in several spellings, what stays as it is, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, Reason
from credential.wire.ber import to_der
from credential.wire.der import read_element
from tests.credential.wire.der_parts import integer, oid, sequence, tlv
from tests.credential.wire.refusal import refusal
from tests.pki import make_authority

ELEMENTS = st.recursive(
    st.builds(tlv, st.sampled_from((0x02, 0x04, 0x06, 0x80)), st.binary(max_size=300)),
    lambda parts: st.builds(
        lambda tag, inside: tlv(tag, *inside), st.sampled_from((0x30, 0x31, 0xA0, 0xA3)), st.lists(parts, max_size=4)
    ),
    max_leaves=20,
)


@given(ELEMENTS)
def test_der_comes_out_unchanged(element: bytes) -> None:
    assert to_der(element) == element


def test_a_certificate_comes_out_unchanged() -> None:
    der = make_authority().certificate_der
    assert to_der(der) == der


@pytest.mark.parametrize(
    ("ber", "der"),
    [
        (b"\x30\x80\x02\x01\x05\x00\x00", sequence(integer(5))),
        (b"\x30\x80\x30\x80\x02\x01\x05\x00\x00\x00\x00", sequence(sequence(integer(5)))),
        (b"\x30\x07\x30\x80\x02\x01\x05\x00\x00", sequence(sequence(integer(5)))),
        (b"\x30\x81\x03\x02\x01\x05", sequence(integer(5))),
        (b"\x30\x84\x00\x00\x00\x03\x02\x01\x05", sequence(integer(5))),
        (b"\x04\x88\x00\x00\x00\x00\x00\x00\x00\x01a", tlv(0x04, b"a")),
        (b"\x24\x80\x04\x01a\x04\x02bc\x00\x00", tlv(0x04, b"abc")),
        (b"\x24\x06\x04\x01a\x04\x01b", tlv(0x04, b"ab")),
        (b"\x24\x80\x24\x80\x04\x01a\x00\x00\x04\x01b\x00\x00", tlv(0x04, b"ab")),
        (b"\x24\x80\x00\x00", tlv(0x04)),
        (b"\xa0\x80\x00\x00", tlv(0xA0)),
        (b"\x31\x06\x02\x01\x02\x02\x01\x01", tlv(0x31, integer(2), integer(1))),  # a set keeps its order
    ],
)
def test_one_spelling_of_several(ber: bytes, der: bytes) -> None:
    assert to_der(ber) == der


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "truncated"),
        (b"\x30", "truncated"),
        (b"\x30\x05\x02\x01\x05", "truncated"),
        (b"\x30\x80\x02\x01\x05", "truncated"),
        (b"\x30\x80\x02\x01\x05\x00", "truncated"),
        (b"\x30\x03\x30\x80\x00\x00", "truncated"),  # the end stands outside of what surrounds it
        (b"\x30\x05\x30\x80\x02\x01\x05\x00\x00", "truncated"),
        (b"\x02\x80\x05\x00\x00", "length"),
        (b"\x02\x89" + bytes(9), "length"),
        (b"\x02\x82\x01", "length"),
        (b"\x1f\x81\x01\x00", "tag"),
        (b"\x00\x00", "tag"),
        (b"\x24\x80\x02\x01\x05\x00\x00", "pieces"),
        (b"\x23\x80\x03\x02\x00a\x00\x00", "pieces"),
        (b"\x2c\x80\x0c\x01a\x00\x00", "pieces"),
        (integer(1) + integer(2), "trailing"),
        (b"\x30\x80" * 30 + b"\0\0" * 30, "depth"),
    ],
)
def test_what_no_message_has_is_refused(data: bytes, what: str) -> None:
    error = refusal(to_der, data)
    assert (error.reason, error.detail["what"]) == (Reason.CERTIFICATE_MALFORMED, what)


@given(st.binary(max_size=60))
def test_whatever_comes_out_is_der_that_comes_out_again(data: bytes) -> None:
    try:
        der = to_der(data)
    except DecodeError:
        return
    assert to_der(der) == der
    assert read_element(der, 0, len(der)).end == len(der)


def test_object_identifiers_stay() -> None:
    assert to_der(oid("1.2.840.113549.1.7.2")) == oid("1.2.840.113549.1.7.2")
