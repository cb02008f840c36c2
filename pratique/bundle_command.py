"""`pratique trust bundle`: a trust list as the one signed file that devices verify by (`trustlist.bundle`).

It stands here and not in the room of trust lists, because it signs: encrypted keys are the issuer's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric import ec

from credential.cli import Instant, say
from credential.errors import EncodeError, Reason, Stage
from credential.wire.algorithms import Algorithm, sign
from trustlist.bundle import MOST_NUMBER, BundleSigner, make_bundle, read_bundle
from trustlist.cli import trust_options
from trustlist.files import write_file
from trustlist.snapshot import TrustSnapshot

PASSPHRASE_VARIABLE = "PRATIQUE_PASSPHRASE"  # noqa: S105 - its name
_PATH = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=f"The passphrase of the key is taken from {PASSPHRASE_VARIABLE}, or asked for.")
@trust_options
@click.option("--output", "-o", required=True, type=_PATH, help="Bundle to write.")
@click.option(
    "--number", required=True, type=click.IntRange(1, MOST_NUMBER), help="Higher than that of the bundle before."
)
@click.option("--days", required=True, type=click.IntRange(1, 3660), help="How long devices may use it.")
@click.option("--key", required=True, type=_PATH, help="Encrypted private key (P-256) that devices have pinned.")
@click.option("--at", type=Instant(), default=None, help="Moment of making (ISO 8601); now by default.")
def bundle(  # noqa: PLR0913, PLR0917 - its options
    trust: TrustSnapshot, output: Path, number: int, days: int, key: Path, at: datetime | None
) -> None:
    """Write a trust list as one small signed file for browsers and phones.

    Devices refuse a bundle with a lower number than one that they used before, and every bundle past its end.
    """
    made = at or datetime.now(UTC)
    own = _read_key(key)
    signer = BundleSigner(own.public_key(), trust.environment)
    data = make_bundle(
        trust, at=made, number=number, not_after=_end(made, days), sign=_sign_with(own), key_id=signer.key_id
    )
    found = read_bundle(data, keys=(signer,), at=made)
    write_file(output, data)
    contents = found.contents
    say(f"{output}: bundle {number}, {found.environment}, until {found.not_after:%Y-%m-%d %H:%M UTC}")
    say(f"  {len(contents.keys)} keys of {contents.entries} entries, {contents.unusable} cannot be used")
    say(f"  {len(data)} bytes, signed with the key {signer.key_id.hex()}")


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    from issuer.store import read_key  # noqa: PLC0415 - every command on trust lists would load it else

    passphrase = os.environ.get(PASSPHRASE_VARIABLE) or click.prompt("Passphrase of the key", hide_input=True, err=True)
    key = read_key(path, passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise EncodeError(Stage.KEY, Reason.KEY_ALGORITHM_MISMATCH, algorithm="ES256")
    return key


def _sign_with(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    return lambda message: sign(Algorithm.ES256, key, message)


def _end(made: datetime, days: int) -> datetime:
    try:
        return made + timedelta(days=days)
    except OverflowError:
        raise click.BadParameter("the bundle would end after the year 9999", param_hint="--days") from None
