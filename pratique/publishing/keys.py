"""Keys of those who publish: what each is for, of which kind it is, and how its public half is handed to others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_p256_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from credential.errors import Stage
from issuer.errors import IssueError, IssueReason
from issuer.store import read_any_key
from ledger import Ed25519Signer, LogKeys
from trustlist.did_shape import KEY_TYPE
from trustlist.errors import ListReason, TrustListError
from trustlist.files import read_file
from trustlist.jwk import write_jwk
from trustlist.repository.roles import RolePrivateKey, RolePublicKey

_PUBLIC_KEY_BYTES = 64 * 1024
OwnKey: TypeAlias = EllipticCurvePrivateKey | Ed25519PrivateKey


class Office(StrEnum):
    """What a key is for."""

    LIST = "list"
    """Signs the lists; its public half is what verifiers pin."""
    CUSTODIAN = "custodian"
    """Signs root and targets of the repository, offline."""
    ONLINE = "online"
    """Signs snapshot and timestamp of the repository, where the list is published."""
    LOG = "log"
    """Signs checkpoints of the log."""


def new_key(office: Office) -> OwnKey:
    """A fresh key of the kind that its office takes: P-256 for lists, Ed25519 for all else."""
    return new_p256_key(SECP256R1()) if office is Office.LIST else Ed25519PrivateKey.generate()


def public_half(office: Office, key: OwnKey, name: str) -> tuple[str, bytes]:
    """How a public key is handed to others: the end of the file's name, and its text."""
    suffix, write = _PUBLIC_FORMS[office]
    return suffix, write(key, name)


def read_list_key(path: Path, passphrase: str) -> EllipticCurvePrivateKey:
    """The P-256 key that signs lists. Raises `IssueError` (stage KEY)."""
    key = read_any_key(path, passphrase)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise _unsupported(key)
    return key


def read_role_key(path: Path, passphrase: str) -> RolePrivateKey:
    """The key of a role in a repository: Ed25519 or P-256. Raises `IssueError` (stage KEY)."""
    key = read_any_key(path, passphrase)
    if not isinstance(key, EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise _unsupported(key)
    return key


def read_log_signer(path: Path, passphrase: str, known: LogKeys) -> Ed25519Signer:
    """The signer of a log, under the name by which it is known; a stranger is refused by the log itself.

    Raises `IssueError` (stage KEY).
    """
    key = read_any_key(path, passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise _unsupported(key)
    public = key.public_key().public_bytes_raw()
    name = next((each.name for each in known.keys if each.public_key == public), known.origin)
    return Ed25519Signer(name, key)


def read_role_public_key(path: Path) -> RolePublicKey:
    """A public key in PEM. Raises `TrustListError` (`KEY_MALFORMED`, `KEY_UNSUPPORTED`) and as `read_file`."""
    try:
        key = serialization.load_pem_public_key(read_file(path, _PUBLIC_KEY_BYTES))
    except ValueError as error:
        raise TrustListError(ListReason.KEY_MALFORMED, file=path.name) from error
    if not isinstance(key, EllipticCurvePublicKey | Ed25519PublicKey):
        raise TrustListError(ListReason.KEY_UNSUPPORTED, file=path.name)
    return key


def _did_document(key: OwnKey, name: str) -> bytes:
    """The signer's DID document, as `read_pinned_key` reads it."""
    jwk = write_jwk(key.public_key(), kid="", certificates=())
    public = {member: jwk[member] for member in ("kty", "crv", "x", "y")}
    method = {"id": name, "type": KEY_TYPE, "controller": name, "publicKeyJwk": public}
    return json.dumps({"id": name.partition("#")[0], "verificationMethod": [method]}, indent=1).encode() + b"\n"


def _pem(key: OwnKey, _: str) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _verifier_line(key: OwnKey, name: str) -> bytes:
    assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 - as `new_key` makes it
    return f"{Ed25519Signer(name, key).key.text}\n".encode()


_PUBLIC_FORMS: Mapping[Office, tuple[str, Callable[[OwnKey, str], bytes]]] = MappingProxyType(
    {
        Office.LIST: (".did.json", _did_document),
        Office.CUSTODIAN: (".pub.pem", _pem),
        Office.ONLINE: (".pub.pem", _pem),
        Office.LOG: (".vkey", _verifier_line),
    }
)


def _unsupported(key: object) -> IssueError:
    return IssueError(Stage.KEY, IssueReason.KEY_KIND_UNSUPPORTED, kind=type(key).__name__)
