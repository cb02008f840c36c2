"""Moments as whole seconds since 1970 (NumericDate, RFC 8392 §2), the unit of claims and of certificates' dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from credential.errors import Stage
from issuer.errors import IssueError, IssueReason

TIME_END: Final = 1 << 33
"""The first second out of range: in the year 2242. A time from there on is taken for a mistake by readers too."""


def epoch_seconds(at: datetime, stage: Stage) -> int:
    """The second that `at` falls in. Raises IssueError (`stage`): no time zone, before 1970, or after 2242."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise IssueError(stage, IssueReason.TIME_WITHOUT_ZONE)
    return in_range(int(at.timestamp() // 1), stage)


def whole_seconds(duration: timedelta) -> int:
    """Full seconds in `duration`; the rest of one is dropped."""
    return duration // timedelta(seconds=1)


def in_range(seconds: int, stage: Stage) -> int:
    """The same moment; raises IssueError (`stage`) when it is before 1970 or after 2242."""
    if not 0 <= seconds < TIME_END:
        raise IssueError(stage, IssueReason.TIME_OUT_OF_RANGE)
    return seconds


def utc(seconds: int) -> datetime:
    """The moment as a datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
