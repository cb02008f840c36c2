"""Bounded inflation of zlib streams (RFC 1950 around RFC 1951), as HCERT wraps them.

`zlib.decompress` would inflate a bomb whole; here a stream ends at the limit, must end by itself, and must end
where the data ends.
"""

from __future__ import annotations

import zlib

from credential.errors import DecodeError, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits

_METHOD_DEFLATE = 8
_DICTIONARY = 0x20


def inflate(data: bytes, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The content of one zlib stream that fills `data` exactly.

    Raises `DecodeError` at stage `inflate` when there is no zlib header (RFC 1950 §2.2), a preset dictionary, a
    damaged or unfinished stream, bytes after it, or more content than `limits.inflated_bytes`.
    """
    _check_header(data)
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(data, limits.inflated_bytes + 1)
    except zlib.error:
        raise DecodeError(Stage.INFLATE, Reason.DEFLATE_CORRUPT) from None
    if len(content) > limits.inflated_bytes:
        raise DecodeError(Stage.INFLATE, Reason.INFLATED_TOO_LARGE, limit=limits.inflated_bytes)
    if not stream.eof:
        raise DecodeError(Stage.INFLATE, Reason.DEFLATE_TRUNCATED, length=len(data))
    if stream.unused_data:
        raise DecodeError(Stage.INFLATE, Reason.DEFLATE_TRAILING, trailing=len(stream.unused_data))
    return content


def deflate(content: bytes) -> bytes:
    """`content` as a zlib stream at the highest level (HCERT leaves the level open)."""
    return zlib.compress(content, 9)


def _check_header(data: bytes) -> None:
    if len(data) < 2 or data[0] & 0x0F != _METHOD_DEFLATE or (data[0] << 8 | data[1]) % 31:
        raise DecodeError(Stage.INFLATE, Reason.NOT_DEFLATED)
    if data[1] & _DICTIONARY:
        raise DecodeError(Stage.INFLATE, Reason.DEFLATE_DICTIONARY)
