"""What one listed key shows by itself: one small check for each kind of finding, in one table.

Measures are those of the network's certificate templates (WHO SMART Trust, PKI requirements): an SCA and a DECA for
four years, everything else for two; signers on P-256, or RSA of 2048 bits and more; authorities with RSA of 3000. A
certificate's key usage follows RFC 5280 §4.2.1.3, its purposes the governance of the EU DCC (`credential.usage`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from credential.errors import Detail
from credential.usage import ARCS
from credential.wire.x509 import CertificateFacts
from credential.wire.x509_key import KeyFacts
from credential.wire.x509_problem import CertificateProblem
from trustlist.chain import Chain, ChainStatus
from trustlist.doctor.findings import FindingKind
from trustlist.errors import ListReason
from trustlist.model import HEALTH_CARDS, TRAVEL_DOCUMENTS, Environment, KeyUsage, TrustedKey
from trustlist.participants import is_participant_code, same_participant

DAY = 86400
SOON_DAYS, LATER_DAYS = 30, 90

_DAYS_OF_A_YEAR, _DAYS_OF_GRACE = 366, 14
"""Neither leap days nor the few days that issuers add make a life too long."""
_YEARS: Mapping[KeyUsage, int] = MappingProxyType({KeyUsage.SCA: 4, KeyUsage.DECA: 4})
_YEARS_OF_OTHERS = 2
_RSA_BITS_OF_OTHERS = 3000
"""Of a DSC, 2048 are enough."""

_SIGNATURE, _CERTIFICATES, _REVOCATION = "digitalSignature", "keyCertSign", "cRLSign"
_KEY_USAGE: Mapping[KeyUsage, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        KeyUsage.SCA: (_CERTIFICATES, frozenset()),
        KeyUsage.DSC: (_SIGNATURE, frozenset({_CERTIFICATES, _REVOCATION})),
        KeyUsage.DECA: (_CERTIFICATES, frozenset()),
        KeyUsage.DESC: (_SIGNATURE, frozenset()),
        KeyUsage.TLS: (_SIGNATURE, frozenset({_REVOCATION})),
        KeyUsage.UP: (_SIGNATURE, frozenset({_REVOCATION})),
    }
)
"""What a key of this usage must be allowed, and what it must not."""

_OF_CREDENTIALS = ("1.3.6.1.4.1.1847.", "1.3.6.1.4.1.0.1847.")
"""Groups of the EU DCC, and wrappers of raw keys; the second is the first mistyped."""
_NO_COUNTRY = re.compile(r"X[A-Z]{1,2}")
_KOSOVO = frozenset({"XK", "XKX"})
_TEST_NAME = re.compile(r"(?<!\\)(?:^|[,+])(?:ST|OU|O|L)=test\b", re.IGNORECASE)
_LABORATORY = re.compile(r"(?<!\\)(?:^|[,+])OU=R&D(?:[,+]|$)")


@dataclass(frozen=True, slots=True)
class Case:
    """One key whose certificate could be read, and what is known around it."""

    key: TrustedKey
    facts: CertificateFacts
    chain: Chain | None
    """None for what is no signer."""
    state: ListReason | None
    """Why it is not usable now (`trustlist.account`)."""
    now: int
    """Epoch seconds."""


_KeyCheck: TypeAlias = Callable[[TrustedKey], Detail | None]
_CertificateCheck: TypeAlias = Callable[[Case], Detail | None]
"""The details when it is so, else None."""


def check_key(key: TrustedKey) -> Iterator[tuple[FindingKind, Detail]]:
    """What the key shows, with a certificate or bare. Raises `TrustListError` for one that cannot be read."""
    for kind, check in _KEY_CHECKS.items():
        detail = check(key)
        if detail is not None:
            yield kind, detail


def check_certificate(case: Case) -> Iterator[tuple[FindingKind, Detail]]:
    """What the certificate shows. A passport authority has a template of its own, which nobody here sets."""
    for kind, check in _CERTIFICATE_CHECKS.items():
        if kind in _OF_THE_TEMPLATE and case.key.domain == TRAVEL_DOCUMENTS:
            continue
        detail = check(case)
        if detail is not None:
            yield kind, detail


def _expired(case: Case) -> Detail | None:
    ended = case.facts.not_after < case.now
    return {"not_after": case.facts.not_after} if ended else None


def _not_yet_valid(case: Case) -> Detail | None:
    return {"not_before": case.facts.not_before} if case.now < case.facts.not_before else None


def _expires(case: Case, first: int, last: int) -> Detail | None:
    """Whether it ends in the days after `first` and up to `last`, counted from now."""
    left = case.facts.not_after - case.now
    return {"not_after": case.facts.not_after} if first <= left <= last * DAY else None


def _expires_soon(case: Case) -> Detail | None:
    return _expires(case, 0, SOON_DAYS)


def _expires_later(case: Case) -> Detail | None:
    return _expires(case, SOON_DAYS * DAY + 1, LATER_DAYS)


def _life_too_long(case: Case) -> Detail | None:
    days = (case.facts.not_after - case.facts.not_before) // DAY
    years = _YEARS.get(case.key.usage, _YEARS_OF_OTHERS)
    return {"days": days, "years_allowed": years} if days > years * _DAYS_OF_A_YEAR + _DAYS_OF_GRACE else None


def _private_key_over(case: Case) -> Detail | None:
    end = case.facts.private_key_not_after
    if end is None or not end < case.now <= case.facts.not_after:
        return None
    return {"private_key_not_after": end, "not_after": case.facts.not_after}


def _authority_end(case: Case) -> int | None:
    """When the last of its authorities ends; None when there is none."""
    return max((each.facts.not_after for each in case.chain.authorities), default=None) if case.chain else None


def _outlives_authority(case: Case) -> Detail | None:
    end = _authority_end(case)
    if end is None or case.facts.not_after <= end:
        return None
    return {"not_after": case.facts.not_after, "authority_not_after": end}


def _authority_expired(case: Case) -> Detail | None:
    return {"authority_not_after": _authority_end(case)} if case.state is ListReason.SCA_EXPIRED else None


def _authority_not_yet_valid(case: Case) -> Detail | None:
    return {} if case.state is ListReason.SCA_NOT_YET_VALID else None


def _orphaned(case: Case) -> Detail | None:
    return {"issuer": case.facts.issuer} if case.chain and case.chain.status is ChainStatus.ORPHANED else None


def _authority_signature_invalid(case: Case) -> Detail | None:
    invalid = case.chain is not None and case.chain.reason is ListReason.SCA_SIGNATURE_INVALID
    return {"issuer": case.facts.issuer} if invalid else None


def _weak_signature(case: Case) -> Detail | None:
    """By its hash; or by the key of its authority, which need not stand in the list itself."""
    weak_chain = case.chain is not None and case.chain.reason is ListReason.SCA_SIGNATURE_WEAK
    weak = CertificateProblem.SIGNATURE_HASH_WEAK in case.facts.problems
    return {"hash": case.facts.signature_hash} if weak or weak_chain else None


def _weak_key(key: TrustedKey) -> Detail | None:
    return {"key": key_name(key.key_facts)} if key.key_facts.problem is CertificateProblem.KEY_TOO_WEAK else None


def _odd_curve(key: TrustedKey) -> Detail | None:
    odd = key.key_facts.kind != "RSA" and key.key_facts.detail != "P-256"
    return {"key": key_name(key.key_facts)} if odd and key.usage is KeyUsage.DSC else None


def _short_key(case: Case) -> Detail | None:
    key = case.key.key_facts
    if case.key.usage is KeyUsage.DSC or key.kind != "RSA" or key.problem is not None:
        return None
    return {"key": key_name(key)} if int(key.detail) < _RSA_BITS_OF_OTHERS else None


def _signer_is_ca(case: Case) -> Detail | None:
    return {} if case.facts.is_ca and case.key.usage is KeyUsage.DSC else None


def _authority_not_ca(case: Case) -> Detail | None:
    return {} if not case.facts.is_ca and case.key.usage is KeyUsage.SCA else None


def _key_usage_wrong(case: Case) -> Detail | None:
    needed, forbidden = _KEY_USAGE[case.key.usage]
    says = case.facts.key_usage
    if says is None:
        return {"says": None}
    return {"says": " ".join(sorted(says))} if needed not in says or says & forbidden else None


def _wrong_usage_arc(case: Case) -> Detail | None:
    wrong = [oid for oid in case.facts.extended_key_usage if oid.startswith(f"{ARCS[1]}.")]
    return {"purposes": " ".join(wrong)} if wrong else None


def _other_purposes(case: Case) -> Detail | None:
    purposes = case.facts.extended_key_usage
    if case.key.usage is not KeyUsage.DSC or not purposes:
        return None
    return None if any(oid.startswith(_OF_CREDENTIALS) for oid in purposes) else {"purposes": " ".join(purposes)}


def _kid_not_hash(case: Case) -> Detail | None:
    """Key sets of health cards name their keys by another rule (RFC 7638)."""
    other = case.key.kid != case.facts.kid and case.key.domain != HEALTH_CARDS
    return {"hash": case.facts.kid.hex()} if other else None


def _country_unclear(case: Case) -> Detail | None:
    return {"subject": case.facts.subject} if case.facts.country is None else None


def _country_other(case: Case) -> Detail | None:
    """Names that are no codes at all, as private networks may have, cannot be compared."""
    country, participant = case.facts.country, case.key.participant
    if country is None or participant is None or not is_participant_code(participant):
        return None
    return None if same_participant(country, participant=participant, country=None) else {"country": country}


def _test_participant(case: Case) -> Detail | None:
    """In production only: a code that no country has, or a name that says so; WHO's own tests are `O=WHO,OU=R&D`."""
    if case.key.environment is not Environment.PRODUCTION:
        return None
    code, subject = case.key.participant or "", case.facts.subject
    by_code = _NO_COUNTRY.fullmatch(code) is not None and code not in _KOSOVO
    by_name = bool(_TEST_NAME.search(subject) or _LABORATORY.search(subject))
    evidence = " and ".join(word for word, holds in (("code", by_code), ("name", by_name)) if holds)
    return {"evidence": evidence, "subject": subject} if evidence else None


def key_name(key: KeyFacts) -> str:
    """The sort of key in a word or two: `P-256`, `RSA 2048`, `Ed25519`."""
    return key.detail if key.kind == "EC" and key.detail else f"{key.kind} {key.detail}".strip()


_KEY_CHECKS: Mapping[FindingKind, _KeyCheck] = MappingProxyType(
    {FindingKind.WEAK_KEY: _weak_key, FindingKind.ODD_CURVE: _odd_curve}
)

_OF_THE_TEMPLATE = frozenset({FindingKind.LIFE_TOO_LONG, FindingKind.SHORT_KEY})

_CERTIFICATE_CHECKS: Mapping[FindingKind, _CertificateCheck] = MappingProxyType(
    {
        FindingKind.TEST_PARTICIPANT: _test_participant,
        FindingKind.COUNTRY_OTHER: _country_other,
        FindingKind.AUTHORITY_SIGNATURE_INVALID: _authority_signature_invalid,
        FindingKind.WEAK_SIGNATURE: _weak_signature,
        FindingKind.SIGNER_IS_CA: _signer_is_ca,
        FindingKind.EXPIRED: _expired,
        FindingKind.AUTHORITY_EXPIRED: _authority_expired,
        FindingKind.EXPIRES_WITHIN_30_DAYS: _expires_soon,
        FindingKind.OUTLIVES_AUTHORITY: _outlives_authority,
        FindingKind.LIFE_TOO_LONG: _life_too_long,
        FindingKind.ORPHANED: _orphaned,
        FindingKind.WRONG_USAGE_ARC: _wrong_usage_arc,
        FindingKind.KEY_USAGE_WRONG: _key_usage_wrong,
        FindingKind.AUTHORITY_NOT_CA: _authority_not_ca,
        FindingKind.COUNTRY_UNCLEAR: _country_unclear,
        FindingKind.NOT_YET_VALID: _not_yet_valid,
        FindingKind.AUTHORITY_NOT_YET_VALID: _authority_not_yet_valid,
        FindingKind.EXPIRES_WITHIN_90_DAYS: _expires_later,
        FindingKind.PRIVATE_KEY_OVER: _private_key_over,
        FindingKind.OTHER_PURPOSES: _other_purposes,
        FindingKind.SHORT_KEY: _short_key,
        FindingKind.KID_NOT_HASH: _kid_not_hash,
    }
)
