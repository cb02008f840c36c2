"""`verify`: what passes, and for each reason a certificate that differs from a good one in just that."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from credential.errors import Deviation, Reason, Stage
from credential.usage import OID_OF
from credential.wire.algorithms import Algorithm
from tests.pki import END, make_authority
from tests.verifier.scene import (
    AUTHORITY,
    DAY,
    NOW,
    OTHER_AUTHORITY,
    SECONDS,
    SIGNER,
    TRUST,
    Parts,
    dcc,
    listed,
    parts,
    trusting,
)
from trustlist import Environment, TrustSnapshot
from verifier import Outcome, Policy, Status, Verdict, verify

LAYERS = ("prefix", "base45", "inflate", "cose", "algorithm", "cwt")
CONTENT = ("signer-validity", "issued", "expiry", "claim", "schema", "usage", "revocation", "rules")
ORDER = [*LAYERS, "signer", "signature", *CONTENT]


def check(
    certificate: Parts | str, *, trust: TrustSnapshot = TRUST, at: datetime = NOW, policy: Policy | None = None
) -> Verdict:
    text = certificate if isinstance(certificate, str) else certificate.text()
    return verify(text, trust=trust, at=at, policy=policy or Policy())


def test_a_good_certificate_is_accepted() -> None:
    verdict = check(Parts())
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.reason is None
    assert verdict.kind == "eu-dcc"
    assert [found.name for found in verdict.checks] == ORDER
    assert [found.status for found in verdict.checks] == [Status.PASSED] * 14 + [Status.SKIPPED] * 2
    assert verdict.credential is not None
    assert verdict.credential.printed_name == "Mara Okoye-Lind"
    assert verdict.credential.birth_date == "1987-04-02"
    assert verdict.payload is not None
    assert verdict.payload["-260"]["1"]["v"][0]["dn"] == 2
    assert verdict.signer is not None
    assert verdict.signer.participant == "XXA"
    assert verdict.warnings == ()


def test_an_rsa_signer_is_as_good() -> None:
    signer = AUTHORITY.issue_signer(key="RSA")
    verdict = check(parts(signer=signer, algorithm=Algorithm.PS256), trust=trusting(listed((signer, AUTHORITY))))
    assert verdict.outcome is Outcome.ACCEPTED


TEST_SIGNER = AUTHORITY.issue_signer((OID_OF["test"],))
OLD_SIGNER = AUTHORITY.issue_signer(not_after=NOW - timedelta(days=1))
YOUNG_SIGNER = AUTHORITY.issue_signer(not_before=NOW + timedelta(days=1))
CA_SIGNER = AUTHORITY.issue_signer(is_ca=True)
OLD_AUTHORITY = make_authority("XA", name="Old", not_after=NOW - timedelta(days=1))
ORPHAN = OLD_AUTHORITY.issue_signer()
YOUNG_AUTHORITY = make_authority("XA", name="Young", not_before=NOW + timedelta(days=1))
EARLY = YOUNG_AUTHORITY.issue_signer()
P384 = AUTHORITY.issue_signer(key="P-384")
WEAK = AUTHORITY.issue_signer(key="RSA-1024")
IMPOSTOR = make_authority("XA")
UNSIGNED = IMPOSTOR.issue_signer()


@pytest.mark.parametrize(
    ("certificate", "trust", "stage", "status", "reason"),
    [
        pytest.param(certificate, trust, stage, status, reason, id=f"{stage}-{reason}-{number}")
        for number, (certificate, trust, stage, status, reason) in enumerate(
            [
                (parts(protected={4: SIGNER.kid}), TRUST, "algorithm", "failed", Reason.ALGORITHM_MISSING),
                (parts(algorithm=-999), TRUST, "algorithm", "failed", Reason.ALGORITHM_UNSUPPORTED),
                (parts(hcert=7), TRUST, "cwt", "failed", Reason.CWT_CLAIM_TYPE),
                (parts(protected={1: -7}), TRUST, "signer", "undetermined", Reason.KID_MISSING),
                (parts(signer=TEST_SIGNER), TRUST, "signer", "undetermined", Reason.SIGNER_UNKNOWN),
                (parts(issuer="XB"), TRUST, "signer", "failed", Reason.SIGNER_OTHER_ISSUER),
                (
                    Parts(),
                    trusting(listed((SIGNER, AUTHORITY), environment=Environment.DEVELOPMENT)),
                    "signer",
                    "undetermined",
                    Reason.SIGNER_WRONG_ENVIRONMENT,
                ),
                (
                    Parts(),
                    trusting(listed((SIGNER, AUTHORITY), created=NOW - timedelta(days=31))),
                    "signer",
                    "undetermined",
                    Reason.TRUST_LIST_STALE,
                ),
                (
                    parts(
                        algorithm=Algorithm.PS256,
                        signer=AUTHORITY.issue_signer(key="RSA"),
                        protected={1: -7, 4: SIGNER.kid},
                    ),
                    TRUST,
                    "signature",
                    "failed",
                    Reason.SIGNATURE_LENGTH,
                ),
                (
                    parts(signer=TEST_SIGNER, protected={1: -7, 4: SIGNER.kid}),
                    TRUST,
                    "signature",
                    "failed",
                    Reason.SIGNATURE_INVALID,
                ),
                (
                    parts(protected={1: -7, 4: P384.kid}),
                    trusting(listed((P384, AUTHORITY))),
                    "signature",
                    "failed",
                    Reason.KEY_ALGORITHM_MISMATCH,
                ),
                (
                    parts(
                        algorithm=Algorithm.PS256,
                        signer=AUTHORITY.issue_signer(key="RSA"),
                        protected={1: -37, 4: WEAK.kid},
                    ),
                    trusting(listed((WEAK, AUTHORITY))),
                    "signature",
                    "failed",
                    Reason.KEY_TOO_WEAK,
                ),
                (
                    parts(signer=OLD_SIGNER),
                    trusting(listed((OLD_SIGNER, AUTHORITY))),
                    "signer-validity",
                    "failed",
                    Reason.SIGNER_EXPIRED,
                ),
                (
                    parts(signer=YOUNG_SIGNER),
                    trusting(listed((YOUNG_SIGNER, AUTHORITY))),
                    "signer-validity",
                    "failed",
                    Reason.SIGNER_NOT_YET_VALID,
                ),
                (
                    parts(signer=CA_SIGNER),
                    trusting(listed((CA_SIGNER, AUTHORITY))),
                    "signer-validity",
                    "failed",
                    Reason.SIGNER_IS_CA,
                ),
                (
                    parts(issued=int(datetime(2025, 12, 31, tzinfo=UTC).timestamp())),
                    TRUST,
                    "signer-validity",
                    "failed",
                    Reason.ISSUED_BEFORE_SIGNER,
                ),
                (
                    parts(signer=ORPHAN),
                    trusting(listed((ORPHAN, AUTHORITY))),
                    "signer-validity",
                    "undetermined",
                    Reason.SCA_MISSING,
                ),
                (
                    parts(signer=ORPHAN),
                    trusting(listed((ORPHAN, OLD_AUTHORITY))),
                    "signer-validity",
                    "failed",
                    Reason.SCA_EXPIRED,
                ),
                (
                    parts(signer=EARLY),
                    trusting(listed((EARLY, YOUNG_AUTHORITY))),
                    "signer-validity",
                    "failed",
                    Reason.SCA_NOT_YET_VALID,
                ),
                (parts(issued=None), TRUST, "issued", "failed", Reason.ISSUED_MISSING),
                (parts(issued="today"), TRUST, "issued", "failed", Reason.TIME_MALFORMED),
                (parts(issued=SECONDS + DAY), TRUST, "issued", "failed", Reason.NOT_YET_ISSUED),
                (parts(more={5: SECONDS + DAY}), TRUST, "issued", "failed", Reason.NOT_YET_VALID),
                (parts(expires=None), TRUST, "expiry", "failed", Reason.EXPIRY_MISSING),
                (parts(expires=float("nan")), TRUST, "expiry", "failed", Reason.TIME_MALFORMED),
                (parts(expires=SECONDS - 1), TRUST, "expiry", "failed", Reason.EXPIRED),
                (parts(hcert=None), TRUST, "claim", "undetermined", Reason.CLAIM_MISSING),
                (parts(hcert={}), TRUST, "claim", "undetermined", Reason.CLAIM_MISSING),
                (parts(hcert={99: {}}), TRUST, "claim", "undetermined", Reason.CLAIM_UNKNOWN),
                (parts(hcert={-99: {}}), TRUST, "claim", "undetermined", Reason.CLAIM_DEVELOPMENT),
                (parts(hcert=dcc() | {99: {}}), TRUST, "claim", "failed", Reason.CLAIM_SEVERAL),
                (parts(hcert=dcc(dob="02.04.1987")), TRUST, "schema", "failed", Reason.SCHEMA_INVALID),
                (
                    parts(signer=TEST_SIGNER),
                    trusting(listed((TEST_SIGNER, AUTHORITY))),
                    "usage",
                    "failed",
                    Reason.USAGE_NOT_ALLOWED,
                ),
                (
                    Parts(),
                    trusting(listed((SIGNER, AUTHORITY), domain="IPS-PILGRIMAGE")),
                    "usage",
                    "failed",
                    Reason.USAGE_NOT_ALLOWED,
                ),
            ]
        )
    ],
)
def test_each_fault_has_its_check_and_its_reason(
    certificate: Parts, trust: TrustSnapshot, stage: str, status: str, reason: Reason
) -> None:
    verdict = check(certificate, trust=trust)
    found = verdict.check(stage)
    assert (found.status, found.reason) == (status, reason)
    assert verdict.reason is reason
    assert verdict.outcome is (Outcome.REJECTED if status == "failed" else Outcome.UNDETERMINED)
    others = [one for one in verdict.checks if one.status in {Status.FAILED, Status.UNDETERMINED} and one != found]
    assert others == []


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("", "prefix"),
        ("HELLO", "prefix"),
        ("HC2:ABC", "prefix"),
        ("HC1:", "inflate"),
        ("HC1:abc", "base45"),
        ("HC1:AAAAAA", "inflate"),
    ],
)
def test_a_layer_that_cannot_be_read_ends_the_walk(text: str, stage: str) -> None:
    verdict = check(text)
    names = [found.name for found in verdict.checks]
    assert names == ORDER
    end = names.index(Stage(stage))
    assert all(found.status is Status.PASSED for found in verdict.checks[:end])
    assert verdict.checks[end].status is Status.FAILED
    assert {(found.status, found.reason) for found in verdict.checks[end + 1 :]} == {
        (Status.SKIPPED, Reason.NOT_REACHED)
    }
    assert verdict.outcome is Outcome.REJECTED
    assert verdict.kind is None


def test_once_the_signature_holds_every_fault_is_shown() -> None:
    certificate = parts(signer=TEST_SIGNER, expires=SECONDS - 1, hcert=dcc(dob=None))
    verdict = check(certificate, trust=trusting(listed((TEST_SIGNER, AUTHORITY))))
    assert [found.name for found in verdict.checks if found.status is Status.FAILED] == ["expiry", "schema"]
    wrong_usage = parts(signer=TEST_SIGNER, expires=SECONDS - 1)
    verdict = check(wrong_usage, trust=trusting(listed((TEST_SIGNER, AUTHORITY))))
    assert [found.name for found in verdict.checks if found.status is Status.FAILED] == ["expiry", "usage"]
    assert verdict.reason is Reason.EXPIRED


def test_a_failure_outweighs_what_is_undecided() -> None:
    stale = trusting(listed((SIGNER, AUTHORITY), created=NOW - timedelta(days=400)))
    verdict = check(parts(expires=SECONDS - 1), trust=stale)
    assert verdict.outcome is Outcome.REJECTED
    assert verdict.reason is Reason.EXPIRED


@pytest.mark.parametrize(
    "certificate", [parts(issuer="XB"), parts(signer=TEST_SIGNER, protected={1: -7, 4: SIGNER.kid})]
)
def test_nothing_of_the_person_is_shown_before_the_signature_holds(certificate: Parts) -> None:
    verdict = check(certificate)
    assert verdict.credential is None
    assert verdict.payload is None
    assert "Okoye" not in json.dumps(verdict.to_dict())
    assert "Okoye" not in repr(verdict.checks)


def test_every_key_with_the_kid_is_tried() -> None:
    kid = SIGNER.kid
    decoys = listed((TEST_SIGNER, AUTHORITY), (P384, AUTHORITY), kid=kid)
    verdict = check(Parts(), trust=trusting(decoys, listed((SIGNER, AUTHORITY))))
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.signer is not None
    assert verdict.signer.certificate == SIGNER.certificate_der


def test_of_several_failures_the_most_telling_is_named() -> None:
    decoys = listed((P384, AUTHORITY), (TEST_SIGNER, AUTHORITY), kid=SIGNER.kid)
    assert check(Parts(), trust=trusting(decoys)).reason is Reason.SIGNATURE_INVALID


def test_a_key_listed_for_two_domains_counts_for_the_right_one() -> None:
    wrong, right = listed((SIGNER, AUTHORITY), domain="PH4H"), listed((SIGNER, AUTHORITY), domain="DCC")
    for lists in ((wrong, right), (right, wrong)):
        verdict = check(Parts(), trust=trusting(*lists))
        assert verdict.outcome is Outcome.ACCEPTED
        assert verdict.signer is not None
        assert verdict.signer.domain == "DCC"


def test_another_participant_with_the_same_kid_is_never_asked() -> None:
    foreign = OTHER_AUTHORITY.issue_signer()
    both = trusting(listed((foreign, OTHER_AUTHORITY), participant="XXB", kid=SIGNER.kid), listed((SIGNER, AUTHORITY)))
    assert check(Parts(), trust=both).outcome is Outcome.ACCEPTED
    forged = parts(signer=foreign, protected={1: -7, 4: SIGNER.kid})
    assert check(forged, trust=both).reason is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("issuer", ["XA", "XXA", "xa", " XA "])
def test_the_issuer_may_be_named_by_any_of_its_codes(issuer: str) -> None:
    assert check(parts(issuer=issuer)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("issuer", [None, "Ministry of Health"])
def test_an_issuer_that_names_no_code_sets_no_bounds(issuer: str | None) -> None:
    verdict = check(parts(issuer=issuer))
    assert verdict.outcome is Outcome.ACCEPTED
    assert (Deviation.ISSUER_NOT_A_CODE in verdict.warnings) is (issuer is not None)


def test_a_pinned_certificate_is_trusted_as_it_is() -> None:
    pinned = TrustSnapshot.from_certificates([SIGNER.certificate_der])
    assert check(Parts(), trust=pinned).outcome is Outcome.ACCEPTED
    assert check(Parts(), trust=pinned, at=END + timedelta(seconds=1)).check("signer-validity").reason is (
        Reason.SIGNER_EXPIRED
    )


def test_a_pinned_certificate_with_its_sca_beside_it_is_checked_against_it() -> None:
    with_old = TrustSnapshot.from_certificates([ORPHAN.certificate_der, OLD_AUTHORITY.certificate_der])
    assert check(parts(signer=ORPHAN), trust=with_old).reason is Reason.SCA_EXPIRED


def test_deviations_are_warnings_and_not_failures() -> None:
    certificate = parts(
        protected={1: -7}, unprotected={4: SIGNER.kid}, issued=float(SECONDS - DAY), expires=int(END.timestamp()) + DAY
    )
    verdict = check(" " + certificate.text() + "\n")
    assert verdict.outcome is Outcome.ACCEPTED
    assert set(verdict.warnings) == {
        Deviation.SURROUNDING_SPACE,
        Deviation.KID_UNPROTECTED,
        Deviation.TIME_FLOAT,
        Deviation.EXPIRY_AFTER_SIGNER,
    }


@pytest.mark.parametrize(
    ("shift", "outcome"),
    [(-1, Outcome.ACCEPTED), (0, Outcome.ACCEPTED), (60, Outcome.ACCEPTED), (61, Outcome.REJECTED)],
)
def test_a_clock_that_is_behind_is_forgiven_within_the_skew(shift: int, outcome: Outcome) -> None:
    assert check(parts(issued=SECONDS + shift)).outcome is outcome


@pytest.mark.parametrize(("left", "outcome"), [(0, Outcome.ACCEPTED), (-1, Outcome.REJECTED)])
def test_expiry_is_never_stretched(left: int, outcome: Outcome) -> None:
    assert check(parts(expires=SECONDS + left)).outcome is outcome


def test_a_claim_of_never_ending_counts_as_an_expiry() -> None:
    verdict = check(parts(expires=9_223_372_036_854_775))
    assert verdict.outcome is Outcome.ACCEPTED
    assert Deviation.TIME_ENDLESS in verdict.warnings


def test_entry_asks_for_what_is_not_there_yet_and_says_so() -> None:
    verdict = check(Parts(), policy=Policy.entry(country="xb"))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert verdict.reason is Reason.REVOCATION_DATA_MISSING
    assert verdict.check("rules").reason is Reason.RULES_MISSING
    assert verdict.policy == "entry-XB"


def test_a_policy_can_refuse_an_algorithm() -> None:
    only_rsa = Policy(name="rsa", algorithms=frozenset({Algorithm.PS256}))
    assert check(Parts(), policy=only_rsa).reason is Reason.ALGORITHM_NOT_ACCEPTED


def test_a_policy_can_accept_test_networks_by_an_ugly_name() -> None:
    development = trusting(listed((SIGNER, AUTHORITY), environment=Environment.DEVELOPMENT))
    assert check(Parts(), trust=development, policy=Policy.unsafe_any_environment()).outcome is Outcome.ACCEPTED


def test_a_list_signed_by_the_wrong_authority_is_no_chain() -> None:
    verdict = check(parts(signer=UNSIGNED), trust=trusting(listed((UNSIGNED, AUTHORITY))))
    assert verdict.outcome is not Outcome.ACCEPTED
    assert verdict.check("signer-validity").reason in {Reason.SCA_MISSING, Reason.SCA_SIGNATURE_INVALID}


def test_a_naive_clock_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="timezone-aware"):
        verify("HC1:", trust=TRUST, at=NOW.replace(tzinfo=None))


def test_the_verdict_as_json_is_complete_and_plain() -> None:
    shown = check(Parts()).to_dict()
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    assert shown["outcome"] == "accepted"
    assert shown["at"] == "2026-11-22T12:00:00Z"
    assert shown["signer"]["kid"] == SIGNER.kid.hex()
    assert shown["trust"] == {"environment": "production", "created": "2026-11-21T12:00:00Z"}
    assert shown["payload"]["-260"]["1"]["dob"] == "1987-04-02"


def test_a_nan_on_the_wire_does_not_reach_the_json() -> None:
    shown = check(parts(expires=float("nan"))).to_dict()
    assert json.dumps(shown, allow_nan=False)
