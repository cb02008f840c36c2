"""Each kind of finding is found where it is, and nowhere else."""

from __future__ import annotations

import pytest

from tests.trustlist.doctor.lists import clean
from tests.trustlist.doctor.pairs import PAIRS, Pair
from trustlist.doctor import FindingKind, Severity
from trustlist.doctor.findings import SEVERITY_OF

PAIRS_OF_KINDS = [
    pytest.param(kind, pair, id=f"{kind}-{number}") for kind in PAIRS for number, pair in enumerate(PAIRS[kind])
]


@pytest.mark.parametrize("kind", FindingKind)
def test_there_is_a_list_for_every_kind(kind: FindingKind) -> None:
    assert PAIRS[kind]


@pytest.mark.parametrize(("kind", "pair"), PAIRS_OF_KINDS)
def test_a_list_with_it_has_that_finding(kind: FindingKind, pair: Pair) -> None:
    report = pair.bad().examine()
    assert {finding.kind for finding in report.findings} == {kind} | pair.along
    assert all(finding.source and finding.position for finding in report.findings)


@pytest.mark.parametrize(("kind", "pair"), PAIRS_OF_KINDS)
def test_its_twin_has_none(kind: FindingKind, pair: Pair) -> None:
    report = pair.good().examine()
    assert report.findings == ()
    assert not report.is_serious


def test_a_clean_list_has_no_findings() -> None:
    report = clean().examine()
    assert report.findings == ()
    assert report.counts.entries == 2


def test_kinds_are_written_in_the_order_of_their_severity() -> None:
    severities = [SEVERITY_OF[kind] for kind in FindingKind]
    assert severities == sorted(severities, key=tuple(Severity).index)
    assert set(severities) == set(Severity)
