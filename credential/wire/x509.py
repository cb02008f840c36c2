"""X.509 certificates (RFC 5280) as far as trust lists need them: facts, public key, key identifier, who issued whom.

Certificates in force break the rules of DER here and there, and `cryptography` then refuses the certificate, or all
of its extensions. Each field is therefore read on its own (`credential.wire.der`): what is needed to use the key must
be readable, or the certificate is refused; a slip in an extension is reported in `problems`. The public key is read
from its own field, so that a slip elsewhere does not lose it. `kid_of` is the key identifier of HCERT: the first
eight bytes of SHA-256 over the certificate.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.der import INTEGER, SEQUENCE, Element, expect, malformed, read_bits, read_integer, read_only
from credential.wire.pem import split_certificates
from credential.wire.x509_extensions import NO_EXTENSIONS, read_extensions
from credential.wire.x509_key import describe_key, read_key
from credential.wire.x509_name import COUNTRY, format_name, read_name, values_of
from credential.wire.x509_problem import CertificateProblem as Problem
from credential.wire.x509_signature import WEAK_HASHES, SignatureAlgorithm, check_signature, is_weak, read_algorithm
from credential.wire.x509_time import read_validity

__all__ = [
    "CertificateFacts",
    "Issuance",
    "check_issued",
    "issued_by",
    "kid_of",
    "read_certificate",
    "read_public_key",
    "split_certificates",
]

_VERSION, _EXTENSIONS = 0xA0, 0xA3  # context tags [0] and [3], explicit
_V3 = 2
_SERIAL_BYTES = 20  # RFC 5280 §4.1.2.2


class Issuance(StrEnum):
    """Whether one certificate was issued by another."""

    HOLDS = "holds"
    WEAK = "weak"
    """The signature is right, but its hash or the issuer's key is too weak to prove anything."""
    FAILS = "fails"
    UNKNOWN = "unknown"
    """One of the two certificates, or the algorithm between them, cannot be read."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What one certificate says."""

    der: bytes
    kid: bytes
    """The first 8 bytes of SHA-256 over `der`; a list may name another."""
    subject: str
    issuer: str
    """RFC 4514 text, for people."""
    subject_name: bytes
    issuer_name: bytes
    """DER of the two names, for building chains."""
    country: str | None
    """The one subject C in upper case; None when there is none, or more than one."""
    serial: int
    not_before: int
    not_after: int
    """Epoch seconds, UTC; both ends belong to the validity."""
    is_ca: bool
    """basicConstraints with CA:TRUE."""
    key_usage: frozenset[str] | None
    """Names of RFC 5280 §4.2.1.3, such as `digitalSignature`; None when the extension is absent or unreadable."""
    extended_key_usage: tuple[str, ...]
    """Dotted OIDs in the order of the certificate; empty when absent."""
    subject_key_identifier: bytes | None
    authority_key_identifier: bytes | None
    alternative_uris: tuple[str, ...]
    """URIs among the subject's alternative names."""
    private_key_not_after: int | None
    """Epoch seconds after which the private key signs no more (private key usage period); None when not said."""
    signature_hash: str | None
    """`sha256` and so on; None when the algorithm has no choice of hash or is unknown."""
    key_kind: str
    """`EC`, `RSA`, `Ed25519`, `Ed448`, `DSA`, or the dotted OID of another kind."""
    key_detail: str
    """Name of the curve (`P-256`) or its dotted OID, bits of the modulus (`2048`), or nothing."""
    problems: tuple[str, ...]
    """Codes (`x509_problem.CertificateProblem`) of what could not be read or is weak."""


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one certificate in their order (RFC 5280 §4.1); nothing inside them has been read."""

    signed: Element
    version: int
    serial: Element
    inner_algorithm: Element
    issuer: Element
    validity: Element
    subject: Element
    key: Element
    extensions: Element | None
    algorithm: Element
    signature: Element


def kid_of(der: bytes) -> bytes:
    """HCERT's key identifier: the first 8 bytes of SHA-256 over the certificate."""
    return hashlib.sha256(der).digest()[:8]


def read_certificate(der: bytes, limits: Limits = DEFAULT_LIMITS) -> CertificateFacts:
    """What the certificate says, the public key itself left unmade.

    Raises `DecodeError` at stage `certificate`: `CERTIFICATE_TOO_LARGE`, `CERTIFICATE_MALFORMED` when a field that
    every certificate has cannot be read, `CERTIFICATE_DATES`.
    """
    fields = _split(der, limits)
    subject, issuer = read_name(fields.subject), read_name(fields.issuer)
    serial = read_integer(fields.serial)
    not_before, not_after = read_validity(fields.validity)
    extensions = read_extensions(fields.extensions) if fields.extensions else NO_EXTENSIONS
    algorithm = read_algorithm(fields.algorithm)
    key = describe_key(fields.key)
    countries = values_of(subject, COUNTRY)
    doubts = (
        (Problem.VERSION, fields.version != _V3),
        (Problem.SERIAL_NOT_POSITIVE, serial <= 0),
        (Problem.SERIAL_TOO_LONG, serial.bit_length() > 8 * _SERIAL_BYTES),
        (Problem.DATES_REVERSED, not_after < not_before),
        (Problem.COUNTRY_MISSING, not countries),
        (Problem.COUNTRY_SEVERAL, len(countries) > 1),
    )
    return CertificateFacts(
        der=der,
        kid=kid_of(der),
        subject=format_name(subject),
        issuer=format_name(issuer),
        subject_name=fields.subject.der,
        issuer_name=fields.issuer.der,
        country=countries[0].upper() if len(countries) == 1 else None,
        serial=serial,
        not_before=not_before,
        not_after=not_after,
        is_ca=bool(extensions.is_ca),
        key_usage=extensions.key_usage,
        extended_key_usage=extensions.extended_key_usage,
        subject_key_identifier=extensions.subject_key_identifier,
        authority_key_identifier=extensions.authority_key_identifier,
        alternative_uris=extensions.alternative_uris,
        private_key_not_after=extensions.private_key_not_after,
        signature_hash=algorithm.hash,
        key_kind=key.kind,
        key_detail=key.detail,
        problems=(
            *(problem for problem, holds in doubts if holds),
            *_doubt_signature(fields, algorithm),
            *((key.problem,) if key.problem else ()),
            *extensions.problems,
        ),
    )


def _doubt_signature(fields: _Fields, algorithm: SignatureAlgorithm) -> tuple[Problem, ...]:
    doubts = (
        (Problem.SIGNATURE_ALGORITHM_UNKNOWN, algorithm.kind is None),
        (Problem.SIGNATURE_ALGORITHMS_DIFFER, fields.algorithm.der != fields.inner_algorithm.der),
        (Problem.SIGNATURE_PARAMETERS, algorithm.stray_parameters),
        (Problem.SIGNATURE_HASH_WEAK, algorithm.hash in WEAK_HASHES),
    )
    return tuple(problem for problem, holds in doubts if holds)


def read_public_key(der: bytes, limits: Limits = DEFAULT_LIMITS) -> PublicKeyTypes:
    """The certificate's key, ready to check signatures with.

    Raises `DecodeError`: at stage `certificate` when the certificate cannot be split into its fields, at stage `key`
    with `PUBLIC_KEY_MALFORMED` (a point off its curve, for example) or `PUBLIC_KEY_UNSUPPORTED`.
    """
    return read_key(_split(der, limits).key)


def issued_by(certificate: bytes, issuer: bytes) -> bool:
    """True if the key of `issuer` made the signature of `certificate`, and made it strongly enough to count.

    Both are DER. Names, dates and the right to issue are the caller's to judge. Never raises.
    """
    return check_issued(certificate, issuer) is Issuance.HOLDS


def check_issued(certificate: bytes, issuer: bytes) -> Issuance:
    """As `issued_by`, told apart: a right signature with SHA-1 or a short RSA key is `WEAK`."""
    try:
        fields = _split(certificate, DEFAULT_LIMITS)
        key = read_key(_split(issuer, DEFAULT_LIMITS).key)
        algorithm = read_algorithm(fields.algorithm)
        signature, unused_bits = read_bits(fields.signature)
    except DecodeError:
        return Issuance.UNKNOWN
    if unused_bits or fields.algorithm.der != fields.inner_algorithm.der:
        return Issuance.FAILS
    return _judge(algorithm, key, signature, fields.signed.der)


def _judge(algorithm: SignatureAlgorithm, key: PublicKeyTypes, signature: bytes, signed: bytes) -> Issuance:
    holds = check_signature(algorithm, key, signature, signed)
    if holds is None:
        return Issuance.UNKNOWN
    if not holds:
        return Issuance.FAILS
    return Issuance.WEAK if is_weak(algorithm, key) else Issuance.HOLDS


def _split(der: bytes, limits: Limits) -> _Fields:
    if len(der) > limits.certificate_bytes:
        raise DecodeError(Stage.CERTIFICATE, Reason.CERTIFICATE_TOO_LARGE, limit=limits.certificate_bytes)
    parts = tuple(read_only(der, SEQUENCE).children())
    if len(parts) != 3:
        raise malformed(0, "certificate")
    signed, algorithm, signature = parts
    inner = list(expect(signed, SEQUENCE).children())
    version = 0
    if inner and inner[0].tag == _VERSION:
        version = read_integer(read_only(inner.pop(0).content, INTEGER))
    if len(inner) < 6:
        raise malformed(signed.start, "fields")
    serial, inner_algorithm, issuer, validity, subject, key, *rest = inner
    extensions = next((part for part in rest if part.tag == _EXTENSIONS), None)
    return _Fields(
        signed, version, serial, inner_algorithm, issuer, validity, subject, key, extensions, algorithm, signature
    )
