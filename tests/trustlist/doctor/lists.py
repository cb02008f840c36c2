"""Small lists with one thing wrong, and without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.credential.wire.der_parts import Parts, oid, sequence
from tests.pki import START, Authority, SignerKey, make_authority
from tests.trustlist.doctor.certificates import issue
from tests.trustlist.parts import AT, entry, listed, sca
from trustlist import Environment, KeyUsage, ListEntry, ListReason, RejectedEntry, TrustSnapshot
from trustlist.doctor import ReferenceList, Report, examine
from trustlist.snapshot_pack import ListPart

PRODUCTION = "did:web:tng-cdn.who.int:v2:trustlist"
DEVELOPMENT = "did:web:tng-cdn-dev.who.int:v2:trustlist"
DAY = timedelta(days=1)
SHA1 = sequence(oid("1.2.840.10045.4.1"))


@dataclass(frozen=True)
class Sample:
    """What is examined."""

    trust: TrustSnapshot
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def examine(self) -> Report:
        return examine(self.trust, **({"at": AT} | dict(self.arguments)))


@cache
def authority(country: str = "XA") -> Authority:
    """One for the whole run."""
    return make_authority(country)


def signed_by(*signers: bytes | SignerKey | ListEntry, above: Authority | None = None, **options: Any) -> Sample:
    """A list of an SCA (XXA's, unless another is given) and these signers of its participant."""
    each = (signer if isinstance(signer, ListEntry) else entry(signer) for signer in signers)
    return Sample(listed(sca(above or authority()), *each, **options))


def clean() -> Sample:
    """A list with nothing wrong."""
    return signed_by(authority().issue_signer())


def made(**options: Any) -> Callable[[], Sample]:
    """A list with one signer made with these options of `issue`."""
    return lambda: signed_by(issue(authority(), **options))


def ending(end: datetime) -> Callable[[], Sample]:
    """A list with one signer that ends then."""
    return lambda: signed_by(authority().issue_signer(not_after=end))


def rejected(reason: ListReason) -> Callable[[], Sample]:
    """A list with one entry that could not be read."""
    broken = RejectedEntry("verificationMethod[7]", "AAAA", "XXA", reason)
    return lambda: Sample(listed(sca(authority()), rejected=[broken]))


def production(code: str, subject: Mapping[str, str]) -> Callable[[], Sample]:
    """A production list with one participant's SCA and signer."""

    def make() -> Sample:
        above = authority(subject["C"])
        signer = entry(issue(above, subject=subject), participant=code)
        return Sample(listed(sca(above, code), signer, name=PRODUCTION, environment=Environment.PRODUCTION))

    return make


def linking(did: str, *links: str, known: frozenset[str] | None = None) -> Callable[[], Sample]:
    """A clean list beside a reference list."""
    arguments = {"references": (ReferenceList(did, links, entries=0),), "known": known}
    return lambda: replace(clean(), arguments=arguments)


def named(name: str) -> Callable[[], Sample]:
    """A clean production list under a name."""
    above = authority("FR")
    entries = sca(above, "FRA"), entry(above.issue_signer(), participant="FRA")
    return lambda: Sample(listed(*entries, name=name, environment=Environment.PRODUCTION))


def sourced(**changes: Any) -> Callable[[], Sample]:
    """A clean list whose source says this of itself."""

    def make() -> Sample:
        (source,) = clean().trust.sources
        entries = sca(authority()), entry(authority().issue_signer())
        return Sample(TrustSnapshot.from_parts((ListPart(replace(source, **changes), entries, (), pinned=False),)))

    return make


def forged() -> Sample:
    """A signer in the name of XXA's SCA, without key identifiers, made by another."""
    real, other = make_authority(identifiers=False), make_authority(identifiers=False)
    return signed_by(other.issue_signer(identifiers=False), above=real)


def weakly_signed() -> Sample:
    """A signer signed with ECDSA and SHA-1, as far as its certificate says."""
    return Sample(listed(entry(Parts(algorithm=SHA1).der())))


def under_short_key() -> Sample:
    """A signer whose SCA is carried beside it, and has an RSA key of 1024 bits."""
    short = make_authority(key="RSA-1024")
    return Sample(listed(entry(short.issue_signer(), short)))


def weak_signer() -> Sample:
    """A signer with an RSA key of 1024 bits."""
    return signed_by(authority().issue_signer(key="RSA-1024"))


def expired_authority() -> Sample:
    """A signer in date whose SCA is over; it outlives its SCA, too."""
    old = make_authority(not_after=AT - DAY)
    return signed_by(old.issue_signer(), above=old)


def outliving() -> Sample:
    """A signer that ends a day after its SCA, both in date."""
    brief = make_authority(not_after=AT + 200 * DAY)
    return signed_by(brief.issue_signer(not_after=AT + 201 * DAY), above=brief)


def ending_together() -> Sample:
    """A signer that ends with its SCA."""
    brief = make_authority(not_after=AT + 200 * DAY)
    return signed_by(brief.issue_signer(not_after=AT + 200 * DAY), above=brief)


def early_authority() -> Sample:
    """A signer in date whose SCA is not valid yet, which is a finding of the SCA's as well."""
    coming = make_authority(not_before=AT + DAY)
    return signed_by(coming.issue_signer(), above=coming)


def broken() -> Sample:
    """A certificate that is none, in a list that was made without looking."""
    return Sample(listed(sca(authority()), entry(b"no certificate", kid=b"12345678")))


def twice(usage: KeyUsage) -> Callable[[], Sample]:
    """An SCA listed for a second usage."""
    again = entry(authority(), usage=usage, position="verificationMethod[1]")
    return lambda: Sample(listed(sca(authority()), again))


def kids(second: bytes | None) -> Callable[[], Sample]:
    """Two signers, the second with this kid, the first with one of its own choice."""
    first, other = authority().issue_signer(), authority().issue_signer()
    return lambda: signed_by(entry(first), entry(other, kid=second or first.kid))


def same_key(*codes: str) -> Callable[[], Sample]:
    """Signers of different participants, or of one, with one key."""

    def make() -> Sample:
        key = ec.generate_private_key(ec.SECP256R1())
        entries: list[ListEntry] = []
        for code in codes:
            above = authority(code[1:])
            entries += [] if code in {each.participant for each in entries} else [sca(above, code)]
            entries.append(entry(issue(above, key=key), participant=code))
        return Sample(listed(*entries))

    return make


def authority_of(**options: Any) -> Callable[[], Sample]:
    """A list with one SCA made with these options of `issue`."""
    return lambda: Sample(listed(entry(issue(authority(), **options), usage=KeyUsage.SCA)))


def purposes(*oids: str) -> Callable[[], Sample]:
    """A list with one signer of these purposes."""
    return lambda: signed_by(authority().issue_signer(oids))


def of_country(country: str, code: str = "XXA", above: str = "XA") -> Callable[[], Sample]:
    """A signer that names this country, listed for a participant whose SCA is of the country `above`."""

    def make() -> Sample:
        signer = issue(authority(above), subject={"C": country, "CN": "Signer"})
        return Sample(listed(sca(authority(above), code), entry(signer, participant=code)))

    return make


def bare(curve: ec.EllipticCurve, domain: str = "DCC") -> Sample:
    """A key without certificate."""
    info = ec.generate_private_key(curve).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = ListEntry(b"bare-key", (), None, domain, KeyUsage.DSC, "keys[0]", public_key=info)
    return Sample(listed(key))


def rsa_upload(bits: int) -> Callable[[], Sample]:
    """An upload key of so many bits."""
    return lambda: Sample(listed(entry(issue(authority(), key=rsa_key(bits)), usage=KeyUsage.UP)))


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """One of each size: making them is slow."""
    return rsa.generate_private_key(65537, bits)


def passport_authority(domain: str) -> Callable[[], Sample]:
    """An SCA for fifteen years, as passports need it."""
    end = datetime(2041, 1, 1, tzinfo=UTC)
    return lambda: Sample(listed(sca(make_authority(not_after=end), domain=domain)))


def living(usage: KeyUsage, days: int) -> Callable[[], Sample]:
    """A certificate for so many days."""
    usages = ("digital_signature", "key_cert_sign") if usage is not KeyUsage.DSC else ("digital_signature",)
    der = issue(authority(), usages=usages, start=START, end=START + days * DAY)
    return lambda: Sample(listed(entry(der, authority(), usage=usage)))


def sca_living(days: int) -> Callable[[], Sample]:
    """An SCA for so many days."""
    return lambda: Sample(listed(sca(make_authority(not_before=START, not_after=START + days * DAY))))


def thumbprint(domain: str) -> Callable[[], Sample]:
    """A signer with a kid of 43 characters, as RFC 7638 makes them."""
    kid = b"3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"
    return lambda: signed_by(entry(authority().issue_signer(), kid=kid, domain=domain))


def tls(usages: tuple[str, ...]) -> Callable[[], Sample]:
    """A connection key."""
    der = issue(authority(), usages=usages)
    return lambda: Sample(listed(entry(der, usage=KeyUsage.TLS)))
