"""Certificates of authorities and signers: the GDHCN templates and the shell model."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Stage
from credential.usage import OID_OF
from credential.wire.x509 import issued_by, read_certificate
from issuer.errors import IssueError, IssueReason
from issuer.keys import (
    DSC_KEY_USE,
    DSC_LIFE,
    SCA_KEY_USE,
    SCA_LIFE,
    KeyKind,
    create_dsc,
    create_request,
    create_sca,
    new_private_key,
    read_request,
)
from issuer.private_key import PrivateKey
from issuer.signing_certificate import read_signing_certificate
from issuer.subject import Subject
from tests import pki
from tests.issuer.conftest import DSC_SUBJECT, SCA_SUBJECT, START, Party

SECOND = timedelta(seconds=1)


def epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def dsc_under(
    party: Party, *, at: datetime = START, life: timedelta | None = None, key_use: timedelta = DSC_KEY_USE
) -> bytes:
    return create_dsc(
        DSC_SUBJECT,
        public_key=party.dsc_key.public_key(),
        sca=party.sca,
        sca_key=party.sca_key,
        at=at,
        life=life,
        key_use=key_use,
    )


def refused(reason: IssueReason, stage: Stage, make: Callable[[], object]) -> IssueError:
    with pytest.raises(IssueError) as error:
        make()
    assert (error.value.stage, error.value.reason) == (stage, reason)
    return error.value


@pytest.mark.parametrize("which", ["party", "rsa_party"])
def test_an_sca_follows_its_template(which: str, request: pytest.FixtureRequest) -> None:
    party: Party = request.getfixturevalue(which)
    facts = read_certificate(party.sca)
    assert facts.problems == ()
    assert facts.subject_name == facts.issuer_name
    assert (facts.country, facts.subject) == ("XA", "CN=Test authority,O=Ministry of Health XA,C=XA")
    assert facts.key_usage == frozenset({"keyCertSign", "cRLSign"})
    assert facts.is_ca
    assert facts.subject_key_identifier
    assert facts.extended_key_usage == ()
    assert (facts.not_before, facts.not_after) == (epoch(START), epoch(START + SCA_LIFE))
    assert issued_by(party.sca, party.sca)
    extensions = x509.load_der_x509_certificate(party.sca).extensions
    constraints = extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value.path_length == 0
    assert read_signing_certificate(party.sca).key_use_ends == epoch(START + SCA_KEY_USE)


@pytest.mark.parametrize("which", ["party", "rsa_party"])
def test_a_dsc_follows_its_template(which: str, request: pytest.FixtureRequest) -> None:
    party: Party = request.getfixturevalue(which)
    facts, authority = read_certificate(party.dsc), read_certificate(party.sca)
    assert facts.problems == ()
    assert facts.issuer_name == authority.subject_name
    assert facts.authority_key_identifier == authority.subject_key_identifier
    assert facts.key_usage == frozenset({"digitalSignature"})
    assert not facts.is_ca
    assert facts.extended_key_usage == ()
    assert (facts.not_before, facts.not_after) == (epoch(START), epoch(START + DSC_LIFE))
    assert issued_by(party.dsc, party.sca)
    assert read_signing_certificate(party.dsc).key_use_ends == epoch(START + DSC_KEY_USE)


def test_the_two_kinds_of_key(party: Party, rsa_party: Party) -> None:
    assert isinstance(party.dsc_key, ec.EllipticCurvePrivateKey)
    assert isinstance(rsa_party.dsc_key, rsa.RSAPrivateKey)
    assert rsa_party.dsc_key.key_size == 3072
    padding = x509.load_der_x509_certificate(rsa_party.dsc).signature_algorithm_parameters
    assert type(padding).__name__ == "PSS"


def test_serial_numbers_are_new_each_time(party: Party) -> None:
    serials = {read_certificate(dsc_under(party)).serial for _ in range(20)}
    assert len(serials) == 20
    assert all(serial.bit_length() > 100 for serial in serials)


@pytest.mark.parametrize(
    ("usages", "last"),
    [
        ((), ()),
        (("vaccination",), (2,)),
        (("recovery", "test"), (3, 1)),
        (("test", "vaccination", "recovery"), (1, 2, 3)),
    ],
)
def test_a_dsc_is_limited_to_the_groups_asked_for(party: Party, usages: tuple[str, ...], last: tuple[int, ...]) -> None:
    dsc = create_dsc(
        DSC_SUBJECT,
        public_key=party.dsc_key.public_key(),
        sca=party.sca,
        sca_key=party.sca_key,
        at=START,
        usages=tuple(OID_OF[usage] for usage in usages),
    )
    expected = tuple(f"1.3.6.1.4.1.1847.2021.1.{number}" for number in last)
    assert read_certificate(dsc).extended_key_usage == expected


@pytest.mark.parametrize("usage", ["visa", "", "1.2.", "1.2.x", "9.9.9"])
def test_a_usage_that_is_no_oid_is_refused(party: Party, usage: str) -> None:
    refused(
        IssueReason.USAGE_MALFORMED,
        Stage.CERTIFICATE,
        lambda: create_dsc(
            DSC_SUBJECT,
            public_key=party.dsc_key.public_key(),
            sca=party.sca,
            sca_key=party.sca_key,
            at=START,
            usages=[usage],
        ),
    )


def test_dates_are_whole_seconds_in_utc_whatever_the_zone(party: Party) -> None:
    at = datetime(2026, 3, 1, 15, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=7)))
    facts = read_certificate(dsc_under(party, at=at))
    assert facts.not_before == epoch(START)


# The shell model, to the second. The SCA of the tests is used for a year and lasts four.


def test_a_dsc_may_end_with_its_sca_and_not_a_second_later(party: Party) -> None:
    end = START + SCA_LIFE
    at = START + timedelta(days=100)
    assert read_certificate(dsc_under(party, at=at, life=end - at)).not_after == epoch(end)
    error = refused(
        IssueReason.OUTLIVES_SCA, Stage.CERTIFICATE, lambda: dsc_under(party, at=at, life=end - at + SECOND)
    )
    assert error.detail["latest"] == "2030-03-01T08:00:00+00:00"


def test_without_a_life_a_dsc_lasts_two_years_or_as_long_as_its_sca(party: Party) -> None:
    short = create_sca(SCA_SUBJECT, key=party.sca_key, at=START, life=timedelta(days=400), key_use=timedelta(days=400))
    dsc = create_dsc(
        DSC_SUBJECT, public_key=party.dsc_key.public_key(), sca=short, sca_key=party.sca_key, at=START + SECOND
    )
    assert read_certificate(dsc).not_after == epoch(START + timedelta(days=400))


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (START - SECOND, IssueReason.SCA_NOT_YET_VALID),
        (START, None),
        (START + SCA_KEY_USE, None),
        (START + SCA_KEY_USE + SECOND, IssueReason.SCA_KEY_RETIRED),
        (START + SCA_LIFE - SECOND, IssueReason.SCA_KEY_RETIRED),
        (START + SCA_LIFE, IssueReason.SCA_EXPIRED),
    ],
)
def test_an_authority_issues_only_while_its_certificate_and_key_are_in_use(
    party: Party, at: datetime, reason: IssueReason | None
) -> None:
    if reason is None:
        assert issued_by(dsc_under(party, at=at), party.sca)
    else:
        refused(reason, Stage.CERTIFICATE, lambda: dsc_under(party, at=at))


def test_a_key_is_never_used_beyond_its_certificate(party: Party) -> None:
    dsc = dsc_under(party, life=timedelta(days=10))
    assert read_signing_certificate(dsc).key_use_ends == read_certificate(dsc).not_after


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=-1), timedelta(milliseconds=999)])
def test_a_life_below_a_second_is_refused(party: Party, life: timedelta) -> None:
    for make in (
        lambda: dsc_under(party, life=life),
        lambda: dsc_under(party, key_use=life),
        lambda: create_sca(SCA_SUBJECT, key=party.sca_key, at=START, life=life),
    ):
        refused(IssueReason.LIFE_NOT_POSITIVE, Stage.CERTIFICATE, make)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (datetime(2026, 3, 1), IssueReason.TIME_WITHOUT_ZONE),  # noqa: DTZ001 - without a zone on purpose
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), IssueReason.TIME_OUT_OF_RANGE),
        (datetime(2240, 1, 1, tzinfo=UTC), IssueReason.TIME_OUT_OF_RANGE),
        (datetime(9999, 12, 31, tzinfo=UTC), IssueReason.TIME_OUT_OF_RANGE),
    ],
)
def test_moments_that_cannot_be_written_are_refused(party: Party, at: datetime, reason: IssueReason) -> None:
    refused(reason, Stage.CERTIFICATE, lambda: create_sca(SCA_SUBJECT, key=party.sca_key, at=at))


# Who may issue what.


def test_only_an_authority_issues(party: Party) -> None:
    refused(
        IssueReason.SCA_NOT_AN_AUTHORITY,
        Stage.CERTIFICATE,
        lambda: create_dsc(
            DSC_SUBJECT, public_key=party.dsc_key.public_key(), sca=party.dsc, sca_key=party.dsc_key, at=START
        ),
    )


def test_an_authority_issues_only_for_its_country(party: Party) -> None:
    error = refused(
        IssueReason.SCA_OTHER_COUNTRY,
        Stage.CERTIFICATE,
        lambda: create_dsc(
            Subject("XB", "Foreign signer"),
            public_key=party.dsc_key.public_key(),
            sca=party.sca,
            sca_key=party.sca_key,
            at=START,
        ),
    )
    assert (error.detail["country"], error.detail["sca_country"]) == ("XB", "XA")


def test_an_authority_needs_its_own_key(party: Party) -> None:
    refused(
        IssueReason.KEY_OTHER_CERTIFICATE,
        Stage.KEY,
        lambda: create_dsc(
            DSC_SUBJECT, public_key=party.dsc_key.public_key(), sca=party.sca, sca_key=new_private_key(), at=START
        ),
    )


def test_an_authority_made_elsewhere_without_key_identifier_issues_too() -> None:
    authority = pki.make_authority("XA", identifiers=False)
    key = new_private_key()
    dsc = create_dsc(
        DSC_SUBJECT, public_key=key.public_key(), sca=authority.certificate_der, sca_key=authority.private_key, at=START
    )
    assert issued_by(dsc, authority.certificate_der)
    assert read_certificate(dsc).authority_key_identifier
    assert read_signing_certificate(authority.certificate_der).key_use_ends is None


@pytest.mark.parametrize("sca", [b"", b"\x30\x03\x02\x01\x01", b"-----BEGIN CERTIFICATE-----"])
def test_bytes_that_are_no_authority_are_unreadable(party: Party, sca: bytes) -> None:
    refused(
        IssueReason.CERTIFICATE_UNREADABLE,
        Stage.CERTIFICATE,
        lambda: create_dsc(
            DSC_SUBJECT, public_key=party.dsc_key.public_key(), sca=sca, sca_key=party.sca_key, at=START
        ),
    )


def test_weak_keys_get_no_certificate(party: Party) -> None:
    weak: PrivateKey = rsa.generate_private_key(65_537, 1024)  # noqa: S505 - weak on purpose
    for make in (
        lambda: create_sca(SCA_SUBJECT, key=weak, at=START),
        lambda: create_request(SCA_SUBJECT, key=weak),
        lambda: create_dsc(DSC_SUBJECT, public_key=weak.public_key(), sca=party.sca, sca_key=party.sca_key, at=START),
    ):
        refused(IssueReason.KEY_TOO_WEAK, Stage.KEY, make)


# Subjects and requests.


@pytest.mark.parametrize(
    ("country", "name", "organisation", "part"),
    [
        ("xa", "Signer", None, "country"),
        ("XAA", "Signer", None, "country"),
        ("X\n", "Signer", None, "country"),
        ("ÉÀ", "Signer", None, "country"),
        ("XA", "", None, "common_name"),
        ("XA", " Signer", None, "common_name"),
        ("XA", "x" * 65, None, "common_name"),
        ("XA", "Sign\u202eer", None, "common_name"),
        ("XA", "Sign\0er", None, "common_name"),
        ("XA", "Sign\ud800er", None, "common_name"),
        ("XA", "Signer", "", "organisation"),
        ("XA", "Signer", "o" * 65, "organisation"),
    ],
)
def test_a_subject_that_cannot_stand_in_a_certificate_is_refused(
    country: str, name: str, organisation: str | None, part: str
) -> None:
    error = refused(IssueReason.SUBJECT_UNUSABLE, Stage.CERTIFICATE, lambda: Subject(country, name, organisation))
    assert error.detail["part"] == part


def test_a_subject_in_any_script_with_any_sign_is_written_as_it_is(party: Party) -> None:
    subject = Subject("XA", 'ក្រសួង, "CN=x"+y\\z', "وزارة الصحة")
    sca = create_sca(subject, key=party.sca_key, at=START)
    name = x509.load_der_x509_certificate(sca).subject
    assert [str(attribute.value) for attribute in name] == ["XA", "وزارة الصحة", 'ក្រសួង, "CN=x"+y\\z']


@pytest.mark.parametrize("kind", KeyKind)
def test_a_request_brings_subject_and_key(kind: KeyKind) -> None:
    key = new_private_key(kind)
    request = create_request(DSC_SUBJECT, key=key)
    for data in (request, x509.load_der_x509_csr(request).public_bytes(Encoding.PEM)):
        read = read_request(data)
        assert read.subject == DSC_SUBJECT
        assert read.public_key == key.public_key()


def test_a_request_whose_signature_fails_is_refused() -> None:
    request = bytearray(create_request(DSC_SUBJECT, key=new_private_key()))
    request[request.index(b"Test signer")] ^= 1
    refused(IssueReason.REQUEST_SIGNATURE_INVALID, Stage.CERTIFICATE, lambda: read_request(bytes(request)))


def test_a_request_for_several_countries_is_refused() -> None:
    key = new_private_key()
    name = x509.Name(
        [x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country) for country in ("XA", "XB")]
        + [x509.NameAttribute(x509.NameOID.COMMON_NAME, "Signer")]
    )
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    error = refused(
        IssueReason.SUBJECT_UNUSABLE,
        Stage.CERTIFICATE,
        lambda: read_request(request.public_bytes(Encoding.DER)),
    )
    assert error.detail["part"] == "country"


@given(st.binary(max_size=200))
def test_any_bytes_as_request_give_a_typed_error(data: bytes) -> None:
    for request in (data, b"-----BEGIN CERTIFICATE REQUEST-----\n" + data):
        with pytest.raises(IssueError):
            read_request(request)


@given(st.integers(0, 250), st.integers(0, 255))
def test_a_damaged_request_gives_a_typed_error_or_the_same_request(position: int, value: int) -> None:
    request = bytearray(_REQUEST)
    request[position % len(request)] = value
    with contextlib.suppress(IssueError):
        assert read_request(bytes(request)).subject == DSC_SUBJECT


_REQUEST = create_request(DSC_SUBJECT, key=new_private_key())
