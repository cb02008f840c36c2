"""The seven certificate extensions that trust lists use (RFC 5280 §4.2.1 and A.2), each read on its own.

A slip in one extension is a problem of that extension: it then counts as absent, is reported, and the others are
read as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from credential.errors import DecodeError
from credential.wire.der import (
    BIT_STRING,
    BOOLEAN,
    OCTET_STRING,
    SEQUENCE,
    Element,
    expect,
    malformed,
    read_bits,
    read_integer,
    read_oid,
    read_only,
)
from credential.wire.x509_problem import CertificateProblem as Problem
from credential.wire.x509_time import read_generalized_time

_USAGE_BITS = (
    "digitalSignature",
    "contentCommitment",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)

_KEY_IDENTIFIER = 0x80  # context tag [0], implicit
_NOT_AFTER = 0x81  # context tag [1], implicit

_URI = 0x86  # context tag [6], implicit

# Critical extensions that restrict nothing this project does: names and policies (§4.2.1.4, .10, .11).
_HARMLESS = frozenset({"2.5.29.30", "2.5.29.32", "2.5.29.36"})


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the extensions say; the defaults are what their absence means."""

    is_ca: bool | None = None
    """None when basicConstraints is absent or unreadable."""
    key_usage: frozenset[str] | None = None
    extended_key_usage: tuple[str, ...] = ()
    subject_key_identifier: bytes | None = None
    authority_key_identifier: bytes | None = None
    private_key_not_after: int | None = None
    """Epoch seconds; None when the certificate names no end for the private key."""
    alternative_uris: tuple[str, ...] = ()
    """Of the subject's other names those that are URIs, in the order of the certificate."""
    problems: tuple[str, ...] = ()


NO_EXTENSIONS: Final = Extensions()


def read_extensions(wrapper: Element) -> Extensions:
    """The extensions in the certificate's field `[3]`; never raises, `problems` says what could not be read."""
    facts, seen = NO_EXTENSIONS, set[str]()
    try:
        for oid, critical, value in _split(wrapper):
            if oid in seen:
                facts = _report(facts, Problem.EXTENSION_TWICE)
                continue
            seen.add(oid)
            facts = _read_one(facts, oid, value, critical=critical)
    except DecodeError:
        return _report(facts, Problem.EXTENSIONS_MALFORMED)
    return facts


def _split(wrapper: Element) -> Iterator[tuple[str, bool, bytes]]:
    for extension in read_only(wrapper.content, SEQUENCE).children():
        parts = tuple(expect(extension, SEQUENCE).children())
        if not 2 <= len(parts) <= 3:
            raise malformed(extension.start, "extension")
        critical = len(parts) == 3 and expect(parts[1], BOOLEAN).content != b"\x00"
        yield read_oid(parts[0]), critical, expect(parts[-1], OCTET_STRING).content


def _read_one(facts: Extensions, oid: str, value: bytes, *, critical: bool) -> Extensions:
    row = _READERS.get(oid)
    if row is None:
        return _report(facts, Problem.EXTENSION_CRITICAL_UNREAD) if critical and oid not in _HARMLESS else facts
    read, problem = row
    try:
        return read(facts, value)
    except DecodeError:
        return _report(facts, problem)


def _report(facts: Extensions, problem: Problem) -> Extensions:
    return replace(facts, problems=(*facts.problems, problem))


def _read_basic_constraints(facts: Extensions, value: bytes) -> Extensions:
    """`SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }` (§4.2.1.9)."""
    parts = list(read_only(value, SEQUENCE).children())
    is_ca = False
    if parts and parts[0].tag == BOOLEAN:
        is_ca = parts.pop(0).content != b"\x00"
        if not is_ca:
            facts = _report(facts, Problem.BASIC_CONSTRAINTS_FALSE_WRITTEN)
    if len(parts) > 1:
        raise malformed(0, "basic-constraints")
    if parts:
        read_integer(parts[0])
        if not is_ca:
            facts = _report(facts, Problem.BASIC_CONSTRAINTS_PATH_WITHOUT_CA)
    return replace(facts, is_ca=is_ca)


def _read_key_usage(facts: Extensions, value: bytes) -> Extensions:
    """A BIT STRING whose first bit is digitalSignature (§4.2.1.3)."""
    content, _ = read_bits(read_only(value, BIT_STRING))
    bits = enumerate(_USAGE_BITS)
    usage = (name for at, name in bits if at >> 3 < len(content) and content[at >> 3] & 0x80 >> (at & 7))
    return replace(facts, key_usage=frozenset(usage))


def _read_extended_key_usage(facts: Extensions, value: bytes) -> Extensions:
    """`SEQUENCE OF OBJECT IDENTIFIER` (§4.2.1.12)."""
    purposes = tuple(read_oid(purpose) for purpose in read_only(value, SEQUENCE).children())
    return replace(facts, extended_key_usage=purposes)


def _read_subject_key_identifier(facts: Extensions, value: bytes) -> Extensions:
    """An OCTET STRING (§4.2.1.2)."""
    return replace(facts, subject_key_identifier=read_only(value, OCTET_STRING).content)


def _read_authority_key_identifier(facts: Extensions, value: bytes) -> Extensions:
    """`SEQUENCE { [0] keyIdentifier OPTIONAL, … }`; issuer and serial are not used (§4.2.1.1)."""
    identifiers = [part.content for part in read_only(value, SEQUENCE).children() if part.tag == _KEY_IDENTIFIER]
    return replace(facts, authority_key_identifier=identifiers[0] if identifiers else None)


def _read_private_key_usage(facts: Extensions, value: bytes) -> Extensions:
    """`SEQUENCE { [0] notBefore OPTIONAL, [1] notAfter OPTIONAL }` (RFC 5280 A.2); when it begins is not used."""
    ends = [read_generalized_time(part) for part in read_only(value, SEQUENCE).children() if part.tag == _NOT_AFTER]
    return replace(facts, private_key_not_after=ends[0] if ends else None)


def _read_alternative_names(facts: Extensions, value: bytes) -> Extensions:
    """`SEQUENCE OF GeneralName`; of them the URIs, IA5String under [6] (§4.2.1.6)."""
    uris = [part for part in read_only(value, SEQUENCE).children() if part.tag == _URI]
    if not all(uri.content.isascii() for uri in uris):
        raise malformed(uris[0].start, "uri")
    return replace(facts, alternative_uris=tuple(uri.content.decode("ascii") for uri in uris))


_Reader: TypeAlias = Callable[[Extensions, bytes], Extensions]

_READERS: Final = MappingProxyType[str, tuple[_Reader, Problem]](
    {
        "2.5.29.14": (_read_subject_key_identifier, Problem.SUBJECT_KEY_IDENTIFIER_MALFORMED),
        "2.5.29.15": (_read_key_usage, Problem.KEY_USAGE_MALFORMED),
        "2.5.29.16": (_read_private_key_usage, Problem.PRIVATE_KEY_USAGE_MALFORMED),
        "2.5.29.17": (_read_alternative_names, Problem.SUBJECT_ALTERNATIVE_NAME_MALFORMED),
        "2.5.29.19": (_read_basic_constraints, Problem.BASIC_CONSTRAINTS_MALFORMED),
        "2.5.29.35": (_read_authority_key_identifier, Problem.AUTHORITY_KEY_IDENTIFIER_MALFORMED),
        "2.5.29.37": (_read_extended_key_usage, Problem.EXTENDED_KEY_USAGE_MALFORMED),
    }
)
