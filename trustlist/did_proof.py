"""The proof of a GDHCN DID document: check it with a pinned key, and make it.

JsonWebSignature2020 (https://w3c-ccg.github.io/lds-jws2020/) over two hashes, proof options first, in a detached JWS
with `b64: false` (RFC 7797). Against RFC 7518 §3.4 the network's signer writes the ECDSA value in DER, never as raw
r and s: DER is what is written here, and all that is accepted, so that one list has one reading.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from credential.errors import DecodeError, Stage
from credential.wire import json_text
from trustlist.did_canonical import document_quads, options_quads
from trustlist.did_shape import (
    PROOF_PURPOSE,
    PROOF_TYPE,
    ProofOptions,
    WrittenDocument,
    read_body,
    read_method_id,
    read_options,
    require_object,
)
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment

SignFunction: TypeAlias = Callable[[bytes], bytes]
"""ECDSA with SHA-256 over the whole message; gives the signature in DER."""

_HEADER = base64.urlsafe_b64encode(b'{"b64":false,"crit":["b64"],"alg":"ES256"}').decode("ascii")
_HEADER_BYTES = 256
_JWS = re.compile(r"([A-Za-z0-9_-]{1,512})\.\.([A-Za-z0-9_-]{1,512})")
_CREATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")
_DER_SEQUENCE = 0x30
_ECDSA = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """The one key whose proof a list is believed for, and the environment it speaks for; chosen by configuration."""

    verification_method: str
    """The DID of the key, with or without a fragment, as the proofs name it."""
    environment: Environment
    public_key: ec.EllipticCurvePublicKey
    """P-256."""

    def __post_init__(self) -> None:
        if not isinstance(self.public_key.curve, ec.SECP256R1):
            raise TrustListError(ListReason.PINNED_KEY_KIND, curve=self.public_key.curve.name)
        read_method_id(self.verification_method, at="pinned key")


def same_method(one: str, other: str) -> bool:
    """Whether two key identifiers mean the same; published keys carry their DID with no fragment."""
    if "#" in one and "#" in other:
        return one == other
    return one.partition("#")[0] == other.partition("#")[0]


def verify_proof(document: Mapping[str, object], key: PinnedKey) -> datetime:
    """When the list was signed (UTC), once its proof holds under the pinned key.

    Raises `TrustListError`: `PROOF_INVALID` if the signature does not match, another `PROOF_…` or `DOCUMENT_…`
    reason for a proof or a document that is not in the one accepted form.
    """
    members = dict(document)
    if "proof" not in members:
        raise TrustListError(ListReason.DOCUMENT_SHAPE, at="document")
    proof = require_object(members.pop("proof"), at="proof")
    return verify_written(read_body(members), proof, key)


def verify_written(document: WrittenDocument, proof: Mapping[str, object], key: PinnedKey) -> datetime:
    """As `verify_proof`, for a document whose shape was read already."""
    options = read_options(proof)
    if not same_method(options.verification_method, key.verification_method):
        raise TrustListError(ListReason.PROOF_SIGNER_UNEXPECTED)
    created = read_created(options.created)
    header, signature = _split_jws(proof["jws"])
    try:
        key.public_key.verify(signature, _signing_input(header, options, document), _ECDSA)
    except InvalidSignature as error:
        raise TrustListError(ListReason.PROOF_INVALID) from error
    return created


def sign_document(
    document: Mapping[str, object],
    *,
    sign: SignFunction | ec.EllipticCurvePrivateKey,
    verification_method: str,
    created: datetime,
    nonce: str,
) -> dict[str, Any]:
    """The document with its proof; the same input gives the same proof (RFC 6979) when `sign` is a private key.

    `created` is timezone-aware and written in whole seconds, UTC. `nonce` is fresh text of the caller's, for example
    32 letters and digits. A `proof` that is there already is replaced. Raises `TrustListError` for a document that
    `verify_proof` would not read.
    """
    body = {name: value for name, value in document.items() if name != "proof"}
    proof: dict[str, object] = {
        "type": PROOF_TYPE,
        "created": _write_created(created),
        "nonce": nonce,
        "proofPurpose": PROOF_PURPOSE,
        "verificationMethod": verification_method,
        "jws": "",
    }
    message = _signing_input(_HEADER, read_options(proof), read_body(body))
    signature = _sign_with(sign, message)
    proof["jws"] = f"{_HEADER}..{base64.urlsafe_b64encode(signature).rstrip(b'=').decode('ascii')}"
    return {**body, "proof": proof}


def _signing_input(header: str, options: ProofOptions, document: WrittenDocument) -> bytes:
    digests = (hashlib.sha256(quads).digest() for quads in (options_quads(options), document_quads(document)))
    return header.encode("ascii") + b"." + b"".join(digests)


def _sign_with(sign: SignFunction | ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    if not isinstance(sign, ec.EllipticCurvePrivateKey):
        signature = sign(message)
        _require_der(signature)
        return signature
    if not isinstance(sign.curve, ec.SECP256R1):
        raise TrustListError(ListReason.PINNED_KEY_KIND, curve=sign.curve.name)
    return sign.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def _split_jws(jws: object) -> tuple[str, bytes]:
    match = _JWS.fullmatch(jws) if isinstance(jws, str) else None
    if match is None:
        raise TrustListError(ListReason.PROOF_SIGNATURE_FORM)
    header, signature = match[1], _base64url(match[2])
    _require_header(header)
    _require_der(signature)
    return header, signature


def _require_header(text: str) -> None:
    """`b64`, `crit` and `alg` with their only values; types count, since `0 == False` in Python."""
    try:
        header = json_text.decode(_base64url(text), stage=Stage.TRUST_LIST, max_bytes=_HEADER_BYTES)
    except DecodeError as error:
        raise TrustListError(ListReason.PROOF_HEADER, cause=str(error.reason)) from error
    if (
        not isinstance(header, dict)
        or header.keys() != {"b64", "crit", "alg"}
        or header["b64"] is not False
        or header["crit"] != ["b64"]
        or header["alg"] != "ES256"
    ):
        raise TrustListError(ListReason.PROOF_HEADER)


def _require_der(signature: bytes) -> None:
    """That one DER sequence fills the value; raw r and s (64 bytes) do not, but by a chance that then fails."""
    if len(signature) < 8 or signature[0] != _DER_SEQUENCE or signature[1] != len(signature) - 2:
        raise TrustListError(ListReason.PROOF_SIGNATURE_FORM, size=len(signature))


def _base64url(text: str) -> bytes:
    """RFC 7515 §2: no padding, and no second spelling of the same bytes."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise TrustListError(ListReason.PROOF_SIGNATURE_FORM) from error
    if base64.urlsafe_b64encode(data).rstrip(b"=") != text.encode("ascii"):
        raise TrustListError(ListReason.PROOF_SIGNATURE_FORM)
    return data


def read_created(text: str) -> datetime:
    """The `created` of a proof, UTC; raises `TrustListError` (`PROOF_CREATED`) for what is no time with a zone."""
    if not _CREATED.fullmatch(text):
        raise TrustListError(ListReason.PROOF_CREATED)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TrustListError(ListReason.PROOF_CREATED) from error


def _write_created(created: datetime) -> str:
    if created.tzinfo is None:
        raise TrustListError(ListReason.PROOF_CREATED)
    return created.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
