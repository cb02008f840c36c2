"""Lists and their addresses: one of each for the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trustlist.parts import reason_of
from trustlist import ListReason, TrustListError
from trustlist.did_web import address_of, did_at, is_address, is_loopback, read_did

PAIRS = [
    ("did:web:tng-cdn.who.int:v2:trustlist", "https://tng-cdn.who.int/v2/trustlist/did.json"),
    ("did:web:tng-cdn.who.int:v2:trustlist-ref:-:-:DSC", "https://tng-cdn.who.int/v2/trustlist-ref/-/-/DSC/did.json"),
    ("did:web:trust.example", "https://trust.example/.well-known/did.json"),
    ("did:web:trust.example%3A8443:lists", "https://trust.example:8443/lists/did.json"),
    ("did:web:127.0.0.1%3A1:a", "https://127.0.0.1:1/a/did.json"),
]
SEGMENTS = st.lists(st.from_regex(r"(?!\.\.?$)[A-Za-z0-9._-]{1,12}", fullmatch=True), max_size=6)
HOSTS = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(("did", "address"), PAIRS)
def test_a_list_has_one_address(did: str, address: str) -> None:
    assert address_of(did) == address
    assert did_at(address) == did


@given(HOSTS, st.none() | st.integers(1, 65535), SEGMENTS)
def test_there_and_back(host: str, port: int | None, segments: list[str]) -> None:
    did = ":".join((f"did:web:{host}" + ("" if port is None else f"%3A{port}"), *segments))
    if segments == [".well-known"]:
        with pytest.raises(TrustListError):
            address_of(did)
        return
    assert did_at(address_of(did)) == did
    assert read_did(did) == (host, port, tuple(segments))


def test_hosts_are_the_same_in_either_case_and_this_one_by_either_scheme() -> None:
    assert read_did("did:web:Trust.EXAMPLE:A").host == "trust.example"
    assert did_at("http://127.0.0.1:8000/A/did.json") == "did:web:127.0.0.1%3A8000:A"
    assert did_at("https://Trust.EXAMPLE/A/did.json") == "did:web:trust.example:A"


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:web:a:",
        "did:web:a::b",
        "did:web:a:.",
        "did:web:a:..",
        "did:web:a:..:b",
        "did:web:a:b%2Fc",
        "did:web:a:b#c",
        "did:web:a:.well-known",
        "did:web:a%3A0",
        "did:web:a%3A65536",
        "did:web:a%3Ab",
        "did:web:-a",
        "did:web:a/b",
        "did:web:user@a",
        "did:key:z6Mk",
        "did:web:a:b\n",
        "did:web:" + "a" * 300,
        "did:web:a" + ":b" * 17,
    ],
)
def test_what_has_no_address_is_no_list(did: str) -> None:
    with pytest.raises(TrustListError) as caught:
        address_of(did)
    assert reason_of(caught) is ListReason.DID_MALFORMED


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://",
        "https://a",
        "https://a/",
        "https://a/did.json",
        "https://a//did.json",
        "https://a/b/",
        "https://a/b/did.json?x=1",
        "https://a/b/did.json#x",
        "https://a/../did.json",
        "https://a/b/../did.json",
        "https://a:0/b/did.json",
        "https://a:99999/b/did.json",
        "https://user@a/b/did.json",
        "https://a/b%2Fc/did.json",
        "ftp://a/b/did.json",
        "http://trust.example/b/did.json",
        "https://a/b/DID.json",
    ],
)
def test_where_no_list_can_lie_none_is_looked_for(address: str) -> None:
    with pytest.raises(TrustListError) as caught:
        did_at(address)
    assert reason_of(caught) is ListReason.ADDRESS_UNUSABLE


def test_what_is_an_address_shows_in_its_first_letters() -> None:
    assert all(is_address(each) for pair in PAIRS for each in pair)
    assert not any(map(is_address, ("trust.snapshot", "/srv/did.json", "didactic.json", "HC1:ABC", "")))


def test_this_machine() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("trust.example", "10.0.0.1", "localhost.example", "")))
