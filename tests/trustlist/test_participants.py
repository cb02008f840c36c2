"""An issuer's name against the participant that a key belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustlist.countries import ALPHA3_OF_ALPHA2
from trustlist.participants import is_participant_code, participant_of, same_participant


def test_iso_3166_has_249_codes_each_with_one_other() -> None:
    assert len(ALPHA3_OF_ALPHA2) == len(set(ALPHA3_OF_ALPHA2.values())) == 249
    assert all(len(short) == 2 and short.isupper() for short in ALPHA3_OF_ALPHA2)
    assert all(len(long) == 3 and long.isupper() for long in ALPHA3_OF_ALPHA2.values())


EASILY_CONFUSED = """
DE DEU  CH CHE  IE IRL  ES ESP  EE EST  UA UKR  KM COM  IL ISR  IS ISL  ID IDN  IN IND  MC MCO  MO MAC  BJ BEN
AT AUT  AU AUS  SK SVK  SI SVN  SE SWE  SJ SJM  GW GNB
"""


@pytest.mark.parametrize("pair", EASILY_CONFUSED.strip().replace("\n", "  ").split("  "))
def test_easily_confused_codes(pair: str) -> None:
    alpha2, alpha3 = pair.split()
    assert ALPHA3_OF_ALPHA2[alpha2] == alpha3


@pytest.mark.parametrize(
    ("country", "participant"),
    [
        ("FR", "FRA"),
        ("fr", "FRA"),
        ("XA", "XXA"),
        ("XK", "XXK"),
        ("XX", "XXX"),
        ("XL", "XCL"),
        ("XM", "XML"),
        ("YK", "XYK"),
        ("WH", "WHO"),
        ("IO", "IOM"),
        ("EU", "EUE"),
        ("UN", "UNO"),
        ("EL", "GRC"),
        ("UK", "GBR"),
        ("ZQ", None),
        ("FRA", None),
        ("", None),
        ("X", None),
    ],
)
def test_the_code_that_the_network_lists_for_a_certificates_country(country: str, participant: str | None) -> None:
    assert participant_of(country) == participant


@pytest.mark.parametrize(
    ("iss", "participant", "country"),
    [
        ("FR", "FRA", "FR"),
        ("FRA", "FRA", "FR"),
        ("fr", "FRA", "FR"),
        (" FR ", "FRA", "FR"),
        ("FR", "FRA", None),
        ("FR", None, "FR"),
        ("FRA", None, "FR"),
        ("FRA", None, "fr"),
        # a virtual participant signs with either of its names under one kid
        ("XL", "XCL", "XL"),
        ("XCL", "XCL", "XL"),
        ("XCL", None, "XL"),
        ("XA", "XXA", "XA"),
        ("WH", "WHO", "WH"),
        ("WHO", "WHO", "WH"),
        ("YK", "XYK", "YK"),
        # left in two letters by the list
        ("XT", "XT", "XT"),
        ("XXT", "XT", "XT"),
        # IO is two participants; the list's code and the certificate say which
        ("IO", "IOM", "IO"),
        ("IOM", "IOM", "IO"),
        ("IO", "IOT", "IO"),
        ("IOT", "IOT", "IO"),
        ("IOM", None, "IO"),
        ("IOT", None, "IO"),
        # so is XK
        ("XK", "XXK", "XK"),
        ("XK", "XKX", "XK"),
        ("XKX", "XKX", "XK"),
        # a virtual participant that no table knows yet
        ("QZ", "AFC", "QZ"),
        ("XZ", "AFC", "XZ"),
        ("GB", "GBR", "UK"),
        ("UK", "GBR", "GB"),
        ("EL", "GRC", "GR"),
        ("EU", "EUE", "EU"),
    ],
)
def test_the_same_participant(iss: str, participant: str | None, country: str | None) -> None:
    assert same_participant(iss, participant=participant, country=country)


@pytest.mark.parametrize(
    ("iss", "participant", "country"),
    [
        ("DE", "FRA", "FR"),
        ("DEU", "FRA", "FR"),
        # the list decides; a certificate's country does not make a key another listed country's
        ("DE", "FRA", "DE"),
        ("DEU", "FRA", "DE"),
        ("FR", None, "DE"),
        ("IOT", "IOM", "IO"),
        ("IOM", "IOT", "IO"),
        ("XKX", "XXK", "XK"),
        ("XXK", "XKX", "XK"),
        ("XXL", "XCL", "XL"),
        ("XA", "XXB", "XB"),
        # an organisation seated in a country does not speak for it
        ("US", "AFC", "US"),
        ("USA", "AFC", "US"),
        ("FR", None, None),
        ("", None, None),
        ("", "FRA", "FR"),
        ("F", "FRA", "FR"),
        ("FR FRA", "FRA", "FR"),
        ("Ministry of Health", "FRA", "FR"),
    ],
)
def test_another_participant(iss: str, participant: str | None, country: str | None) -> None:
    assert not same_participant(iss, participant=participant, country=country)


@pytest.mark.parametrize("alpha2", sorted(ALPHA3_OF_ALPHA2))
def test_every_country_is_itself_and_no_other(alpha2: str) -> None:
    alpha3 = ALPHA3_OF_ALPHA2[alpha2]
    accepted = {
        iss
        for pair in ALPHA3_OF_ALPHA2.items()
        for iss in pair
        if same_participant(iss, participant=alpha3, country=alpha2)
    }
    assert accepted == {alpha2, alpha3}


@pytest.mark.parametrize(
    ("iss", "is_code"), [("FR", True), ("xxa", True), (" FR", True), ("F", False), ("CNAM", False), ("", False)]
)
def test_a_code_has_two_or_three_letters(iss: str, is_code: bool) -> None:
    assert is_participant_code(iss) is is_code


CODES = st.none() | st.text(max_size=5) | st.sampled_from(["FRA", "IO", "XXA", "ß", "ı"])


@given(st.text(max_size=8), CODES, CODES)
def test_any_text_has_an_answer(iss: str, participant: str | None, country: str | None) -> None:
    answer = same_participant(iss, participant=participant, country=country)
    assert answer is same_participant(iss.strip(), participant=participant, country=country)
    if participant is None and country is None:
        assert not answer
