"""The page about findings says of each one what the program says."""

from __future__ import annotations

import pytest

from tests.docs.pages import Row, rows
from tests.reasons_given import ROOT
from trustlist.doctor import FindingKind, Severity
from trustlist.doctor.findings import SEVERITY_OF
from trustlist.doctor.key_checks import LATER_DAYS, SOON_DAYS
from trustlist.doctor.messages import words

PAGE = ROOT / "docs" / "trust-doctor.md"
HEADINGS = {Severity.SERIOUS: "## Serious findings", Severity.WARNING: "## Warnings", Severity.NOTICE: "## Notices"}


def row_of(kind: FindingKind) -> Row:
    (row,) = (row for row in rows(PAGE) if row.cells["Code"] == f"`{kind}`")
    return row


@pytest.mark.parametrize("kind", FindingKind)
def test_every_finding_is_explained_as_it_is_shown(kind: FindingKind) -> None:
    cells = row_of(kind).cells
    assert (cells["Finding"], cells["What it means"], cells["What to do"]) == words(kind)


@pytest.mark.parametrize("kind", FindingKind)
def test_every_finding_stands_under_its_severity(kind: FindingKind) -> None:
    above = PAGE.read_text("utf-8").splitlines()[: row_of(kind).line]
    (heading,) = [line for line in above if line.startswith("## ")][-1:]
    assert heading == HEADINGS[SEVERITY_OF[kind]]


def test_no_finding_is_explained_that_there_is_not() -> None:
    assert [row.cells["Code"] for row in rows(PAGE)] == [f"`{kind}`" for kind in FindingKind]


def test_days_in_the_names_of_findings_are_those_that_count() -> None:
    assert FindingKind.EXPIRES_WITHIN_30_DAYS.value == f"expires-within-{SOON_DAYS}-days"
    assert FindingKind.EXPIRES_WITHIN_90_DAYS.value == f"expires-within-{LATER_DAYS}-days"
