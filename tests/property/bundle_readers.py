"""The reader of device bundles, as a stranger reaches it and as a signer who goes wrong does."""

from __future__ import annotations

import struct
from typing import Any

from tests.property.choices import BYTES, Choices
from tests.property.reader import MIB, Reader
from tests.vectors.bundles import PINNED, SIGNER, Section, bundle_of, cases
from tests.vectors.cases import sign
from tests.vectors.pki import NOW
from trustlist import TrustListError
from trustlist.bundle import HEAD, KEYS, read_bundle

VECTORS = {case.name: case.data for case in cases()}
GOOD = tuple(VECTORS[name] for name in ("every-kind", "current", "one-key"))


def read_stranger(data: bytes) -> None:
    """What is believed is what was signed."""
    read_bundle(data, keys=PINNED, at=NOW)
    assert data in VECTORS.values()


def read_signed(data: bytes) -> None:
    """A bundle whose signature holds, whatever is in it, can be asked everything."""
    signed = data[:-64]
    found = read_bundle(signed + sign(SIGNER, signed), keys=PINNED, at=NOW)
    trust = found.snapshot()
    for key in trust.keys:
        assert key in trust.candidates(key.kid)
        assert trust.chain(key) is key.stated.chain
        try:
            assert key.public_key is not None
        except TrustListError:
            continue


def shaped(choices: Choices) -> bytes:
    """One key whose every number may be anything."""
    good = Section()
    section = good.with_number(choices.below(len(good.numbers)), choices.below(0x100))
    content = bytearray(section.content())
    for _ in range(choices.below(3)):
        piece = choices.pick(BYTES)
        at = choices.below(len(content))
        content[at : at + len(piece) * choices.below(2)] = piece
    return bundle_of((KEYS, bytes(content)))


def flood(count: int, *numbers: int) -> bytes:
    """A bundle that states more than it holds."""
    return bundle_of((KEYS, struct.pack(">IIHHI", *numbers) + bytes(count)))


FLOODS = (
    flood(0, 1_000_000, 0, 0xFFFF, 0xFFFF, 1_000_000),
    flood(0x2_0000, 1_000_000, 0, 0xFFFF, 0, 1_000_000),
    GOOD[0][: HEAD.size] + bytes(MIB) + GOOD[0][-64:],
    GOOD[0] + bytes(17 * MIB),
)
ROWS: tuple[Reader[Any], ...] = (
    Reader("device-bundle", read_stranger, GOOD, floods=FLOODS, refuses=(TrustListError,)),
    Reader("device-bundle-signed", read_signed, GOOD, shaped=shaped, floods=FLOODS, refuses=(TrustListError,)),
)
