"""`pratique trust bundle`: what it writes is believed under its key, and verifies what the list verifies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from credential.wire.qr import read_picture
from issuer.private_key import encrypt_private_key
from issuer.store import read_key
from pratique.demo import PASSPHRASE
from tests.pki import make_key
from tests.pratique.conftest import Run
from trustlist import load_trust
from trustlist.bundle import Bundle, BundleSigner, read_bundle
from verifier import verify

NOW = datetime.now(UTC)


def write(run: Run, demo_folder: Path, output: Path, *more: str, key: Path | None = None, number: int = 7) -> int:
    trust, own = demo_folder / "trust.snapshot", key or demo_folder / "XA" / "dsc.key.pem"
    said = ("--output", output, "--number", str(number), "--days", "30", "--key", own, *more)
    return run("trust", "bundle", "--trust", trust, *said).status


def read(demo_folder: Path, path: Path) -> Bundle:
    key = read_key(demo_folder / "XA" / "dsc.key.pem", PASSPHRASE)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    trust = load_trust(demo_folder / "trust.snapshot")
    return read_bundle(path.read_bytes(), keys=[BundleSigner(key.public_key(), trust.environment)], at=NOW)


def test_a_bundle_of_the_demo_verifies_what_the_list_verifies(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "trust.bundle"
    assert write(run, demo_folder, output, "--at", NOW.isoformat()) == 0
    bundle = read(demo_folder, output)
    assert (bundle.number, bundle.not_after - bundle.made) == (7, timedelta(days=30))
    snapshot = load_trust(demo_folder / "trust.snapshot")
    pictures = sorted(demo_folder.glob("*.png"))
    assert len(pictures) > 5
    for picture in pictures:
        (text,) = read_picture(picture.read_bytes())
        verdict = verify(text, trust=bundle.snapshot(), at=NOW)
        assert verdict.to_dict() == verify(text, trust=snapshot, at=NOW).to_dict()


def test_the_command_says_what_it_wrote(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "trust.bundle"
    trust, key = demo_folder / "trust.snapshot", demo_folder / "XA" / "dsc.key.pem"
    ran = run("trust", "bundle", "--trust", trust, "-o", output, "--number", "8", "--days", "1", "--key", key)
    assert ran.status == 0
    assert "bundle 8, private, until" in ran.out
    assert f"{output.stat().st_size} bytes, signed with the key {read(demo_folder, output).key_id.hex()}" in ran.out


@pytest.mark.parametrize(
    ("more", "status"), [(("--days", "0"), 64), (("--number", "0"), 64), (("--at", "9999-12-30"), 64)]
)
def test_what_no_bundle_can_say_is_refused(
    run: Run, demo_folder: Path, tmp_path: Path, more: tuple[str, str], status: int
) -> None:
    assert write(run, demo_folder, tmp_path / "trust.bundle", *more) == status
    assert not (tmp_path / "trust.bundle").exists()


def test_a_key_of_another_kind_signs_no_bundle(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "rsa.pem"
    key.write_text(encrypt_private_key(make_key("RSA"), PASSPHRASE))
    assert write(run, demo_folder, tmp_path / "trust.bundle", key=key) == 65
    assert not (tmp_path / "trust.bundle").exists()


def test_the_group_of_trust_commands_names_it(run: Run) -> None:
    assert "bundle" in run("trust", "--help").out
