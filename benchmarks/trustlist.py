"""From the file of a saved snapshot of 100,000 keys to the first key in hand, and what lookups and memory cost.

The list is made up of 50 participants with one SCA and one real signer each; every other certificate is a signer's
with another serial number, so that all differ, have a real one's size, and only the real ones chain.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from benchmarks.measure import Row
from credential.wire.x509 import kid_of
from trustlist import ChainStatus, Environment, KeyUsage, ListEntry, Source, TrustSnapshot
from trustlist.snapshot_pack import ListPart

KEYS, PARTICIPANTS, LOOKUPS = 100_000, 50, 20_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_SERIAL = int.from_bytes(b"\x70" + b"serial of 16 by", "big")


@dataclass(frozen=True, slots=True)
class Pair:
    """An SCA and the one signer that it issued."""

    participant: str
    authority: bytes
    signer: bytes


def run(rounds: int) -> list[Row]:
    """Medians of `rounds` rounds; times are CPU time of this process."""
    pairs = [make_pair(f"X{number:02}") for number in range(PARTICIPANTS)]
    entries = tuple(make_entries(pairs, KEYS))
    source = Source("did:web:list.example", "did-v2-embedded", Environment.PRIVATE, NOW, len(entries))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trust.snapshot"
        TrustSnapshot.from_parts((ListPart(source, entries, (), pinned=False),)).save(path)
        megabytes = path.stat().st_size / 1e6
        times = [_time_first_key(path, kid_of(pairs[number % PARTICIPANTS].signer)) for number in range(rounds)]
        first, again = _time_lookups(path, entries)
        memory = _memory(path, len(entries))
    return [
        Row("saved snapshot of 100,000 keys", megabytes, "MB"),
        Row("load it, digest checked", statistics.median(load for load, _ in times), "s CPU"),
        Row("and find a key, its chain and public key", statistics.median(total for _, total in times), "s CPU"),
        Row("first lookup of a kid", first, "µs"),
        Row("next lookup of it", again, "µs"),
        Row("memory after loading", memory, "bytes a key"),
    ]


def make_pair(participant: str) -> Pair:
    """A participant with certificates of the fields that real ones have."""
    sca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    sca_name, name = _name(participant, "Signer certificate authority"), _name(participant, "Document signer 1")
    sca = _builder(sca_name, sca_name, sca_key).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    signer = _builder(name, sca_name, key).serial_number(_SERIAL)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(sca_key.public_key())
    address = x509.UniformResourceIdentifier(f"https://pki.health.example/{participant}/crl/sca-1.crl")
    point = x509.DistributionPoint([address], None, None, None)
    signer = signer.add_extension(identifier, critical=False)
    signer = signer.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Pair(
        participant,
        sca.serial_number(x509.random_serial_number()).sign(sca_key, hashes.SHA256()).public_bytes(Encoding.DER),
        signer.sign(sca_key, hashes.SHA256()).public_bytes(Encoding.DER),
    )


def make_entries(pairs: list[Pair], count: int) -> Iterator[ListEntry]:
    """`count` entries: each SCA, each real signer, then signers of other serial numbers, participants in turn."""
    for pair in pairs:
        yield _entry(pair.authority, pair, KeyUsage.SCA)
    for number in range(count - len(pairs)):
        pair = pairs[number % len(pairs)]
        other = pair.signer.replace(_SERIAL.to_bytes(16, "big"), (_SERIAL + number // len(pairs)).to_bytes(16, "big"))
        yield _entry(other, pair, KeyUsage.DSC)


def _entry(der: bytes, pair: Pair, usage: KeyUsage) -> ListEntry:
    certificates = (der,) if usage is KeyUsage.SCA else (der, pair.authority)
    return ListEntry(kid_of(der), certificates, pair.participant, "DCC", usage, "verificationMethod[12345]")


def _name(participant: str, common: str) -> x509.Name:
    parts = {
        NameOID.COUNTRY_NAME: "XA",
        NameOID.ORGANIZATION_NAME: f"Ministry of Health of {participant}",
        NameOID.ORGANIZATIONAL_UNIT_NAME: "Digital health",
        NameOID.COMMON_NAME: common,
    }
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts.items()])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.not_valid_before(NOW - timedelta(days=30)).not_valid_after(NOW + timedelta(days=700))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _time_first_key(path: Path, kid: bytes) -> tuple[float, float]:
    """Seconds until the snapshot is loaded, and until a key can check a signature under an SCA of the same list."""
    start = time.process_time()
    snapshot = TrustSnapshot.load(path)
    loaded = time.process_time()
    (key,) = snapshot.candidates(kid)
    assert snapshot.chain(key).status is ChainStatus.CHAINED
    assert isinstance(key.public_key, ec.EllipticCurvePublicKey)
    return loaded - start, time.process_time() - start


def _time_lookups(path: Path, entries: tuple[ListEntry, ...]) -> tuple[float, float]:
    """Microseconds of a lookup in an untouched snapshot, and of the same lookup again."""
    snapshot = TrustSnapshot.load(path)
    kids = [entry.kid for entry in entries[PARTICIPANTS :: max(1, len(entries) // LOOKUPS)]]
    found = []
    for _ in range(2):
        start = time.process_time()
        for kid in kids:
            snapshot.candidates(kid)
        found.append((time.process_time() - start) / len(kids) * 1e6)
    return found[0], found[1]


def _memory(path: Path, keys: int) -> float:
    tracemalloc.start()
    snapshot = TrustSnapshot.load(path)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(snapshot) == keys
    return held / keys
