"""`pratique issue`: records become signed codes. `pratique keys`: a participant's authority and document signers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any

import click

from credential.cli import EXIT_ACCEPTED, EXIT_UNREADABLE, Instant, error_line, say, standard_input
from credential.errors import PratiqueError, Stage
from credential.usage import OID_OF
from credential.wire.x509 import read_certificate
from issuer import store
from issuer.errors import IssueError, IssueReason
from issuer.issue import DEFAULT_VALIDITY
from issuer.issue import issue as issue_record
from issuer.keys import KeyKind, create_dsc, create_sca, new_private_key
from issuer.messages import problem_sentence, sentence
from issuer.record import RECORD_BYTES, parse_record
from issuer.signed import Signed
from issuer.subject import Subject

PASSPHRASE_VARIABLE = "PRATIQUE_PASSPHRASE"  # noqa: S105 - the name of a variable, no secret
_PATH = click.Path(path_type=Path)


def ask_passphrase(*, confirm: bool = False) -> str:
    """The passphrase of a key file: from the environment, else asked for on the terminal."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    return given or click.prompt("Passphrase of the key", hide_input=True, confirmation_prompt=confirm, err=True)


@click.command(epilog=f"The passphrase of the key is taken from {PASSPHRASE_VARIABLE}, or asked for.")
@click.argument("records", nargs=-1, required=True, metavar="RECORD...")
@click.option("--dsc", "certificate", required=True, type=_PATH, help="Certificate of the document signer (DSC).")
@click.option("--key", required=True, type=_PATH, help="Its encrypted private key.")
@click.option(
    "--days", type=click.IntRange(1, 36_500), help=f"How long it counts; {DEFAULT_VALIDITY.days} days by default."
)
@click.option("--at", type=Instant(), default=None, help="Moment of issue (ISO 8601); now by default.")
@click.option("--output", "-o", type=click.Path(path_type=Path, file_okay=False), help="Folder for NAME.png and .svg.")
@click.option("--json", "as_json", is_flag=True, help="One result a line as JSON.")
def issue(
    records: tuple[str, ...],
    certificate: Path,
    key: Path,
    days: int | None,
    at: datetime | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Issue a signed code for each RECORD: a JSON file, or - for one record a line on standard input.

    Prints the text of each code. A record that cannot be issued is named with all that is wrong with it, and the
    rest go on.
    """
    signer = store.read_signer(certificate, key, ask_passphrase())
    valid_for = None if days is None else timedelta(days=days)
    status = EXIT_ACCEPTED
    for name, data in _read_records(records):
        try:
            signed = issue_record(_parsed(data), signer=signer, at=at or datetime.now(UTC), valid_for=valid_for)
            if output is not None:
                _write_pictures(output, name, signed)
        except PratiqueError as error:
            status = EXIT_UNREADABLE
            _show_refused(name, error, as_json)
        else:
            click.echo(json.dumps({"record": name, **_to_json(signed)}) if as_json else signed.text)
    sys.exit(status)


def _read_records(names: tuple[str, ...]) -> Iterator[tuple[str, bytes | IssueError]]:
    for name in names:
        if name == "-":
            yield from _read_lines(standard_input())
            continue
        try:
            with Path(name).open("rb") as file:
                yield Path(name).stem, file.read(RECORD_BYTES + 1)
        except OSError:
            yield name, IssueError(Stage.RECORD, IssueReason.FILE_UNREADABLE, file=name)


def _read_lines(stream: BufferedReader) -> Iterator[tuple[str, bytes | IssueError]]:
    """A record a line; of a line that is too long the rest is passed over, so that it spoils no other."""
    longest = RECORD_BYTES + 2
    for number, line in enumerate(iter(lambda: stream.readline(longest), b""), 1):
        whole = line
        while len(whole) == longest and not whole.endswith(b"\n"):
            whole = stream.readline(longest)
        if line.strip():
            yield f"line-{number}", line


def _parsed(data: bytes | IssueError) -> Mapping[str, Any]:
    if isinstance(data, IssueError):
        raise data
    return parse_record(data)


def _write_pictures(folder: Path, name: str, signed: Signed) -> None:
    symbol = signed.qr()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(symbol.png())
        (folder / f"{name}.svg").write_text(symbol.svg(), "utf-8")
    except OSError as error:
        raise IssueError(Stage.ISSUE, IssueReason.FILE_UNWRITABLE, file=name) from error


def _to_json(signed: Signed) -> dict[str, str]:
    return {
        "text": signed.text,
        "kind": signed.kind,
        "identifier": signed.identifier,
        "kid": signed.kid.hex(),
        "issued": signed.issued.isoformat(),
        "expires": signed.expires.isoformat(),
    }


def _show_refused(name: str, error: PratiqueError, as_json: bool) -> None:
    problems = error.problems if isinstance(error, IssueError) else ()
    if as_json:
        fields = [{"field": problem.field, "reason": problem.reason.value} for problem in problems]
        failure = {"stage": error.stage.value, "reason": error.reason.value, "problems": fields}
        click.echo(json.dumps({"record": name, "error": failure}))
        return
    say(f"{name}: {error_line(error, sentence(error))}", err=True)
    for problem in problems:
        say(f"  {problem_sentence(problem)}", err=True)


@click.group(epilog=f"The passphrase of a key is taken from {PASSPHRASE_VARIABLE}, or asked for.")
def keys() -> None:
    """Make a participant's signing authority (SCA) and its document signers (DSC)."""


_KIND = click.option(
    "--kind", type=click.Choice([kind.value for kind in KeyKind]), default=KeyKind.P256.value, help="P-256 by default."
)
_FOLDER = click.option("--output", "-o", type=_PATH, required=True, help="Folder for the two files.")


@keys.command("sca")
@click.option("--country", required=True, help="Two letters: ISO 3166-1 alpha-2, or a virtual code.")
@click.option("--name", required=True, help="Common name, such as 'Health Authority of XA SCA'.")
@click.option("--organisation", help="Name of the organisation.")
@_KIND
@_FOLDER
def create_authority(country: str, name: str, organisation: str | None, kind: str, output: Path) -> None:
    """Make an authority: sca.pem and its encrypted key sca.key.pem. Keep the key on a machine without a network."""
    key = new_private_key(KeyKind(kind))
    certificate = create_sca(Subject(country.upper(), name, organisation), key=key, at=datetime.now(UTC))
    _write_pair(output, "sca", key=key, certificate=certificate, passphrase=ask_passphrase(confirm=True))


@keys.command("dsc")
@click.option("--sca", "authority", required=True, type=_PATH, help="Certificate of the authority.")
@click.option("--sca-key", required=True, type=_PATH, help="Its encrypted private key.")
@click.option("--name", required=True, help="Common name: one signer for each site, so that one can be withdrawn.")
@click.option("--usage", "groups", multiple=True, type=click.Choice(sorted(OID_OF)), help="Limit to these; else all.")
@_KIND
@_FOLDER
def create_signer(authority: Path, sca_key: Path, name: str, groups: tuple[str, ...], kind: str, output: Path) -> None:
    """Make a document signer under an authority: dsc.pem and its encrypted key dsc.key.pem."""
    passphrase = ask_passphrase()
    sca = store.read_certificate_file(authority)
    key = new_private_key(KeyKind(kind))
    certificate = create_dsc(
        Subject(read_certificate(sca).country or "", name),
        public_key=key.public_key(),
        sca=sca,
        sca_key=store.read_key(sca_key, passphrase),
        at=datetime.now(UTC),
        usages=tuple(OID_OF[group] for group in groups),
    )
    _write_pair(output, "dsc", key=key, certificate=certificate, passphrase=passphrase)


@keys.command("show")
@click.argument("certificates", nargs=-1, required=True, type=_PATH, metavar="CERTIFICATE...")
def show_certificate(certificates: tuple[Path, ...]) -> None:
    """Show what certificates say: whom they name, until when they count, what they may sign."""
    for path in certificates:
        facts = read_certificate(store.read_certificate_file(path))
        end = datetime.fromtimestamp(facts.not_after, UTC)
        say(f"{path}: {'authority' if facts.is_ca else 'signer'} {facts.subject}")
        say(f"  kid {facts.kid.hex()}  {facts.key_kind} {facts.key_detail}  until {end:%Y-%m-%d %H:%M UTC}")


def _write_pair(folder: Path, stem: str, *, key: Any, certificate: bytes, passphrase: str) -> None:
    paths = {"key_path": folder / f"{stem}.key.pem", "certificate_path": folder / f"{stem}.pem"}
    folder.mkdir(parents=True, exist_ok=True)
    store.write_key_pair(**paths, key=key, certificate=certificate, passphrase=passphrase)
    say(f"{paths['certificate_path']}  kid {read_certificate(certificate).kid.hex()}")
    say(f"{paths['key_path']}  encrypted")
