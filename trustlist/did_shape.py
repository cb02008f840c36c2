"""The one shape of a GDHCN DID trust list (v2) that is read: JSON values to frozen text, nothing interpreted yet.

The proof of such a document covers an RDF graph, not its bytes (`trustlist.did_canonical`), and JSON-LD drops every
member that the contexts do not map. So an unknown member, at any level but inside the covered `publicKeyJwk`, would
be unsigned: it is refused, as is every spelling that would reach the graph in a second way (lists for single values,
relative identifiers, codes without `#`). Contexts are chosen from a table and never fetched.

Source: WHO SMART Trust, "GDHCN Trust Network Gateway" DID documents, and DID Core (https://www.w3.org/TR/did-1.0/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from credential.limits import DEFAULT_LIMITS, Limits
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment

Jwk: TypeAlias = Mapping[str, "str | tuple[str, ...]"]

KEY_TYPE = "JsonWebKey2020"
PROOF_TYPE = "JsonWebSignature2020"
PROOF_PURPOSE = "assertionMethod"

VALUE_SET_SUFFIX: Mapping[Environment, str] = MappingProxyType(
    {
        Environment.PRODUCTION: "",
        Environment.ACCEPTANCE: "-UAT",
        Environment.DEVELOPMENT: "-DEV",
        Environment.PRIVATE: "",  # a network of one's own speaks the production vocabulary
    }
)
"""How the IRIs of WHO's value sets, and the context that maps to them, end in each environment."""


def context_of(environment: Environment) -> tuple[str, ...]:
    """The `@context` of an environment's documents."""
    return _context(VALUE_SET_SUFFIX[environment])


def _context(suffix: str) -> tuple[str, ...]:
    return (
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/suites/jws-2020/v1",
        f"https://smart.who.int/trust/tng-context/v1{suffix}.jsonld",
    )


_SUFFIX_OF_CONTEXT: dict[tuple[object, ...], str] = {_context(suffix): suffix for suffix in VALUE_SET_SUFFIX.values()}

_DOCUMENT_MEMBERS = frozenset({"@context", "id", "controller", "verificationMethod"})
_ENTRY_MEMBERS = frozenset({"id", "type", "controller", "publicKeyJwk"})
_CODE_MEMBERS = frozenset({"domain", "participant", "keyusage"})
_PROOF_MEMBERS = frozenset({"type", "created", "nonce", "proofPurpose", "verificationMethod", "jws"})

# Only characters that no RDF writer would escape, drop or resolve (RFC 3986 without what RFC 3987 adds).
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+")
_DID_WITH_FRAGMENT = re.compile(_DID.pattern + r"#[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
_CODE = re.compile(r"#[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_JWK_MEMBER = re.compile(r"[A-Za-z0-9_#.+-]{1,64}")
_PRINTABLE = re.compile(r"[ -~]*")
_TIME = re.compile(r"[0-9TZ:.+-]{1,40}")
_NONCE = re.compile(r"[A-Za-z0-9._~+/=:-]{0,256}")


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """One embedded verification method, as written."""

    position: str
    id: str
    controller: str
    jwk: Jwk
    domain: str | None
    """Codes keep their `#`."""
    participant: str | None
    usage: str | None


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A document without its proof, as written."""

    id: str
    controller: str
    value_set_suffix: str
    """`""`, `"-UAT"` or `"-DEV"`: what stands for the context."""
    entries: tuple[WrittenEntry, ...]
    references: tuple[str, ...]
    """DIDs of other lists; never followed."""


@dataclass(frozen=True, slots=True)
class ProofOptions:
    """What a proof says beside its signature, as written."""

    created: str
    nonce: str
    verification_method: str


def read_body(document: Mapping[str, object], *, limits: Limits = DEFAULT_LIMITS) -> WrittenDocument:
    """A document whose `proof` was taken off; raises `TrustListError` for every other shape."""
    _require_members(document, required=_DOCUMENT_MEMBERS, at="document")
    methods = _sequence(document["verificationMethod"], at="verificationMethod")
    if len(methods) > limits.trust_list_keys:
        raise TrustListError(ListReason.LIST_TOO_MANY_ENTRIES, entries=len(methods), limit=limits.trust_list_keys)
    entries: list[WrittenEntry] = []
    references: list[str] = []
    for index, method in enumerate(methods):
        position = f"verificationMethod[{index}]"
        if isinstance(method, str):
            references.append(_identifier(method, _DID, at=position))
        else:
            entries.append(_read_entry(method, position))
    return WrittenDocument(
        id=_identifier(document["id"], _DID, at="id"),
        controller=_identifier(document["controller"], _DID, at="controller"),
        value_set_suffix=_read_context(document["@context"]),
        entries=tuple(entries),
        references=tuple(references),
    )


def read_options(proof: Mapping[str, object]) -> ProofOptions:
    """The signed part of a proof; its `created` is only taken as text here.

    Raises `TrustListError` for another proof type or purpose and for every other shape.
    """
    _require_members(proof, required=_PROOF_MEMBERS, at="proof")
    for member, expected in (("type", PROOF_TYPE), ("proofPurpose", PROOF_PURPOSE)):
        if proof[member] != expected:
            raise TrustListError(ListReason.PROOF_TYPE, at=f"proof.{member}")
    return ProofOptions(
        created=_text(proof["created"], _TIME, at="proof.created"),
        nonce=_text(proof["nonce"], _NONCE, at="proof.nonce"),
        verification_method=read_method_id(proof["verificationMethod"], at="proof.verificationMethod"),
    )


def read_method_id(value: object, *, at: str) -> str:
    """The DID of a key, with or without a fragment; raises `TrustListError` (`DID_MALFORMED`)."""
    pattern = _DID_WITH_FRAGMENT if isinstance(value, str) and "#" in value else _DID
    return _identifier(value, pattern, at=at)


def require_object(value: object, *, at: str) -> Mapping[str, object]:
    """The value as an object with text members; raises `TrustListError` (`DOCUMENT_SHAPE`)."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at=at)
    return value


def _read_context(value: object) -> str:
    context = tuple(_sequence(value, at="@context"))
    if not all(isinstance(part, str) for part in context) or context not in _SUFFIX_OF_CONTEXT:
        raise TrustListError(ListReason.DOCUMENT_CONTEXT)
    return _SUFFIX_OF_CONTEXT[context]


def _read_entry(value: object, position: str) -> WrittenEntry:
    entry = require_object(value, at=position)
    _require_members(entry, required=_ENTRY_MEMBERS, optional=_CODE_MEMBERS, at=position)
    if entry["type"] != KEY_TYPE:
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at=f"{position}.type")
    return WrittenEntry(
        position=position,
        id=_identifier(entry["id"], _DID_WITH_FRAGMENT, at=f"{position}.id"),
        controller=_identifier(entry["controller"], _DID, at=f"{position}.controller"),
        jwk=_read_jwk(entry["publicKeyJwk"], at=f"{position}.publicKeyJwk"),
        domain=_read_code(entry, "domain", position),
        participant=_read_code(entry, "participant", position),
        usage=_read_code(entry, "keyusage", position),
    )


def _read_code(entry: Mapping[str, object], member: str, position: str) -> str | None:
    if member not in entry:
        return None
    at = f"{position}.{member}"
    value = require_object(entry[member], at=at)
    _require_members(value, required=frozenset({"code"}), at=at)
    return _text(value["code"], _CODE, at=f"{at}.code")


def _read_jwk(value: object, *, at: str) -> Jwk:
    """Any members (the signature covers them), but only texts and lists of texts: their RFC 8785 form is plain."""
    members = require_object(value, at=at)
    return MappingProxyType(
        {_text(name, _JWK_MEMBER, at=at): _read_jwk_value(content, at=at) for name, content in members.items()}
    )


def _read_jwk_value(value: object, *, at: str) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return _text(value, _PRINTABLE, at=at)
    return tuple(_text(part, _PRINTABLE, at=at) for part in _sequence(value, at=at))


def _require_members(
    value: Mapping[str, object], *, required: frozenset[str], optional: frozenset[str] = frozenset(), at: str
) -> None:
    names = value.keys()
    if not names <= required | optional:
        raise TrustListError(ListReason.DOCUMENT_MEMBER_UNKNOWN, at=at)
    if not required <= names:
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at=at)


def _sequence(value: object, *, at: str) -> Sequence[object]:
    if not isinstance(value, (list, tuple)):
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at=at)
    return value


def _text(value: object, pattern: re.Pattern[str], *, at: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at=at)
    return value


def _identifier(value: object, pattern: re.Pattern[str], *, at: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise TrustListError(ListReason.DID_MALFORMED, at=at)
    return value
