"""Certificates with one thing about them that an examination should see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.pki import END, START, Authority

SubjectKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

_NAMES = {
    "C": NameOID.COUNTRY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
}
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def issue(
    authority: Authority,
    *,
    subject: Mapping[str, str] | None = None,
    usages: tuple[str, ...] | None = ("digital_signature",),
    key: SubjectKey | None = None,
    start: datetime = START,
    end: datetime = END,
    private_key_end: datetime | None = None,
) -> bytes:
    """A certificate of this authority's, in DER; `usages` None leaves key usage out."""
    private = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(_NAMES[kind], text) for kind, text in _subject(authority, subject).items()])
    builder = x509.CertificateBuilder(
        authority.certificate.subject, name, private.public_key(), x509.random_serial_number(), start, end
    )
    if usages is not None:
        builder = builder.add_extension(x509.KeyUsage(**{usage: usage in usages for usage in _USAGES}), critical=True)
    if private_key_end is not None:
        period = x509.PrivateKeyUsagePeriod(start.replace(tzinfo=None), private_key_end.replace(tzinfo=None))
        builder = builder.add_extension(period, critical=False)
    return builder.sign(authority.private_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _subject(authority: Authority, subject: Mapping[str, str] | None) -> Mapping[str, str]:
    return {"C": authority.country, "CN": "Signer"} if subject is None else subject
