"""Who issued whom, by the signature alone."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from credential.errors import Reason
from credential.wire.der import read_only
from credential.wire.x509 import (
    Issuance,
    check_issued,
    issued_by,
    read_certificate,
)
from credential.wire.x509_problem import CertificateProblem as Problem
from tests.credential.wire.der_parts import (
    PRIVATE_KEY,
    Parts,
    integer,
    oid,
    sequence,
    tlv,
)
from tests.credential.wire.refusal import refusal
from tests.pki import make_authority, self_signed


class TestIssuance:
    def test_an_authority_issued_its_signer_and_itself(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        assert issued_by(signer.certificate_der, authority.certificate_der)
        assert issued_by(authority.certificate_der, authority.certificate_der)

    def test_another_authority_of_the_same_name_did_not(self) -> None:
        signer = make_authority().issue_signer()
        assert check_issued(signer.certificate_der, make_authority().certificate_der) is Issuance.FAILS

    def test_a_signer_of_another_kind_of_key_did_not(self) -> None:
        der = Parts().der()
        for key in (rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate()):
            other = self_signed(key)
            assert check_issued(der, other) is Issuance.FAILS
            assert check_issued(other, der) is Issuance.FAILS

    @pytest.mark.parametrize(
        "private",
        [
            rsa.generate_private_key(65537, 2048),
            ec.generate_private_key(ec.SECP384R1()),
            ed25519.Ed25519PrivateKey.generate(),
            ed448.Ed448PrivateKey.generate(),
            dsa.generate_private_key(2048),
        ],
        ids=lambda key: type(key).__name__,
    )
    def test_every_kind_of_signature_is_checked(self, private: CertificateIssuerPrivateKeyTypes) -> None:
        der = self_signed(private)
        assert check_issued(der, der) is Issuance.HOLDS
        forged = bytearray(der)
        forged[-1] ^= 1
        assert check_issued(bytes(forged), der) is not Issuance.HOLDS

    @pytest.mark.parametrize("salt", [0, 20, 32])
    def test_rsa_pss_is_checked_with_its_own_parameters(self, salt: int) -> None:
        private = rsa.generate_private_key(65537, 2048)
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
        der = self_signed(private, scheme)
        assert read_certificate(der).signature_hash == "sha256"
        assert check_issued(der, der) is Issuance.HOLDS

    @pytest.mark.parametrize(
        ("parameters", "digest"),
        [
            (b"", "sha1"),
            (sequence(), "sha1"),
            (sequence(tlv(0xA0, sequence(oid("2.16.840.1.101.3.4.2.3"), tlv(0x05)))), "sha512"),
            (sequence(tlv(0xA0, sequence(oid("1.2.3")))), None),
            (sequence(tlv(0xA1, sequence(oid("1.2.840.113549.1.1.8"), sequence(oid("1.2.3"))))), None),
            (sequence(tlv(0xA2, integer(-1))), None),
            (sequence(tlv(0xA3, integer(1))), "sha1"),
        ],
    )
    def test_rsa_pss_parameters_have_their_defaults(self, parameters: bytes, digest: str | None) -> None:
        der = Parts(algorithm=sequence(oid("1.2.840.113549.1.1.10"), parameters)).der()
        facts = read_certificate(der)
        assert facts.signature_hash == digest
        assert (Problem.SIGNATURE_ALGORITHM_UNKNOWN in facts.problems) is (digest is None)

    @pytest.mark.parametrize(
        "parameters",
        [
            integer(1),
            sequence(tlv(0xA0, sequence())),
            sequence(tlv(0xA1, sequence(oid("1.2.3")))),
            sequence(tlv(0xA2, tlv(0x04))),
        ],
    )
    def test_rsa_pss_parameters_that_are_none_are_malformed(self, parameters: bytes) -> None:
        der = Parts(algorithm=sequence(oid("1.2.840.113549.1.1.10"), parameters)).der()
        assert refusal(read_certificate, der).reason is Reason.CERTIFICATE_MALFORMED
        assert check_issued(der, der) is Issuance.UNKNOWN

    def test_sha1_is_weak_even_when_it_is_right(self) -> None:
        """`cryptography` no longer signs certificates with SHA-1, so this one is signed by hand."""
        parts = Parts(algorithm=sequence(oid("1.2.840.10045.4.1")))
        signed = parts.der()
        body, *_ = split_parts(signed)
        signature = PRIVATE_KEY.sign(body, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - to show that it is refused
        right = sequence(body, parts.algorithm, tlv(0x03, b"\0", signature))
        assert check_issued(right, Parts().der()) is Issuance.WEAK
        assert not issued_by(right, Parts().der())
        assert check_issued(signed, Parts().der()) is Issuance.FAILS

    def test_a_short_rsa_key_is_weak(self) -> None:
        authority = make_authority(key="RSA-1024")
        signer = authority.issue_signer()
        assert check_issued(signer.certificate_der, authority.certificate_der) is Issuance.WEAK

    def test_what_cannot_be_read_is_unknown(self) -> None:
        der = Parts().der()
        assert check_issued(b"", der) is Issuance.UNKNOWN
        assert check_issued(der, b"") is Issuance.UNKNOWN
        keyless = Parts(key=sequence(sequence(oid("1.2.3.4")), tlv(0x03, b"\0abc"))).der()
        assert check_issued(der, keyless) is Issuance.UNKNOWN

    def test_a_signature_of_broken_bytes_fails(self) -> None:
        der = Parts().der()
        parts = sequence(*split_parts(der)[:2], tlv(0x03, b"\x03abc"))
        assert check_issued(parts, der) is Issuance.FAILS


def split_parts(der: bytes) -> tuple[bytes, bytes, bytes]:
    """Body, algorithm and signature of a certificate."""
    body, algorithm, signature = (part.der for part in read_only(der, 0x30).children())
    return body, algorithm, signature
