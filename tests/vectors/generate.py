"""Writes the vectors: `python -m tests.vectors.generate`. Unchanged code writes unchanged files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.vectors import bundles
from tests.vectors.cases import TRUST, VectorCase, cases
from tests.vectors.pki import list_key
from trustlist import TrustSnapshot, read_pinned_key
from verifier import Policy, verify

FOLDER = Path(__file__).parent
POLICIES: Mapping[str, Policy] = {"authenticity": Policy(), "entry-XB": Policy.entry(country="XB")}


def files() -> dict[str, str]:
    """The content of every file by its path below this folder."""
    written = {f"trust/{name}.json": _pretty(json.loads(document)) for name, document in TRUST.items()}
    written["trust/list-key.json"] = _pretty(list_key())
    for case in cases():
        written[f"hc1/{case.name}.json"] = _pretty(_vector(case))
    written["bundle/signers.json"] = _pretty(bundles.signers())
    for bundle in bundles.cases():
        written[f"bundle/{bundle.name}.json"] = _pretty(bundle.to_json())
    return written


def binaries() -> dict[str, bytes]:
    """The content of every file that is no text."""
    return {f"bundle/{bundle.name}.bin": bundle.data for bundle in bundles.cases()}


def snapshots() -> dict[str, TrustSnapshot]:
    """The trust that vectors name, read as everybody has to: with its proof verified."""
    pinned = read_pinned_key(json.dumps(list_key()).encode())
    return {name: TrustSnapshot.from_did(document, key=pinned) for name, document in TRUST.items()}


_SNAPSHOTS = snapshots()


def _vector(case: VectorCase) -> dict[str, Any]:
    at = datetime.fromisoformat(case.at)
    verdict = verify(case.text, trust=_SNAPSHOTS[case.trust], at=at, policy=POLICIES[case.policy])
    return {
        "about": case.about,
        "text": case.text,
        "at": case.at,
        "trust": case.trust,
        "policy": case.policy,
        "verdict": verdict.to_dict(),
    }


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write every file, and take away those that no case writes any more."""
    wanted = {name: content.encode() for name, content in files().items()} | binaries()
    for path in (*FOLDER.glob("*/*.json"), *FOLDER.glob("*/*.bin")):
        if path.relative_to(FOLDER).as_posix() not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
