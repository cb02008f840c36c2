"""`pratique trust audit`: a log that only grew, a list that is what its log says, and who put in each key."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from credential.cli import EXIT_ACCEPTED, EXIT_REJECTED, say
from ledger import (
    Audit,
    LedgerError,
    Log,
    LoggedEntry,
    LogKeys,
    VerifierKey,
    decode_verifier_key,
    verify_checkpoint,
)
from ledger import sentence as ledger_sentence
from trustlist.changes import KeyName
from trustlist.errors import ListReason, TrustListError
from trustlist.files import read_file, write_file
from trustlist.messages import sentence
from trustlist.publish.store import read_entries
from trustlist.store import load_key
from trustlist.transparency import Discrepancy, KeyChange, add_up, compare_with_log, content_of, logged_content

_NOTE_BYTES = 256 * 1024
_SHOWN = 20
_MARKS = {KeyChange.ADDED.value: "+", KeyChange.WITHDRAWN.value: "-", KeyChange.CHANGED.value: "~"}
_PATH = click.Path(path_type=Path)


def log_options(command: Any) -> Any:
    """Adds the options that say whose signatures under a log count."""
    for option in (
        click.option("--log-threshold", type=click.IntRange(min=1), help="So many of them must sign; all by default."),
        click.option("--origin", help="The log's name; by default that of its first key."),
        click.option(
            "--log-key", "log_keys", multiple=True, metavar="KEY", help="name+id+key, or a file with such a line."
        ),
    ):
        command = option(command)
    return command


def read_log_keys(lines: tuple[str, ...], origin: str | None, threshold: int | None) -> LogKeys:
    """Whose signatures count. Raises `TrustListError` (`LOG_KEY_UNREADABLE`) and `LedgerError`."""
    keys = tuple(map(_read_log_key, lines))
    if not keys:
        raise click.UsageError("name the keys of the log: --log-key")
    return LogKeys(origin or keys[0].name, keys, threshold or len(keys))


@contextmanager
def ledger_errors() -> Iterator[None]:
    """A refusal of the log as one line and an exit status."""
    try:
        yield
    except LedgerError as error:
        facts = "".join(f", {name} {value}" for name, value in error.detail.items())
        say(f"{click.style('ledger:', fg='red', bold=True)} {ledger_sentence(error.reason)}{facts}", err=True)
        sys.exit(EXIT_REJECTED)


@click.command()
@click.option("--log", "folder", required=True, type=_PATH, help="Folder of the log.")
@log_options
@click.option("--list", "source", type=_PATH, help="Published list, tree of certificates or snapshot to compare.")
@click.option("--trust-key", metavar="FILE", help="Pinned key of that list's signer.")
@click.option("--since", type=_PATH, metavar="FILE", help="Checkpoint that was seen before: the log must extend it.")
@click.option("--save", type=_PATH, metavar="FILE", help="Keep the checkpoint for the next audit.")
@click.option("--all", "everything", is_flag=True, help="Every change, not only the last ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def audit(
    folder: Path,
    log_keys: tuple[str, ...],
    origin: str | None,
    log_threshold: int | None,
    source: Path | None,
    trust_key: str | None,
    since: Path | None,
    save: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Prove that a trust list's log only grew, and that the list is what its log adds up to.

    Every entry is read and proven. Exit status 1 if anything does not hold.
    """
    with ledger_errors():
        keys = read_log_keys(log_keys, origin, log_threshold)
        log = Log.open(folder, keys=keys)
        before = None if since is None else verify_checkpoint(read_file(since, _NOTE_BYTES), keys).checkpoint
        proven = log.audit(before)
        entries = tuple(log.entries())
    listed = add_up(entries)
    found: tuple[Discrepancy, ...] = ()
    if source is not None:
        pinned = None if trust_key is None else load_key(trust_key)
        found = compare_with_log(content_of(read_entries(source, pinned)), logged_content(listed))
    new = entries[proven.new.start :]
    if as_json:
        click.echo(json.dumps(_to_json(proven, new, len(listed), found, source), ensure_ascii=False))
    else:
        _show(proven, new, len(listed), everything=everything)
        _show_compared(source, found)
    if save is not None and not found:
        write_file(save, log.verified.note)
    sys.exit(EXIT_REJECTED if found else EXIT_ACCEPTED)


def _read_log_key(line: str) -> VerifierKey:
    text = line if line.count("+") >= 2 else read_file(Path(line), _NOTE_BYTES).decode("utf-8", "replace")
    try:
        return decode_verifier_key(text)
    except LedgerError as error:
        raise TrustListError(ListReason.LOG_KEY_UNREADABLE, cause=str(error.reason)) from error


def _show(proven: Audit, new: tuple[LoggedEntry, ...], keys: int, *, everything: bool) -> None:
    say(f"{proven.current.origin}: {proven.current.size} entries, {keys} keys in the list")
    if proven.previous.size:
        say(f"  extends the log of {proven.previous.size} entries that was seen before")
    shown = new if everything else new[-_SHOWN:]
    if len(shown) < len(new):
        say(f"  … {len(new) - len(shown)} changes before these (--all shows them)")
    for each in shown:
        entry = each.entry
        say(f"  {_MARKS.get(entry.kind, ' ')} {entry.at:%Y-%m-%d %H:%M UTC}  {entry.subject}  {entry.actor}")


def _show_compared(source: Path | None, found: tuple[Discrepancy, ...]) -> None:
    if source is None:
        return
    if not found:
        say(f"{source}: what the log says")
        return
    say(f"{source}: {sentence(ListReason.LIST_NOT_AS_LOGGED)}")
    for each in found[:_SHOWN]:
        say(f"  {each.deviation.value:<10} {_name(each.name)}")
    if len(found) > _SHOWN:
        say(f"  … and {len(found) - _SHOWN} more (--json shows them all)")


def _name(name: KeyName) -> str:
    return f"{name.participant or '-'} {name.domain or '-'} {name.usage} {name.kid.hex()}"


def _to_json(
    proven: Audit, new: tuple[LoggedEntry, ...], keys: int, found: tuple[Discrepancy, ...], source: Path | None
) -> Mapping[str, Any]:
    return {
        "origin": proven.current.origin,
        "size": proven.current.size,
        "root": proven.current.root.hex(),
        "previous": proven.previous.size,
        "keys": keys,
        "changes": [
            {
                "index": each.index,
                "kind": each.entry.kind,
                "at": each.entry.at.isoformat(),
                "actor": each.entry.actor,
                "subject": each.entry.subject,
                **each.entry.detail,
            }
            for each in new
        ],
        "list": None if source is None else ("as-logged" if not found else "not-as-logged"),
        "discrepancies": [{**each.name.to_dict(), "deviation": each.deviation.value} for each in found],
    }
