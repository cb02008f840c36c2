"""Every reason and every deviation is said, in every language, whatever an error tells.

That a sentence asks for no detail that is never given shows tests/docs/test_reasons.py, for all rooms.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DetailValue, Deviation, Reason
from credential.messages import LANGUAGES, remark, sentence

VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
DETAILS = st.dictionaries(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1), VALUES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence(reason: Reason, language: str) -> None:
    assert re.fullmatch(r"[A-Z][^{}]*\.", sentence(reason, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("deviation", Deviation)
def test_every_deviation_is_a_remark(deviation: Deviation, language: str) -> None:
    assert re.fullmatch(r"[^{}]+[^.{} ]", remark(deviation, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_are_said_alike(language: str) -> None:
    assert len({sentence(reason, language=language) for reason in Reason}) == len(Reason)
    assert len({remark(deviation, language) for deviation in Deviation}) == len(Deviation)


def test_details_are_filled_in() -> None:
    assert sentence(Reason.DEFLATE_TRAILING, {"trailing": 3}) == "The code is damaged: 3 bytes follow its end."
    assert sentence(Reason.SIGNER_OTHER_ISSUER, {"participant": "XXB", "issuer": "XA"}) == (
        "The key belongs to XXB, but the certificate names XA."
    )


def test_a_point_in_time_is_a_date_in_utc() -> None:
    assert sentence(Reason.EXPIRED, {"expires": 1_795_348_800}) == "It ended on 2026-11-22 12:00 UTC."


def test_what_an_error_does_not_tell_is_a_dash() -> None:
    assert sentence(Reason.EXPIRED) == "It ended on –."
    assert sentence(Reason.CLAIM_UNKNOWN, {"claim": None}).endswith("of a kind (–) that is not known here.")


@given(st.sampled_from(Reason), DETAILS)
def test_no_detail_breaks_a_sentence(reason: Reason, details: dict[str, DetailValue]) -> None:
    assert sentence(reason, details)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_of_the_calendar_is_said(moment: datetime) -> None:
    assert sentence(Reason.EXPIRED, {"expires": int(moment.timestamp())}).endswith(" UTC.")


def test_a_detail_is_never_read_as_a_template() -> None:
    assert sentence(Reason.SIGNER_OTHER_ISSUER, {"participant": "{issuer}", "issuer": "{0}"}) == (
        "The key belongs to {issuer}, but the certificate names {0}."
    )
