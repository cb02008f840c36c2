"""The readers of certificates, of JSON, and of trust lists in their forms."""

from __future__ import annotations

import hashlib
import json
from base64 import encodebytes
from typing import Any

from credential.errors import DecodeError, Stage
from credential.wire import json_text
from credential.wire.pem import split_certificates
from credential.wire.x509 import issued_by, read_certificate, read_public_key
from tests.pki import make_authority
from tests.property.reader import MIB, Reader
from tests.trustlist.did_lists import LIST_DID, SIGNER_DID, network
from tests.verifier.scene import NOW, TRUST
from trustlist import TrustListError, TrustSnapshot
from trustlist.did import encode_document, read_document, read_pinned_key
from trustlist.snapshot_file import open_saved

SCA = make_authority("XA")
DERS = (
    SCA.certificate_der,
    SCA.issue_signer(("1.3.6.1.4.1.1847.2021.1.2",)).certificate_der,
    SCA.issue_signer(key="RSA").certificate_der,
    SCA.issue_signer(key="P-384", identifiers=False).certificate_der,
)
PEMS = tuple(b"-----BEGIN CERTIFICATE-----\n" + encodebytes(der) + b"-----END CERTIFICATE-----\n" for der in DERS)
LIST = encode_document(network().document())
JWK = {"kty": "EC", "crv": "P-256", "x": "ZlMwokmcS8vx0c3mc38eLVUMEVV2BXjdMpvBeueeWZw"}
PIN = {
    "id": SIGNER_DID,
    "verificationMethod": [
        {"id": f"{SIGNER_DID}#1", "publicKeyJwk": {**JWK, "y": "8CGiSXsauiFAbDxvOcmFxyswM07Ld85-ELRcoTbO9Z4"}}
    ],
}
PINS = tuple(json.dumps(value).encode() for value in (PIN, {**PIN, "id": None}))
NESTED_DER = b"".join(b"\x30\x82" + (16_000 - 4 * depth).to_bytes(2, "big") for depth in range(3000))
JSON_FLOODS = (b"[" * MIB, b'{"a":' * 100_000, b"9" * MIB, b'"' + b"\\u0041" * 100_000, b"[" + b"0," * 100_000)


def read_der(data: bytes) -> None:
    """A certificate that is read has a key or a reason, and can be asked who issued it."""
    read_certificate(data)
    assert issued_by(data, SCA.certificate_der) in {True, False}
    read_public_key(data)


def read_pem(data: bytes) -> None:
    """Every certificate is a part of what came."""
    assert sum(len(der) for der in split_certificates(data)) <= len(data)


def read_json(data: bytes) -> None:
    """What is read is what Python's own reader reads."""
    value = json_text.decode(data, stage=Stage.TRUST_LIST, max_bytes=MIB)
    assert json.dumps(value) == json.dumps(json.loads(data))


def read_list(data: bytes) -> None:
    """What is believed was signed: the four keys of the network, and none else."""
    document = read_document(data, key=network().pinned)
    assert document.did == LIST_DID
    assert {entry.certificates for entry in document.entries} <= {entry.certificates for entry in network().entries}


def read_saved(data: bytes) -> None:
    """A file whose digest fits, whatever is in it, can be asked everything."""
    snapshot = TrustSnapshot(open_saved(data[:-32] + hashlib.sha256(data[:-32]).digest()))
    keys = tuple(snapshot.keys())
    for key in keys:
        snapshot.candidates(key.kid)
        snapshot.chain(key)
    assert len(snapshot.account(NOW)) >= len(snapshot)
    assert snapshot.rejected is not None


ROWS: tuple[Reader[Any], ...] = (
    Reader("certificate", read_der, DERS, floods=(NESTED_DER, b"\x30\x80" * 8000, bytes(10 * MIB))),
    Reader("pem", read_pem, (*PEMS, PEMS[0] + PEMS[1], b"# one\n" + PEMS[0]), floods=(PEMS[0] * 2000, b"-" * MIB)),
    Reader("json", read_json, (LIST, *PINS, b'[1,-2.5e3,"\\u00e9",null,true,{}]'), floods=JSON_FLOODS),
    Reader("did", read_list, (LIST,), floods=JSON_FLOODS, refuses=(TrustListError,)),
    Reader("pinned-key", read_pinned_key, PINS, floods=JSON_FLOODS, refuses=(TrustListError,)),
    Reader("saved-list", read_saved, (TRUST.saved.data,), refuses=(TrustListError, DecodeError)),
)
