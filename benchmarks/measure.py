"""How things are measured here: CPU time, several contenders in turn, and ratios taken round by round.

Absolute rates drift with the machine and its load; the ratio of two rates taken in the same round does not.
"""

from __future__ import annotations

import platform
import statistics
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report."""

    name: str
    value: float
    unit: str


Contender = Callable[[], int]
"""Does a slice of work and tells how many items it did."""


def rates(contenders: Mapping[str, Contender], rounds: int) -> dict[str, list[float]]:
    """Items per second of CPU time, for each contender and each round; in each round all take their turn."""
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            start = time.process_time()
            items = work()
            found[name].append(items / (time.process_time() - start))
    return found


def median_ratio(ours: list[float], other: list[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(a / b for a, b in zip(ours, other, strict=True))


def interpreter() -> str:
    """Name of the interpreter, and whether it was built with optimisation (a plain build is about 1.5 times slower)."""
    flagged = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    # Debian and its kin build with profile-guided optimisation, by another switch than this flag.
    optimised = flagged or sys.base_prefix == "/usr"
    return f"{platform.python_implementation()} {platform.python_version()}, {'' if optimised else 'not '}optimised"
