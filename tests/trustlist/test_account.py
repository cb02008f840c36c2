"""Every entry is in one state, with the reason, and none is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.credential.wire.der_parts import Parts, oid, sequence, tlv
from tests.pki import END, START, KeyKind, make_authority
from tests.trustlist.parts import AT, entry, listed, sca
from trustlist import EntryState, EntryStatus, KeyUsage, ListReason, RejectedEntry, TrustSnapshot

DAY = timedelta(days=1)
Verdict = tuple[EntryStatus, ListReason | None]


def verdict(state: EntryState) -> Verdict:
    """Status and reason."""
    return state.status, state.reason


def of_signer(snapshot: TrustSnapshot, at: datetime = AT) -> Verdict:
    """The state of the one entry of usage DSC."""
    (state,) = [state for state in snapshot.account(at) if state.usage is KeyUsage.DSC]
    return verdict(state)


class TestSigners:
    def test_one_in_date_under_an_sca_in_date_is_usable(self) -> None:
        authority = make_authority()
        snapshot = listed(sca(authority), entry(authority.issue_signer()))
        assert of_signer(snapshot) == (EntryStatus.USABLE, None)

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            (START - timedelta(seconds=1), (EntryStatus.NOT_YET_VALID, ListReason.NOT_YET_VALID)),
            (START, (EntryStatus.USABLE, None)),
            (END, (EntryStatus.USABLE, None)),
            (END + timedelta(seconds=1), (EntryStatus.EXPIRED, ListReason.EXPIRED)),
        ],
    )
    def test_both_ends_belong_to_the_validity(self, at: datetime, expected: Verdict) -> None:
        authority = make_authority()
        assert of_signer(listed(sca(authority), entry(authority.issue_signer())), at) == expected

    def test_the_sca_must_be_in_date_too(self) -> None:
        """The shell model."""
        early = make_authority(not_after=AT - DAY)
        late = make_authority(not_before=AT + DAY)
        for authority, expected in (
            (early, (EntryStatus.EXPIRED, ListReason.SCA_EXPIRED)),
            (late, (EntryStatus.NOT_YET_VALID, ListReason.SCA_NOT_YET_VALID)),
        ):
            assert of_signer(listed(sca(authority), entry(authority.issue_signer()))) == expected

    def test_one_sca_in_date_is_enough(self) -> None:
        old = make_authority(not_after=AT - DAY)
        renewed = make_authority(private_key=old.private_key)
        assert of_signer(listed(sca(old), sca(renewed), entry(old.issue_signer()))) == (EntryStatus.USABLE, None)

    def test_of_several_scas_the_one_that_lasts_longest_says_why(self) -> None:
        old = make_authority(not_after=AT - DAY)
        next_one = make_authority(private_key=old.private_key, not_before=AT + DAY)
        state = of_signer(listed(sca(old), sca(next_one), entry(old.issue_signer())))
        assert state == (EntryStatus.NOT_YET_VALID, ListReason.SCA_NOT_YET_VALID)

    def test_one_without_its_sca_is_an_orphan(self) -> None:
        snapshot = listed(entry(make_authority().issue_signer()))
        assert of_signer(snapshot) == (EntryStatus.ORPHANED, ListReason.SCA_MISSING)

    def test_one_that_its_sca_did_not_sign_is_broken(self) -> None:
        signer = make_authority(identifiers=False).issue_signer(identifiers=False)
        snapshot = listed(sca(make_authority(identifiers=False)), entry(signer))
        assert of_signer(snapshot) == (EntryStatus.BROKEN, ListReason.SCA_SIGNATURE_INVALID)

    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            ("RSA", (EntryStatus.USABLE, None)),
            ("P-384", (EntryStatus.UNSUPPORTED, ListReason.KEY_UNSUPPORTED)),
            ("RSA-1024", (EntryStatus.BROKEN, ListReason.KEY_TOO_WEAK)),
        ],
    )
    def test_the_kind_of_key_counts(self, key: KeyKind, expected: Verdict) -> None:
        authority = make_authority()
        assert of_signer(listed(sca(authority), entry(authority.issue_signer(key=key)))) == expected

    def test_one_that_cannot_be_read_is_broken(self) -> None:
        curve = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
        off_curve = Parts(key=sequence(curve, tlv(0x03, b"\0\x04", b"\x05" * 64))).der()
        assert of_signer(listed(entry(b"0\x03abc"))) == (EntryStatus.BROKEN, ListReason.CERTIFICATE_UNREADABLE)
        assert of_signer(listed(entry(off_curve))) == (EntryStatus.BROKEN, ListReason.KEY_UNUSABLE)

    def test_a_pinned_one_needs_no_sca(self) -> None:
        signer = make_authority().issue_signer()
        assert of_signer(TrustSnapshot.from_certificates([signer.certificate_der])) == (EntryStatus.USABLE, None)


class TestOthers:
    def test_an_sca_in_date_is_an_authority(self) -> None:
        (state,) = listed(sca(make_authority())).account(AT)
        assert verdict(state) == (EntryStatus.AUTHORITY, None)

    def test_an_sca_out_of_date_is_expired(self) -> None:
        (state,) = listed(sca(make_authority(not_after=AT - DAY))).account(AT)
        assert verdict(state) == (EntryStatus.EXPIRED, ListReason.EXPIRED)

    @pytest.mark.parametrize("usage", [KeyUsage.DECA, KeyUsage.DESC, KeyUsage.TLS, KeyUsage.UP])
    def test_keys_for_other_uses_are_told_apart(self, usage: KeyUsage) -> None:
        (state,) = listed(entry(make_authority(), usage=usage)).account(AT)
        assert verdict(state) == (EntryStatus.OTHER_USE, None)

    def test_a_rejected_entry_keeps_its_reason(self) -> None:
        rejected = RejectedEntry("verificationMethod[3]", "+/A=", "XXB", ListReason.USAGE_UNKNOWN)
        (state,) = listed(rejected=[rejected]).account(AT)
        assert verdict(state) == (EntryStatus.BROKEN, ListReason.USAGE_UNKNOWN)
        assert (state.position, state.kid, state.participant) == ("verificationMethod[3]", "+/A=", "XXB")
        assert (state.source, state.usage) == ("did:web:list.example", None)


def test_there_are_as_many_states_as_the_sources_have_entries() -> None:
    authority = make_authority()
    rejected = [RejectedEntry(str(number), None, None, ListReason.KID_INVALID) for number in range(3)]
    snapshot = TrustSnapshot.merge(
        listed(sca(authority), entry(authority.issue_signer(), authority), rejected=rejected),
        TrustSnapshot.from_certificates([authority.certificate_der, b"junk"]),
    )
    states = snapshot.account(datetime(2027, 1, 1, tzinfo=UTC))
    assert len(states) == sum(source.entries for source in snapshot.sources) == 7


def test_a_state_names_the_entry() -> None:
    authority = make_authority()
    (state,) = listed(entry(authority, position="verificationMethod[5]")).account(AT)
    assert (state.position, state.source) == ("verificationMethod[5]", "did:web:list.example")
    assert (state.kid, state.participant, state.domain) == (authority.kid.hex(), "XXA", "DCC")
