"""A log of ours, read by the code that Go checks its modules with, and by none of ours.

Needs Go and its package `golang.org/x/mod` (Debian: golang-go, golang-golang-x-mod-dev). `make conformance` runs it,
`make test` does not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Report
from tests.ledger.parts import SIGNER
from tests.ledger.test_store import create, opened

SOURCE = Path(__file__).parent / "go_reader" / "main.go"
pytestmark = pytest.mark.conformance

PACKAGES = Path("/usr/share/gocode")
SIZES = (1, 255, 700, 66_100)  # three levels, each with a partial tile
STEP = 13


@pytest.fixture(scope="module")
def go_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built."""
    if shutil.which("go") is None or not (PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.fail("Go with golang.org/x/mod is not here: install golang-go and golang-golang-x-mod-dev")
    program = tmp_path_factory.mktemp("go") / "go_reader"
    settings = {"GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOCACHE": str(program.parent / "cache")}
    subprocess.run(["go", "build", "-o", program, SOURCE], env=os.environ | settings, check=True)
    return program


def test_every_entry_and_every_proof_is_the_same_there(tmp_path: Path, go_reader: Path, agreement: Report) -> None:
    log = opened(create(tmp_path, *SIZES))
    command = [str(go_reader), str(tmp_path), SIGNER.key.text, str(STEP)]
    *proofs, last = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert last == f"entries {SIZES[-1]}"
    makers = {"inclusion": log.inclusion_proof, "consistency": log.consistency_proof}
    agreed = 0
    for line in proofs:
        kind, place, *hashes = line.split()
        agreed += [each.hex() for each in makers[kind](int(place))] == hashes
    agreement("Go x/mod/sumdb: proofs of a log of 66,100 entries", agreed, len(proofs))
    assert agreed == len(proofs) == 2 * -(-SIZES[-1] // STEP)
