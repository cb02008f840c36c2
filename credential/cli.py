"""Commands that need no trust: `inspect` shows what is in a scan layer by layer, `qr` writes and reads QR codes.

Also what the commands of all rooms share: how a point in time is given, how an error is shown, when there is colour.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, cast

import click

from credential import messages
from credential.errors import EncodeError, PratiqueError, Reason, Stage
from credential.layers import describe_layers
from credential.store import Scan, read_scans

EXIT_ACCEPTED, EXIT_REJECTED, EXIT_UNDETERMINED, EXIT_USAGE, EXIT_UNREADABLE = 0, 1, 2, 64, 65
INPUTS_HELP = "Texts, pictures, PDFs, text files with one code a line, folders, or - for standard input."


def say(text: str = "", *, err: bool = False) -> None:
    """One line for people; colours only on a terminal, and never against NO_COLOR."""
    click.echo(text, err=err, color=False if "NO_COLOR" in os.environ else None)


def standard_input() -> BufferedReader:
    """Standard input as bytes."""
    buffer = sys.stdin.buffer
    return buffer if isinstance(buffer, BufferedReader) else BufferedReader(cast(RawIOBase, buffer))


def error_line(error: PratiqueError, sentence: str) -> str:
    """How an error is shown: the stage it belongs to, then what is wrong."""
    return f"{click.style(f'{error.stage}:', fg='red', bold=True)} {sentence}"


def scan_sentence(error: PratiqueError) -> str:
    """What is wrong with a scan, in words."""
    return messages.sentence(Reason(error.reason.value), error.detail)


class Instant(click.ParamType[datetime]):
    """A point in time: ISO 8601; a date alone means noon UTC, a time without offset is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The timezone-aware time; a usage error for anything else."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(f"{value}T12:00" if len(value) == 10 else value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time such as 2026-11-22 or 2026-11-22T08:30:00Z", param, ctx)


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines.")
def inspect(inputs: tuple[str, ...], as_json: bool) -> None:
    """Show what is in a code, layer by layer. NOTHING IS VERIFIED: anyone can write anything into a code.

    Each INPUT is a text, a picture, a PDF, a text file with one code a line, a folder, or - for standard input.
    """
    status = EXIT_ACCEPTED
    for scan in read_scans(inputs, standard_input()):
        layers = describe_layers(scan.text) if scan.error is None else ()
        broken = scan.error is not None or any(layer.error for layer in layers)
        status = EXIT_UNREADABLE if broken else status
        if as_json:
            shown = [layer.to_dict() for layer in layers]
            click.echo(json.dumps({"input": scan.name, "verified": False, "layers": shown}, ensure_ascii=False))
        else:
            _show_layers(scan)
    sys.exit(status)


def _show_layers(scan: Scan) -> None:
    say(f"{click.style(scan.name, bold=True)}  {click.style('NOT VERIFIED', fg='black', bg='yellow', bold=True)}")
    if scan.error is not None:
        say(f"  {error_line(scan.error, scan_sentence(scan.error))}")
        return
    for layer in describe_layers(scan.text):
        facts = "  ".join(f"{name} {value}" for name, value in layer.facts.items())
        if layer.error is not None:
            say(f"  {error_line(layer.error, scan_sentence(layer.error))}")
            return
        say(f"  {click.style(f'{layer.name:<9}', fg='cyan')} {facts}")
        for deviation in layer.deviations:
            say(f"            {click.style('deviates:', fg='yellow')} {messages.remark(deviation)}")
        if layer.content is not None:
            text = json.dumps(layer.content, ensure_ascii=False, indent=2)
            say("\n".join(f"            {line}" for line in text.splitlines()))


@click.group()
def qr() -> None:
    """Write a text as a QR code, or read the codes in pictures and PDFs."""


@qr.command("write")
@click.argument("text")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="FILE.png or FILE.svg.")
@click.option("--level", default="Q", type=click.Choice(["L", "M", "Q", "H"]), help="Error correction; Q by default.")
@click.option("--size", "side_mm", default=42.0, show_default=True, help="Printed side of the code in millimetres.")
def write_qr(text: str, output: Path, level: str, side_mm: float) -> None:
    """Write TEXT (or standard input, for -) as a QR code in a PNG or SVG file."""
    from credential.wire.qr import Level, draw

    content = sys.stdin.read().rstrip("\r\n") if text == "-" else text
    symbol = draw(content, level=Level(level))
    pictures = {".png": lambda: symbol.png(side_mm=side_mm), ".svg": lambda: symbol.svg(side_mm=side_mm).encode()}
    if output.suffix.lower() not in pictures:
        raise click.UsageError("--output must end in .png or .svg")
    try:
        output.write_bytes(pictures[output.suffix.lower()]())
    except OSError as error:
        raise EncodeError(Stage.INPUT, Reason.OUTPUT_UNWRITABLE, cause=type(error).__name__) from error
    say(f"{output}: version {symbol.version}, {len(symbol.modules)} modules, level {level}, {side_mm:g} mm")


@qr.command("read")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
def read_qr(inputs: tuple[str, ...]) -> None:
    """Print the text of every code in pictures, PDFs and folders, one a line."""
    status = EXIT_ACCEPTED
    for scan in read_scans(inputs, standard_input()):
        if scan.error is None:
            click.echo(scan.text)
        else:
            say(f"{scan.name}: {error_line(scan.error, scan_sentence(scan.error))}", err=True)
            status = EXIT_UNREADABLE
    sys.exit(status)
