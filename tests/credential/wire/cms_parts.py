"""Signed messages (CMS) put together by hand, so that each part can be left out, doubled or written wrongly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from credential.wire.der import read_element, read_only
from credential.wire.x509 import read_certificate
from tests.credential.wire.der_parts import integer, oid, sequence, tlv
from tests.pki import Authority, PrivateKey, SignerKey

DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
NULL = b"\x05\x00"
HASHES = {
    "sha1": ("1.3.14.3.2.26", hashes.SHA1()),  # noqa: S303 - to be refused
    "sha256": ("2.16.840.1.101.3.4.2.1", hashes.SHA256()),
    "sha384": ("2.16.840.1.101.3.4.2.2", hashes.SHA384()),
    "sha512": ("2.16.840.1.101.3.4.2.3", hashes.SHA512()),
}
ECDSA = {
    "sha1": "1.2.840.10045.4.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
RSA_ENCRYPTION, RSA_PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"


def hash_algorithm(name: str) -> bytes:
    """The AlgorithmIdentifier of a hash."""
    return sequence(oid(HASHES[name][0]), NULL)


def set_of(*parts: bytes) -> bytes:
    """A SET OF in DER's order."""
    return tlv(0x31, *sorted(parts))


def attribute(kind: str, *values: bytes) -> bytes:
    """One signed attribute."""
    return sequence(oid(kind), set_of(*values))


def pss_algorithm(name: str, mask: str | None = None, salt: int = 32) -> bytes:
    """RSASSA-PSS with these parameters."""
    mask_algorithm = sequence(oid("1.2.840.113549.1.1.8"), hash_algorithm(mask or name))
    return sequence(
        oid(RSA_PSS),
        sequence(tlv(0xA0, hash_algorithm(name)), tlv(0xA1, mask_algorithm), tlv(0xA2, integer(salt))),
    )


def sign(key: PrivateKey, name: str, message: bytes, *, pss: bool = False) -> bytes:
    """A signature over `message`."""
    digest = HASHES[name][1]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(digest))
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(digest), 32) if pss else padding.PKCS1v15()
    return key.sign(message, scheme, digest)


@dataclass
class Cms:
    """A message of one signer; change a part, then ask for `der`."""

    signer: SignerKey | Authority
    content: bytes = b"what was signed"
    digest: str = "sha256"
    attached: bytes | None = b"what was signed"
    """None for a detached signature."""
    content_type: str = DATA
    attributes: list[bytes] | None = None
    """Signed attributes; None for those that belong there."""
    signed_attributes: bool = True
    algorithm: bytes | None = None
    """Signature algorithm; None for the one that fits."""
    pss: bool = False
    certificates: list[bytes] | None = None
    unsigned: list[bytes] = field(default_factory=list)
    signers: int = 1
    version: int = 1
    crls: bytes = b""
    key_identifier: bytes | None = None
    """Names the signer's certificate by its key instead of by issuer and serial number."""
    digest_algorithm: str | None = None
    """What the signer says of the hash, if it is not the truth."""

    def info(self) -> bytes:
        """The SignerInfo."""
        facts = read_certificate(self.signer.certificate_der)
        identifier = sequence(facts.issuer_name, integer(facts.serial))
        if self.key_identifier is not None:
            identifier = tlv(0x80, self.key_identifier)
        signed = set_of(*self.the_attributes())
        message = signed if self.signed_attributes else self.content
        return sequence(
            integer(1),
            identifier,
            hash_algorithm(self.digest_algorithm or self.digest),
            tlv(0xA0, *self.the_attributes()) if self.signed_attributes else b"",
            self.algorithm or self.fitting_algorithm(),
            tlv(0x04, sign(self.signer.private_key, self.digest, message, pss=self.pss)),
            tlv(0xA1, *self.unsigned) if self.unsigned else b"",
        )

    def the_attributes(self) -> list[bytes]:
        """The signed attributes, in DER's order if they are not given."""
        if self.attributes is not None:
            return self.attributes
        digest = hashlib.new(self.digest, self.content).digest()
        return sorted([attribute(CONTENT_TYPE, oid(self.content_type)), attribute(MESSAGE_DIGEST, tlv(0x04, digest))])

    def fitting_algorithm(self) -> bytes:
        """The identifier of the signature that `info` makes."""
        if isinstance(self.signer.private_key, ec.EllipticCurvePrivateKey):
            return sequence(oid(ECDSA[self.digest]))
        return pss_algorithm(self.digest) if self.pss else sequence(oid(RSA_ENCRYPTION), NULL)

    def der(self) -> bytes:
        """The whole message."""
        carried = b"" if self.attached is None else tlv(0xA0, tlv(0x04, self.attached))
        certificates = [self.signer.certificate_der] if self.certificates is None else self.certificates
        body = sequence(
            integer(self.version),
            set_of(hash_algorithm(self.digest)),
            sequence(oid(self.content_type), carried),
            tlv(0xA0, *certificates) if certificates else b"",
            self.crls,
            tlv(0x31, *(self.info() for _ in range(self.signers))),
        )
        return sequence(oid(SIGNED_DATA), tlv(0xA0, body))


def to_ber(der: bytes, *, piece: int = 7) -> bytes:
    """The same message with indefinite lengths and octet strings in pieces; certificates and attributes stay."""
    kind, wrapped = children(der)
    (signed_data,) = children(wrapped)
    version, digests, encapsulated, *rest = children(signed_data)
    content_type, *content = children(encapsulated)
    pieces = [endless(0xA0, endless(0x24, *in_pieces(children(each)[0], piece))) for each in content]
    body = endless(0x30, version, digests, endless(0x30, content_type, *pieces), *rest)
    return endless(0x30, kind, endless(0xA0, body))


def endless(tag: int, *parts: bytes) -> bytes:
    """An element of indefinite length."""
    return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"


def in_pieces(string: bytes, size: int) -> list[bytes]:
    """An octet string as several."""
    content = read_only(string, 0x04).content
    return [tlv(0x04, content[at : at + size]) for at in range(0, len(content), size)]


def children(element: bytes) -> list[bytes]:
    """The elements inside one element."""
    return [child.der for child in read_element(element, 0, len(element)).children()]
