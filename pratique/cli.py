"""The command `pratique`: one table of commands, each loaded when it is called; one place where errors become text."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple

import click

from credential.cli import EXIT_UNREADABLE, EXIT_USAGE, error_line, say
from credential.errors import PratiqueError
from pratique.errors import error_sentence


class _Row(NamedTuple):
    module: str
    command: str
    help: str


_COMMANDS: Mapping[str, _Row] = MappingProxyType(
    {
        "demo": _Row("pratique.demo", "demo", "A network of three countries, end to end, in one table."),
        "issue": _Row("issuer.cli", "issue", "Issue signed codes from records."),
        "verify": _Row("verifier.cli", "verify", "Check codes, pictures and PDFs against a trust list."),
        "inspect": _Row("credential.cli", "inspect", "Show what is in a code, without verifying it."),
        "qr": _Row("credential.cli", "qr", "Write and read QR codes."),
        "trust": _Row("trustlist.cli", "trust", "Look at trust lists, keep, publish and audit them."),
        "serve": _Row("pratique.serve", "serve", "Answer verification requests over HTTP."),
        "keys": _Row("issuer.cli", "keys", "Make a participant's authority and signers."),
    }
)

_ADDED: Mapping[str, tuple[_Row, ...]] = MappingProxyType(
    {
        "trust": (
            _Row("pratique.bundle_command", "bundle", "Write a trust list for devices."),
            _Row("pratique.publishing.cli", "publish", "Publish a tree of signed lists."),
            _Row("pratique.publishing.cli", "renew", "Say that what is published still counts."),
            _Row("pratique.publishing.cli", "sign", "Add a custodian's signature."),
            _Row("pratique.publishing.cli", "root", "Say whose signature counts in a repository."),
            _Row("pratique.publishing.cli", "make_key", "Make a key of those who publish."),
            _Row("trustlist.publish.cli", "audit", "Hold a list against its log."),
        )
    }
)
"""Commands of a group that need more than its room may see."""


class _Commands(click.Group):
    """Loads a command when it is asked for: `verify` needs no web, `inspect` no issuer."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        row = _COMMANDS.get(cmd_name)
        if row is None:
            return None
        command = _load(row)
        if isinstance(command, click.Group):
            for added in _ADDED.get(cmd_name, ()):
                command.add_command(_load(added))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.help) for name, row in _COMMANDS.items()])


def _load(row: _Row) -> click.Command:
    command: click.Command = getattr(import_module(row.module), row.command)
    return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pratique", message="%(prog)s %(version)s")
def pratique() -> None:
    """Verifiable health credentials: issued in a clinic, checked at a border, trusted through a shared list of keys.

    Start with `pratique demo`. Every command has its own --help.
    """


def main() -> None:
    """Run the command line; every failure ends in one line and an exit status."""
    try:
        status = pratique(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except click.Abort:
        say("Stopped.", err=True)
        sys.exit(EXIT_USAGE)
    except PratiqueError as error:
        say(error_line(error, error_sentence(error)), err=True)
        sys.exit(EXIT_UNREADABLE)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; nothing is left to say
        sys.exit(0)
    except OSError as error:
        say(f"{click.style('input:', fg='red', bold=True)} {error.filename}: {error.strerror}.", err=True)
        sys.exit(EXIT_UNREADABLE)
    sys.exit(status or 0)
