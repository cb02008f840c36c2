"""One small list for each kind of finding, and the same list without what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.credential.wire.der_parts import Parts, oid, sequence
from tests.pki import Authority, SignerKey, make_authority, make_key
from tests.trustlist.doctor.certificates import issue
from tests.trustlist.parts import AT, CREATED, entry, listed, sca
from trustlist import Environment, KeyUsage, ListEntry, ListReason, RejectedEntry, TrustSnapshot
from trustlist.doctor import FindingKind as Kind
from trustlist.doctor import ReferenceList, RefusedList, Report, examine
from trustlist.model import HEALTH_CARDS, TRAVEL_DOCUMENTS
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


@dataclass(frozen=True)
class Pair:
    """A list with something wrong, what else that brings with it, and its twin with nothing wrong at all."""

    bad: Callable[[], Sample]
    good: Callable[[], Sample]
    along: frozenset[Kind] = frozenset()


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


def rsa_authority(bits: int) -> Sample:
    """An SCA with an RSA key of so many bits."""
    return Sample(listed(sca(make_authority(key="RSA" if bits == 2048 else "P-256"))))


def passport_authority(domain: str) -> Callable[[], Sample]:
    """An SCA for fifteen years, as passports need it."""
    end = datetime(2041, 1, 1, tzinfo=UTC)
    return lambda: Sample(listed(sca(make_authority(not_after=end), domain=domain)))


def thumbprint(domain: str) -> Callable[[], Sample]:
    """A signer with a kid of 43 characters, as RFC 7638 makes them."""
    kid = b"3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"
    return lambda: signed_by(entry(authority().issue_signer(), kid=kid, domain=domain))


def tls(usages: tuple[str, ...]) -> Callable[[], Sample]:
    """A connection key."""
    der = issue(authority(), usages=usages)
    return lambda: Sample(listed(entry(der, usage=KeyUsage.TLS)))


OWN = f"{PRODUCTION}-ref"
BELOW = f"{OWN}:DCC"

PAIRS: Mapping[Kind, tuple[Pair, ...]] = {
    Kind.TEST_PARTICIPANT: (
        Pair(
            production("XXH", {"C": "XH", "O": "Ministry", "CN": "Signer"}),
            production("FRA", {"C": "FR", "O": "Ministry", "CN": "Health DSC for test"}),
        ),
        Pair(
            production("FRA", {"C": "FR", "ST": "Test State", "CN": "Signer"}),
            production("FRA", {"C": "FR", "ST": "Testerep", "CN": "ST=Test"}),
        ),
        Pair(
            production("FRA", {"C": "FR", "O": "WHO", "OU": "R&D", "CN": "Signer"}),
            production("XKX", {"C": "XK", "OU": "R&D Ministry", "CN": "Signer"}),
        ),
    ),
    Kind.PRIVATE_KEY_PUBLISHED: (Pair(rejected(ListReason.KEY_PRIVATE_PUBLISHED), clean),),
    Kind.COUNTRY_OTHER: (
        Pair(of_country("XB"), of_country("XA")),
        Pair(of_country("FR", "DEU", "DE"), of_country("IO", "IOM", "IO")),
        Pair(of_country("XB", "XC", "XC"), of_country("XC", "XC", "XC")),
        Pair(of_country("IO", "XXA"), of_country("XB", "Ministry of Health")),
    ),
    Kind.SEVERAL_PARTICIPANTS: (Pair(same_key("XXA", "XXB"), clean, frozenset({Kind.SAME_KEY})),),
    Kind.AMBIGUOUS_ENTRY: (
        Pair(rejected(ListReason.KEY_NOT_OF_CERTIFICATE), clean),
        Pair(rejected(ListReason.ENTRY_AMBIGUOUS), clean),
    ),
    Kind.AUTHORITY_SIGNATURE_INVALID: (Pair(forged, clean),),
    Kind.WEAK_SIGNATURE: (
        Pair(weakly_signed, clean, frozenset({Kind.ORPHANED, Kind.KEY_USAGE_WRONG})),
        Pair(under_short_key, clean),
    ),
    Kind.WEAK_KEY: (Pair(weak_signer, lambda: signed_by(authority().issue_signer(key="RSA"))),),
    Kind.SIGNER_IS_CA: (
        Pair(lambda: signed_by(authority().issue_signer(is_ca=True)), clean, frozenset({Kind.KEY_USAGE_WRONG})),
    ),
    Kind.SOURCE_OTHER_ENVIRONMENT: (
        Pair(named(DEVELOPMENT), named(PRODUCTION)),
        Pair(named(f"{DEVELOPMENT}:DCC"), named("did:web:mirror.example")),
    ),
    Kind.REFERENCE_OTHER_ENVIRONMENT: (
        Pair(linking(OWN, "did:web:tng-cdn-dev.who.int:trustlist"), linking(OWN, BELOW)),
        Pair(linking("did:web:own.example", PRODUCTION), linking("did:web:own.example", "did:web:own.example:DCC")),
    ),
    Kind.LIST_REFUSED: (
        Pair(
            lambda: replace(clean(), arguments={"refused": [RefusedList("did.json", ListReason.PROOF_INVALID)]}), clean
        ),
    ),
    Kind.LIST_UNVERIFIED: (Pair(sourced(verified=False), sourced(verified=True)),),
    Kind.LIST_EXPIRED: (Pair(sourced(expires=AT - DAY), sourced(expires=AT)),),
    Kind.LIST_STALE: (Pair(sourced(created=AT - 31 * DAY), sourced(created=AT - 7 * DAY)),),
    Kind.LIST_AHEAD: (Pair(sourced(created=AT + DAY), sourced(created=None)),),
    Kind.EXPIRED: (Pair(ending(AT - timedelta(seconds=1)), ending(AT + 91 * DAY)),),
    Kind.AUTHORITY_EXPIRED: (
        Pair(expired_authority, ending_together, frozenset({Kind.EXPIRED, Kind.OUTLIVES_AUTHORITY})),
    ),
    Kind.EXPIRES_WITHIN_30_DAYS: (
        Pair(ending(AT), ending(AT + 91 * DAY)),
        Pair(ending(AT + 30 * DAY), ending(AT + 400 * DAY)),
    ),
    Kind.OUTLIVES_AUTHORITY: (Pair(outliving, ending_together),),
    Kind.LIFE_TOO_LONG: (
        Pair(
            made(end=datetime(2028, 1, 19, tzinfo=UTC), start=datetime(2026, 1, 1, tzinfo=UTC)),
            made(end=datetime(2028, 1, 16, tzinfo=UTC), start=datetime(2026, 1, 1, tzinfo=UTC)),
        ),
        Pair(
            lambda: Sample(listed(sca(make_authority(not_after=datetime(2030, 1, 20, tzinfo=UTC))))),
            lambda: Sample(listed(sca(make_authority(not_after=datetime(2030, 1, 12, tzinfo=UTC))))),
        ),
        Pair(passport_authority("DCC"), passport_authority(TRAVEL_DOCUMENTS)),
    ),
    Kind.ORPHANED: (
        Pair(
            lambda: Sample(listed(entry(authority().issue_signer()))),
            lambda: Sample(listed(entry(authority().issue_signer(), authority()))),
        ),
    ),
    Kind.BROKEN_ENTRY: (Pair(broken, clean), Pair(rejected(ListReason.USAGE_UNKNOWN), clean)),
    Kind.ODD_CURVE: (
        Pair(lambda: signed_by(authority().issue_signer(key="P-384")), clean),
        Pair(lambda: bare(ec.SECP384R1()), lambda: bare(ec.SECP256R1())),
    ),
    Kind.WRONG_USAGE_ARC: (Pair(purposes("1.3.6.1.4.1.0.1847.2021.1.1"), purposes("1.3.6.1.4.1.1847.2021.1.1")),),
    Kind.KEY_USAGE_WRONG: (
        Pair(made(usages=None), made()),
        Pair(made(usages=("key_agreement",)), made(usages=("digital_signature", "content_commitment"))),
        Pair(made(usages=("digital_signature", "key_cert_sign")), made()),
        Pair(tls(("digital_signature", "crl_sign")), tls(("digital_signature", "key_cert_sign"))),
    ),
    Kind.AUTHORITY_NOT_CA: (Pair(authority_of(usages=("key_cert_sign",)), lambda: Sample(listed(sca(authority())))),),
    Kind.COUNTRY_UNCLEAR: (Pair(made(subject={"CN": "Signer"}), made()),),
    Kind.TWO_USAGES: (
        Pair(twice(KeyUsage.DSC), clean, frozenset({Kind.SIGNER_IS_CA, Kind.KEY_USAGE_WRONG, Kind.LIFE_TOO_LONG})),
    ),
    Kind.KID_SHARED: (Pair(kids(None), clean, frozenset({Kind.KID_NOT_HASH})),),
    Kind.REFERENCE_FOREIGN_HOST: (Pair(linking(OWN, "did:web:example.com"), linking(OWN, BELOW)),),
    Kind.REFERENCE_DANGLING: (
        Pair(linking(OWN, BELOW, known=frozenset({OWN})), linking(OWN, BELOW, known=frozenset({OWN, BELOW}))),
    ),
    Kind.NOT_YET_VALID: (
        Pair(
            lambda: signed_by(authority().issue_signer(not_before=AT + timedelta(seconds=1))),
            lambda: signed_by(authority().issue_signer(not_before=AT)),
        ),
    ),
    Kind.AUTHORITY_NOT_YET_VALID: (Pair(early_authority, clean, frozenset({Kind.NOT_YET_VALID})),),
    Kind.EXPIRES_WITHIN_90_DAYS: (
        Pair(ending(AT + 30 * DAY + timedelta(seconds=1)), ending(AT + 90 * DAY + timedelta(seconds=1))),
        Pair(ending(AT + 90 * DAY), clean),
    ),
    Kind.PRIVATE_KEY_OVER: (Pair(made(private_key_end=AT - DAY), made(private_key_end=AT)),),
    Kind.OTHER_PURPOSES: (
        Pair(purposes("1.3.6.1.5.5.7.3.2"), purposes("1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.1847.2021.1.3")),
        Pair(purposes("1.3.6.1.4.1.1.2.836.1"), purposes("1.3.6.1.4.1.1847.2022.1.20")),
    ),
    Kind.SHORT_KEY: (
        Pair(lambda: rsa_authority(2048), lambda: rsa_authority(0)),
        Pair(
            lambda: Sample(listed(entry(issue(authority(), key=make_key("RSA")), usage=KeyUsage.UP))),
            lambda: signed_by(authority().issue_signer(key="RSA")),
        ),
    ),
    Kind.SAME_KEY: (Pair(same_key("XXA", "XXA"), clean),),
    Kind.KID_NOT_HASH: (
        Pair(kids(b"ABCDEFGH"), clean),
        Pair(thumbprint("DCC"), thumbprint(HEALTH_CARDS)),
    ),
    Kind.LIST_AGEING: (Pair(sourced(created=AT - 8 * DAY), sourced(created=CREATED)),),
    Kind.LIST_EMPTY: (Pair(linking(OWN), linking(OWN, BELOW)),),
}
"""For each kind, lists that have it and their twins that have nothing."""
