"""The device bundle: what a browser or a phone needs to verify without a network, in one compact signed file.

    head        magic, version, environment, how many sections, number, signer, dates
    sections    a table of names and lengths, then their bytes; unknown ones are passed over
    signature   ES256 over every byte before it, raw r and s

Big-endian throughout, so that a script reads it with a `DataView` and checks it with WebCrypto alone;
docs/device-bundle.md describes every byte, docs/adr/0011-device-bundle.md says why it is so. Not to be taken for the
file of `pratique trust export`, which carries the lists themselves (`trustlist.update.carry`).

A bundle is believed by its signature, under keys that the reader was given beforehand; its number never goes down, and
it says until when it counts. Chains were checked when it was made. Nothing here reads a clock or a file.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credential.errors import DecodeError
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.algorithms import Algorithm, verify_signature
from trustlist.bundle_keys import KeysSection, read_keys, write_keys
from trustlist.bundle_reader import Cursor, damaged, within_time
from trustlist.bundled import BundledTrust
from trustlist.errors import ListReason, TrustListError
from trustlist.freshness import FUTURE_SKEW
from trustlist.model import Environment, Source
from trustlist.snapshot import TrustSnapshot

MAGIC = b"PRATIQDB"
VERSION = 1
KEYS = "keys"
"""The section that every bundle has."""
DEVICE_BUNDLE = "device-bundle"
"""Kind of a source that is a bundle."""
KEY_ID_BYTES, SIGNATURE_BYTES = 8, 64
MOST_NUMBER = 0xFFFF_FFFF
MOST_SECTIONS = 0xFF

HEAD = struct.Struct(">8sHBBI8sqqqq")
SECTION = struct.Struct(">16sI")
NO_TIME = -(1 << 63)
"""Stands where the lists have no date."""

ENVIRONMENT_CODES: Mapping[Environment, int] = MappingProxyType(
    {
        Environment.PRODUCTION: 0,
        Environment.ACCEPTANCE: 1,
        Environment.DEVELOPMENT: 2,
        Environment.PRIVATE: 3,
    }
)
_ENVIRONMENTS = MappingProxyType({code: environment for environment, code in ENVIRONMENT_CODES.items()})
_NAME = re.compile(r"[a-z][a-z0-9-]{0,15}")
_NO_SECTIONS: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BundleSigner:
    """A key (P-256) whose bundles are believed, and the one network that they may be of."""

    public_key: ec.EllipticCurvePublicKey
    environment: Environment

    @property
    def key_id(self) -> bytes:
        """By which a bundle names it."""
        return key_id_of(self.public_key)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose signature holds and which counted at the moment it was read."""

    number: int
    """Counts up with every bundle that is made; keep it, and hand it to the next `read_bundle`."""
    environment: Environment
    key_id: bytes
    """Which key signed it."""
    made: datetime
    not_after: datetime
    """The last second in which it counts."""
    list_created: datetime | None
    """When the oldest list in it was signed."""
    list_expires: datetime | None
    """When the first list in it ends that says when it does."""
    contents: KeysSection
    sections: Mapping[str, bytes] = field(repr=False)
    """By name, the bytes of every section but `keys`."""

    def snapshot(self) -> BundledTrust:
        """The keys, as a verifier takes them; past `not_after` they are as good as a list past its end."""
        expires = min(self.not_after, self.list_expires or self.not_after)
        return BundledTrust(self.environment, self.list_created, expires, self.contents.keys)


class _Head(NamedTuple):
    """The numbers of the head, in their order."""

    magic: bytes
    version: int
    environment: int
    sections: int
    number: int
    key_id: bytes
    made: int
    not_after: int
    list_created: int
    list_expires: int


def make_bundle(  # noqa: PLR0913 - what a bundle says of itself, each by name
    snapshot: TrustSnapshot,
    *,
    at: datetime,
    number: int,
    not_after: datetime,
    sign: Callable[[bytes], bytes],
    key_id: bytes,
    sections: Mapping[str, bytes] = _NO_SECTIONS,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """A bundle of every key of `snapshot` that may have signed a credential; equal input makes equal bytes.

    `sign` makes a raw ES256 signature (r and s, 64 bytes) with the key that `key_id` names (`key_id_of`). Chains are
    checked here, which takes a while for a long list. `sections` are handed over as they are.

    Raises `TrustListError`: `SOURCE_UNVERIFIED` for lists whose proof was not checked, `DEVICE_BUNDLE_TOO_LARGE`. A
    number, date, name or signature that no bundle can have is a mistake of the caller: `ValueError`.
    """
    if not snapshot.verified:
        raise TrustListError(ListReason.SOURCE_UNVERIFIED)
    head = _Head(
        MAGIC,
        VERSION,
        ENVIRONMENT_CODES[snapshot.environment],
        1 + len(sections),
        number,
        key_id,
        _seconds(at),
        _seconds(not_after),
        NO_TIME if snapshot.created is None else _seconds(snapshot.created),
        NO_TIME if snapshot.expires is None else _seconds(snapshot.expires),
    )
    _require_sound(head, sections)
    parts = {KEYS: write_keys(snapshot), **sections}
    ordered = sorted(parts.items())
    table = (SECTION.pack(name.encode("ascii"), len(content)) for name, content in ordered)
    body = HEAD.pack(*head) + b"".join((*table, *(content for _, content in ordered)))
    if len(body) + SIGNATURE_BYTES > limits.device_bundle_bytes:
        raise TrustListError(ListReason.DEVICE_BUNDLE_TOO_LARGE, limit=limits.device_bundle_bytes)
    signature = sign(body)
    _require(len(signature) == SIGNATURE_BYTES, "a signature is 64 bytes: r and s")
    return body + signature


def read_bundle(
    data: bytes,
    *,
    keys: Iterable[BundleSigner],
    at: datetime,
    last_number: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Bundle:
    """The bundle in these bytes, believed under one of the pinned `keys`, at `at` (timezone-aware).

    1. Size, magic, version: is it a bundle that is read here?
    2. Signature: of the pinned key that it names, over all bytes before. Nothing else is looked at until it holds.
    3. Environment: that of the pinned key.
    4. Number: not below `last_number`, that of the last bundle that this reader used (None for the first).
    5. Dates: made, at most a few minutes in the future; not past its end.
    6. Sections: the table adds up, and `keys` is read whole.

    Raises `TrustListError`, in this order: `DEVICE_BUNDLE_TOO_LARGE`, `…_FOREIGN`, `…_VERSION`, `…_SIGNER_UNKNOWN`,
    `…_SIGNATURE_INVALID`, `ENVIRONMENT_UNEXPECTED`, `…_ROLLED_BACK`, `…_AHEAD`, `…_EXPIRED`, `…_DAMAGED`.
    """
    head = _read_head(data, limits)  # 1
    signer = _verify(data, head, keys)  # 2
    environment = _ENVIRONMENTS.get(head.environment)
    if environment is not signer.environment:  # 3
        raise TrustListError(ListReason.ENVIRONMENT_UNEXPECTED, expected=signer.environment.value)
    if last_number is not None and head.number < last_number:  # 4
        raise TrustListError(ListReason.DEVICE_BUNDLE_ROLLED_BACK, number=head.number, last=last_number)
    _check_dates(head, _seconds(at))  # 5
    sections = _read_sections(data, head.sections)  # 6
    created, expires = _optional_moment(head.list_created), _optional_moment(head.list_expires)
    source = Source(DEVICE_BUNDLE, DEVICE_BUNDLE, environment, created, 0, expires)
    return Bundle(
        number=head.number,
        environment=environment,
        key_id=head.key_id,
        made=_moment(head.made),
        not_after=_moment(head.not_after),
        list_created=created,
        list_expires=expires,
        contents=read_keys(sections.pop(KEYS), source, limits),
        sections=MappingProxyType(sections),
    )


def key_id_of(public_key: ec.EllipticCurvePublicKey) -> bytes:
    """The first eight bytes of SHA-256 over its SubjectPublicKeyInfo (DER)."""
    info = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()[:KEY_ID_BYTES]


def is_bundle(data: bytes) -> bool:
    """Whether these bytes begin like a device bundle."""
    return data.startswith(MAGIC)


def _read_head(data: bytes, limits: Limits) -> _Head:
    if len(data) > limits.device_bundle_bytes:
        raise TrustListError(ListReason.DEVICE_BUNDLE_TOO_LARGE, limit=limits.device_bundle_bytes)
    if not is_bundle(data) or len(data) < HEAD.size + SIGNATURE_BYTES:
        raise TrustListError(ListReason.DEVICE_BUNDLE_FOREIGN)
    head = _Head(*HEAD.unpack_from(data))
    if head.version != VERSION:
        raise TrustListError(ListReason.DEVICE_BUNDLE_VERSION, found=head.version, readable=VERSION)
    return head


def _verify(data: bytes, head: _Head, keys: Iterable[BundleSigner]) -> BundleSigner:
    signer = next((key for key in keys if key.key_id == head.key_id), None)
    if signer is None:
        raise TrustListError(ListReason.DEVICE_BUNDLE_SIGNER_UNKNOWN, key=head.key_id.hex())
    signed, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    try:
        verify_signature(Algorithm.ES256, signer.public_key, signature, signed)
    except DecodeError as error:
        raise TrustListError(ListReason.DEVICE_BUNDLE_SIGNATURE_INVALID, cause=error.reason.value) from error
    return signer


def _check_dates(head: _Head, now: int) -> None:
    within_time(head.made, head.not_after)
    if head.made > now + FUTURE_SKEW.total_seconds():
        raise TrustListError(ListReason.DEVICE_BUNDLE_AHEAD, made=head.made)
    if now > head.not_after:
        raise TrustListError(ListReason.DEVICE_BUNDLE_EXPIRED, not_after=head.not_after)


def _read_sections(data: bytes, count: int) -> dict[str, bytes]:
    cursor = Cursor(data[:-SIGNATURE_BYTES], "sections", HEAD.size)
    table = [cursor.unpack(SECTION) for _ in range(count)]
    sections = {_section_name(name): cursor.take(size) for name, size in table}
    cursor.end()
    if KEYS not in sections or list(sections) != sorted(sections) or len(sections) != count:
        raise damaged("sections")
    return sections


def _section_name(padded: bytes) -> str:
    name = padded.rstrip(b"\0").decode("ascii", "replace")
    if _NAME.fullmatch(name) is None:
        raise damaged("sections")
    return name


def _require_sound(head: _Head, own: Mapping[str, bytes]) -> None:
    _require(0 < head.number <= MOST_NUMBER, "a bundle's number is between 1 and 4,294,967,295")
    _require(head.made <= head.not_after, "a bundle ends after it is made")
    _require(len(head.key_id) == KEY_ID_BYTES, "a key identifier is 8 bytes")
    _require(head.sections <= MOST_SECTIONS, "a bundle has at most 255 sections")
    _require(KEYS not in own, "the section `keys` is made here")
    _require(all(_NAME.fullmatch(name) for name in own), "a section's name is up to 16 of a-z, 0-9 and -")


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _seconds(moment: datetime) -> int:
    """Whole seconds since 1970: the second in which a moment lies."""
    _require(moment.tzinfo is not None, "a moment must be timezone-aware")
    return math.floor(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _optional_moment(seconds: int) -> datetime | None:
    return None if seconds == NO_TIME else _moment(within_time(seconds, seconds)[0])
