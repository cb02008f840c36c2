"""What a DSC allows its holder to sign: country, dates, kinds of certificate (RFC 5280 and the GDHCN template DSC).

Read once for each certificate and remembered, since an issuer signs thousands of credentials under one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache

from cryptography import x509

from credential.errors import DecodeError, Stage
from credential.wire.algorithms import PublicKey
from credential.wire.x509 import CertificateFacts, read_certificate, read_public_key
from issuer.errors import IssueError, IssueReason


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """The facts of one certificate that issuing asks for. Times are whole seconds since 1970, UTC."""

    facts: CertificateFacts
    public_key: PublicKey
    key_use_ends: int | None
    """Last second in which the private key may sign (privateKeyUsagePeriod, RFC 3280 §4.2.1.4); None when not said."""


@lru_cache(maxsize=256)
def read_signing_certificate(der: bytes) -> SigningCertificate:
    """The facts of a DER certificate. Raises IssueError (stage CERTIFICATE)."""
    try:
        return SigningCertificate(read_certificate(der), read_public_key(der), _key_use_ends(der))
    except DecodeError as error:
        raise IssueError(Stage.CERTIFICATE, IssueReason.CERTIFICATE_UNREADABLE) from error


def _key_use_ends(der: bytes) -> int | None:
    # `extensions` raises ValueError on certificates with one malformed extension, and such real ones exist.
    try:
        extensions = x509.load_der_x509_certificate(der).extensions
        end = extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value.not_after
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return None
    if end is None:
        return None
    # `cryptography` reads the time, which is UTC by RFC 5280, without a zone.
    return int((end if end.tzinfo else end.replace(tzinfo=UTC)).timestamp())
