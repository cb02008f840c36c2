"""Trust from the disk: a saved snapshot, a signed list, a store of lists, a certificate file or a folder of them."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from types import MappingProxyType

from credential.errors import DecodeError, Reason
from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.pem import split_certificates
from trustlist import files
from trustlist.did import PinnedKey, read_pinned_key
from trustlist.errors import ListReason, TrustListError
from trustlist.model import RejectedEntry
from trustlist.pinned import PinnedAs, pin_certificates
from trustlist.snapshot import TrustSnapshot
from trustlist.snapshot_file import is_saved
from trustlist.snapshot_pack import ListPart
from trustlist.update.state import Signer
from trustlist.update.store import is_store, read_store

_SNIFFED_BYTES = 512
_KEY_FILE_BYTES = 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
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
    limits: Limits = DEFAULT_LIMITS,
) -> TrustSnapshot:
    """A snapshot from whatever lies at `path`; what it is shows in its first bytes, names do not matter.

    A saved snapshot; a DID document, for which `key` is needed; certificates as PEM or DER, pinned, with what `said`
    says of them; a folder of such certificate files, not of folders below it, where a file that cannot be used is
    rejected under its name and the others count; a store of lists, which has its own pinned key.

    Raises `TrustListError`: `SOURCE_MISSING`, `SOURCE_UNREADABLE`, `SOURCE_UNKNOWN` for a file of another kind,
    `SOURCE_EMPTY` for a folder without files and a store without lists, `SIGNER_PINNED_OTHER` for a store with another
    key than `key`, `LIST_KEY_MISSING`, `LIST_TOO_LARGE`, and what reading each kind raises.
    """
    path = Path(path)
    said = said or PinnedAs(name=path.name)
    if is_store(path):
        return _read_store(path, key)
    if path.is_dir():
        return TrustSnapshot.from_parts((_read_folder(path, said, limits),))
    start = files.read_start(path, _SNIFFED_BYTES)
    if is_saved(start):
        return TrustSnapshot.load(path)
    data = files.read_file(path, limits.trust_list_bytes)
    if start.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{"):
        if key is None:
            raise TrustListError(ListReason.LIST_KEY_MISSING, file=path.name)
        return TrustSnapshot.from_did(data, key=key, limits=limits)
    certificates = _split(data, path.name, limits)
    return TrustSnapshot.from_parts((pin_certificates(certificates, said, limits=limits),))


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


def _read_folder(path: Path, said: PinnedAs, limits: Limits) -> ListPart:
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
    return pin_certificates(certificates, said, rejected=rejected, limits=limits)


def _split(data: bytes, name: str, limits: Limits) -> list[tuple[str, bytes]]:
    """The certificates in one file, each with where it stands: the file's name, numbered if there are several."""
    try:
        ders = split_certificates(data, limits)
    except DecodeError as error:
        raise TrustListError(_REASON_OF[Reason(error.reason)], file=name) from error
    if len(ders) == 1:
        return [(name, ders[0])]
    return [(f"{name}[{index}]", der) for index, der in enumerate(ders)]
