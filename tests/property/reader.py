"""One reader of untrusted input, as the fuzz tests see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from credential.errors import DecodeError, PratiqueError
from tests.property.choices import Choices

T = TypeVar("T", bytes, str)

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """One row of the table `readers.READERS`.

    `read` may do more than the reader does: whatever is done with its result next, and what must hold of it.
    """

    name: str
    read: Callable[[T], object]
    seeds: tuple[T, ...] = field(repr=False)
    """Good inputs, to be changed a little."""
    shaped: Callable[[Choices], T] | None = None
    """Inputs of the right shape with anything in them, where there is such a thing."""
    floods: tuple[T, ...] = field(default=(), repr=False)
    """Inputs made to take time or memory."""
    refuses: tuple[type[PratiqueError], ...] = (DecodeError,)
    """What may leave `read`."""
