"""The certificates that whole lists hang from, pinned by the SHA-256 of their DER: never by name.

WHO's three trust anchors (development, acceptance, production) share one name and one serial number; a name proves
nothing. A file of anchors holds certificates (PEM or DER), or a fingerprint of 64 hexadecimal digits a line.
"""

from __future__ import annotations

import re

from credential.errors import DecodeError
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.cms import fingerprint
from credential.wire.x509 import read_certificate, split_certificates
from trustlist.errors import ListReason, TrustListError

_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}")
_MAX_LINES = 1000


def read_anchors(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> frozenset[bytes]:
    """The fingerprints in a file of anchors; empty lines and those that begin with `#` are passed over.

    Raises `TrustListError` (`ANCHOR_UNREADABLE`) for a file that holds neither, or anything besides.
    """
    lines = _lines(data)
    if lines and all(_FINGERPRINT.fullmatch(line) for line in lines):
        return frozenset(bytes.fromhex(line.replace(":", "")) for line in lines)
    try:
        return frozenset(fingerprint(read_certificate(der, limits).der) for der in split_certificates(data, limits))
    except DecodeError as error:
        raise TrustListError(ListReason.ANCHOR_UNREADABLE, cause=error.reason.value) from error


def _lines(data: bytes) -> list[str]:
    """The lines that say something; none if this is no text."""
    if len(data) > _MAX_LINES * 100 or not data.isascii():
        return []
    lines = (line.strip() for line in data.decode("ascii").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
