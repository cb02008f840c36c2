"""The tree of a published list: which documents there are, what is in each, and that equal input gives equal bytes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import jsonschema
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.pki import make_authority
from tests.trustlist.did_lists import CREATED, LIST_DID, list_entry, network
from tests.trustlist.publish.trees import SCHEMA, dids, list_signer, references, small_tree
from trustlist.did import read_document
from trustlist.did_web import address_of
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry
from trustlist.publish import Member, build_tree, nonces_from

LEVELS = [
    "", ":-", ":-:-", ":-:-:DSC", ":-:-:SCA",
    ":-:XXA", ":-:XXA:DSC", ":-:XXA:SCA", ":-:XXB", ":-:XXB:DSC", ":-:XXB:SCA",
    ":DCC", ":DCC:-", ":DCC:-:DSC", ":DCC:-:SCA",
    ":DCC:XXA", ":DCC:XXA:DSC", ":DCC:XXA:SCA", ":DCC:XXB", ":DCC:XXB:DSC", ":DCC:XXB:SCA",
]  # fmt: skip


def kids(entries: tuple[ListEntry, ...]) -> list[bytes]:
    return sorted(entry.kid for entry in entries)


def test_there_is_a_document_for_every_level_and_wildcard_embedded_and_as_references() -> None:
    expected = {LIST_DID + part + levels for part in ("", "-ref") for levels in LEVELS}
    assert set(dids(small_tree())) == expected


def test_a_document_lies_where_its_did_says() -> None:
    for path, data in small_tree().items():
        assert f"https://trust.example/{path}" == address_of(json.loads(data)["id"])


@pytest.mark.parametrize(
    ("levels", "chosen"),
    [
        ("", lambda entry: True),
        (":-", lambda entry: True),
        (":-:-", lambda entry: True),
        (":DCC", lambda entry: True),
        (":-:XXA", lambda entry: entry.participant == "XXA"),
        (":DCC:XXB:SCA", lambda entry: entry.participant == "XXB" and entry.usage is KeyUsage.SCA),
        (":DCC:-:DSC", lambda entry: entry.usage is KeyUsage.DSC),
        (":-:-:SCA", lambda entry: entry.usage is KeyUsage.SCA),
    ],
)
def test_levels_combine(levels: str, chosen: object) -> None:
    assert callable(chosen)
    document = dids(small_tree())[LIST_DID + levels]
    found = read_document(document, key=network().pinned, expected_did=LIST_DID + levels).entries
    assert kids(found) == sorted(entry.kid for entry in network().entries if chosen(entry))


def test_what_is_read_back_is_what_was_published() -> None:
    document = dids(small_tree())[LIST_DID]
    found = read_document(document, key=network().pinned).entries
    assert {replace(entry, position="") for entry in found} == set(network().entries)


def test_every_document_verifies_and_passes_the_schema() -> None:
    tree = small_tree()
    checker = jsonschema.Draft202012Validator(SCHEMA)
    for data in tree.values():
        assert read_document(data, key=network().pinned).created == CREATED
        checker.validate(json.loads(data))
    assert len(tree) == 2 * len(LEVELS)


def test_the_schema_refuses_a_coordinate_with_a_sign_byte_and_a_member_that_is_not_signed() -> None:
    checker = jsonschema.Draft202012Validator(SCHEMA)
    document = dids(small_tree())[LIST_DID]
    for change in ({"foo": "bar"}, {"proof": document["proof"] | {"domain": "x"}}):
        assert not checker.is_valid(document | change)
    document["verificationMethod"][0]["publicKeyJwk"]["x"] = "AA" + "B" * 42
    assert not checker.is_valid(document)


def test_every_reference_leads_to_a_document_of_the_tree_one_level_down() -> None:
    documents = dids(small_tree())
    counted: Counter[str] = Counter()
    for did, document in documents.items():
        for reference in references(document):
            counted[reference] += 1
            is_usage = did.count(":") - LIST_DID.count(":") == 3
            assert reference == did.replace("-ref", "") if is_usage else reference.rpartition(":")[0] == did
    roots = {LIST_DID + "-ref"}
    assert (
        set(counted) == {did for did in documents if "-ref" in did or did.count(":") == LIST_DID.count(":") + 3} - roots
    )
    assert set(counted.values()) == {1}


def test_a_reference_document_is_controlled_by_the_next_one_upwards() -> None:
    documents = dids(small_tree())
    assert documents[LIST_DID + "-ref"]["controller"] == LIST_DID + "-ref"
    assert documents[LIST_DID + "-ref:DCC:XXA"]["controller"] == LIST_DID + "-ref:DCC"


def test_equal_input_gives_equal_bytes_in_whatever_order_it_comes() -> None:
    tree = small_tree()
    assert small_tree(reversed(network().entries)) == tree
    assert list(tree) == sorted(tree)


def test_a_signing_function_may_stand_for_the_key() -> None:
    def sign(message: bytes) -> bytes:
        return network().list_key.sign(message, ec.ECDSA(hashes.SHA256()))

    for data in small_tree(sign=sign).values():
        read_document(data, key=network().pinned)


def test_each_document_has_its_own_nonce_and_another_seed_gives_others() -> None:
    tree = dids(small_tree())
    assert len({document["proof"]["nonce"] for document in tree.values()}) == len(tree)
    assert nonces_from(b"a")("did:web:x") != nonces_from(b"b")("did:web:x")
    assert len(nonces_from(b"a")("did:web:x")) == 32


def test_another_time_changes_the_proof_and_nothing_else() -> None:
    before, after = dids(small_tree()), dids(small_tree(created=CREATED + timedelta(hours=1)))
    for did, document in before.items():
        assert after[did].pop("proof") != document.pop("proof")
        assert after[did] == document


def test_an_empty_list_has_its_root_and_its_wildcards() -> None:
    documents = dids(small_tree([]))
    assert set(documents) == {LIST_DID + part + levels for part in ("", "-ref") for levels in ("", ":-", ":-:-")}
    assert references(documents[LIST_DID + "-ref"]) == [LIST_DID + "-ref:-"]


def test_a_member_without_a_key_has_its_place() -> None:
    tree = build_tree(LIST_DID, [], signer=list_signer(), members=[Member("DCC", "XXC")])
    documents = dids(tree)
    for levels in (":DCC:XXC", ":-:XXC", ":DCC:-"):
        assert documents[LIST_DID + levels]["verificationMethod"] == []
    assert LIST_DID + "-ref:DCC:XXC" in references(documents[LIST_DID + "-ref:DCC"])


def test_connection_and_upload_keys_are_not_published() -> None:
    hidden = [replace(network().entries[1], usage=usage) for usage in (KeyUsage.TLS, KeyUsage.UP)]
    assert small_tree([*network().entries, *hidden]) == small_tree()


@pytest.mark.parametrize(
    "change",
    [
        {"domain": None}, {"participant": None}, {"domain": "-"}, {"participant": "did.json"},
        {"participant": ".."}, {"participant": ""}, {"certificates": ()},
    ],
    ids=str,
)  # fmt: skip
def test_an_entry_that_has_no_place_in_the_tree_is_refused(change: dict[str, object]) -> None:
    entry = replace(network().entries[1], **change)  # type: ignore[arg-type]
    with pytest.raises(TrustListError) as caught:
        small_tree([entry])
    assert caught.value.reason is ListReason.ENTRY_UNPLACED


@pytest.mark.parametrize("code", ["A/B", "A:B", "A B", "Ä", "A%2FB", "x" * 65])
def test_a_code_that_a_did_cannot_hold_is_refused(code: str) -> None:
    for change in ({"domain": code}, {"participant": code}):
        with pytest.raises(TrustListError) as caught:
            small_tree([replace(network().entries[1], **change)])  # type: ignore[arg-type]
        assert caught.value.reason in {ListReason.DID_MALFORMED, ListReason.DOCUMENT_SHAPE}


def test_one_certificate_in_two_domains_is_refused_since_a_wildcard_list_could_not_tell_them_apart() -> None:
    entry = network().entries[1]
    with pytest.raises(TrustListError) as caught:
        small_tree([entry, replace(entry, domain="DDCC")])
    assert caught.value.reason is ListReason.ENTRY_AMBIGUOUS


def test_one_certificate_for_two_usages_is_published_for_both() -> None:
    entry = network().entries[0]
    documents = dids(small_tree([entry, replace(entry, usage=KeyUsage.DSC)]))
    assert len(documents[LIST_DID]["verificationMethod"]) == 2
    assert len(documents[LIST_DID + ":DCC:XXA:DSC"]["verificationMethod"]) == 1


@pytest.mark.parametrize("root", ["did:web:trust.example", "did:web:trust.example:v2:trustlist:DCC", "trustlist"])
def test_a_root_that_is_no_root_is_refused(root: str) -> None:
    with pytest.raises(TrustListError) as caught:
        build_tree(root, [], signer=list_signer())
    assert caught.value.reason is ListReason.DID_MALFORMED


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA"])
def test_keys_of_every_kind_pass_the_schema(kind: Literal["P-256", "P-384", "RSA"]) -> None:
    authority = make_authority("XA")
    signer = authority.issue_signer(key=kind)
    entry = list_entry(signer.kid, (signer.certificate_der, authority.certificate_der))
    for document in dids(small_tree([entry])).values():
        jsonschema.validate(document, SCHEMA)
