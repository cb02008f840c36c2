"""Whose signature it is: candidates for a `kid`, within participant and environment, each tried.

A `kid` is a hint (HCERT §3.2.3): eight bytes can collide, so every candidate is tried and the most telling failure
is reported.
"""

from __future__ import annotations

from credential.errors import DecodeError, PratiqueError, Reason, Stage
from credential.wire.algorithms import verify_signature
from credential.wire.hcert import Hcert
from trustlist import Trust, TrustedKey, TrustListError, is_participant_code, same_participant
from verifier.policy import Policy
from verifier.verdict import Check, failed, undetermined

# Least telling first: that a signature does not hold says more than that a key was of another kind.
_TELLING = (
    Reason.SIGNER_UNUSABLE,
    Reason.KEY_ALGORITHM_MISMATCH,
    Reason.KEY_TOO_WEAK,
    Reason.SIGNATURE_LENGTH,
    Reason.SIGNATURE_INVALID,
)


def find_candidates(message: Hcert, trust: Trust, policy: Policy) -> tuple[TrustedKey, ...] | Check:
    """The keys that may have signed `message`, or the check that says why there is none."""
    kid = message.sign1.kid
    if kid is None:
        return undetermined(Stage.SIGNER, Reason.KID_MISSING)
    listed = trust.candidates(kid)
    if not listed:
        return undetermined(Stage.SIGNER, Reason.SIGNER_UNKNOWN, kid=kid.hex())
    counted = [key for key in listed if key.environment in policy.environments]
    if not counted:
        environment = listed[0].environment.value
        return undetermined(Stage.SIGNER, Reason.SIGNER_WRONG_ENVIRONMENT, environment=environment)
    if not trust.verified:
        return undetermined(Stage.SIGNER, Reason.TRUST_LIST_UNVERIFIED)
    issuer = message.claims.issuer
    own = tuple([key for key in counted if _may_sign_for(key, issuer)])
    if not own:
        owner = counted[0].participant or counted[0].issuer or counted[0].country
        return failed(Stage.SIGNER, Reason.SIGNER_OTHER_ISSUER, issuer=issuer, participant=owner)
    return own


def verify_candidates(message: Hcert, candidates: tuple[TrustedKey, ...]) -> tuple[TrustedKey, ...] | Check:
    """The candidates whose signature holds, or the check that says most tellingly why there is none."""
    to_be_signed = message.sign1.to_be_signed()
    holding: list[TrustedKey] = []
    failures: list[DecodeError | TrustListError] = []
    for key in candidates:
        try:
            _verify_one(message, key, to_be_signed)
        except (DecodeError, TrustListError) as error:
            failures.append(error)
        else:
            holding.append(key)
    return tuple(holding) or _most_telling(failures)


def _verify_one(message: Hcert, key: TrustedKey, to_be_signed: bytes) -> None:
    algorithm = message.sign1.algorithm
    assert algorithm is not None  # noqa: S101 - decoding ends without one; this is for the type checker
    verify_signature(algorithm, key.public_key, message.sign1.signature, to_be_signed)


def _may_sign_for(key: TrustedKey, issuer: str | None) -> bool:
    """A listed key signs for its own participant only. A pinned one, or an `iss` that is no code, sets no bounds.

    An issuer's own key (a URL) signs for that very `iss`, pinned or not.
    """
    if key.issuer is not None:
        return key.issuer == issuer
    if key.pinned or issuer is None or key.participant is None or not is_participant_code(issuer):
        return True
    return same_participant(issuer, participant=key.participant, country=key.country)


def _most_telling(failures: list[DecodeError | TrustListError]) -> Check:
    worst = max(failures, key=lambda error: _TELLING.index(_reason(error)))
    return failed(Stage.SIGNATURE, _reason(worst), **worst.detail)


def _reason(error: PratiqueError) -> Reason:
    return error.reason if isinstance(error.reason, Reason) and error.reason in _TELLING else Reason.SIGNER_UNUSABLE
