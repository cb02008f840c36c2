"""A verdict from a device bundle is that from the full list, byte for byte."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from credential.errors import Reason
from tests.vectors.bundles import FORGED, ISSUER, PINNED, bundle, every_kind
from tests.vectors.cases import ANY_DSC, DSC, SCA, Parts
from tests.vectors.generate import FOLDER, POLICIES
from tests.vectors.pki import DAY, END, NOW, SCA_END, Certified, authority, signer
from tests.verifier.test_vectors import VECTORS, load
from trustlist.bundle import read_bundle
from trustlist.bundled import BundledTrust
from trustlist.trust import Trust
from verifier import Outcome, Policy, verify

KINDS = (FOLDER / "bundle" / "every-kind.bin").read_bytes()
ACCEPTED = (DSC, Certified("ANY_DSC under the kid of DSC", ANY_DSC.private_key, DSC.certificate_der))
SIGNERS = (
    *ACCEPTED,
    ANY_DSC,
    SCA,
    authority("XC", "SCA on no list"),
    signer("XC", "DSC of XC", authority("XC", "SCA on no list")),
    FORGED,
    signer("XA", "DSC on no list", SCA),
)


def trust_of(data: bytes) -> BundledTrust:
    return read_bundle(data, keys=PINNED, at=NOW).snapshot()


def written(text: str, trust: Trust, at: datetime, policy: Policy) -> str:
    return json.dumps(verify(text, trust=trust, at=at, policy=policy).to_dict(), ensure_ascii=False, indent=1)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_vector_ends_alike_from_the_bundle(path: Path) -> None:
    vector = load(path)
    trust = trust_of(bundle(vector["trust"]))
    found = written(vector["text"], trust, datetime.fromisoformat(vector["at"]), POLICIES[vector["policy"]])
    assert found == json.dumps(vector["verdict"], ensure_ascii=False, indent=1)


@pytest.mark.parametrize("one", SIGNERS, ids=lambda one: one.name)
@pytest.mark.parametrize("at", [NOW, END, END + DAY, SCA_END + DAY], ids=str)
def test_every_state_of_a_signer_ends_alike_from_the_bundle(one: Certified, at: datetime) -> None:
    text = Parts(signer=one, claims={1: None}).text()
    policy = Policy(stale_after=None)
    assert written(text, trust_of(KINDS), at, policy) == written(text, every_kind(), at, policy)
    accepted = verify(text, trust=every_kind(), at=at, policy=policy).outcome is Outcome.ACCEPTED
    assert accepted is (at == NOW and one in ACCEPTED)


@pytest.mark.parametrize("kid", [key.kid for key in every_kind().keys()], ids=bytes.hex)  # noqa: SIM118 - no mapping
@pytest.mark.parametrize("algorithm", [-7, -37])
def test_every_kind_of_key_fails_alike_from_the_bundle(kid: bytes, algorithm: int) -> None:
    text = Parts(protected={1: algorithm, 4: kid}, claims={1: ISSUER}, signer=signer("XA", "a stranger", SCA)).text()
    verdict = verify(text, trust=every_kind(), at=NOW)
    assert verdict.reason in {Reason.KEY_ALGORITHM_MISMATCH, Reason.SIGNATURE_INVALID, Reason.SIGNER_UNKNOWN}
    assert written(text, trust_of(KINDS), NOW, Policy()) == written(text, every_kind(), NOW, Policy())
