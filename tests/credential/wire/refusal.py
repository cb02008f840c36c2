"""How the tests of this folder say that a reader refuses something."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

import pytest

from credential.errors import DecodeError, DetailValue, Stage

P = ParamSpec("P")


def refusal(read: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> DecodeError:
    """The error with which `read` refuses its arguments; the test fails when it does not."""
    with pytest.raises(DecodeError) as caught:
        read(*args, **kwargs)
    return caught.value


def facts(error: DecodeError) -> tuple[Stage, object, dict[str, DetailValue]]:
    """All that an error says, for comparison."""
    return error.stage, error.reason, dict(error.detail)


def why(error: DecodeError) -> tuple[Stage, object]:
    """The stage and the reason of an error."""
    return error.stage, error.reason
