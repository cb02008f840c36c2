"""Certificates put together by hand, so that each field can be written wrongly."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ECDSA_SHA256 = "1.2.840.10045.4.3.2"
BASIC, KEY_USAGE, EXTENDED = "2.5.29.19", "2.5.29.15", "2.5.29.37"
SUBJECT_KEY, AUTHORITY_KEY, PRIVATE_KEY_USAGE = "2.5.29.14", "2.5.29.35", "2.5.29.16"
ALTERNATIVE_NAMES = "2.5.29.17"

PRIVATE_KEY = ec.derive_private_key(0x5EED, ec.SECP256R1())
PUBLIC_KEY = PRIVATE_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER element around `parts`."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return tlv(0x30, *parts)


def integer(value: int) -> bytes:
    """An INTEGER, as short as it can be."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for arc in (40 * first + second, *rest):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.insert(0, arc & 0x7F | 0x80)
        content += bytes(digits)
    return tlv(0x06, content)


def attribute(kind: str, value: bytes) -> bytes:
    """A relative name of one attribute; `value` is an element."""
    return tlv(0x31, sequence(oid(kind), value))


def name(country: str | None = "XA", common: str = "DSC") -> bytes:
    """A Name with C and CN."""
    parts = [attribute("2.5.4.3", tlv(0x0C, common.encode()))]
    if country is not None:
        parts.insert(0, attribute("2.5.4.6", tlv(0x13, country.encode())))
    return sequence(*parts)


def extension(kind: str, value: bytes, *, critical: bool = False) -> bytes:
    """One extension; `value` is what its OCTET STRING holds."""
    return sequence(oid(kind), *((tlv(0x01, b"\xff"),) if critical else ()), tlv(0x04, value))


def utc(text: str) -> bytes:
    """A UTCTime."""
    return tlv(0x17, text.encode())


def generalized(text: str) -> bytes:
    """A GeneralizedTime."""
    return tlv(0x18, text.encode())


@dataclass
class Parts:
    """The fields of a certificate in their order; change one, then ask for `der`."""

    version: bytes = tlv(0xA0, integer(2))
    serial: bytes = integer(1)
    inner_algorithm: bytes | None = None
    algorithm: bytes = sequence(oid(ECDSA_SHA256))
    issuer: bytes = name(common="SCA")
    validity: bytes = sequence(utc("260101000000Z"), utc("280101000000Z"))
    subject: bytes = name()
    key: bytes = PUBLIC_KEY
    extensions: list[bytes] = field(default_factory=list)
    after_extensions: bytes = b""

    def der(self) -> bytes:
        """The certificate, signed with this module's key and ECDSA-SHA256 whatever its algorithm says."""
        extensions = tlv(0xA3, sequence(*self.extensions)) if self.extensions else b""
        signed = sequence(
            self.version,
            self.serial,
            self.inner_algorithm or self.algorithm,
            self.issuer,
            self.validity,
            self.subject,
            self.key,
            extensions,
            self.after_extensions,
        )
        signature = PRIVATE_KEY.sign(signed, ec.ECDSA(hashes.SHA256()))
        return sequence(signed, self.algorithm, tlv(0x03, b"\0", signature))
