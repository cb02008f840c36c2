"""The page on refused lists has every reason that can stop an update, once, with what to do about it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.docs.pages import Row, rows
from tests.docs.reasons import groups
from tests.reasons_given import ROOT, givings
from trustlist.errors import ListReason
from trustlist.freshness import AGEING_AFTER, STALE_AFTER
from trustlist.update import UpdatePolicy

PAGE = ROOT / "docs" / "trust-list-refusals.md"
TEXT = PAGE.read_text("utf-8")
ROWS = [row for row in rows(PAGE) if "Reason" in row.cells]
TOLD = [row.cells["Reason"].strip("`") for row in ROWS]
WHOLE_GROUPS = ("a DID document", "the proof", "an address", "an update", "the folder")
"""Beginnings of the headings in `trustlist/errors.py` whose reasons an update can give."""
PLACES = ("trustlist/update/", "trustlist/fetch.py", "trustlist/file_lock.py", "trustlist/did_web.py")


def test_reasons_are_those_of_the_code_and_each_is_told_once() -> None:
    assert set(TOLD) <= {reason.value for reason in ListReason}
    assert [reason for reason, times in Counter(TOLD).items() if times > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.cells["Reason"].strip("`"))
def test_each_says_what_happened_and_what_to_do(row: Row) -> None:
    cells = [text for name, text in row.cells.items() if name != "Reason"]
    assert len(cells) == 2
    assert all(text.endswith(".") for text in cells)


@pytest.mark.parametrize("heading", WHOLE_GROUPS)
def test_every_reason_of_an_update_is_told(heading: str) -> None:
    (reasons,) = (found for name, found in groups(ListReason) if name.startswith(heading))
    assert {reason.value for reason in reasons} <= set(TOLD)


def test_every_reason_that_the_code_of_an_update_gives_is_told() -> None:
    given = {each.reason.removeprefix("ListReason.") for each in givings() if each.place.startswith(PLACES)}
    assert len(given) > 25
    assert {ListReason[name].value for name in given} <= set(TOLD)


def test_figures_are_those_of_the_code() -> None:
    policy = UpdatePolicy()
    assert f"({policy.document_bytes // 2**20} MB, {policy.together_bytes // 2**20} MB)" in TEXT
    assert f"More than {policy.lost_keys_percent} % of the keys" in TEXT
    assert policy.lost_keys_percent == policy.lost_participants_percent
    assert f"taken in together ({policy.documents:,})" in TEXT
    assert (policy.future_skew.seconds, policy.apart.days) == (5 * 60, 2)
    assert f"*fresh* up to {AGEING_AFTER.days} days, *ageing* up to {STALE_AFTER.days}" in TEXT
