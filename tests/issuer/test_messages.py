"""Sentences: one for every reason, with its facts, in every language."""

from __future__ import annotations

import re

import pytest

from credential.errors import DecodeError, Reason, Stage
from credential.kinds.reading import Rule
from issuer.errors import FieldReason, IssueError, IssueReason, Problem
from issuer.issue import issue
from issuer.messages import LANGUAGES, problem_sentence, sentence
from issuer.record import check_record
from tests.issuer.conftest import AT, Party
from tests.issuer.records import TEST, changed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", IssueReason)
def test_every_reason_has_a_sentence(reason: IssueReason, language: str) -> None:
    text = sentence(IssueError(Stage.ISSUE, reason), language)
    assert re.match(r"[A-Z–{].*\.$", text), text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [*FieldReason, *Rule])
def test_every_problem_has_a_sentence_that_starts_with_its_field(reason: FieldReason | Rule, language: str) -> None:
    text = problem_sentence(Problem("vaccination.date", reason, "YYYY-MM-DD"), language)
    assert text.startswith("vaccination.date ")
    assert "{" not in text


def test_no_two_reasons_share_a_sentence() -> None:
    texts = {sentence(IssueError(Stage.ISSUE, reason)) for reason in IssueReason}
    assert len(texts) == len(IssueReason)


def test_the_facts_are_filled_in(party: Party) -> None:
    with pytest.raises(IssueError) as error:
        issue(changed(TEST, "test.result", "negative"), signer=party.signer, at=AT)
    assert sentence(error.value) == "The record cannot be issued; to put right: 1, the first in test.result."
    (problem,) = check_record(changed(TEST, "test.result", "negative"), at=AT)
    assert problem_sentence(problem) == "test.result must be one of: 260415000, 260373001"
    with pytest.raises(IssueError) as error:
        issue(7, signer=party.signer, at=AT)  # type: ignore[arg-type]
    assert sentence(error.value) == "The record cannot be issued; to put right: 1, the first in –."
    assert problem_sentence(error.value.problems[0]) == "the record must be a JSON object"


def test_errors_of_the_rooms_below_have_their_sentences() -> None:
    assert sentence(DecodeError(Stage.BASE45, Reason.BASE45_LENGTH)) == (
        "The code is damaged: a character is missing at its end."
    )
