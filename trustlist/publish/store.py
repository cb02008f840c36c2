"""Publishing from the disk to the disk: what is to be listed, the log of its changes, and the tree with all its files.

The log comes first: whatever breaks off afterwards, no list is served that its log does not know, and the next
publication goes on from what the log says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from credential.errors import DecodeError
from credential.limits import DEFAULT_LIMITS
from credential.wire.pem import split_certificates
from credential.wire.x509 import issued_by, kid_of
from ledger import LedgerError, LedgerReason, Log, LogKeys, LogWriter, NoteSigner, VerifiedCheckpoint
from trustlist.did import PinnedKey
from trustlist.errors import ListReason, TrustListError
from trustlist.files import find_files, read_file
from trustlist.model import KeyUsage, ListEntry
from trustlist.publish.files import Publication, publishing
from trustlist.repository.making import assemble
from trustlist.repository.roles import Publisher
from trustlist.store import load_trust
from trustlist.transparency import add_up, content_of, log_changes, logged_content

REPOSITORY = "tuf/"
"""Where the repository lies in what is served."""
_MOST_FILES = 10_000
_CERTIFICATE_BYTES = DEFAULT_LIMITS.certificate_bytes * 16
_USUAL_SUFFIXES = (".pem", ".crt", ".cer", ".der")


@dataclass(frozen=True, slots=True)
class LogPlace:
    """The log of a list: where it is kept, whose signatures count, and who writes now."""

    folder: Path
    keys: LogKeys
    signer: NoteSigner
    actor: str
    """The office that makes the change, as a code: never a person."""


def read_entries(source: Path, key: PinnedKey | None) -> tuple[ListEntry, ...]:
    """What is to be listed: a folder `PARTICIPANT/DOMAIN/USAGE/*.pem`, or whatever `load_trust` reads.

    In such a folder each file holds one certificate, or a certificate and then its issuers; where it stands alone, the
    authority of the same participant and domain that issued it is listed behind it. Raises `TrustListError`.
    """
    if source.is_dir() and (found := tuple(_read_members(source))):
        return tuple(_with_authorities(found))
    return tuple(load_trust(source, key=key).entries())


def log_list(entries: Iterable[ListEntry], place: LogPlace, at: datetime) -> tuple[VerifiedCheckpoint, bool]:
    """Log what these entries have otherwise than the log says. A log is begun if there is none.

    The newest checkpoint, and whether it has all the signatures that it needs. Raises `TrustListError`
    (`ENTRY_AMBIGUOUS`, `LOG_INCONSISTENT`) and `LedgerError`.
    """
    content = content_of(entries)
    with _writer(place) as log:
        known = logged_content(add_up(_view(place, log).entries()))
        head = log.append(log_changes(known, content, actor=place.actor, at=at))
        return head, log.is_published


def publish_tree(
    folder: Path,
    tree: Mapping[str, bytes],
    *,
    publisher: Publisher | None = None,
    signed: Iterable[bytes] = (),
    log: Callable[[], object] | None = None,
) -> Publication:
    """Serve a tree from a folder; with a publisher, as the targets of a repository too (`repository.assemble`).

    `log` is called once everything is made, before anything is served. Raises `TrustListError` as `assemble` and
    `publish_files`, and what `log` raises; then what was served before still is.
    """
    with publishing(folder) as place:
        files = dict(tree)
        if publisher is not None:
            made = assemble(repository_files(place.read()), tree, publisher=publisher, signed=signed)
            files.update({REPOSITORY + path: data for path, data in made.items()})
        if log is not None:
            log()
        return place.replace(files)


def repository_files(served: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files of the repository among what is served, by their paths in it."""
    return {path.removeprefix(REPOSITORY): data for path, data in served.items() if path.startswith(REPOSITORY)}


def _writer(place: LogPlace) -> LogWriter:
    try:
        return LogWriter.open(place.folder, keys=place.keys, signers=[place.signer])
    except LedgerError as error:
        if error.reason is not LedgerReason.LOG_MISSING:
            raise
    return LogWriter.create(place.folder, keys=place.keys, signers=[place.signer])


def _view(place: LogPlace, log: LogWriter) -> Log:
    """The log as its writer has it, published or still waiting for signatures."""
    if log.is_published:
        return Log.open(place.folder, keys=place.keys)
    return Log.open_pending(place.folder, keys=place.keys)


def _read_members(folder: Path) -> Iterator[ListEntry]:
    for path in find_files(folder, _USUAL_SUFFIXES, limit=_MOST_FILES):
        place = path.relative_to(folder).parts
        if len(place) != len(("participant", "domain", "usage", "file")):
            continue
        participant, domain, usage, _ = place
        if usage not in set(KeyUsage):
            raise TrustListError(ListReason.USAGE_UNKNOWN, file="/".join(place))
        try:
            certificates = split_certificates(read_file(path, _CERTIFICATE_BYTES))
        except DecodeError as error:
            raise TrustListError(ListReason.PEM_MALFORMED, file="/".join(place)) from error
        kid = kid_of(certificates[0])
        yield ListEntry(kid, certificates, participant, domain, KeyUsage(usage), "/".join(place))


_AUTHORITY_OF = {KeyUsage.DSC: KeyUsage.SCA, KeyUsage.DESC: KeyUsage.DECA}


def _with_authorities(entries: Iterable[ListEntry]) -> Iterator[ListEntry]:
    entries = tuple(entries)
    for entry in entries:
        above = (
            each.certificates[0]
            for each in entries
            if (each.participant, each.domain) == (entry.participant, entry.domain)
            and each.usage is _AUTHORITY_OF.get(entry.usage)
            and issued_by(entry.certificates[0], each.certificates[0])
        )
        issuer = next(above, None) if len(entry.certificates) == 1 else None
        if issuer is None:
            yield entry
        else:
            yield ListEntry(
                entry.kid, (*entry.certificates, issuer), entry.participant, entry.domain, entry.usage, entry.position
            )
