"""From nothing to the first verdict: a fresh process imports the verifier, loads 100,000 keys and checks one code."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.codes import NOW, make_codes, make_signer
from benchmarks.measure import Row
from benchmarks.trustlist import KEYS, PARTICIPANTS, make_entries, make_pair
from trustlist import Environment, KeyUsage, ListEntry, Source, TrustSnapshot
from trustlist.snapshot_pack import ListPart

_CHILD = """
import sys, time
from datetime import datetime
from trustlist import TrustSnapshot
from verifier import verify
imported = time.process_time()
snapshot = TrustSnapshot.load(sys.argv[1])
verdict = verify(sys.argv[2], trust=snapshot, at=datetime.fromisoformat(sys.argv[3]))
assert verdict.check("signature").status == "passed", verdict.checks
print(imported, time.process_time())
"""


def run(rounds: int) -> list[Row]:
    """CPU seconds of whole processes, interpreter start included."""
    signer = make_signer(0)
    ((text, *_),) = make_codes([signer], 1)
    pairs = [make_pair(f"X{number:02}") for number in range(PARTICIPANTS)]
    own = ListEntry(signer.kid, (signer.certificate,), "XXA", "DCC", KeyUsage.DSC, "own")
    entries = (*make_entries(pairs, KEYS), own)
    source = Source("did:web:list.example", "did-v2-embedded", Environment.PRIVATE, NOW, len(entries))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trust.snapshot"
        TrustSnapshot.from_parts((ListPart(source, entries, (), pinned=False),)).save(path)
        times = [_time_process(path, text) for _ in range(rounds)]
    return [
        Row("start the interpreter and import the verifier", statistics.median(start for start, _ in times), "s CPU"),
        Row("and give a verdict from 100,000 saved keys", statistics.median(end for _, end in times), "s CPU"),
    ]


def _time_process(path: Path, text: str) -> tuple[float, float]:
    command = [sys.executable, "-c", _CHILD, str(path), text, NOW.isoformat()]
    imported, ended = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(imported), float(ended)
