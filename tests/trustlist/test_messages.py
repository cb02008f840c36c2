"""Every reason of the room has a sentence."""

from __future__ import annotations

import pytest

from trustlist import ListReason, sentence
from trustlist.messages import DEFAULT_LANGUAGE, ENGLISH, SENTENCES


@pytest.mark.parametrize("reason", ListReason)
def test_every_reason_is_said_in_english(reason: ListReason) -> None:
    text = sentence(reason)
    assert text[0].isupper()
    assert text.endswith(".")
    assert text == ENGLISH[reason]


def test_no_two_reasons_are_said_alike() -> None:
    assert len(set(ENGLISH.values())) == len(ListReason)


def test_a_language_without_a_table_is_english() -> None:
    assert sentence(ListReason.EXPIRED, language="xx") == ENGLISH[ListReason.EXPIRED]


def test_every_table_is_of_known_reasons() -> None:
    assert DEFAULT_LANGUAGE in SENTENCES
    for table in SENTENCES.values():
        assert set(table) <= set(ListReason)
