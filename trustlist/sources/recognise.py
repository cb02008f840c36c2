"""What sort of list some bytes are, by their shape, and reading it with what the caller believes it by.

Names and endings do not matter. A list is only read if the pin that it needs is at hand: the signer's key, a trust
anchor, the issuer whose keys it holds. Certificates and saved snapshots are not known here (`trustlist.store`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from credential.limits import DEFAULT_LIMITS, Limits
from trustlist.did import PinnedKey, read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json
from trustlist.pinned import PinnedAs
from trustlist.snapshot import part_of
from trustlist.snapshot_pack import ListPart
from trustlist.sources.did_v1 import is_v1, read_v1_whose_proof_nobody_can_check
from trustlist.sources.icao import read_master_list
from trustlist.sources.jwks import KeysOf, read_directory, read_key_set
from trustlist.sources.signed_jwks import is_signed_text, read_signed_key_set
from trustlist.sources.tng import read_trust_list

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier that a signed message (CMS) begins with, behind a tag and a length of at most nine bytes."""
_SNIFFED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """What a caller believes lists by; each sort needs one of these."""

    key: PinnedKey | None = None
    """The signer's key: DID documents (v2), signed key sets."""
    anchors: frozenset[bytes] = frozenset()
    """Fingerprints (`trustlist.sources.anchors`): the gateway's JSON list, onboarding folders, master lists."""
    issuer: str | None = None
    """The address whose keys a bare JWK set holds."""
    read_v1_whose_proof_nobody_can_check: bool = False
    """DID documents (v1), to be looked at: no key of theirs will count."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some bytes, and all that is said of them."""

    name: str
    data: bytes
    pins: Pins
    said: PinnedAs
    limits: Limits
    json: object = None
    """Parsed, where they are JSON."""

    def key(self) -> PinnedKey:
        """The pinned key; raises `TrustListError` (`LIST_KEY_MISSING`)."""
        if self.pins.key is None:
            raise TrustListError(ListReason.LIST_KEY_MISSING, file=self.name)
        return self.pins.key

    def anchors(self) -> frozenset[bytes]:
        """The pinned anchors; raises `TrustListError` (`ANCHOR_MISSING`)."""
        if not self.pins.anchors:
            raise TrustListError(ListReason.ANCHOR_MISSING, file=self.name)
        return self.pins.anchors

    def issuer(self) -> str:
        """The issuer that was named; raises `TrustListError` (`ISSUER_MISSING`)."""
        if self.pins.issuer is None:
            raise TrustListError(ListReason.ISSUER_MISSING, file=self.name)
        return self.pins.issuer


def read_source(
    data: bytes, name: str, *, pins: Pins, said: PinnedAs | None = None, limits: Limits = DEFAULT_LIMITS
) -> ListPart | None:
    """The list in these bytes, once it can be believed; None for bytes that are no list of the sorts known here.

    `said` gives the environment of lists that name none. Raises `TrustListError`: `LIST_KEY_MISSING`,
    `ANCHOR_MISSING`, `ISSUER_MISSING`, `SOURCE_UNVERIFIED`, `DOCUMENT_NOT_JSON`, and what reading each sort raises.
    """
    start = data[:_SNIFFED_BYTES].removeprefix(_BYTE_ORDER_MARK).lstrip()
    value = read_json(data, limits=limits) if start.startswith((b"{", b"[")) else None
    found = Found(name, data, pins, said or PinnedAs(name=name), limits, value)
    for fits, read in _SORTS:
        if fits(found):
            return read(found)
    return None


def _has(*alternatives: str) -> Callable[[Found], bool]:
    """Whether it is a JSON object with one of these members."""
    return lambda found: isinstance(found.json, Mapping) and any(name in found.json for name in alternatives)


def _is_object(found: Found) -> bool:
    return isinstance(found.json, Mapping)


def _is_array(found: Found) -> bool:
    return isinstance(found.json, list)


def _is_old_did_document(found: Found) -> bool:
    return isinstance(found.json, Mapping) and is_v1(found.json)


def _is_text_of_jws(found: Found) -> bool:
    return found.json is None and is_signed_text(found.data.strip())


def _is_signed_message(found: Found) -> bool:
    return _SIGNED_DATA in found.data[:_SNIFFED_BYTES]


def _read_gateway_list(found: Found) -> ListPart:
    return read_trust_list(
        found.data,
        anchors=found.anchors(),
        environment=found.said.environment,
        name=found.said.name,
        limits=found.limits,
    )


def _read_signed_set(found: Found) -> ListPart:
    return read_signed_key_set(found.data, key=found.key(), limits=found.limits)


def _read_directory(found: Found) -> ListPart:
    return read_directory(found.data, environment=found.said.environment, name=found.said.name, limits=found.limits)


def _read_key_set(found: Found) -> ListPart:
    said = KeysOf(issuer=found.issuer(), environment=found.said.environment)
    return read_key_set(found.data, said, name=found.said.name, limits=found.limits)


def _read_old_did_document(found: Found) -> ListPart:
    if not found.pins.read_v1_whose_proof_nobody_can_check:
        raise TrustListError(ListReason.SOURCE_UNVERIFIED, file=found.name)
    return read_v1_whose_proof_nobody_can_check(found.data, limits=found.limits)


def _read_did_document(found: Found) -> ListPart:
    document = found.json if isinstance(found.json, Mapping) else found.data
    return part_of(read_document(document, key=found.key(), limits=found.limits))


def _read_master_list(found: Found) -> ListPart:
    listed = read_master_list(
        found.data,
        anchors=found.anchors(),
        environment=found.said.environment,
        name=found.said.name,
        limits=found.limits,
    )
    return listed.part


_Sort: TypeAlias = tuple[Callable[[Found], bool], Callable[[Found], ListPart]]

_SORTS: tuple[_Sort, ...] = (
    (_is_array, _read_gateway_list),
    (_has("payload", "signatures"), _read_signed_set),
    (_has("issuerInfo", "participating_issuers"), _read_directory),
    (_has("keys"), _read_key_set),
    (_is_old_did_document, _read_old_did_document),
    (_is_object, _read_did_document),
    (_is_text_of_jws, _read_signed_set),
    (_is_signed_message, _read_master_list),
)
"""The first that fits; a DID document (v2) is what remains of JSON objects, so that it says what is wrong with it."""
