"""Keys that come without certificate: what is known of them, how they are kept, and for whom they sign."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credential.errors import Reason, Stage
from credential.wire.x509_problem import CertificateProblem
from tests.pki import PrivateKey, SignerKey, make_authority, make_key
from tests.trustlist.parts import AT, entry, listed, reason_of, sca
from tests.verifier.scene import NOW, parts
from trustlist import (
    ChainStatus,
    EntryStatus,
    Environment,
    KeyUsage,
    ListEntry,
    ListReason,
    Source,
    TrustedKey,
    TrustListError,
    TrustSnapshot,
)
from trustlist.model import HEALTH_CARDS, TRAVEL_DOCUMENTS
from trustlist.snapshot_pack import ListPart
from verifier import Outcome, Policy, Verdict, verify

ISSUER = "https://health.example/issuer"
KEY = make_key("P-256")


def info_of(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def bare(
    key: PrivateKey | None = None,
    *,
    kid: bytes = b"bare",
    issuer: str | None = ISSUER,
    domain: str | None = HEALTH_CARDS,
    crl_version: int | None = None,
) -> ListEntry:
    public = info_of((key or KEY).public_key())
    return ListEntry(kid, (), None, domain, KeyUsage.DSC, "keys[0]", public, issuer, crl_version)


def held(*entries: ListEntry, verified: bool = True, expires: datetime | None = None) -> TrustSnapshot:
    source = Source("set", "jwks", Environment.PRIVATE, None, len(entries), expires, verified)
    return TrustSnapshot.from_parts((ListPart(source, entries, (), pinned=True),))


def only(snapshot: TrustSnapshot) -> TrustedKey:
    (key,) = tuple(snapshot.keys())
    return key


class TestWhatIsKnown:
    def test_a_bare_key_has_no_dates_no_country_and_no_restriction(self) -> None:
        key = only(held(bare()))
        assert key.bare
        assert (key.not_before, key.not_after, key.country, key.is_ca) == (None, None, None, False)
        assert key.extended_key_usage == ()
        assert not key.starts_after(0)
        assert not key.ended_before(2**40)
        assert key.public_key == KEY.public_key()
        assert (key.key_facts.kind, key.key_facts.detail, key.key_facts.problem) == ("EC", "P-256", None)

    def test_it_has_no_certificate_to_ask(self) -> None:
        with pytest.raises(TrustListError) as caught:
            _ = only(held(bare())).facts
        assert reason_of(caught) is ListReason.CERTIFICATE_MISSING

    @pytest.mark.parametrize("info", [b"\x30\x00", b"text", b"\x30\x03\x02\x01\x05"])
    def test_bytes_that_are_no_key(self, info: bytes) -> None:
        key = only(held(replace(bare(), public_key=info)))
        for ask in ("public_key", "key_facts"):
            with pytest.raises(TrustListError) as caught:
                getattr(key, ask)
            assert reason_of(caught) is ListReason.KEY_UNUSABLE

    def test_a_key_with_a_certificate_says_the_same_of_itself(self) -> None:
        key = only(listed(entry(make_authority().issue_signer(key="RSA-1024"))))
        assert not key.bare
        assert (key.key_facts.kind, key.key_facts.detail) == ("RSA", "1024")
        assert key.key_facts.problem is CertificateProblem.KEY_TOO_WEAK

    def test_dates_of_a_certificate_include_both_ends(self) -> None:
        key = only(listed(entry(make_authority().issue_signer())))
        assert key.not_before is not None
        assert key.not_after is not None
        assert (key.starts_after(key.not_before - 1), key.starts_after(key.not_before)) == (True, False)
        assert (key.ended_before(key.not_after), key.ended_before(key.not_after + 1)) == (False, True)


class TestState:
    def test_it_needs_no_authority(self) -> None:
        for pinned in (True, False):
            source = Source("set", "jwks", Environment.PRIVATE, None, 1)
            snapshot = TrustSnapshot.from_parts((ListPart(source, (bare(),), (), pinned=pinned),))
            assert snapshot.chain(only(snapshot)).status is ChainStatus.PINNED
            assert [state.status for state in snapshot.account(AT)] == [EntryStatus.USABLE]

    def test_weak_and_unsupported_keys_are_told(self) -> None:
        odd = replace(bare(), public_key=info_of(ed25519.Ed25519PrivateKey.generate().public_key()))
        snapshot = held(bare(make_key("RSA-1024")), bare(make_key("P-384")), odd)
        assert [(state.status, state.reason) for state in snapshot.account(AT)] == [
            (EntryStatus.BROKEN, ListReason.KEY_TOO_WEAK),
            (EntryStatus.UNSUPPORTED, ListReason.KEY_UNSUPPORTED),
            (EntryStatus.UNSUPPORTED, ListReason.KEY_UNSUPPORTED),
        ]

    def test_nobody_vouches_for_a_list_that_was_not_verified(self) -> None:
        snapshot = held(bare(), verified=False)
        assert not snapshot.verified
        (state,) = snapshot.account(AT)
        assert (state.status, state.reason) == (EntryStatus.UNVERIFIED, ListReason.SOURCE_UNVERIFIED)


class TestKept:
    def test_everything_comes_back(self) -> None:
        made = (
            bare(crl_version=7),
            bare(make_key("P-384"), kid=b"other", issuer="https://other.example"),
            bare(issuer=None, domain=None),
            replace(entry(make_authority().issue_signer(), participant=None), issuer=ISSUER),
            entry(make_authority().issue_signer()),
        )
        end = datetime(2027, 1, 1, tzinfo=UTC)
        snapshot = held(*made, expires=end)
        for each in (snapshot, TrustSnapshot.merge(snapshot)):
            keys = tuple(each.keys())
            assert [key.issuer for key in keys] == [one.issuer for one in made]
            assert [key.participant for key in keys] == [one.participant for one in made]
            assert [key.crl_version for key in keys] == [7, None, None, None, None]
            assert [key.public_key_info for key in keys] == [one.public_key for one in made]
            assert [key.certificate for key in keys] == [b"", b"", b"", *(one.certificates[0] for one in made[3:])]
            assert (each.expires, each.created, each.verified) == (end, None, True)
        assert TrustSnapshot.merge(snapshot) == snapshot

    def test_a_key_is_as_its_constructor_makes_it(self) -> None:
        for made in (bare(crl_version=7), entry(make_authority().issue_signer())):
            key = only(held(made))
            assert set(vars(key)) == {each.name for each in fields(TrustedKey)}
            same = TrustedKey(**vars(key))
            assert (key, hash(key), repr(key)) == (same, hash(same), repr(same))

    def test_a_bare_key_is_found_by_its_kid(self) -> None:
        assert [key.issuer for key in held(bare(), bare(kid=b"x")).candidates(b"bare")] == [ISSUER]

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (replace(bare(), public_key=b""), ListReason.CERTIFICATE_MISSING),
            (replace(bare(), certificates=(b"0",)), ListReason.ENTRY_AMBIGUOUS),
            (replace(bare(), participant="XXA"), ListReason.ENTRY_AMBIGUOUS),
            (replace(bare(), issuer=""), ListReason.ENTRY_AMBIGUOUS),
            (bare(crl_version=-1), ListReason.KEY_MALFORMED),
            (bare(crl_version=2**32 - 1), ListReason.KEY_MALFORMED),
        ],
    )
    def test_entries_that_no_reader_makes_are_refused(self, bad: ListEntry, reason: ListReason) -> None:
        with pytest.raises(TrustListError) as caught:
            held(bad)
        assert reason_of(caught) is reason

    def test_lists_with_and_without_a_checked_proof_are_never_held_together(self) -> None:
        with pytest.raises(TrustListError) as caught:
            TrustSnapshot.merge(held(bare()), held(bare(), verified=False))
        assert reason_of(caught) is ListReason.SOURCES_MIXED
        assert not TrustSnapshot.merge(held(bare(), verified=False)).verified

    def test_the_first_list_to_end_ends_the_snapshot(self) -> None:
        ends = [NOW + timedelta(days=days) for days in (3, 1, 2)]
        assert TrustSnapshot.merge(*(held(bare(), expires=end) for end in ends), held(bare())).expires == ends[1]


SIGNER = SignerKey(b"", KEY, b"bare")
OPEN = Policy()


def check(trust: TrustSnapshot, *, issuer: str | None = ISSUER, at: datetime = NOW) -> Verdict:
    return verify(parts(signer=SIGNER, issuer=issuer).text(), trust=trust, at=at, policy=OPEN)


class TestVerifying:
    def test_a_key_without_domain_signs_what_its_owner_handed_it_over_for(self) -> None:
        verdict = check(held(bare(domain=None)))
        assert verdict.outcome is Outcome.ACCEPTED
        assert verdict.to_dict()["signer"] == {
            "kid": b"bare".hex(),
            "participant": None,
            "country": None,
            "domain": None,
            "not_before": None,
            "not_after": None,
            "issuer": ISSUER,
        }
        assert verdict.warnings != ()  # `iss` is no country code

    def test_a_key_of_health_cards_signs_no_eu_dcc(self) -> None:
        verdict = check(held(bare()))
        assert verdict.check(Stage.SIGNATURE).reason is None
        assert verdict.reason is Reason.USAGE_NOT_ALLOWED
        assert verdict.outcome is Outcome.REJECTED

    @pytest.mark.parametrize("issuer", ["XA", "https://other.example", f"{ISSUER}/", None])
    def test_an_issuers_key_signs_for_that_issuer_only(self, issuer: str | None) -> None:
        verdict = check(held(bare(domain=None)), issuer=issuer)
        assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, Reason.SIGNER_OTHER_ISSUER)

    def test_a_list_that_was_not_verified_decides_nothing(self) -> None:
        verdict = check(held(bare(domain=None), verified=False))
        assert (verdict.outcome, verdict.reason) == (Outcome.UNDETERMINED, Reason.TRUST_LIST_UNVERIFIED)

    def test_a_list_past_its_own_end_is_stale(self) -> None:
        trust = held(bare(domain=None), expires=NOW)
        assert check(trust).outcome is Outcome.ACCEPTED
        verdict = check(trust, at=NOW + timedelta(seconds=1))
        assert (verdict.outcome, verdict.reason) == (Outcome.UNDETERMINED, Reason.TRUST_LIST_STALE)


class TestFrameworks:
    """The passport authorities of a participant do not vouch for its health certificates, nor the other way round."""

    @pytest.mark.parametrize(
        ("of_authority", "of_signer", "status"),
        [
            ("DCC", "DCC", ChainStatus.CHAINED),
            ("DCC", "PH4H", ChainStatus.CHAINED),
            ("DCC", None, ChainStatus.CHAINED),
            (TRAVEL_DOCUMENTS, TRAVEL_DOCUMENTS, ChainStatus.CHAINED),
            (TRAVEL_DOCUMENTS, "DCC", ChainStatus.ORPHANED),
            ("DCC", TRAVEL_DOCUMENTS, ChainStatus.ORPHANED),
        ],
    )
    def test_chains_stay_inside(self, of_authority: str, of_signer: str | None, status: ChainStatus) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        snapshot = listed(sca(authority, domain=of_authority), entry(signer, domain=of_signer))
        (key,) = snapshot.candidates(signer.kid)
        assert snapshot.chain(key).status is status

    def test_one_signer_in_both_is_judged_in_each(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        snapshot = listed(sca(authority), entry(signer), entry(signer, domain=TRAVEL_DOCUMENTS))
        found = [snapshot.chain(key).status for key in snapshot.candidates(signer.kid)]
        assert found == [ChainStatus.CHAINED, ChainStatus.ORPHANED]


def test_a_curve_key_is_a_curve_key() -> None:
    assert isinstance(only(held(bare())).public_key, ec.EllipticCurvePublicKey)
