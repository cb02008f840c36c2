"""Every finding is said in words, with what to do about it."""

from __future__ import annotations

import pytest

from tests.trustlist.doctor.pairs import PAIRS
from trustlist import ListReason, sentence
from trustlist.doctor import Finding, FindingKind, Severity
from trustlist.doctor.messages import ENGLISH, SEVERITY_WORDS, WORDS, words
from trustlist.doctor.wording import say_detail, say_place, say_tally
from trustlist.freshness import AGEING_AFTER, STALE_AFTER
from trustlist.messages import DEFAULT_LANGUAGE
from trustlist.model import KeyUsage


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_is_said_in_english(kind: FindingKind) -> None:
    said = words(kind)
    assert said == ENGLISH[kind]
    assert said.title[0].isupper()
    assert not said.title.endswith(".")
    assert len(said.title) <= 44  # one line of a narrow terminal
    for text in (said.meaning, said.remedy):
        assert text[0].isupper()
        assert text.endswith(".")


def test_no_two_kinds_are_said_alike() -> None:
    for column in zip(*ENGLISH.values(), strict=True):
        if column[2:]:
            assert len(set(column[:2])) == 2
    assert len({said.title for said in ENGLISH.values()}) == len(FindingKind)
    assert len({said.meaning for said in ENGLISH.values()}) == len(FindingKind)


def test_a_language_without_a_table_is_english() -> None:
    assert words(FindingKind.EXPIRED, language="xx") == ENGLISH[FindingKind.EXPIRED]


def test_every_table_is_of_known_kinds() -> None:
    assert DEFAULT_LANGUAGE in WORDS
    for table in WORDS.values():
        assert set(table) <= set(FindingKind)
    assert set(SEVERITY_WORDS) == set(Severity)


def test_ages_in_sentences_are_those_that_count() -> None:
    assert f"more than {STALE_AFTER.days} days" in words(FindingKind.LIST_STALE).meaning
    assert f"more than {AGEING_AFTER.days} days" in words(FindingKind.LIST_AGEING).meaning


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FindingKind.EXPIRED, "not after 2026-11-22"),
        (FindingKind.OUTLIVES_AUTHORITY, "not after 2027-06-11; authority not after 2027-06-10"),
        (FindingKind.KEY_USAGE_WRONG, "says: nothing"),
        (FindingKind.BROKEN_ENTRY, sentence(ListReason.CERTIFICATE_UNREADABLE)),
        (FindingKind.LIFE_TOO_LONG, "days: 748; years allowed: 2"),
        (FindingKind.SIGNER_IS_CA, ""),
    ],
)
def test_the_facts_of_a_finding_are_said(kind: FindingKind, text: str) -> None:
    assert say_detail(PAIRS[kind][0].bad().examine().of_kind(kind)[0]) == text


@pytest.mark.parametrize("kind", FindingKind)
def test_no_fact_is_said_as_a_number_of_seconds(kind: FindingKind) -> None:
    for pair in PAIRS[kind]:
        for finding in pair.bad().examine().findings:
            assert not any(len(word) >= 10 and word.isdigit() for word in say_detail(finding).split())


def test_a_place_is_a_position_or_a_way() -> None:
    entry = Finding(FindingKind.EXPIRED, "did:web:a", "verificationMethod[1]", kid="00", usage=KeyUsage.DSC)
    assert say_place(entry) == "verificationMethod[1]"
    assert say_place(entry, in_full=True) == "did:web:a verificationMethod[1]"
    link = Finding(FindingKind.REFERENCE_DANGLING, "did:web:a", "did:web:b")
    assert say_place(link) == "did:web:a → did:web:b"
    assert say_place(Finding(FindingKind.LIST_EMPTY, "did:web:a", "did:web:a")) == "did:web:a"


def test_a_tally_is_said_in_lines_that_break_no_item() -> None:
    tally = (("FRA", 114), ("NLD", 76), ("ESP", 53))
    assert say_tally(tally) == "FRA 114 · NLD 76 · ESP 53"
    assert say_tally(tally, 2) == "FRA 114 · NLD 76 · 1 more"
    assert say_tally(tally, 3) == "FRA 114 · NLD 76 · ESP 53"
    assert say_tally(tally, width=20) == "FRA 114 · NLD 76 ·\nESP 53"
    assert say_tally(tally, width=1) == "FRA 114 ·\nNLD 76 ·\nESP 53"
    assert say_tally(()) == ""
