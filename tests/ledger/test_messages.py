"""Every reason of the room has a sentence, and its place in the documentation."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from ledger import LedgerError, LedgerReason, sentence
from ledger.messages import DEFAULT_LANGUAGE, ENGLISH, SENTENCES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ledger.md"


@pytest.mark.parametrize("reason", LedgerReason)
def test_every_reason_is_said_in_english(reason: LedgerReason) -> None:
    text = sentence(reason)
    assert text[0].isupper()
    assert text.endswith(".")
    assert text == ENGLISH[reason] == sentence(reason, language="xx")


def test_no_two_reasons_are_said_alike() -> None:
    assert len(set(ENGLISH.values())) == len(LedgerReason)
    assert DEFAULT_LANGUAGE in SENTENCES
    for table in SENTENCES.values():
        assert set(table) <= set(LedgerReason)


def test_the_page_tells_what_to_do_about_every_reason() -> None:
    page = PAGE.read_text("utf-8")
    assert [reason for reason in LedgerReason if f"`{reason}`" not in page] == []


def test_an_error_says_its_facts_and_outlives_a_process() -> None:
    error = LedgerError(LedgerReason.ROLLED_BACK, previous=7, current=5)
    assert str(error) == "ledger: rolled-back, previous=7, current=5"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (again.stage, again.reason, again.detail) == ("ledger", error.reason, error.detail)
