"""Commands that keep a store of trust lists: pin, update, confirm, diff, export, import."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from credential.cli import EXIT_ACCEPTED, EXIT_REJECTED, EXIT_UNDETERMINED, Instant, say
from credential.errors import DetailValue
from trustlist.changes import Changes, KeyName, compare
from trustlist.did_web import is_address
from trustlist.errors import ListReason, TrustListError
from trustlist.files import read_file
from trustlist.freshness import freshness
from trustlist.messages import sentence
from trustlist.model import Environment
from trustlist.store import load_key, load_trust
from trustlist.update.pin import read_key_to_pin
from trustlist.update.policy import DEFAULT_POLICY, UpdatePolicy
from trustlist.update.result import Update, UpdateOutcome
from trustlist.update.store import bring_kept, confirm_waiting, pin_signer, read_store, update_store

_KEY_FILE_BYTES = 1024 * 1024
_SHOWN = 20
_EXIT = MappingProxyType(
    {
        UpdateOutcome.UPDATED: EXIT_ACCEPTED,
        UpdateOutcome.UNCHANGED: EXIT_ACCEPTED,
        UpdateOutcome.WAITING: EXIT_UNDETERMINED,
        UpdateOutcome.REFUSED: EXIT_REJECTED,
    }
)
_COLOURS = MappingProxyType(
    {
        UpdateOutcome.UPDATED: "green",
        UpdateOutcome.UNCHANGED: "green",
        UpdateOutcome.WAITING: "yellow",
        UpdateOutcome.REFUSED: "red",
    }
)
_EPILOG = "Exit status: 0 the newest lists are in use, 2 newer ones wait for a person, 1 refused and nothing changed."

_store = click.option(
    "--store", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps the lists."
)
_at = click.option("--at", type=Instant(), default=None, help="As of this time (ISO 8601); now by default.")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@_store
@click.option("--environment", type=click.Choice([each.value for each in Environment]), help="Whose lists it signs.")
@click.option("--signer", metavar="DID", help="Which key of the file; needed for a bare JWK.")
@click.option("--replace", "replacing", metavar="THUMBPRINT", help="The key that is pinned now and shall go.")
@click.option("--forget", is_flag=True, help="Stop using the lists of the old key at once: it was stolen.")
def pin(
    file: Path, store: Path, environment: str | None, signer: str | None, replacing: str | None, forget: bool
) -> None:
    """Pin the key in FILE as the signer of a store's lists.

    This is the one decision that everything else rests on: compare the thumbprint that is printed with what the
    network's operator tells you by another way. A store keeps the environment of its first key for ever.
    """
    key = read_key_to_pin(
        read_file(file, _KEY_FILE_BYTES),
        environment=None if environment is None else Environment(environment),
        verification_method=signer,
    )
    try:
        state = pin_signer(store, key, replacing=replacing, forget=forget)
    except TrustListError as error:
        if error.reason is ListReason.SIGNER_PINNED_OTHER:
            say(f"pinned here: {error.detail['pinned']}", err=True)
        raise
    say(f"{store}: {state.environment}, lists signed by {state.signer.method}")
    say(f"  thumbprint {state.signer.thumbprint}")


@click.command(epilog=_EPILOG)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@_store
@click.option("--list", "lists", multiple=True, metavar="DID", help="Ask for this list too, from now on.")
@click.option("--most-lost", type=click.IntRange(0, 100), metavar="PERCENT", help="More than this waits for a person.")
@click.option("--unsafe-http-to-loopback", is_flag=True, help="Ask a server on this machine without TLS.")
@_at
@_json
def update(
    sources: tuple[str, ...],
    store: Path,
    lists: tuple[str, ...],
    most_lost: int | None,
    unsafe_http_to_loopback: bool,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Take newer lists into a store, if they are what they should be.

    Each SOURCE is an https address or a DID, or else a file or folder that lists were copied to; without any, the
    store's lists are fetched from where they lie.
    """
    from trustlist.fetch import FetchPolicy, Web
    from trustlist.update.offer import lists_asked_for
    from trustlist.update.sources import bring_from_web, did_named, read_offer

    moment, policy = at or datetime.now(UTC), _policy(most_lost)
    named = tuple(did_named(each) for each in (*lists, *sources) if is_address(each))
    paths = [Path(each) for each in sources if not is_address(each)]
    state = read_store(store).state
    if paths:
        if any(is_address(each) for each in sources):
            raise click.UsageError("name addresses or files, not both")
        offer = read_offer(paths, policy)
        offer.require_wanted(state, lists_asked_for(state, named, offer))
        bring = offer.bring(bring_kept(store, state.documents))
        result = update_store(
            store, lambda state: lists_asked_for(state, named, offer), bring, at=moment, policy=policy
        )
    else:
        limits = FetchPolicy(body_bytes=policy.document_bytes, unsafe_http_to_loopback=unsafe_http_to_loopback)
        with Web(limits) as web:
            bring = bring_from_web(web, store, state.documents)
            result = update_store(store, lambda state: lists_asked_for(state, named), bring, at=moment, policy=policy)
    _end(result, moment, as_json)


@click.command(epilog=_EPILOG)
@click.argument("digest")
@_store
@_at
@_json
def confirm(digest: str, store: Path, at: datetime | None, as_json: bool) -> None:
    """Take the lists that wait into use, whatever they take away. DIGEST is what `trust update` printed."""
    moment = at or datetime.now(UTC)
    _end(confirm_waiting(store, digest.lower(), at=moment), moment, as_json)


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--trust-key", metavar="FILE", help="Pinned key of signed lists among the two.")
@_json
def diff(before: str, after: str, trust_key: str | None, as_json: bool) -> None:
    """Show which keys are in one trust list and not in another, by participant.

    Each is a saved snapshot, a store, a signed list, a certificate file or a folder of certificates.
    """
    key = None if trust_key is None else load_key(trust_key)
    changes = compare(load_trust(before, key=key), load_trust(after, key=key))
    if as_json:
        click.echo(json.dumps(changes.to_dict(), ensure_ascii=False))
        return
    _show_changes(changes, everything=True)
    if not changes.count:
        say("The same keys.")


@click.command("export")
@_store
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Bundle to write.")
@_at
def export_bundle(store: Path, output: Path, at: datetime | None) -> None:
    """Write the lists in use into one file, to carry to a machine without a network."""
    from trustlist.update.sources import write_bundle_file

    size = write_bundle_file(store, output, at or datetime.now(UTC))
    say(f"{output}: {len(read_store(store).state.documents)} lists, {size} bytes")


@click.command("import", epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@_store
@_at
@_json
def import_bundle(file: Path, store: Path, at: datetime | None, as_json: bool) -> None:
    """Take the lists of a bundle into a store, under the key that is pinned here."""
    from trustlist.update.sources import import_bundle_file

    moment = at or datetime.now(UTC)
    _end(import_bundle_file(store, file, at=moment), moment, as_json)


def _policy(most_lost: int | None) -> UpdatePolicy:
    if most_lost is None:
        return DEFAULT_POLICY
    return replace(DEFAULT_POLICY, lost_keys_percent=most_lost, lost_participants_percent=most_lost)


def _end(result: Update, at: datetime, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_to_json(result, at), ensure_ascii=False))
    else:
        _show(result, at)
    sys.exit(_EXIT[result.outcome])


def _show(result: Update, at: datetime) -> None:
    title = click.style(result.outcome.value, fg=_COLOURS[result.outcome], bold=True)
    why = "" if result.reason is None else f": {sentence(result.reason)}"
    say(f"{title}{why}{_facts(result.detail)}")
    if result.snapshot is not None:
        say(f"  {_in_use(result, at)}")
    _show_changes(result.changes, everything=result.outcome is UpdateOutcome.WAITING)
    for remark in result.remarks[:_SHOWN]:
        say(f"  {click.style('note:', fg='yellow')} {sentence(remark.reason)} {remark.about}{_facts(remark.detail)}")
    if len(result.remarks) > _SHOWN:
        say(f"  … and {len(result.remarks) - _SHOWN} more notes (--json shows them all)")
    waiting = result.state.waiting
    if result.outcome is UpdateOutcome.WAITING and waiting is not None:
        losses = result.losses
        say(f"  lost: {losses.lost_keys} of {losses.usable_keys} keys that sign today,", err=False)
        say(f"        {len(losses.lost_participants)} of {losses.participants} participants")
        say(f"  If this is right: pratique trust confirm {waiting.digest[:16]} --store …")


def _in_use(result: Update, at: datetime) -> str:
    """One line on what is in use now."""
    snapshot = result.snapshot
    assert snapshot is not None  # noqa: S101 - asked by the one caller
    policy = DEFAULT_POLICY
    state = freshness(snapshot, at, ageing_after=policy.ageing_after, stale_after=policy.stale_after)
    signed = "" if snapshot.created is None else f", signed {snapshot.created:%Y-%m-%d %H:%M UTC}"
    return f"{len(snapshot)} keys in use, {snapshot.environment}{signed}, {state}"


def _show_changes(changes: Changes, *, everything: bool) -> None:
    rows = [
        (name.participant or "-", mark, name)
        for mark, names in (("+", changes.added), ("-", changes.removed), ("~", changes.changed))
        for name in names
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    if rows:
        counts = (len(changes.added), len(changes.removed), len(changes.changed))
        say("  {} added, {} removed, {} changed".format(*counts))
    for line in _lines(rows, everything):
        say(line)


def _lines(rows: Iterable[tuple[str, str, KeyName]], everything: bool) -> Iterator[str]:
    """By participant: the number of each sort of change, or every key."""
    for participant, group in groupby(rows, key=lambda row: row[0]):
        changed = list(group)
        marks = [mark for _, mark, _ in changed]
        counted = "  ".join(f"{mark}{marks.count(mark)}" for mark in "+-~" if mark in marks)
        yield f"  {participant:<4} {counted}"
        if everything:
            for _, mark, name in changed:
                yield f"       {mark} {name.domain or '-':<5} {name.usage:<4} {name.kid.hex()}"


def _facts(detail: Mapping[str, DetailValue]) -> str:
    return "" if not detail else f" ({', '.join(f'{name} {value}' for name, value in detail.items())})"


def _to_json(result: Update, at: datetime) -> dict[str, Any]:
    snapshot, waiting = result.snapshot, result.state.waiting
    return {
        "outcome": result.outcome.value,
        "reason": result.reason,
        "detail": dict(result.detail),
        "environment": result.state.environment.value,
        "keys": 0 if snapshot is None else len(snapshot),
        "created": None if snapshot is None or snapshot.created is None else snapshot.created.isoformat(),
        "freshness": None if snapshot is None else freshness(snapshot, at).value,
        **result.changes.to_dict(),
        "lost_keys": result.losses.lost_keys,
        "usable_keys": result.losses.usable_keys,
        "lost_participants": list(result.losses.lost_participants),
        "confirm": None if waiting is None else waiting.digest,
        "remarks": [
            {"reason": remark.reason.value, "about": remark.about, "detail": dict(remark.detail)}
            for remark in result.remarks
        ],
    }


COMMANDS = (pin, update, confirm, diff, export_bundle, import_bundle)
"""What the group `trust` takes in."""
