"""Certificates: what they say, and that it agrees with `cryptography` wherever that reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from credential.errors import Reason, Stage
from credential.wire.x509 import (
    CertificateFacts,
    kid_of,
    read_certificate,
    read_public_key,
)
from credential.wire.x509_problem import CertificateProblem as Problem
from tests.conftest import Report
from tests.credential.wire.der_parts import (
    Parts,
    generalized,
    integer,
    oid,
    sequence,
    tlv,
    utc,
)
from tests.credential.wire.refusal import refusal
from tests.pki import END, START, make_authority, self_signed

EC_KEY, P256 = "1.2.840.10045.2.1", "1.2.840.10045.3.1.7"


class TestFacts:
    def test_a_signer_says_what_it_was_made_with(self) -> None:
        authority = make_authority("XB")
        signer = authority.issue_signer(("1.3.6.1.4.1.1847.2021.1.2",), name="Clinic")
        facts = read_certificate(signer.certificate_der)
        sca = read_certificate(authority.certificate_der)
        assert (facts.subject, facts.issuer, facts.country) == ("CN=Clinic,C=XB", "CN=SCA,C=XB", "XB")
        assert (facts.not_before, facts.not_after) == (int(START.timestamp()), int(END.timestamp()))
        assert facts.extended_key_usage == ("1.3.6.1.4.1.1847.2021.1.2",)
        assert (facts.is_ca, facts.key_usage) == (False, frozenset({"digitalSignature"}))
        assert (facts.key_kind, facts.key_detail, facts.signature_hash) == ("EC", "P-256", "sha256")
        assert facts.issuer_name == sca.subject_name
        assert facts.authority_key_identifier == sca.subject_key_identifier
        assert facts.problems == ()
        assert facts.kid == signer.kid == kid_of(signer.certificate_der)

    def test_an_authority_says_that_it_is_one(self) -> None:
        facts = read_certificate(make_authority().certificate_der)
        assert facts.is_ca
        assert facts.key_usage == frozenset({"keyCertSign", "cRLSign"})
        assert facts.authority_key_identifier is None

    def test_the_kid_is_the_first_eight_bytes_of_the_fingerprint(self) -> None:
        signer = make_authority().issue_signer()
        parsed = x509.load_der_x509_certificate(signer.certificate_der)
        assert kid_of(signer.certificate_der) == parsed.fingerprint(hashes.SHA256())[:8]

    @pytest.mark.parametrize(
        ("make", "kind", "detail"),
        [
            (lambda: ec.generate_private_key(ec.SECP384R1()), "EC", "P-384"),
            (lambda: ec.generate_private_key(ec.SECP521R1()), "EC", "P-521"),
            (lambda: ec.generate_private_key(ec.BrainpoolP256R1()), "EC", "brainpoolP256r1"),
            (lambda: rsa.generate_private_key(65537, 2048), "RSA", "2048"),
            (ed25519.Ed25519PrivateKey.generate, "Ed25519", ""),
            (ed448.Ed448PrivateKey.generate, "Ed448", ""),
        ],
    )
    def test_kinds_of_keys_are_named(self, make: object, kind: str, detail: str) -> None:
        assert callable(make)
        private = make()
        der = self_signed(private)
        facts = read_certificate(der)
        assert (facts.key_kind, facts.key_detail) == (kind, detail)
        assert read_public_key(der) == private.public_key()

    def test_generalized_time_and_two_digit_years_are_read(self) -> None:
        parts = Parts(validity=sequence(utc("500101000000Z"), generalized("99991231235959Z")))
        facts = read_certificate(parts.der())
        assert facts.not_before == int(datetime(1950, 1, 1, tzinfo=UTC).timestamp())
        assert facts.not_after == 253402300799

    def test_old_times_without_seconds_are_read(self) -> None:
        facts = read_certificate(Parts(validity=sequence(utc("4912312359Z"), utc("491231235901Z"))).der())
        assert facts.not_before == int(datetime(2049, 12, 31, 23, 59, tzinfo=UTC).timestamp())


class TestPublicKey:
    def test_a_point_off_its_curve_is_malformed(self) -> None:
        point = b"\x04" + (b"\0" * 31 + b"\x05") * 2
        key = sequence(sequence(oid(EC_KEY), oid(P256)), tlv(0x03, b"\0", point))
        error = refusal(read_public_key, Parts(key=key).der())
        assert (error.stage, error.reason) == (Stage.KEY, Reason.PUBLIC_KEY_MALFORMED)

    def test_an_unknown_curve_is_reported_and_unsupported(self) -> None:
        key = sequence(sequence(oid(EC_KEY), oid("1.2.3.4")), tlv(0x03, b"\0", b"\x04" + b"\1" * 64))
        der = Parts(key=key).der()
        facts = read_certificate(der)
        assert (facts.key_kind, facts.key_detail, facts.problems) == ("EC", "1.2.3.4", (Problem.KEY_CURVE_UNKNOWN,))
        error = refusal(read_public_key, der)
        assert error.reason is Reason.PUBLIC_KEY_UNSUPPORTED

    def test_an_unknown_kind_is_reported_and_unsupported(self) -> None:
        der = Parts(key=sequence(sequence(oid("1.2.3.4")), tlv(0x03, b"\0abc"))).der()
        facts = read_certificate(der)
        assert (facts.key_kind, facts.problems) == ("1.2.3.4", (Problem.KEY_UNKNOWN,))
        error = refusal(read_public_key, der)
        assert error.reason is Reason.PUBLIC_KEY_UNSUPPORTED

    @pytest.mark.parametrize("parameters", [b"", sequence(integer(1))])
    def test_a_curve_without_a_name_is_reported(self, parameters: bytes) -> None:
        der = Parts(key=sequence(sequence(oid(EC_KEY), parameters), tlv(0x03, b"\0abc"))).der()
        assert read_certificate(der).problems == (Problem.KEY_CURVE_UNKNOWN,)

    def test_a_short_rsa_key_is_reported(self) -> None:
        signer = make_authority().issue_signer(key="RSA-1024")
        facts = read_certificate(signer.certificate_der)
        assert (facts.key_detail, facts.problems) == ("1024", (Problem.KEY_TOO_WEAK,))


def plain_fields(facts: CertificateFacts) -> tuple[object, ...]:
    """What stands outside the extensions."""
    names = (facts.subject, facts.issuer, facts.subject_name, facts.issuer_name)
    return (*names, facts.serial, facts.not_before, facts.not_after, facts.signature_hash)


def fields_by_cryptography(der: bytes) -> tuple[object, ...]:
    """The same, by the oracle."""
    parsed = x509.load_der_x509_certificate(der)
    digest = parsed.signature_hash_algorithm
    return (
        parsed.subject.rfc4514_string(),
        parsed.issuer.rfc4514_string(),
        parsed.subject.public_bytes(),
        parsed.issuer.public_bytes(),
        parsed.serial_number,
        int(parsed.not_valid_before_utc.timestamp()),
        int(parsed.not_valid_after_utc.timestamp()),
        digest and digest.name,
    )


def epoch(moment: datetime) -> int:
    """Epoch seconds of a time that is UTC without saying so."""
    return int(moment.replace(tzinfo=UTC).timestamp())


@pytest.mark.corpus
class TestCertificatesInForce:
    """Agreement with `cryptography` wherever it reads at all."""

    def ders(self, corpora: Path) -> list[bytes]:
        """The signers of the former EU list."""
        return [path.read_bytes() for path in sorted((corpora / "trust-eu-dsc").glob("*.der"))]

    def test_every_file_name_is_the_kid(self, corpora: Path) -> None:
        paths = sorted((corpora / "trust-eu-dsc").glob("*.der"))
        assert len(paths) > 100
        assert all(kid_of(path.read_bytes()).hex() == path.stem for path in paths)

    @pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
    def test_fields_agree(self, corpora: Path, agreement: Report) -> None:
        ders = self.ders(corpora)
        agreed = sum(plain_fields(read_certificate(der)) == fields_by_cryptography(der) for der in ders)
        agreement("certificates of the former EU list read as cryptography reads them", agreed, len(ders))
        assert agreed == len(ders) == 478
        assert all(read_public_key(der) == x509.load_der_x509_certificate(der).public_key() for der in ders)

    @pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
    def test_extensions_agree_where_cryptography_reads_them(self, corpora: Path) -> None:
        refused = 0
        for der in self.ders(corpora):
            facts = read_certificate(der)
            try:
                extensions = x509.load_der_x509_certificate(der).extensions
            except ValueError:
                refused += 1
                assert facts.problems
                continue
            assert facts.is_ca == any(
                each.value.ca for each in extensions if isinstance(each.value, x509.BasicConstraints)
            )
            purposes = [each.value for each in extensions if isinstance(each.value, x509.ExtendedKeyUsage)]
            assert facts.extended_key_usage == tuple(oid.dotted_string for value in purposes for oid in value)
            identifiers = [
                each.value.digest for each in extensions if isinstance(each.value, x509.SubjectKeyIdentifier)
            ]
            assert facts.subject_key_identifier == next(iter(identifiers), None)
            ends = [each.value.not_after for each in extensions if isinstance(each.value, x509.PrivateKeyUsagePeriod)]
            assert facts.private_key_not_after == next((epoch(end) for end in ends if end), None)
        assert refused == 4

    def test_certificates_that_are_not_strict_der_have_their_keys(self, corpora: Path) -> None:
        for path in sorted((corpora / "reference" / "icao-csca").glob("*.der")):
            der = path.read_bytes()
            assert read_certificate(der).country == path.name[:2]
            assert isinstance(read_public_key(der), ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
