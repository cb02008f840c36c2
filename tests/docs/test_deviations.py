"""The page of deviations is that of the code."""

from __future__ import annotations

from credential.errors import Deviation
from tests.docs.pages import rows
from tests.reasons_given import ROOT, mentioned

PAGE = ROOT / "docs" / "deviations.md"


def test_every_deviation_has_one_row_in_the_order_of_the_code() -> None:
    given = [deviation for deviation in Deviation if f"Deviation.{deviation.name}" in mentioned()]
    assert [row.cells["Deviation"] for row in rows(PAGE)] == [f"`{deviation}`" for deviation in given]


def test_a_deviation_that_is_never_given_is_said_to_be_so() -> None:
    reserved = [deviation for deviation in Deviation if f"Deviation.{deviation.name}" not in mentioned()]
    (_, _, said) = PAGE.read_text("utf-8").partition("## Not given yet")
    assert reserved == [Deviation.HCERT_AT_ROOT]
    assert all(f"`{deviation}`" in said for deviation in reserved)
