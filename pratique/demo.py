"""`pratique demo`: a trust network, a certificate of each sort, and five that must fail; all go through pictures."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from credential.cli import EXIT_UNREADABLE, say
from credential.wire.qr import Engine, draw, read_picture
from issuer import issue
from issuer.store import write_certificate, write_key_pair
from samples import forgeries
from samples.network import RECORDS, Network, make_network, read_record
from trustlist import TrustSnapshot, read_pinned_key
from verifier import Outcome, Verdict, verify
from verifier.messages import outcome_word, verdict_sentence

PASSPHRASE = "demo: this protects nothing"  # noqa: S105 - of keys that are made to be looked at
_MARKER = ".made-by-pratique-demo"
_COUNTRIES = {"vaccination": "XA", "test": "XB", "recovery": "XC"}
_LOOKS = {Outcome.ACCEPTED: ("✔", "green"), Outcome.REJECTED: ("✖", "red"), Outcome.UNDETERMINED: ("?", "blue")}


@dataclass(frozen=True, slots=True)
class Case:
    """One certificate of the demo: what it is, its text, and how checking it must end."""

    name: str
    title: str
    text: str
    expected: Outcome


@click.command()
@click.option("--folder", default="demo", show_default=True, type=click.Path(path_type=Path), help="Where to write.")
def demo(folder: Path) -> None:
    """Make a network of three countries, issue certificates, print their codes, and check good and bad ones.

    Everything is made anew with throw-away keys and written to a folder, to look at and to try other commands on.
    """
    _clear(folder)
    at = datetime.now(UTC).replace(microsecond=0)
    network = make_network(at)
    trust = TrustSnapshot.from_did(network.trust_list, key=read_pinned_key(network.list_key))
    _write_network(folder, network, trust)
    say(f"Trust list: {len(network.participants)} participants, {len(trust)} keys, proof verified.")
    results = [(case, _check_picture(folder, case, trust, at)) for case in _cases(network, at)]
    _show(results)
    _show_next(folder)
    if any(verdict.outcome is not case.expected for case, verdict in results):
        raise click.exceptions.Exit(EXIT_UNREADABLE)


def _cases(network: Network, at: datetime) -> Iterator[Case]:
    genuine = {
        group: issue(read_record(group), signer=network.participants[_COUNTRIES[group]].signers[group], at=at).text
        for group in RECORDS
    }
    for group, text in genuine.items():
        yield Case(group, f"{group} certificate of {_COUNTRIES[group]}", text, Outcome.ACCEPTED)
    bad = (
        ("tampered", "birth date changed", forgeries.tampered(genuine["vaccination"]), Outcome.REJECTED),
        ("expired", "ended yesterday", forgeries.expired(network, at), Outcome.REJECTED),
        ("wrong-usage", "vaccination, signed by a key for tests", forgeries.wrong_usage(network, at), Outcome.REJECTED),
        ("borrowed-name", "says XA, signed by XB", forgeries.borrowed_name(network, at), Outcome.REJECTED),
        ("unknown-signer", "issuer not on the list", forgeries.unknown_signer(network, at), Outcome.UNDETERMINED),
    )
    yield from (Case(*facts) for facts in bad)


def _check_picture(folder: Path, case: Case, trust: TrustSnapshot, at: datetime) -> Verdict:
    """Write the code as a picture, read it back from the picture, and verify what was read."""
    symbol = draw(case.text, engine=Engine.ZXING)
    picture = folder / f"{case.name}.png"
    picture.write_bytes(symbol.png())
    (folder / f"{case.name}.svg").write_text(symbol.svg(title=f"QR code: {case.title}"), "utf-8")
    (scanned,) = read_picture(picture.read_bytes())
    return verify(scanned, trust=trust, at=at)


def _write_network(folder: Path, network: Network, trust: TrustSnapshot) -> None:
    (folder / "trust-list.json").write_bytes(network.trust_list)
    (folder / "trust-list-key.json").write_bytes(network.list_key)
    trust.save(folder / "trust.snapshot")
    for participant in network.participants.values():
        (folder / participant.country).mkdir()
        write_certificate(folder / participant.country / "sca.pem", participant.sca)
    clinic = network.participants["XA"]
    write_key_pair(
        key_path=folder / "XA" / "dsc.key.pem",
        certificate_path=folder / "XA" / "dsc.pem",
        key=clinic.keys["vaccination"],
        certificate=clinic.signers["vaccination"].certificate,
        passphrase=PASSPHRASE,
    )


def _clear(folder: Path) -> None:
    """An empty folder; one that is there is only emptied if an earlier demo made it."""
    if folder.exists():
        if not (folder / _MARKER).is_file():
            message = f"{folder} is there already and was not made by the demo; choose another --folder"
            raise click.UsageError(message)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).touch()


def _show(results: list[tuple[Case, Verdict]]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("picture", "verdict", "certificate"):
        table.add_column(heading, header_style="bold")
    for case, verdict in results:
        mark, colour = _LOOKS[verdict.outcome]
        word = Text(f"{mark} {outcome_word(verdict.outcome)}", style=f"bold {colour}")
        why = verdict_sentence(verdict)
        table.add_row(f"{case.name}.png", word, Text(case.title) + Text(f"\n{why}" if why else "", style="dim"))
    say()
    Console(highlight=False).print(table)


def _show_next(folder: Path) -> None:
    trust = f"--trust {folder}/trust.snapshot"
    program = _program()
    say(f"""
Written to {folder}/. Try next:
  {program} verify {folder}/vaccination.png {trust} --details
  {program} inspect {folder}/tampered.png
  {program} trust show --trust {folder}/trust-list.json --trust-key {folder}/trust-list-key.json
  PRATIQUE_PASSPHRASE='{PASSPHRASE}' {program} issue samples/records/vaccination.json \\
      --dsc {folder}/XA/dsc.pem --key {folder}/XA/dsc.key.pem""")


def _program() -> str:
    """How this program was called, so that the next command can be copied: `.venv/bin/pratique`, or just its name."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "pratique" and not called.is_absolute() else "pratique"
