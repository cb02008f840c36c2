"""Small lists for tests: entries and snapshots from a few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from credential.wire.x509 import kid_of
from tests.pki import Authority, SignerKey
from trustlist import Environment, KeyUsage, ListEntry, ListReason, RejectedEntry, Source, TrustListError, TrustSnapshot
from trustlist.snapshot_pack import ListPart

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CREATED = datetime(2026, 11, 20, tzinfo=UTC)


def entry(
    *certificates: bytes | Authority | SignerKey,
    usage: KeyUsage = KeyUsage.DSC,
    participant: str | None = "XXA",
    domain: str | None = "DCC",
    kid: bytes | None = None,
    position: str = "verificationMethod[0]",
) -> ListEntry:
    """An entry of these certificates, the key's own first."""
    ders = tuple(each if isinstance(each, bytes) else each.certificate_der for each in certificates)
    return ListEntry(kid or kid_of(ders[0]), ders, participant, domain, usage, position)


def sca(authority: Authority, participant: str | None = "XXA", domain: str | None = "DCC") -> ListEntry:
    """An entry of usage SCA."""
    return entry(authority, usage=KeyUsage.SCA, participant=participant, domain=domain)


def listed(
    *entries: ListEntry,
    rejected: Sequence[RejectedEntry] = (),
    name: str = "did:web:list.example",
    environment: Environment = Environment.PRIVATE,
    created: datetime | None = CREATED,
) -> TrustSnapshot:
    """A snapshot as a signed list of these entries makes it."""
    source = Source(name, "did-v2-embedded", environment, created, len(entries) + len(rejected))
    return TrustSnapshot.from_parts((ListPart(source, entries, tuple(rejected), pinned=False),))


def reason_of(caught: pytest.ExceptionInfo[TrustListError]) -> ListReason:
    """Why something was refused."""
    return caught.value.reason
