"""Commands that publish a trust list: `trust publish`, `renew`, `sign`, `root`, `new-key`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from credential.cli import EXIT_ACCEPTED, Instant, say
from issuer.cli import PASSPHRASE_VARIABLE, ask_passphrase
from issuer.store import write_key
from pratique.publishing.keys import (
    Office,
    new_key,
    public_half,
    read_list_key,
    read_log_signer,
    read_role_key,
    read_role_public_key,
)
from trustlist.cli import read_key_file
from trustlist.files import make_folder, read_file, write_file
from trustlist.model import ListEntry
from trustlist.publish import ListSigner, build_tree, nonces_from
from trustlist.publish.cli import ledger_errors, log_options, read_log_keys
from trustlist.publish.files import read_published
from trustlist.publish.store import REPOSITORY, LogPlace, log_list, publish_tree, read_entries, repository_files
from trustlist.repository import Publisher, RepositoryKeys, draft_root, draft_targets, sign_metadata, signer_of
from trustlist.repository.making import find_root

_PATH = click.Path(path_type=Path)
_METADATA_BYTES = 64 * 1024 * 1024
_EPILOG = f"The passphrase of a key is taken from {PASSPHRASE_VARIABLE}, or asked for."
_at = click.option("--at", type=Instant(), default=None, help="As of this time (ISO 8601); now by default.")


@click.command(epilog=_EPILOG)
@click.argument("source", type=_PATH)
@click.option("--did", required=True, help="Name of the list: did:web:HOST:v2:trustlist.")
@click.option("--key", required=True, type=_PATH, help="Encrypted private key that signs the lists.")
@click.option("--signer", required=True, metavar="DID", help="Name of that key, as verifiers have pinned it.")
@click.option("--output", "-o", required=True, type=_PATH, help="Folder; a web server serves what is in its `current`.")
@click.option("--trust-key", metavar="FILE", help="Pinned key of SOURCE, if that is a signed list.")
@click.option("--log", "log_folder", type=_PATH, help="Folder of the log in which every change is written.")
@click.option("--log-secret", type=_PATH, help="Encrypted private key that signs the log.")
@click.option("--by", metavar="OFFICE", help="Who makes the change: an office or a role, never a person.")
@log_options
@click.option("--online", type=_PATH, help="Encrypted private key of the repository's online role; makes a repository.")
@click.option("--custodian", "custodians", multiple=True, type=_PATH, help="Encrypted private key of a custodian.")
@click.option("--signed", multiple=True, type=_PATH, help="Root or targets that custodians have signed elsewhere.")
@click.option("--draft", type=_PATH, metavar="FILE", help="Write what custodians have to sign, and publish nothing.")
@_at
def publish(
    source: Path,
    did: str,
    key: Path,
    signer: str,
    output: Path,
    trust_key: str | None,
    log_folder: Path | None,
    log_secret: Path | None,
    by: str | None,
    log_keys: tuple[str, ...],
    origin: str | None,
    log_threshold: int | None,
    online: Path | None,
    custodians: tuple[Path, ...],
    signed: tuple[Path, ...],
    draft: Path | None,
    at: datetime | None,
) -> None:
    """Publish the keys of SOURCE as a whole tree of signed lists, in one step.

    SOURCE is a folder PARTICIPANT/DOMAIN/USAGE/*.pem, a signed list, a store or a snapshot. The same SOURCE and --at
    give the same bytes.
    """
    moment, passphrase = (at or datetime.now(UTC)).replace(microsecond=0), ask_passphrase()
    entries = read_entries(source, read_key_file(trust_key))
    nonce = nonces_from(f"{did} {moment.isoformat()}".encode())
    tree = build_tree(did, entries, signer=ListSigner(read_list_key(key, passphrase), signer, moment, nonce))
    new = [read_file(path, _METADATA_BYTES) for path in signed]
    keys = [signer_of(read_role_key(path, passphrase)) for path in custodians]
    if draft is not None or keys:
        targets = draft_targets(repository_files(read_published(output)), tree, at=moment, root=find_root(new))
        new += [] if targets is None else [sign_metadata(targets, keys)]
    if draft is not None:
        _write_draft(draft, new[len(signed) :])
        return
    place = _log_place(log_folder, log_secret, by, (log_keys, origin, log_threshold), passphrase)
    publisher = None if online is None else Publisher((signer_of(read_role_key(online, passphrase)),), moment)
    log = None if place is None else partial(_log, entries, place, moment)
    with ledger_errors():
        result = publish_tree(output, tree, publisher=publisher, signed=new, log=log)
    say(f"{output}: {len(tree)} lists of {len(entries)} keys, signed {moment:%Y-%m-%d %H:%M UTC}")
    say(f"  {result.written} files written, {result.kept} as they were, {result.removed} gone")


@click.command(epilog=_EPILOG)
@click.option("--output", "-o", required=True, type=_PATH, help="Folder in which the list is published.")
@click.option("--online", required=True, type=_PATH, help="Encrypted private key of the repository's online role.")
@_at
def renew(output: Path, online: Path, at: datetime | None) -> None:
    """Say that the published lists still count: for every day on which nothing changed, without custodians.

    The lists stay as they are; of the repository, what has less than half of its time left is signed anew.
    """
    moment = (at or datetime.now(UTC)).replace(microsecond=0)
    lists = {path: data for path, data in read_published(output).items() if not path.startswith(REPOSITORY)}
    publisher = Publisher((signer_of(read_role_key(online, ask_passphrase())),), moment)
    result = publish_tree(output, lists, publisher=publisher)
    say(f"{output}: {len(lists)} lists as they were, {result.written} files signed anew")


@click.command(epilog=_EPILOG)
@click.argument("file", type=_PATH)
@click.option("--key", "keys", required=True, multiple=True, type=_PATH, help="Encrypted private key of a custodian.")
def sign(file: Path, keys: tuple[Path, ...]) -> None:
    """Add a custodian's signature to FILE, a root or the targets of a repository, in its place."""
    passphrase = ask_passphrase()
    data = sign_metadata(
        read_file(file, _METADATA_BYTES), [signer_of(read_role_key(path, passphrase)) for path in keys]
    )
    write_file(file, data)
    say(f"{file}: signed")


@click.command()
@click.option("--custodian", "custodians", required=True, multiple=True, type=_PATH, help="Public key (PEM).")
@click.option("--online", required=True, type=_PATH, help="Public key (PEM) of the publishing machine.")
@click.option("--threshold", type=click.IntRange(min=1), default=2, help="So many custodians must sign; 2 by default.")
@click.option("--after", type=_PATH, metavar="FILE", help="The root that this one follows; its custodians sign it too.")
@click.option("--output", "-o", required=True, type=_PATH, help="Root to be signed.")
@_at
def root(
    custodians: tuple[Path, ...],
    online: Path,
    threshold: int,
    after: Path | None,
    output: Path,
    at: datetime | None,
) -> None:
    """Say whose signature counts in a repository, from now on: the first time, and whenever a key changes."""
    public = [read_role_public_key(path) for path in custodians]
    keys = RepositoryKeys.of(public, read_role_public_key(online), threshold=threshold)
    previous = None if after is None else read_file(after, _METADATA_BYTES)
    data = draft_root(keys, at=at or datetime.now(UTC), previous=previous)
    write_file(output, data)
    say(f"{output}: {len(public)} custodians, of whom {threshold} must sign")


@click.command("new-key", epilog=_EPILOG)
@click.argument("name")
@click.option("--for", "office", required=True, type=click.Choice([each.value for each in Office]), help="Its use.")
@click.option("--output", "-o", required=True, type=_PATH, help="Path of the two files, without their endings.")
def make_key(name: str, office: str, output: Path) -> None:
    """Make a key called NAME, encrypted, and its public half.

    NAME is a DID for the key that signs lists, the log's name for the key of a log, any word for the others.
    """
    key, use = new_key(Office(office)), Office(office)
    with ledger_errors():
        suffix, public = public_half(use, key, name)
    make_folder(output.parent)
    write_key(output.with_name(f"{output.name}.key.pem"), key, ask_passphrase(confirm=True))
    write_file(output.with_name(output.name + suffix), public)
    say(f"{output.name}.key.pem  encrypted")
    say(f"{output.name}{suffix}  {public.decode().strip() if use is Office.LOG else 'public'}")


def _log_place(
    folder: Path | None,
    secret: Path | None,
    by: str | None,
    known: tuple[tuple[str, ...], str | None, int | None],
    passphrase: str,
) -> LogPlace | None:
    if folder is None:
        return None
    if secret is None or by is None:
        raise click.UsageError("a log needs --log-secret and --by")
    with ledger_errors():
        keys = read_log_keys(*known)
    return LogPlace(folder, keys, read_log_signer(secret, passphrase, keys), by)


def _log(entries: tuple[ListEntry, ...], place: LogPlace, at: datetime) -> None:
    head, is_enough = log_list(entries, place, at)
    waiting = "" if is_enough else ", waiting for more signatures"
    say(f"{place.folder}: {head.checkpoint.size} entries{waiting}")


def _write_draft(path: Path, new: list[bytes]) -> None:
    if not new:
        say("Nothing to sign: what is published says the same.")
        sys.exit(EXIT_ACCEPTED)
    write_file(path, new[0])
    say(f"{path}: to be signed by custodians (pratique trust sign), then published with --signed and the same --at")
