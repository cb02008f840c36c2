"""A writer that appends until it is killed: `python -m tests.ledger.appender FOLDER SEED`."""

from __future__ import annotations

import random
import sys

from ledger import LogWriter
from tests.ledger.parts import KEYS, SIGNER, entries


def main(folder: str, seed: str) -> None:
    """Append portions of random sizes; say so each time."""
    chance = random.Random(int(seed))  # noqa: S311
    with LogWriter.open(folder, keys=KEYS, signers=[SIGNER]) as log:
        while True:
            size = log.head.checkpoint.size
            log.append(entries(size, size + chance.choice([1, 2, 30, 256, 700])))
            print("logged", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
