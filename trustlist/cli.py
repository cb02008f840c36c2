"""`pratique trust`: what a trust list holds, and keeping one in the form that loads fastest."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from credential.cli import EXIT_ACCEPTED, EXIT_REJECTED, Instant, say
from trustlist.account import EntryState
from trustlist.did import PinnedKey
from trustlist.did_web import is_address
from trustlist.errors import ListReason, TrustListError
from trustlist.files import write_file
from trustlist.freshness import freshness
from trustlist.messages import sentence
from trustlist.snapshot import TrustSnapshot
from trustlist.store import load_key, load_trust
from trustlist.update.cli import COMMANDS

_SHOWN = 20

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def trust_options(command: CommandT) -> CommandT:
    """Adds `--trust` and `--trust-key`; the command gets the snapshot as `trust`."""

    @click.option(
        "--trust",
        "source",
        required=True,
        metavar="PATH",
        help="Trust list: a saved snapshot, a store, a DID document (file or https address), or certificates.",
    )
    @click.option("--trust-key", metavar="FILE", help="Pinned key of the list's signer (DID document or JWK).")
    @wraps(command)
    def with_trust(*args: Any, source: str, trust_key: str | None, **options: Any) -> Any:
        return command(*args, trust=read_trust(source, trust_key), **options)

    return with_trust  # type: ignore[return-value]


def read_trust(source: str, trust_key: str | None) -> TrustSnapshot:
    """The snapshot behind `--trust`; raises `TrustListError`."""
    key = read_key_file(trust_key)
    if not is_address(source):
        return load_trust(Path(source), key=key)
    if key is None:
        raise TrustListError(ListReason.LIST_KEY_MISSING)
    from trustlist.update.sources import fetch_snapshot

    return fetch_snapshot(source, key, datetime.now(UTC))


def read_key_file(path: str | None) -> PinnedKey | None:
    """The pinned key in a file, if one is named; raises `TrustListError`."""
    return None if path is None else load_key(path)


@click.group()
def trust() -> None:
    """Look at trust lists, keep them up to date, and save them for fast loading."""


for command in COMMANDS:
    trust.add_command(command)


@trust.command()
@trust_options
@click.option("--at", type=Instant(), default=None, help="As of this time (ISO 8601); now by default.")
@click.option("--json", "as_json", is_flag=True, help="One entry a line as JSON.")
@click.option("--all", "everything", is_flag=True, help="Every entry, not only those with something wrong.")
def show(trust: TrustSnapshot, at: datetime | None, as_json: bool, everything: bool) -> None:
    """Account for every entry of a trust list: usable, expired, broken, and why."""
    moment = at or datetime.now(UTC)
    states = trust.account(moment)
    if as_json:
        for state in states:
            click.echo(json.dumps(_state_json(state), ensure_ascii=False))
        return
    for source in trust.sources[:_SHOWN]:
        signed = f"signed {source.created:%Y-%m-%d %H:%M UTC}" if source.created else "pinned"
        say(f"{source.name}  {source.environment}, {signed}, {source.entries} entries")
    if len(trust.sources) > _SHOWN:
        say(f"… and {len(trust.sources) - _SHOWN} more lists")
    if trust.created is not None:
        say(f"{(moment - trust.created).days} days old: {freshness(trust, moment)}")
    for status, count in Counter(state.status for state in states).most_common():
        say(f"  {count:>6}  {status}")
    listed = [state for state in states if everything or state.reason is not None]
    for state in listed[: len(listed) if everything else _SHOWN]:
        usage = state.usage or "-"
        say(f"  {state.position:<26} {state.participant or '-':<4} {usage:<4} {state.status:<13} {_why(state)}")
    if len(listed) > _SHOWN and not everything:
        say(f"  … and {len(listed) - _SHOWN} more with something wrong (--all shows every entry)")


@trust.command()
@trust_options
@click.option(
    "--lists", "folder", metavar="FOLDER", help="Published tree of signed lists, to see where references lead."
)
@click.option("--at", type=Instant(), default=None, help="As of this time (ISO 8601); now by default.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--html", "page", metavar="FILE", help="Write a page with plots, which needs nothing beside itself.")
@click.pass_context
def doctor(
    context: click.Context,
    trust: TrustSnapshot,
    folder: str | None,
    at: datetime | None,
    as_json: bool,
    page: str | None,
) -> None:
    """Say what is in a trust list, what is wrong with it, and what to do. Exit status 1 where something is serious."""
    from trustlist.doctor import cli, examine, store
    from trustlist.doctor import page as pages

    source, key = Path(context.params["source"]), read_key_file(context.params["trust_key"])
    tree = store.read_tree(Path(folder), key) if folder else store.Tree(store.read_references(source, key))
    report = examine(trust, at=at or datetime.now(UTC), references=tree.lists, known=tree.known, refused=tree.refused)
    if page is not None:
        write_file(Path(page), pages.render_page(report).encode())
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        cli.print_report(report)
    sys.exit(EXIT_REJECTED if report.is_serious else EXIT_ACCEPTED)


@trust.command()
@trust_options
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False), help="Where to save the snapshot.")
def save(trust: TrustSnapshot, output: str) -> None:
    """Save a trust list, its proof verified now, as one file that loads in milliseconds.

    The file is trusted because of where it lies: keep it as safe as the program itself.
    """
    trust.save(output)
    say(f"{output}: {len(trust)} keys, {len(trust.rejected)} entries that cannot be used")


def _state_json(state: EntryState) -> dict[str, str | None]:
    return {
        "position": state.position,
        "source": state.source,
        "kid": state.kid,
        "participant": state.participant,
        "domain": state.domain,
        "usage": state.usage,
        "status": state.status,
        "reason": state.reason,
    }


def _why(state: EntryState) -> str:
    return "" if state.reason is None else sentence(state.reason)


@trust.command()
@click.option("--json", "as_json", is_flag=True, help="As a file that can be changed and given to `verify --scopes`.")
def scope(as_json: bool) -> None:
    """Show which trust domains and key usages may sign which kind of credential."""
    from trustlist.scope import DEFAULT_SCOPES, describe_scopes, write_scopes

    if as_json:
        click.echo(write_scopes(DEFAULT_SCOPES))
        return
    for kind, domains, usages, source in describe_scopes(DEFAULT_SCOPES):
        say(f"{click.style(f'{kind:<10}', bold=True)} {usages:<7} {domains:<24} {source}")
