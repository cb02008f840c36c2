"""From a clinic's record to signed text, as one numbered recipe.

The payload is built here from a checked record; bytes that a caller brings are never signed, and nothing is signed for
a look. (Issuing services that signed a hash or a payload of the caller's were signing oracles: whoever reached them
held genuine certificates of anybody.)
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from credential.errors import Stage
from credential.limits import DEFAULT_LIMITS
from credential.usage import allowed_groups
from credential.wire import cose, cwt, hcert
from credential.wire.algorithms import Algorithm, algorithm_of
from issuer.errors import IssueError, IssueReason
from issuer.identifiers import new_identifier
from issuer.private_key import RandomBytes
from issuer.record import Draft, draft_record
from issuer.signed import Signed
from issuer.signer import CheckedSigner, KeySigner, Signer, checked
from issuer.signing_certificate import SigningCertificate, read_signing_certificate
from issuer.times import epoch_seconds, in_range, utc, whole_seconds

_COUNTRY: Final = re.compile(r"[A-Z]{2}").fullmatch

_WATCHED: Final = (KeySigner, CheckedSigner)

DEFAULT_VALIDITY: Final = timedelta(days=365)
"""How long a credential counts where nobody says otherwise and its DSC lasts as long."""


def issue(
    record: Mapping[str, Any],
    *,
    signer: Signer,
    at: datetime,
    valid_for: timedelta | None = None,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> Signed:
    """A signed health certificate for one record.

    1. The signer may sign now: it is no CA, its certificate and its key are in use at `at`.
    2. The times: `iat` is the second of `at`; `exp` lies `valid_for` later and never beyond the DSC. None asks for a
       year, or as long as the DSC lasts if that is less; a longer time that is asked for is refused, not shortened.
    3. The record is checked whole and becomes a credential with a new random identifier.
    4. The signer may sign this group of credential.
    5. Claims, Sig_structure, signature. A signer outside this process has its signature verified before release.
    6. The text for the QR code.

    `at` is aware of its time zone. `random_bytes` gives the identifier's randomness. Raises IssueError: stage RECORD
    with all `problems` of the record, stage ISSUE for the signer, the times and the signature, stage KEY or
    CERTIFICATE for a signer whose parts do not fit; EncodeError (stage ISSUE) when `random_bytes` falls short; and
    whatever a signer raises whose device fails.
    """
    desk = _desk(signer.certificate, signer.kid, signer.algorithm)
    issued = epoch_seconds(at, Stage.ISSUE)
    _require_in_use(desk.certificate, issued)  # 1
    expires = _expiry(desk.certificate, issued, valid_for)  # 2
    identifier = new_identifier(desk.country, random_bytes)
    draft = draft_record(record, identifier=identifier, at=at)  # 3
    _require_group(desk, draft)  # 4
    payload = cwt.encode_claims(
        issuer=desk.country,
        issued=issued,
        expires=expires,
        hcert={draft.kind.claim: draft.credential.to_claim()},
    )
    to_be_signed = cose.to_be_signed(desk.protected, payload)
    signature = _watched(signer).sign(to_be_signed)  # 5
    text = hcert.encode(cose.encode_sign1(desk.protected, payload, signature))  # 6
    return Signed(
        text=text,
        kind=draft.kind.name,
        credential=draft.credential,
        identifier=identifier,
        issuer=desk.country,
        kid=signer.kid,
        issued=utc(issued),
        expires=utc(expires),
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """What stays the same from one credential of a signer to the next."""

    certificate: SigningCertificate
    country: str
    groups: frozenset[str] | None
    protected: bytes


@lru_cache(maxsize=256)
def _desk(certificate: bytes, kid: bytes, algorithm: Algorithm) -> _Desk:
    read = read_signing_certificate(certificate)
    facts = read.facts
    if facts.is_ca:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_IS_CA)
    if facts.key_usage is not None and "digitalSignature" not in facts.key_usage:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_MUST_NOT_SIGN)
    if facts.country is None or not _COUNTRY(facts.country):
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_NO_COUNTRY)
    if not 0 < len(kid) <= DEFAULT_LIMITS.kid_bytes:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_KID_UNUSABLE, length=len(kid))
    if algorithm_of(read.public_key) is not algorithm:
        raise IssueError(Stage.KEY, IssueReason.ALGORITHM_OTHER_KEY, algorithm=algorithm.name)
    protected = cose.protected_header(algorithm, kid)
    return _Desk(read, facts.country, allowed_groups(facts.extended_key_usage), protected)


def _watched(signer: Signer) -> Signer:
    """A key in this process was matched with its certificate when its signer was made; any other is watched."""
    return signer if isinstance(signer, _WATCHED) else checked(signer)


def _require_in_use(certificate: SigningCertificate, at: int) -> None:
    facts, key_use_ends = certificate.facts, certificate.key_use_ends
    if at < facts.not_before:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_NOT_YET_VALID, not_before=utc(facts.not_before).isoformat())
    if at >= facts.not_after:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_EXPIRED, not_after=utc(facts.not_after).isoformat())
    if key_use_ends is not None and at > key_use_ends:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNER_KEY_RETIRED, key_use_ended=utc(key_use_ends).isoformat())


def _expiry(certificate: SigningCertificate, issued: int, valid_for: timedelta | None) -> int:
    latest = certificate.facts.not_after
    if valid_for is None:
        return min(issued + whole_seconds(DEFAULT_VALIDITY), latest)
    if whole_seconds(valid_for) < 1:
        raise IssueError(Stage.ISSUE, IssueReason.VALIDITY_NOT_POSITIVE)
    expires = issued + whole_seconds(valid_for)
    if expires > latest:
        raise IssueError(Stage.ISSUE, IssueReason.OUTLIVES_SIGNER, latest=utc(latest).isoformat())
    return in_range(expires, Stage.ISSUE)


def _require_group(desk: _Desk, draft: Draft) -> None:
    group = draft.kind.group(draft.credential)
    if desk.groups is not None and group is not None and group not in desk.groups:
        raise IssueError(
            Stage.ISSUE, IssueReason.USAGE_NOT_ALLOWED, group=group, allowed=", ".join(sorted(desk.groups))
        )
