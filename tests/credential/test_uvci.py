"""Certificate identifiers: always right when written, never refused when read."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import EncodeError, Reason
from credential.uvci import LIMIT, Oddity, Uvci, UvciReading, check_character, new_uvci, opaque_part, read_uvci

OPAQUE = "4QK92M7T1ZB3XW0R8VYJ5HDPCN"
parts = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12)
countries = st.text(string.ascii_uppercase, min_size=2, max_size=2)
uvcis = st.one_of(
    st.builds(Uvci, countries, parts),
    st.builds(Uvci, countries, parts, parts),
    st.builds(Uvci, countries, parts, parts, parts),
)


@pytest.mark.parametrize(
    ("body", "check"), [("URN:UVCI:01:NL:187/37512422923", "Z"), ("URN:UVCI:01:XA:LAB7/4QK92M7T1Z", "A")]
)
def test_the_check_character_of_known_identifiers(body: str, check: str) -> None:
    assert check_character(body) == check
    assert read_uvci(f"{body}#{check}").oddities == ()


@given(uvcis)
def test_what_is_written_is_read_back_without_oddity(uvci: Uvci) -> None:
    assert read_uvci(uvci.text) == UvciReading(uvci, ())


@given(uvcis, st.integers(0, 200), st.sampled_from("ABCXYZ019/:"))
def test_one_changed_character_is_noticed(uvci: Uvci, place: int, other: str) -> None:
    text = uvci.text
    place %= len(text) - 2
    changed = text[:place] + other + text[place + 1 :]
    if changed != text:
        assert Oddity.CHECK_WRONG in read_uvci(changed).oddities


@pytest.mark.parametrize(
    ("text", "uvci"),
    [
        ("URN:UVCI:01:XA:4QK92M#?", Uvci("XA", "4QK92M")),
        ("URN:UVCI:01:XA:LAB7/4QK92M#?", Uvci("XA", "4QK92M", "LAB7")),
        ("URN:UVCI:01:XA:LAB7/1528/4QK92M#?", Uvci("XA", "4QK92M", "LAB7", "1528")),
        ("01:XA:LAB7/4QK92M", Uvci("XA", "4QK92M", "LAB7")),
        ("URN:UVCI:01:UNHCR:4QK92M", Uvci("UNHCR", "4QK92M")),
    ],
)
def test_the_three_ways_to_build_one_are_told_apart(text: str, uvci: Uvci) -> None:
    assert read_uvci(text).parts == uvci


@pytest.mark.parametrize(
    ("text", "oddities"),
    [
        ("URN:UVCI:01:XA:4QK92M", (Oddity.CHECK_MISSING,)),
        ("URN:UVCI:01:XA:4QK92M#", (Oddity.CHECK_WRONG,)),
        ("01:XA:4QK92M", (Oddity.PREFIX_MISSING, Oddity.CHECK_MISSING)),
        ("urn:uvci:01:XA:4QK92M", (Oddity.PREFIX_MISSING, Oddity.STRUCTURE, Oddity.CHARACTER)),
        ("URN:UVCI:V1:XA:4QK92M", (Oddity.STRUCTURE, Oddity.CHECK_MISSING)),
        ("URN:UVCI:01:XA:A/B/C/D", (Oddity.STRUCTURE, Oddity.CHECK_MISSING)),
        ("URN:UVCI:01:XA:A//D", (Oddity.STRUCTURE, Oddity.CHECK_MISSING)),
        ("URN:UVCI:01:XA:", (Oddity.STRUCTURE, Oddity.CHECK_MISSING)),
        ("", (Oddity.PREFIX_MISSING, Oddity.STRUCTURE, Oddity.CHECK_MISSING)),
        ("URN:UVCI:01:XA:" + "A" * 66, (Oddity.TOO_LONG, Oddity.CHECK_MISSING)),
    ],
)
def test_what_is_odd_is_told(text: str, oddities: tuple[Oddity, ...]) -> None:
    assert read_uvci(text).oddities == oddities


@given(st.text() | st.text("URN:VCI01XA/#", max_size=30))
def test_any_text_can_be_read_and_only_a_right_one_is_without_oddity(text: str) -> None:
    reading = read_uvci(text)
    assert reading.oddities or (reading.parts is not None and reading.parts.text == text)


@given(st.binary(min_size=16, max_size=20), countries, st.none() | parts)
def test_a_new_identifier_is_never_odd(random: bytes, country: str, issuer: str | None) -> None:
    text = new_uvci(country, opaque_part(random), issuer)
    reading = read_uvci(text)
    assert reading.oddities == ()
    assert reading.parts == Uvci(country, opaque_part(random), issuer)
    assert len(text) <= LIMIT


def test_two_random_values_give_two_opaque_parts() -> None:
    assert opaque_part(bytes(16)) != opaque_part(bytes(15) + b"\1")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("XA", "SHORT"), Reason.IDENTIFIER_TOO_SHORT),
        (("xa", OPAQUE), Reason.IDENTIFIER_MALFORMED),
        (("X", OPAQUE), Reason.IDENTIFIER_MALFORMED),
        (("XA", OPAQUE.lower()), Reason.IDENTIFIER_MALFORMED),
        (("XA", OPAQUE + "#"), Reason.IDENTIFIER_MALFORMED),
        (("XA", OPAQUE, "LAB/7"), Reason.IDENTIFIER_MALFORMED),
        (("XA", OPAQUE, ""), Reason.IDENTIFIER_MALFORMED),
        (("XA", OPAQUE, "LAB7", ":"), Reason.IDENTIFIER_MALFORMED),
        (("XA", OPAQUE, None, "1528"), Reason.IDENTIFIER_MALFORMED),
        (("XA", "A" * 64), Reason.IDENTIFIER_TOO_LONG),
    ],
)
def test_a_wrong_identifier_is_never_written(arguments: tuple[str, ...], reason: Reason) -> None:
    with pytest.raises(EncodeError) as caught:
        new_uvci(*arguments)
    assert caught.value.reason is reason


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(EncodeError) as caught:
        opaque_part(bytes(15))
    assert caught.value.reason is Reason.IDENTIFIER_TOO_SHORT


def test_a_check_character_of_other_characters_is_refused() -> None:
    with pytest.raises(EncodeError):
        check_character("urn:uvci")
