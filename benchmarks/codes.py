"""5,000 distinct EU DCCs signed by 50 signers, as the verifier's benchmark reads them. Made anew each time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from credential.wire import algorithms, cose, cwt, hcert
from credential.wire.algorithms import Algorithm

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with a self-signed certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: bytes
    kid: bytes


def make_signer(number: int) -> Signer:
    """One P-256 signer, valid around `NOW`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "XA"), x509.NameAttribute(NameOID.COMMON_NAME, f"DSC {number}")]
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), number + 1)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=700))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    return Signer(key, certificate, hashlib.sha256(certificate).digest()[:8])


def claims_of(number: int) -> bytes:
    """The signed claims of one vaccination certificate, of the size that real ones have (about 325 bytes)."""
    dcc = {
        "ver": "1.3.0",
        "nam": {"fn": f"Okoye-Lind {number}", "fnt": "OKOYE<LIND", "gn": "Mara Adaeze", "gnt": "MARA<ADAEZE"},
        "dob": "1987-04-02",
        "v": [
            {
                "tg": "840539006",
                "vp": "1119349007",
                "mp": "EU/1/20/1528",
                "ma": "ORG-100030215",
                "dn": 2,
                "sd": 2,
                "dt": "2026-02-11",
                "co": "XA",
                "is": "Ministry of Health XA",
                "ci": f"URN:UVCI:01:XA:{number:024X}",
            }
        ],
    }
    now = int(NOW.timestamp())
    return cwt.encode_claims(issuer="XA", issued=now - 86_400, expires=now + 86_400 * 180, hcert={1: dcc})


def sign_code(signer: Signer, payload: bytes) -> tuple[str, bytes, bytes]:
    """The QR text, the raw signature, and what it signs."""
    protected = cose.protected_header(Algorithm.ES256, signer.kid)
    message = cose.to_be_signed(protected, payload)
    signature = algorithms.sign(Algorithm.ES256, signer.key, message)
    return hcert.encode(cose.encode_sign1(protected, payload, signature)), signature, message


def make_codes(signers: list[Signer], count: int) -> Iterator[tuple[str, bytes, bytes, Signer]]:
    """`count` codes, the signers taking turns."""
    for number in range(count):
        signer = signers[number % len(signers)]
        yield (*sign_code(signer, claims_of(number)), signer)
