"""Documents of a DID trust list as they are written: names, order, keys."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pki import make_authority
from tests.trustlist.did_lists import LIST_DID, Json, dev_key, list_entry, network, prod_key, published
from trustlist.did import build_document, encode_document, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry


def signer_entry() -> ListEntry:
    return network().entries[1]


@pytest.mark.parametrize(
    ("levels", "controller", "prefix"),
    [
        ("", "", ":DCC:XXA:DSC"),
        (":DCC", "", ":DCC:XXA:DSC"),
        (":-", "", ":-:XXA:DSC"),
        (":DCC:XXA", ":DCC", ":DCC:XXA:DSC"),
        (":-:XXA", ":-", ":-:XXA:DSC"),
        (":-:-", ":-", ":-:-:DSC"),
        (":DCC:XXA:DSC", ":DCC:XXA", ":DCC:XXA:DSC"),
        (":-:-:DSC", ":-:-", ":-:-:DSC"),
    ],
)
def test_a_list_is_controlled_by_the_next_one_upwards_and_its_entries_have_all_levels(
    levels: str, controller: str, prefix: str
) -> None:
    document = build_document(LIST_DID + levels, [signer_entry()])
    (entry,) = document["verificationMethod"]
    kid = base64.b64encode(signer_entry().kid).decode()
    assert document["controller"] == entry["controller"] == LIST_DID + controller
    assert entry["id"] == f"{LIST_DID}{prefix}#{kid}"


def test_a_list_of_ones_own_naming_controls_itself() -> None:
    document = build_document("did:web:trust.example:keys", [signer_entry()])
    assert document["controller"] == "did:web:trust.example:keys"
    assert document["verificationMethod"][0]["id"].startswith("did:web:trust.example:keys:DCC:XXA:DSC#")


@pytest.mark.parametrize(
    ("host", "context"),
    [
        ("tng-cdn.who.int", "v1.jsonld"),
        ("tng-cdn-uat.who.int", "v1-UAT.jsonld"),
        ("tng-cdn-dev.who.int", "v1-DEV.jsonld"),
        ("trust.example", "v1.jsonld"),
    ],
)
def test_the_context_is_that_of_the_hosts_environment(host: str, context: str) -> None:
    assert build_document(f"did:web:{host}:v2:trustlist", [])["@context"] == [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/suites/jws-2020/v1",
        f"https://smart.who.int/trust/tng-context/{context}",
    ]


def test_members_stand_in_the_order_of_the_networks_own_lists() -> None:
    document = build_document(LIST_DID, [signer_entry()])
    (entry,) = document["verificationMethod"]
    assert list(document) == ["@context", "id", "controller", "verificationMethod"]
    assert list(entry) == ["id", "type", "controller", "publicKeyJwk", "domain", "participant", "keyusage"]
    assert list(entry["publicKeyJwk"]) == ["kty", "kid", "x5c", "crv", "x", "y"]


@pytest.mark.parametrize(
    ("usage", "code"),
    [
        (KeyUsage.SCA, "#CSCA"),
        (KeyUsage.DSC, "#DSC"),
        (KeyUsage.DECA, "#DECA"),
        (KeyUsage.DESC, "#DESC"),
        (KeyUsage.TLS, "#AUTHENTICATION"),
        (KeyUsage.UP, "#UPLOAD"),
    ],
)
def test_a_usage_has_the_gateways_code_and_its_own_name_in_the_id(usage: KeyUsage, code: str) -> None:
    (entry,) = build_document(LIST_DID, [replace(signer_entry(), usage=usage)])["verificationMethod"]
    assert entry["keyusage"] == {"code": code}
    assert f":{usage.value}#" in entry["id"]
    document = network().sign(build_document(LIST_DID, [replace(signer_entry(), usage=usage)]))
    assert read_document(document, key=network().pinned).entries[0].usage is usage


def test_an_entry_without_domain_and_participant_has_neither_member() -> None:
    (entry,) = build_document(LIST_DID, [replace(signer_entry(), domain=None, participant=None)])["verificationMethod"]
    assert entry["id"].startswith(f"{LIST_DID}:-:-:DSC#")
    assert list(entry) == ["id", "type", "controller", "publicKeyJwk", "keyusage"]


def test_rsa_keys_are_written_with_exponent_and_modulus() -> None:
    signer = make_authority("XA").issue_signer(key="RSA")
    (entry,) = build_document(LIST_DID, [list_entry(signer.kid, (signer.certificate_der,))])["verificationMethod"]
    key = entry["publicKeyJwk"]
    assert list(key) == ["kty", "kid", "x5c", "e", "n"]
    assert key["e"] == "AQAB"
    assert len(key["n"]) == 342  # 2048 bits, no sign byte, no padding


def test_p384_keys_are_written_with_the_registered_name() -> None:
    signer = make_authority("XA").issue_signer(key="P-384")
    (entry,) = build_document(LIST_DID, [list_entry(signer.kid, (signer.certificate_der,))])["verificationMethod"]
    assert entry["publicKeyJwk"]["crv"] == "P-384"
    assert len(entry["publicKeyJwk"]["x"]) == len(entry["publicKeyJwk"]["y"]) == 64  # 48 octets


def test_a_kid_of_any_length_is_written_and_read_back() -> None:
    for kid in (b"\x00", b"not base64!", bytes(range(64))):
        document = network().sign(build_document(LIST_DID, [replace(signer_entry(), kid=kid)]))
        assert read_document(document, key=network().pinned).entries[0].kid == kid


@pytest.mark.parametrize(
    ("did", "changes", "reason"),
    [
        ("trust.example", {}, ListReason.DID_MALFORMED),
        (f"{LIST_DID}#1", {}, ListReason.DID_MALFORMED),
        (f"{LIST_DID}:a b", {}, ListReason.DID_MALFORMED),
        (LIST_DID, {"participant": "X> <A"}, ListReason.DID_MALFORMED),
        (LIST_DID, {"participant": "X:A"}, ListReason.DOCUMENT_SHAPE),
        (LIST_DID, {"domain": "É"}, ListReason.DID_MALFORMED),
        (LIST_DID, {"certificates": (b"\x30\x00",)}, ListReason.CERTIFICATE_UNREADABLE),
    ],
)
def test_what_cannot_be_written_is_refused(did: str, changes: dict[str, object], reason: ListReason) -> None:
    with pytest.raises(TrustListError) as caught:
        build_document(did, [replace(signer_entry(), **changes)])  # type: ignore[arg-type]
    assert caught.value.reason is reason


def test_two_entries_with_one_id_are_refused() -> None:
    with pytest.raises(TrustListError) as caught:
        build_document(LIST_DID, [signer_entry(), signer_entry()])
    assert caught.value.reason is ListReason.ENTRY_AMBIGUOUS


def test_the_text_is_compact_and_stable() -> None:
    data = encode_document(network().document())
    assert data == encode_document(network().document())
    assert data.startswith(b'{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/')
    assert json.loads(data) == network().document()


def without_java_numbers(document: Json) -> str:
    """A published or built document as text, in member order, without its proof and what Java writes otherwise."""
    copied: Json = json.loads(json.dumps(document))
    copied.pop("proof", None)
    for entry in copied["verificationMethod"]:
        for name in ("x", "y", "e", "n"):
            entry["publicKeyJwk"].pop(name, None)
        if entry["publicKeyJwk"].get("crv") != "P-256":
            entry["publicKeyJwk"].pop("crv", None)
    return json.dumps(copied)


@pytest.mark.corpus
def test_every_published_list_is_built_again_from_what_was_read(corpora: Path) -> None:
    """The same text but for coordinates and curve names, which are written as RFC 7518 says."""
    rebuilt = 0
    for environment, key in (("dev", dev_key(corpora)), ("prod", prod_key())):
        for data in published(corpora, environment):
            document = read_document(data, key=key)
            if document.references or "trustlist-ref" in document.did:
                continue
            assert without_java_numbers(build_document(document.did, document.entries)) == without_java_numbers(
                json.loads(data)
            )
            rebuilt += 1
    assert rebuilt == 442 + 6
