"""The page of reasons is that of the code, and no sentence asks for a detail that is not given."""

from __future__ import annotations

from enum import StrEnum

import pytest

from tests.docs.reasons import ENUMS, PAGE, filled, name_of, page
from tests.reasons_given import Given, givings

REASONS = {name_of(reason): reason for enum in ENUMS for reason in enum}
NOTHING_TOLD = "–"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tests.docs.reasons"


@pytest.mark.parametrize("reason", REASONS.values(), ids=name_of)
def test_a_sentence_without_its_details_still_is_one(reason: StrEnum) -> None:
    assert filled(reason, ()).endswith(".")
    assert "{" not in filled(reason, ())


@pytest.mark.parametrize("given", givings(), ids=lambda given: f"{given.place}-{given.reason}")
def test_every_detail_that_a_sentence_asks_for_is_given_where_the_reason_is(given: Given) -> None:
    if given.reason in REASONS and not given.more:
        assert NOTHING_TOLD not in filled(REASONS[given.reason], given.details)


def test_the_code_is_read_as_it_is_meant() -> None:
    assert len(givings()) > 200
    places = {(given.reason, given.stage, given.details) for given in givings()}
    assert ("Reason.EXPIRED", "EXPIRY", frozenset({"expires"})) in places  # an argument
    assert ("Reason.ISSUED_BEFORE_SIGNER", "SIGNER_VALIDITY", frozenset({"issued", "not_before"})) in places  # a name
    assert ("Reason.CBOR_TOO_DEEP", None, frozenset()) in places  # a table
    assert ("IssueReason.FILE_EXISTS", "CERTIFICATE", frozenset({"file"})) in places  # handed on
