"""What is different between two snapshots, and how fresh one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.simulators.network import listed as in_network
from tests.trustlist.parts import AT, CREATED, listed
from trustlist import ListEntry, TrustSnapshot
from trustlist.changes import NO_CHANGES, KeyName, compare
from trustlist.freshness import AGEING_AFTER, FUTURE_SKEW, STALE_AFTER, Freshness, freshness


def one(country: str, number: int | None = 0) -> ListEntry:
    return in_network(country, number).entry


def name(entry: ListEntry) -> KeyName:
    return KeyName(entry.participant, entry.domain, entry.usage, entry.kid)


class TestChanges:
    def test_equal_lists_have_none(self) -> None:
        before = listed(one("XA"), one("XB"))
        assert compare(before, listed(one("XB"), one("XA"))) == NO_CHANGES
        assert compare(before, listed(one("XA"), one("XB"), one("XB"))) == NO_CHANGES

    def test_from_nothing_everything_is_added(self) -> None:
        changes = compare(None, listed(one("XB"), one("XA", None), one("XA")))
        assert changes.added == tuple(
            sorted(map(name, (one("XA"), one("XA", None), one("XB"))), key=lambda each: (each.participant, each.usage))
        )
        assert (changes.removed, changes.changed, changes.count) == ((), (), 3)

    def test_what_comes_and_goes(self) -> None:
        changes = compare(listed(one("XA"), one("XB")), listed(one("XB"), one("XC")))
        assert (changes.added, changes.removed) == ((name(one("XC")),), (name(one("XA")),))

    def test_another_certificate_under_the_same_name(self) -> None:
        other = replace(one("XA", 1), kid=one("XA").kid)
        assert compare(listed(one("XA")), listed(other)).changed == (name(one("XA")),)
        assert compare(listed(one("XA")), listed(one("XA"), other)).changed == (name(one("XA")),)

    def test_another_participant_domain_usage_or_kid_is_another_key(self) -> None:
        here = one("XA")
        for other in (
            replace(here, participant="XXB"),
            replace(here, domain="PH4H"),
            replace(here, usage=one("XA", None).usage),
            replace(here, kid=b"12345678"),
            replace(here, participant=None),
        ):
            changes = compare(listed(here), listed(other))
            assert (changes.added, changes.removed) == ((name(other),), (name(here),))

    def test_as_json_kids_are_hexadecimal(self) -> None:
        changes = compare(None, listed(one("XA")))
        assert changes.to_dict() == {
            "added": [{"participant": "XXA", "domain": "DCC", "usage": "DSC", "kid": one("XA").kid.hex()}],
            "removed": [],
            "changed": [],
        }


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), Freshness.FRESH),
        (AGEING_AFTER, Freshness.FRESH),
        (AGEING_AFTER + timedelta(seconds=1), Freshness.AGEING),
        (STALE_AFTER, Freshness.AGEING),
        (STALE_AFTER + timedelta(seconds=1), Freshness.STALE),
        (-FUTURE_SKEW, Freshness.FRESH),
        (-FUTURE_SKEW - timedelta(seconds=1), Freshness.AHEAD),
    ],
)
def test_freshness_is_an_age_against_two_limits(age: timedelta, expected: Freshness) -> None:
    assert freshness(listed(one("XA")), CREATED + age) is expected


def test_the_oldest_of_several_lists_counts() -> None:
    old = listed(one("XA"), created=AT - timedelta(days=40))
    assert freshness(TrustSnapshot.merge(listed(one("XB"), created=AT), old), AT) is Freshness.STALE


def test_certificates_alone_have_no_age() -> None:
    assert freshness(TrustSnapshot.from_certificates(one("XA").certificates), AT) is Freshness.UNDATED


def test_the_limits_are_a_choice() -> None:
    tight = freshness(
        listed(one("XA")),
        CREATED + timedelta(hours=2),
        ageing_after=timedelta(minutes=1),
        stale_after=timedelta(hours=1),
    )
    assert tight is Freshness.STALE
