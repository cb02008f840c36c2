"""The bytes that the proof of a GDHCN DID document covers: its RDF graph as canonical N-Quads.

For the one shape that `trustlist.did_shape` lets through, the result of RDF Dataset Normalization (URDNA2015,
https://www.w3.org/TR/rdf-canon/) is known without a JSON-LD processor: every node but the proof's own has a name, so
the canonical form is the set of statements, sorted. Each `publicKeyJwk` is one JSON literal in the form of
RFC 8785 (JCS).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from trustlist.did_shape import (
    KEY_TYPE,
    PROOF_PURPOSE,
    PROOF_TYPE,
    Jwk,
    ProofOptions,
    WrittenDocument,
    WrittenEntry,
)

_SECURITY = "https://w3id.org/security#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = f"<{_RDF}type>"
_CREATED = "<http://purl.org/dc/terms/created>"
_DATE_TIME = "<http://www.w3.org/2001/XMLSchema#dateTime>"
_VALUE_SET = "https://smart.who.int/trust/ValueSet-{name}{suffix}.jsonld"


def document_quads(document: WrittenDocument) -> bytes:
    """The statements of a document without its proof."""
    return _canonical(_document_lines(document))


def options_quads(options: ProofOptions) -> bytes:
    """The statements of a proof without its signature; its node has no name, hence `_:c14n0`."""
    node = "_:c14n0"
    return _canonical(
        (
            f'{node} {_CREATED} "{options.created}"^^{_DATE_TIME}',
            f"{node} {_TYPE} <{_SECURITY}{PROOF_TYPE}>",
            f'{node} <{_SECURITY}nonce> "{options.nonce}"',
            f"{node} <{_SECURITY}proofPurpose> <{_SECURITY}{PROOF_PURPOSE}>",
            f"{node} <{_SECURITY}verificationMethod> <{options.verification_method}>",
        )
    )


def canonical_jwk(jwk: Jwk) -> str:
    """RFC 8785 for members named in ASCII with printable ASCII texts, where code points and UTF-16 sort alike."""
    return json.dumps(dict(jwk), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _document_lines(document: WrittenDocument) -> Iterator[str]:
    node = f"<{document.id}>"
    yield f"{node} <{_SECURITY}controller> <{document.controller}>"
    for reference in document.references:
        yield f"{node} <{_SECURITY}verificationMethod> <{reference}>"
    for entry in document.entries:
        yield f"{node} <{_SECURITY}verificationMethod> <{entry.id}>"
        yield from _entry_lines(entry, document.value_set_suffix)


def _entry_lines(entry: WrittenEntry, suffix: str) -> Iterator[str]:
    node = f"<{entry.id}>"
    literal = canonical_jwk(entry.jwk).replace("\\", "\\\\").replace('"', '\\"')
    yield f"{node} {_TYPE} <{_SECURITY}{KEY_TYPE}>"
    yield f"{node} <{_SECURITY}controller> <{entry.controller}>"
    yield f'{node} <{_SECURITY}publicKeyJwk> "{literal}"^^<{_RDF}JSON>'
    for name, code in (("Domains", entry.domain), ("Participants", entry.participant), ("KeyUsage", entry.usage)):
        if code is not None:
            value_set = _VALUE_SET.format(name=name, suffix=suffix)
            yield f"{node} <{value_set}> <{value_set}{code}>"


def _canonical(lines: Iterable[str]) -> bytes:
    return "".join(sorted(f"{line} .\n" for line in set(lines))).encode()
