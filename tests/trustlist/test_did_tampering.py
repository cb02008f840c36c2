"""Nothing of a signed DID trust list can be changed, and nothing unsigned can be put into it.

The same changes are tried on a list made here and on one that the network published.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.trustlist.did_lists import LIST_DID, Json, changed, dev_key, network
from trustlist import did_shape
from trustlist.did import PinnedKey, build_document, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment

Change = Callable[[Json], object]


def first(document: Json) -> Json:
    entry: Json = document["verificationMethod"][0]
    return entry


def swap_certificates(document: Json) -> None:
    one, other = (entry["publicKeyJwk"]["x5c"] for entry in document["verificationMethod"][:2])
    one[0], other[0] = other[0], one[0]


def swap_usages(document: Json) -> None:
    """Two entries change places for one value: the statements stay as many, and each value is still there."""
    methods = document["verificationMethod"]
    other = next(entry for entry in methods if entry["keyusage"] != methods[0]["keyusage"])
    methods[0]["keyusage"], other["keyusage"] = other["keyusage"], methods[0]["keyusage"]


SIGNED: dict[str, Change] = {
    "an entry dropped": lambda it: it["verificationMethod"].pop(),
    "all entries dropped": lambda it: it["verificationMethod"].clear(),
    "an entry added": lambda it: it["verificationMethod"].append(first(it) | {"id": first(it)["id"] + "A"}),
    "an entry turned into a reference": lambda it: it["verificationMethod"].__setitem__(0, first(it)["controller"]),
    "a reference added": lambda it: it["verificationMethod"].append("did:web:elsewhere.example:v2:trustlist"),
    "another kid": lambda it: first(it)["publicKeyJwk"].update(kid="AAAAAAAAAAA="),
    "another kid in the id": lambda it: first(it).update(id=first(it)["id"].split("#")[0] + "#AAAAAAAAAAA="),
    "another certificate": lambda it: first(it)["publicKeyJwk"]["x5c"].__setitem__(0, "AAAA"),
    "certificates swapped": swap_certificates,
    "a certificate added": lambda it: first(it)["publicKeyJwk"]["x5c"].append("AAAA"),
    "another coordinate": lambda it: first(it)["publicKeyJwk"].update(x="AAAA"),
    "another curve name": lambda it: first(it)["publicKeyJwk"].update(crv="P-521"),
    "a member added to the key": lambda it: first(it)["publicKeyJwk"].update(use="sig"),
    "a member taken from the key": lambda it: first(it)["publicKeyJwk"].pop("crv"),
    "another usage": lambda it: first(it).update(keyusage={"code": "#DESC"}),
    "usages swapped": swap_usages,
    "no usage": lambda it: first(it).pop("keyusage"),
    "another domain": lambda it: first(it).update(domain={"code": "#ICVP"}),
    "no domain": lambda it: first(it).pop("domain"),
    "another participant": lambda it: first(it).update(participant={"code": "#ATA"}),
    "no participant": lambda it: first(it).pop("participant"),
    "a code in another case": lambda it: first(it)["participant"].update(code="#xXA"),
    "another controller of an entry": lambda it: first(it).update(controller="did:web:elsewhere.example"),
    "another controller of the list": lambda it: it.update(controller="did:web:elsewhere.example"),
    "another path": lambda it: it.update(id=it["id"] + ":DCC"),
    "another created": lambda it: it["proof"].update(created="2026-08-23T00:00:00Z"),
    "the same created, spelled otherwise": lambda it: it["proof"].update(
        created=it["proof"]["created"][:-1] + "+00:00"
    ),
    "another nonce": lambda it: it["proof"].update(nonce="0" * 32),
    "no nonce": lambda it: it["proof"].update(nonce=""),
    "a fragment on the signer": lambda it: it["proof"].update(
        verificationMethod=it["proof"]["verificationMethod"] + "#key"
    ),
}

FORM: dict[str, tuple[Change, ListReason]] = {
    "an unknown member of the document": (lambda it: it.update(foo="bar"), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "a service": (lambda it: it.update(service=[]), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "assertionMethod": (lambda it: it.update(assertionMethod=[]), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "an unknown member of an entry": (lambda it: first(it).update(foo=1), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "@type beside type": (lambda it: first(it).update({"@type": "x"}), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "an unknown member of a domain": (lambda it: first(it)["domain"].update(x=1), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "an unknown member of a participant": (
        lambda it: first(it)["participant"].update(country="XX"),
        ListReason.DOCUMENT_MEMBER_UNKNOWN,
    ),
    "an unknown member of a usage": (lambda it: first(it)["keyusage"].update(x=1), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "an unknown member of the proof": (lambda it: it["proof"].update(x=1), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "an expiry in the proof": (
        lambda it: it["proof"].update(expires="2027-01-01T00:00:00Z"),
        ListReason.DOCUMENT_MEMBER_UNKNOWN,
    ),
    "an id of the proof": (lambda it: it["proof"].update(id="did:web:a"), ListReason.DOCUMENT_MEMBER_UNKNOWN),
    "another context": (
        lambda it: it["@context"].__setitem__(2, "https://trust.example/v1.jsonld"),
        ListReason.DOCUMENT_CONTEXT,
    ),
    "one context more": (lambda it: it["@context"].append("https://trust.example/x"), ListReason.DOCUMENT_CONTEXT),
    "a context inline": (lambda it: it["@context"].append({"id": "@id"}), ListReason.DOCUMENT_CONTEXT),
    "one context less": (lambda it: it["@context"].pop(), ListReason.DOCUMENT_CONTEXT),
    "contexts in another order": (lambda it: it["@context"].reverse(), ListReason.DOCUMENT_CONTEXT),
    "one context as a text": (lambda it: it.update({"@context": it["@context"][0]}), ListReason.DOCUMENT_SHAPE),
    "a code as a whole IRI": (
        lambda it: first(it)["participant"].update(
            code=f"https://smart.who.int/trust/ValueSet-Participants.jsonld{first(it)['participant']['code']}"
        ),
        ListReason.DOCUMENT_SHAPE,
    ),
    "a code without its #": (
        lambda it: first(it)["participant"].update(code=first(it)["participant"]["code"][1:]),
        ListReason.DOCUMENT_SHAPE,
    ),
    "a code as a text": (
        lambda it: first(it).update(participant=first(it)["participant"]["code"]),
        ListReason.DOCUMENT_SHAPE,
    ),
    "two codes": (
        lambda it: first(it).update(keyusage=[{"code": "#DSC"}, {"code": "#CSCA"}]),
        ListReason.DOCUMENT_SHAPE,
    ),
    "a list for the type": (lambda it: first(it).update(type=["JsonWebKey2020"]), ListReason.DOCUMENT_SHAPE),
    "another entry type": (lambda it: first(it).update(type="Multikey"), ListReason.DOCUMENT_SHAPE),
    "one entry without a list": (
        lambda it: it.update(verificationMethod=first(it)),
        ListReason.DOCUMENT_SHAPE,
    ),
    "a number in the key": (lambda it: first(it)["publicKeyJwk"].update(n=1), ListReason.DOCUMENT_SHAPE),
    "an object in the key": (lambda it: first(it)["publicKeyJwk"].update(n={}), ListReason.DOCUMENT_SHAPE),
    "letters beyond ASCII in the key": (lambda it: first(it)["publicKeyJwk"].update(n="é"), ListReason.DOCUMENT_SHAPE),
    "no key": (lambda it: first(it).pop("publicKeyJwk"), ListReason.DOCUMENT_SHAPE),
    "no id": (lambda it: it.pop("id"), ListReason.DOCUMENT_SHAPE),
    "an entry without an id": (lambda it: first(it).pop("id"), ListReason.DOCUMENT_SHAPE),
    "an entry that is null": (lambda it: it["verificationMethod"].append(None), ListReason.DOCUMENT_SHAPE),
    "an entry named like the list": (lambda it: first(it).update(id=it["id"]), ListReason.DID_MALFORMED),
    "a relative id": (lambda it: first(it).update(id="#kid"), ListReason.DID_MALFORMED),
    "a statement smuggled into an id": (
        lambda it: first(it).update(id=first(it)["id"] + "> <a:b> <c:d> .\n<e:f"),
        ListReason.DID_MALFORMED,
    ),
    "a reference to a page": (
        lambda it: it["verificationMethod"].append("https://trust.example/did.json"),
        ListReason.DID_MALFORMED,
    ),
    "a reference to an entry": (lambda it: it["verificationMethod"].append(first(it)["id"]), ListReason.DID_MALFORMED),
}


def refusal(document: Json, key: PinnedKey) -> ListReason:
    """The reason for which a list is refused, the same for its JSON text and for its parsed members."""
    with pytest.raises(TrustListError) as parsed:
        read_document(document, key=key)
    with pytest.raises(TrustListError) as text:
        read_document(json.dumps(document).encode(), key=key)
    assert parsed.value.reason is text.value.reason
    return parsed.value.reason


@pytest.fixture(scope="module")
def published_list(corpora: Path) -> Json:
    """A published list that has SCAs and DSCs."""
    path = corpora / "trust-lists" / "dev" / "v2" / "trustlist" / "DCC" / "XXA" / "did.json"
    document: Json = json.loads(path.read_bytes())
    return document


@pytest.mark.parametrize("name", SIGNED)
def test_a_change_breaks_the_proof_of_our_list(name: str) -> None:
    assert refusal(changed(network().document(), SIGNED[name]), network().pinned) is ListReason.PROOF_INVALID


@pytest.mark.corpus
@pytest.mark.parametrize("name", SIGNED)
def test_a_change_breaks_the_proof_of_a_published_list(name: str, published_list: Json, corpora: Path) -> None:
    read_document(published_list, key=dev_key(corpora))
    assert refusal(changed(published_list, SIGNED[name]), dev_key(corpora)) is ListReason.PROOF_INVALID


@pytest.mark.parametrize("name", FORM)
def test_what_the_proof_cannot_cover_is_refused_in_our_list(name: str) -> None:
    change, reason = FORM[name]
    assert refusal(changed(network().document(), change), network().pinned) is reason


@pytest.mark.corpus
@pytest.mark.parametrize("name", FORM)
def test_what_the_proof_cannot_cover_is_refused_in_a_published_list(
    name: str, published_list: Json, corpora: Path
) -> None:
    change, reason = FORM[name]
    assert refusal(changed(published_list, change), dev_key(corpora)) is reason


@pytest.mark.parametrize("name", [name for name in FORM if "the proof" not in name])
def test_what_the_proof_cannot_cover_is_not_signed_either(name: str) -> None:
    change, _ = FORM[name]
    with pytest.raises(TrustListError):
        network().sign(changed(network().document(), change))


def test_another_key_does_not_verify_our_list() -> None:
    other = replace(network().pinned, public_key=ec.generate_private_key(ec.SECP256R1()).public_key())
    assert refusal(network().document(), other) is ListReason.PROOF_INVALID


@pytest.mark.corpus
def test_another_key_does_not_verify_a_published_list(published_list: Json, corpora: Path) -> None:
    other = replace(dev_key(corpora), public_key=network().list_key.public_key())
    assert refusal(published_list, other) is ListReason.PROOF_INVALID


def test_an_entry_of_another_list_by_the_same_signer_does_not_fit() -> None:
    ours = network().document()
    other = network().document(f"{LIST_DID}:-")
    mixed = changed(ours, lambda it: it["verificationMethod"].append(first(other)))
    assert refusal(mixed, network().pinned) is ListReason.PROOF_INVALID


def test_a_proof_of_another_list_by_the_same_signer_does_not_fit() -> None:
    other = network().document(f"{LIST_DID}:DCC")
    assert refusal(network().document() | {"proof": other["proof"]}, network().pinned) is ListReason.PROOF_INVALID


def test_the_list_that_was_asked_for_is_the_one_that_is_read() -> None:
    document = network().document()
    assert read_document(document, key=network().pinned, expected_did=LIST_DID).did == LIST_DID
    with pytest.raises(TrustListError) as caught:
        read_document(document, key=network().pinned, expected_did=f"{LIST_DID}:DCC")
    assert caught.value.reason is ListReason.DID_UNEXPECTED


@pytest.mark.parametrize("environment", list(Environment))
@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("tng-cdn.who.int", Environment.PRODUCTION),
        ("tng-cdn-uat.who.int", Environment.ACCEPTANCE),
        ("tng-cdn-dev.who.int", Environment.DEVELOPMENT),
        ("trust.example", Environment.PRIVATE),
    ],
)
def test_a_host_belongs_to_one_environment_whatever_the_proof_says(
    host: str, own: Environment, environment: Environment
) -> None:
    document = network().document(f"did:web:{host}:v2:trustlist")
    key = replace(network().pinned, environment=environment)
    if environment is own:
        assert read_document(document, key=key).environment is own
    else:
        assert refusal(document, key) is ListReason.ENVIRONMENT_UNEXPECTED


@pytest.mark.parametrize("suffix", ["-DEV", "-UAT"])
def test_the_context_belongs_to_the_environment_too(suffix: str) -> None:
    document = build_document(LIST_DID, network().entries)
    document["@context"][2] = f"https://smart.who.int/trust/tng-context/v1{suffix}.jsonld"
    assert refusal(network().sign(document), network().pinned) is ListReason.DOCUMENT_CONTEXT


def test_another_context_makes_other_statements() -> None:
    """The signer's own other context does not verify: codes mean IRIs of one environment."""
    document = network().document("did:web:tng-cdn.who.int:v2:trustlist")
    document["@context"] = list(did_shape.context_of(Environment.DEVELOPMENT))
    document["id"] = document["id"].replace("tng-cdn", "tng-cdn-dev")
    key = replace(network().pinned, environment=Environment.DEVELOPMENT)
    assert refusal(document, key) is ListReason.PROOF_INVALID


def test_order_is_not_signed_and_changes_nothing_but_positions() -> None:
    document = network().document()
    turned = changed(document, lambda it: it["verificationMethod"].reverse())
    kids = [entry.kid for entry in read_document(document, key=network().pinned).entries]
    assert [entry.kid for entry in read_document(turned, key=network().pinned).entries] == kids[::-1]


def test_an_entry_repeated_is_signed_still_and_counted_once() -> None:
    document = network().document()
    document["verificationMethod"].append(copy.deepcopy(first(document)))
    read = read_document(document, key=network().pinned)
    assert len(read.entries) == 4
    assert [(it.reason, it.position) for it in read.rejected] == [(ListReason.ENTRY_REPEATED, "verificationMethod[4]")]


def test_a_flood_of_repetitions_is_counted_once_each() -> None:
    document = network().document()
    document["verificationMethod"] += [first(document)] * 20_000
    read = read_document(document, key=network().pinned)
    assert (len(read.entries), len(read.rejected)) == (4, 20_000)


def two_entries_with_one_id() -> Json:
    document = build_document(LIST_DID, network().entries)
    methods: list[Any] = document["verificationMethod"]
    methods[1]["id"] = methods[3]["id"]
    return network().sign(document)


def test_values_of_two_entries_with_one_id_cannot_be_told_apart_and_neither_is_used() -> None:
    document = two_entries_with_one_id()
    exchanged = changed(document, lambda it: None)
    one, other = exchanged["verificationMethod"][1], exchanged["verificationMethod"][3]
    one["participant"], other["participant"] = other["participant"], one["participant"]
    for each in (document, exchanged):  # both verify: the graph is the same
        read = read_document(each, key=network().pinned)
        assert [it.reason for it in read.rejected] == [ListReason.ENTRY_AMBIGUOUS] * 2
        assert [it.usage for it in read.entries] == ["SCA", "SCA"]
