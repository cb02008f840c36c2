"""Strict JSON (RFC 8259, I-JSON of RFC 7493): bytes to values, with nothing left to a reader's taste.

What two readers could understand differently is refused: a member named twice, `NaN` and `Infinity`, numbers beyond
a double, text that is not UTF-8, half of a surrogate pair, a byte order mark.
"""

from __future__ import annotations

import json
import math
import re
from typing import TypeAlias

from credential.errors import DecodeError, Reason, Stage

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

_MAX_DIGITS = 400
"""Decimal digits of one integer; a double ends at 309, and CPython takes quadratic time on long ones."""
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_NESTING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A whole string (an unclosed one runs to the end, so that no character is looked at twice), or a bracket."""


class _RefusedError(ValueError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(data: bytes, *, stage: Stage, max_bytes: int, max_depth: int = 32) -> JsonValue:
    """The value of one JSON text in UTF-8.

    `max_depth` counts nested objects and arrays. Raises `DecodeError` (`stage`, a `JSON_…` reason).
    """
    if len(data) > max_bytes:
        raise DecodeError(stage, Reason.JSON_TOO_LARGE, size=len(data), limit=max_bytes)
    try:
        return _parse(data.decode("utf-8"), max_depth)
    except _RefusedError as error:
        raise DecodeError(stage, error.reason) from error
    except UnicodeDecodeError as error:
        raise DecodeError(stage, Reason.JSON_TEXT, position=error.start) from error
    except json.JSONDecodeError as error:
        raise DecodeError(stage, Reason.JSON_MALFORMED, position=error.pos) from error


def _parse(text: str, max_depth: int) -> JsonValue:
    if _too_deep(text, max_depth):
        raise _RefusedError(Reason.JSON_TOO_DEEP)
    value: JsonValue = _DECODER.decode(text)
    if _SURROGATE_ESCAPE.search(text):
        _require_whole_characters(value)
    return value


def _too_deep(text: str, max_depth: int) -> bool:
    """Looks before parsing, so that the parser's own recursion is never the bound."""
    if text.count("[") + text.count("{") <= max_depth:
        return False
    depth = 0
    for match in _NESTING.finditer(text):
        first = match[0][0]
        if first in "[{":
            depth += 1
            if depth > max_depth:
                return True
        elif first != '"':
            depth -= 1
    return False


def _require_whole_characters(value: JsonValue) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _RefusedError(Reason.JSON_TEXT) from error


def _unique_members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError(Reason.JSON_DUPLICATE_MEMBER)
    return members


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _RefusedError(Reason.JSON_NUMBER)
    return int(digits)


def _double(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _RefusedError(Reason.JSON_NUMBER)
    return number


def _refuse_constant(_name: str) -> float:
    raise _RefusedError(Reason.JSON_NUMBER)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_members, parse_int=_integer, parse_float=_double, parse_constant=_refuse_constant
)
