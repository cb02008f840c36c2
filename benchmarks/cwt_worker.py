"""Runs in an environment of its own: verifies HCERTs with python-cwt, as its users would, when asked to.

Reads lines of JSON: first {"codes": […], "keys": [[kid in hex, PEM], …]}, then {"verify": n}; answers each with a line,
the second with codes per second of CPU time.
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from itertools import cycle, islice

import cwt
from base45 import b45decode
from cwt import COSEKey


def main() -> None:
    """Answer until the input ends."""
    setup = json.loads(sys.stdin.readline())
    keys = [COSEKey.from_pem(pem, kid=bytes.fromhex(kid)) for kid, pem in setup["keys"]]
    turns = cycle(setup["codes"])
    print(0, flush=True)
    for line in sys.stdin:
        count = json.loads(line)["verify"]
        start = time.process_time()
        for code in islice(turns, count):
            claims = cwt.decode(zlib.decompress(b45decode(code[4:])), keys)
            assert claims[-260][1]["v"]
        print(count / (time.process_time() - start), flush=True)


main()
