"""Full verdicts per second on one core, against bare ECDSA verification and against python-cwt on the same codes.

The bare limit gets everything ready-made: the key object, the DER signature, the bytes it signs. python-cwt runs in its
own environment (it needs an older cbor2) and takes its turn in every round.
"""

from __future__ import annotations

import json
import subprocess
from itertools import cycle, islice
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.codes import NOW, Signer, make_codes, make_signer
from benchmarks.measure import Contender, Row, median_ratio, rates
from trustlist import TrustSnapshot
from verifier import Outcome, Policy, verify

CODES, SIGNERS, SLICE = 5000, 50, 1000
ROOT = Path(__file__).resolve().parents[1]
WORKER = Path(__file__).with_name("cwt_worker.py")


class CwtWorker:
    """python-cwt in a process of its own; counts its own CPU time."""

    def __init__(self, interpreter: Path, codes: list[str], keys: list[tuple[str, str]]) -> None:
        self.process = subprocess.Popen(
            [str(interpreter), str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask({"codes": codes, "keys": keys})

    def ask(self, question: object) -> float:
        """One line of JSON out, one number back."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def __enter__(self) -> CwtWorker:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait()


def run(rounds: int) -> list[Row]:
    """Rates and ratios of `rounds` interleaved rounds."""
    signers = [make_signer(number) for number in range(SIGNERS)]
    made = list(make_codes(signers, CODES))
    texts = [text for text, *_ in made]
    keys = [(signer.kid.hex(), _pem(signer.key)) for signer in signers]
    contenders = {"limit": _bare(made), "verify": _ours(texts, [signer.certificate for signer in signers])}
    interpreter = ROOT / ".bench" / "bin" / "python"
    if not interpreter.exists():
        return _report(rates(contenders, rounds), None)
    with CwtWorker(interpreter, texts, keys) as worker:
        others: list[float] = []
        found: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(rounds):
            for name, measured in rates(contenders, 1).items():
                found[name] += measured
            others.append(worker.ask({"verify": SLICE}))
    return _report(found, others)


def _report(found: dict[str, list[float]], others: list[float] | None) -> list[Row]:
    limit, ours = found["limit"], found["verify"]
    rows = [
        Row("bare ECDSA P-256 verification (the limit)", _median(limit), "/s"),
        Row("full verdict", _median(ours), "/s"),
        Row("full verdict ÷ limit", median_ratio(ours, limit), "ratio"),
    ]
    if others is not None:
        rows += [
            Row("python-cwt, signature and claims only", _median(others), "/s"),
            Row("python-cwt ÷ limit", median_ratio(others, limit), "ratio"),
            Row("full verdict ÷ python-cwt", median_ratio(ours, others), "ratio"),
        ]
    return rows


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _bare(made: list[tuple[str, bytes, bytes, Signer]]) -> Contender:
    keys = {signer.kid: signer.key.public_key() for *_, signer in made}
    prepared = [
        (
            keys[signer.kid],
            encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")),
            message,
        )
        for _, signature, message, signer in made
    ]
    turns = cycle(prepared)
    algorithm = ec.ECDSA(hashes.SHA256())

    def work() -> int:
        for key, signature, message in islice(turns, SLICE):
            key.verify(signature, message, algorithm)
        return SLICE

    return work


def _ours(texts: list[str], certificates: list[bytes]) -> Contender:
    trust = TrustSnapshot.from_certificates(certificates)
    policy = Policy()
    turns = cycle(texts)

    def work() -> int:
        for text in islice(turns, SLICE):
            verdict = verify(text, trust=trust, at=NOW, policy=policy)
            assert verdict.outcome is Outcome.ACCEPTED
        return SLICE

    return work
