"""Commands in the pages: what is typed, the exit status and the output that are promised.

In a block marked `console`, a line that starts with `$ ` is typed, on further lines if it ends with a backslash. It
ends with status 0, unless a comment says otherwise: `# exit 1`. The lines below are its output, standard error
included; none means that nothing is promised. A line of `…` alone stands for any lines, `…` within a line for any text.

Times, identifiers, keys and sizes differ from run to run: both sides are compared after each was replaced by a word.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

PROMPT = "$ "
ANY = "…"
STANDS_FOR = MappingProxyType({"make demo": "pratique demo"})
"""Commands that set up first; what they then run is run in their place."""

_EXIT = re.compile(r"\s+# exit (\d+)$")
_OURS = re.compile(r"(?:^|\| )(?:\w+=(?:'[^']*'|\S+) )*pratique ")
_EXPORT = "export "
_VOLATILE = (
    (re.compile(r"HC1:\S.*"), "<text>"),
    (re.compile(r"URN:UVCI:01:[A-Z]{2}:[A-Z0-9]+#."), "<identifier>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( UTC|Z)"), "<moment>"),
    (re.compile(r"until \d{4}-\d\d-\d\d"), "until <day>"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<kid>"),
    (re.compile(r"\b1[6-9]\d{8}\b"), "<seconds>"),
    (re.compile(r"\b(bytes|inflated|characters|version) \d+"), r"\1 <number>"),
    (re.compile(r"\b\d+ (bytes|modules)"), r"<number> \1"),
)


class Step(NamedTuple):
    """One command of a page and what is promised of it."""

    command: str
    status: int
    output: tuple[str, ...]


class Ran(NamedTuple):
    """What a command did."""

    status: int
    output: str


def steps(blocks: Sequence[str]) -> Iterator[Step]:
    """The commands of `console` blocks, in order."""
    for block in blocks:
        lines = block.splitlines()
        while lines:
            typed = [lines.pop(0)]
            assert typed[0].startswith(PROMPT), f"no command: {typed[0]}"
            while typed[-1].endswith("\\"):
                typed.append(lines.pop(0))
            output: list[str] = []
            while lines and not lines[0].startswith(PROMPT):
                output.append(lines.pop(0).rstrip())
            yield _step("\n".join(typed).removeprefix(PROMPT), output)


def _step(command: str, output: list[str]) -> Step:
    promised = _EXIT.search(command)
    command = _EXIT.sub("", command)
    while output and not output[-1]:
        output.pop()
    return Step(STANDS_FOR.get(command, command), int(promised[1]) if promised else 0, tuple(output))


def is_ours(command: str) -> bool:
    """Whether a command runs `pratique`."""
    return _OURS.search(command) is not None


def is_export(command: str) -> bool:
    """Whether a command sets a variable for those that follow."""
    return command.startswith(_EXPORT)


def run(command: str, folder: Path) -> Ran:
    """Run a command line of the shell in a folder, without a terminal."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment: Mapping[str, str] = {"PATH": path, "COLUMNS": "80", "LANG": "C.UTF-8", "HOME": str(folder)}
    done = subprocess.run(  # noqa: S602 - the pages of this repository, as a reader would type them
        command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"))


def matches(promised: Sequence[str], output: str) -> bool:
    """Whether an output is the one that was promised."""
    pattern = "".join(_pattern(line) for line in map(steady, promised))
    return re.fullmatch(pattern, "".join(f"{steady(line.rstrip())}\n" for line in output.splitlines())) is not None


def steady(line: str) -> str:
    """A line with what differs from run to run replaced."""
    for volatile, word in _VOLATILE:
        line = volatile.sub(word, line)
    return line


def _pattern(line: str) -> str:
    if line == ANY:
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.split(ANY)) + r"\n"
