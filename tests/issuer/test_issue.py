"""Issuing: what comes out reads back as what went in, and nothing comes out that should not."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import EncodeError, Stage
from credential.kinds.eu_dcc import read_eu_dcc
from credential.usage import OID_OF
from credential.uvci import read_uvci
from credential.wire import hcert
from credential.wire.algorithms import Algorithm, verify_signature
from credential.wire.qr import Engine, read_picture
from issuer import KeySigner, Signed, Signer, checked, issue
from issuer.errors import IssueError, IssueReason
from issuer.keys import DSC_KEY_USE, DSC_LIFE, KeyKind, create_dsc, create_sca, new_private_key
from issuer.signer import CheckedSigner
from issuer.subject import Subject
from tests import pki
from tests.issuer.conftest import AT, DSC_SUBJECT, SCA_SUBJECT, START, Party, make_party
from tests.issuer.records import ALL, VACCINATION, Record, changed, records
from tests.issuer.test_signer import foreign
from trustlist import TrustSnapshot
from verifier import Outcome, Policy, verify

SECOND = timedelta(seconds=1)
LONG_USE = timedelta(days=5000)

PARTIES = {kind: make_party(kind) for kind in KeyKind}
SIGNERS = {kind: party.signer for kind, party in PARTIES.items()}


def epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def refused(reason: IssueReason, make: Callable[[], object], stage: Stage = Stage.ISSUE) -> IssueError:
    with pytest.raises(IssueError) as error:
        make()
    assert (error.value.stage, error.value.reason) == (stage, reason)
    return error.value


def long_used(party: Party, life: timedelta | None = None) -> Signer:
    """A signer whose key may be used as long as its certificate lasts."""
    dsc = create_dsc(
        DSC_SUBJECT,
        public_key=party.dsc_key.public_key(),
        sca=party.sca,
        sca_key=party.sca_key,
        at=START,
        life=life,
        key_use=LONG_USE,
    )
    return KeySigner(dsc, party.dsc_key)


def holds(signed: Signed, party: Party) -> None:
    """The text is a tagged, deviation-free HCERT, signed by this party, that says what `signed` says."""
    read = hcert.decode(signed.text)
    assert read.deviations == ()
    assert read.sign1.kid == signed.kid == party.signer.kid
    algorithm = Algorithm(read.sign1.algorithm or 0)
    verify_signature(algorithm, party.dsc_key.public_key(), read.sign1.signature, read.sign1.to_be_signed())
    claims = read.claims
    assert (claims.issuer, claims.issued, claims.expires) == ("XA", epoch(signed.issued), epoch(signed.expires))
    assert claims.hcert is not None
    assert set(claims.hcert) == {1}
    reading = read_eu_dcc(claims.hcert[1])
    assert (reading.problems, reading.deviations) == ((), ())
    assert reading.credential == signed.credential
    assert signed.credential.entry.ci == signed.identifier


@given(records(), st.sampled_from(KeyKind))
def test_any_right_record_comes_back_from_its_text(record: Record, kind: KeyKind) -> None:
    holds(issue(record, signer=SIGNERS[kind], at=AT), PARTIES[kind])


@pytest.mark.parametrize("record", ALL.values(), ids=ALL)
@pytest.mark.parametrize("kind", KeyKind)
def test_a_verifier_accepts_what_was_issued(record: Record, kind: KeyKind) -> None:
    party = PARTIES[kind]
    signed = issue(record, signer=party.signer, at=AT)
    verdict = verify(
        signed.text, trust=TrustSnapshot.from_certificates([party.dsc, party.sca]), at=AT + SECOND, policy=Policy()
    )
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.credential == signed.credential


def test_signed_says_when_by_whom_and_what(party: Party) -> None:
    signed = issue(VACCINATION, signer=party.signer, at=AT, valid_for=timedelta(days=90))
    assert signed.kind == "eu-dcc"
    assert signed.issuer == "XA"
    assert signed.issued == AT
    assert signed.expires == AT + timedelta(days=90)
    assert signed.text.startswith("HC1:")


def test_the_moment_is_cut_to_the_second_and_put_in_utc(party: Party) -> None:
    at = AT.astimezone(timezone(timedelta(hours=7))) + timedelta(microseconds=999_999)
    signed = issue(VACCINATION, signer=party.signer, at=at)
    assert signed.issued == AT
    assert signed.issued.tzinfo is UTC


def test_the_picture_holds_the_text(party: Party) -> None:
    signed = issue(VACCINATION, signer=party.signer, at=AT)
    assert read_picture(signed.qr_png(engine=Engine.ZXING)) == (signed.text,)
    assert read_picture(signed.qr_png()) == (signed.text,)
    svg = signed.qr_svg(engine=Engine.ZXING)
    assert svg.startswith("<svg")
    assert "Lindqvist" not in svg


def test_no_text_form_shows_the_person(party: Party) -> None:
    signed = issue(VACCINATION, signer=party.signer, at=AT)
    assert "Lindqvist" not in repr(signed)
    assert signed.text not in repr(signed)
    assert signed.identifier not in repr(signed)


def test_the_record_is_left_as_it_was(party: Party) -> None:
    before = pickle.dumps(VACCINATION)
    issue(VACCINATION, signer=party.signer, at=AT)
    assert pickle.dumps(VACCINATION) == before


# Identifiers.


def test_every_certificate_has_an_identifier_of_its_own(party: Party) -> None:
    identifiers = {issue(VACCINATION, signer=party.signer, at=AT).identifier for _ in range(50)}
    assert len(identifiers) == 50
    for identifier in identifiers:
        reading = read_uvci(identifier)
        assert reading.oddities == ()
        assert reading.parts is not None
        assert reading.parts.country == "XA"
        assert len(reading.parts.opaque) >= 26  # 128 bits at 5 bits a character


def test_the_identifier_is_made_of_the_given_randomness(party: Party) -> None:
    asked: list[int] = []

    def random_bytes(size: int) -> bytes:
        asked.append(size)
        return b"\x5a" * size

    one, two = (issue(VACCINATION, signer=party.signer, at=AT, random_bytes=random_bytes) for _ in range(2))
    assert one.identifier == two.identifier
    assert asked == [16, 16]


def test_randomness_that_falls_short_stops_the_issue(party: Party) -> None:
    with pytest.raises(EncodeError) as error:
        issue(VACCINATION, signer=party.signer, at=AT, random_bytes=lambda size: b"\0" * (size - 1))
    assert error.value.stage is Stage.ISSUE


# Times, to the second. The DSC of the tests lasts 730 days and its key is used for 183.


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (START - SECOND, IssueReason.SIGNER_NOT_YET_VALID),
        (START - timedelta(microseconds=1), IssueReason.SIGNER_NOT_YET_VALID),
        (START, None),
        (START + DSC_KEY_USE, None),
        (START + DSC_KEY_USE + SECOND, IssueReason.SIGNER_KEY_RETIRED),
        (START + DSC_LIFE - SECOND, IssueReason.SIGNER_KEY_RETIRED),
        (START + DSC_LIFE, IssueReason.SIGNER_EXPIRED),
        (START + DSC_LIFE + SECOND, IssueReason.SIGNER_EXPIRED),
    ],
)
def test_a_signer_signs_only_while_its_certificate_and_key_are_in_use(
    party: Party, at: datetime, reason: IssueReason | None
) -> None:
    record = changed(VACCINATION, "vaccination.date", "2026-02-24")
    if reason is None:
        assert issue(record, signer=party.signer, at=at).issued == at
    else:
        refused(reason, lambda: issue(record, signer=party.signer, at=at))


def test_a_certificate_that_says_nothing_of_key_use_signs_to_its_end() -> None:
    authority = pki.make_authority("XA")
    key = authority.issue_signer()
    signer = KeySigner(key.certificate_der, key.private_key)
    assert issue(VACCINATION, signer=signer, at=pki.END - SECOND).expires == pki.END
    refused(IssueReason.SIGNER_EXPIRED, lambda: issue(VACCINATION, signer=signer, at=pki.END))


def test_a_credential_may_end_with_its_signer_and_not_a_second_later(party: Party) -> None:
    signer = long_used(party)
    end = START + DSC_LIFE
    assert issue(VACCINATION, signer=signer, at=AT, valid_for=end - AT).expires == end
    error = refused(
        IssueReason.OUTLIVES_SIGNER, lambda: issue(VACCINATION, signer=signer, at=AT, valid_for=end - AT + SECOND)
    )
    assert error.detail["latest"] == end.isoformat()


def test_without_a_wish_it_counts_a_year_or_as_long_as_its_signer(party: Party) -> None:
    assert issue(VACCINATION, signer=party.signer, at=AT).expires == AT + timedelta(days=365)
    signer = long_used(party, life=timedelta(days=365))
    assert issue(VACCINATION, signer=signer, at=START).expires == START + timedelta(days=365)
    assert issue(VACCINATION, signer=signer, at=START + SECOND).expires == START + timedelta(days=365)
    last = START + timedelta(days=365) - SECOND
    assert issue(VACCINATION, signer=signer, at=last).expires == last + SECOND


@pytest.mark.parametrize("valid_for", [timedelta(0), timedelta(days=-1), timedelta(milliseconds=999)])
def test_a_validity_below_a_second_is_refused(party: Party, valid_for: timedelta) -> None:
    refused(
        IssueReason.VALIDITY_NOT_POSITIVE,
        lambda: issue(VACCINATION, signer=party.signer, at=AT, valid_for=valid_for),
    )


@pytest.mark.parametrize("valid_for", [timedelta.max, timedelta(days=100_000)])
def test_a_validity_without_end_is_refused(party: Party, valid_for: timedelta) -> None:
    refused(IssueReason.OUTLIVES_SIGNER, lambda: issue(VACCINATION, signer=party.signer, at=AT, valid_for=valid_for))


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (datetime(2026, 3, 2), IssueReason.TIME_WITHOUT_ZONE),  # noqa: DTZ001 - without a zone on purpose
        (datetime(1969, 12, 31, tzinfo=UTC), IssueReason.TIME_OUT_OF_RANGE),
        (datetime.max.replace(tzinfo=UTC), IssueReason.TIME_OUT_OF_RANGE),
        (datetime.min.replace(tzinfo=UTC), IssueReason.TIME_OUT_OF_RANGE),
    ],
)
def test_a_moment_that_means_nothing_is_refused(party: Party, at: datetime, reason: IssueReason) -> None:
    refused(reason, lambda: issue(VACCINATION, signer=party.signer, at=at))


# What a signer may sign.


@pytest.mark.parametrize("group", OID_OF)
@pytest.mark.parametrize("word", ALL)
def test_a_limited_signer_signs_its_own_group_alone(party: Party, group: str, word: str) -> None:
    dsc = create_dsc(
        DSC_SUBJECT,
        public_key=party.dsc_key.public_key(),
        sca=party.sca,
        sca_key=party.sca_key,
        at=START,
        usages=[OID_OF[group]],
    )
    signer = KeySigner(dsc, party.dsc_key)
    if group == word:
        assert issue(ALL[word], signer=signer, at=AT).kind == "eu-dcc"
    else:
        error = refused(IssueReason.USAGE_NOT_ALLOWED, lambda: issue(ALL[word], signer=signer, at=AT))
        assert (error.detail["group"], error.detail["allowed"]) == (word, group)


def test_the_mistyped_arc_limits_as_well_and_other_purposes_do_not() -> None:
    authority = pki.make_authority("XA")
    for oid, allowed in (("1.3.6.1.4.1.0.1847.2021.1.1", False), ("1.3.6.1.5.5.7.3.2", True)):
        key = authority.issue_signer([oid])
        signer = KeySigner(key.certificate_der, key.private_key)
        if allowed:
            assert issue(VACCINATION, signer=signer, at=AT).kind == "eu-dcc"
        else:
            refused(
                IssueReason.USAGE_NOT_ALLOWED,
                lambda signer=signer: issue(VACCINATION, signer=signer, at=AT),  # type: ignore[misc]
            )


def test_an_authority_signs_no_certificates_for_people(party: Party) -> None:
    signer = KeySigner(party.sca, party.sca_key)
    refused(IssueReason.SIGNER_IS_CA, lambda: issue(VACCINATION, signer=signer, at=AT))


def test_a_signer_must_name_one_country_by_two_letters() -> None:
    for country in ("", "A1"):
        key = pki.make_authority("XA").issue_signer(country=country) if country else _without_country()
        signer = KeySigner(key.certificate_der, key.private_key)
        refused(
            IssueReason.SIGNER_NO_COUNTRY,
            lambda signer=signer: issue(VACCINATION, signer=signer, at=AT),  # type: ignore[misc]
        )


def _without_country() -> pki.SignerKey:
    return replace(pki.make_authority("XA"), country="").issue_signer()


def test_a_key_identifier_must_be_of_a_usable_length(party: Party) -> None:
    for kid in (b"", b"k" * 65):
        signer = KeySigner(party.dsc, party.dsc_key, kid=kid)
        refused(
            IssueReason.SIGNER_KID_UNUSABLE,
            lambda signer=signer: issue(VACCINATION, signer=signer, at=AT),  # type: ignore[misc]
        )
    signed = issue(VACCINATION, signer=KeySigner(party.dsc, party.dsc_key, kid=b"ABCDEFGH"), at=AT)
    assert hcert.decode(signed.text).sign1.kid == b"ABCDEFGH"


# Signers outside this process.


@pytest.mark.parametrize("kind", KeyKind)
def test_a_foreign_signer_signs(kind: KeyKind) -> None:
    device = foreign(PARTIES[kind])
    holds(issue(VACCINATION, signer=device, at=AT), PARTIES[kind])
    assert len(device.asked) == 1
    assert device.asked[0].startswith(b"\x84\x6aSignature1")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", IssueReason.SIGNATURE_UNUSABLE),
        (b"\x01" * 63, IssueReason.SIGNATURE_UNUSABLE),
        (b"\x01" * 64, IssueReason.SIGNATURE_INVALID),
        (b"\0" * 64, IssueReason.SIGNATURE_INVALID),
        (b"\xff" * 64, IssueReason.SIGNATURE_INVALID),
    ],
)
def test_a_foreign_signers_garbage_never_becomes_text(party: Party, answer: bytes, reason: IssueReason) -> None:
    refused(reason, lambda: issue(VACCINATION, signer=foreign(party, lambda _: answer), at=AT))


def test_a_foreign_signer_that_changed_its_key_is_noticed_each_time(party: Party) -> None:
    device = foreign(party)
    issue(VACCINATION, signer=device, at=AT)
    device.answer = foreign(party, key=new_private_key()).answer
    refused(IssueReason.SIGNATURE_INVALID, lambda: issue(VACCINATION, signer=device, at=AT))


def test_who_watches_a_signer_less_often_says_so(party: Party) -> None:
    device = foreign(party)
    watched = checked(device, every=1000)
    issue(VACCINATION, signer=watched, at=AT)
    device.answer = lambda _: b"\x01" * 64
    assert isinstance(watched, CheckedSigner)
    assert issue(VACCINATION, signer=watched, at=AT).kind == "eu-dcc"


def test_a_signer_that_names_another_algorithm_is_refused(party: Party) -> None:
    device = replace(foreign(party), algorithm=Algorithm.PS256)
    refused(IssueReason.ALGORITHM_OTHER_KEY, lambda: issue(VACCINATION, signer=device, at=AT), Stage.KEY)
    assert device.asked == []


def test_a_signer_without_a_certificate_is_refused(party: Party) -> None:
    device = replace(foreign(party), certificate=b"none")
    refused(IssueReason.CERTIFICATE_UNREADABLE, lambda: issue(VACCINATION, signer=device, at=AT), Stage.CERTIFICATE)


@pytest.mark.parametrize(
    "record",
    [None, {}, {"kind": "other"}, changed(VACCINATION, "vaccination.dose", 0), VACCINATION | {"payload": "d28443"}],
)
def test_nothing_is_signed_for_a_record_that_is_refused(party: Party, record: Any) -> None:
    device = foreign(party)
    error = refused(IssueReason.RECORD_INVALID, lambda: issue(record, signer=device, at=AT), Stage.RECORD)
    assert error.problems
    assert device.asked == []


def test_nothing_is_signed_for_a_group_or_a_time_that_is_refused() -> None:
    party = make_party(usages=(OID_OF["test"],))
    device = foreign(party)
    makes: tuple[Callable[[], Signed], ...] = (
        lambda: issue(VACCINATION, signer=device, at=AT),
        lambda: issue(VACCINATION, signer=device, at=START - SECOND),
        lambda: issue(ALL["test"], signer=device, at=AT, valid_for=LONG_USE),
    )
    for make in makes:
        with pytest.raises(IssueError):
            make()
    assert device.asked == []


def test_an_error_survives_the_way_between_processes(party: Party) -> None:
    with pytest.raises(IssueError) as error:
        issue({"kind": "eu-dcc"}, signer=party.signer, at=AT)
    copy = pickle.loads(pickle.dumps(error.value))  # noqa: S301 - our own bytes
    assert isinstance(copy, IssueError)
    assert (copy.stage, copy.reason, copy.problems) == (error.value.stage, error.value.reason, error.value.problems)
    assert dict(copy.detail) == dict(error.value.detail)


def test_a_short_lived_authority_leads_to_short_lived_credentials() -> None:
    """The shell model from the authority down: 40 days of SCA leave 40 days to the DSC and what it signs."""
    sca_key, key = new_private_key(), new_private_key()
    sca = create_sca(SCA_SUBJECT, key=sca_key, at=START, life=timedelta(days=40))
    dsc = create_dsc(Subject("XA", "Signer"), public_key=key.public_key(), sca=sca, sca_key=sca_key, at=AT)
    assert issue(VACCINATION, signer=KeySigner(dsc, key), at=AT).expires == START + timedelta(days=40)
