"""Keys, certificates and signed lists of the vectors, the same bytes each time: scalars, serials and dates are fixed.

The keys are public knowledge. They sign nothing but test vectors.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from credential.usage import OID_OF
from credential.wire.x509 import kid_of
from trustlist import KeyUsage, ListEntry, build_document, encode_document, sign_document
from trustlist.jwk import write_jwk

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START, END, SCA_END = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2028, 2030))
DAY = timedelta(days=1)
PublicKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
SIGNER_ID = "did:web:trust.example:signer"


def key(name: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key that everybody can derive from its name."""
    scalar = int.from_bytes(hashlib.sha256(f"pratique vector key: {name}".encode()).digest(), "big")
    return ec.derive_private_key(scalar >> 1, ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class Certified:
    """A key with its certificate."""

    name: str
    private_key: ec.EllipticCurvePrivateKey
    certificate_der: bytes

    @property
    def kid(self) -> bytes:
        """HCERT's key identifier."""
        return kid_of(self.certificate_der)


def authority(country: str, name: str, end: datetime = SCA_END) -> Certified:
    """A self-signed SCA."""
    own = key(name)
    subject = _name(country, name)
    builder = _builder(subject, subject, own.public_key(), START, end)
    builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
    return Certified(name, own, _signed(builder, own))


def signer(
    country: str,
    name: str,
    under: Certified,
    groups: tuple[str, ...] = (),
    *,
    start: datetime = START,
    end: datetime = END,
    public_key: PublicKey | None = None,
) -> Certified:
    """A DSC under an SCA; a `public_key` of another kind is one that nothing is signed with."""
    own = key(name)
    issuer = x509.load_der_x509_certificate(under.certificate_der).subject
    builder = _builder(_name(country, name), issuer, public_key or own.public_key(), start, end).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(under.private_key.public_key()), critical=False
    )
    if groups:
        purposes = [x509.ObjectIdentifier(OID_OF[group]) for group in groups]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Certified(name, own, _signed(builder, under.private_key))


def trust_list(did: str, entries: list[tuple[Certified, Certified | None, str, str]], created: datetime) -> bytes:
    """A signed list: key, its SCA (None for an SCA itself), participant, domain."""
    listed = [
        ListEntry(
            one.kid,
            (one.certificate_der,) if above is None else (one.certificate_der, above.certificate_der),
            participant,
            domain,
            KeyUsage.SCA if above is None else KeyUsage.DSC,
            one.name,
        )
        for one, above, participant, domain in entries
    ]
    document = build_document(did, listed)
    own = key("list signer")
    return encode_document(
        sign_document(document, sign=own, verification_method=SIGNER_ID, created=created, nonce="vector")
    )


def list_key() -> dict[str, object]:
    """The list signer's DID document."""
    written = write_jwk(key("list signer").public_key(), kid="", certificates=())
    jwk = {name: value for name, value in written.items() if name in {"kty", "crv", "x", "y"}}
    method = {"id": SIGNER_ID, "type": "JsonWebKey2020", "controller": SIGNER_ID, "publicKeyJwk": jwk}
    return {"id": SIGNER_ID, "verificationMethod": [method]}


def list_key_bytes() -> bytes:
    """The same as a file."""
    return json.dumps(list_key()).encode()


def _name(country: str, name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: PublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    serial = int.from_bytes(hashlib.sha256(subject.rfc4514_string().encode()).digest()[:15], "big")
    return x509.CertificateBuilder(issuer, subject, public_key, serial, start, end).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False
    )


def _signed(builder: x509.CertificateBuilder, own: ec.EllipticCurvePrivateKey) -> bytes:
    return builder.sign(own, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)
