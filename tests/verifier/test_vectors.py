"""The vectors in `tests/vectors`: written anew they are the same, and each ends as it was meant to.

What is expected stands here by hand; the files hold the whole verdict, for other implementations to compare with.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.vectors.generate import FOLDER, binaries, files

ACCEPTED = (
    "expires-now",
    "expiry-after-signer",
    "good-cose-untagged",
    "good-cwt-tag",
    "good-iss-alpha-3",
    "good-kid-unprotected",
    "good-partial-birth-date",
    "good-recovery",
    "good-surrounding-space",
    "good-test",
    "good-text-keys",
    "good-times-float",
    "good-times-milliseconds",
    "good-unrestricted-signer",
    "good-vaccination",
    "issued-within-skew",
)
REJECTED = {
    "algorithm-conflict": "algorithm-conflict",
    "algorithm-missing": "algorithm-missing",
    "algorithm-none": "algorithm-unsupported",
    "base45-cut": "base45-length",
    "base45-lower-case": "base45-character",
    "base45-overflow": "base45-overflow",
    "claim-several": "claim-several",
    "cose-critical": "cose-critical-header",
    "cose-no-array": "cose-structure",
    "cose-trailing": "cbor-trailing",
    "cose-wrong-tag": "cose-tag",
    "cwt-claim-twice": "cwt-claim-twice",
    "cwt-hcert-type": "cwt-claim-type",
    "expired": "expired",
    "expiry-missing": "expiry-missing",
    "expiry-nan": "time-malformed",
    "issued-before-signer": "issued-before-signer",
    "issued-beyond-skew": "not-yet-issued",
    "issued-later": "not-yet-issued",
    "issued-missing": "issued-missing",
    "not-before-later": "not-yet-valid",
    "prefix-later": "context-unsupported",
    "prefix-missing": "prefix-unknown",
    "prefix-other": "prefix-unknown",
    "schema-birth-date": "schema-invalid",
    "schema-dose-zero": "schema-invalid",
    "schema-name-missing": "schema-invalid",
    "schema-no-entry": "schema-invalid",
    "schema-two-entries": "schema-invalid",
    "several-faults": "expired",
    "signature-forged": "signature-invalid",
    "signer-early": "signer-not-yet-valid",
    "signer-ended": "signer-expired",
    "signer-other-issuer": "signer-other-issuer",
    "signer-under-ended-sca": "sca-expired",
    "usage-wrong-domain": "usage-not-allowed",
    "usage-wrong-group": "usage-not-allowed",
    "zlib-bomb": "inflated-too-large",
    "zlib-cut": "deflate-truncated",
    "zlib-missing": "not-deflated",
    "zlib-trailing": "deflate-trailing",
}
UNDETERMINED = {
    "claim-development": "claim-development",
    "claim-missing": "claim-missing",
    "claim-unknown": "claim-unknown",
    "entry-asks-for-more": "revocation-data-missing",
    "kid-missing": "kid-missing",
    "signer-list-stale": "trust-list-stale",
    "signer-orphaned": "sca-missing",
    "signer-unknown": "signer-unknown",
}
EXPECTED = {
    **dict.fromkeys(ACCEPTED, ("accepted", None)),
    **{name: ("rejected", reason) for name, reason in REJECTED.items()},
    **{name: ("undetermined", reason) for name, reason in UNDETERMINED.items()},
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["about", "text", "at", "trust", "policy", "verdict"],
    "properties": {
        "about": {"type": "string", "minLength": 5},
        "text": {"type": "string"},
        "at": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},
        "trust": {"enum": ["current", "stale", "orphaned"]},
        "policy": {"enum": ["authenticity", "entry-XB"]},
        "verdict": {
            "type": "object",
            "required": [
                "outcome",
                "reason",
                "kind",
                "policy",
                "at",
                "checks",
                "warnings",
                "signer",
                "trust",
                "payload",
            ],
        },
    },
}
VECTORS = sorted((FOLDER / "hc1").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return vector


def test_the_vectors_regenerate_unchanged() -> None:
    found = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.glob("*/*.json")}
    assert found == files()
    assert {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.glob("*/*.bin")} == binaries()


def test_every_vector_is_expected_and_every_expectation_has_its_vector() -> None:
    assert {path.stem for path in VECTORS} == set(EXPECTED)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_vector_ends_as_it_was_meant_to(path: Path) -> None:
    vector = load(path)
    jsonschema.validate(vector, SCHEMA)
    verdict = vector["verdict"]
    assert (verdict["outcome"], verdict["reason"]) == EXPECTED[path.stem]
    held = any(check["name"] == "signature" and check["status"] == "passed" for check in verdict["checks"])
    assert (verdict["payload"] is not None) is held


def test_most_vectors_are_bad_ones() -> None:
    assert len(ACCEPTED) < len(EXPECTED) / 3
