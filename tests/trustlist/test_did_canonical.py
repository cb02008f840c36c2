"""The signed statements of a DID trust list, written out by hand for a small one and compared with pyld for all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trustlist.did_lists import Json, network, published
from trustlist import did_shape
from trustlist.did_canonical import canonical_jwk, document_quads, options_quads
from trustlist.model import Environment

CONTEXT_FILES = {
    "https://www.w3.org/ns/did/v1": "did_v1.json",
    "https://w3id.org/security/suites/jws-2020/v1": "jws-2020_v1.json",
    "https://smart.who.int/trust/tng-context/v1.jsonld": "v1.jsonld",
    "https://smart.who.int/trust/tng-context/v1-DEV.jsonld": "v1-dev.jsonld",
    "https://smart.who.int/trust/tng-context/v1-UAT.jsonld": "v1-uat.jsonld",
}


def small(**changes: Any) -> Json:
    entry = {
        "id": "did:web:h:v2:trustlist:DCC:XXA:SCA#a/+=",
        "type": "JsonWebKey2020",
        "controller": "did:web:h:v2:trustlist",
        "publicKeyJwk": {"y": "B", "x5c": ["AA==", "AQ=="], "kty": "EC", "q": 'a"b\\c'},
        "domain": {"code": "#DCC"},
        "participant": {"code": "#XXA"},
        "keyusage": {"code": "#CSCA"},
    }
    return {
        "@context": list(did_shape.context_of(Environment.DEVELOPMENT)),
        "id": "did:web:h:v2:trustlist",
        "controller": "did:web:h:v2:trustlist",
        "verificationMethod": [entry, "did:web:h:v2:trustlist-ref"],
    } | changes


def lines(document: Json) -> list[str]:
    return document_quads(did_shape.read_body(document)).decode().splitlines()


def test_statements_of_a_small_document() -> None:
    key = "<did:web:h:v2:trustlist:DCC:XXA:SCA#a/+=>"
    value_sets = "https://smart.who.int/trust/ValueSet-"
    jwk = r"{\"kty\":\"EC\",\"q\":\"a\\\"b\\\\c\",\"x5c\":[\"AA==\",\"AQ==\"],\"y\":\"B\"}"
    assert lines(small()) == [
        f"{key} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#JsonWebKey2020> .",
        f"{key} <{value_sets}Domains-DEV.jsonld> <{value_sets}Domains-DEV.jsonld#DCC> .",
        f"{key} <{value_sets}KeyUsage-DEV.jsonld> <{value_sets}KeyUsage-DEV.jsonld#CSCA> .",
        f"{key} <{value_sets}Participants-DEV.jsonld> <{value_sets}Participants-DEV.jsonld#XXA> .",
        f"{key} <https://w3id.org/security#controller> <did:web:h:v2:trustlist> .",
        f'{key} <https://w3id.org/security#publicKeyJwk> "{jwk}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .',
        "<did:web:h:v2:trustlist> <https://w3id.org/security#controller> <did:web:h:v2:trustlist> .",
        "<did:web:h:v2:trustlist> <https://w3id.org/security#verificationMethod> <did:web:h:v2:trustlist-ref> .",
        f"<did:web:h:v2:trustlist> <https://w3id.org/security#verificationMethod> {key} .",
    ]


def test_statements_of_proof_options() -> None:
    options = did_shape.ProofOptions("2026-08-22T18:00:02Z", "abc", "did:web:s")
    date_time = "http://www.w3.org/2001/XMLSchema#dateTime"
    assert options_quads(options).decode().splitlines() == [
        f'_:c14n0 <http://purl.org/dc/terms/created> "2026-08-22T18:00:02Z"^^<{date_time}> .',
        "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#JsonWebSignature2020> .",
        '_:c14n0 <https://w3id.org/security#nonce> "abc" .',
        "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .",
        "_:c14n0 <https://w3id.org/security#verificationMethod> <did:web:s> .",
    ]


def test_every_line_ends_and_no_line_is_there_twice() -> None:
    document = small()
    document["verificationMethod"] *= 2
    quads = document_quads(did_shape.read_body(document)).decode()
    assert quads.endswith(" .\n")
    assert quads.splitlines() == lines(small())


def test_an_empty_list_has_one_statement() -> None:
    assert len(lines(small(verificationMethod=[]))) == 1


def test_the_order_of_entries_is_not_part_of_the_statements() -> None:
    document = small()
    document["verificationMethod"].reverse()
    assert lines(document) == lines(small())


def test_jwk_members_are_sorted_without_white_space() -> None:
    assert canonical_jwk({"y": "2", "e": ("b", "a"), "A": "1"}) == '{"A":"1","e":["b","a"],"y":"2"}'


def normalise_with_pyld(corpora: Path) -> Callable[[Json], bytes]:
    """The same statements from a JSON-LD processor that knows nothing of the shape; contexts from local files."""
    from pyld import jsonld

    def load(url: str, _options: object = None) -> Json:
        document = json.loads((corpora / "trust-lists" / "contexts" / CONTEXT_FILES[url]).read_text())
        return {"contextUrl": None, "documentUrl": url, "contentType": "application/ld+json", "document": document}

    def normalise(document: Json) -> bytes:
        text: str = jsonld.normalize(
            document, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
        )
        return text.encode()

    return normalise


def assert_same_statements(document: Json, normalise: Callable[[Json], bytes]) -> None:
    body = {name: value for name, value in document.items() if name != "proof"}
    assert document_quads(did_shape.read_body(body)) == normalise(body)
    options = {name: value for name, value in document["proof"].items() if name != "jws"}
    assert options_quads(did_shape.read_options(document["proof"])) == normalise(
        options | {"@context": body["@context"]}
    )


@pytest.mark.corpus
def test_pyld_finds_the_same_statements_in_every_published_document(corpora: Path) -> None:
    normalise = normalise_with_pyld(corpora)
    agreed = 0
    for environment in ("dev", "prod"):
        for data in published(corpora, environment):
            assert_same_statements(json.loads(data), normalise)
            agreed += 1
    assert agreed == 884 + 7


@pytest.mark.corpus
@pytest.mark.parametrize("did", ["did:web:trust.example:v2:trustlist", "did:web:tng-cdn-uat.who.int:v2:trustlist:-"])
def test_pyld_finds_the_same_statements_in_a_document_of_our_own(corpora: Path, did: str) -> None:
    document = network().document(did)
    document["verificationMethod"].append("did:web:trust.example:v2:trustlist-ref")
    document["verificationMethod"][0]["publicKeyJwk"]["note"] = 'quote " backslash \\ slash / tilde ~'
    assert_same_statements(document, normalise_with_pyld(corpora))
