"""No input makes a reader of untrusted input leave with anything but its own error, or take time or memory as it likes.

`make test` tries 2,000 inputs of each sort on each reader, `make fuzz` 100,000 (`FUZZ_EXAMPLES`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import tracemalloc
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from credential.errors import PratiqueError
from tests.property.choices import Choices, mutated
from tests.property.reader import MIB, Reader
from tests.property.readers import READERS

EXAMPLES = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "2000")))
# Far beyond what any input needs: it ends a reader that hangs and says nothing of speed.
HANGS_AFTER_SECONDS = 20.0
RANDOM: dict[type, st.SearchStrategy[Any]] = {bytes: st.binary(max_size=300), str: st.text(max_size=300)}
SCRIPTS = st.binary(max_size=80)

every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


class HangError(Exception):
    """A reader did not come back."""


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Ends what hangs, where the system can."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, HANGS_AFTER_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def attempt(reader: Reader[Any], data: Any) -> PratiqueError | None:
    """The error with which a reader refuses its input. Any other error goes through, and fails the test."""
    try:
        with watched():
            reader.read(data)
    except reader.refuses as error:
        return error
    return None


def assert_said_well(error: PratiqueError | None) -> None:
    """An error names its stage and reason, and its detail holds short facts."""
    if error is not None:
        assert error.stage
        assert error.reason
        assert len(str(error)) < 200


@every_reader
def test_good_input_is_read(reader: Reader[Any]) -> None:
    refused = [error for error in (attempt(reader, seed) for seed in reader.seeds) if error is not None]
    assert all(error.stage == "signature" for error in refused)


@every_reader
@EXAMPLES
@given(st.data())
def test_any_input(reader: Reader[Any], data: st.DataObject) -> None:
    assert_said_well(attempt(reader, data.draw(RANDOM[type(reader.seeds[0])])))


@every_reader
@EXAMPLES
@given(SCRIPTS)
def test_good_input_changed_a_little(reader: Reader[Any], script: bytes) -> None:
    data = mutated(reader.seeds, Choices(script))
    note(repr(data))
    assert_said_well(attempt(reader, data))


@pytest.mark.parametrize("reader", [row for row in READERS if row.shaped is not None], ids=lambda reader: reader.name)
@EXAMPLES
@given(SCRIPTS)
def test_anything_in_the_right_shape(reader: Reader[Any], script: bytes) -> None:
    assert reader.shaped is not None
    data = reader.shaped(Choices(script))
    note(repr(data))
    assert_said_well(attempt(reader, data))


@every_reader
def test_input_made_to_take_memory_or_time(reader: Reader[Any]) -> None:
    for flood in reader.floods:
        tracemalloc.start()
        try:
            error = attempt(reader, flood)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert_said_well(error)
        assert peak < 8 * MIB + 12 * len(flood)
