"""Which of a list's references an update follows: none that leads away from the list that was asked for.

The network publishes each list twice: `…:v2:trustlist[:domain[:participant[:usage]]]` with the keys in it, and
`…:v2:trustlist-ref[…]` with references: to the next level of itself, and at the last level to the list with the keys.
Its published reference lists also name lists of another environment and of other hosts. So a reference is followed
only from a reference list, and only to one below it, or to the same place in the tree of keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trustlist.did_web import Place, read_did
from trustlist.errors import ListReason, TrustListError

_REFERENCES = "trustlist-ref"
_KEYS = "trustlist"
_ANY = "-"


@dataclass(frozen=True, slots=True)
class Followed:
    """The references of one list: those that are followed, and those that are not, each with the reason."""

    wanted: tuple[str, ...]
    left: tuple[tuple[str, ListReason], ...]


def choose_references(did: str, references: Iterable[str]) -> Followed:
    """Which of the references of the list `did` are followed.

    A level named `-` stands for all of its neighbours together. Where they are named beside it, it is not followed:
    it would bring every key once more.
    """
    wanted: list[str] = []
    left: list[tuple[str, ListReason]] = []
    for reference in dict.fromkeys(references):
        reason = _why_left(did, reference)
        if reason is None:
            wanted.append(reference)
        else:
            left.append((reference, reason))
    named = [reference for reference in wanted if not reference.endswith(f":{_ANY}")]
    return Followed(tuple(named or wanted), tuple(left))


def _why_left(did: str, reference: str) -> ListReason | None:
    source = read_did(did)
    try:
        target = read_did(reference)
    except TrustListError:
        return ListReason.REFERENCE_FOREIGN
    if target[:2] != source[:2]:
        return ListReason.REFERENCE_FOREIGN
    return None if _is_below(source, target) else ListReason.REFERENCE_OUTSIDE


def _is_below(source: Place, target: Place) -> bool:
    """Further down the same tree of references, or in the tree of keys at the same place or below it."""
    if _REFERENCES not in source.segments:
        return False
    at = source.segments.index(_REFERENCES)
    root, levels = source.segments[:at], source.segments[at + 1 :]
    keys = (*root, _KEYS, *levels)
    is_deeper = len(target.segments) > len(source.segments) and _starts(target.segments, source.segments)
    return is_deeper or _starts(target.segments, keys)


def _starts(segments: tuple[str, ...], start: tuple[str, ...]) -> bool:
    return segments[: len(start)] == start
