"""Signed key sets of one's own: what is written is read, and nothing that its pinned signer did not sign."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from credential.limits import Limits
from credential.wire import base64url
from credential.wire.jws import read_compact, sign_compact, sign_json
from tests.pki import PrivateKey, make_authority, make_key
from tests.trustlist.parts import entry, reason_of, sca
from tests.trustlist.test_bare_keys import bare
from trustlist import (
    ChainStatus,
    Environment,
    KeyUsage,
    ListEntry,
    ListReason,
    PinnedKey,
    TrustListError,
    TrustSnapshot,
)
from trustlist.snapshot_pack import ListPart
from trustlist.sources.signed_jwks import KIND, TYPE, KeySet, read_signed_key_set, write_signed_key_set

NAME = "https://list.example/health"
KEY = make_key("P-256")
PIN = PinnedKey("did:web:list.example", Environment.PRIVATE, KEY.public_key())  # type: ignore[arg-type]
ISSUED, EXPIRES = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
AUTHORITY = make_authority()
SIGNER = AUTHORITY.issue_signer()
ENTRIES = (
    sca(AUTHORITY),
    entry(SIGNER, AUTHORITY),
    entry(AUTHORITY.issue_signer(key="RSA"), domain=None, participant=None, kid=b"any kid at all"),
    entry(AUTHORITY.issue_signer(key="P-384"), usage=KeyUsage.DESC),
    bare(crl_version=4),
    replace(bare(make_key("RSA"), kid=b"x"), issuer=None, participant="XXB"),
)
SET = KeySet(NAME, ENTRIES, ISSUED, EXPIRES)


def written(key_set: KeySet = SET, **options: Any) -> bytes:
    return write_signed_key_set(key_set, KEY, **options)  # type: ignore[arg-type]


def signed(claims: Any, *, key: PrivateKey = KEY, header: dict[str, Any] | None = None) -> bytes:
    return sign_compact(json.dumps(claims).encode(), key, {"typ": TYPE} if header is None else header).encode()


def claims(**changes: Any) -> dict[str, Any]:
    members = {**SET.claims(), **changes}
    return {name: value for name, value in members.items() if value is not None}


def read(data: bytes, **options: Any) -> ListPart:
    return read_signed_key_set(data, key=PIN, **options)


def refused(data: bytes, **options: Any) -> ListReason:
    with pytest.raises(TrustListError) as caught:
        read(data, **options)
    return reason_of(caught)


class TestRoundTrip:
    @pytest.mark.parametrize("compact", [True, False])
    def test_what_is_written_is_read(self, compact: bool) -> None:
        part = read(b"\n" + written(compact=compact, kid="2026") + b"\n", expected_name=NAME)
        assert part.rejected == ()
        assert [replace(each, position="") for each in part.entries] == [replace(each, position="") for each in ENTRIES]
        assert (part.source.name, part.source.kind, part.source.entries) == (NAME, KIND, len(ENTRIES))
        assert (part.source.created, part.source.expires) == (ISSUED, EXPIRES)
        assert (part.source.environment, part.source.verified, part.pinned) == (Environment.PRIVATE, True, False)

    def test_the_snapshot_of_it_chains_ends_and_finds(self) -> None:
        snapshot = TrustSnapshot.from_parts((read(written()),))
        (key,) = snapshot.candidates(SIGNER.kid)
        assert snapshot.chain(key).status is ChainStatus.CHAINED
        (key,) = snapshot.candidates(b"bare")
        assert snapshot.chain(key).status is ChainStatus.PINNED
        assert (snapshot.created, snapshot.expires) == (ISSUED, EXPIRES)

    def test_it_is_a_token_that_others_can_read(self) -> None:
        jws = read_compact(written(kid="2026").decode())
        assert dict(jws.header) == {"alg": "ES256", "typ": "jwk-set+jwt", "kid": "2026"}
        payload = json.loads(jws.payload)
        assert (payload["iss"], payload["iat"], payload["exp"]) == (NAME, ISSUED.timestamp(), EXPIRES.timestamp())
        assert payload["keys"][1]["kid"] == base64url.encode(SIGNER.kid)
        assert payload["keys"][4]["issuer"] == ENTRIES[4].issuer
        assert "x5c" not in payload["keys"][4]

    def test_times_of_any_zone_are_the_same_moments(self) -> None:
        zone = timezone(timedelta(hours=9))
        moved = replace(SET, issued=ISSUED.astimezone(zone), expires=EXPIRES.astimezone(zone))
        assert read(written(moved)).source.created == ISSUED


class TestNotBelieved:
    def test_another_signer(self) -> None:
        assert refused(signed(claims(), key=make_key("P-256"))) is ListReason.PROOF_INVALID

    def test_a_signer_of_another_kind(self) -> None:
        assert refused(signed(claims(), key=make_key("RSA"))) is ListReason.PROOF_INVALID

    def test_a_key_that_the_token_brings(self) -> None:
        stranger = make_key("P-256")
        numbers = stranger.public_key().public_numbers()
        brought = {"kty": "EC", "crv": "P-256", **{name: number_of(getattr(numbers, name)) for name in "xy"}}
        assert refused(signed(claims(), key=stranger, header={"typ": TYPE, "jwk": brought})) is ListReason.PROOF_INVALID

    def test_what_is_changed(self) -> None:
        header, _, signature = written().decode().split(".")
        payload = base64url.encode(json.dumps(claims(keys=[])).encode())
        assert refused(".".join((header, payload, signature)).encode()) is ListReason.PROOF_INVALID

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", ListReason.PROOF_SIGNATURE_FORM),
            (b"a.b.c", ListReason.PROOF_SIGNATURE_FORM),
            ("ä.b.c".encode(), ListReason.PROOF_SIGNATURE_FORM),
            (b"{}", ListReason.PROOF_SIGNATURE_FORM),
            (b"{", ListReason.PROOF_SIGNATURE_FORM),
            (b"e30.e30.e30", ListReason.PROOF_HEADER),
            (b"eyJhbGciOiJub25lIn0.e30.", ListReason.PROOF_HEADER),
            (signed(claims(), header={}), ListReason.PROOF_HEADER),
            (signed(claims(), header={"typ": "JWT"}), ListReason.PROOF_HEADER),
            (signed([]), ListReason.DOCUMENT_SHAPE),
            (signed(claims(iss=None)), ListReason.DOCUMENT_SHAPE),
            (signed(claims(iss=7)), ListReason.DOCUMENT_SHAPE),
            (signed(claims(keys=None)), ListReason.DOCUMENT_SHAPE),
            (signed(claims(keys={})), ListReason.DOCUMENT_SHAPE),
            (signed(claims(iat=None)), ListReason.PROOF_CREATED),
            (signed(claims(exp=None)), ListReason.PROOF_CREATED),
            (signed(claims(iat="2026-11-20")), ListReason.PROOF_CREATED),
            (signed(claims(exp=1.5)), ListReason.PROOF_CREATED),
            (signed(claims(exp=True)), ListReason.PROOF_CREATED),
            (signed(claims(exp=2**40)), ListReason.PROOF_CREATED),
            (signed(claims(exp=int(ISSUED.timestamp()))), ListReason.PROOF_CREATED),
        ],
    )
    def test_tokens_of_another_form(self, data: bytes, reason: ListReason) -> None:
        assert refused(data) is reason

    def test_a_payload_that_is_no_json(self) -> None:
        assert refused(sign_compact(b"keys", KEY, {"typ": TYPE}).encode()) is ListReason.DOCUMENT_NOT_JSON

    def test_another_list_than_the_one_asked_for(self) -> None:
        assert refused(written(), expected_name="https://other.example") is ListReason.DID_UNEXPECTED

    def test_bounds(self) -> None:
        assert refused(written(), limits=Limits(jws_bytes=100)) is ListReason.LIST_TOO_LARGE
        assert refused(written(), limits=Limits(trust_list_bytes=100)) is ListReason.LIST_TOO_LARGE
        assert refused(written(), limits=Limits(trust_list_keys=3)) is ListReason.LIST_TOO_MANY_ENTRIES


GOOD: dict[str, Any] = SET.claims()["keys"][1]
BARE: dict[str, Any] = SET.claims()["keys"][4]


class TestEntries:
    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (None, ListReason.ENTRY_MALFORMED),
            ({}, ListReason.KEY_KIND),
            ({**GOOD, "kid": ""}, ListReason.KID_INVALID),
            ({**GOOD, "kid": 7}, ListReason.KID_INVALID),
            ({**GOOD, "usage": "CSCA"}, ListReason.USAGE_UNKNOWN),
            ({**GOOD, "usage": ["DSC"]}, ListReason.USAGE_UNKNOWN),
            ({**GOOD, "participant": ""}, ListReason.ENTRY_MALFORMED),
            ({**GOOD, "domain": None}, ListReason.ENTRY_MALFORMED),
            ({**GOOD, "x": BARE["x"]}, ListReason.KEY_NOT_OF_CERTIFICATE),
            ({**GOOD, "d": "AAAA"}, ListReason.KEY_PRIVATE_PUBLISHED),
            ({**GOOD, "x5c": ["AAAA"]}, ListReason.CERTIFICATE_UNREADABLE),
            ({**GOOD, "issuer": NAME}, ListReason.ENTRY_AMBIGUOUS),
            ({**BARE, "issuer": "health.example"}, ListReason.ISSUER_MALFORMED),
            ({**BARE, "crlVersion": "x"}, ListReason.KEY_MALFORMED),
            ({**BARE, "use": "enc"}, ListReason.KEY_USE),
            ({**BARE, "d": "AAAA"}, ListReason.KEY_PRIVATE_PUBLISHED),
        ],
    )
    def test_one_that_cannot_be_used_is_rejected(self, bad: Any, reason: ListReason) -> None:
        part = read(signed(claims(keys=[bad, GOOD])))
        assert [(each.position, each.reason) for each in part.rejected] == [("keys[0]", reason)]
        assert len(part.entries) == 1

    def test_one_without_a_name_is_found_by_its_thumbprint(self) -> None:
        part = read(signed(claims(keys=[{name: value for name, value in BARE.items() if name != "kid"}])))
        assert len(part.entries[0].kid) == 32

    def test_a_weak_signature_between_certificates_is_for_the_chain_to_judge(self) -> None:
        stranger = make_authority()
        part = read(written(replace(SET, entries=(entry(SIGNER, stranger),))))
        assert part.rejected == ()


class TestOtherMakers:
    def test_a_bare_set_is_read_when_asked_for(self) -> None:
        data = signed({"keys": [GOOD]}, header={"kid": "a"})
        assert refused(data) is ListReason.PROOF_HEADER
        part = read(data, dated=False)
        assert (part.source.name, part.source.created, part.source.expires) == (KIND, None, None)
        assert len(part.entries) == 1

    def test_one_signature_of_several_is_enough(self) -> None:
        payload = json.dumps(SET.claims()).encode()
        first, second = (json.loads(sign_json(payload, key, {"typ": TYPE})) for key in (make_key("P-256"), KEY))
        signatures = [{name: each[name] for name in ("protected", "signature")} for each in (first, second)]
        data = json.dumps({"payload": first["payload"], "signatures": signatures}).encode()
        assert len(read(data).entries) == len(ENTRIES)


class TestWriting:
    @pytest.mark.parametrize(
        ("key_set", "reason"),
        [
            (replace(SET, expires=ISSUED), ListReason.PROOF_CREATED),
            (replace(SET, expires=ISSUED + timedelta(milliseconds=500)), ListReason.PROOF_CREATED),
            (replace(SET, issued=datetime(2026, 1, 1)), ListReason.PROOF_CREATED),  # noqa: DTZ001 - refused
            (replace(SET, entries=(replace(bare(), public_key=b"x"),)), ListReason.KEY_UNUSABLE),
            (replace(SET, entries=(entry(b"x", kid=b"k"),)), ListReason.KEY_UNUSABLE),
            (
                replace(SET, entries=(ListEntry(b"k", (), None, None, KeyUsage.DSC, ""),)),
                ListReason.CERTIFICATE_MISSING,
            ),
        ],
    )
    def test_what_cannot_be_written(self, key_set: KeySet, reason: ListReason) -> None:
        with pytest.raises(TrustListError) as caught:
            written(key_set)
        assert reason_of(caught) is reason

    def test_a_key_on_another_curve(self) -> None:
        with pytest.raises(TrustListError) as caught:
            write_signed_key_set(SET, make_key("P-384"))  # type: ignore[arg-type]
        assert reason_of(caught) is ListReason.PINNED_KEY_KIND


def number_of(number: int) -> str:
    return base64url.encode(number.to_bytes(32, "big"))
