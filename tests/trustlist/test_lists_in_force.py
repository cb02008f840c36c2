"""Real lists as snapshots: every entry accounted for, with the counts of 2026-11-22."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Report
from tests.trustlist.did_lists import dev_key, prod_key
from trustlist import (
    ChainStatus,
    EntryState,
    EntryStatus,
    Environment,
    KeyUsage,
    ListReason,
    TrustListError,
    TrustSnapshot,
    load_trust,
)

pytestmark = pytest.mark.corpus

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
Counts = dict[tuple[KeyUsage | None, EntryStatus, ListReason | None], int]


@pytest.fixture(scope="module")
def production(corpora: Path) -> TrustSnapshot:
    return load_trust(corpora / "trust-lists" / "prod" / "v2" / "trustlist" / "did.json", key=prod_key())


@pytest.fixture(scope="module")
def development(corpora: Path) -> TrustSnapshot:
    return load_trust(corpora / "trust-lists" / "dev" / "v2" / "trustlist" / "did.json", key=dev_key(corpora))


@pytest.fixture(scope="module")
def european(corpora: Path) -> TrustSnapshot:
    return load_trust(corpora / "trust-eu-dsc")


def usable_or_not(states: tuple[EntryState, ...]) -> str:
    """The counts in words, for the report."""
    found = Counter(state.status for state in states)
    return ", ".join(f"{found[status]} {status}" for status in EntryStatus if found[status])


def counts(states: tuple[EntryState, ...]) -> Counts:
    """How many entries are in each state."""
    return dict(Counter((state.usage, state.status, state.reason) for state in states))


def test_every_entry_of_the_production_list_is_accounted_for(production: TrustSnapshot, agreement: Report) -> None:
    states = production.account(AT)
    agreement(f"entries of the production list accounted for ({usable_or_not(states)})", len(states), 501)
    assert len(states) == production.sources[0].entries == 501
    assert counts(states) == {
        (KeyUsage.DSC, EntryStatus.USABLE, None): 144,
        (KeyUsage.DSC, EntryStatus.EXPIRED, ListReason.EXPIRED): 292,
        (KeyUsage.DSC, EntryStatus.EXPIRED, ListReason.SCA_EXPIRED): 2,
        (KeyUsage.SCA, EntryStatus.AUTHORITY, None): 36,
        (KeyUsage.SCA, EntryStatus.EXPIRED, ListReason.EXPIRED): 25,
        (KeyUsage.DECA, EntryStatus.OTHER_USE, None): 2,
    }


def test_the_usable_signers_of_production_are_those_of_a_few(production: TrustSnapshot) -> None:
    usable = [state.participant for state in production.account(AT) if state.status is EntryStatus.USABLE]
    assert Counter(usable).most_common(3) == [("NLD", 75), ("NZL", 39), ("PRT", 6)]


def test_every_production_signer_has_an_authority_or_a_weak_signature(production: TrustSnapshot) -> None:
    signers = [key for key in tuple(production.keys()) if key.usage is KeyUsage.DSC]
    chains = [production.chain(key) for key in signers]
    assert Counter((chain.status, chain.reason) for chain in chains) == {
        (ChainStatus.CHAINED, None): 433,
        (ChainStatus.BAD_SIGNATURE, ListReason.SCA_SIGNATURE_WEAK): 5,
    }


def test_every_entry_of_the_development_list_is_accounted_for(development: TrustSnapshot, agreement: Report) -> None:
    """57 signers are in date with their issuer in `x5c`: one of those is signed with SHA-1, and six more, whose SCA
    stands elsewhere in the list, are usable too."""
    states = development.account(AT)
    agreement(f"entries of the development list accounted for ({usable_or_not(states)})", len(states), 255)
    assert len(states) == development.sources[0].entries == 255
    assert counts(states) == {
        (KeyUsage.DSC, EntryStatus.USABLE, None): 62,
        (KeyUsage.DSC, EntryStatus.BROKEN, ListReason.SCA_SIGNATURE_WEAK): 1,
        (KeyUsage.DSC, EntryStatus.EXPIRED, ListReason.EXPIRED): 46,
        (KeyUsage.SCA, EntryStatus.AUTHORITY, None): 136,
        (KeyUsage.SCA, EntryStatus.EXPIRED, ListReason.EXPIRED): 3,
        (KeyUsage.DECA, EntryStatus.OTHER_USE, None): 4,
        (KeyUsage.DESC, EntryStatus.OTHER_USE, None): 3,
    }


def test_a_certificate_that_is_sca_and_signer_is_found_as_signer(development: TrustSnapshot) -> None:
    keys = tuple(development.keys())
    twice = [kid for kid, times in Counter(key.kid for key in keys).items() if times > 1]
    assert len(twice) == 1
    (key,) = development.candidates(twice[0])
    assert (key.participant, key.usage) == ("NIC", KeyUsage.DSC)
    assert development.chain(key).status is ChainStatus.CHAINED


def test_every_signer_is_found_by_the_lists_kid(development: TrustSnapshot, production: TrustSnapshot) -> None:
    for snapshot in (development, production):
        for key in tuple(snapshot.keys()):
            assert (key in snapshot.candidates(key.kid)) == (key.usage is KeyUsage.DSC)


def test_a_kid_of_its_own_choice_is_kept(development: TrustSnapshot) -> None:
    others = [key for key in tuple(development.keys()) if key.kid != key.facts.kid]
    assert len(others) == 1
    assert len(others[0].kid) == 6


def test_real_lists_are_saved_and_loaded(
    development: TrustSnapshot, production: TrustSnapshot, european: TrustSnapshot, tmp_path: Path
) -> None:
    for snapshot in (development, production, european):
        snapshot.save(tmp_path / "trust.snapshot")
        loaded = TrustSnapshot.load(tmp_path / "trust.snapshot")
        assert loaded == snapshot
        assert tuple(loaded.keys()) == tuple(snapshot.keys())


def test_production_and_development_are_never_held_together(
    development: TrustSnapshot, production: TrustSnapshot
) -> None:
    assert (production.environment, development.environment) == (Environment.PRODUCTION, Environment.DEVELOPMENT)
    with pytest.raises(TrustListError) as caught:
        TrustSnapshot.merge(production, development)
    assert caught.value.reason is ListReason.ENVIRONMENTS_MIXED


def test_every_certificate_of_the_former_european_list_is_accounted_for(
    european: TrustSnapshot, agreement: Report
) -> None:
    states = european.account(AT)
    agreement(f"certificates of the former EU list accounted for ({usable_or_not(states)})", len(states), 478)
    assert len(states) == european.sources[0].entries == 478
    assert european.rejected == ()
    assert counts(states) == {
        (KeyUsage.DSC, EntryStatus.USABLE, None): 67,
        (KeyUsage.DSC, EntryStatus.EXPIRED, ListReason.EXPIRED): 409,
        (KeyUsage.SCA, EntryStatus.EXPIRED, ListReason.EXPIRED): 2,
    }
    assert all(f"{state.kid}.der" == state.position for state in states)


def test_participant_certificates_are_read_from_their_folders(corpora: Path) -> None:
    """Thirty of the onboarding files hold a template's prose and one is no certificate file; where a participant's
    TLS certificate is self-signed, it lies there twice."""
    folders = sorted({path.parent for path in (corpora / "onboarding-dev").rglob("*.pem")})
    snapshots = [load_trust(folder) for folder in folders]
    assert sum(map(len, snapshots)) == 181
    assert Counter(entry.reason for snapshot in snapshots for entry in snapshot.rejected) == {
        ListReason.ENTRY_REPEATED: 59,
        ListReason.SOURCE_UNKNOWN: 31,
    }
