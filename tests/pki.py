"""Certificates and keys for tests, made in a moment: an authority (SCA) and the signers (DSC) it issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from credential.wire.x509 import kid_of

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KeyKind: TypeAlias = Literal["P-256", "P-384", "RSA", "RSA-1024"]

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
SCA_END = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A DSC with its private key; `kid` is HCERT's."""

    certificate_der: bytes
    private_key: PrivateKey
    kid: bytes


@dataclass(frozen=True, slots=True)
class Authority:
    """An SCA that can issue DSCs."""

    certificate_der: bytes
    private_key: PrivateKey
    country: str

    @property
    def certificate(self) -> x509.Certificate:
        """The same certificate, parsed."""
        return x509.load_der_x509_certificate(self.certificate_der)

    @property
    def kid(self) -> bytes:
        """HCERT's key identifier of the SCA itself."""
        return kid_of(self.certificate_der)

    def issue_signer(
        self,
        eku: Sequence[str] = (),
        *,
        not_before: datetime = START,
        not_after: datetime = END,
        key: KeyKind = "P-256",
        country: str | None = None,
        name: str = "Signer",
        is_ca: bool = False,
        identifiers: bool = True,
        digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None = None,
    ) -> SignerKey:
        """A DSC with the extended key usages `eku` (dotted OIDs); without `identifiers` it has no SKI and no AKI."""
        private = make_key(key)
        builder = _builder(_name(country or self.country, name), not_before, not_after, private)
        builder = builder.issuer_name(self.certificate.subject)
        if is_ca:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        if eku:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in eku]), critical=False
            )
        if identifiers:
            builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
            builder = builder.add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.private_key.public_key()), critical=False
            )
        builder = builder.add_extension(_usage(signs_certificates=is_ca), critical=True)
        der = builder.sign(self.private_key, digest or hashes.SHA256()).public_bytes(Encoding.DER)
        return SignerKey(der, private, kid_of(der))


def make_authority(
    country: str = "XA",
    *,
    not_before: datetime = START,
    not_after: datetime = SCA_END,
    key: KeyKind = "P-256",
    private_key: PrivateKey | None = None,
    name: str = "SCA",
    identifiers: bool = True,
) -> Authority:
    """A self-signed SCA of `country`; `private_key` renews an older one with the same key and name."""
    private = private_key or make_key(key)
    subject = _name(country, name)
    builder = _builder(subject, not_before, not_after, private).issuer_name(subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    if identifiers:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
    der = builder.sign(private, hashes.SHA256()).public_bytes(Encoding.DER)
    return Authority(der, private, country)


def self_signed(private: CertificateIssuerPrivateKeyTypes, rsa_padding: padding.PSS | None = None) -> bytes:
    """The DER of a self-signed certificate without extensions, of any kind of key."""
    digest = None if isinstance(private, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else hashes.SHA256()
    builder = x509.CertificateBuilder(_name("XA", "Alone"), _name("XA", "Alone"), private.public_key(), 1, START, END)
    return builder.sign(private, digest, rsa_padding=rsa_padding).public_bytes(Encoding.DER)


def make_key(kind: KeyKind) -> PrivateKey:
    """A fresh EC key, or the test run's one RSA key of that size: making RSA keys is slow."""
    if kind == "P-256":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "P-384":
        return ec.generate_private_key(ec.SECP384R1())
    return _rsa_key(2048 if kind == "RSA" else 1024)


@cache
def _rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def _name(country: str, name: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, country)] if country else []
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, start: datetime, end: datetime, private: PrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
