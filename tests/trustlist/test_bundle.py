"""The device bundle: what goes in comes out, nothing else is believed, and its vectors end as they were meant to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from credential.limits import Limits
from credential.usage import allowed_groups
from credential.wire.algorithms import Algorithm, algorithm_of
from tests.pki import make_authority
from tests.trustlist.did_lists import prod_key
from tests.trustlist.parts import AT, entry, listed, reason_of, sca
from tests.vectors.bundles import LIFE, PINNED, SIGNER, every_kind
from tests.vectors.bundles import bundle as vector_bundle
from tests.vectors.cases import sign
from tests.vectors.generate import FOLDER
from tests.vectors.pki import NOW
from trustlist import (
    ChainStatus,
    Environment,
    KeyUsage,
    ListReason,
    RejectedEntry,
    Source,
    TrustedKey,
    TrustListError,
    TrustSnapshot,
)
from trustlist.bundle import Bundle, BundleSigner, is_bundle, key_id_of, make_bundle, read_bundle
from trustlist.snapshot_pack import ListPart

VECTORS = sorted((FOLDER / "bundle").glob("*.bin"))
REFUSED = {
    "ahead": "device-bundle-ahead",
    "changed": "device-bundle-signature-invalid",
    "cut": "device-bundle-signature-invalid",
    "empty": "device-bundle-foreign",
    "environment": "environment-unexpected",
    "environment-unknown": "environment-unexpected",
    "expired": "device-bundle-expired",
    "foreign": "device-bundle-foreign",
    "head-cut": "device-bundle-foreign",
    "rolled-back": "device-bundle-rolled-back",
    "signature-zero": "device-bundle-signature-invalid",
    "signer-other": "device-bundle-signature-invalid",
    "signer-unknown": "device-bundle-signer-unknown",
    "trailing": "device-bundle-signature-invalid",
    "version": "device-bundle-version",
}
KEYS_OF = {
    **dict.fromkeys(("current", "stale", "clock-behind", "last-second", "number-higher", "number-same"), 9),
    **dict.fromkeys(("orphaned", "next-signer", "one-key", "point-off-curve"), 1),
    "every-kind": 9,
}


def made(snapshot: TrustSnapshot, **changes: Any) -> bytes:
    """A bundle of a snapshot, signed with the key of the vectors."""
    own = key_id_of(SIGNER.public_key())
    said: dict[str, Any] = {"at": AT, "number": 7, "not_after": AT + LIFE, "key_id": own, **changes}
    return make_bundle(snapshot, **{"sign": lambda message: sign(SIGNER, message), **said})


def read(data: bytes, environment: Environment = Environment.PRIVATE, **changes: Any) -> Bundle:
    """The same, read again."""
    return read_bundle(data, **{"keys": [BundleSigner(SIGNER.public_key(), environment)], "at": AT, **changes})


def facts_of(key: TrustedKey, trust: Any) -> tuple[object, ...]:
    """Everything of a key that a verdict can depend on; the certificate itself and its place are not among it."""
    chain = trust.chain(key)
    dates = list(dict.fromkeys((each.not_before, each.not_after) for each in chain.authorities))
    named = (key.kid, key.participant, key.country, key.domain, key.issuer, key.usage, key.crl_version)
    told = (key.pinned, key.bare, key.is_ca, key.not_before, key.not_after, allowed_groups(key.extended_key_usage))
    numbers = key.public_key.public_numbers()  # type: ignore[union-attr]
    return (*named, *told, chain.status, chain.reason, dates, numbers, key.environment)


def assert_same_trust(bundle: Bundle, snapshot: TrustSnapshot) -> None:
    """Every key that may have signed is there, under its kid, in the same order, and says the same."""
    trust = bundle.snapshot()
    assert (trust.environment, trust.verified) == (snapshot.environment, snapshot.verified)
    assert trust.created == (snapshot.created and snapshot.created.replace(microsecond=0))
    kids = {key.kid for key in snapshot.keys()}  # noqa: SIM118 - a snapshot is no mapping
    assert {key.kid for key in trust.keys} == {kid for kid in kids if snapshot.candidates(kid)}
    for kid in kids:
        found = [facts_of(key, trust) for key in trust.candidates(kid)]
        assert found == [facts_of(key, snapshot) for key in snapshot.candidates(kid)]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_vector_ends_as_it_was_meant_to(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))["expected"]
    if path.stem in KEYS_OF:
        assert len(expected["keys"]) == KEYS_OF[path.stem]
    else:
        reason = "device-bundle-damaged" if path.stem.startswith("damaged-") else REFUSED[path.stem]
        assert expected == {"refused": reason}


def test_every_expected_vector_is_there() -> None:
    damaged = {path.stem for path in VECTORS if path.stem.startswith("damaged-")}
    assert {path.stem for path in VECTORS} - damaged == {*KEYS_OF, *REFUSED}
    assert len(damaged) == 30


def test_every_kind_of_key_and_every_state_of_chain_comes_out_as_it_went_in() -> None:
    snapshot = every_kind()
    bundle = read(made(snapshot, at=NOW, not_after=NOW + LIFE), at=NOW)
    assert_same_trust(bundle, snapshot)
    keys = bundle.contents.keys
    assert {key.stated.chain.status for key in keys} == set(ChainStatus)
    assert {algorithm_of(key.public_key) for key in keys} == {Algorithm.ES256, Algorithm.PS256, None}
    assert {True, False} == {key.bare for key in keys} == {key.pinned for key in keys} == {key.is_ca for key in keys}


def test_a_bundle_counts_what_it_leaves_out() -> None:
    authority = make_authority("XA")
    signers = [entry(authority.issue_signer(), authority) for _ in range(2)]
    exchange = entry(authority.issue_signer(), usage=KeyUsage.DESC)
    rejected = [RejectedEntry("verificationMethod[9]", None, None, ListReason.KID_INVALID)]
    bundle = read(made(listed(sca(authority), *signers, exchange, rejected=rejected)))
    contents = bundle.contents
    assert (contents.entries, contents.unusable, len(contents.keys)) == (5, 1, 2)


def test_a_key_that_is_listed_twice_alike_is_written_once() -> None:
    authority = make_authority("XA")
    signer = authority.issue_signer()
    twice = [entry(signer, authority, position=f"verificationMethod[{number}]") for number in range(2)]
    assert len(read(made(listed(*twice))).contents.keys) == 1
    elsewhere = entry(signer, authority, domain="DDCC")
    assert len(read(made(listed(*twice, elsewhere))).contents.keys) == 2


def test_equal_input_makes_equal_bytes() -> None:
    snapshot = every_kind()
    again = TrustSnapshot.merge(snapshot)
    assert made(snapshot) == made(again)
    sections = {"rules": b"1", "blocked": b"2"}
    assert made(snapshot, sections=sections) == made(snapshot, sections=dict(reversed(sections.items())))


def test_sections_come_out_as_they_went_in_whatever_they_are_named() -> None:
    sections = {"rules": b"{}", "a-list-of-later-": bytes(1000), "empty": b""}
    assert read(made(every_kind(), sections=sections)).sections == sections


def test_a_bundle_says_when_its_lists_were_signed_and_when_it_ends() -> None:
    created = datetime(2026, 11, 20, 1, 2, 3, 999_999, tzinfo=UTC)
    bundle = read(made(listed(entry(make_authority("XA").issue_signer()), created=created)))
    trust = bundle.snapshot()
    assert bundle.list_created == trust.created == created.replace(microsecond=0)
    assert trust.age(AT) == AT - created.replace(microsecond=0)
    assert trust.expires == bundle.not_after == AT + LIFE
    assert (bundle.number, bundle.environment, bundle.made) == (7, Environment.PRIVATE, AT)


def test_the_end_of_a_list_comes_before_that_of_the_bundle() -> None:
    source = Source("set", "jwks", Environment.PRIVATE, None, 1, AT + timedelta(days=1))
    part = ListPart(source, (entry(make_authority("XA").issue_signer()),), (), pinned=True)
    trust = read(made(TrustSnapshot.from_parts((part,)))).snapshot()
    assert (trust.created, trust.age(AT), trust.expires) == (None, None, source.expires)


def test_an_unknown_kid_has_no_candidates_and_a_key_from_elsewhere_no_chain() -> None:
    snapshot = every_kind()
    trust = read(made(snapshot)).snapshot()
    assert trust.candidates(b"no such kid") == ()
    assert trust.chain(next(iter(snapshot.keys()))).status is ChainStatus.ORPHANED


def test_a_key_of_a_bundle_has_no_certificate() -> None:
    key = read(made(every_kind())).contents.keys[0]
    with pytest.raises(TrustListError) as caught:
        _ = key.facts
    assert reason_of(caught) is ListReason.CERTIFICATE_MISSING


def test_a_point_that_is_no_key_shows_when_it_is_used() -> None:
    data = (FOLDER / "bundle" / "point-off-curve.bin").read_bytes()
    (key,) = read(data, at=NOW).contents.keys
    with pytest.raises(TrustListError) as caught:
        _ = key.public_key
    assert reason_of(caught) is ListReason.KEY_UNUSABLE


def test_every_changed_byte_is_noticed() -> None:
    data = vector_bundle("orphaned")
    for at in range(len(data)):
        with pytest.raises(TrustListError):
            read(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :], at=NOW)


def test_every_length_but_the_right_one_is_refused() -> None:
    data = vector_bundle("orphaned")
    for size in range(len(data)):
        with pytest.raises(TrustListError):
            read(data[:size], at=NOW)


def test_the_key_identifier_chooses_among_pinned_keys() -> None:
    other = BundleSigner(ec.generate_private_key(ec.SECP256R1()).public_key(), Environment.PRIVATE)
    assert read(made(every_kind()), keys=[other, *PINNED]).key_id == PINNED[0].key_id
    with pytest.raises(TrustListError) as caught:
        read(made(every_kind()), keys=[other])
    assert reason_of(caught) is ListReason.DEVICE_BUNDLE_SIGNER_UNKNOWN


def test_the_size_of_a_bundle_is_bounded_when_made_and_when_read() -> None:
    data = made(every_kind())
    small = Limits(device_bundle_bytes=len(data) - 1)
    for attempt in (lambda: made(every_kind(), limits=small), lambda: read(data, limits=small)):
        with pytest.raises(TrustListError) as caught:
            attempt()
        assert reason_of(caught) is ListReason.DEVICE_BUNDLE_TOO_LARGE
    assert read(data, limits=Limits(device_bundle_bytes=len(data))).number == 7


def test_no_bundle_is_made_of_lists_that_nobody_vouches_for() -> None:
    source = Source("looked at", "did-v2-embedded", Environment.PRIVATE, AT, 1, verified=False)
    part = ListPart(source, (entry(make_authority("XA").issue_signer()),), (), pinned=False)
    with pytest.raises(TrustListError) as caught:
        made(TrustSnapshot.from_parts((part,)))
    assert reason_of(caught) is ListReason.SOURCE_UNVERIFIED


@pytest.mark.parametrize(
    "mistake",
    [
        {"number": 0},
        {"number": 1 << 32},
        {"at": AT.replace(tzinfo=None)},
        {"not_after": AT - timedelta(seconds=1)},
        {"key_id": b"short"},
        {"sections": {"keys": b""}},
        {"sections": {"Rules": b""}},
        {"sections": {"seventeen-letters": b""}},
        {"sections": {f"s{number}": b"" for number in range(255)}},
        {"sign": lambda _message: b"der"},
    ],
    ids=lambda mistake: next(iter(mistake)),
)
def test_what_no_bundle_can_say_is_a_mistake_of_the_caller(mistake: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"bundle|moment|identifier|section|signature"):
        made(every_kind(), **mistake)


def test_a_bundle_is_told_apart_by_its_first_bytes() -> None:
    assert is_bundle(made(every_kind()))
    assert not is_bundle(every_kind().saved.data)


@pytest.mark.corpus
def test_the_production_list_fits_and_says_the_same(corpora: Path) -> None:
    document = (corpora / "trust-lists" / "prod" / "v2" / "trustlist" / "did.json").read_bytes()
    snapshot = TrustSnapshot.from_did(document, key=prod_key())
    data = made(snapshot)
    bundle = read(data, Environment.PRODUCTION)
    contents = bundle.contents
    assert (contents.entries, contents.unusable, len(contents.keys)) == (501, 0, 438)
    assert len(data) * 500 / 438 < 60_000
    assert_same_trust(bundle, snapshot)
