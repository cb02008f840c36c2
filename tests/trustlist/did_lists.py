"""DID trust lists made for tests: a signer of lists, a small network's keys, and the published data beside them."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec

from tests.pki import Authority, SignerKey, make_authority
from trustlist.did import PinnedKey, build_document, read_pinned_key, sign_document
from trustlist.model import Environment, KeyUsage, ListEntry

Json: TypeAlias = dict[str, Any]

LIST_DID = "did:web:trust.example:v2:trustlist"
SIGNER_DID = "did:web:trust.example:signer"
CREATED = datetime(2026, 6, 1, 12, 30, 5, tzinfo=UTC)
NONCE = "n0ncen0ncen0ncen0ncen0ncen0ncen0"

# Published by the network for its development environment; the production key below was recovered from six
# signatures on published lists (no authenticated copy is published) and serves as a regression number only.
DEV_SIGNER_FILE = "signer/dev-did.json"
PROD_SIGNER = "did:web:raw.githubusercontent.com:WorldHealthOrganization:tng-participants-prod:main:WHO:signing:DID"
PROD_JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "ZlMwokmcS8vx0c3mc38eLVUMEVV2BXjdMpvBeueeWZw",
    "y": "8CGiSXsauiFAbDxvOcmFxyswM07Ld85-ELRcoTbO9Z4",
}


@dataclass(frozen=True, slots=True)
class Network:
    """Two participants with an SCA and a DSC each, and the key that signs their list."""

    list_key: ec.EllipticCurvePrivateKey
    authorities: tuple[Authority, Authority]
    signers: tuple[SignerKey, SignerKey]

    @property
    def pinned(self) -> PinnedKey:
        return PinnedKey(SIGNER_DID, Environment.PRIVATE, self.list_key.public_key())

    @property
    def entries(self) -> tuple[ListEntry, ...]:
        """SCA and DSC of each participant, in order."""
        found: list[ListEntry] = []
        for code, authority, signer in zip(("XXA", "XXB"), self.authorities, self.signers, strict=True):
            sca = (authority.certificate_der,)
            found.append(list_entry(authority.kid, sca, participant=code, usage=KeyUsage.SCA))
            found.append(list_entry(signer.kid, (signer.certificate_der, *sca), participant=code))
        return tuple(found)

    def document(self, did: str = LIST_DID) -> Json:
        """The signed list."""
        return self.sign(build_document(did, self.entries))

    def sign(self, document: Json, **changes: Any) -> Json:
        """Any document of the accepted shape, with a proof of this network's key."""
        arguments: dict[str, Any] = {
            "sign": self.list_key,
            "verification_method": SIGNER_DID,
            "created": CREATED,
            "nonce": NONCE,
        }
        return sign_document(document, **(arguments | changes))


@cache
def network() -> Network:
    """One for the whole test run; documents are made afresh from it."""
    authorities = (make_authority("XA"), make_authority("XB"))
    signers = (authorities[0].issue_signer(), authorities[1].issue_signer())
    return Network(ec.generate_private_key(ec.SECP256R1()), authorities, signers)


def list_entry(
    kid: bytes,
    certificates: tuple[bytes, ...],
    *,
    participant: str | None = "XXA",
    domain: str | None = "DCC",
    usage: KeyUsage = KeyUsage.DSC,
) -> ListEntry:
    return ListEntry(kid, certificates, participant, domain, usage, position="")


def changed(document: Json, change: Callable[[Json], object]) -> Json:
    """A deep copy with one change made in place."""
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def jws_parts(document: Json) -> tuple[str, bytes]:
    """Header text and signature bytes of a document's proof."""
    header, signature = document["proof"]["jws"].split("..")
    return header, base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def dev_key(corpora: Path) -> PinnedKey:
    return read_pinned_key((corpora / "trust-lists" / DEV_SIGNER_FILE).read_bytes())


def prod_key() -> PinnedKey:
    return read_pinned_key(json.dumps(PROD_JWK).encode(), verification_method=PROD_SIGNER)


def published(corpora: Path, environment: str) -> Iterator[bytes]:
    """Every v2 document of an environment that is there, in the order of its path."""
    for path in sorted((corpora / "trust-lists" / environment / "v2").rglob("did.json")):
        yield path.read_bytes()
