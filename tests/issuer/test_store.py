"""Key and certificate files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from credential.errors import Stage
from issuer import store
from issuer.errors import IssueError, IssueReason
from issuer.keys import new_private_key
from tests.issuer.conftest import Party

PASSPHRASE = "correct horse battery"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_pair_written_is_a_signer_read(party: Party, tmp_path: Path) -> None:
    key, certificate = tmp_path / "dsc.key.pem", tmp_path / "dsc.pem"
    store.write_key_pair(
        key_path=key, certificate_path=certificate, key=party.dsc_key, certificate=party.dsc, passphrase=PASSPHRASE
    )
    signer = store.read_signer(certificate, key, PASSPHRASE)
    assert signer.certificate == party.dsc
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dsc.key.pem", "dsc.pem"]
    with pytest.raises(IssueError) as error:
        store.read_signer(certificate, key, "another passphrase")
    assert (error.value.stage, error.value.reason) == (Stage.KEY, IssueReason.PASSPHRASE_WRONG)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_owner_reads_a_key_whatever_the_umask(party: Party, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store.write_key(tmp_path / "key.pem", party.dsc_key, PASSPHRASE)
        store.write_certificate(tmp_path / "certificate.pem", party.dsc)
    finally:
        os.umask(old)
    assert mode(tmp_path / "key.pem") == 0o600
    assert mode(tmp_path / "certificate.pem") == 0o644
    assert b"ENCRYPTED" in (tmp_path / "key.pem").read_bytes()


def test_no_file_is_ever_overwritten(party: Party, tmp_path: Path) -> None:
    path = tmp_path / "file.pem"
    path.write_text("precious")
    writes: tuple[Callable[[], None], ...] = (
        lambda: store.write_key(path, party.dsc_key, PASSPHRASE),
        lambda: store.write_certificate(path, party.dsc),
    )
    for write in writes:
        with pytest.raises(IssueError) as error:
            write()
        assert error.value.reason is IssueReason.FILE_EXISTS
        assert error.value.detail["file"] == "file.pem"
    assert path.read_text() == "precious"
    assert [one.name for one in tmp_path.iterdir()] == ["file.pem"]


def test_a_link_that_leads_elsewhere_is_not_followed(party: Party, tmp_path: Path) -> None:
    target = tmp_path / "target.pem"
    (tmp_path / "key.pem").symlink_to(target)
    with pytest.raises(IssueError):
        store.write_key(tmp_path / "key.pem", party.dsc_key, PASSPHRASE)
    assert not target.exists()


def test_a_file_system_without_links_still_overwrites_nothing(
    party: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "dsc.pem"
    store.write_certificate(path, party.dsc)
    assert store.read_certificate_file(path) == party.dsc
    with pytest.raises(IssueError) as error:
        store.write_certificate(path, party.sca)
    assert error.value.reason is IssueReason.FILE_EXISTS
    assert store.read_certificate_file(path) == party.dsc
    assert [one.name for one in tmp_path.iterdir()] == ["dsc.pem"]


def test_a_full_disk_leaves_no_half_written_key(party: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IssueError) as error:
        store.write_key(tmp_path / "key.pem", party.dsc_key, PASSPHRASE)
    assert error.value.reason is IssueReason.FILE_UNWRITABLE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["dsc.pem", "dsc.key.pem"])
def test_a_pair_is_written_whole_or_not_at_all(party: Party, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("precious")
    with pytest.raises(IssueError) as error:
        store.write_key_pair(
            key_path=tmp_path / "dsc.key.pem",
            certificate_path=tmp_path / "dsc.pem",
            key=party.dsc_key,
            certificate=party.dsc,
            passphrase=PASSPHRASE,
        )
    assert error.value.reason is IssueReason.FILE_EXISTS
    assert [one.name for one in tmp_path.iterdir()] == [taken]


def test_a_key_without_its_certificate_does_not_stay(party: Party, tmp_path: Path) -> None:
    with pytest.raises(IssueError) as error:
        store.write_key_pair(
            key_path=tmp_path / "dsc.key.pem",
            certificate_path=tmp_path / "missing folder" / "dsc.pem",
            key=party.dsc_key,
            certificate=party.dsc,
            passphrase=PASSPHRASE,
        )
    assert error.value.reason is IssueReason.FILE_UNWRITABLE
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_under_a_poor_passphrase(party: Party, tmp_path: Path) -> None:
    with pytest.raises(IssueError):
        store.write_key(tmp_path / "key.pem", party.dsc_key, "short")
    assert list(tmp_path.iterdir()) == []


def test_unreadable_files_are_typed_errors(party: Party, tmp_path: Path) -> None:
    (tmp_path / "big.pem").write_bytes(b"-" * (store.KEY_FILE_BYTES + 1))
    (tmp_path / "empty.pem").write_bytes(b"")
    for name in ("absent.pem", "big.pem", "nul\0.pem"):
        with pytest.raises(IssueError) as error:
            store.read_key(tmp_path / name, PASSPHRASE)
        assert error.value.reason is IssueReason.FILE_UNREADABLE
    for name in ("empty.pem", "big.pem"):
        with pytest.raises(IssueError) as error:
            store.read_certificate_file(tmp_path / name)
        assert error.value.stage is Stage.CERTIFICATE
    with pytest.raises(IssueError) as error:
        store.read_certificate_file(tmp_path)
    assert error.value.reason is IssueReason.FILE_UNREADABLE
    with pytest.raises(IssueError) as error:
        store.write_certificate(tmp_path / "nul\0.pem", party.dsc)
    assert error.value.reason is IssueReason.FILE_UNWRITABLE


def test_a_der_certificate_is_read_too(party: Party, tmp_path: Path) -> None:
    (tmp_path / "dsc.der").write_bytes(party.dsc)
    assert store.read_certificate_file(tmp_path / "dsc.der") == party.dsc


def test_an_open_key_file_is_read_only_by_the_ugly_name(party: Party, tmp_path: Path) -> None:
    path = tmp_path / "open.pem"
    path.write_bytes(
        party.dsc_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(IssueError) as error:
        store.read_key(path, None)
    assert error.value.reason is IssueReason.KEY_NOT_ENCRYPTED
    assert store.read_key(path, None, unsafe_accept_unencrypted=True).public_key() == party.dsc_key.public_key()


def test_a_key_of_another_certificate_makes_no_signer(party: Party, tmp_path: Path) -> None:
    store.write_certificate(tmp_path / "dsc.pem", party.dsc)
    store.write_key(tmp_path / "key.pem", new_private_key(), PASSPHRASE)
    with pytest.raises(IssueError) as error:
        store.read_signer(tmp_path / "dsc.pem", tmp_path / "key.pem", PASSPHRASE)
    assert error.value.reason is IssueReason.KEY_OTHER_CERTIFICATE
