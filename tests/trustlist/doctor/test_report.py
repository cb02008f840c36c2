"""What a report says: facts of a finding, counts, order, JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from credential.wire.x509_problem import CertificateProblem
from tests.credential.wire.der_parts import Parts
from tests.pki import make_authority
from tests.trustlist.doctor import lists
from tests.trustlist.doctor.lists import DAY, Sample, authority, clean, signed_by
from tests.trustlist.doctor.pairs import PAIRS
from tests.trustlist.parts import AT, entry, listed, sca
from trustlist import KeyUsage, ListReason, RejectedEntry, TrustSnapshot
from trustlist.account import EntryStatus
from trustlist.doctor import Finding, FindingKind, Report, Severity, examine
from trustlist.doctor.figures import STATE_SERIES, USAGE_SERIES
from trustlist.freshness import Freshness


def only(report: Report, kind: FindingKind) -> Finding:
    (finding,) = report.of_kind(kind)
    return finding


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (FindingKind.EXPIRED, {"not_after": int(AT.timestamp()) - 1}),
        (FindingKind.EXPIRES_WITHIN_30_DAYS, {"not_after": int(AT.timestamp())}),
        (FindingKind.ODD_CURVE, {"key": "P-384"}),
        (FindingKind.WEAK_KEY, {"key": "RSA 1024"}),
        (FindingKind.SHORT_KEY, {"key": "RSA 2048"}),
        (FindingKind.WEAK_SIGNATURE, {"hash": "sha1"}),
        (FindingKind.ORPHANED, {"issuer": "CN=SCA,C=XA"}),
        (FindingKind.LIFE_TOO_LONG, {"days": 748, "years_allowed": 2}),
        (FindingKind.WRONG_USAGE_ARC, {"purposes": "1.3.6.1.4.1.0.1847.2021.1.1"}),
        (FindingKind.KEY_USAGE_WRONG, {"says": None}),
        (FindingKind.COUNTRY_OTHER, {"country": "XB"}),
        (FindingKind.TEST_PARTICIPANT, {"evidence": "code", "subject": "CN=SCA,C=XH"}),
        (FindingKind.BROKEN_ENTRY, {"reason": "certificate-unreadable"}),
        (FindingKind.PRIVATE_KEY_PUBLISHED, {"reason": "key-private-published"}),
        (FindingKind.LIST_REFUSED, {"reason": "proof-invalid"}),
        (FindingKind.SOURCE_OTHER_ENVIRONMENT, {"environment": "production", "named": "development"}),
        (FindingKind.LIST_STALE, {"created": "2026-10-22"}),
        (FindingKind.LIST_EXPIRED, {"expired": "2026-11-21"}),
    ],
)
def test_a_finding_brings_its_facts(kind: FindingKind, detail: dict[str, object]) -> None:
    finding = PAIRS[kind][0].bad().examine().of_kind(kind)[0]
    assert dict(finding.detail) == detail


def test_an_outliving_signer_brings_both_ends() -> None:
    finding = only(lists.outliving().examine(), FindingKind.OUTLIVES_AUTHORITY)
    ends = {"not_after": AT + 201 * DAY, "authority_not_after": AT + 200 * DAY}
    assert dict(finding.detail) == {name: int(end.timestamp()) for name, end in ends.items()}


def test_an_sca_that_lasts_longer_is_enough() -> None:
    """A renewed SCA with the same key issued the signer as well."""
    old = make_authority(not_after=AT - DAY)
    renewed = make_authority(private_key=old.private_key)
    report = Sample(listed(sca(old), sca(renewed), entry(old.issue_signer()))).examine()
    assert {finding.kind for finding in report.findings} == {FindingKind.EXPIRED, FindingKind.SAME_KEY}


def test_a_finding_names_its_place() -> None:
    der = authority().issue_signer(not_after=AT - DAY).certificate_der
    expired = entry(der, position="verificationMethod[41]", domain="PH4H")
    finding = only(signed_by(expired).examine(), FindingKind.EXPIRED)
    assert (finding.source, finding.position) == ("did:web:list.example", "verificationMethod[41]")
    assert (finding.participant, finding.kid, finding.usage) == ("XXA", expired.kid.hex(), KeyUsage.DSC)
    assert finding.severity is Severity.WARNING


def test_what_stands_twice_is_one_finding_with_every_place() -> None:
    key = authority().issue_signer(is_ca=True)
    entries = [entry(key, position=f"verificationMethod[{n}]", usage=usage) for n, usage in enumerate(KeyUsage)]
    finding = only(Sample(listed(*entries)).examine(), FindingKind.TWO_USAGES)
    assert finding.position == "verificationMethod[0]"
    assert finding.detail["count"] == len(KeyUsage)
    assert finding.detail["usages"] == "DECA DESC DSC SCA TLS UP"
    assert finding.detail["participants"] == "XXA"
    assert str(finding.detail["positions"]).split() == [each.position for each in entries]


def test_a_certificate_in_two_domains_is_nothing_wrong() -> None:
    key = authority().issue_signer()
    assert signed_by(entry(key), entry(key, domain="PH4H")).examine().findings == ()


def test_counts_are_of_everything_and_of_all_entries() -> None:
    broken = RejectedEntry("verificationMethod[9]", "kid", "XXB", ListReason.KEY_MALFORMED)
    expired = authority().issue_signer(not_after=AT - DAY)
    sample = signed_by(authority().issue_signer(key="RSA"), expired, rejected=[broken])
    counts = sample.examine().counts
    assert (counts.entries, counts.rejected, counts.kids, counts.certificates) == (4, 1, 3, 3)
    assert counts.participants == (("XXA", 3), ("XXB", 1))
    assert counts.usages == (("DSC", 2), ("-", 1), ("SCA", 1))
    assert counts.domains == (("DCC", 3), ("-", 1))
    assert counts.keys == (("P-256", 2), ("RSA 2048", 1))
    assert counts.states == (("authority", 1), ("broken", 1), ("expired", 1), ("usable", 1))
    assert counts.expired == (("DSC", 1),)
    assert counts.expiry_months == (("2026-11", (("DSC", 1),)), ("2028-01", (("DSC", 1),)), ("2030-01", (("SCA", 1),)))
    assert counts.participant_states[1] == ("XXB", (("broken", 1),))


def test_a_bare_key_is_counted_without_certificate_and_dates() -> None:
    counts = PAIRS[FindingKind.ODD_CURVE][1].good().examine().counts
    assert (counts.entries, counts.kids, counts.certificates) == (1, 1, 0)
    assert (counts.keys, counts.expiry_months) == ((("P-256", 1),), ())


def test_slips_of_encoding_are_counted_and_no_findings() -> None:
    old = Parts(version=b"").der()
    report = signed_by(old, old, authority().issue_signer()).examine()
    assert report.counts.peculiarities == ((CertificateProblem.VERSION.value, 2),)
    weak = lists.weakly_signed().examine()
    assert weak.counts.peculiarities == ()
    assert FindingKind.WEAK_SIGNATURE in {finding.kind for finding in weak.findings}


def test_the_gravest_stand_first_and_entries_in_the_order_of_the_list() -> None:
    expired = [
        entry(authority().issue_signer(not_after=AT - DAY), position=f"verificationMethod[{number}]")
        for number in range(3)
    ]
    weak = entry(authority().issue_signer(key="RSA-1024", not_after=AT - DAY), position="verificationMethod[3]")
    report = signed_by(*expired, weak).examine()
    assert [(finding.kind, finding.position[-2]) for finding in report.findings] == [
        (FindingKind.WEAK_KEY, "3"),
        *((FindingKind.EXPIRED, str(number)) for number in range(4)),
    ]
    assert report.severities() == (("serious", 1), ("warning", 4), ("notice", 0))
    assert [kind for kind, _ in report.kinds()] == [FindingKind.WEAK_KEY, FindingKind.EXPIRED]
    assert report.is_serious


def test_warnings_alone_are_not_serious() -> None:
    report = PAIRS[FindingKind.EXPIRED][0].bad().examine()
    assert report.findings
    assert not report.is_serious


def test_an_empty_list_is_examined() -> None:
    report = Sample(listed()).examine()
    assert report.findings == ()
    assert report.counts.entries == 0


def test_any_time_zone_names_the_same_moment() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=13)))
    there, here = examine(clean().trust, at=elsewhere), examine(clean().trust, at=AT)
    assert there.counts.states == here.counts.states
    assert there.findings == here.findings


def test_pinned_certificates_have_no_age_and_no_orphans() -> None:
    trust = TrustSnapshot.from_certificates([authority().issue_signer().certificate_der])
    report = examine(trust, at=AT)
    assert (report.findings, report.age, report.freshness) == ((), None, Freshness.UNDATED)


def test_the_json_form_is_plain_and_complete() -> None:
    broken = RejectedEntry("verificationMethod[9]", "kid", "XXB", ListReason.KEY_MALFORMED)
    expired = authority().issue_signer(not_after=datetime(2026, 11, 1, tzinfo=UTC))
    report = Sample(listed(sca(authority()), entry(expired), rejected=[broken])).examine()
    values = json.loads(json.dumps(report.to_dict()))
    assert values == {
        "form": 1,
        "at": "2026-11-22T12:00:00+00:00",
        "environment": "private",
        "sources": [
            {
                "name": "did:web:list.example",
                "kind": "did-v2-embedded",
                "environment": "private",
                "created": "2026-11-20T00:00:00+00:00",
                "expires": None,
                "verified": True,
                "entries": 3,
            }
        ],
        "age_seconds": 216000,
        "freshness": "fresh",
        "severities": {"serious": 0, "warning": 2, "notice": 0},
        "kinds": {"expired": 1, "broken-entry": 1},
        "counts": {
            "entries": 3,
            "rejected": 1,
            "kids": 2,
            "certificates": 2,
            "participants": {"XXA": 2, "XXB": 1},
            "domains": {"DCC": 2, "-": 1},
            "usages": {"-": 1, "DSC": 1, "SCA": 1},
            "keys": {"P-256": 2},
            "states": {"authority": 1, "broken": 1, "expired": 1},
            "expired": {"DSC": 1},
            "peculiarities": {},
            "participant_states": {"XXA": {"authority": 1, "expired": 1}, "XXB": {"broken": 1}},
            "expiry_months": {"2026-11": {"DSC": 1}, "2030-01": {"SCA": 1}},
        },
        "findings": [
            {
                "kind": "expired",
                "severity": "warning",
                "source": "did:web:list.example",
                "position": "verificationMethod[0]",
                "participant": "XXA",
                "kid": expired.kid.hex(),
                "usage": "DSC",
                "detail": {"not_after": int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())},
            },
            {
                "kind": "broken-entry",
                "severity": "warning",
                "source": "did:web:list.example",
                "position": "verificationMethod[9]",
                "participant": "XXB",
                "kid": "kid",
                "usage": None,
                "detail": {"reason": "key-malformed"},
            },
        ],
    }


@pytest.mark.parametrize("kind", FindingKind)
def test_every_finding_has_a_json_form(kind: FindingKind) -> None:
    values = PAIRS[kind][0].bad().examine().to_dict()
    assert kind.value in json.loads(json.dumps(values))["kinds"]


def test_every_usage_and_every_state_can_be_drawn() -> None:
    assert {series.name for series in USAGE_SERIES} == {usage.value for usage in KeyUsage}
    assert {series.name for series in STATE_SERIES} == {status.value for status in EntryStatus}
