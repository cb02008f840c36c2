"""Trust from the disk: a saved snapshot, a list of any sort, a store of lists, certificates, participants' folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import MappingProxyType

from credential.errors import DecodeError, Reason
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.pem import split_certificates
from trustlist import files
from trustlist.did import PinnedKey, read_pinned_key
from trustlist.errors import ListReason, TrustListError
from trustlist.model import TRAVEL_DOCUMENTS, RejectedEntry
from trustlist.pinned import PinnedAs, pin_certificates
from trustlist.snapshot import TrustSnapshot
from trustlist.snapshot_file import is_saved
from trustlist.snapshot_pack import ListPart
from trustlist.sources import onboarding
from trustlist.sources.icao import read_authorities
from trustlist.sources.recognise import Pins, read_source
from trustlist.update.state import Signer
from trustlist.update.store import is_store, read_store

_SNIFFED_BYTES = 512
_KEY_FILE_BYTES = 1024 * 1024
_REASON_OF = MappingProxyType(
    {
        Reason.PEM_EMPTY: ListReason.SOURCE_UNKNOWN,
        Reason.PEM_MALFORMED: ListReason.PEM_MALFORMED,
        Reason.CERTIFICATE_TOO_LARGE: ListReason.CERTIFICATE_TOO_LARGE,
    }
)


def load_trust(
    path: str | PathLike[str],
    *,
    key: PinnedKey | None = None,
    said: PinnedAs | None = None,
    pins: Pins | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> TrustSnapshot:
    """A snapshot from whatever lies at `path`; what it is shows in its shape, names do not matter.

    A saved snapshot; a list of any sort (`trustlist.sources.recognise`), with the pin that it needs: `key`, or one of
    `pins`; certificates as PEM or DER, pinned, with what `said` says of them (authorities of travel documents in that
    domain); a folder of such certificate files, not of folders below it, where a file that cannot be used is rejected
    under its name and the others count; participants' folders with the trust anchor's signatures; a store of lists,
    which has its own pinned key.

    Raises `TrustListError`: `SOURCE_MISSING`, `SOURCE_UNREADABLE`, `SOURCE_UNKNOWN` for a file of another kind,
    `SOURCE_EMPTY` for a folder without files and a store without lists, `SIGNER_PINNED_OTHER` for a store with another
    key than `key`, `LIST_KEY_MISSING`, `ANCHOR_MISSING`, `ISSUER_MISSING`, `LIST_TOO_LARGE`, and what reading each
    kind raises.
    """
    path = Path(path)
    said = said or PinnedAs(name=path.name)
    pins = pins or Pins()
    if key is not None:
        pins = replace(pins, key=key)
    if is_store(path):
        return _read_store(path, pins.key)
    if path.is_dir():
        return TrustSnapshot.from_parts((_read_folder(path, pins, said, limits),))
    if is_saved(files.read_start(path, _SNIFFED_BYTES)):
        return TrustSnapshot.load(path)
    data = files.read_file(path, limits.trust_list_bytes)
    part = read_source(data, path.name, pins=pins, said=said, limits=limits)
    return TrustSnapshot.from_parts((part or _pin(_split(data, path.name, limits), said, (), limits),))


def load_key(path: str | PathLike[str]) -> PinnedKey:
    """The pinned key in a file. Raises `TrustListError` as `read_pinned_key` and for a file that cannot be read."""
    return read_pinned_key(files.read_file(Path(path), _KEY_FILE_BYTES))


def _read_store(path: Path, key: PinnedKey | None) -> TrustSnapshot:
    held = read_store(path)
    if key is not None and Signer.of(key) != held.state.signer:
        raise TrustListError(ListReason.SIGNER_PINNED_OTHER, pinned=held.state.signer.thumbprint)
    if held.snapshot is None:
        raise TrustListError(ListReason.SOURCE_EMPTY, file=path.name)
    return held.snapshot


def _read_folder(path: Path, pins: Pins, said: PinnedAs, limits: Limits) -> ListPart:
    if _holds_participants(path):
        return _read_participants(path, pins, said, limits)
    names = files.list_folder(path)
    if not names:
        raise TrustListError(ListReason.SOURCE_EMPTY, file=path.name)
    certificates: list[tuple[str, bytes]] = []
    rejected: list[RejectedEntry] = []
    left = limits.trust_list_bytes
    for each in names:
        try:
            data = files.read_file(each, left)
            left -= len(data)
            certificates += _split(data, each.name, limits)
        except TrustListError as error:
            rejected.append(RejectedEntry(each.name, None, said.participant, error.reason, error.detail))
    return _pin(certificates, said, rejected, limits)


def _pin(
    certificates: list[tuple[str, bytes]], said: PinnedAs, rejected: Iterable[RejectedEntry], limits: Limits
) -> ListPart:
    """Certificates as signers and authorities of a participant, or as the passport authorities of their states."""
    if said.domain != TRAVEL_DOCUMENTS:
        return pin_certificates(certificates, said, rejected=rejected, limits=limits)
    environment, name = said.environment, said.name
    return read_authorities(certificates, environment=environment, name=name, rejected=rejected, limits=limits)


def _holds_participants(path: Path) -> bool:
    """Whether it is one participant's folder, or one of several."""
    return any(each.is_dir() for each in (path / onboarding.FOLDER, *path.glob(f"*/{onboarding.FOLDER}")))


def _read_participants(path: Path, pins: Pins, said: PinnedAs, limits: Limits) -> ListPart:
    """What the trust anchor signed, in every folder below `path`."""
    signed: list[tuple[str, bytes]] = []
    left = limits.trust_list_bytes
    for each in files.find_files(path, onboarding.SUFFIX, limit=limits.trust_list_keys):
        name = each.relative_to(path.parent).as_posix()
        if onboarding.is_signed_file(name):
            data = files.read_file(each, left)
            left -= len(data)
            signed.append((name, data))
    if not signed:
        raise TrustListError(ListReason.SOURCE_EMPTY, file=path.name)
    if not pins.anchors:
        raise TrustListError(ListReason.ANCHOR_MISSING, file=path.name)
    environment, name = said.environment, said.name
    return onboarding.read_onboarding(signed, anchors=pins.anchors, environment=environment, name=name, limits=limits)


def _split(data: bytes, name: str, limits: Limits) -> list[tuple[str, bytes]]:
    """The certificates in one file, each with where it stands: the file's name, numbered if there are several."""
    try:
        ders = split_certificates(data, limits)
    except DecodeError as error:
        raise TrustListError(_REASON_OF[Reason(error.reason)], file=name) from error
    if len(ders) == 1:
        return [(name, ders[0])]
    return [(f"{name}[{index}]", der) for index, der in enumerate(ders)]
