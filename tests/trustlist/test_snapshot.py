"""Snapshots: what goes in is looked up, merged, aged, and never lost."""

from __future__ import annotations

import threading
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.limits import Limits
from tests.credential.wire.der_parts import Parts, oid, sequence, tlv
from tests.pki import make_authority
from tests.trustlist.did_lists import CREATED as SIGNED
from tests.trustlist.did_lists import LIST_DID, network
from tests.trustlist.parts import CREATED, entry, listed, reason_of, sca
from trustlist import (
    ChainStatus,
    Environment,
    KeyUsage,
    ListReason,
    PinnedAs,
    RejectedEntry,
    TrustListError,
    TrustSnapshot,
)
from trustlist.did import build_document, encode_document
from trustlist.pinned import pin_certificates

OFF_CURVE = Parts(
    key=sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), tlv(0x03, b"\0\x04", b"\x05" * 64))
).der()
UNKNOWN_KEY = Parts(key=sequence(sequence(oid("1.2.3")), tlv(0x03, b"\0x"))).der()


class TestCandidates:
    def test_a_signer_is_found_by_its_kid(self) -> None:
        signer = make_authority().issue_signer()
        snapshot = listed(entry(signer))
        (key,) = snapshot.candidates(signer.kid)
        assert (key.kid, key.certificate) == (signer.kid, signer.certificate_der)
        assert (key.participant, key.domain, key.usage, key.pinned) == ("XXA", "DCC", KeyUsage.DSC, False)
        assert key.source == snapshot.sources[0]
        assert key.position == "verificationMethod[0]"

    def test_the_kid_is_the_lists_and_is_not_recomputed(self) -> None:
        signer = make_authority().issue_signer()
        snapshot = listed(entry(signer, kid=b"\x00\x10\x83\x10\x51\x87"))
        assert len(snapshot.candidates(b"\x00\x10\x83\x10\x51\x87")) == 1
        assert snapshot.candidates(signer.kid) == ()

    @pytest.mark.parametrize("kid", [b"", b"\0", b"12345678", b"1234567", b"123456789", b"x" * 300])
    def test_an_unknown_kid_has_none(self, kid: bytes) -> None:
        snapshot = listed(entry(make_authority(), kid=b"12345678 and more"))
        assert snapshot.candidates(kid) == ()

    def test_every_key_with_the_kid_is_given_in_the_order_of_the_list(self) -> None:
        authority = make_authority()
        signers = [authority.issue_signer() for _ in range(5)]
        snapshot = listed(*(entry(signer, kid=b"the same") for signer in signers), entry(authority, kid=b"the samf"))
        found = snapshot.candidates(b"the same")
        assert [key.certificate for key in found] == [signer.certificate_der for signer in signers]

    @pytest.mark.parametrize("usage", [usage for usage in KeyUsage if usage is not KeyUsage.DSC])
    def test_a_listed_key_of_another_usage_is_none(self, usage: KeyUsage) -> None:
        authority = make_authority()
        assert listed(entry(authority, usage=usage)).candidates(authority.kid) == ()

    def test_one_certificate_listed_as_sca_and_signer_is_given_once(self) -> None:
        own = make_authority()
        (key,) = listed(sca(own), entry(own)).candidates(own.kid)
        assert key.usage is KeyUsage.DSC

    def test_a_key_is_made_once(self) -> None:
        signer = make_authority().issue_signer()
        snapshot = listed(entry(signer))
        assert snapshot.candidates(signer.kid)[0] is snapshot.candidates(signer.kid)[0]

    def test_unknown_kids_leave_nothing_behind(self) -> None:
        snapshot = listed(entry(make_authority().issue_signer()))
        for number in range(100):
            snapshot.candidates(number.to_bytes(8, "big"))
        assert not snapshot._candidates

    @given(st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=30), st.binary(max_size=12))
    def test_lookups_agree_with_a_dictionary(self, kids: list[bytes], other: bytes) -> None:
        entries = [entry(bytes([0x30, number]), kid=kid) for number, kid in enumerate(kids)]
        snapshot = listed(*entries)
        for kid in {*kids, other}:
            expected = [each.certificates[0] for each in entries if each.kid == kid]
            assert [key.certificate for key in snapshot.candidates(kid)] == expected

    def test_threads_share_a_snapshot(self) -> None:
        authority = make_authority()
        signers = [authority.issue_signer() for _ in range(20)]
        snapshot = listed(sca(authority), *map(entry, signers))
        found: list[ChainStatus] = []

        def look() -> None:
            for signer in signers:
                (key,) = snapshot.candidates(signer.kid)
                found.append(snapshot.chain(key).status)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [ChainStatus.CHAINED] * 80


class TestFromCertificates:
    def test_certificates_are_pinned_under_hcerts_kid(self) -> None:
        authority = make_authority("XB")
        signer = authority.issue_signer()
        snapshot = TrustSnapshot.from_certificates(
            [signer.certificate_der], participant="XXB", domain="DCC", environment=Environment.DEVELOPMENT
        )
        (key,) = snapshot.candidates(signer.kid)
        assert (key.pinned, key.participant, key.domain, key.country) == (True, "XXB", "DCC", "XB")
        assert (snapshot.environment, snapshot.created) == (Environment.DEVELOPMENT, None)
        assert snapshot.sources[0].entries == 1

    def test_nothing_is_said_that_is_not_known(self) -> None:
        signer = make_authority().issue_signer()
        (key,) = TrustSnapshot.from_certificates(iter([signer.certificate_der])).candidates(signer.kid)
        assert (key.participant, key.domain, key.environment) == (None, None, Environment.PRIVATE)

    def test_a_pinned_ca_is_a_candidate_that_says_what_it_is(self) -> None:
        authority = make_authority()
        (key,) = TrustSnapshot.from_certificates([authority.certificate_der]).candidates(authority.kid)
        assert (key.usage, key.is_ca, key.pinned) == (KeyUsage.SCA, True, True)

    def test_what_cannot_be_used_is_rejected_and_stops_nothing(self) -> None:
        signer = make_authority().issue_signer()
        ders = [b"junk", signer.certificate_der, OFF_CURVE, UNKNOWN_KEY, b"0" * 20_000, signer.certificate_der]
        snapshot = TrustSnapshot.from_certificates(ders, participant="XXA")
        assert len(snapshot) == 1
        assert [(each.position, each.reason) for each in snapshot.rejected] == [
            ("certificate[0]", ListReason.CERTIFICATE_UNREADABLE),
            ("certificate[2]", ListReason.KEY_UNUSABLE),
            ("certificate[3]", ListReason.KEY_UNSUPPORTED),
            ("certificate[4]", ListReason.CERTIFICATE_TOO_LARGE),
            ("certificate[5]", ListReason.ENTRY_REPEATED),
        ]
        assert snapshot.rejected[0].participant == "XXA"
        assert snapshot.rejected[4].detail == {"first": "certificate[1]"}
        assert snapshot.sources[0].entries == 6

    def test_no_certificate_is_an_empty_snapshot(self) -> None:
        snapshot = TrustSnapshot.from_certificates([])
        assert (len(snapshot), snapshot.candidates(b"12345678"), list(snapshot.keys())) == (0, (), [])

    def test_a_flood_of_certificates_is_refused(self) -> None:
        certificates = ((str(number), b"junk") for number in range(11))
        with pytest.raises(TrustListError) as caught:
            pin_certificates(certificates, PinnedAs(), limits=Limits(trust_list_keys=10))
        assert reason_of(caught) is ListReason.LIST_TOO_MANY_ENTRIES


class TestFromDid:
    def test_a_signed_list_becomes_a_snapshot(self) -> None:
        net = network()
        snapshot = TrustSnapshot.from_did(encode_document(net.document()), key=net.pinned, expected_did=LIST_DID)
        assert (snapshot.created, snapshot.environment) == (SIGNED, Environment.PRIVATE)
        assert (snapshot.sources[0].name, snapshot.sources[0].entries) == (LIST_DID, 4)
        for code, signer in zip(("XXA", "XXB"), net.signers, strict=True):
            (key,) = snapshot.candidates(signer.kid)
            assert (key.participant, key.pinned) == (code, False)
            assert snapshot.chain(key).status is ChainStatus.CHAINED

    def test_a_list_that_another_signed_is_refused(self) -> None:
        net = network()
        document = net.sign(build_document(LIST_DID, net.entries), sign=net.signers[0].private_key)
        with pytest.raises(TrustListError) as caught:
            TrustSnapshot.from_did(document, key=net.pinned)
        assert reason_of(caught) is ListReason.PROOF_INVALID

    def test_rejected_entries_are_kept_and_counted(self) -> None:
        net = network()
        document = build_document(LIST_DID, net.entries)
        document["verificationMethod"][1]["keyusage"]["code"] = "#FISHING"
        snapshot = TrustSnapshot.from_did(net.sign(document), key=net.pinned)
        assert (len(snapshot), len(snapshot.rejected), snapshot.sources[0].entries) == (3, 1, 4)
        assert snapshot.rejected[0].reason is ListReason.USAGE_UNKNOWN


class TestMerge:
    def test_all_entries_of_all_are_there(self) -> None:
        authority = make_authority()
        signers = [authority.issue_signer() for _ in range(3)]
        rejected = RejectedEntry("verificationMethod[9]", "a kid", "XXA", ListReason.KID_INVALID)
        first = listed(entry(signers[0], authority), rejected=[rejected])
        second = TrustSnapshot.from_certificates([signers[1].certificate_der, b"junk"], participant="XXA")
        merged = TrustSnapshot.merge(first, second, listed(entry(signers[2]), name="did:web:other.example"))
        assert len(merged) == 3
        assert merged.sources == (*first.sources, *second.sources, merged.sources[2])
        assert [each.reason for each in merged.rejected] == [ListReason.KID_INVALID, ListReason.CERTIFICATE_UNREADABLE]
        for signer in signers:
            (key,) = merged.candidates(signer.kid)
            assert merged.chain(key).status is ChainStatus.CHAINED
        assert tuple(map(attrgetter("pinned"), merged.keys())) == (False, True, False)

    def test_merging_one_changes_nothing(self) -> None:
        net = network()
        snapshot = TrustSnapshot.from_did(net.document(), key=net.pinned)
        assert TrustSnapshot.merge(snapshot) == snapshot

    def test_environments_are_never_mixed(self) -> None:
        production = listed(environment=Environment.PRODUCTION)
        for environment in Environment:
            other = listed(environment=environment)
            if environment is Environment.PRODUCTION:
                assert TrustSnapshot.merge(production, other).environment is environment
                continue
            with pytest.raises(TrustListError) as caught:
                TrustSnapshot.merge(production, other)
            assert reason_of(caught) is ListReason.ENVIRONMENTS_MIXED
            assert caught.value.detail == {"environments": " ".join(sorted((environment, "production")))}

    def test_merging_nothing_is_refused(self) -> None:
        with pytest.raises(TrustListError) as caught:
            TrustSnapshot.merge()
        assert reason_of(caught) is ListReason.SOURCE_EMPTY


class TestAge:
    def test_the_oldest_list_gives_the_age(self) -> None:
        older = CREATED - timedelta(days=3)
        merged = TrustSnapshot.merge(listed(), listed(created=older), TrustSnapshot.from_certificates([]))
        assert merged.created == older
        assert merged.age(CREATED) == timedelta(days=3)

    def test_certificates_have_no_age(self) -> None:
        assert TrustSnapshot.from_certificates([]).age(datetime(2026, 1, 1, tzinfo=UTC)) is None


class TestValue:
    def test_it_cannot_be_changed(self) -> None:
        snapshot = listed()
        with pytest.raises(FrozenInstanceError):
            snapshot.saved = listed(created=None).saved  # type: ignore[misc]

    def test_equal_lists_are_equal_snapshots(self) -> None:
        signer = make_authority().issue_signer()
        one, two = listed(entry(signer)), listed(entry(signer))
        assert (one, hash(one)) == (two, hash(two))
        assert one != listed(entry(signer, participant="XXB"))

    def test_lookups_do_not_change_what_it_equals(self) -> None:
        signer = make_authority().issue_signer()
        one, two = listed(entry(signer)), listed(entry(signer))
        one.chain(one.candidates(signer.kid)[0])
        assert one == two

    def test_its_text_shows_no_bytes(self) -> None:
        assert len(repr(listed(entry(make_authority())))) < 400
