"""For each kind of finding lists that have it, and their twins that have nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from tests.pki import make_authority
from tests.trustlist.doctor.lists import (
    DAY,
    DEVELOPMENT,
    PRODUCTION,
    Sample,
    authority,
    authority_of,
    bare,
    broken,
    clean,
    early_authority,
    ending,
    ending_together,
    expired_authority,
    forged,
    kids,
    linking,
    living,
    made,
    named,
    of_country,
    outliving,
    passport_authority,
    production,
    purposes,
    rejected,
    rsa_upload,
    same_key,
    sca_living,
    signed_by,
    sourced,
    thumbprint,
    tls,
    twice,
    under_short_key,
    weak_signer,
    weakly_signed,
)
from tests.trustlist.parts import AT, CREATED, entry, listed, sca
from trustlist import KeyUsage, ListReason
from trustlist.doctor import FindingKind as Kind
from trustlist.doctor import RefusedList
from trustlist.model import HEALTH_CARDS, TRAVEL_DOCUMENTS


@dataclass(frozen=True)
class Pair:
    """A list with something wrong, what else that brings with it, and its twin with nothing wrong at all."""

    bad: Callable[[], Sample]
    good: Callable[[], Sample]
    along: frozenset[Kind] = frozenset()


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
        Pair(living(KeyUsage.DSC, 747), living(KeyUsage.DSC, 746)),
        Pair(living(KeyUsage.DECA, 1479), living(KeyUsage.DECA, 1478)),
        Pair(sca_living(1479), sca_living(1478)),
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
    Kind.PRIVATE_KEY_OVER: (
        Pair(
            made(private_key_end=AT - DAY, end=AT),
            made(private_key_end=AT + DAY, end=AT + 91 * DAY),
            frozenset({Kind.EXPIRES_WITHIN_30_DAYS}),
        ),
        Pair(made(private_key_end=AT - DAY), made(private_key_end=AT)),
    ),
    Kind.OTHER_PURPOSES: (
        Pair(purposes("1.3.6.1.5.5.7.3.2"), purposes("1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.1847.2021.1.3")),
        Pair(purposes("1.3.6.1.4.1.1.2.836.1"), purposes("1.3.6.1.4.1.1847.2022.1.20")),
    ),
    Kind.SHORT_KEY: (
        Pair(lambda: Sample(listed(sca(make_authority(key="RSA")))), lambda: Sample(listed(sca(authority())))),
        Pair(rsa_upload(2999), rsa_upload(3000)),
        Pair(rsa_upload(2048), lambda: signed_by(authority().issue_signer(key="RSA"))),
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
