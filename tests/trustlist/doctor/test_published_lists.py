"""The network's published lists, examined as of 2026-11-22.

The numbers of the tables are those of an independent survey of the same lists ("Counts" and "Peculiarities" of the
network's dossier, measured with `cryptography` on 2026-11-22); where ours differ, the test says why.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from tests.conftest import Report as Agreement
from tests.trustlist.did_lists import dev_key, prod_key
from trustlist import EntryStatus, PinnedKey, TrustSnapshot, load_trust
from trustlist.doctor import FindingKind, Report, examine
from trustlist.doctor.store import read_references, read_tree

pytestmark = pytest.mark.corpus

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
PUBLISHED = datetime(2026, 8, 22, 18, tzinfo=UTC)
LARGEST = {
    "dev": [("XXV", 27), ("XXA", 14), ("XXU", 11), ("CHL", 8)],
    "prod": [("FRA", 114), ("NLD", 76), ("ESP", 53), ("NZL", 40), ("MLT", 39)],
}


def tree(corpora: Path, name: str) -> Path:
    return corpora / "trust-lists" / name / "v2"


def key_of(corpora: Path, name: str) -> PinnedKey:
    return dev_key(corpora) if name == "dev" else prod_key()


def load(corpora: Path, name: str) -> TrustSnapshot:
    return load_trust(tree(corpora, name) / "trustlist" / "did.json", key=key_of(corpora, name))


@pytest.fixture(scope="module")
def production(corpora: Path) -> TrustSnapshot:
    return load(corpora, "prod")


@pytest.fixture(scope="module")
def prod(production: TrustSnapshot) -> Report:
    return examine(production, at=TODAY)


@pytest.fixture(scope="module")
def dev(corpora: Path) -> Report:
    return examine(load(corpora, "dev"), at=TODAY)


def kinds(report: Report) -> dict[FindingKind, int]:
    return {kind: len(found) for kind, found in report.kinds()}


def test_the_table_of_counts_is_that_of_the_survey(prod: Report, dev: Report, agreement: Agreement) -> None:
    survey = {
        "production": {
            "entries": 501,
            "kids": 501,
            "participants": 36,
            "usages": {"DSC": 438, "SCA": 61, "DECA": 2},
            "domains": {"DCC": 501},
            "P-256": 473,
            "other curves": {"P-384": 3, "P-521": 1},
            "RSA": 24,
            "expired": {"DSC": 292, "SCA": 25},
            "shell-valid": 144,
        },
        "development": {
            "entries": 255,
            "kids": 254,
            "participants": 58,
            "usages": {"SCA": 139, "DSC": 109, "DECA": 4, "DESC": 3},
            "domains": {"PH4H": 139, "DCC": 90, "RACSEL-DDVC": 19, "IPS-PILGRIMAGE": 4, "DDCC": 2, "IPS": 1},
            "P-256": 251,
            "other curves": {"P-384": 2},
            "RSA": 2,
            "expired": {"DSC": 46, "SCA": 3},
            # 57 with the issuer in x5c; one of these is signed with SHA-1, and six more have their SCA elsewhere
            "shell-valid": 57 - 1 + 6,
        },
    }
    ours = {"production": table(prod), "development": table(dev)}
    rows = [(name, row) for name, rows in survey.items() for row in rows]
    agreed = [(name, row) for name, row in rows if ours[name][row] == survey[name][row]]
    agreement("rows of counts of the published lists as an independent survey has them", len(agreed), len(rows))
    assert ours == survey


def table(report: Report) -> dict[str, object]:
    """The rows of the survey's table, from a report."""
    counts, keys = report.counts, dict(report.counts.keys)
    rsa = sum(count for name, count in keys.items() if name.startswith("RSA"))
    return {
        "entries": counts.entries,
        "kids": counts.kids,
        "participants": len(counts.participants),
        "usages": dict(counts.usages),
        "domains": dict(counts.domains),
        "P-256": keys.pop("P-256"),
        "other curves": {name: count for name, count in keys.items() if not name.startswith("RSA")},
        "RSA": rsa,
        "expired": dict(counts.expired),
        "shell-valid": dict(counts.states)[EntryStatus.USABLE.value],
    }


def test_the_largest_participants_are_those_of_the_survey(prod: Report, dev: Report) -> None:
    assert list(prod.counts.participants[:5]) == LARGEST["prod"]
    assert list(dev.counts.participants[:4]) == LARGEST["dev"]


def test_what_was_over_already_when_the_list_was_published(corpora: Path, production: TrustSnapshot) -> None:
    assert len(examine(production, at=PUBLISHED).of_kind(FindingKind.EXPIRED)) == 314
    assert len(examine(load(corpora, "dev"), at=PUBLISHED).of_kind(FindingKind.EXPIRED)) == 20


def test_months_and_states_add_up(prod: Report, dev: Report) -> None:
    for report, entries in ((prod, 501), (dev, 255)):
        assert sum(count for _, tally in report.counts.expiry_months for _, count in tally) == entries
        assert sum(count for _, tally in report.counts.participant_states for _, count in tally) == entries
        assert sum(count for _, count in report.counts.states) == entries


def test_everything_that_is_wrong_with_the_production_list(prod: Report) -> None:
    assert kinds(prod) == {
        FindingKind.TEST_PARTICIPANT: 10,
        FindingKind.WEAK_SIGNATURE: 5,
        FindingKind.LIST_STALE: 1,
        FindingKind.EXPIRED: 317,
        FindingKind.AUTHORITY_EXPIRED: 2,
        FindingKind.OUTLIVES_AUTHORITY: 5,
        FindingKind.LIFE_TOO_LONG: 145,
        FindingKind.WRONG_USAGE_ARC: 133,
        FindingKind.KEY_USAGE_WRONG: 8,
        FindingKind.AUTHORITY_NOT_CA: 1,
        FindingKind.EXPIRES_WITHIN_90_DAYS: 2,
        FindingKind.PRIVATE_KEY_OVER: 129,
        FindingKind.OTHER_PURPOSES: 54,
        FindingKind.SHORT_KEY: 2,
        FindingKind.SAME_KEY: 1,
    }
    assert prod.is_serious


def test_everything_that_is_wrong_with_the_development_list(dev: Report) -> None:
    """No key is of a curve that signers must not have, except two P-384; nobody is a test participant there."""
    assert kinds(dev) == {
        FindingKind.WEAK_SIGNATURE: 1,
        FindingKind.SIGNER_IS_CA: 1,
        FindingKind.LIST_STALE: 1,
        FindingKind.EXPIRED: 49,
        FindingKind.OUTLIVES_AUTHORITY: 2,
        FindingKind.LIFE_TOO_LONG: 3,
        FindingKind.ODD_CURVE: 2,
        FindingKind.KEY_USAGE_WRONG: 5,
        FindingKind.TWO_USAGES: 1,
        FindingKind.PRIVATE_KEY_OVER: 1,
        FindingKind.OTHER_PURPOSES: 1,
        FindingKind.KID_NOT_HASH: 1,
    }


def test_the_test_participant_in_production_is_found(prod: Report) -> None:
    found = prod.of_kind(FindingKind.TEST_PARTICIPANT)
    assert {finding.participant for finding in found} == {"XXH"}
    assert all("OU=R&D,O=WHO" in str(finding.detail["subject"]) for finding in found)
    assert dict(dict(prod.counts.participant_states)["XXH"])[EntryStatus.USABLE.value] == 5


def test_signatures_with_sha1_are_those_of_the_survey(prod: Report, dev: Report) -> None:
    found = prod.of_kind(FindingKind.WEAK_SIGNATURE)
    assert Counter(finding.participant for finding in found) == {"IRL": 4, "TUR": 1}
    assert {finding.detail["hash"] for finding in (*found, *dev.of_kind(FindingKind.WEAK_SIGNATURE))} == {"sha1"}


def test_mistyped_usages_are_those_of_the_survey_and_two_that_it_could_not_read(
    production: TrustSnapshot, prod: Report
) -> None:
    """The survey counts 131 signers with the mistyped arc and 52 with other purposes alone. It read extensions with
    `cryptography`, which refuses those of 12 certificates: two of them have the one, two the other."""
    unread = {key.position for key in tuple(production.keys()) if not readable_elsewhere(key.certificate)}
    assert len(unread) == 12
    for kind, survey in ((FindingKind.WRONG_USAGE_ARC, 131), (FindingKind.OTHER_PURPOSES, 52)):
        found = {finding.position for finding in prod.of_kind(kind)}
        assert len(found - unread) == survey
        assert len(found & unread) == 2


def readable_elsewhere(der: bytes) -> bool:
    """Whether `cryptography` reads the extensions of a certificate."""
    try:
        return x509.load_der_x509_certificate(der).extensions is not None
    except ValueError:
        return False


def test_the_peculiarities_are_the_twelve_that_others_cannot_read_and_four_of_version_one(prod: Report) -> None:
    assert dict(prod.counts.peculiarities) == {
        "basic-constraints-false-written": 10,
        "basic-constraints-path-without-ca": 2,
        "version": 4,
    }


def test_the_certificate_listed_twice_is_found_and_explains_the_missing_kid(dev: Report) -> None:
    (finding,) = dev.of_kind(FindingKind.TWO_USAGES)
    assert (finding.participant, finding.detail["usages"], finding.detail["count"]) == ("NIC", "DSC SCA", 2)
    assert dev.counts.certificates == dev.counts.kids == 254


def test_signers_under_an_expired_sca_are_those_of_one_participant(prod: Report) -> None:
    for kind in (FindingKind.AUTHORITY_EXPIRED, FindingKind.OUTLIVES_AUTHORITY):
        assert {finding.participant for finding in prod.of_kind(kind)} == {"LTU"}


def test_the_production_reference_list_leads_to_the_development_list(corpora: Path) -> None:
    path = tree(corpora, "prod") / "trustlist-ref" / "did.json"
    trust = load_trust(path, key=prod_key())
    report = examine(trust, at=PUBLISHED, references=read_references(path, prod_key()))
    (finding,) = report.findings
    assert finding.kind is FindingKind.REFERENCE_OTHER_ENVIRONMENT
    assert finding.position == "did:web:tng-cdn-dev.who.int:trustlist"


def test_references_of_the_development_tree_that_lead_nowhere(corpora: Path, agreement: Agreement) -> None:
    """The survey has 3 or 4 dangling references in each environment (XYK), and links to a host that is an example's;
    the older list of the same host lies beside the tree, and cannot be verified."""
    trees = read_tree(tree(corpora, "dev").parent, dev_key(corpora))
    assert (len(trees.lists), [each.name for each in trees.refused]) == (884, ["trustlist/did.json"])
    report = examine(load(corpora, "dev"), at=TODAY, references=trees.lists, known=trees.known, refused=trees.refused)
    links = sum(len(each.links) for each in trees.lists)
    found = kinds(report)
    bad = found[FindingKind.REFERENCE_DANGLING] + found[FindingKind.REFERENCE_FOREIGN_HOST]
    agreement("references of the development tree that lead to a list of it", links - bad, links)
    assert links == 728
    names = {finding.position.rpartition(":")[2] for finding in report.of_kind(FindingKind.REFERENCE_DANGLING)}
    assert (found[FindingKind.REFERENCE_DANGLING], names) == (3, {"XYK", "URY"})
    hosts = {finding.position for finding in report.of_kind(FindingKind.REFERENCE_FOREIGN_HOST)}
    assert (found[FindingKind.REFERENCE_FOREIGN_HOST], hosts) == (4, {"did:web:example.com"})
    assert FindingKind.REFERENCE_OTHER_ENVIRONMENT not in found
    empty = {finding.source.rpartition(":")[2] for finding in report.of_kind(FindingKind.LIST_EMPTY)}
    assert (found[FindingKind.LIST_EMPTY], empty) == (4, {"WHO", "DEU"})
    assert found[FindingKind.LIST_REFUSED] == 1
