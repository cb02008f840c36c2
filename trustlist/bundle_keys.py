"""The section `keys` of a device bundle, both ways; docs/device-bundle.md describes it byte by byte.

    head        entries of the lists, entries that cannot be used, number of texts, of chains, of keys
    texts       every participant, country, domain and issuer once, sorted
    chains      every chain once: its status, the dates of the SCAs whose signature holds
    keys        sorted by kid, those of one kid in the order of the lists

A key is written without certificate. What a verdict needs of it stands here: the chain is what `trustlist.chain` found
when the bundle was made, the purposes are those that `credential.usage` knows. SCAs and keys for other uses stay out;
no verdict asks for them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credential.limits import Limits
from credential.usage import OID_OF, allowed_groups
from credential.wire.algorithms import Algorithm, algorithm_of
from trustlist.bundle_reader import Cursor, damaged, within_time
from trustlist.bundled import UNCHAINED, BundledKey, Stated
from trustlist.chain import Chain, ChainStatus
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, Source, TrustedKey
from trustlist.snapshot import TrustSnapshot

SizedT = TypeVar("SizedT", bound=Sized)

HEAD = struct.Struct(">IIHHI")
TEXT = struct.Struct(">H")
CHAIN = struct.Struct(">BB")
WINDOW = struct.Struct(">qq")
KEY = struct.Struct(">BBBBHHHHHHIqq")
NO_TEXT, NO_VERSION = 0xFFFF, 0xFFFF_FFFF
"""Stand where a key has no such name, no `crlVersion`."""
MOST_ROWS = 0xFFFF
"""Texts or chains of one bundle, and bytes of one text: 2 bytes count them, and `NO_TEXT` is no number."""
MOST_WINDOWS = 0xFF
"""SCAs of one chain."""

P256, RSA, OTHER = 1, 2, 3
"""How a public key is written: as the 65 bytes of its point, or as SubjectPublicKeyInfo; nothing signs with `OTHER`."""
_KIND_OF = MappingProxyType({Algorithm.ES256: P256, Algorithm.PS256: RSA, None: OTHER})
_POINT_BYTES = 65
_UNCOMPRESSED = b"\x04"
_P256_INFO = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""What stands before the point in the SubjectPublicKeyInfo of a P-256 key (RFC 5480 §2)."""

PINNED, BARE, CA = 1, 2, 4
GROUP_FLAGS: Mapping[str, int] = MappingProxyType({"test": 16, "vaccination": 32, "recovery": 64})
_ALL_FLAGS = PINNED | BARE | CA | sum(GROUP_FLAGS.values())
USAGE_CODES: Mapping[KeyUsage, int] = MappingProxyType(
    {KeyUsage.DSC: 1, KeyUsage.SCA: 2, KeyUsage.DECA: 3, KeyUsage.DESC: 4, KeyUsage.TLS: 5, KeyUsage.UP: 6}
)
_USAGES = MappingProxyType({code: usage for usage, code in USAGE_CODES.items()})
_STATUS_CODES: Mapping[tuple[ChainStatus, ListReason | None], int] = MappingProxyType(
    {
        (ChainStatus.PINNED, None): 0,
        (ChainStatus.CHAINED, None): 1,
        (ChainStatus.ORPHANED, ListReason.SCA_MISSING): 2,
        (ChainStatus.BAD_SIGNATURE, ListReason.SCA_SIGNATURE_INVALID): 3,
        (ChainStatus.BAD_SIGNATURE, ListReason.SCA_SIGNATURE_WEAK): 4,
    }
)
_STATUSES = MappingProxyType({code: status for status, code in _STATUS_CODES.items()})
_CHAINED = _STATUS_CODES[ChainStatus.CHAINED, None]


@dataclass(frozen=True, slots=True)
class KeysSection:
    """What the section holds."""

    entries: int
    """How many entries the lists had, whatever became of them."""
    unusable: int
    """How many of them cannot be used at all (`TrustSnapshot.rejected`, and signers that cannot be read)."""
    keys: tuple[BundledKey, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One key to be written, its texts and its chain not numbered yet."""

    kid: bytes
    key: bytes
    kind: int
    flags: int
    usage: int
    texts: tuple[bytes | None, ...]
    chain: bytes
    crl_version: int
    dates: tuple[int, int]


class _Tables(NamedTuple):
    """What keys that are read refer to."""

    texts: Sequence[str]
    chains: Sequence[Chain]
    source: Source
    kid_bytes: int
    """How long a kid may be."""


def write_keys(snapshot: TrustSnapshot) -> bytes:
    """The section for every key of a snapshot that may have signed a credential.

    Raises `TrustListError` (`DEVICE_BUNDLE_TOO_LARGE`) for more names or chains than the form can number.
    """
    rows: dict[_Row, None] = {}  # what is listed twice alike is written once
    unusable = len(snapshot.rejected)
    for key in snapshot.keys():  # noqa: SIM118 - a snapshot is no mapping
        if not (key.pinned or key.usage is KeyUsage.DSC):
            continue
        try:
            rows[_row(key, snapshot.chain(key))] = None
        except TrustListError:
            unusable += 1
    ordered = sorted(rows, key=lambda row: row.kid)
    texts = sorted({text for row in ordered for text in row.texts if text is not None})
    chains = sorted({row.chain for row in ordered})
    _bounded(texts, MOST_ROWS)
    _bounded(chains, MOST_ROWS)
    number_of_text: dict[bytes | None, int] = {None: NO_TEXT, **{text: number for number, text in enumerate(texts)}}
    number_of_chain = {chain: number for number, chain in enumerate(chains)}
    return b"".join(
        (
            HEAD.pack(len(snapshot) + len(snapshot.rejected), unusable, len(texts), len(chains), len(ordered)),
            *(TEXT.pack(len(text)) + text for text in texts),
            *chains,
            *(_pack_row(row, number_of_text, number_of_chain[row.chain]) for row in ordered),
        )
    )


def read_keys(data: bytes, source: Source, limits: Limits) -> KeysSection:
    """The section in these bytes, every row of it read; public keys are made when they are first asked for.

    Raises `TrustListError` (`DEVICE_BUNDLE_DAMAGED`) with the place (`at`).
    """
    cursor = Cursor(data, "keys")
    entries, unusable, text_count, chain_count, key_count = cursor.unpack(HEAD)
    if entries > limits.trust_list_keys or key_count > entries:
        raise damaged("keys.head")
    texts = tuple(cursor.text(TEXT) for _ in range(text_count))
    chains = tuple(_read_chain(cursor, source) for _ in range(chain_count))
    tables = _Tables(texts, chains, source, limits.kid_bytes)
    keys = tuple(_read_key(cursor, number, tables) for number in range(key_count))
    cursor.end()
    if any(first.kid > second.kid for first, second in pairwise(keys)):
        raise damaged("keys.order")
    return KeysSection(entries, unusable, keys)


def _row(key: TrustedKey, chain: Chain) -> _Row:
    kind = _KIND_OF[algorithm_of(key.public_key)]
    return _Row(
        kid=key.kid,
        key=_key_bytes(key, kind),
        kind=kind,
        flags=_flags(key),
        usage=USAGE_CODES[key.usage],
        texts=tuple(map(_text_bytes, (key.participant, key.country, key.domain, key.issuer))),
        chain=_chain_bytes(chain),
        crl_version=NO_VERSION if key.crl_version is None else key.crl_version,
        dates=(key.not_before or 0, key.not_after or 0),
    )


def _key_bytes(key: TrustedKey, kind: int) -> bytes:
    """A P-256 key as WebCrypto imports it (`raw`), every other as `spki`; an RSA key is named rsaEncryption in it."""
    public_key = key.public_key
    if kind == P256 and isinstance(public_key, ec.EllipticCurvePublicKey):
        return public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _flags(key: TrustedKey) -> int:
    groups = allowed_groups(key.extended_key_usage) or ()
    flags = PINNED * key.pinned | BARE * key.bare | CA * key.is_ca
    return flags | sum(GROUP_FLAGS[group] for group in groups)


def _text_bytes(text: str | None) -> bytes | None:
    return None if text is None else _bounded(text.encode("utf-8", "replace"), MOST_ROWS)


def _chain_bytes(chain: Chain) -> bytes:
    distinct = dict.fromkeys((sca.not_before or 0, sca.not_after or 0) for sca in chain.authorities)
    windows = _bounded(tuple(distinct), MOST_WINDOWS)
    status = _STATUS_CODES[chain.status, chain.reason]
    return CHAIN.pack(status, len(windows)) + b"".join(WINDOW.pack(*window) for window in windows)


def _bounded(value: SizedT, most: int) -> SizedT:
    if len(value) > most:
        raise TrustListError(ListReason.DEVICE_BUNDLE_TOO_LARGE, limit=most)
    return value


def _pack_row(row: _Row, number_of_text: Mapping[bytes | None, int], chain: int) -> bytes:
    numbers = (number_of_text[text] for text in row.texts)
    sizes = (row.kind, row.flags, row.usage, len(row.key))
    return KEY.pack(len(row.kid), *sizes, *numbers, chain, row.crl_version, *row.dates) + row.kid + row.key


def _read_chain(cursor: Cursor, source: Source) -> Chain:
    code, count = cursor.unpack(CHAIN)
    windows = [cursor.unpack(WINDOW) for _ in range(count)]
    if code not in _STATUSES or (code == _CHAINED) is not bool(windows):
        raise damaged("keys.chain")
    status, reason = _STATUSES[code]
    return Chain(status, tuple(_authority(within_time(*window), source) for window in windows), reason)


def _authority(dates: tuple[int, int], source: Source) -> BundledKey:
    """An SCA of which nothing but its dates is known."""
    return BundledKey(
        kid=b"",
        certificate=b"",
        participant=None,
        domain=None,
        usage=KeyUsage.SCA,
        pinned=False,
        source=source,
        position="chain",
        stated=Stated(UNCHAINED, *dates, is_ca=True),
    )


def _read_key(cursor: Cursor, number: int, tables: _Tables) -> BundledKey:
    position = f"keys[{number}]"
    kid_size, kind, flags, usage, key_size, *indices, chain, crl_version, start, end = cursor.unpack(KEY)
    known = usage in _USAGES and not flags & ~_ALL_FLAGS and chain < len(tables.chains)
    if not known or not 0 < kid_size <= tables.kid_bytes:
        raise damaged(position)
    kid, key = cursor.take(kid_size), cursor.take(key_size)
    participant, country, domain, issuer = _look_up(indices, tables.texts, position)
    bare = flags & BARE != 0
    purposes = tuple(OID_OF[group] for group, flag in GROUP_FLAGS.items() if flags & flag)
    if bare and (purposes or start or end or flags & CA or country is not None):
        raise damaged(position)
    return BundledKey(
        kid=kid,
        certificate=b"",
        participant=participant,
        domain=domain,
        usage=_USAGES[usage],
        pinned=flags & PINNED != 0,
        source=tables.source,
        position=position,
        public_key_info=_public_key_info(kind, key, position),
        issuer=issuer,
        crl_version=None if crl_version == NO_VERSION else crl_version,
        stated=Stated(
            tables.chains[chain],
            *within_time(start, end),
            bare=bare,
            is_ca=flags & CA != 0,
            country=country,
            extended_key_usage=purposes,
        ),
    )


def _look_up(indices: Iterable[int], texts: Sequence[str], position: str) -> list[str | None]:
    try:
        return [None if index == NO_TEXT else texts[index] for index in indices]
    except IndexError:
        raise damaged(position) from None


def _public_key_info(kind: int, key: bytes, position: str) -> bytes:
    """The key as SubjectPublicKeyInfo; whether it is one shows when it is made."""
    if kind == P256 and len(key) == _POINT_BYTES and key.startswith(_UNCOMPRESSED):
        return _P256_INFO + key
    if kind in (RSA, OTHER) and key:
        return key
    raise damaged(position)
