"""The readers of the HCERT layers, of whole texts, and of verdicts."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

import cbor2

from credential.errors import PratiqueError, Stage
from credential.wire import base45, cbor, cose, cwt, deflate, hcert
from credential.wire.algorithms import ALGORITHMS, Algorithm, verify_signature
from credential.wire.cbor_scan import scan
from credential.wire.cwt import Claims
from tests.property import shapes
from tests.property.reader import MIB, Reader
from tests.property.shapes import HEADER
from tests.verifier.scene import NOW, SIGNER, TRUST, dcc, parts
from verifier import Outcome, verify

T = TypeVar("T")


def sign1_seeds() -> tuple[bytes, ...]:
    """A good message, and the deviations of real issuers."""
    good = parts().sign1()
    claims = {"1": "XA", "4": 1.5e9, "6": 1_798_761_600_000, "-260": {"1": dcc()[1]}}
    return (
        good,
        good[1:],
        b"\xd8\x3d" + good,
        parts(protected={1: -7}, unprotected={4: SIGNER.kid}).sign1(),
        parts(protected={}, unprotected={1: -7, 4: "AAECAwQFBgc="}).sign1(),
        cose.encode_sign1(HEADER, cbor2.dumps(claims), bytes(64)),
        cose.encode_sign1(HEADER, cbor2.dumps({-260: cbor2.dumps(dcc())}), bytes(256)),
        cose.encode_sign1(b"\xa1\x01\x38\x24", b"\xa1\x06\xc0\x74" + b"2026-02-11T08:00:00Z", bytes(256)),
    )


SIGN1 = sign1_seeds()
PAYLOADS = tuple(cose.decode_sign1(data).payload for data in SIGN1)
TEXTS = tuple(hcert.encode(data) for data in SIGN1)
STREAMS = tuple(zlib.compress(data, level) for level in (0, 1, 9) for data in SIGN1[:3])


def bomb(mebibytes: int) -> bytes:
    """A zlib stream that would grow to so many MiB."""
    maker = zlib.compressobj(9)
    return b"".join(maker.compress(bytes(MIB)) for _ in range(mebibytes)) + maker.flush()


def colliding(pairs: int) -> bytes:
    """A map whose keys, arrays of 0, b"" and "", have one hash in CPython."""
    keys = (bytes((0x89, *(b"\x00\x40\x60"[number // 3**place % 3] for place in range(9)))) for number in range(pairs))
    return b"\xb9" + pairs.to_bytes(2, "big") + b"".join(key + b"\0" for key in keys)


BOMB = bomb(64)
WIDE = b"\x99\x3f\x00" + b"\x80" * 0x3F00
COLLIDING = colliding(1400)
FLOODS = (
    *(b"\x81" * 100_000, b"\xa1\x00" * 8000, b"\xa1" * 16_000, b"\xd2" * 100_000, b"\xc0" * 16_000, bytes(10 * MIB)),
    *(WIDE, WIDE.replace(b"\x80", b"\xa0"), b"\x99\xff\xff" + bytes(16_000), COLLIDING, colliding(6000)),
    *(b"\x9b" + b"\xff" * 8, b"\x5b\x00\x00\x00\x10" + bytes(4), b"\xbb\x00\x00\x00\x01" + bytes(4)),
)
MESSAGE_FLOODS = (*FLOODS, cose.encode_sign1(HEADER, COLLIDING, b""), cose.encode_sign1(COLLIDING, b"\xa0", b""))
TEXT_FLOODS = (
    *("HC1:" + "0" * (10 * MIB), " " * (10 * MIB), "HC1:" + ":" * 16_000, "HC1:" + " " * 16_380, "😀" * MIB),
    *("HC1:" + base45.encode(BOMB)[:16_380], *(hcert.encode(flood) for flood in MESSAGE_FLOODS)),
)


def read_cbor(data: bytes) -> None:
    """What is read can be shown, and `scan` says the same of it."""
    value, deviations = cbor.loads(data, Stage.CWT)
    assert scan(data, Stage.CWT) == deviations
    assert settled(lambda: cbor.deviations(data, Stage.CWT)) == deviations
    show(value)


def read_sign1(data: bytes) -> None:
    """What is read can be checked, whether or not its signature holds."""
    check_sign1(cose.decode_sign1(data))


def read_claims(data: bytes) -> None:
    """What is read can be shown, and its times are times."""
    check_claims(cwt.decode_claims(data))


def read_text(text: str) -> None:
    """All layers, and what holds of each."""
    message = hcert.decode(text)
    settled(lambda: message.deviations)
    check_claims(message.claims)
    check_sign1(message.sign1)


def read_stream(data: bytes) -> None:
    """The outermost layer is good, so that the next one meets whatever there is."""
    read_text("HC1:" + base45.encode(data))


def read_message(data: bytes) -> None:
    """The outer layers are good, so that COSE and CWT meet whatever there is."""
    read_text(hcert.encode(data))


def settled(ask: Callable[[], T]) -> T:
    """The answer of something that was read; it is too late for a refusal."""
    try:
        return ask()
    except PratiqueError as error:
        raise AssertionError from error


def check_sign1(sign1: cose.Sign1) -> None:
    settled(lambda: sign1.deviations)
    assert sign1.kid is None or len(sign1.kid) <= 64
    if sign1.algorithm is not None:
        verify_signature(sign1.algorithm, SIGNER.private_key.public_key(), sign1.signature, sign1.to_be_signed())


def check_claims(claims: Claims) -> None:
    settled(lambda: claims.deviations)
    for seconds in (claims.issued, claims.not_before, claims.expires):
        assert seconds is None or 0 <= seconds < 2**33
        assert type(seconds) in {int, type(None)}
    show(claims.root)


def show(value: Any) -> None:
    json.dumps(cbor.to_json(value), allow_nan=False).encode()


def judge(text: str) -> None:
    """A verdict on any text, which can be shown, and is green for no other content than was signed."""
    verdict = verify(text, trust=TRUST, at=NOW)
    json.dumps(verdict.to_dict(), allow_nan=False)
    if verdict.outcome is Outcome.ACCEPTED:
        assert verdict.payload == ACCEPTED_PAYLOAD


def judge_signed(payload: bytes) -> None:
    """A verdict on any payload that was signed: the checks behind the signature meet whatever there is."""
    message = cose.encode_sign1(HEADER, payload, sign(cose.to_be_signed(HEADER, payload)))
    json.dumps(verify(hcert.encode(message), trust=TRUST, at=NOW).to_dict(), allow_nan=False)


def sign(message: bytes) -> bytes:
    return ALGORITHMS[Algorithm.ES256].sign(SIGNER.private_key, message)


ACCEPTED_PAYLOAD = verify(TEXTS[0], trust=TRUST, at=NOW).payload

ROWS: tuple[Reader[Any], ...] = (
    Reader("base45", base45.decode, tuple(text[4:] for text in TEXTS), floods=TEXT_FLOODS),
    Reader("deflate", deflate.inflate, STREAMS, floods=(BOMB, BOMB[:-9], bytes(10 * MIB), *STREAMS)),
    Reader("cbor", read_cbor, (*SIGN1[1:2], *PAYLOADS), shapes.anything, FLOODS),
    Reader("cose", read_sign1, SIGN1, shapes.message, MESSAGE_FLOODS),
    Reader("cwt", read_claims, PAYLOADS, shapes.claims, FLOODS),
    Reader("hcert", read_text, TEXTS, floods=TEXT_FLOODS),
    Reader("hcert-deflate", read_stream, STREAMS, floods=(BOMB, *STREAMS)),
    Reader("hcert-cose", read_message, SIGN1, shapes.message, MESSAGE_FLOODS),
    Reader("verify", judge, TEXTS, floods=TEXT_FLOODS, refuses=()),
    Reader("verify-signed", judge_signed, PAYLOADS, shapes.claims, FLOODS, refuses=()),
)
