"""Key and certificate files on disk (an edge file).

A key file is written whole or not at all, readable by its owner alone (mode 0600), and never over another file: it is
first written beside its place and then linked there, which the file system does in one step and refuses when the name
is taken. Where there are no links (FAT, on a stick) it is written in its place, still never over another. Keys are
always written encrypted.
"""

from __future__ import annotations

import base64
import os
import secrets
import textwrap
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from credential.errors import DecodeError, Stage
from credential.limits import DEFAULT_LIMITS
from credential.wire.x509 import split_certificates
from issuer.errors import IssueError, IssueReason
from issuer.private_key import AnyPrivateKey, PrivateKey, check_key, decrypt_any_key, encrypt_private_key
from issuer.signer import KeySigner

KEY_MODE: Final = 0o600
CERTIFICATE_MODE: Final = 0o644
KEY_FILE_BYTES: Final = 64 * 1024
"""The largest key file that is read; an RSA-4096 key takes 4 KiB."""


def write_key(path: Path, key: AnyPrivateKey, passphrase: str) -> None:
    """Write the key, encrypted, as PEM with mode 0600.

    Raises IssueError (stage KEY) when the passphrase is too short, the file exists or cannot be written.
    """
    _write_new(path, encrypt_private_key(key, passphrase), KEY_MODE, Stage.KEY)


def write_certificate(path: Path, certificate: bytes) -> None:
    """Write a DER certificate as PEM.

    Raises IssueError (stage CERTIFICATE) when the file exists or cannot be written.
    """
    lines = textwrap.fill(base64.b64encode(certificate).decode("ascii"), 64)
    text = f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    _write_new(path, text, CERTIFICATE_MODE, Stage.CERTIFICATE)


def write_key_pair(
    *, key_path: Path, certificate_path: Path, key: PrivateKey, certificate: bytes, passphrase: str
) -> None:
    """Write a key and its certificate; when the certificate cannot be written, the new key file is removed again.

    Raises IssueError as `write_key` and `write_certificate` do.
    """
    if certificate_path.exists():
        raise _refused(Stage.CERTIFICATE, IssueReason.FILE_EXISTS, certificate_path)
    write_key(key_path, key, passphrase)
    try:
        write_certificate(certificate_path, certificate)
    except IssueError:
        key_path.unlink()
        raise


def read_key(path: Path, passphrase: str | None, *, unsafe_accept_unencrypted: bool = False) -> PrivateKey:
    """The private key in a PEM file. Raises IssueError (stage KEY) as `private_key.decrypt_private_key` does."""
    return check_key(read_any_key(path, passphrase, unsafe_accept_unencrypted=unsafe_accept_unencrypted))


def read_any_key(path: Path, passphrase: str | None, *, unsafe_accept_unencrypted: bool = False) -> PrivateKeyTypes:
    """As `read_key`, for a key of any kind that nobody has looked at yet."""
    pem = _read(path, Stage.KEY, KEY_FILE_BYTES)
    return decrypt_any_key(pem, passphrase, unsafe_accept_unencrypted=unsafe_accept_unencrypted)


def read_certificate_file(path: Path) -> bytes:
    """The first certificate of a PEM or DER file, as DER. Raises IssueError (stage CERTIFICATE)."""
    data = _read(path, Stage.CERTIFICATE, DEFAULT_LIMITS.certificate_bytes * 4)
    try:
        return split_certificates(data)[0]
    except (DecodeError, IndexError) as error:
        raise _refused(Stage.CERTIFICATE, IssueReason.CERTIFICATE_UNREADABLE, path) from error


def read_signer(
    certificate_path: Path, key_path: Path, passphrase: str | None, *, unsafe_accept_unencrypted: bool = False
) -> KeySigner:
    """A signer from a DSC file and its key file.

    Raises IssueError: stage CERTIFICATE or KEY, also when the two do not belong together.
    """
    key = read_key(key_path, passphrase, unsafe_accept_unencrypted=unsafe_accept_unencrypted)
    return KeySigner(read_certificate_file(certificate_path), key)


def _read(path: Path, stage: Stage, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _refused(stage, IssueReason.FILE_UNREADABLE, path) from error
    if len(data) > limit:
        raise _refused(stage, IssueReason.FILE_UNREADABLE, path)
    return data


def _write_new(path: Path, text: str, mode: int, stage: Stage) -> None:
    data = text.encode("ascii")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_through(beside, data, mode)
        try:
            os.link(beside, path)
        except FileExistsError:
            raise
        except OSError:
            _write_through(path, data, mode)
        finally:
            beside.unlink()
    except FileExistsError as error:
        raise _refused(stage, IssueReason.FILE_EXISTS, path) from error
    except (OSError, ValueError) as error:
        raise _refused(stage, IssueReason.FILE_UNWRITABLE, path) from error


def _write_through(path: Path, data: bytes, mode: int) -> None:
    """A new file that is on the disk, with this mode, when the call returns; none when it fails."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise


def _refused(stage: Stage, reason: IssueReason, path: Path) -> IssueError:
    return IssueError(stage, reason, file=path.name)
