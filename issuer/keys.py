"""Keys and certificates of a participant: its signing authority (SCA) and its document signers (DSC).

The GDHCN certificate templates in code (WHO smart-trust, "Certificate governance"; profile of RFC 5280):

| | SCA | DSC |
|---|---|---|
| issued by | itself | the SCA |
| subject | C, CN, perhaps O | the same C, CN, perhaps O |
| key usage | keyCertSign, cRLSign | digitalSignature |
| basic constraints | CA, path length 0 | none |
| key identifiers | SKI | SKI, AKI = SKI of the SCA |
| extended key usage | none | the kinds of certificate it may sign; none = no restriction |
| in force | 4 years | 2 years, and never beyond its SCA (shell model) |
| private key used | 1 year | 6 months |

How long a private key is used stands in the certificate itself, as privateKeyUsagePeriod (RFC 3280 §4.2.1.4, which
ICAO Doc 9303-12 keeps for the same two roles), and is kept here and in `issue`. Nothing here reads a clock or a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from credential.errors import Stage
from issuer.errors import IssueError, IssueReason
from issuer.private_key import RSA_MINIMUM_EXPONENT, PrivateKey, PublicKey, check_key, check_public_key
from issuer.signer import require_same_key
from issuer.signing_certificate import SigningCertificate, read_signing_certificate
from issuer.subject import Subject, subject_of
from issuer.times import epoch_seconds, in_range, utc, whole_seconds

SCA_LIFE: Final = timedelta(days=1461)
SCA_KEY_USE: Final = timedelta(days=365)
DSC_LIFE: Final = timedelta(days=730)
DSC_KEY_USE: Final = timedelta(days=183)

_NO_KEY_USAGE: Final = dict.fromkeys(
    (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    ),
    False,
)  # fmt: skip
_SCA_KEY_USAGE: Final = x509.KeyUsage(**{**_NO_KEY_USAGE, "key_cert_sign": True, "crl_sign": True})
_DSC_KEY_USAGE: Final = x509.KeyUsage(**{**_NO_KEY_USAGE, "digital_signature": True})


class KeyKind(StrEnum):
    """Kinds of private key that participants make."""

    P256 = "p-256"
    RSA3072 = "rsa-3072"


_GENERATE: Final[Mapping[KeyKind, Callable[[], PrivateKey]]] = MappingProxyType(
    {
        KeyKind.P256: lambda: ec.generate_private_key(ec.SECP256R1()),
        KeyKind.RSA3072: lambda: rsa.generate_private_key(RSA_MINIMUM_EXPONENT, 3072),
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """A certificate signing request whose own signature holds: the sender has the private key."""

    subject: Subject
    public_key: PublicKey


def new_private_key(kind: KeyKind = KeyKind.P256) -> PrivateKey:
    """A new key from the operating system's randomness. P-256 signs as ES256, RSA as PS256."""
    return _GENERATE[kind]()


def create_sca(
    subject: Subject,
    *,
    key: PrivateKey,
    at: datetime,
    life: timedelta = SCA_LIFE,
    key_use: timedelta = SCA_KEY_USE,
) -> bytes:
    """A self-signed SCA certificate (DER), in force from the second of `at`.

    Raises IssueError: stage KEY for a weak key, stage CERTIFICATE for dates that make no sense.
    """
    check_key(key)
    period = _Period.starting(at, life, key_use)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        _builder(subject.to_name(), subject.to_name(), key.public_key(), period)
        .add_extension(_SCA_KEY_USAGE, critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
    )
    return _signed(builder, key)


def create_dsc(  # noqa: PLR0913 - the facts of a certificate, each by name
    subject: Subject,
    *,
    public_key: PublicKey,
    sca: bytes,
    sca_key: PrivateKey,
    at: datetime,
    life: timedelta | None = None,
    key_use: timedelta = DSC_KEY_USE,
    usages: Collection[str] = (),
) -> bytes:
    """A document signer certificate (DER) under the authority `sca` (DER), in force from the second of `at`.

    `life` None means two years, or as long as the SCA lasts if that is shorter; a longer `life` that is asked for is
    refused, not shortened. `usages` are dotted OIDs for the extended key usage, such as those of `credential.usage`;
    none leaves the DSC unrestricted.

    Raises IssueError: stage KEY for weak or mismatched keys, stage CERTIFICATE for an SCA that may not issue this.
    """
    check_public_key(public_key)
    authority = read_signing_certificate(sca)
    require_same_key(sca, sca_key)
    _require_authority(authority, subject, epoch_seconds(at, Stage.CERTIFICATE))
    period = _within(authority, at, life, key_use)
    issuer = x509.load_der_x509_certificate(sca)
    builder = (
        _builder(subject.to_name(), issuer.subject, public_key, period)
        .add_extension(_DSC_KEY_USAGE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_authority_key_identifier(authority, issuer), critical=False)
    )
    if usages:
        builder = builder.add_extension(_purposes(usages), critical=False)
    return _signed(builder, sca_key)


def create_request(subject: Subject, *, key: PrivateKey) -> bytes:
    """A certificate signing request (PKCS#10, RFC 2986) in DER, for an authority that is kept elsewhere."""
    check_key(key)
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject.to_name())
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def read_request(data: bytes) -> Request:
    """The request in DER or PEM.

    Raises IssueError: stage CERTIFICATE when it cannot be read, its signature does not hold or its subject is not
    C, CN and perhaps O; stage KEY when its key is too weak. Extensions it asks for are not looked at: the authority
    decides.
    """
    load = x509.load_pem_x509_csr if b"-----BEGIN" in data else x509.load_der_x509_csr
    try:
        request = load(data)
        signed, key, subject = request.is_signature_valid, request.public_key(), request.subject
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise IssueError(Stage.CERTIFICATE, IssueReason.REQUEST_UNREADABLE) from error
    if not signed:
        raise IssueError(Stage.CERTIFICATE, IssueReason.REQUEST_SIGNATURE_INVALID)
    return Request(subject_of(subject), check_public_key(key))


@dataclass(frozen=True, slots=True)
class _Period:
    """From when to when, in whole seconds since 1970, both included."""

    start: int
    end: int
    key_use_end: int

    @classmethod
    def starting(cls, at: datetime, life: timedelta, key_use: timedelta) -> _Period:
        start = epoch_seconds(at, Stage.CERTIFICATE)
        if min(whole_seconds(life), whole_seconds(key_use)) < 1:
            raise IssueError(Stage.CERTIFICATE, IssueReason.LIFE_NOT_POSITIVE)
        end = in_range(start + whole_seconds(life), Stage.CERTIFICATE)
        return cls(start, end, min(end, start + whole_seconds(key_use)))


def _within(authority: SigningCertificate, at: datetime, life: timedelta | None, key_use: timedelta) -> _Period:
    """The shell model: a DSC ends no later than its SCA."""
    latest = authority.facts.not_after
    left = timedelta(seconds=latest - epoch_seconds(at, Stage.CERTIFICATE))
    period = _Period.starting(at, min(DSC_LIFE, left) if life is None else life, key_use)
    if period.end > latest:
        raise IssueError(Stage.CERTIFICATE, IssueReason.OUTLIVES_SCA, latest=utc(latest).isoformat())
    return period


def _require_authority(authority: SigningCertificate, subject: Subject, at: int) -> None:
    facts = authority.facts
    if not facts.is_ca or (facts.key_usage is not None and "keyCertSign" not in facts.key_usage):
        raise IssueError(Stage.CERTIFICATE, IssueReason.SCA_NOT_AN_AUTHORITY)
    if facts.country != subject.country:
        raise IssueError(
            Stage.CERTIFICATE, IssueReason.SCA_OTHER_COUNTRY, country=subject.country, sca_country=facts.country
        )
    if at < facts.not_before:
        raise IssueError(Stage.CERTIFICATE, IssueReason.SCA_NOT_YET_VALID, not_before=utc(facts.not_before).isoformat())
    if at >= facts.not_after:
        raise IssueError(Stage.CERTIFICATE, IssueReason.SCA_EXPIRED, not_after=utc(facts.not_after).isoformat())
    retired = authority.key_use_ends
    if retired is not None and at > retired:
        raise IssueError(Stage.CERTIFICATE, IssueReason.SCA_KEY_RETIRED, key_use_ended=utc(retired).isoformat())


def _purposes(usages: Collection[str]) -> x509.ExtendedKeyUsage:
    try:
        return x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in usages])
    except ValueError as error:
        raise IssueError(Stage.CERTIFICATE, IssueReason.USAGE_MALFORMED) from error


def _authority_key_identifier(authority: SigningCertificate, issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = authority.facts.subject_key_identifier
    if identifier is None:  # an SCA made elsewhere without the extension; RFC 5280 §4.2.1.1 then hashes its key
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(check_public_key(issuer.public_key()))
    return x509.AuthorityKeyIdentifier(identifier, None, None)


def _builder(subject: x509.Name, issuer: x509.Name, public_key: PublicKey, period: _Period) -> x509.CertificateBuilder:
    key_use = x509.PrivateKeyUsagePeriod(utc(period.start), utc(period.key_use_end))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(utc(period.start))
        .not_valid_after(utc(period.end))
        .add_extension(key_use, critical=False)
    )


def _signed(builder: x509.CertificateBuilder, key: PrivateKey) -> bytes:
    # The governance page prefers PSS among the RSA signatures.
    pss = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH) if isinstance(key, rsa.RSAPrivateKey) else None
    return builder.sign(key, SHA256(), rsa_padding=pss).public_bytes(Encoding.DER)
