"""`pratique verify`: texts, pictures, PDFs and streams of codes against a trust list."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from credential.cli import (
    EXIT_ACCEPTED,
    EXIT_REJECTED,
    EXIT_UNDETERMINED,
    EXIT_UNREADABLE,
    Instant,
    error_line,
    say,
    scan_sentence,
    standard_input,
)
from credential.messages import remark
from credential.store import STANDARD_INPUT, Scan, read_scans
from trustlist import TrustSnapshot
from trustlist.cli import trust_options
from trustlist.files import read_file
from trustlist.scope import read_scopes
from verifier.messages import advice, check_sentence, outcome_word, verdict_sentence
from verifier.policy import Policy
from verifier.verdict import Check, Outcome, Status, Verdict
from verifier.verify import verify as verify_text

_EXIT = MappingProxyType(
    {
        Outcome.ACCEPTED: EXIT_ACCEPTED,
        Outcome.UNDETERMINED: EXIT_UNDETERMINED,
        Outcome.REJECTED: EXIT_REJECTED,
    }
)
_FROM_BEST_TO_WORST = (EXIT_ACCEPTED, EXIT_UNDETERMINED, EXIT_REJECTED, EXIT_UNREADABLE)
_LOOKS = MappingProxyType(
    {
        Outcome.ACCEPTED: ("✔", "green"),
        Outcome.REJECTED: ("✖", "red"),
        Outcome.UNDETERMINED: ("?", "blue"),
    }
)
_MARKS = MappingProxyType(
    {
        Status.PASSED: ("✔", "green"),
        Status.FAILED: ("✖", "red"),
        Status.UNDETERMINED: ("?", "blue"),
        Status.SKIPPED: ("·", "bright_black"),
    }
)
_POLICIES_HELP = "authenticity (default), entry:XX for the country of arrival, or unsafe-any-environment."


class PolicyName(click.ParamType[Policy]):
    """A policy by its name."""

    name = "policy"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Policy:
        """The policy; a usage error for an unknown name."""
        if isinstance(value, Policy):
            return value
        name, _, country = value.partition(":")
        if name == "entry" and len(country) == 2 and country.isalpha():
            return Policy.entry(country=country)
        named = {"authenticity": Policy, "unsafe-any-environment": Policy.unsafe_any_environment}
        if value not in named:
            self.fail(f"{value!r} is not a policy: {_POLICIES_HELP}", param, ctx)
        return named[value]()


@click.command(epilog="Exit status: 0 all accepted, 1 one rejected, 2 one undetermined, 64 usage, 65 unreadable input.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@trust_options
@click.option("--at", type=Instant(), default=None, help="Check as of this time (ISO 8601); now by default.")
@click.option("--policy", type=PolicyName(), default="authenticity", help=_POLICIES_HELP)
@click.option("--scopes", type=click.Path(path_type=Path), help="Who may sign what, as `trust scope --json` writes it.")
@click.option("--json", "as_json", is_flag=True, help="One verdict a line as JSON, in the order of the inputs.")
@click.option("--details", is_flag=True, help="Show every check.")
def verify(
    inputs: tuple[str, ...],
    trust: TrustSnapshot,
    at: datetime | None,
    policy: Policy,
    scopes: Path | None,
    as_json: bool,
    details: bool,
) -> None:
    """Check health certificates against a trust list. Nothing of what is checked is stored or logged.

    Each INPUT is a text, a picture, a PDF, a text file with one code a line, a folder, or - for standard input.
    """
    moment = at or datetime.now(UTC)
    if scopes is not None:
        table = read_scopes(read_file(scopes, policy.limits.trust_list_bytes), name=scopes.name)
        policy = replace(policy, scopes=table)
    single = len(inputs) == 1 and inputs[0] != STANDARD_INPUT and not Path(inputs[0]).is_dir()
    status = EXIT_ACCEPTED
    for scan in _with_progress(read_scans(inputs, standard_input()), shown=not single):
        verdict = None if scan.error else verify_text(scan.text, trust=trust, at=moment, policy=policy)
        found = EXIT_UNREADABLE if verdict is None else _EXIT[verdict.outcome]
        status = max(status, found, key=_FROM_BEST_TO_WORST.index)
        if as_json:
            click.echo(json.dumps(_to_json(scan, verdict), ensure_ascii=False))
        elif verdict is None:
            _show_unreadable(scan)
        elif single or details:
            _show_card(scan, verdict, details)
        else:
            _show_line(scan, verdict)
    sys.exit(status)


def _with_progress(scans: Iterator[Scan], *, shown: bool) -> Iterator[Scan]:
    """The same scans, with a count on standard error while they last, where a person is looking at it."""
    if not (shown and sys.stderr.isatty() and not sys.stdout.isatty()):
        yield from scans
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(scans)


def _to_json(scan: Scan, verdict: Verdict | None) -> dict[str, Any]:
    if verdict is not None:
        return {"input": scan.name, **verdict.to_dict()}
    error = scan.error
    assert error is not None  # noqa: S101 - a scan has a verdict or an error
    failure = {"stage": error.stage.value, "reason": error.reason.value, "detail": dict(error.detail)}
    return {"input": scan.name, "outcome": None, "error": failure}


def _show_unreadable(scan: Scan) -> None:
    assert scan.error is not None  # noqa: S101 - as above
    say(f"{scan.name}: {error_line(scan.error, scan_sentence(scan.error))}", err=True)


def _headline(verdict: Verdict) -> str:
    mark, colour = _LOOKS[verdict.outcome]
    return click.style(f"{mark} {outcome_word(verdict.outcome):<11}", fg=colour, bold=True)


def _person(verdict: Verdict) -> str:
    """Name and birth date, to compare with the passport."""
    credential = verdict.credential
    return "" if credential is None else f"{shown(credential.printed_name)}, born {credential.birth_date or 'unknown'}"


def shown(text: str) -> str:
    """A text from a certificate, made harmless for a terminal: no control characters, direction kept inside."""
    harmless = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
    return harmless if harmless.isascii() else f"\N{FIRST STRONG ISOLATE}{harmless}\N{POP DIRECTIONAL ISOLATE}"


def _show_line(scan: Scan, verdict: Verdict) -> None:
    parts = (_headline(verdict), scan.name, verdict.kind or "", _person(verdict), verdict_sentence(verdict) or "")
    say("  ".join(part for part in parts if part))


def _show_card(scan: Scan, verdict: Verdict, details: bool) -> None:
    say(f"{_headline(verdict)} {verdict.kind or ''}  {click.style(scan.name, fg='bright_black')}".rstrip())
    lines = (
        verdict_sentence(verdict),
        advice(verdict),
        _person(verdict),
        _signed_by(verdict),
        f"policy {verdict.policy}, as of {verdict.at.astimezone(UTC):%Y-%m-%d %H:%M UTC}",
    )
    for line in lines:
        if line:
            say(f"  {line}")
    for warning in verdict.warnings:
        say(f"  {click.style('note:', fg='yellow')} {remark(warning)}")
    if details:
        for check in verdict.checks:
            _show_check(check)


def _signed_by(verdict: Verdict) -> str:
    signer = verdict.signer
    if signer is None:
        return ""
    name = signer.country or signer.participant or signer.issuer or "an unnamed issuer"
    listed = "pinned" if signer.pinned else f"listed as {signer.participant or 'nobody'}"
    end = signer.not_after
    until = "without end" if end is None else f"until {datetime.fromtimestamp(end, UTC):%Y-%m-%d}"
    return f"signed by {name} ({listed}), key {until}"


def _show_check(check: Check) -> None:
    mark, colour = _MARKS[check.status]
    say(f"    {click.style(mark, fg=colour)} {check.name:<16} {check_sentence(check) or ''}".rstrip())
