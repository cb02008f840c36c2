"""Who issued a signer: within its participant, by signature, and told apart from what cannot be known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from credential.wire.x509 import kid_of
from tests.credential.wire.der_parts import AUTHORITY_KEY, SUBJECT_KEY, Parts, extension, name, sequence, tlv
from tests.pki import SignerKey, make_authority
from tests.trustlist.parts import entry, listed, reason_of, sca
from trustlist import Chain, ChainStatus, KeyUsage, ListReason, TrustListError, TrustSnapshot

BROKEN = b"0\x03abc"


def chain_of(snapshot: TrustSnapshot, signer: SignerKey) -> Chain:
    """The chain of the one candidate with this signer's kid."""
    (key,) = snapshot.candidates(signer.kid)
    return snapshot.chain(key)


def certificates(chain: Chain) -> list[bytes]:
    """The certificates of the authorities found."""
    return [authority.certificate for authority in chain.authorities]


class TestListed:
    def test_the_listed_sca_that_signed_is_the_authority(self) -> None:
        authority, other = make_authority(), make_authority(name="Other")
        signer = authority.issue_signer()
        chain = chain_of(listed(sca(other), entry(signer), sca(authority)), signer)
        assert (chain.status, chain.reason) == (ChainStatus.CHAINED, None)
        assert certificates(chain) == [authority.certificate_der]
        assert chain.authorities[0].usage is KeyUsage.SCA
        assert chain.authorities[0].facts.not_after > 0

    def test_an_sca_of_another_participant_does_not_count(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        chain = chain_of(listed(sca(authority, participant="XXB"), entry(signer)), signer)
        assert (chain.status, chain.authorities, chain.reason) == (ChainStatus.ORPHANED, (), ListReason.SCA_MISSING)

    def test_an_sca_of_another_domain_counts(self) -> None:
        """Fifteen signers of the development list have their SCA in another domain."""
        authority = make_authority()
        signer = authority.issue_signer()
        chain = chain_of(listed(sca(authority, domain="PH4H"), entry(signer, domain="DCC")), signer)
        assert chain.status is ChainStatus.CHAINED

    def test_other_usages_are_no_authorities(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        for usage in (KeyUsage.DECA, KeyUsage.UP, KeyUsage.TLS, KeyUsage.DSC):
            chain = chain_of(listed(entry(authority, usage=usage), entry(signer)), signer)
            assert chain.status is ChainStatus.ORPHANED

    def test_an_sca_renewed_with_its_key_counts_in_both_forms(self) -> None:
        old = make_authority()
        renewed = make_authority(private_key=old.private_key, not_after=datetime(2040, 1, 1, tzinfo=UTC))
        signer = old.issue_signer()
        chain = chain_of(listed(sca(old), sca(renewed), entry(signer)), signer)
        assert sorted(certificates(chain)) == sorted([old.certificate_der, renewed.certificate_der])

    def test_a_name_that_several_scas_share_confuses_nothing(self) -> None:
        authorities = [make_authority() for _ in range(4)]
        signer = authorities[2].issue_signer()
        chain = chain_of(listed(*map(sca, authorities), entry(signer)), signer)
        assert certificates(chain) == [authorities[2].certificate_der]

    def test_without_key_identifiers_the_name_is_enough(self) -> None:
        authorities = [make_authority(identifiers=False) for _ in range(3)]
        signer = authorities[1].issue_signer(identifiers=False)
        chain = chain_of(listed(*map(sca, authorities), entry(signer)), signer)
        assert certificates(chain) == [authorities[1].certificate_der]

    def test_a_wrong_key_identifier_does_not_hide_the_sca_that_signed(self) -> None:
        """Twelve signers of the production list name their SCA rightly and its key identifier wrongly."""
        signer = Parts(extensions=[extension(AUTHORITY_KEY, sequence(tlv(0x80, b"other")))]).der()
        issuer = Parts(subject=name(common="SCA"), extensions=[extension(SUBJECT_KEY, tlv(0x04, b"mine"))]).der()
        snapshot = listed(entry(issuer, usage=KeyUsage.SCA), entry(signer))
        (key,) = snapshot.candidates(kid_of(signer))
        assert snapshot.chain(key).status is ChainStatus.CHAINED

    def test_the_name_of_an_sca_with_another_key_identifier_means_another_sca(self) -> None:
        signer = make_authority().issue_signer()
        chain = chain_of(listed(sca(make_authority()), entry(signer)), signer)
        assert chain.status is ChainStatus.ORPHANED

    def test_a_signer_that_is_its_own_sca_counts_where_it_is_listed_as_both(self) -> None:
        """Nicaragua's in the development list."""
        own = make_authority()
        snapshot = listed(entry(own), sca(own))
        (key,) = snapshot.candidates(own.kid)
        assert certificates(snapshot.chain(key)) == [own.certificate_der]

    def test_a_self_signed_signer_that_is_listed_as_no_sca_is_an_orphan(self) -> None:
        own = make_authority()
        snapshot = listed(entry(own))
        (key,) = snapshot.candidates(own.kid)
        assert snapshot.chain(key).status is ChainStatus.ORPHANED

    def test_a_listed_sca_need_not_say_that_it_is_a_ca(self) -> None:
        """Andorra's in the production list has the key usages of a signer."""
        der = Parts(subject=name(common="SCA")).der()
        snapshot = listed(entry(der, usage=KeyUsage.SCA), entry(Parts().der(), kid=b"12345678"))
        (key,) = snapshot.candidates(b"12345678")
        assert snapshot.chain(key).status is ChainStatus.CHAINED

    def test_an_unreadable_sca_is_passed_over(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        chain = chain_of(listed(entry(BROKEN, usage=KeyUsage.SCA), sca(authority), entry(signer)), signer)
        assert chain.status is ChainStatus.CHAINED

    def test_an_unreadable_signer_is_an_error(self) -> None:
        snapshot = listed(entry(BROKEN, kid=b"12345678"))
        (key,) = snapshot.candidates(b"12345678")
        with pytest.raises(TrustListError) as caught:
            snapshot.chain(key)
        assert reason_of(caught) is ListReason.CERTIFICATE_UNREADABLE

    def test_what_was_found_is_kept(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        snapshot = listed(sca(authority), entry(signer))
        assert chain_of(snapshot, signer) is chain_of(snapshot, signer)


class TestBadSignatures:
    def test_a_signer_that_claims_an_sca_which_did_not_sign_it_is_bad(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        forged = bytearray(signer.certificate_der)
        forged[-1] ^= 1
        snapshot = listed(sca(authority), entry(bytes(forged), kid=signer.kid))
        chain = chain_of(snapshot, signer)
        assert (chain.status, chain.authorities) == (ChainStatus.BAD_SIGNATURE, ())
        assert chain.reason is ListReason.SCA_SIGNATURE_INVALID

    def test_a_name_alone_claims_too_where_identifiers_are_missing(self) -> None:
        signer = make_authority(identifiers=False).issue_signer(identifiers=False)
        chain = chain_of(listed(sca(make_authority(identifiers=False)), entry(signer)), signer)
        assert chain.status is ChainStatus.BAD_SIGNATURE

    def test_a_weak_signature_does_not_count(self) -> None:
        authority = make_authority(key="RSA-1024")
        signer = authority.issue_signer()
        chain = chain_of(listed(sca(authority), entry(signer)), signer)
        assert (chain.status, chain.reason) == (ChainStatus.BAD_SIGNATURE, ListReason.SCA_SIGNATURE_WEAK)


class TestCarried:
    """An SCA that only stands in `x5c` behind a signer."""

    def test_it_counts_if_it_says_that_it_is_a_ca(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        chain = chain_of(listed(entry(signer, authority, position="verificationMethod[7]")), signer)
        assert chain.status is ChainStatus.CHAINED
        (found,) = chain.authorities
        assert (found.kid, found.usage) == (authority.kid, KeyUsage.SCA)
        assert found.position == "verificationMethod[7] x5c[1]"

    def test_it_counts_for_every_signer_of_the_participant(self) -> None:
        authority = make_authority()
        one, other = authority.issue_signer(), authority.issue_signer()
        assert chain_of(listed(entry(one, authority), entry(other)), other).status is ChainStatus.CHAINED

    def test_it_does_not_count_for_another_participant(self) -> None:
        authority = make_authority()
        one, other = authority.issue_signer(), authority.issue_signer()
        snapshot = listed(entry(one, authority), entry(other, participant="XXB"))
        assert chain_of(snapshot, other).status is ChainStatus.ORPHANED

    def test_it_does_not_count_if_it_says_that_it_is_none(self) -> None:
        issuer = Parts(subject=name(common="SCA")).der()
        snapshot = listed(entry(Parts().der(), issuer, kid=b"12345678"))
        (key,) = snapshot.candidates(b"12345678")
        assert snapshot.chain(key).status is ChainStatus.ORPHANED

    def test_an_unreadable_one_is_passed_over(self) -> None:
        signer = make_authority().issue_signer()
        assert chain_of(listed(entry(signer, BROKEN)), signer).status is ChainStatus.ORPHANED

    def test_what_stands_above_an_sca_is_no_sca(self) -> None:
        root = make_authority(name="Root")
        authority = make_authority()
        signer = root.issue_signer()
        above = entry(authority, root, usage=KeyUsage.SCA)
        assert chain_of(listed(above, entry(signer)), signer).status is ChainStatus.ORPHANED

    def test_one_that_is_listed_too_is_found_once(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        chain = chain_of(listed(entry(signer, authority), sca(authority)), signer)
        assert [found.position for found in chain.authorities] == ["verificationMethod[0]"]


class TestPinned:
    def test_a_certificate_without_its_sca_is_trusted_as_it_is(self) -> None:
        signer = make_authority().issue_signer()
        chain = chain_of(TrustSnapshot.from_certificates([signer.certificate_der]), signer)
        assert (chain.status, chain.authorities, chain.reason) == (ChainStatus.PINNED, (), None)

    def test_a_self_signed_signer_is_trusted_as_it_is(self) -> None:
        der = Parts(issuer=name()).der()
        snapshot = TrustSnapshot.from_certificates([der])
        (key,) = snapshot.keys()
        assert snapshot.chain(key).status is ChainStatus.PINNED

    def test_where_the_sca_is_there_the_chain_is_checked(self) -> None:
        authority = make_authority()
        signer = authority.issue_signer()
        chain = chain_of(TrustSnapshot.from_certificates([signer.certificate_der, authority.certificate_der]), signer)
        assert chain.status is ChainStatus.CHAINED
        assert certificates(chain) == [authority.certificate_der]

    def test_where_the_sca_did_not_sign_the_chain_is_bad(self) -> None:
        authority = make_authority()
        forged = Parts(issuer=authority.certificate.subject.public_bytes()).der()
        snapshot = TrustSnapshot.from_certificates([authority.certificate_der, forged])
        (key,) = snapshot.candidates(kid_of(forged))
        assert snapshot.chain(key).status is ChainStatus.BAD_SIGNATURE

    def test_an_unrelated_sca_changes_nothing(self) -> None:
        signer = make_authority().issue_signer()
        other = make_authority(name="Other")
        snapshot = TrustSnapshot.from_certificates([signer.certificate_der, other.certificate_der])
        assert chain_of(snapshot, signer).status is ChainStatus.PINNED
