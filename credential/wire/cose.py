"""COSE_Sign1 (RFC 9052 §4.2), as HCERT uses it: one signer, the payload attached, `alg` and `kid` in a header.

What is signed are the original bytes of the protected header and the payload; nothing is written again before the
check, but for a header that is an empty map, which is signed as no bytes. Real issuers leave out the tag, put 61
around it, or keep `kid` (and even `alg`) in the unprotected header: those are read, and noted as deviations.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire import cbor
from credential.wire.algorithms import Algorithm
from credential.wire.cbor_scan import read_head

ALG, CRIT, KID = 1, 2, 4
TAG_SIGN1, TAG_CWT = 18, 61
_MAJOR_TAG = 6
_SIGN1_TAG, _ARRAY_OF_FOUR = b"\xd2", b"\x84"
_KID_BYTES = 8
_CACHED_HEADER_BYTES = 64
_SIGNATURE1 = b"\x84\x6aSignature1"
_EMPTY_MAP = b"\xa0"
_NO_EXTERNAL_DATA = b"\x40"
# Which tags may stand around the array, outermost first, and what that deviates in.
_TAGGINGS: Mapping[tuple[int, ...], tuple[Deviation, ...]] = {
    (TAG_SIGN1,): (),
    (): (Deviation.COSE_UNTAGGED,),
    (TAG_CWT, TAG_SIGN1): (Deviation.CWT_TAG,),
}


@dataclass(frozen=True, slots=True)
class Headers:
    """`alg` and `kid` as the two headers together give them."""

    algorithm: int | None
    kid: bytes | None
    deviations: tuple[Deviation, ...] = ()


class Sign1(NamedTuple):
    """A decoded, not verified COSE_Sign1."""

    protected: bytes
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes
    algorithm: int | None
    kid: bytes | None
    array: bytes
    """The encoded structure without its tags."""
    noted: tuple[Deviation, ...]
    """What was noticed in tags and headers."""

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """What deviates in the structure and its headers; looked for when asked for."""
        return tuple(dict.fromkeys(self.noted + cbor.deviations(self.array, Stage.COSE)))

    def to_be_signed(self) -> bytes:
        """The bytes that the signature covers (Sig_structure, RFC 9052 §4.4)."""
        return to_be_signed(self.protected, self.payload)


def decode_sign1(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Sign1:
    """The COSE_Sign1 that fills `data`.

    Raises `DecodeError` at stage `cose` for malformed CBOR, other tags, another shape, a detached payload, a
    critical header (none is understood, RFC 9052 §3.1); at stage `algorithm` when the two headers disagree or the
    algorithm is not a number.
    """
    array, deviations = _untag(data)
    protected, unprotected, payload, signature = _members(cbor.read(array, Stage.COSE, limits))
    headers = _headers(protected, unprotected, limits)
    return Sign1(
        protected,
        unprotected,
        payload,
        signature,
        headers.algorithm,
        headers.kid,
        array,
        deviations + headers.deviations,
    )


def protected_header(algorithm: Algorithm, kid: bytes) -> bytes:
    """The protected header that issuers write: `alg` and `kid`."""
    return cbor.dumps({ALG: int(algorithm), KID: kid})


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Sig_structure of a COSE_Sign1 without external data (RFC 9052 §4.4), where an empty map becomes no bytes."""
    if protected == _EMPTY_MAP:
        protected = b""
    return _SIGNATURE1 + cbor.byte_string(protected) + _NO_EXTERNAL_DATA + cbor.byte_string(payload)


def encode_sign1(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Tagged COSE_Sign1 with an empty unprotected header."""
    return (
        _SIGN1_TAG
        + _ARRAY_OF_FOUR
        + cbor.byte_string(protected)
        + b"\xa0"
        + cbor.byte_string(payload)
        + cbor.byte_string(signature)
    )


def _untag(data: bytes) -> tuple[bytes, tuple[Deviation, ...]]:
    """What stands inside the tags, and what deviates in them."""
    if data.startswith(_SIGN1_TAG) and data[1:2] == _ARRAY_OF_FOUR:  # by far the most
        return data[1:], ()
    position = 0
    tags: list[int] = []
    deviations: tuple[Deviation, ...] = ()
    while len(tags) <= 2 and data[position : position + 1] and data[position] >> 5 == _MAJOR_TAG:
        head = read_head(data, position, Stage.COSE)
        tags.append(head.argument)
        position = head.end
        if head.is_long:
            deviations = (Deviation.CBOR_LONG_FORM,)
    tagging = _TAGGINGS.get(tuple(tags))
    if tagging is None:
        raise DecodeError(Stage.COSE, Reason.COSE_TAG, tag=tags[0])
    return data[position:], tagging + deviations


def _members(array: Any) -> tuple[bytes, Mapping[Any, Any], bytes, bytes]:
    if not isinstance(array, list) or len(array) != 4:
        raise DecodeError(Stage.COSE, Reason.COSE_STRUCTURE)
    protected, unprotected, payload, signature = array
    if payload is None:
        raise DecodeError(Stage.COSE, Reason.COSE_DETACHED)
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise DecodeError(Stage.COSE, Reason.COSE_STRUCTURE)
    if not isinstance(unprotected, dict):
        raise DecodeError(Stage.COSE, Reason.COSE_STRUCTURE)
    return protected, unprotected, payload, signature


def _headers(protected: bytes, unprotected: Mapping[Any, Any], limits: Limits) -> Headers:
    # An issuer signs thousands of credentials under one protected header, so its meaning is remembered.
    if not unprotected and len(protected) <= _CACHED_HEADER_BYTES:
        return _headers_cached(protected, limits)
    return _read_headers(protected, unprotected, limits)


@lru_cache(maxsize=1024)
def _headers_cached(protected: bytes, limits: Limits) -> Headers:
    return _read_headers(protected, {}, limits)


def _read_headers(protected: bytes, unprotected: Mapping[Any, Any], limits: Limits) -> Headers:
    deviations: list[Deviation] = []
    signed = _protected_map(protected, deviations, limits)
    cbor.check_labels(signed, Stage.COSE)
    cbor.check_labels(unprotected, Stage.COSE)
    if CRIT in signed or CRIT in unprotected:
        raise DecodeError(Stage.COSE, Reason.COSE_CRITICAL_HEADER)
    algorithm = _algorithm(signed, unprotected, deviations)
    kid = _kid(signed, unprotected, deviations, limits)
    return Headers(algorithm, kid, tuple(deviations))


def _protected_map(protected: bytes, deviations: list[Deviation], limits: Limits) -> Mapping[Any, Any]:
    if not protected:
        deviations.append(Deviation.PROTECTED_HEADER_EMPTY)
        return {}
    signed, found = cbor.loads(protected, Stage.COSE, limits)
    if not isinstance(signed, dict):
        raise DecodeError(Stage.COSE, Reason.COSE_STRUCTURE)
    deviations.extend(found)
    return signed


def _algorithm(signed: Mapping[Any, Any], unprotected: Mapping[Any, Any], deviations: list[Deviation]) -> int | None:
    algorithm = signed.get(ALG)
    if ALG in unprotected:
        if ALG in signed and unprotected[ALG] != algorithm:
            raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_CONFLICT)
        if ALG not in signed:
            algorithm = unprotected[ALG]
            deviations.append(Deviation.ALGORITHM_UNPROTECTED)
    if algorithm is None or (isinstance(algorithm, int) and not isinstance(algorithm, bool)):
        return algorithm
    raise DecodeError(Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED)


def _kid(
    signed: Mapping[Any, Any], unprotected: Mapping[Any, Any], deviations: list[Deviation], limits: Limits
) -> bytes | None:
    """The key identifier; the protected one wins (HCERT §3.2.3)."""
    kid = signed.get(KID)
    if KID in unprotected:
        if kid is None:
            kid = unprotected[KID]
            deviations.append(Deviation.KID_UNPROTECTED)
        else:
            deviations.append(Deviation.KID_IN_BOTH_HEADERS)
    if isinstance(kid, str):
        kid = _kid_from_text(kid)
        deviations.append(Deviation.KID_TEXT)
    if kid is None:
        return None
    if not isinstance(kid, bytes) or len(kid) > limits.kid_bytes:
        raise DecodeError(Stage.COSE, Reason.COSE_STRUCTURE, header=KID)
    if len(kid) != _KID_BYTES:
        deviations.append(Deviation.KID_LENGTH)
    return kid


def _kid_from_text(text: str) -> bytes:
    """The bytes behind a kid that was written as base64 text; any other text as it is."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()
