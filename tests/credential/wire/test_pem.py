"""Certificates in PEM and DER files."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from credential.errors import Reason
from credential.limits import Limits
from credential.wire.x509 import (
    split_certificates,
)
from tests.credential.wire.der_parts import (
    Parts,
)
from tests.credential.wire.refusal import refusal
from tests.pki import make_authority


class TestSplitting:
    """PEM and DER files."""

    def pem(self, der: bytes) -> bytes:
        """The certificate as `cryptography` writes it."""
        return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)

    def test_der_is_given_back(self) -> None:
        der = Parts().der()
        assert split_certificates(der) == (der,)

    def test_pem_with_several_and_text_between_is_split(self) -> None:
        one, two = Parts().der(), make_authority().certificate_der
        text = b"\xef\xbb\xbfsubject: CN=DSC\r\n" + self.pem(one).replace(b"\n", b"\r\n") + b"\n# and\n" + self.pem(two)
        assert split_certificates(text) == (one, two)

    def test_other_blocks_are_passed_over(self) -> None:
        der = Parts().der()
        other = b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"
        assert split_certificates(other + self.pem(der)) == (der,)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", Reason.PEM_EMPTY),
            (b"hello", Reason.PEM_EMPTY),
            (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", Reason.PEM_EMPTY),
            (b"-----BEGIN CERTIFICATE-----\nAAAA", Reason.PEM_MALFORMED),
            (b"-----BEGIN CERTIFICATE-----\nA*AA\n-----END CERTIFICATE-----", Reason.PEM_MALFORMED),
            (b"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----", Reason.PEM_MALFORMED),
            (b"-----BEGIN CERTIFICATE-----\n\xff\xff\n-----END CERTIFICATE-----", Reason.PEM_MALFORMED),
            (b"-----BEGIN CERTIFICATE-----" * 5000, Reason.PEM_MALFORMED),
        ],
    )
    def test_what_holds_no_certificate_says_so(self, data: bytes, reason: Reason) -> None:
        error = refusal(split_certificates, data)
        assert error.reason is reason

    def test_each_certificate_is_bounded(self) -> None:
        for data in (Parts().der(), self.pem(Parts().der())):
            error = refusal(split_certificates, data, Limits(certificate_bytes=100))
            assert error.reason is Reason.CERTIFICATE_TOO_LARGE
