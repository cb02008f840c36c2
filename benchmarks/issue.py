"""Certificates issued per second on one core, from the record to the text, against bare signing by the same key.

The bare limit gets the key object and the bytes to sign ready-made. "Wrap" is given the content of a certificate and
writes, signs, compresses and encodes it: what other libraries call signing. `issue` begins with the clinic's record:
it reads and checks it and makes the identifier and the standardised names. Drawing the QR code comes on top, and is
shown apart: text can be stored, and drawn when it is printed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from benchmarks.measure import Contender, Row, median_ratio, rates
from credential.wire import cose, cwt, hcert
from credential.wire.qr import Engine
from issuer import KeySigner, issue
from issuer.keys import KeyKind, create_dsc, create_sca, new_private_key
from issuer.private_key import PrivateKey
from issuer.subject import Subject

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDS, SLICE, SLICE_RSA, SLICE_DRAWN = 1000, 1000, 100, 20
_SURNAMES = (
    "Lindqvist",
    "Okoye-Lind",
    "Abara",
    "Van der Meer",
    "Červenková",
    "O'Shea",
    "Haddad",
    "Nguyen",
    "Müller",
    "Silva",
)
_FORENAMES = ("Amara", "Noor", "Mara Adaeze", "José", "Ines", "Tomás", "Lea-Marie", "Bao", "Samira", "Jonas")


def make_records(count: int) -> list[dict[str, Any]]:
    """Vaccination records of many people, one name in five beyond plain letters."""
    return [
        {
            "kind": "eu-dcc",
            "name": {
                "surname": _SURNAMES[number % len(_SURNAMES)],
                "forename": _FORENAMES[number // len(_SURNAMES) % len(_FORENAMES)],
            },
            "birth_date": f"{1930 + number % 80}-{1 + number % 12:02}-{1 + number % 28:02}",
            "vaccination": {
                "disease": "840539006",
                "vaccine": "1119349007",
                "product": "EU/1/20/1528",
                "manufacturer": "ORG-100030215",
                "dose": 2,
                "series": 2,
                "date": f"2026-02-{1 + number % 28:02}",
                "country": "XA",
                "issuer": "Ministry of Health XA",
            },
        }
        for number in range(count)
    ]


def make_key_and_signer(kind: KeyKind) -> tuple[PrivateKey, KeySigner]:
    """A document signer under a new authority."""
    sca_key, key = new_private_key(kind), new_private_key(kind)
    sca = create_sca(Subject("XA", "Benchmark SCA"), key=sca_key, at=NOW)
    dsc = create_dsc(Subject("XA", "Benchmark DSC"), public_key=key.public_key(), sca=sca, sca_key=sca_key, at=NOW)
    return key, KeySigner(dsc, key)


def run(rounds: int) -> list[Row]:
    """Rates and ratios of `rounds` interleaved rounds."""
    records = make_records(RECORDS)
    contenders: dict[str, Contender] = {}
    for name, kind, size in (("ES256", KeyKind.P256, SLICE), ("PS256", KeyKind.RSA3072, SLICE_RSA)):
        key, signer = make_key_and_signer(kind)
        contenders[f"bare {name}"] = _bare(key, signer, records, size)
        contenders[f"issue {name}"] = _ours(signer, records, size)
        contenders[f"wrap {name}"] = _wrapped(signer, records, size)
        if name == "ES256":
            contenders["drawn"] = _drawn(signer, records)
    found = rates(contenders, rounds)
    rows = []
    for name, key_name in (("ES256", "P-256"), ("PS256", "RSA-3072")):
        bare, wrapped, ours = (found[f"{what} {name}"] for what in ("bare", "wrap", "issue"))
        rows += [
            Row(f"bare {name} signature, {key_name} (the limit)", _median(bare), "/s"),
            Row(f"wrap {name}", _median(wrapped), "/s"),
            Row(f"wrap {name} ÷ limit", median_ratio(wrapped, bare), "ratio"),
            Row(f"issue {name}", _median(ours), "/s"),
            Row(f"issue {name} ÷ limit", median_ratio(ours, bare), "ratio"),
        ]
    return [*rows, Row("issue ES256 and draw the QR code as PNG", _median(found["drawn"]), "/s")]


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _bare(key: PrivateKey, signer: KeySigner, records: list[dict[str, Any]], size: int) -> Contender:
    messages = [
        hcert.decode(issue(record, signer=signer, at=NOW).text).sign1.to_be_signed() for record in records[:size]
    ]
    turns = cycle(messages)
    digest = hashes.SHA256()
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)

        def work_rsa() -> int:
            for message in islice(turns, size):
                key.sign(message, pss, digest)
            return size

        return work_rsa
    ecdsa = ec.ECDSA(digest)

    def work() -> int:
        for message in islice(turns, size):
            key.sign(message, ecdsa)
        return size

    return work


def _ours(signer: KeySigner, records: list[dict[str, Any]], size: int) -> Contender:
    turns = cycle(records)

    def work() -> int:
        for record in islice(turns, size):
            issue(record, signer=signer, at=NOW)
        return size

    return work


def _wrapped(signer: KeySigner, records: list[dict[str, Any]], size: int) -> Contender:
    contents = [issue(record, signer=signer, at=NOW).credential.to_claim() for record in records[:size]]
    turns = cycle(contents)
    protected = cose.protected_header(signer.algorithm, signer.kid)
    now = int(NOW.timestamp())

    def work() -> int:
        for content in islice(turns, size):
            payload = cwt.encode_claims(issuer="XA", issued=now, expires=now + 31_536_000, hcert={1: content})
            signature = signer.sign(cose.to_be_signed(protected, payload))
            hcert.encode(cose.encode_sign1(protected, payload, signature))
        return size

    return work


def _drawn(signer: KeySigner, records: list[dict[str, Any]]) -> Contender:
    turns = cycle(records)

    def work() -> int:
        for record in islice(turns, SLICE_DRAWN):
            issue(record, signer=signer, at=NOW).qr_png(engine=Engine.ZXING)
        return SLICE_DRAWN

    return work
