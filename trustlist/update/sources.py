"""Where an update finds its lists: on the web, in files and folders, in a bundle (an edge of this room).

Everything here brings bytes for DIDs; none of it decides anything. Only `trustlist.fetch` speaks to the network, only
`trustlist.files` to the disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from trustlist import files
from trustlist.did import PinnedKey
from trustlist.did_web import address_of, did_at, is_loopback, read_did
from trustlist.errors import ListReason, TrustListError
from trustlist.fetch import FetchPolicy, Found, Web
from trustlist.snapshot import TrustSnapshot
from trustlist.update.carry import Bundle, read_bundle, write_bundle
from trustlist.update.intake import Bring, update
from trustlist.update.offer import Offer
from trustlist.update.pin import pin
from trustlist.update.policy import DEFAULT_POLICY, UpdatePolicy
from trustlist.update.result import Fetched, Held, Update, UpdateOutcome
from trustlist.update.state import HeldList
from trustlist.update.store import bring_kept, read_list, read_store, update_store

_SUFFIX = ".json"
_MOST_BUNDLE_BYTES = DEFAULT_POLICY.together_bytes + 16 * 1024 * 1024


def did_named(source: str) -> str:
    """The DID that a source on the web means: itself, or the one at its address.

    Raises `TrustListError`: `ADDRESS_UNUSABLE`, `DID_MALFORMED`.
    """
    if not source.startswith("did:"):
        return did_at(source)
    read_did(source)
    return source


def read_offer(paths: Sequence[Path], policy: UpdatePolicy = DEFAULT_POLICY) -> Offer:
    """The lists in files, and in all `.json` files below folders.

    Raises `TrustListError`: `SOURCE_MISSING`, `SOURCE_UNREADABLE`, `LIST_TOO_LARGE`, `LISTS_TOO_MANY`,
    `LISTS_AMBIGUOUS`, and `SOURCE_UNKNOWN` for a file that is no list at all.
    """
    found = [each for path in paths for each in files.find_files(path, _SUFFIX, limit=policy.documents)]
    offer = Offer.of(_read_all(found, policy))
    if not offer.documents:
        raise TrustListError(ListReason.SOURCE_UNKNOWN)
    return offer


def read_bundle_file(path: Path) -> Bundle:
    """The bundle in a file. Raises `TrustListError` as `read_bundle` and `files.read_file`."""
    return read_bundle(files.read_file(path, _MOST_BUNDLE_BYTES))


def write_bundle_file(store: Path, output: Path, at: datetime) -> int:
    """Write what a store has in use into one file; gives its bytes. Raises `TrustListError`."""
    state = read_store(store).state
    bundle = write_bundle(state, {held.digest: read_list(store, held) for held in state.documents}, at)
    files.write_file(output, bundle)
    return len(bundle)


def bring_from_web(web: Web, store: Path | None = None, held: Sequence[HeldList] = ()) -> Bring:
    """Brings lists from their addresses; what a server says is unchanged comes from the store that holds it."""
    by_did = {each.did: each for each in held}

    def bring(did: str) -> Fetched:
        kept = _kept(store, by_did.get(did))
        try:
            answer = web.get(_address(web, did), etag=None if kept is None else kept.etag)
        except TrustListError as error:
            raise TrustListError(error.reason, **{**error.detail, "did": did}) from error
        if answer.found is Found.UNCHANGED and kept is not None:
            return kept
        return Fetched(did, answer.data if answer.found is Found.CONTENT else None, answer.etag)

    return bring


def fetch_snapshot(source: str, key: PinnedKey, at: datetime, policy: UpdatePolicy = DEFAULT_POLICY) -> TrustSnapshot:
    """The list at an address, taken in once and kept nowhere. Raises `TrustListError` where an update is refused."""
    with Web(FetchPolicy(body_bytes=policy.document_bytes)) as web:
        result = update(Held(pin(None, key), None), (did_named(source),), bring_from_web(web), at=at, policy=policy)
    if result.outcome is not UpdateOutcome.UPDATED or result.snapshot is None:
        raise TrustListError(result.reason or ListReason.SOURCE_EMPTY, **result.detail)
    return result.snapshot


def _kept(store: Path | None, held: HeldList | None) -> Fetched | None:
    """A list that the store holds, to be asked for by its ETag; None if it has none or is damaged."""
    if store is None or held is None or held.etag is None:
        return None
    try:
        return Fetched(held.did, read_list(store, held), held.etag)
    except TrustListError:
        return None


def _address(web: Web, did: str) -> str:
    unsafe = web.policy.unsafe_http_to_loopback and is_loopback(read_did(did).host)
    return address_of(did, scheme="http" if unsafe else "https")


def _read_all(paths: Sequence[Path], policy: UpdatePolicy) -> list[bytes]:
    left = policy.together_bytes
    found: list[bytes] = []
    for path in paths:
        found.append(files.read_file(path, min(policy.document_bytes, left)))
        left -= len(found[-1])
    return found


def import_bundle_file(store: Path, path: Path, *, at: datetime, policy: UpdatePolicy = DEFAULT_POLICY) -> Update:
    """Take a bundle's lists into a store, by the steps of every update.

    Raises `TrustListError` for a store or a bundle that cannot be used, and for one of another environment
    (`ENVIRONMENT_UNEXPECTED`) or of another signer (`PROOF_SIGNER_UNEXPECTED`).
    """
    state, bundle = read_store(store).state, read_bundle_file(path)
    if bundle.environment is not state.environment:
        raise TrustListError(ListReason.ENVIRONMENT_UNEXPECTED, expected=state.environment.value)
    if bundle.signer != state.signer.thumbprint:
        raise TrustListError(ListReason.PROOF_SIGNER_UNEXPECTED)
    bundle.offer.require_wanted(state, state.lists or bundle.lists)
    bring = bundle.offer.bring(bring_kept(store, state.documents))
    return update_store(store, lambda state: state.lists or bundle.lists, bring, at=at, policy=policy)
