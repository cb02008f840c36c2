"""The structure of a signed message (CMS SignedData, RFC 5652 §5): read as it stands, nothing in it believed yet.

Written in BER or DER (`credential.wire.ber`). Exactly one signer is read; a message with more leaves open who
vouches for what. Everything that is not signed (attributes beside the signature, revocation lists, other sorts of
certificates) is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.ber import to_der
from credential.wire.der import (
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    Element,
    expect,
    malformed,
    read_integer,
    read_oid,
    read_only,
)
from credential.wire.der_write import set_of
from credential.wire.x509 import CertificateFacts, read_certificate
from credential.wire.x509_signature import SignatureAlgorithm, read_algorithm, read_hash

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
"""Content type of a message that carries plain bytes."""
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{arc}" for arc in (3, 4, 5))

_RSA = "1.2.840.113549.1.1.1"
_FIELD_0, _FIELD_1, _KEY_IDENTIFIER = 0xA0, 0xA1, 0x80
_VERSIONS = range(6)
_MAX_CERTIFICATES = 64
_ALGORITHM_BYTES = 512
"""Bytes of one AlgorithmIdentifier; the longest in use, RSA-PSS with everything written out, has 65."""
_MOST_PARTS = 32
"""Elements of one structure, signed attributes among them; those in use have ten at most."""


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """The one signer of a message, as it says itself (RFC 5652 §5.3)."""

    issuer_and_serial: tuple[bytes, int] | None
    """DER of the issuer's name, and the serial number, of the signer's certificate."""
    key_identifier: bytes | None
    """Or the subject key identifier of that certificate."""
    digest: str | None
    """`sha256` and so on; None for a hash that is not known here."""
    algorithm: SignatureAlgorithm
    attributes: Mapping[str, tuple[Element, ...]]
    """Signed attributes: values by dotted type. Empty when there are none."""
    signed: bytes
    """What the signature is over: the attributes as a SET OF in DER (§5.4)."""
    signature: bytes

    def is_meant(self, certificate: CertificateFacts) -> bool:
        """Whether this is the certificate that the signer names."""
        if self.issuer_and_serial is not None:
            return self.issuer_and_serial == (certificate.issuer_name, certificate.serial)
        return self.key_identifier == certificate.subject_key_identifier


@dataclass(frozen=True, slots=True)
class Message:
    """A signed message as it stands; `credential.wire.cms` says whether its signature holds."""

    content_type: str
    content: bytes | None
    """None for a detached signature."""
    certificates: tuple[bytes, ...]
    """DER, each one once, in the order of the message."""
    signer: SignerInfo

    def signer_certificates(self, limits: Limits = DEFAULT_LIMITS) -> tuple[bytes, ...]:
        """Those certificates of the message that the signer may mean: issuer and serial number can be shared.

        Raises `DecodeError` (`CMS_SIGNER_MISSING`) if there is none; one that cannot be read is none.
        """
        meant = tuple(der for der in self.certificates if self._is_meant(der, limits))
        if not meant:
            raise DecodeError(Stage.CMS, Reason.CMS_SIGNER_MISSING)
        return meant

    def _is_meant(self, der: bytes, limits: Limits) -> bool:
        try:
            return self.signer.is_meant(read_certificate(der, limits))
        except DecodeError:
            return False


def read_message(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """The signed message in these bytes.

    Raises `DecodeError` at stage `cms`: `CMS_TOO_LARGE`, `CMS_MALFORMED`, `CMS_SIGNERS` for more or fewer signers
    than one, `CMS_ATTRIBUTES` for attributes that contradict each other.
    """
    if len(data) > limits.cms_bytes:
        raise DecodeError(Stage.CMS, Reason.CMS_TOO_LARGE, size=len(data), limit=limits.cms_bytes)
    try:
        return _read_content_info(read_only(to_der(data), SEQUENCE))
    except DecodeError as error:
        if error.stage is Stage.CMS:
            raise
        raise DecodeError(Stage.CMS, Reason.CMS_MALFORMED, **error.detail) from error


def _few(element: Element) -> list[Element]:
    """The elements inside one that has few: nothing but its certificates and its content is long in a message."""
    parts = list(islice(element.children(), _MOST_PARTS + 1))
    if len(parts) > _MOST_PARTS:
        raise malformed(element.start, "parts")
    return parts


def _read_content_info(element: Element) -> Message:
    """`SEQUENCE { contentType, content [0] }` (§3)."""
    parts = _few(element)
    if len(parts) != 2 or read_oid(parts[0]) != SIGNED_DATA:
        raise malformed(element.start, "signed-data")
    return _read_signed_data(read_only(expect(parts[1], _FIELD_0).content, SEQUENCE))


def _read_signed_data(element: Element) -> Message:
    """`SEQUENCE { version, digestAlgorithms, encapContentInfo, [0] certificates, [1] crls, signerInfos }` (§5.1)."""
    parts = _few(element)
    if len(parts) < 4:
        raise malformed(element.start, "signed-data")
    _read_version(parts[0])
    expect(parts[1], SET)
    content_type, content = _read_encapsulated(expect(parts[2], SEQUENCE))
    signers = expect(parts[-1], SET)
    optional = {part.tag: part for part in parts[3:-1]}
    if len(optional) != len(parts) - 4 or not optional.keys() <= {_FIELD_0, _FIELD_1}:
        raise malformed(element.start, "signed-data")
    infos = _few(signers)
    if len(infos) != 1:
        raise DecodeError(Stage.CMS, Reason.CMS_SIGNERS, signers=len(infos))
    certificates = _read_certificates(optional[_FIELD_0]) if _FIELD_0 in optional else ()
    return Message(content_type, content, certificates, _read_signer(infos[0]))


def _read_version(element: Element) -> None:
    if read_integer(expect(element, INTEGER)) not in _VERSIONS:
        raise malformed(element.start, "version")


def _read_encapsulated(element: Element) -> tuple[str, bytes | None]:
    """`SEQUENCE { eContentType, [0] eContent OCTET STRING OPTIONAL }` (§5.2)."""
    parts = _few(element)
    if not 1 <= len(parts) <= 2:
        raise malformed(element.start, "content")
    content_type = read_oid(parts[0])
    if len(parts) == 1:
        return content_type, None
    return content_type, read_only(expect(parts[1], _FIELD_0).content, OCTET_STRING).content


def _read_certificates(element: Element) -> tuple[bytes, ...]:
    parts = list(islice(element.children(), _MAX_CERTIFICATES + 1))
    if len(parts) > _MAX_CERTIFICATES:
        raise malformed(element.start, "certificates")
    return tuple(dict.fromkeys(part.der for part in parts if part.tag == SEQUENCE))


def _read_signer(element: Element) -> SignerInfo:
    """`SEQUENCE { version, sid, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature, [1] … }` (§5.3)."""
    parts = _few(expect(element, SEQUENCE))
    if len(parts) > 4 and parts[-1].tag == _FIELD_1:
        parts.pop()  # attributes that nobody signed
    if not 5 <= len(parts) <= 6:
        raise malformed(element.start, "signer")
    attributes: Mapping[str, tuple[Element, ...]] = MappingProxyType({})
    signed = b""
    if len(parts) == 6:
        field = expect(parts.pop(3), _FIELD_0)
        attributes, signed = _read_attributes(field), set_of(part.der for part in _few(field))
    version, identifier, digest, algorithm, signature = parts
    _read_version(version)
    for part in (digest, algorithm):
        if part.end - part.start > _ALGORITHM_BYTES:
            raise malformed(part.start, "algorithm")
    hash_name = read_hash(expect(digest, SEQUENCE))
    issuer_and_serial, key_identifier = _read_identifier(identifier)
    return SignerInfo(
        issuer_and_serial=issuer_and_serial,
        key_identifier=key_identifier,
        digest=hash_name,
        algorithm=_read_signature_algorithm(algorithm, hash_name),
        attributes=attributes,
        signed=signed,
        signature=expect(signature, OCTET_STRING).content,
    )


def _read_identifier(element: Element) -> tuple[tuple[bytes, int] | None, bytes | None]:
    if element.tag == _KEY_IDENTIFIER:
        return None, element.content
    parts = _few(expect(element, SEQUENCE))
    if len(parts) != 2:
        raise malformed(element.start, "signer-identifier")
    return (expect(parts[0], SEQUENCE).der, read_integer(parts[1])), None


def _read_attributes(field: Element) -> Mapping[str, tuple[Element, ...]]:
    """`SET OF SEQUENCE { attrType, attrValues SET }`, every type once (§5.3, §11)."""
    found: dict[str, tuple[Element, ...]] = {}
    for attribute in _few(field):
        parts = _few(expect(attribute, SEQUENCE))
        if len(parts) != 2:
            raise malformed(attribute.start, "attribute")
        kind = read_oid(expect(parts[0], OID))
        if kind in found:
            raise DecodeError(Stage.CMS, Reason.CMS_ATTRIBUTES, attribute=kind)
        found[kind] = tuple(_few(expect(parts[1], SET)))
    return MappingProxyType(found)


def _read_signature_algorithm(element: Element, digest: str | None) -> SignatureAlgorithm:
    """As in certificates; a bare RSA key stands for PKCS #1 v1.5 with the message's own hash (RFC 3370 §3.2)."""
    parts = _few(expect(element, SEQUENCE))
    if parts and parts[0].tag == OID and read_oid(parts[0]) == _RSA:
        return SignatureAlgorithm("RSA", digest)
    return read_algorithm(element)
