"""Strict CBOR (RFC 8949) on `cbor2`: bounded, without duplicate keys, indefinite lengths or surprising tags.

`cbor2` reads the bytes under strict settings, and where it stopped tells whether anything follows the item. What
deviates from preferred serialisation (RFC 8949 §4.1) is found by a second look at the bytes, `cbor_scan`, which takes
longer than reading: `loads` takes both, readers of the hot path take `read` and look again only when asked.
"""

from __future__ import annotations

import math
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NoReturn

import cbor2

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.cbor_scan import scan

_TAG_DATE_TEXT = 0


class _RefusedTagError(Exception):
    """Carries a tag number out of `cbor2`, which wraps whatever its hooks raise."""

    def __init__(self, tag: int) -> None:
        super().__init__(tag)
        self.tag = tag


def _refuse(tag: int) -> Any:
    def hook(_content: object, _immutable: object) -> NoReturn:
        raise _RefusedTagError(tag)

    return hook


def _refuse_unknown(tag: cbor2.CBORTag, _immutable: object) -> NoReturn:
    raise _RefusedTagError(tag.tag)


def _date_text(content: object, _immutable: object) -> str:
    """Tag 0 stands before a text string (RFC 8949 §3.4.1)."""
    if not isinstance(content, str):
        raise _RefusedTagError(_TAG_DATE_TEXT)
    return content


# cbor2 turns these tags into Python objects (dates, big numbers, addresses, shared references…).
_BUILT_IN = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)
# A plain dict: cbor2 copies it for each reading, and takes longer over anything else.
_SEMANTIC: Mapping[int, Any] = {tag: _date_text if tag == _TAG_DATE_TEXT else _refuse(tag) for tag in _BUILT_IN}

_LABELS = frozenset((int, str))

# What cbor2 says about bytes it does not read, by the words of its message, most specific first.
_MESSAGES = (
    ("Duplicate map key", Reason.CBOR_DUPLICATE_KEY),
    ("indefinite length", Reason.CBOR_INDEFINITE),
    ("nesting depth", Reason.CBOR_TOO_DEEP),
)


def read(data: bytes, stage: Stage, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The one CBOR item that fills `data`.

    Dates under tag 0 come as their text; every other tag is refused. Raises `DecodeError` at `stage`.
    """
    if len(data) > limits.cbor_bytes:
        raise DecodeError(stage, Reason.CBOR_TOO_LARGE, limit=limits.cbor_bytes)
    stream = BytesIO(data)
    try:
        value = cbor2.CBORDecoder(
            stream,
            tag_hook=_refuse_unknown,
            semantic_decoders=_SEMANTIC,
            max_depth=limits.cbor_depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        ).decode()
    except (cbor2.CBORDecodeError, _RefusedTagError) as error:
        raise _decode_error(error, stage) from None
    if stream.tell() != len(data):
        raise DecodeError(stage, Reason.CBOR_TRAILING, trailing=len(data) - stream.tell())
    return value


def loads(data: bytes, stage: Stage, limits: Limits = DEFAULT_LIMITS) -> tuple[Any, tuple[Deviation, ...]]:
    """The item that `read` gives, and what deviates from preferred serialisation in it."""
    value = read(data, stage, limits)
    # What is written again byte for byte deviates in nothing; that is found out faster than by a scan.
    return value, scan(data, stage) if dumps(value) != data else ()


def deviations(data: bytes, stage: Stage) -> tuple[Deviation, ...]:
    """What deviates from preferred serialisation in an item that was read before, under whatever limits."""
    return loads(data, stage, Limits(cbor_bytes=len(data), cbor_depth=len(data)))[1]


def dumps(value: object) -> bytes:
    """`value` in preferred serialisation; maps keep their order."""
    return cbor2.dumps(value)


def check_labels(value: Mapping[Any, Any], stage: Stage) -> None:
    """Keys of headers and claims are integers or text (RFC 9052 §1.5, RFC 8392 §1.1).

    Python finds `true` and 1.0 where 1 is asked for, so any other key is refused: `DecodeError` at `stage`.
    """
    if not _LABELS.issuperset(map(type, value)):
        raise DecodeError(stage, Reason.CBOR_TYPE)


def byte_string(content: bytes) -> bytes:
    """`content` with the head of a CBOR byte string before it."""
    length = len(content)
    if length < 24:
        return bytes((0x40 | length,)) + content
    if length < 0x100:
        return bytes((0x58, length)) + content
    if length < 0x1_0000:
        return b"\x59" + length.to_bytes(2, "big") + content
    return b"\x5a" + length.to_bytes(4, "big") + content


def to_json(value: Any) -> Any:
    """A decoded CBOR value as JSON values: keys as text, byte strings as unpadded base64url, no NaN."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, bytes):
        return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return None  # `undefined` and the unassigned simple values have no JSON counterpart.


def _members(value: Mapping[Any, Any]) -> dict[str, Any]:
    members = {key if isinstance(key, str) else _key_text(key): to_json(item) for key, item in value.items()}
    if len(members) < len(value):  # {1: …, "1": …}: the key that was text wins, so that no other stands in for it
        members |= {key: to_json(item) for key, item in value.items() if isinstance(key, str)}
    return members


def _key_text(key: object) -> str:
    return str(to_json(key))


def _decode_error(error: BaseException, stage: Stage) -> DecodeError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _RefusedTagError):
            return DecodeError(stage, Reason.CBOR_TAG, tag=cause.tag)
        if isinstance(cause, UnicodeDecodeError):
            return DecodeError(stage, Reason.CBOR_TEXT)
        cause = cause.__cause__
    if isinstance(error, cbor2.CBORDecodeEOF):
        return DecodeError(stage, Reason.CBOR_TRUNCATED)
    message = str(error)
    reason = next((reason for words, reason in _MESSAGES if words in message), Reason.CBOR_MALFORMED)
    return DecodeError(stage, reason)
