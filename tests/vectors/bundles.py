"""The vectors of device bundles: a file, what its reader knows beforehand, and what it has to find.

A case here becomes two files in `bundle/`, the bundle itself (`.bin`) and what is expected of it (`.json`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.vectors.cases import ANY_DSC, DSC, SCA, TRUST, sign
from tests.vectors.pki import DAY, NOW, Certified, authority, key, list_key_bytes, signer
from trustlist import Environment, KeyUsage, ListEntry, Source, TrustListError, TrustSnapshot, read_pinned_key
from trustlist.bundle import (
    HEAD,
    KEYS,
    MAGIC,
    NO_TIME,
    SECTION,
    Bundle,
    BundleSigner,
    key_id_of,
    make_bundle,
    read_bundle,
)
from trustlist.bundle_keys import CHAIN, KEY, NO_TEXT, NO_VERSION, TEXT, WINDOW
from trustlist.bundle_keys import HEAD as KEYS_HEAD
from trustlist.bundled import BundledKey
from trustlist.jwk import write_jwk
from trustlist.model import HEALTH_CARDS
from trustlist.snapshot_pack import ListPart

SECONDS, A_DAY = int(NOW.timestamp()), int(DAY.total_seconds())
LIFE = 30 * DAY
SIGNER, NEXT_SIGNER, OTHER_NETWORK = key("bundle signer"), key("next bundle signer"), key("bundle signer of production")
PINNED = (
    BundleSigner(SIGNER.public_key(), Environment.PRIVATE),
    BundleSigner(NEXT_SIGNER.public_key(), Environment.PRIVATE),
    BundleSigner(OTHER_NETWORK.public_key(), Environment.PRODUCTION),
)
ISSUER = "https://cards.example/issuer"

_SIGNER = signer("XA", "Forged DSC of XA", SCA)
FORGED = replace(_SIGNER, certificate_der=_SIGNER.certificate_der[:-1] + bytes([_SIGNER.certificate_der[-1] ^ 1]))
"""A signer that its SCA did not sign."""


@dataclass(frozen=True, slots=True)
class BundleCase:
    """One vector: its name, what it is about, its bytes, and what its reader knows."""

    name: str
    about: str
    data: bytes
    at: datetime = NOW
    last_number: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The vector, with what the reader of this repository finds."""
        return {
            "about": self.about,
            "bundle": f"{self.name}.bin",
            "at": _instant(self.at),
            "last_number": self.last_number,
            "expected": self.expected(),
        }

    def expected(self) -> dict[str, Any]:
        """Why it is refused, or everything that is in it."""
        try:
            return _bundle_json(read_bundle(self.data, keys=PINNED, at=self.at, last_number=self.last_number))
        except TrustListError as error:
            return {"refused": error.reason.value}


def cases() -> Iterator[BundleCase]:
    """Every vector."""
    yield from _good()
    yield from _refused()
    yield from _damaged()


def signers() -> list[dict[str, object]]:
    """The keys that a reader pins."""
    return [
        {
            "key_id": each.key_id.hex(),
            "environment": each.environment.value,
            "jwk": {
                name: value
                for name, value in write_jwk(each.public_key, kid="", certificates=()).items()
                if name in {"kty", "crv", "x", "y"}
            },
        }
        for each in PINNED
    ]


@cache
def bundle(trust: str) -> bytes:
    """The bundle of a list that the HC1 vectors name."""
    pinned = read_pinned_key(list_key_bytes())
    return _make(TrustSnapshot.from_did(TRUST[trust], key=pinned))


@cache
def every_kind() -> TrustSnapshot:
    """A list with every kind of key, in every state of chain; keys of an issuer; certificates that are pinned."""
    orphan_sca = authority("XC", "SCA on no list")
    rsa_signer = signer("XA", "RSA DSC of XA", SCA, public_key=_rsa_key())
    p384_signer = signer("XA", "P-384 DSC of XA", SCA, public_key=ec.derive_private_key(7, ec.SECP384R1()).public_key())
    orphan = signer("XC", "DSC of XC", orphan_sca)
    entries = (
        _entry(SCA, usage=KeyUsage.SCA),
        *(_entry(each) for each in (rsa_signer, p384_signer, FORGED, DSC)),
        _entry(orphan, participant="XXC"),
        _entry(ANY_DSC, kid=DSC.kid),  # two keys of one kid
        _entry(signer("XA", "DSC with a kid of its own", SCA), kid=b"own-kid-of-XA", domain="DDCC"),
        _entry(signer("XA", "Key for exchange", SCA), usage=KeyUsage.DESC),
    )
    info = key("card issuer").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    card = ListEntry(b"card-key", (), None, HEALTH_CARDS, KeyUsage.DSC, "keys[0]", info, ISSUER, 3)
    created = NOW - 2 * DAY
    return TrustSnapshot.from_parts(
        (
            _part("did:web:trust.example:v2:trustlist", entries, created=created),
            _part(ISSUER, (card,), created=created + DAY, expires=NOW + 5 * DAY),
            _part(
                "certificates", (_entry(orphan_sca, usage=KeyUsage.SCA, participant=None, domain=None),), pinned=True
            ),
        )
    )


def _good() -> Iterator[BundleCase]:
    current = bundle("current")
    for name in TRUST:
        yield BundleCase(name, f"the list `{name}` of the HC1 vectors", bundle(name))
    kinds = _make(every_kind(), sections={"rules": b'{"rules":[]}', "zz-of-later": bytes(5)})
    yield BundleCase("every-kind", "every kind of key, every state of chain, further sections", kinds)
    yield BundleCase("next-signer", "signed with the second pinned key", _make(_snapshot(), own=NEXT_SIGNER))
    yield BundleCase("number-same", "the bundle that was used last", current, last_number=7)
    yield BundleCase("number-higher", "a bundle was left out", current, last_number=3)
    yield BundleCase("last-second", "the last second in which it counts", current, at=NOW + LIFE)
    yield BundleCase("clock-behind", "this clock is five minutes behind", current, at=NOW - timedelta(minutes=5))


def _refused() -> Iterator[BundleCase]:
    current = bundle("current")
    yield BundleCase("empty", "nothing", b"")
    yield BundleCase("foreign", "another file", b"PRATIQTL" + current[8:])
    yield BundleCase("head-cut", "it ends within the head", current[:60])
    yield BundleCase("version", "of a later version", _signed(_replaced(current, 8, b"\0\2")))
    yield BundleCase("cut", "its last byte is missing", current[:-1])
    yield BundleCase("trailing", "a byte follows", current + b"\0")
    yield BundleCase(
        "signer-unknown", "signed with a key that is not pinned", _make(_snapshot(), own=key("a stranger"))
    )
    forged = _replaced(current, 16, key_id_of(NEXT_SIGNER.public_key()))
    yield BundleCase("signer-other", "it names the other pinned key", forged)
    yield BundleCase("changed", "one bit of a key is another", _replaced(current, -70, bytes([current[-70] ^ 1])))
    yield BundleCase("signature-zero", "a signature of zeros", current[:-64] + bytes(64))
    yield BundleCase("environment", "the pinned key is that of another network", _make(_snapshot(), own=OTHER_NETWORK))
    unknown = _signed(_replaced(current[:-64], 10, b"\7") + bytes(64))
    yield BundleCase("environment-unknown", "an environment that does not exist", unknown)
    yield BundleCase("rolled-back", "a newer one was used before", current, last_number=8)
    yield BundleCase("ahead", "this clock is more than five minutes behind", current, at=NOW - timedelta(seconds=301))
    yield BundleCase("expired", "its end was a second ago", current, at=NOW + LIFE + timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Section:
    """The parts of a section `keys` with one key; each default is right."""

    head: tuple[int, ...] = (1, 0, 2, 1, 1)
    texts: bytes = TEXT.pack(3) + b"DCC" + TEXT.pack(3) + b"XXA"
    chains: bytes = CHAIN.pack(1, 1) + WINDOW.pack(SECONDS - A_DAY, SECONDS + A_DAY)
    kid: bytes = DSC.kid
    numbers: tuple[int, ...] = (1, 0, 1, 65, 1, NO_TEXT, 0, NO_TEXT, 0, NO_VERSION, SECONDS - A_DAY, SECONDS + A_DAY)
    """Kind, flags, usage, size of the key, four texts, chain, version, dates."""
    key: bytes = key("one").public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    after: bytes = b""

    def with_number(self, index: int, value: int) -> Section:
        """The same, but for one number of its key."""
        return replace(self, numbers=(*self.numbers[:index], value, *self.numbers[index + 1 :]))

    def row(self) -> bytes:
        """Its key."""
        return KEY.pack(len(self.kid), *self.numbers) + self.kid + self.key

    def content(self) -> bytes:
        """Its bytes."""
        return KEYS_HEAD.pack(*self.head) + self.texts + self.chains + self.row() + self.after


def _damaged() -> Iterator[BundleCase]:
    good = Section()
    keys = good.content()
    yield BundleCase("one-key", "a bundle of one key, put together by hand", bundle_of((KEYS, keys)))
    lower = replace(good, kid=b"\0")
    pair = replace(good, head=(2, 0, 2, 1, 2), after=lower.row())
    bare = replace(good.with_number(1, 2), kid=b"bare")
    zero_dates = (*good.numbers[:10], 0, 0)
    sections: Mapping[str, tuple[str, bytes]] = {
        "no-keys": ("there is no section of keys", bundle_of(("rules", b"{}"))),
        "no-sections": ("there is no section at all", bundle_of()),
        "section-order": ("the sections are not sorted", bundle_of(("later", b""), (KEYS, keys))),
        "section-twice": ("one section stands there twice", bundle_of((KEYS, keys), (KEYS, keys))),
        "section-name": ("a name in upper case", bundle_of(("KEYS", b""), (KEYS, keys))),
        "section-length": ("a section is longer than the file", bundle_of((KEYS, keys), stated=len(keys) + 1)),
        "section-short": ("bytes follow the sections", bundle_of((KEYS, keys), stated=len(keys) - 1)),
        "table-cut": ("the table is longer than the file", bundle_of((KEYS, b""), count=255)),
        "list-date": ("the list was signed in the year 10000", bundle_of((KEYS, keys), created=253_402_300_800)),
    }
    contents: Mapping[str, tuple[str, Section]] = {
        "keys-more": ("more keys than entries", replace(good, head=(0, 0, 2, 1, 1))),
        "keys-missing": ("fewer keys than stated", replace(good, head=(2, 0, 2, 1, 2))),
        "keys-trailing": ("a byte after the last key", replace(good, after=b"\0")),
        "keys-order": ("the keys are not sorted by kid", pair),
        "text-bytes": (
            "a text that is no UTF-8",
            replace(good, texts=TEXT.pack(3) + b"DC\xff" + TEXT.pack(3) + b"XXA"),
        ),
        "text-number": ("a text that is not there", good.with_number(4, 2)),
        "chain-number": ("a chain that is not there", good.with_number(8, 1)),
        "chain-status": ("a status that does not exist", replace(good, chains=b"\x05" + good.chains[1:])),
        "chain-empty": ("chained, to no SCA", replace(good, chains=CHAIN.pack(1, 0))),
        "chain-unwanted": ("orphaned, and chained to an SCA", replace(good, chains=b"\x02" + good.chains[1:])),
        "kid-empty": ("no kid", replace(good, kid=b"")),
        "kid-long": ("a kid of 65 bytes", replace(good, kid=bytes(65))),
        "kind-unknown": ("a kind of key that does not exist", good.with_number(0, 4)),
        "key-size": ("a point that is too long", replace(good.with_number(3, 66), key=good.key + b"\0")),
        "key-compressed": ("a compressed point", replace(good, key=b"\2" + good.key[1:])),
        "key-empty": ("an RSA key of no bytes", replace(good.with_number(0, 2).with_number(3, 0), key=b"")),
        "flag-unknown": ("a flag that does not exist", good.with_number(1, 128)),
        "usage-unknown": ("a usage that does not exist", good.with_number(2, 7)),
        "date-far": ("it ends in the year 10000", good.with_number(11, 253_402_300_800)),
        "bare-dates": ("a bare key with dates", bare),
        "bare-country": (
            "a bare key with a country",
            replace(bare, numbers=zero_dates).with_number(1, 2).with_number(5, 1),
        ),
    }
    for name, (about, data) in sections.items():
        yield BundleCase(f"damaged-{name}", about, data)
    for name, (about, section) in contents.items():
        yield BundleCase(f"damaged-{name}", about, bundle_of((KEYS, section.content())))
    off_curve = replace(good, key=good.key[:-1] + bytes([good.key[-1] ^ 1]))
    yield BundleCase(
        "point-off-curve", "a point that is no key: found when it is used", bundle_of((KEYS, off_curve.content()))
    )


def bundle_of(
    *sections: tuple[str, bytes], stated: int | None = None, count: int | None = None, created: int = NO_TIME
) -> bytes:
    """A signed bundle of these sections, put together by hand, one of whose lengths may be wrong."""
    own = key_id_of(SIGNER.public_key())
    life = (SECONDS, SECONDS + int(LIFE.total_seconds()))
    head = HEAD.pack(MAGIC, 1, 3, len(sections) if count is None else count, 7, own, *life, created, NO_TIME)
    table = b"".join(SECTION.pack(name.encode(), len(data) if stated is None else stated) for name, data in sections)
    return _signed(head + table + b"".join(data for _, data in sections) + bytes(64))


def _signed(data: bytes) -> bytes:
    """The bundle with its signature made anew."""
    return data[:-64] + sign(SIGNER, data[:-64])


def _replaced(data: bytes, at: int, piece: bytes) -> bytes:
    start = at % len(data)
    return data[:start] + piece + data[start + len(piece) :]


def _make(
    snapshot: TrustSnapshot, *, own: ec.EllipticCurvePrivateKey = SIGNER, sections: Mapping[str, bytes] | None = None
) -> bytes:
    return make_bundle(
        snapshot,
        at=NOW,
        number=7,
        not_after=NOW + LIFE,
        sign=lambda message: sign(own, message),
        key_id=key_id_of(own.public_key()),
        sections=sections or {},
    )


def _snapshot() -> TrustSnapshot:
    return TrustSnapshot.from_did(TRUST["orphaned"], key=read_pinned_key(list_key_bytes()))


def _entry(
    one: Certified,
    *,
    usage: KeyUsage = KeyUsage.DSC,
    kid: bytes | None = None,
    participant: str | None = "XXA",
    domain: str | None = "DCC",
) -> ListEntry:
    return ListEntry(kid or one.kid, (one.certificate_der,), participant, domain, usage, one.name)


def _part(
    name: str,
    entries: tuple[ListEntry, ...],
    *,
    created: datetime | None = None,
    expires: datetime | None = None,
    pinned: bool = False,
) -> ListPart:
    source = Source(name, "vector", Environment.PRIVATE, created, len(entries), expires)
    return ListPart(source, entries, (), pinned=pinned)


def _rsa_key() -> rsa.RSAPublicKey:
    """An RSA key of 2048 bits whose private half nobody has."""
    stream = b"".join(hashlib.sha256(f"pratique vector modulus {number}".encode()).digest() for number in range(8))
    return rsa.RSAPublicNumbers(65_537, int.from_bytes(stream) | 1 | 1 << 2047).public_key()


def _bundle_json(found: Bundle) -> dict[str, Any]:
    return {
        "number": found.number,
        "environment": found.environment.value,
        "key_id": found.key_id.hex(),
        "made": _instant(found.made),
        "not_after": _instant(found.not_after),
        "list_created": _instant(found.list_created),
        "list_expires": _instant(found.list_expires),
        "entries": found.contents.entries,
        "unusable": found.contents.unusable,
        "sections": {name: content.hex() for name, content in found.sections.items()},
        "keys": [_key_json(each) for each in found.contents.keys],
    }


def _key_json(found: BundledKey) -> dict[str, Any]:
    chain = found.stated.chain
    return {
        "kid": found.kid.hex(),
        "public_key_info": (found.public_key_info or b"").hex(),
        "usage": found.usage.value,
        "pinned": found.pinned,
        "bare": found.bare,
        "is_ca": found.is_ca,
        "extended_key_usage": list(found.extended_key_usage),
        "participant": found.participant,
        "country": found.country,
        "domain": found.domain,
        "issuer": found.issuer,
        "crl_version": found.crl_version,
        "not_before": found.not_before,
        "not_after": found.not_after,
        "chain": {
            "status": chain.status.value,
            "reason": None if chain.reason is None else chain.reason.value,
            "authorities": [[each.not_before, each.not_after] for each in chain.authorities],
        },
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
