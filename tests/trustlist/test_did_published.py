"""The lists that the network published on 2026-08-22: every proof, every entry, and the counts of what is in them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from credential.wire.x509 import kid_of, read_certificate, read_public_key
from tests.trustlist.did_lists import dev_key, prod_key, published
from trustlist.did import DidDocument, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment, KeyUsage, ListEntry
from trustlist.participants import participant_of, same_participant

pytestmark = pytest.mark.corpus

DEV_ROOT = "did:web:tng-cdn-dev.who.int:v2:trustlist"
PROD_ROOT = "did:web:tng-cdn.who.int:v2:trustlist"


@pytest.fixture(scope="module")
def development(corpora: Path) -> tuple[DidDocument, ...]:
    key = dev_key(corpora)
    return tuple(read_document(data, key=key) for data in published(corpora, "dev"))


@pytest.fixture(scope="module")
def dev_root(development: tuple[DidDocument, ...]) -> DidDocument:
    return next(document for document in development if document.did == DEV_ROOT)


@pytest.fixture(scope="module")
def prod_root(corpora: Path) -> DidDocument:
    data = (corpora / "trust-lists" / "prod" / "v2" / "trustlist" / "did.json").read_bytes()
    return read_document(data, key=prod_key(), expected_did=PROD_ROOT)


def key_kind(entry: ListEntry) -> str:
    key = read_public_key(entry.certificates[0])
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA"
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key.curve.name


def counts(entries: tuple[ListEntry, ...], member: str) -> dict[str, int]:
    return dict(Counter(str(getattr(entry, member)) for entry in entries))


def test_all_884_documents_of_the_development_list_verify(development: tuple[DidDocument, ...]) -> None:
    assert len(development) == 884
    assert {document.environment for document in development} == {Environment.DEVELOPMENT}
    assert len({document.did for document in development}) == 884
    assert sum("trustlist-ref" in document.did for document in development) == 442
    assert {document.created.date().isoformat() for document in development} == {"2026-08-22"}


def test_no_entry_of_the_development_list_is_lost(development: tuple[DidDocument, ...]) -> None:
    assert sum(len(document.entries) for document in development) == 2805
    assert [document.rejected for document in development if document.rejected] == []
    assert sum(len(document.references) for document in development) == 728
    hosts = Counter(reference.split(":")[2] for document in development for reference in document.references)
    assert hosts == {"tng-cdn-dev.who.int": 724, "example.com": 4}


def test_the_development_root_holds_what_the_network_lists(dev_root: DidDocument) -> None:
    entries = dev_root.entries
    assert (len(entries), len({entry.kid for entry in entries})) == (255, 254)
    assert counts(entries, "usage") == {"SCA": 139, "DSC": 109, "DECA": 4, "DESC": 3}
    assert counts(entries, "domain") == {
        "PH4H": 139,
        "DCC": 90,
        "RACSEL-DDVC": 19,
        "IPS-PILGRIMAGE": 4,
        "DDCC": 2,
        "IPS": 1,
    }
    participants = Counter(entry.participant for entry in entries)
    assert len(participants) == 58
    assert participants.most_common(4) == [("XXV", 27), ("XXA", 14), ("XXU", 11), ("CHL", 8)]
    assert Counter(map(key_kind, entries)) == {"secp256r1": 251, "secp384r1": 2, "RSA": 2}


def test_the_one_kid_of_the_development_root_that_follows_no_rule_is_kept(dev_root: DidDocument) -> None:
    others = [entry.kid for entry in dev_root.entries if entry.kid != kid_of(entry.certificates[0])]
    assert others == [bytes.fromhex("001083105187")]  # "ABCDEFGH" in base64


def test_one_certificate_of_the_development_root_is_listed_for_two_usages(dev_root: DidDocument) -> None:
    kids = Counter(entry.kid for entry in dev_root.entries)
    (twice,) = (kid for kid, times in kids.items() if times == 2)
    listed = [entry for entry in dev_root.entries if entry.kid == twice]
    assert {entry.participant for entry in listed} == {"NIC"}
    assert {entry.usage for entry in listed} == {KeyUsage.SCA, KeyUsage.DSC}


def test_the_production_root_verifies_and_every_entry_is_read(prod_root: DidDocument) -> None:
    assert prod_root.environment is Environment.PRODUCTION
    assert prod_root.created.replace(hour=0, minute=0, second=0) == datetime(2026, 8, 22, tzinfo=UTC)
    assert (len(prod_root.entries), prod_root.rejected, prod_root.references) == (501, (), ())
    assert all(entry.kid == kid_of(entry.certificates[0]) for entry in prod_root.entries)


def test_the_production_root_holds_what_the_network_lists(prod_root: DidDocument) -> None:
    entries = prod_root.entries
    assert len({entry.kid for entry in entries}) == 501
    assert counts(entries, "usage") == {"SCA": 61, "DSC": 438, "DECA": 2}
    assert counts(entries, "domain") == {"DCC": 501}
    participants = Counter(entry.participant for entry in entries)
    assert len(participants) == 36
    assert participants.most_common(5) == [("FRA", 114), ("NLD", 76), ("ESP", 53), ("NZL", 40), ("MLT", 39)]
    assert participants["XXH"] == 10  # a test participant in the production list
    assert Counter(map(key_kind, entries)) == {"secp256r1": 473, "secp384r1": 3, "secp521r1": 1, "RSA": 24}


def test_every_other_document_of_the_production_list_verifies(corpora: Path) -> None:
    documents = [read_document(data, key=prod_key()) for data in published(corpora, "prod")]
    assert len(documents) == 7
    assert sum(len(document.entries) for document in documents) == 753
    assert [document.rejected for document in documents if document.rejected] == []
    assert [reference for document in documents for reference in document.references] == [
        "did:web:tng-cdn.who.int:v2:trustlist-ref:-",
        "did:web:tng-cdn.who.int:v2:trustlist-ref:DCC",
        "did:web:tng-cdn-dev.who.int:trustlist",  # never followed: it leads to another environment's keys
    ]


def test_a_list_of_one_environment_is_refused_under_the_key_of_another(corpora: Path) -> None:
    for data, key in (
        (next(published(corpora, "prod")), dev_key(corpora)),
        (next(published(corpora, "dev")), prod_key()),
    ):
        with pytest.raises(TrustListError) as caught:
            read_document(data, key=key)
        assert caught.value.reason is ListReason.ENVIRONMENT_UNEXPECTED


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_a_v1_list_is_refused(corpora: Path, environment: str) -> None:
    data = (corpora / "trust-lists" / environment / "trustlist" / "did.json").read_bytes()
    key = dev_key(corpora) if environment == "dev" else prod_key()
    with pytest.raises(TrustListError):
        read_document(data, key=key)


def test_every_participant_is_named_by_its_certificates_country(dev_root: DidDocument, prod_root: DidDocument) -> None:
    """`iss` in two letters and in three is recognised for every listed key, and no other listed participant's is."""
    pairs = {
        (entry.participant, read_certificate(entry.certificates[0]).country)
        for entry in (*dev_root.entries, *prod_root.entries)
    }
    assert len(pairs) == len({participant for participant, _ in pairs}) == 80
    for participant, country in pairs:
        assert participant is not None
        assert country is not None
        assert participant in {participant_of(country), country}
        for iss in (participant, country, participant.lower(), f" {country} "):
            assert same_participant(iss, participant=participant, country=country)
        strangers = {code for other in pairs if other != (participant, country) for code in other if code}
        assert not any(same_participant(iss, participant=participant, country=country) for iss in strangers)
