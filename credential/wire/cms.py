"""Signed messages (CMS SignedData, RFC 5652) between participants and the network's gateway: verify and make them.

Participants upload certificates as such messages, and the trust anchor signs participants' certificates with them.
What is believed is narrow, whatever else the format allows:

- one signer, and a certificate that the caller has pinned by its SHA-256 fingerprint; names and serial numbers count
  for nothing (WHO's three trust anchors share both);
- signed attributes are there, each type once; contentType and messageDigest have one value each, and fit;
- the digest is over the content that the caller asks about, never just over whatever the message carries;
- SHA-256, SHA-384 or SHA-512, the same for digest and signature; ECDSA, RSA PKCS #1 v1.5 or PSS of 2048 bits at least.

A signature straight over the content (no signed attributes) is refused: the attributes of another message could be
passed off as such content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.cms_message import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SIGNING_TIME,
    Message,
    SignerInfo,
    read_message,
)
from credential.wire.cms_sign import sign_cms
from credential.wire.der import OCTET_STRING, Element, expect, read_oid
from credential.wire.x509 import read_public_key
from credential.wire.x509_key import EC_BITS, RSA_BITS
from credential.wire.x509_signature import check_signature
from credential.wire.x509_time import read_time

__all__ = ["DATA", "SignedData", "fingerprint", "read_message", "sign_cms", "verify_cms", "verify_message"]

_HASHES = frozenset({"sha256", "sha384", "sha512"})
_KINDS = frozenset({"EC", "RSA", "RSA-PSS"})


@dataclass(frozen=True, slots=True)
class SignedData:
    """What was signed, and by whom, once the signature holds."""

    content: bytes
    signer_certificate: bytes
    """DER; its fingerprint is one of those that were asked for."""
    digest: str
    """`sha256`, `sha384` or `sha512`."""
    attached: bool
    """Whether the message carried the content itself."""
    signing_time: int | None
    """Epoch seconds, as the signer states it; nobody else vouches for it."""


def fingerprint(certificate: bytes) -> bytes:
    """SHA-256 over the DER of a certificate: how certificates are pinned."""
    return hashlib.sha256(certificate).digest()


def verify_cms(
    data: bytes,
    *,
    pinned: Collection[bytes],
    content: bytes | None = None,
    content_type: str = DATA,
    limits: Limits = DEFAULT_LIMITS,
) -> SignedData:
    """The message in `data` (BER or DER), once its signature holds.

    `pinned` are the fingerprints of those certificates that may sign it. `content` is what must have been signed; it
    may be left out for a message that carries its content. Raises `DecodeError` at stage `cms`, a `CMS_…` reason for
    the message, `ALGORITHM_UNSUPPORTED`, `KEY_TOO_WEAK`, `KEY_ALGORITHM_MISMATCH` or `SIGNATURE_INVALID` for the
    signature, or the reason why the signer's certificate cannot be used.
    """
    return verify_message(
        read_message(data, limits), pinned=pinned, content=content, content_type=content_type, limits=limits
    )


def verify_message(
    message: Message,
    *,
    pinned: Collection[bytes],
    content: bytes | None = None,
    content_type: str = DATA,
    limits: Limits = DEFAULT_LIMITS,
) -> SignedData:
    """As `verify_cms`, for a message that was read already."""
    if message.content_type != content_type:
        raise DecodeError(Stage.CMS, Reason.CMS_CONTENT_TYPE)
    certificate = _choose_certificate(message, pinned, limits)
    signed = _choose_content(message, content)
    digest = _require_algorithms(message.signer)
    _require_attributes(message.signer, content_type, hashlib.new(digest, signed).digest())
    _require_signature(message.signer, read_public_key(certificate, limits))
    return SignedData(
        content=signed,
        signer_certificate=certificate,
        digest=digest,
        attached=message.content is not None,
        signing_time=_read_signing_time(message.signer),
    )


def _choose_certificate(message: Message, pinned: Collection[bytes], limits: Limits) -> bytes:
    for certificate in message.signer_certificates(limits):
        if fingerprint(certificate) in pinned:
            return certificate
    raise DecodeError(Stage.CMS, Reason.CMS_SIGNER_UNKNOWN)


def _choose_content(message: Message, expected: bytes | None) -> bytes:
    if expected is None:
        if message.content is None:
            raise DecodeError(Stage.CMS, Reason.CMS_CONTENT_MISSING)
        return message.content
    if message.content not in {None, expected}:
        raise DecodeError(Stage.CMS, Reason.CMS_CONTENT_DIFFERS)
    return expected


def _require_algorithms(signer: SignerInfo) -> str:
    """The hash of the message; digest and signature must agree on it (RFC 5754 §3, RFC 4056 §3)."""
    algorithm = signer.algorithm
    wanted = {signer.digest, algorithm.hash}
    if algorithm.kind == "RSA-PSS":
        wanted.add(algorithm.mask_hash)
    if signer.digest not in _HASHES or len(wanted) != 1 or algorithm.kind not in _KINDS:
        raise DecodeError(Stage.CMS, Reason.ALGORITHM_UNSUPPORTED, algorithm=algorithm.kind, digest=signer.digest)
    return signer.digest


def _require_attributes(signer: SignerInfo, content_type: str, digest: bytes) -> None:
    kind = _attribute(signer, CONTENT_TYPE)
    stated = _attribute(signer, MESSAGE_DIGEST)
    try:
        fits = read_oid(kind) == content_type
        stated_digest = expect(stated, OCTET_STRING).content
    except DecodeError as error:
        raise DecodeError(Stage.CMS, Reason.CMS_MALFORMED, **error.detail) from error
    if not fits:
        raise DecodeError(Stage.CMS, Reason.CMS_ATTRIBUTES, attribute=CONTENT_TYPE)
    if stated_digest != digest:
        raise DecodeError(Stage.CMS, Reason.CMS_DIGEST_DIFFERS)


def _attribute(signer: SignerInfo, kind: str) -> Element:
    values = signer.attributes.get(kind, ())
    if len(values) != 1:
        raise DecodeError(Stage.CMS, Reason.CMS_ATTRIBUTES, attribute=kind)
    return values[0]


def _require_signature(signer: SignerInfo, key: PublicKeyTypes) -> None:
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        least = RSA_BITS if isinstance(key, rsa.RSAPublicKey) else EC_BITS
        if key.key_size < least:
            raise DecodeError(Stage.CMS, Reason.KEY_TOO_WEAK, bits=key.key_size)
    holds = check_signature(signer.algorithm, key, signer.signature, signer.signed)
    if holds is None:
        raise DecodeError(Stage.CMS, Reason.KEY_ALGORITHM_MISMATCH, algorithm=signer.algorithm.kind)
    if not holds:
        raise DecodeError(Stage.CMS, Reason.SIGNATURE_INVALID)


def _read_signing_time(signer: SignerInfo) -> int | None:
    """The signer's own statement; one that cannot be read is none, it decides nothing."""
    if SIGNING_TIME not in signer.attributes:
        return None
    try:
        return read_time(_attribute(signer, SIGNING_TIME))
    except DecodeError:
        return None
