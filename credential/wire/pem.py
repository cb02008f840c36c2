"""Certificates in a file: one DER, or PEM text (RFC 7468) with any number of them."""

from __future__ import annotations

import base64
import binascii

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.der import SEQUENCE

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def split_certificates(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[bytes, ...]:
    """The DER of each certificate in `data`, in order; they are not parsed.

    Text outside the PEM blocks, and blocks of other kinds, are passed over. Raises `DecodeError`: `PEM_EMPTY` when
    there is no certificate, `PEM_MALFORMED` for a block without end or that is not base64, `CERTIFICATE_TOO_LARGE`.
    """
    if data[:1] == bytes([SEQUENCE]):
        return (_bounded(data, limits),)
    found: list[bytes] = []
    at = data.find(_BEGIN)
    while at >= 0:
        start = at + len(_BEGIN)
        end = data.find(_END, start)
        if end < 0:
            raise DecodeError(Stage.CERTIFICATE, Reason.PEM_MALFORMED, position=at)
        found.append(_bounded(_decode(data[start:end], at), limits))
        at = data.find(_BEGIN, end + len(_END))
    if not found:
        raise DecodeError(Stage.CERTIFICATE, Reason.PEM_EMPTY)
    return tuple(found)


def _decode(text: bytes, position: int) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        raise DecodeError(Stage.CERTIFICATE, Reason.PEM_MALFORMED, position=position) from None


def _bounded(der: bytes, limits: Limits) -> bytes:
    if len(der) > limits.certificate_bytes:
        raise DecodeError(Stage.CERTIFICATE, Reason.CERTIFICATE_TOO_LARGE, limit=limits.certificate_bytes)
    return der
