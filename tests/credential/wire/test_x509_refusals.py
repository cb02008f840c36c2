"""What is no certificate is refused, and nothing but this family of errors leaves the readers."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, Reason, Stage
from credential.limits import Limits
from credential.wire.x509 import (
    Issuance,
    check_issued,
    read_certificate,
    read_public_key,
    split_certificates,
)
from tests.credential.wire.der_parts import (
    AUTHORITY_KEY,
    BASIC,
    EXTENDED,
    KEY_USAGE,
    SUBJECT_KEY,
    Parts,
    extension,
    generalized,
    integer,
    oid,
    sequence,
    tlv,
    utc,
)
from tests.credential.wire.refusal import refusal

FALSE, TRUE = tlv(0x01, b"\x00"), tlv(0x01, b"\xff")


class TestRefusals:
    """What every certificate must have, and no certificate may be."""

    def test_more_bytes_than_the_limit_are_not_looked_at(self) -> None:
        error = refusal(read_certificate, b"\x30" * 101, Limits(certificate_bytes=100))
        assert (error.stage, error.reason) == (Stage.CERTIFICATE, Reason.CERTIFICATE_TOO_LARGE)
        assert error.detail == {"limit": 100}

    @pytest.mark.parametrize(
        "der",
        [
            b"",
            b"\x30",
            b"\x30\x80\x00\x00",
            b"\x30\x81\x05abcde",
            b"\x30\x85\x00\x00\x00\x00\x01a",
            b"\x30\x82\x00",
            b"\x1f\x01\x00",
            b"\x31\x00",
            b"\x30\x00",
            sequence(sequence(), sequence(), tlv(0x03, b"\0")),
            b"not a certificate",
        ],
    )
    def test_what_is_no_certificate_is_malformed(self, der: bytes) -> None:
        assert refusal(read_certificate, der).reason is Reason.CERTIFICATE_MALFORMED

    @pytest.mark.parametrize(
        "parts",
        [
            Parts(serial=tlv(0x02)),
            Parts(serial=tlv(0x02, b"\x01" * 3000)),
            Parts(serial=tlv(0x04, b"\x01")),
            Parts(version=tlv(0xA0, integer(2), integer(2))),
            Parts(algorithm=sequence()),
            Parts(algorithm=sequence(integer(1))),
            Parts(subject=sequence(sequence())),
            Parts(subject=sequence(tlv(0x31, sequence(oid("2.5.4.6"))))),
            Parts(key=sequence()),
            Parts(key=sequence(sequence(), tlv(0x03, b"\0"))),
            Parts(key=sequence(sequence(oid("1.2.840.113549.1.1.1")), tlv(0x03, b"\0", sequence(integer(3))))),
        ],
    )
    def test_a_field_that_cannot_be_read_is_malformed(self, parts: Parts) -> None:
        assert refusal(read_certificate, parts.der()).reason is Reason.CERTIFICATE_MALFORMED

    @pytest.mark.parametrize("tail", [b"\0", b"\x05\x00"])
    def test_bytes_after_the_certificate_are_refused(self, tail: bytes) -> None:
        assert refusal(read_certificate, Parts().der() + tail).detail["what"] == "trailing"

    @pytest.mark.parametrize(
        "validity",
        [
            sequence(),
            sequence(utc("260101000000Z")),
            sequence(utc("261301000000Z"), utc("280101000000Z")),
            sequence(utc("260230000000Z"), utc("280101000000Z")),
            sequence(utc("260101000060Z"), utc("280101000000Z")),
            sequence(utc("260101000000+0100"), utc("280101000000Z")),
            sequence(utc("２６0101000000Z"), utc("280101000000Z")),
            sequence(generalized("20260101000000.5Z"), utc("280101000000Z")),
            sequence(generalized("00000101000000Z"), utc("280101000000Z")),
            sequence(tlv(0x0C, b"260101000000Z"), utc("280101000000Z")),
        ],
    )
    def test_dates_that_are_none_are_refused(self, validity: bytes) -> None:
        assert refusal(read_certificate, Parts(validity=validity).der()).reason is Reason.CERTIFICATE_DATES

    def test_fields_after_the_extensions_are_passed_over(self) -> None:
        assert read_certificate(Parts(after_extensions=tlv(0x04, b"x")).der()).problems == ()


GOOD = Parts(
    extensions=[
        extension(BASIC, sequence(TRUE, integer(0)), critical=True),
        extension(KEY_USAGE, tlv(0x03, b"\x02\x04")),
        extension(EXTENDED, sequence(oid("1.3.6.1.4.1.1847.2021.1.1"))),
        extension(SUBJECT_KEY, tlv(0x04, b"mine")),
        extension(AUTHORITY_KEY, sequence(tlv(0x80, b"theirs"))),
    ]
).der()


class TestAnyBytes:
    """Nothing but this family of errors leaves the reader, whatever comes in."""

    @given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
    def test_changed_certificates(self, changes: list[tuple[int, int]]) -> None:
        data = bytearray(GOOD)
        for at, value in changes:
            data[at] = value
        self.read(bytes(data))

    @given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.binary(max_size=20))
    def test_cut_and_filled_certificates(self, start: int, end: int, filling: bytes) -> None:
        self.read(GOOD[:start] + filling + GOOD[end:])

    @given(st.binary(max_size=200))
    def test_noise(self, data: bytes) -> None:
        self.read(data)
        self.read(sequence(data))

    def read(self, data: bytes) -> None:
        """Everything that reads a certificate; what is refused is refused with an error of the family."""
        assert check_issued(data, GOOD) in Issuance
        assert check_issued(GOOD, data) in Issuance
        for reader in (read_certificate, read_public_key, split_certificates):
            with suppress(DecodeError):
                assert reader(data) is not None
