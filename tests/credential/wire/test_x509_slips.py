"""What real certificates do against the rules costs no more than what is wrong in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from credential.wire.x509 import (
    Issuance,
    check_issued,
    issued_by,
    read_certificate,
    read_public_key,
)
from credential.wire.x509_problem import CertificateProblem as Problem
from tests.credential.wire.der_parts import (
    ALTERNATIVE_NAMES,
    AUTHORITY_KEY,
    BASIC,
    EXTENDED,
    KEY_USAGE,
    PRIVATE_KEY_USAGE,
    SUBJECT_KEY,
    Parts,
    attribute,
    extension,
    integer,
    name,
    oid,
    sequence,
    tlv,
    utc,
)

FALSE, TRUE = tlv(0x01, b"\x00"), tlv(0x01, b"\xff")


class TestSlips:
    """What real certificates do against the rules."""

    def problems(self, parts: Parts) -> tuple[str, ...]:
        """What is found wrong in a certificate that is read all the same."""
        return read_certificate(parts.der()).problems

    def test_hand_made_parts_without_slips_have_no_problem(self) -> None:
        der = Parts(extensions=[extension(BASIC, sequence(TRUE, integer(0)))]).der()
        assert read_certificate(der).problems == ()
        assert x509.load_der_x509_certificate(der).extensions[0].value == x509.BasicConstraints(ca=True, path_length=0)

    def test_written_out_false_is_read_as_no_ca(self) -> None:
        """Three of the EU's signers; `cryptography` then refuses all extensions."""
        usage = extension(EXTENDED, sequence(oid("1.3.6.1.4.1.0.1847.2021.1.2")))
        der = Parts(extensions=[extension(BASIC, sequence(FALSE)), usage]).der()
        facts = read_certificate(der)
        assert facts.problems == (Problem.BASIC_CONSTRAINTS_FALSE_WRITTEN,)
        assert not facts.is_ca
        assert facts.extended_key_usage == ("1.3.6.1.4.1.0.1847.2021.1.2",)
        with pytest.raises(ValueError, match="parsing"):
            _ = x509.load_der_x509_certificate(der).extensions

    def test_a_path_length_without_ca_is_read_as_no_ca(self) -> None:
        facts = read_certificate(Parts(extensions=[extension(BASIC, sequence(integer(0)))]).der())
        assert facts.problems == (Problem.BASIC_CONSTRAINTS_PATH_WITHOUT_CA,)
        assert not facts.is_ca

    def test_null_after_an_ecdsa_identifier_costs_nothing(self) -> None:
        """Japan's seal signers; `cryptography` refuses the certificate."""
        der = Parts(algorithm=sequence(oid("1.2.840.10045.4.3.2"), tlv(0x05))).der()
        assert read_certificate(der).problems == (Problem.SIGNATURE_PARAMETERS,)
        assert isinstance(read_public_key(der), ec.EllipticCurvePublicKey)
        assert issued_by(der, Parts().der())
        with pytest.raises(ValueError, match="parsing"):
            x509.load_der_x509_certificate(der)

    @pytest.mark.parametrize("serial", [0, -1, -(2**63)])
    def test_serial_numbers_that_are_not_positive_are_read(self, serial: int) -> None:
        facts = read_certificate(Parts(serial=integer(serial)).der())
        assert facts.serial == serial
        assert facts.problems == (Problem.SERIAL_NOT_POSITIVE,)

    def test_a_serial_number_beyond_twenty_bytes_is_read(self) -> None:
        facts = read_certificate(Parts(serial=integer(2**160)).der())
        assert (facts.serial, facts.problems) == (2**160, (Problem.SERIAL_TOO_LONG,))

    def test_no_country_is_none(self) -> None:
        facts = read_certificate(Parts(subject=name(country=None)).der())
        assert (facts.country, facts.problems) == (None, (Problem.COUNTRY_MISSING,))

    def test_two_countries_are_none(self) -> None:
        country = attribute("2.5.4.6", tlv(0x13, b"XA"))
        facts = read_certificate(Parts(subject=sequence(country, country)).der())
        assert (facts.country, facts.problems) == (None, (Problem.COUNTRY_SEVERAL,))

    def test_a_country_in_small_letters_is_raised(self) -> None:
        assert read_certificate(Parts(subject=name(country="xa")).der()).country == "XA"

    def test_dates_the_wrong_way_round_are_reported(self) -> None:
        validity = sequence(utc("280101000000Z"), utc("260101000000Z"))
        assert self.problems(Parts(validity=validity)) == (Problem.DATES_REVERSED,)

    def test_version_one_has_no_extensions_and_is_reported(self) -> None:
        assert self.problems(Parts(version=b"")) == (Problem.VERSION,)

    def test_two_statements_of_the_algorithm_must_be_one(self) -> None:
        parts = Parts(inner_algorithm=sequence(oid("1.2.840.10045.4.3.4")))
        assert self.problems(parts) == (Problem.SIGNATURE_ALGORITHMS_DIFFER,)
        assert check_issued(parts.der(), Parts().der()) is Issuance.FAILS

    def test_an_unknown_algorithm_is_reported(self) -> None:
        parts = Parts(algorithm=sequence(oid("1.2.3.4")))
        assert self.problems(parts) == (Problem.SIGNATURE_ALGORITHM_UNKNOWN,)
        assert check_issued(parts.der(), Parts().der()) is Issuance.UNKNOWN

    def test_sha1_is_reported(self) -> None:
        parts = Parts(algorithm=sequence(oid("1.2.840.10045.4.1")))
        assert read_certificate(parts.der()).signature_hash == "sha1"
        assert self.problems(parts) == (Problem.SIGNATURE_HASH_WEAK,)

    @pytest.mark.parametrize(
        ("kind", "value", "problem"),
        [
            (BASIC, b"", Problem.BASIC_CONSTRAINTS_MALFORMED),
            (BASIC, sequence(TRUE, integer(0), integer(0)), Problem.BASIC_CONSTRAINTS_MALFORMED),
            (BASIC, sequence(TRUE, tlv(0x04, b"x")), Problem.BASIC_CONSTRAINTS_MALFORMED),
            (KEY_USAGE, tlv(0x03), Problem.KEY_USAGE_MALFORMED),
            (KEY_USAGE, tlv(0x03, b"\x08\x80"), Problem.KEY_USAGE_MALFORMED),
            (EXTENDED, sequence(integer(1)), Problem.EXTENDED_KEY_USAGE_MALFORMED),
            (EXTENDED, sequence(tlv(0x06, b"\x80\x01")), Problem.EXTENDED_KEY_USAGE_MALFORMED),
            (EXTENDED, sequence(tlv(0x06, b"\x2a\x83")), Problem.EXTENDED_KEY_USAGE_MALFORMED),
            (EXTENDED, sequence(tlv(0x06, b"\x2a" * 65)), Problem.EXTENDED_KEY_USAGE_MALFORMED),
            (SUBJECT_KEY, b"raw", Problem.SUBJECT_KEY_IDENTIFIER_MALFORMED),
            (SUBJECT_KEY, tlv(0x04, b"x") + b"\0\0", Problem.SUBJECT_KEY_IDENTIFIER_MALFORMED),
            (AUTHORITY_KEY, tlv(0x04, b"x"), Problem.AUTHORITY_KEY_IDENTIFIER_MALFORMED),
            (ALTERNATIVE_NAMES, tlv(0x86, b"https://a.example"), Problem.SUBJECT_ALTERNATIVE_NAME_MALFORMED),
            (ALTERNATIVE_NAMES, sequence(tlv(0x86, b"\xc3\xa4")), Problem.SUBJECT_ALTERNATIVE_NAME_MALFORMED),
            (PRIVATE_KEY_USAGE, tlv(0x81, b"20260701000000Z"), Problem.PRIVATE_KEY_USAGE_MALFORMED),
            (PRIVATE_KEY_USAGE, sequence(tlv(0x81, b"260701000000Z")), Problem.PRIVATE_KEY_USAGE_MALFORMED),
            (PRIVATE_KEY_USAGE, sequence(tlv(0x81, b"20260231000000Z")), Problem.PRIVATE_KEY_USAGE_MALFORMED),
        ],
    )
    def test_a_bad_extension_is_lost_alone(self, kind: str, value: bytes, problem: Problem) -> None:
        good = {
            BASIC: sequence(TRUE),
            KEY_USAGE: tlv(0x03, b"\x02\x04"),
            EXTENDED: sequence(oid("1.3.6.1.5.5.7.3.2")),
            SUBJECT_KEY: tlv(0x04, b"mine"),
            AUTHORITY_KEY: sequence(tlv(0x80, b"theirs")),
            ALTERNATIVE_NAMES: sequence(tlv(0x82, b"a.example"), tlv(0x86, b"https://a.example"), tlv(0x86, b"b:c")),
            PRIVATE_KEY_USAGE: sequence(tlv(0x80, b"20260101000000Z"), tlv(0x81, b"20260701000000Z")),
        }
        values = good | {kind: value}
        facts = read_certificate(Parts(extensions=[extension(each, values[each]) for each in values]).der())
        assert facts.problems == (problem,)
        found = {
            BASIC: facts.is_ca,
            KEY_USAGE: facts.key_usage,
            EXTENDED: facts.extended_key_usage,
            SUBJECT_KEY: facts.subject_key_identifier,
            AUTHORITY_KEY: facts.authority_key_identifier,
            ALTERNATIVE_NAMES: facts.alternative_uris,
            PRIVATE_KEY_USAGE: facts.private_key_not_after,
        }
        expected: dict[str, object] = {
            BASIC: True,
            KEY_USAGE: frozenset({"keyCertSign"}),
            EXTENDED: ("1.3.6.1.5.5.7.3.2",),
            SUBJECT_KEY: b"mine",
            AUTHORITY_KEY: b"theirs",
            ALTERNATIVE_NAMES: ("https://a.example", "b:c"),
            PRIVATE_KEY_USAGE: int(datetime(2026, 7, 1, tzinfo=UTC).timestamp()),
        }
        absent: dict[str, object] = {BASIC: False, EXTENDED: (), ALTERNATIVE_NAMES: ()}
        assert found == expected | {kind: absent.get(kind)}

    def test_the_first_of_two_equal_extensions_counts(self) -> None:
        extensions = [extension(BASIC, sequence(TRUE)), extension(BASIC, sequence())]
        facts = read_certificate(Parts(extensions=extensions).der())
        assert (facts.is_ca, facts.problems) == (True, (Problem.EXTENSION_TWICE,))

    def test_an_extension_that_is_none_ends_the_list(self) -> None:
        extensions = [extension(BASIC, sequence(TRUE)), sequence(oid(KEY_USAGE))]
        facts = read_certificate(Parts(extensions=extensions).der())
        assert (facts.is_ca, facts.problems) == (True, (Problem.EXTENSIONS_MALFORMED,))

    @pytest.mark.parametrize(
        ("kind", "critical", "problems"),
        [
            ("1.2.3.4", True, (Problem.EXTENSION_CRITICAL_UNREAD,)),
            ("1.2.3.4", False, ()),
            ("2.5.29.32", True, ()),
        ],
    )
    def test_unknown_critical_extensions_are_reported(
        self, kind: str, critical: bool, problems: tuple[Problem, ...]
    ) -> None:
        assert self.problems(Parts(extensions=[extension(kind, tlv(0x05), critical=critical)])) == problems

    def test_an_authority_key_identifier_without_key_is_none(self) -> None:
        value = sequence(tlv(0x82, b"\x01"))
        facts = read_certificate(Parts(extensions=[extension(AUTHORITY_KEY, value)]).der())
        assert (facts.authority_key_identifier, facts.problems) == (None, ())

    def test_a_private_key_usage_period_without_end_is_none(self) -> None:
        value = sequence(tlv(0x80, b"20260101000000Z"))
        facts = read_certificate(Parts(extensions=[extension(PRIVATE_KEY_USAGE, value)]).der())
        assert (facts.private_key_not_after, facts.problems) == (None, ())

    def test_the_ninth_usage_bit_is_read(self) -> None:
        facts = read_certificate(Parts(extensions=[extension(KEY_USAGE, tlv(0x03, b"\x07\x08\x80"))]).der())
        assert facts.key_usage == frozenset({"keyAgreement", "decipherOnly"})


class TestNames:
    def test_the_last_relative_name_stands_first(self) -> None:
        assert read_certificate(Parts().der()).subject == "CN=DSC,C=XA"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (tlv(0x0C, "Ñandú, S.A.".encode()), "Ñandú\\, S.A."),
            (tlv(0x1E, "Ωμέγα".encode("utf-16-be")), "Ωμέγα"),
            (tlv(0x1C, "Ω".encode("utf-32-be")), "Ω"),
            (tlv(0x14, "Müller".encode("latin-1")), "Müller"),
            (tlv(0x13, b" lead"), "\\ lead"),
            (tlv(0x13, b"trail "), "trail\\ "),
            (tlv(0x13, b" "), "\\ "),
            (tlv(0x13, b"#1"), "\\#1"),
            (tlv(0x13, b'a"b+c;d<e>f\\'), 'a\\"b\\+c\\;d\\<e\\>f\\\\'),
            (tlv(0x0C, b"a\0b"), "a\\00b"),
            (tlv(0x0C, b"\xff"), "#0c01ff"),
            (tlv(0x13, "é".encode()), "#1302c3a9"),
            (tlv(0x1E, b"\xd8\x00"), "#1e02d800"),
            (tlv(0x03, b"\0x"), "#03020078"),
        ],
    )
    def test_values_are_written_as_rfc_4514_says(self, value: bytes, text: str) -> None:
        subject = sequence(attribute("2.5.4.3", value))
        assert read_certificate(Parts(subject=subject).der()).subject == f"CN={text}"

    def test_unknown_types_and_several_in_one_relative_name_are_written(self) -> None:
        pairs = [sequence(oid(kind), tlv(0x13, b"v")) for kind in ("1.2.3", "2.5.4.10")]
        subject = sequence(tlv(0x31, *pairs))
        assert read_certificate(Parts(subject=subject).der()).subject == "1.2.3=v+O=v"

    def test_an_empty_name_is_read(self) -> None:
        facts = read_certificate(Parts(subject=sequence()).der())
        assert (facts.subject, facts.country) == ("", None)

    @given(st.text(min_size=1, max_size=40))
    def test_any_text_agrees_with_cryptography(self, text: str) -> None:
        subject = sequence(attribute("2.5.4.10", tlv(0x0C, text.encode())))
        der = Parts(subject=subject).der()
        parsed = x509.load_der_x509_certificate(der)
        assert read_certificate(der).subject == parsed.subject.rfc4514_string()
