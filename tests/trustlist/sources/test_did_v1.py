"""Old DID documents (v1): what they say is read, and vouches for nothing."""

from __future__ import annotations

import base64
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from credential.limits import Limits
from tests.conftest import Report
from tests.pki import Authority, SignerKey, make_authority
from tests.trustlist.parts import AT, entry, listed, reason_of
from trustlist import EntryStatus, Environment, KeyUsage, ListReason, TrustListError, TrustSnapshot, load_trust
from trustlist.jwk import write_jwk
from trustlist.snapshot_pack import ListPart
from trustlist.sources.did_v1 import CONTEXT, KIND, read_v1_whose_proof_nobody_can_check
from trustlist.sources.recognise import Pins

DID = "did:web:list.example:trustlist"
AUTHORITY = make_authority("XA")
SIGNER = AUTHORITY.issue_signer()
KID = base64.b64encode(SIGNER.kid).decode()


def method(holder: SignerKey | Authority = SIGNER, *, code: str = "xxa", **changes: Any) -> dict[str, Any]:
    jwk = write_jwk(
        holder.private_key.public_key(),
        kid="",
        certificates=tuple(
            base64.b64encode(der).decode() for der in (holder.certificate_der, AUTHORITY.certificate_der)
        ),
    )
    del jwk["kid"]
    for name in ("x", "y"):  # as the network writes it: with a sign byte and with padding
        number = base64.urlsafe_b64decode(str(jwk[name]) + "=")
        jwk[name] = base64.urlsafe_b64encode(b"\0" + number).decode()
    return {
        "id": f"{DID}:{code}#{base64.b64encode(holder.kid).decode()}",
        "type": "JsonWebKey2020",
        "controller": f"{DID}:{code}",
        "publicKeyJwk": jwk,
        **changes,
    }


def document(*methods: Any, **changes: Any) -> bytes:
    members = {
        "@context": list(CONTEXT),
        "id": DID,
        "controller": DID,
        "verificationMethod": list(methods),
        "proof": {"created": "2026-08-22T18:30:06Z", "jws": "a..b"},
        **changes,
    }
    return json.dumps(members).encode()


def read(*methods: Any, **changes: Any) -> ListPart:
    return read_v1_whose_proof_nobody_can_check(document(*methods, **changes))


class TestRead:
    def test_a_signer(self) -> None:
        part = read(method())
        (found,) = part.entries
        assert (found.kid, found.participant, found.domain, found.usage) == (SIGNER.kid, "XXA", None, KeyUsage.DSC)
        assert found.certificates == (SIGNER.certificate_der, AUTHORITY.certificate_der)
        assert (part.source.kind, part.source.verified) == (KIND, False)
        assert part.source.created == datetime(2026, 8, 22, 18, 30, 6, tzinfo=UTC)
        assert part.source.environment is Environment.PRIVATE

    @pytest.mark.parametrize(
        ("country", "code", "participant"),
        [
            ("NL", "nld", "NLD"),
            ("IO", "iot", "IOM"),  # the organization, not the islands
            ("XA", "null", "XXA"),
            ("XX", "null", "XXX"),
            ("NL", "xxv", "XXV"),
            ("", "nld", "NLD"),
            ("", "null", None),
        ],
    )
    def test_participants_by_list_and_certificate(self, country: str, code: str, participant: str | None) -> None:
        (found,) = read(method(make_authority(country).issue_signer(), code=code)).entries
        assert found.participant == participant

    @pytest.mark.parametrize("proof", [None, [], {}, {"created": 1}, {"created": "soon"}])
    def test_a_date_that_is_none_is_none(self, proof: Any) -> None:
        assert read(method(), proof=proof).source.created is None

    def test_names_of_other_lists_are_told_and_not_followed(self) -> None:
        part = read("did:web:example.com", method())
        assert [(each.position, each.reason) for each in part.rejected] == [
            ("verificationMethod[0]", ListReason.ENTRY_IS_REFERENCE)
        ]
        assert part.source.entries == 2

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (None, ListReason.ENTRY_MALFORMED),
            (method(id=7), ListReason.ENTRY_MALFORMED),
            (method(id=f"{DID}:xxa"), ListReason.ENTRY_MALFORMED),
            (method(id=f"did:web:other.example:trustlist:xxa#{KID}"), ListReason.ENTRY_MALFORMED),
            (method(publicKeyJwk=None), ListReason.ENTRY_MALFORMED),
            (method(publicKeyJwk={}), ListReason.CERTIFICATE_MISSING),
            (method(publicKeyJwk={"x5c": "AAAA"}), ListReason.CERTIFICATE_MISSING),
            (method(publicKeyJwk={"x5c": ["AAAA"]}), ListReason.CERTIFICATE_UNREADABLE),
            (method(publicKeyJwk={**method()["publicKeyJwk"], "x": "AAAA"}), ListReason.KEY_NOT_OF_CERTIFICATE),
            (method(publicKeyJwk={**method()["publicKeyJwk"], "d": "AAAA"}), ListReason.KEY_PRIVATE_PUBLISHED),
        ],
    )
    def test_entries_that_cannot_be_used(self, bad: Any, reason: ListReason) -> None:
        part = read(bad, method())
        assert [each.reason for each in part.rejected] == [reason]
        assert len(part.entries) == 1

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"[]", ListReason.DOCUMENT_SHAPE),
            (document(id=None), ListReason.DOCUMENT_SHAPE),
            (document(id="did:web:list.example:v2:trustlist"), ListReason.DID_MALFORMED),
            (document(verificationMethod={}), ListReason.DOCUMENT_SHAPE),
            (document(**{"@context": list(CONTEXT[:1])}), ListReason.DOCUMENT_CONTEXT),
            (document(**{"@context": CONTEXT[0]}), ListReason.DOCUMENT_CONTEXT),
        ],
    )
    def test_documents_of_another_form(self, data: bytes, reason: ListReason) -> None:
        with pytest.raises(TrustListError) as caught:
            read_v1_whose_proof_nobody_can_check(data)
        assert reason_of(caught) is reason

    def test_entries_are_bounded(self) -> None:
        with pytest.raises(TrustListError) as caught:
            read_v1_whose_proof_nobody_can_check(document("a", "b"), limits=Limits(trust_list_keys=1))
        assert reason_of(caught) is ListReason.LIST_TOO_MANY_ENTRIES


class TestUse:
    def test_it_is_not_read_by_accident(self, tmp_path: Path) -> None:
        (tmp_path / "did.json").write_bytes(document(method()))
        with pytest.raises(TrustListError) as caught:
            load_trust(tmp_path / "did.json")
        assert reason_of(caught) is ListReason.SOURCE_UNVERIFIED
        looked_at = load_trust(tmp_path / "did.json", pins=Pins(read_v1_whose_proof_nobody_can_check=True))
        assert not looked_at.verified
        assert [state.status for state in looked_at.account(AT)] == [EntryStatus.UNVERIFIED]

    def test_it_is_never_held_with_a_verified_list(self) -> None:
        old = TrustSnapshot.from_parts((read(method()),))
        with pytest.raises(TrustListError) as caught:
            TrustSnapshot.merge(old, listed(entry(SIGNER)))
        assert reason_of(caught) is ListReason.SOURCES_MIXED

    def test_it_stays_what_it_is_when_saved(self, tmp_path: Path) -> None:
        TrustSnapshot.from_parts((read(method()),)).save(tmp_path / "saved")
        assert not load_trust(tmp_path / "saved").verified


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "keys", "references"), [("dev", 368, 5), ("prod", 438, 0)])
def test_the_published_ones(corpora: Path, agreement: Report, name: str, keys: int, references: int) -> None:
    part = read_v1_whose_proof_nobody_can_check((corpora / "trust-lists" / name / "trustlist/did.json").read_bytes())
    agreement(f"signers of the old list (v1), {name}", len(part.entries), keys)
    assert len(part.entries) == keys
    assert Counter(each.reason for each in part.rejected) == (
        {ListReason.ENTRY_IS_REFERENCE: references} if references else {}
    )
    assert "IOM" in {found.participant for found in part.entries}
    assert None not in {found.participant for found in part.entries}
