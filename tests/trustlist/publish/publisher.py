"""Publishes one tree after another, to be killed: `python -m tests.trustlist.publish.publisher FOLDER FIRST`."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from trustlist.publish.files import publish_files

FILES = 12


def tree(number: int) -> dict[str, bytes]:
    """A tree in which every file says which tree it is of, and one that says the same in all."""
    return {f"v2/{index % 4}/{index}/did.json": b"%d" % number for index in range(FILES)} | {"same": b"same"}


if __name__ == "__main__":
    for each in itertools.count(int(sys.argv[2])):
        publish_files(Path(sys.argv[1]), tree(each))
        sys.stdout.write(f"{each}\n")
        sys.stdout.flush()
