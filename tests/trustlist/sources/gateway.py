"""A gateway in memory: a trust anchor, participants with their certificates, and the answers it would give."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from credential.wire.cms import fingerprint, sign_cms
from credential.wire.x509 import kid_of
from tests.pki import Authority, SignerKey, make_authority

Holder = Authority | SignerKey


@dataclass(frozen=True, slots=True)
class Member:
    """One participant."""

    country: str
    sca: Authority
    up: SignerKey
    tls: SignerKey
    dsc: SignerKey


@dataclass(frozen=True, slots=True)
class Gateway:
    """The network's side."""

    anchor: Authority
    members: tuple[Member, ...]

    @property
    def pins(self) -> frozenset[bytes]:
        """The trust anchor's fingerprint."""
        return frozenset({fingerprint(self.anchor.certificate_der)})

    def rows(self) -> list[dict[str, Any]]:
        """Every row of `/trustList`, DSCs first, so that their uploaders come later."""
        found = [row(each.dsc, "DSC", each.country, signer=each.up, detached=True) for each in self.members]
        for each in self.members:
            for holder, kind in ((each.sca, "CSCA"), (each.up, "UPLOAD"), (each.tls, "AUTHENTICATION")):
                found.append(row(holder, kind, each.country, signer=self.anchor))
        return found


def row(
    holder: Holder, kind: str, country: str, *, signer: Holder, detached: bool = False, **changes: Any
) -> dict[str, Any]:
    """One row of `/trustList`; None for a member leaves it out."""
    der = holder.certificate_der
    members = {
        "kid": base64.b64encode(kid_of(der)).decode(),
        "timestamp": "2026-11-20T10:00:00Z",
        "country": country,
        "certificateType": kind,
        "thumbprint": hashlib.sha256(der).hexdigest(),
        "signature": signature(der, signer, detached=detached),
        "rawData": base64.b64encode(der).decode(),
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}


def object_row(holder: Holder, kind: str, country: str, *, signer: Holder, **changes: Any) -> dict[str, Any]:
    """One object of `/trustList/certificate`."""
    first = row(holder, kind, country, signer=signer)
    members = {
        "certificate": first["rawData"],
        "signature": first["signature"],
        "kid": first["kid"],
        "group": kind,
        "country": country,
        "properties": {},
        "domain": "PH4H",
        "uuid": "00000000-0000-0000-0000-000000000000",
        "version": 1,
        "sourceGateway": None,
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}


def signature(der: bytes, signer: Holder, *, detached: bool = False) -> str:
    """The signed message over a certificate, as the gateway serves it."""
    return base64.b64encode(sign_cms(der, signer.certificate_der, signer.private_key, detached=detached)).decode()


def answer(rows: Any) -> bytes:
    """The gateway's answer."""
    return json.dumps(rows).encode()


def make_member(country: str) -> Member:
    """A participant with one certificate of each kind."""
    sca = make_authority(country)
    other = make_authority(country, name="Services")
    return Member(country, sca, other.issue_signer(name="UP"), other.issue_signer(name="TLS"), sca.issue_signer())


@cache
def gateway() -> Gateway:
    """Two participants under one anchor."""
    return Gateway(make_authority("CH", name="TA"), (make_member("XA"), make_member("XB")))
