"""The network's development tree, built again from its own root: the same documents with the same keys in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from tests.trustlist.did_lists import Json, dev_key, network
from tests.trustlist.publish.trees import SCHEMA, dids, list_signer, references
from tests.trustlist.test_did_canonical import assert_same_statements, normalise_with_pyld
from trustlist.did import PinnedKey, read_document
from trustlist.model import Environment
from trustlist.publish import Member, build_tree

pytestmark = pytest.mark.corpus

ROOT = "did:web:tng-cdn-dev.who.int:v2:trustlist"
# Participants that the network lists without a key: only references to other lists were ever taken in from them.
KEYLESS = (Member("DCC", "WHO"), Member("DDCC", "DEU"))
KEYLESS_PATHS = {"-/DEU", "-/WHO", "DCC/WHO", "DDCC/DEU"}
# References of the published tree that lead to no document of it. Ours has none that dangles.
DANGLING = {
    "did:web:example.com",
    "did:web:tng-cdn-dev.who.int:trustlist",
    f"{ROOT}-ref:-:XYK",
    f"{ROOT}-ref:DCC:XYK",
    f"{ROOT}-ref:DCC:URY",
}
# Documents that are there, and that the published list of their domain does not refer to. Ours refers to all.
UNREFERRED = {f"{ROOT}-ref:DCC:WHO", f"{ROOT}-ref:DDCC:DEU"}


@pytest.fixture(scope="module")
def published(corpora: Path) -> Mapping[str, bytes]:
    base = corpora / "trust-lists" / "dev"
    return {path.relative_to(base).as_posix(): path.read_bytes() for path in (base / "v2").rglob("did.json")}


@pytest.fixture(scope="module")
def key() -> PinnedKey:
    return PinnedKey(network().pinned.verification_method, Environment.DEVELOPMENT, network().pinned.public_key)


@pytest.fixture(scope="module")
def tree(published: Mapping[str, bytes], corpora: Path) -> Mapping[str, bytes]:
    root = read_document(published["v2/trustlist/did.json"], key=dev_key(corpora), expected_did=ROOT)
    return build_tree(ROOT, root.entries, signer=list_signer(), members=KEYLESS)


def keys(document: Json) -> list[tuple[object, ...]]:
    return sorted(
        (method["publicKeyJwk"]["kid"], *method["publicKeyJwk"]["x5c"])
        for method in document["verificationMethod"]
        if isinstance(method, dict)
    )


def test_the_documents_are_those_that_the_network_publishes(
    tree: Mapping[str, bytes], published: Mapping[str, bytes]
) -> None:
    assert len(published) == 884
    assert set(tree) == set(published)


def test_without_participants_that_have_no_key_only_their_empty_documents_are_missing(
    published: Mapping[str, bytes], corpora: Path
) -> None:
    root = read_document(published["v2/trustlist/did.json"], key=dev_key(corpora))
    smaller = build_tree(ROOT, root.entries, signer=list_signer())
    missing = set(published) - set(smaller)
    assert missing == {
        f"v2/{part}/{path}/did.json" for part in ("trustlist", "trustlist-ref") for path in KEYLESS_PATHS
    }
    assert not set(smaller) - set(published)


def test_every_document_holds_the_keys_that_the_network_lists_there(
    tree: Mapping[str, bytes], published: Mapping[str, bytes]
) -> None:
    for path, data in tree.items():
        ours, theirs = json.loads(data), json.loads(published[path])
        assert keys(ours) == keys(theirs), path
        for name in ("@context", "id", "controller"):
            assert ours[name] == theirs[name]


def test_every_entry_is_named_as_the_network_names_it(
    tree: Mapping[str, bytes], published: Mapping[str, bytes]
) -> None:
    """All members but the numbers of the key, which the network writes with a sign byte or too short."""

    def named(document: Json) -> list[str]:
        entries = [dict(each) for each in document["verificationMethod"] if isinstance(each, dict)]
        for entry in entries:
            entry["publicKeyJwk"] = [entry["publicKeyJwk"][name] for name in ("kty", "kid", "x5c")]
        return sorted(json.dumps(entry) for entry in entries)

    for path, data in tree.items():
        assert named(json.loads(data)) == named(json.loads(published[path])), path


def test_references_differ_only_where_the_published_ones_lead_nowhere_or_forget_a_document(
    tree: Mapping[str, bytes], published: Mapping[str, bytes]
) -> None:
    lost: set[str] = set()
    added: set[str] = set()
    for path, data in tree.items():
        ours, theirs = set(references(json.loads(data))), set(references(json.loads(published[path])))
        lost |= theirs - ours
        added |= ours - theirs
    assert lost == DANGLING
    assert added == UNREFERRED


def test_every_reference_leads_to_a_document_of_the_tree(tree: Mapping[str, bytes]) -> None:
    documents = dids(tree)
    for document in documents.values():
        assert set(references(document)) <= set(documents)


def test_every_document_verifies_and_passes_the_schema(tree: Mapping[str, bytes], key: PinnedKey) -> None:
    checker = jsonschema.Draft202012Validator(SCHEMA)
    entries = 0
    for did, document in dids(tree).items():
        entries += len(read_document(document, key=key, expected_did=did).entries)
        assert checker.is_valid(document), did
    assert entries == 2805


def test_pyld_finds_the_same_statements_in_a_sample_of_the_tree(tree: Mapping[str, bytes], corpora: Path) -> None:
    normalise = normalise_with_pyld(corpora)
    sample = [data for path, data in tree.items() if len(data) < 30_000][::13]
    for data in sample:
        assert_same_statements(json.loads(data), normalise)
    assert len(sample) > 60
