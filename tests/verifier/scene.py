"""A small trust network, and certificates made from parts, so that a test changes just the one it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from credential.usage import OID_OF
from credential.wire import algorithms, cbor, cose, hcert
from credential.wire.algorithms import Algorithm
from tests.pki import Authority, SignerKey, make_authority
from trustlist import Environment, KeyUsage, ListEntry, Source, TrustSnapshot
from trustlist.snapshot_pack import ListPart

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
DAY = 86_400

DCC: Mapping[str, Any] = {
    "ver": "1.3.0",
    "nam": {"fn": "Okoye-Lind", "fnt": "OKOYE<LIND", "gn": "Mara", "gnt": "MARA"},
    "dob": "1987-04-02",
    "v": [
        {
            "tg": "840539006",
            "vp": "1119349007",
            "mp": "EU/1/20/1528",
            "ma": "ORG-100030215",
            "dn": 2,
            "sd": 2,
            "dt": "2026-02-11",
            "co": "XA",
            "is": "Ministry of Health XA",
            "ci": "URN:UVCI:01:XA:4QK92M7T1Z4QK92M7T1Z4QK92M#M",
        }
    ],
}

AUTHORITY = make_authority("XA")
OTHER_AUTHORITY = make_authority("XB")
SIGNER = AUTHORITY.issue_signer((OID_OF["vaccination"],))


@dataclass(frozen=True, slots=True)
class Parts:
    """What a certificate is made of."""

    signer: SignerKey = SIGNER
    algorithm: int = Algorithm.ES256
    protected: Mapping[Any, Any] | None = None
    unprotected: Mapping[Any, Any] = field(default_factory=dict)
    issuer: Any = "XA"
    issued: Any = SECONDS - DAY
    expires: Any = SECONDS + 30 * DAY
    more: Mapping[Any, Any] = field(default_factory=dict)
    hcert: Any = field(default_factory=lambda: {1: dict(DCC)})

    def sign1(self) -> bytes:
        """The signed structure."""
        claims = {1: self.issuer, 4: self.expires, 6: self.issued, **self.more, -260: self.hcert}
        payload = cbor.dumps({claim: value for claim, value in claims.items() if value is not None})
        header = {1: self.algorithm, 4: self.signer.kid} if self.protected is None else self.protected
        protected = cbor.dumps(dict(header)) if header else b""
        family = Algorithm(self.algorithm) if self.algorithm in set(Algorithm) else Algorithm.ES256
        signature = algorithms.sign(family, self.signer.private_key, cose.to_be_signed(protected, payload))
        body = cbor.dumps([protected, dict(self.unprotected), payload, signature])
        return b"\xd2" + body

    def text(self) -> str:
        """The text of its QR code."""
        return hcert.encode(self.sign1())


def parts(**changes: Any) -> Parts:
    """A good certificate, but for these parts."""
    return replace(Parts(), **changes)


def dcc(**changes: Any) -> dict[int, Any]:
    """The subclaims of a good certificate, but for these members of the DCC; None leaves one out."""
    members = {**DCC, **changes}
    return {1: {name: value for name, value in members.items() if value is not None}}


def listed(
    *keys: tuple[SignerKey, Authority],
    participant: str = "XXA",
    domain: str = "DCC",
    environment: Environment = Environment.PRODUCTION,
    created: datetime = NOW - timedelta(days=1),
    kid: bytes | None = None,
) -> ListPart:
    """One signed list with these signers, each carrying its authority in `x5c`; as `read_document` gives it."""
    entries = tuple(
        ListEntry(
            kid or signer.kid,
            (signer.certificate_der, authority.certificate_der),
            participant,
            domain,
            KeyUsage.DSC,
            f"verificationMethod[{number}]",
        )
        for number, (signer, authority) in enumerate(keys)
    )
    source = Source("did:web:tng-cdn.who.int:v2:trustlist", "did-v2-embedded", environment, created, len(entries))
    return ListPart(source, entries, (), pinned=False)


def trusting(*lists: ListPart) -> TrustSnapshot:
    """A snapshot of these lists."""
    return TrustSnapshot.from_parts(lists)


TRUST = trusting(listed((SIGNER, AUTHORITY)))
