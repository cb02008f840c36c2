"""Dates: of the signer's certificate and its SCA (shell model), and of the credential itself.

Shell model: at the moment of checking, the DSC and the SCA above it must both be in date (WHO SMART Trust, PKI
requirements). Dates compare as whole seconds; a certificate is in date in its first and in its last second.
"""

from __future__ import annotations

from credential.errors import Reason, Stage
from credential.wire.cwt import EXP, IAT, NBF, Claims
from trustlist import Chain, ChainStatus, Trust, TrustedKey, TrustListError
from verifier.policy import Policy
from verifier.verdict import Check, failed, passed, undetermined

_SIGNER_VALID = passed(Stage.SIGNER_VALIDITY)
_ISSUED = passed(Stage.ISSUED)
_NOT_EXPIRED = passed(Stage.EXPIRY)


def check_signer_validity(key: TrustedKey, claims: Claims, trust: Trust, now: int, policy: Policy) -> Check:
    """Whether the key is a document signer in date, under an SCA of its participant in date, and was when it signed."""
    latest = now + int(policy.clock_skew.total_seconds())
    try:
        if key.is_ca:
            return failed(Stage.SIGNER_VALIDITY, Reason.SIGNER_IS_CA)
        return _check_own_dates(key, claims, now, latest) or _check_chain(trust.chain(key), now, latest)
    except TrustListError as error:
        return failed(Stage.SIGNER_VALIDITY, Reason.SIGNER_UNUSABLE, cause=error.reason.value)


def check_issued(claims: Claims, now: int, policy: Policy) -> Check:
    """Whether the credential says when it was issued, and that moment, and `nbf`, have come."""
    if IAT in claims.malformed_times or NBF in claims.malformed_times:
        return failed(Stage.ISSUED, Reason.TIME_MALFORMED)
    if claims.issued is None:
        return failed(Stage.ISSUED, Reason.ISSUED_MISSING)
    latest = now + int(policy.clock_skew.total_seconds())
    if claims.issued > latest:
        return failed(Stage.ISSUED, Reason.NOT_YET_ISSUED, issued=claims.issued)
    if claims.not_before is not None and claims.not_before > latest:
        return failed(Stage.ISSUED, Reason.NOT_YET_VALID, not_before=claims.not_before)
    return _ISSUED


def check_expiry(claims: Claims, now: int) -> Check:
    """Whether the credential is not past its `exp`; a claimed "never" counts as one."""
    if EXP in claims.malformed_times:
        return failed(Stage.EXPIRY, Reason.TIME_MALFORMED)
    if claims.expires is None and EXP not in claims.root:
        return failed(Stage.EXPIRY, Reason.EXPIRY_MISSING)
    if claims.expires is not None and now > claims.expires:
        return failed(Stage.EXPIRY, Reason.EXPIRED, expires=claims.expires)
    return _NOT_EXPIRED


def is_stale(trust: Trust, now: int, policy: Policy) -> bool:
    """Whether the trust list is past its own end, or older than the policy allows; what was handed over has no age."""
    if trust.expires is not None and now > trust.expires.timestamp():
        return True
    if trust.created is None or policy.stale_after is None:
        return False
    return now - trust.created.timestamp() > policy.stale_after.total_seconds()


def _check_own_dates(key: TrustedKey, claims: Claims, now: int, latest: int) -> Check | None:
    """The check that fails on the dates of the DSC itself; None when there is none."""
    if key.starts_after(latest):
        return failed(Stage.SIGNER_VALIDITY, Reason.SIGNER_NOT_YET_VALID, not_before=key.not_before)
    if key.ended_before(now):
        return failed(Stage.SIGNER_VALIDITY, Reason.SIGNER_EXPIRED, not_after=key.not_after)
    issued = claims.issued
    if issued is not None and key.starts_after(issued):
        reason = Reason.ISSUED_BEFORE_SIGNER
        return failed(Stage.SIGNER_VALIDITY, reason, issued=issued, not_before=key.not_before)
    return None


def _check_chain(chain: Chain, now: int, latest: int) -> Check:
    if chain.status is not ChainStatus.CHAINED:
        return _WITHOUT_CHAIN[chain.status]
    if any(not sca.starts_after(latest) and not sca.ended_before(now) for sca in chain.authorities):
        return _SIGNER_VALID
    sca = max(chain.authorities, key=lambda authority: authority.not_after or 0)
    if sca.ended_before(now):
        return failed(Stage.SIGNER_VALIDITY, Reason.SCA_EXPIRED, not_after=sca.not_after)
    return failed(Stage.SIGNER_VALIDITY, Reason.SCA_NOT_YET_VALID, not_before=sca.not_before)


_WITHOUT_CHAIN = {
    ChainStatus.PINNED: _SIGNER_VALID,
    ChainStatus.ORPHANED: undetermined(Stage.SIGNER_VALIDITY, Reason.SCA_MISSING),
    ChainStatus.BAD_SIGNATURE: failed(Stage.SIGNER_VALIDITY, Reason.SCA_SIGNATURE_INVALID),
}
