"""A device bundle of 500 signers: its size, what it takes to make and to read, and to find a key in it.

The list is that of `benchmarks.trustlist`, in small: ten participants with an SCA each, 500 signers besides. A bundle
holds signers only; the signature over it is checked each time it is read.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.measure import Row
from benchmarks.trustlist import NOW, make_entries, make_pair
from credential.wire.algorithms import Algorithm, sign
from trustlist import ChainStatus, Environment, Source, TrustSnapshot
from trustlist.bundle import BundleSigner, key_id_of, make_bundle, read_bundle
from trustlist.snapshot_pack import ListPart

SIGNERS, PARTICIPANTS = 500, 10


def run(rounds: int) -> list[Row]:
    """Medians of `rounds` rounds; times are CPU time of this process."""
    own = ec.generate_private_key(ec.SECP256R1())
    signer = BundleSigner(own.public_key(), Environment.PRIVATE)
    snapshot = _snapshot()
    bundles = [_make(snapshot, own, signer) for _ in range(rounds)]
    data = bundles[0][1]
    reads = [_read(data, signer) for _ in range(rounds)]
    return [
        Row("device bundle of 500 signers", len(data) / 1e3, "kB"),
        Row("make it, every chain checked", statistics.median(made for made, _ in bundles) * 1e3, "ms CPU"),
        Row("read it, signature checked", statistics.median(read for read, _ in reads) * 1e3, "ms CPU"),
        Row("and find a key and its chain", statistics.median(total for _, total in reads) * 1e3, "ms CPU"),
    ]


def _snapshot() -> TrustSnapshot:
    pairs = [make_pair(f"X{number:02}") for number in range(PARTICIPANTS)]
    entries = tuple(make_entries(pairs, SIGNERS + PARTICIPANTS))
    source = Source("did:web:list.example", "did-v2-embedded", Environment.PRIVATE, NOW, len(entries))
    return TrustSnapshot.from_parts((ListPart(source, entries, (), pinned=False),))


def _make(snapshot: TrustSnapshot, own: ec.EllipticCurvePrivateKey, signer: BundleSigner) -> tuple[float, bytes]:
    fresh = TrustSnapshot(snapshot.saved)  # chains that were found before would be kept
    start = time.process_time()
    data = make_bundle(
        fresh,
        at=NOW,
        number=1,
        not_after=NOW + timedelta(days=30),
        sign=lambda message: sign(Algorithm.ES256, own, message),
        key_id=key_id_of(signer.public_key),
    )
    return time.process_time() - start, data


def _read(data: bytes, signer: BundleSigner) -> tuple[float, float]:
    """Seconds until the bundle is read, and until a key of it can check a signature."""
    start = time.process_time()
    bundle = read_bundle(data, keys=(signer,), at=datetime.fromtimestamp(NOW.timestamp() + 60, UTC))
    read = time.process_time()
    trust = bundle.snapshot()
    chained = [key for key in bundle.contents.keys if key.stated.chain.status is ChainStatus.CHAINED]
    (key,) = trust.candidates(chained[0].kid)
    assert isinstance(key.public_key, ec.EllipticCurvePublicKey)
    assert len(bundle.contents.keys) == SIGNERS
    return read - start, time.process_time() - start
