"""The written form of a state: one spelling, read back exactly, refused in any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulators.network import REFERENCES, ROOT, Network
from tests.trustlist.parts import reason_of
from trustlist import Environment, ListReason, TrustListError
from trustlist.update import HeldList, SeenList, Signer, State, Waiting, read_state, write_state

MOMENT = datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)
SIGNER, FORMER = Signer.of(Network().pinned), Signer.of(Network(key_name="former").pinned)
HELD = HeldList(ROOT, MOMENT, "a" * 64, 1_505_084, SIGNER.thumbprint, 'W/"ünicode"')
FULL = State(
    environment=Environment.PRODUCTION,
    signer=SIGNER,
    former=(FORMER,),
    lists=(ROOT, REFERENCES),
    documents=(HELD, replace(HELD, did=REFERENCES, signer=FORMER.thumbprint, etag=None)),
    snapshot="b" * 64,
    seen=(SeenList(ROOT, MOMENT, "c" * 64),),
    taken=MOMENT,
    checked=MOMENT + timedelta(days=1),
    waiting=Waiting("d" * 64, MOMENT, (ROOT,), (HELD,), 144, 90, 36, ("FRA", "NLD")),
)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
MOMENTS = st.datetimes(timezones=st.just(UTC))
DIDS = st.from_regex(r"did:web:[a-z]{1,9}\.example(:[a-z0-9-]{1,9}){0,4}", fullmatch=True)
HELDS = st.builds(
    HeldList, DIDS, MOMENTS, DIGESTS, st.integers(0, 2**40), st.just(SIGNER.thumbprint), st.none() | st.text()
)
WAITINGS = st.builds(
    Waiting,
    DIGESTS,
    MOMENTS,
    st.lists(DIDS).map(tuple),
    st.lists(HELDS).map(tuple),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.lists(st.text()).map(tuple),
)
STATES = st.builds(
    State,
    environment=st.sampled_from(Environment),
    signer=st.just(SIGNER),
    former=st.just(()) | st.just((FORMER,)),
    lists=st.lists(DIDS).map(tuple),
    documents=st.lists(HELDS).map(tuple),
    snapshot=st.none() | DIGESTS,
    seen=st.lists(st.builds(SeenList, DIDS, MOMENTS, DIGESTS)).map(tuple),
    taken=st.none() | MOMENTS,
    checked=st.none() | MOMENTS,
    waiting=st.none() | WAITINGS,
)


def refused(data: bytes) -> ListReason:
    with pytest.raises(TrustListError) as caught:
        read_state(data)
    return reason_of(caught)


def changed(change: Callable[[Any], object]) -> bytes:
    """A full state with one change, in the spelling of all states."""
    value = json.loads(write_state(FULL))
    change(value)
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def test_a_full_state_is_read_as_it_was_written() -> None:
    assert all(getattr(FULL, field.name) for field in fields(FULL))
    assert read_state(write_state(FULL)) == FULL


@given(STATES)
def test_any_state_is_read_as_it_was_written(state: State) -> None:
    read = read_state(write_state(state))
    assert read == state
    assert write_state(read) == write_state(state)


def test_the_change_that_changes_nothing_is_read() -> None:
    assert read_state(changed(lambda value: None)) == FULL


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(more=1),
        lambda value: value.pop("seen"),
        lambda value: value.update(environment="Production"),
        lambda value: value.update(environment=["production"]),
        lambda value: value.update(lists="did:web:trust.example"),
        lambda value: value.update(lists=["did:key:z6Mk"]),
        lambda value: value.update(lists=[None]),
        lambda value: value.update(snapshot="B" * 64),
        lambda value: value.update(snapshot="b" * 63),
        lambda value: value.update(snapshot=7),
        lambda value: value.update(checked="2026-11-22"),
        lambda value: value.update(checked="2026-11-22T12:00:00.000000+00:00"),
        lambda value: value.update(checked="2026-02-30T12:00:00.000000Z"),
        lambda value: value.update(checked=0),
        lambda value: value.update(documents={}),
        lambda value: value["documents"][0].update(size="12"),
        lambda value: value["documents"][0].update(size=-1),
        lambda value: value["documents"][0].update(size=True),
        lambda value: value["documents"][0].update(size=12.5),
        lambda value: value["documents"][0].update(signer="e" * 64),
        lambda value: value["documents"][0].update(etag=1),
        lambda value: value["documents"][0].update(did="did:web:..:x"),
        lambda value: value["documents"].append([]),
        lambda value: value["signer"].update(x="A" * 43),
        lambda value: value["signer"].update(x=value["signer"]["x"] + "="),
        lambda value: value["signer"].update(method="no did"),
        lambda value: value["signer"].update(method=None),
        lambda value: value["signer"].pop("y"),
        lambda value: value.update(signer=None),
        lambda value: value["seen"][0].update(created=None),
        lambda value: value["waiting"].update(lost_participants=[1]),
        lambda value: value["waiting"].update(digest=None),
        lambda value: value.update(waiting=[]),
    ],
)
def test_everything_else_is_damage(change: Callable[[Any], object]) -> None:
    assert refused(changed(change)) is ListReason.STORE_DAMAGED


@pytest.mark.parametrize("version", [0, 2, "1", 1.0, True, None])
def test_another_version_is_said_to_be_one(version: object) -> None:
    data = changed(lambda value: value.update(version=version))
    assert refused(data) in {ListReason.STORE_VERSION, ListReason.STORE_DAMAGED}
    if version in {0, 2} or version is None or isinstance(version, str):
        assert refused(data) is ListReason.STORE_VERSION


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"null", b"[]", b"{}x", b"\xff", write_state(FULL) + b"\n", b" " + write_state(FULL)]
)
def test_other_bytes_are_damage(data: bytes) -> None:
    assert refused(data) is ListReason.STORE_DAMAGED


@given(st.integers(min_value=0), st.binary(max_size=3))
def test_no_damage_leaks_another_error(at: int, data: bytes) -> None:
    whole = write_state(FULL)
    place = at % len(whole)
    damaged = whole[:place] + data + whole[place + len(data) :]
    try:
        assert damaged == whole or read_state(damaged) != FULL
    except TrustListError as error:
        assert error.reason in {ListReason.STORE_DAMAGED, ListReason.STORE_VERSION}  # noqa: PT017 - either may be


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    there = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert write_state(replace(FULL, checked=there)) == write_state(replace(FULL, checked=MOMENT))


def test_a_thumbprint_is_that_of_rfc_7638() -> None:
    """SHA-256 over the required members of the key in lexical order, without white space (§3)."""
    import hashlib

    text = f'{{"crv":"P-256","kty":"EC","x":"{SIGNER.x}","y":"{SIGNER.y}"}}'
    assert SIGNER.thumbprint == hashlib.sha256(text.encode()).hexdigest()
