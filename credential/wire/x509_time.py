"""The two time forms of a certificate's validity (RFC 5280 §4.1.2.5), and times in extensions."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from credential.errors import DecodeError, Reason, Stage
from credential.wire.der import GENERALIZED_TIME, SEQUENCE, UTC_TIME, Element, expect

_CENTURY_TURN = 50
# Seconds may be missing from old UTCTimes (X.680); fractions and time zones other than Z are refused.
_FORMS = {
    UTC_TIME: re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z"),
    GENERALIZED_TIME: re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z"),
}


def read_validity(element: Element) -> tuple[int, int]:
    """notBefore and notAfter in epoch seconds, UTC.

    Raises `DecodeError` with `CERTIFICATE_DATES` for anything that is no date of the calendar.
    """
    times = tuple(expect(element, SEQUENCE).children())
    if len(times) != 2:
        raise DecodeError(Stage.CERTIFICATE, Reason.CERTIFICATE_DATES, position=element.start)
    return _read_time(times[0], times[0].tag), _read_time(times[1], times[1].tag)


def read_time(element: Element) -> int:
    """Epoch seconds of a time in the form that its own tag names; raises as `read_validity`."""
    return _read_time(element, element.tag)


def read_generalized_time(element: Element) -> int:
    """Epoch seconds of a GeneralizedTime, whatever tag an extension gave it; raises as `read_validity`."""
    return _read_time(element, GENERALIZED_TIME)


def _read_time(element: Element, kind: int) -> int:
    form = _FORMS.get(kind)
    found = form.fullmatch(element.content) if form else None
    if found is None:
        raise DecodeError(Stage.CERTIFICATE, Reason.CERTIFICATE_DATES, position=element.start)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    if kind == UTC_TIME:
        year += 2000 if year < _CENTURY_TURN else 1900
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        raise DecodeError(Stage.CERTIFICATE, Reason.CERTIFICATE_DATES, position=element.start) from None
