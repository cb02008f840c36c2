"""A trust network of three invented participants: authorities, document signers, and the signed list of their keys.

`XA`, `XB` and `XC` are codes that ISO 3166-1 leaves to its users; every key is made here and thrown away afterwards.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from credential.usage import OID_OF
from credential.wire.x509 import kid_of
from issuer import KeySigner
from issuer.keys import KeyKind, create_dsc, create_sca, new_private_key
from issuer.private_key import PrivateKey
from issuer.subject import Subject
from trustlist import KeyUsage, ListEntry, build_document, encode_document, participant_of, sign_document

LIST_DID = "did:web:trust.example:v2:trustlist"
LIST_SIGNER = "did:web:trust.example:signer"
RECORDS = ("vaccination", "test", "recovery")
FOUNDED_BEFORE = timedelta(days=60)
"""The network is this old, so that certificates can have been issued, and have ended, before now."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One country: its authority, and one document signer for each group of certificates it may sign."""

    country: str
    code: str
    sca: bytes
    signers: Mapping[str, KeySigner]
    keys: Mapping[str, PrivateKey]


@dataclass(frozen=True, slots=True)
class Network:
    """The participants, the signed list (JSON text), and the DID document with the key to check it with."""

    participants: Mapping[str, Participant]
    stranger: Participant
    """A participant that is not on the list."""
    trust_list: bytes
    list_key: bytes


def read_record(name: str) -> dict[str, Any]:
    """One of the sample records, by a name in `RECORDS`."""
    record: dict[str, Any] = json.loads(files("samples").joinpath("records", f"{name}.json").read_text("utf-8"))
    return record


def make_network(at: datetime) -> Network:
    """A network founded some time before `at`, whose list was signed at `at`."""
    founded = at - FOUNDED_BEFORE
    participants = {
        "XA": _participant("XA", founded, KeyKind.P256),
        "XB": _participant("XB", founded, KeyKind.P256),
        "XC": _participant("XC", founded, KeyKind.RSA3072),
    }
    signing_key = ec.generate_private_key(ec.SECP256R1())
    return Network(
        participants=participants,
        stranger=_participant("XD", founded, KeyKind.P256),
        trust_list=_signed_list(participants.values(), signing_key, at),
        list_key=_signer_document(signing_key.public_key()),
    )


def _participant(country: str, founded: datetime, kind: KeyKind) -> Participant:
    sca_key = new_private_key()
    sca = create_sca(Subject(country, f"Health Authority of {country} SCA"), key=sca_key, at=founded)
    keys = {group: new_private_key(kind) for group in RECORDS}
    signers = {
        group: KeySigner(
            create_dsc(
                Subject(country, f"Health Authority of {country} {group}"),
                public_key=key.public_key(),
                sca=sca,
                sca_key=sca_key,
                at=founded,
                usages=(OID_OF[group],),
            ),
            key,
        )
        for group, key in keys.items()
    }
    return Participant(country, participant_of(country) or country, sca, signers, keys)


def _signed_list(participants: Iterable[Participant], key: ec.EllipticCurvePrivateKey, at: datetime) -> bytes:
    entries = [entry for participant in participants for entry in _entries(participant)]
    document = build_document(LIST_DID, entries)
    signed = sign_document(document, sign=key, verification_method=LIST_SIGNER, created=at, nonce="pratique")
    return encode_document(signed)


def _entries(participant: Participant) -> Iterable[ListEntry]:
    code, sca = participant.code, participant.sca
    yield ListEntry(kid_of(sca), (sca,), code, "DCC", KeyUsage.SCA, "sca")
    for group, signer in participant.signers.items():
        yield ListEntry(signer.kid, (signer.certificate, sca), code, "DCC", KeyUsage.DSC, group)


def _signer_document(key: ec.EllipticCurvePublicKey) -> bytes:
    """The list signer's own DID document, which an administrator pins."""
    numbers = key.public_numbers()
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": _base64url(numbers.x.to_bytes(32, "big")),
        "y": _base64url(numbers.y.to_bytes(32, "big")),
    }
    method = {"id": LIST_SIGNER, "type": "JsonWebKey2020", "controller": LIST_SIGNER, "publicKeyJwk": jwk}
    return json.dumps({"id": LIST_SIGNER, "verificationMethod": [method]}, indent=1).encode()


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
