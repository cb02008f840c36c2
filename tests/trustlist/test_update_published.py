"""The lists that the network published on 2026-08-22, taken in from nothing and over an older edition of themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import Report
from tests.trustlist.did_lists import dev_key, prod_key, published
from tests.trustlist.test_did_published import DEV_ROOT, PROD_ROOT
from trustlist import Environment, ListReason, TrustSnapshot
from trustlist.changes import compare
from trustlist.did import PinnedKey, build_document, encode_document, read_document, sign_document
from trustlist.freshness import Freshness, freshness
from trustlist.update import Fetched, Held, Update, UpdateOutcome, pin, update

pytestmark = pytest.mark.corpus

AT = datetime(2026, 8, 23, tzinfo=UTC)
LATER = datetime(2026, 11, 22, tzinfo=UTC)
DEV_REFERENCES = "did:web:tng-cdn-dev.who.int:v2:trustlist-ref"
PROD_REFERENCES = "did:web:tng-cdn.who.int:v2:trustlist-ref"


@pytest.fixture(scope="module")
def documents(corpora: Path) -> dict[str, bytes]:
    """Every published v2 document, by the DID that it claims."""
    return {json.loads(data)["id"]: data for name in ("dev", "prod") for data in published(corpora, name)}


def take(
    documents: dict[str, bytes], key: PinnedKey, *lists: str, held: Held | None = None, at: datetime = AT
) -> Update:
    held = held or Held(pin(None, key), None)
    return update(held, lists, lambda did: Fetched(did, documents.get(did)), at=at)


def reasons(result: Update) -> dict[ListReason, int]:
    found: dict[ListReason, int] = {}
    for remark in result.remarks:
        found[remark.reason] = found.get(remark.reason, 0) + 1
    return found


def test_the_development_root_from_nothing(documents: dict[str, bytes], corpora: Path, agreement: Report) -> None:
    result = take(documents, dev_key(corpora), DEV_ROOT)
    assert (result.outcome, result.remarks) == (UpdateOutcome.UPDATED, ())
    assert result.snapshot == TrustSnapshot.from_did(documents[DEV_ROOT], key=dev_key(corpora))
    assert len(result.changes.added) == len(result.snapshot) == 255
    assert freshness(result.snapshot, AT) is Freshness.FRESH
    assert freshness(result.snapshot, LATER) is Freshness.STALE
    agreement("keys of the published roots taken in by an update (development)", len(result.snapshot), 255)


def test_the_production_root_from_nothing(documents: dict[str, bytes], agreement: Report) -> None:
    result = take(documents, prod_key(), PROD_ROOT)
    assert (result.outcome, result.remarks) == (UpdateOutcome.UPDATED, ())
    assert result.snapshot is not None
    assert len(result.snapshot) == 501
    agreement("keys of the published roots taken in by an update (production)", len(result.snapshot), 501)


def test_the_same_again_changes_nothing(documents: dict[str, bytes], corpora: Path) -> None:
    first = take(documents, dev_key(corpora), DEV_ROOT)
    again = take(documents, dev_key(corpora), DEV_ROOT, held=Held(first.state, first.snapshot), at=LATER)
    assert (again.outcome, again.changes.count) == (UpdateOutcome.UNCHANGED, 0)


def test_the_references_lead_to_the_same_keys_as_the_root(
    documents: dict[str, bytes], corpora: Path, agreement: Report
) -> None:
    """Over 389 documents, none twice, past links to other environments and hosts and to lists that are not there."""
    root = take(documents, dev_key(corpora), DEV_ROOT).snapshot
    result = take(documents, dev_key(corpora), DEV_REFERENCES)
    assert (result.outcome, len(result.documents)) == (UpdateOutcome.UPDATED, 389)
    assert result.snapshot is not None
    assert compare(root, result.snapshot).count == 0
    assert len(result.snapshot) == 255
    assert reasons(result) == {
        ListReason.REFERENCE_OUTSIDE: 4,
        ListReason.REFERENCE_FOREIGN: 2,
        ListReason.REFERENCE_DANGLING: 2,
    }
    agreement("keys of the development root reached by its reference lists", len(result.snapshot), 255)


def test_the_production_references_lead_to_no_development_key(documents: dict[str, bytes]) -> None:
    result = take(documents, prod_key(), PROD_REFERENCES)
    assert [(remark.reason, remark.about) for remark in result.remarks] == [
        (ListReason.REFERENCE_DANGLING, f"{PROD_REFERENCES}:DCC"),  # not among the published data at hand
        (ListReason.REFERENCE_FOREIGN, "did:web:tng-cdn-dev.who.int:trustlist"),
    ]
    assert result.snapshot is not None
    assert len(result.snapshot) == 0


@pytest.mark.parametrize(("root", "other"), [(DEV_ROOT, PROD_ROOT), (PROD_ROOT, DEV_ROOT)])
def test_no_store_takes_a_list_of_the_other_environment(
    documents: dict[str, bytes], corpora: Path, root: str, other: str
) -> None:
    key = dev_key(corpora) if root == DEV_ROOT else prod_key()
    assert take(documents, key, other).reason is ListReason.ENVIRONMENT_UNEXPECTED
    swapped = take({root: documents[other]}, key, root)
    assert (swapped.outcome, swapped.reason) == (UpdateOutcome.REFUSED, ListReason.DID_UNEXPECTED)


class TestOverAnOlderEdition:
    """What the production network might have published the day before, signed by a key made here."""

    key = ec.generate_private_key(ec.SECP256R1())
    pinned = PinnedKey("did:web:tng-cdn.who.int:test-signer", Environment.PRODUCTION, key.public_key())

    def edition(self, data: bytes, created: datetime, without: set[str]) -> bytes:
        entries = [
            entry for entry in read_document(data, key=prod_key()).entries if (entry.participant or "") not in without
        ]
        document: dict[str, Any] = sign_document(
            build_document(PROD_ROOT, entries),
            sign=self.key,
            verification_method=self.pinned.verification_method,
            created=created,
            nonce="0",
        )
        return encode_document(document)

    def step(self, data: bytes, before: set[str], after: set[str], at: datetime = AT) -> Update:
        old = {PROD_ROOT: self.edition(data, at - timedelta(days=1), before)}
        new = {PROD_ROOT: self.edition(data, at, after)}
        first = take(old, self.pinned, PROD_ROOT, at=at)
        assert first.outcome is UpdateOutcome.UPDATED
        return take(new, self.pinned, PROD_ROOT, held=Held(first.state, first.snapshot), at=at)

    def test_participants_that_join(self, documents: dict[str, bytes]) -> None:
        result = self.step(documents[PROD_ROOT], {"FRA", "XXH"}, set())
        assert (result.outcome, len(result.changes.added)) == (UpdateOutcome.UPDATED, 114 + 10)
        assert {name.participant for name in result.changes.added} == {"FRA", "XXH"}
        assert result.snapshot is not None
        assert len(result.snapshot) == 501

    def test_a_participant_whose_keys_have_all_expired_leaves(self, documents: dict[str, bytes]) -> None:
        """114 of 501 keys go, and none of them signs anything any more: that takes nothing away."""
        result = self.step(documents[PROD_ROOT], set(), {"FRA"}, LATER)
        assert (result.outcome, len(result.changes.removed)) == (UpdateOutcome.UPDATED, 114)

    def test_the_participant_with_half_of_all_keys_in_date_does_not_leave_unseen(
        self, documents: dict[str, bytes]
    ) -> None:
        result = self.step(documents[PROD_ROOT], set(), {"NLD"}, LATER)
        assert (result.outcome, result.reason) == (UpdateOutcome.WAITING, ListReason.LIST_SHRUNK)
        assert (result.losses.usable_keys, result.losses.lost_keys) == (144, 75)
        assert result.losses.lost_participants == ("NLD",)
