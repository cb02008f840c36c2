"""The HC1 vectors: each differs from a good certificate in one thing, and names what has to be found.

A case here becomes one file in `hc1/` (`python -m tests.vectors.generate`), which any implementation can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from credential.wire import base45, cbor, cose, deflate, hcert
from tests.vectors.pki import DAY, END, NOW, Certified, authority, key, signer, trust_list

SECONDS = int(NOW.timestamp())
A_DAY = int(DAY.total_seconds())

SCA = authority("XA", "SCA of XA")
OLD_SCA = authority("XA", "Old SCA of XA", end=NOW - DAY)
OTHER_SCA = authority("XB", "SCA of XB")
DSC = signer("XA", "Vaccination DSC of XA", SCA, ("vaccination",))
TEST_DSC = signer("XA", "Test DSC of XA", SCA, ("test",))
RECOVERY_DSC = signer("XA", "Recovery DSC of XA", SCA, ("recovery",))
ANY_DSC = signer("XA", "Unrestricted DSC of XA", SCA)
OLD_DSC = signer("XA", "Ended DSC of XA", SCA, end=NOW - DAY)
EARLY_DSC = signer("XA", "Later DSC of XA", SCA, start=NOW + DAY)
OLD_SCA_DSC = signer("XA", "DSC under the old SCA", OLD_SCA)
PH4H_DSC = signer("XA", "DSC of another domain", SCA)
OTHER_DSC = signer("XB", "DSC of XB", OTHER_SCA)
STRANGER = signer("XA", "DSC on no list", SCA)

LISTED = [
    (SCA, None, "XXA", "DCC"),
    (OTHER_SCA, None, "XXB", "DCC"),
    *((one, SCA, "XXA", "DCC") for one in (DSC, TEST_DSC, RECOVERY_DSC, ANY_DSC, OLD_DSC, EARLY_DSC)),
    (OLD_SCA_DSC, OLD_SCA, "XXA", "DCC"),
    (PH4H_DSC, SCA, "XXA", "PH4H"),
    (OTHER_DSC, OTHER_SCA, "XXB", "DCC"),
]
TRUST: Mapping[str, bytes] = {
    "current": trust_list("did:web:trust.example:v2:trustlist", LISTED, NOW - DAY),
    "stale": trust_list("did:web:trust.example:v2:trustlist", LISTED, NOW - 31 * DAY),
    "orphaned": trust_list(
        "did:web:trust.example:v2:trustlist", [(OTHER_SCA, None, "XXA", "DCC"), (ANY_DSC, OTHER_SCA, "XXA", "DCC")], NOW
    ),
}

NAME = {"fn": "Okoye-Lind", "fnt": "OKOYE<LIND", "gn": "Mara", "gnt": "MARA"}
COMMON = {"co": "XA", "is": "Ministry of Health XA", "ci": "URN:UVCI:01:XA:4QK92M7T1Z4QK92M7T1Z4QK92M#M"}
VACCINATION = {
    "tg": "840539006",
    "vp": "1119349007",
    "mp": "EU/1/20/1528",
    "ma": "ORG-100030215",
    "dn": 2,
    "sd": 2,
    "dt": "2026-02-11",
    **COMMON,
}
TEST = {"tg": "840539006", "tt": "LP6464-4", "sc": "2026-11-20T09:15:00+01:00", "tr": "260415000", **COMMON}
RECOVERY = {"tg": "840539006", "fr": "2026-08-30", "df": "2026-09-10", "du": "2027-02-26", **COMMON}
DCC: Mapping[str, Any] = {"ver": "1.3.0", "nam": NAME, "dob": "1987-04-02", "v": [VACCINATION]}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a certificate is made of; each default is right."""

    signer: Certified = DSC
    algorithm: Any = -7
    protected: Mapping[Any, Any] | None = None
    unprotected: Mapping[Any, Any] = field(default_factory=dict)
    claims: Mapping[Any, Any] = field(default_factory=dict)
    hcert: Any = field(default_factory=lambda: {1: dict(DCC)})
    array: Callable[[bytes], bytes] = lambda array: b"\xd2" + array

    def cose(self) -> bytes:
        """The signed structure."""
        claims = {1: "XA", 4: SECONDS + 30 * A_DAY, 6: SECONDS - A_DAY, **self.claims, -260: self.hcert}
        payload = cbor.dumps({claim: value for claim, value in claims.items() if value is not None})
        header = {1: self.algorithm, 4: self.signer.kid} if self.protected is None else self.protected
        protected = cbor.dumps(dict(header)) if header else b""
        signature = sign(self.signer.private_key, cose.to_be_signed(protected, payload))
        return self.array(cbor.dumps([protected, dict(self.unprotected), payload, signature]))

    def text(self) -> str:
        """The text of its QR code."""
        return hcert.encode(self.cose())


@dataclass(frozen=True, slots=True)
class VectorCase:
    """One vector: its name, what it is about, its text, and what it is to be checked with."""

    name: str
    about: str
    text: str
    trust: str = "current"
    policy: str = "authenticity"
    at: str = "2026-11-22T12:00:00Z"


def sign(own: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """The raw ES256 signature, the same each time (RFC 6979)."""
    r, s = utils.decode_dss_signature(own.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def with_(**changes: Any) -> str:
    """The text of a good certificate, but for these parts."""
    return replace(Parts(), **changes).text()


def dcc(**members: Any) -> dict[int, Any]:
    """The subclaim of a good certificate, but for these members; None leaves one out."""
    return {1: {name: value for name, value in {**DCC, **members}.items() if value is not None}}


def cases() -> Iterator[VectorCase]:
    """Every vector."""
    yield from _good()
    yield from _layers()
    yield from _signers()
    yield from _dates()
    yield from _content()


def _good() -> Iterator[VectorCase]:
    good = with_()
    yield VectorCase("good-vaccination", "a vaccination certificate", good)
    yield VectorCase("good-test", "a test certificate", with_(signer=TEST_DSC, hcert=dcc(v=None, t=[TEST])))
    yield VectorCase(
        "good-recovery", "a recovery certificate", with_(signer=RECOVERY_DSC, hcert=dcc(v=None, r=[RECOVERY]))
    )
    yield VectorCase("good-unrestricted-signer", "a signer without usage OIDs may sign all", with_(signer=ANY_DSC))
    yield VectorCase("good-partial-birth-date", "only the year of birth is known", with_(hcert=dcc(dob="1987")))
    yield VectorCase("good-cose-untagged", "no tag 18", with_(array=lambda array: array))
    yield VectorCase("good-cwt-tag", "tags 61 and 18", with_(array=lambda array: b"\xd8\x3d\xd2" + array))
    yield VectorCase(
        "good-kid-unprotected", "kid outside the signed part", with_(protected={1: -7}, unprotected={4: DSC.kid})
    )
    yield VectorCase("good-times-float", "times with a fraction", with_(claims={6: SECONDS - A_DAY + 0.5}))
    yield VectorCase("good-times-milliseconds", "times in milliseconds", with_(claims={6: (SECONDS - A_DAY) * 1000}))
    yield VectorCase("good-text-keys", "claims numbered by text", with_(claims={1: None, "1": "XA"}))
    yield VectorCase("good-iss-alpha-3", "the issuer by the list's own code", with_(claims={1: "XXA"}))
    yield VectorCase("good-surrounding-space", "white space around the text", f" {good}\r\n")
    yield VectorCase("entry-asks-for-more", "revocation and rules are asked for and missing", good, policy="entry-XB")


def _layers() -> Iterator[VectorCase]:
    good = with_()
    packed = base45.decode(good[4:])
    plain = deflate.inflate(packed)
    yield VectorCase("prefix-missing", "no context identifier", good[4:])
    yield VectorCase("prefix-other", "a context that does not exist", "HL0:" + good[4:])
    yield VectorCase("prefix-later", "a context of a later version", "HC2:" + good[4:])
    yield VectorCase("base45-lower-case", "a character outside the alphabet", good.lower().replace("hc1:", "HC1:"))
    yield VectorCase("base45-overflow", "three characters beyond 65,535", "HC1:GGW" + good[7:])
    yield VectorCase("base45-cut", "a length of 3n+1", "HC1:" + good[4 : 4 + len(good[4:]) // 3 * 3 - 2])
    yield VectorCase("zlib-missing", "not compressed", "HC1:" + base45.encode(plain))
    yield VectorCase("zlib-cut", "the end is missing", "HC1:" + base45.encode(packed[:-8]))
    yield VectorCase("zlib-trailing", "bytes after the stream", "HC1:" + base45.encode(packed + b"junk"))
    yield VectorCase("zlib-bomb", "a million zeros", hcert.encode(bytes(1_000_000)))
    yield VectorCase("cose-wrong-tag", "tag 98 instead of 18", with_(array=lambda array: b"\xd8\x62" + array))
    yield VectorCase("cose-trailing", "bytes after the structure", hcert.encode(plain + b"\0"))
    yield VectorCase("cose-no-array", "no signed structure", hcert.encode(cbor.dumps({1: 2})))
    yield VectorCase("cose-critical", "a critical header", with_(protected={1: -7, 2: [99], 4: DSC.kid, 99: 1}))
    yield VectorCase("algorithm-missing", "no algorithm", with_(protected={4: DSC.kid}))
    yield VectorCase("algorithm-none", "an HMAC", with_(algorithm=5))
    yield VectorCase("algorithm-conflict", "two algorithms", with_(protected={1: -7, 4: DSC.kid}, unprotected={1: -37}))
    yield VectorCase("cwt-hcert-type", "the hcert claim is a number", with_(hcert=7))
    yield VectorCase("cwt-claim-twice", "a claim by number and by text", with_(claims={"1": "XB"}))


def _signers() -> Iterator[VectorCase]:
    forged = replace(Parts(), signer=Certified("forger", key("forger"), DSC.certificate_der)).text()
    yield VectorCase("kid-missing", "no key identifier", with_(protected={1: -7}))
    yield VectorCase("signer-unknown", "a signer on no list", with_(signer=STRANGER))
    yield VectorCase("signer-other-issuer", "a key of XXB, named XA", with_(signer=OTHER_DSC))
    yield VectorCase("signer-list-stale", "the list is older than the policy allows", with_(), trust="stale")
    yield VectorCase("signature-forged", "signed with another key", forged)
    yield VectorCase("signer-ended", "the DSC has ended", with_(signer=OLD_DSC))
    yield VectorCase("signer-early", "the DSC does not count yet", with_(signer=EARLY_DSC))
    yield VectorCase("signer-under-ended-sca", "the SCA has ended", with_(signer=OLD_SCA_DSC))
    yield VectorCase("signer-orphaned", "the SCA is not on the list", with_(signer=ANY_DSC), trust="orphaned")
    yield VectorCase("usage-wrong-group", "a vaccination by a key for tests", with_(signer=TEST_DSC))
    yield VectorCase("usage-wrong-domain", "a key of another trust domain", with_(signer=PH4H_DSC))


def _dates() -> Iterator[VectorCase]:
    before = int(SECONDS - 400 * A_DAY)
    yield VectorCase("issued-later", "issued tomorrow", with_(claims={6: SECONDS + A_DAY}))
    yield VectorCase("issued-within-skew", "issued a minute ahead of this clock", with_(claims={6: SECONDS + 60}))
    yield VectorCase("issued-beyond-skew", "issued 61 seconds ahead", with_(claims={6: SECONDS + 61}))
    yield VectorCase("issued-missing", "no iat", with_(claims={6: None}))
    yield VectorCase("issued-before-signer", "issued before its signer's key existed", with_(claims={6: before}))
    yield VectorCase("not-before-later", "nbf tomorrow", with_(claims={5: SECONDS + A_DAY}))
    yield VectorCase("expires-now", "exp is this second", with_(claims={4: SECONDS}))
    yield VectorCase("expired", "exp was a second ago", with_(claims={4: SECONDS - 1}))
    yield VectorCase("expiry-missing", "no exp", with_(claims={4: None}))
    yield VectorCase("expiry-nan", "exp is not a number", with_(claims={4: float("nan")}))
    yield VectorCase("expiry-after-signer", "exp after the DSC's end", with_(claims={4: int(END.timestamp()) + 1}))


def _content() -> Iterator[VectorCase]:
    yield VectorCase("claim-missing", "an empty hcert claim", with_(hcert={}))
    yield VectorCase("claim-unknown", "a kind that does not exist", with_(hcert={99: {}}))
    yield VectorCase("claim-development", "a kind under development", with_(hcert={-99: {}}))
    yield VectorCase("claim-several", "two kinds at once", with_(hcert={**dcc(), 99: {}}))
    yield VectorCase("schema-birth-date", "a birth date in another order", with_(hcert=dcc(dob="02.04.1987")))
    yield VectorCase("schema-two-entries", "two doses in one", with_(hcert=dcc(v=[VACCINATION, VACCINATION])))
    yield VectorCase("schema-no-entry", "neither v nor t nor r", with_(hcert=dcc(v=None)))
    yield VectorCase("schema-name-missing", "no name", with_(hcert=dcc(nam=None)))
    yield VectorCase("schema-dose-zero", "dose 0", with_(hcert=dcc(v=[{**VACCINATION, "dn": 0}])))
    yield VectorCase(
        "several-faults", "expired, and signed by a key for tests", with_(signer=TEST_DSC, claims={4: SECONDS - 1})
    )
