"""`verify`: a scanned text becomes a verdict, in one numbered recipe that reaches no network, no disk and no clock."""

from __future__ import annotations

from datetime import datetime

from credential.errors import DecodeError, Deviation, Reason, Stage
from credential.kinds.registry import Kind
from credential.wire.hcert import Hcert
from trustlist import Trust, TrustedKey
from verifier.content import check_schema, check_usage, find_kind, read_claim
from verifier.decode import AFTER_DECODING, layers_passed, layers_until, not_reached, read_message
from verifier.policy import DEFAULT_POLICY, Policy
from verifier.signature import find_candidates, verify_candidates
from verifier.validity import check_expiry, check_issued, check_signer_validity, is_stale
from verifier.verdict import Check, Status, Verdict, issuer_deviations, passed, skipped, undetermined

_SIGNER_FOUND = passed(Stage.SIGNER)
_LIST_STALE = undetermined(Stage.SIGNER, Reason.TRUST_LIST_STALE)
_SIGNATURE_HOLDS = passed(Stage.SIGNATURE)
_ONE_KIND = passed(Stage.CLAIM)
_REVOCATION = {
    True: undetermined(Stage.REVOCATION, Reason.REVOCATION_DATA_MISSING),
    False: skipped(Stage.REVOCATION, Reason.NOT_REQUESTED),
}
_RULES = {
    True: undetermined(Stage.RULES, Reason.RULES_MISSING),
    False: skipped(Stage.RULES, Reason.NOT_REQUESTED),
}


def verify(text: str, *, trust: Trust, at: datetime, policy: Policy = DEFAULT_POLICY) -> Verdict:
    """Check one scanned text against a trust list, as of `at`, under `policy`.

    1. Decode the layers, each bounded: prefix, base45, inflate, COSE, algorithm, CWT.
    2. Find the signer: candidates for the `kid`, in an environment that counts, of the participant in `iss`.
    3. Verify the signature with each candidate. Until here a failure ends the walk; from here each check is made.
    4. Signer validity: the DSC and an SCA of its participant are in date (shell model).
    5. Issued: `iat` and `nbf` have come.
    6. Expiry: `exp` has not passed.
    7. Claim: exactly one known kind of credential is inside.
    8. Schema: the claim is what its kind says.
    9. Usage: the signer may sign this kind (trust domain, extended key usage).
    10. Revocation, as far as the policy asks for it.
    11. Rules, as far as the policy asks for them.

    Never raises on bad input. `at` must be timezone-aware; a naive one is a mistake of the caller: `ValueError`.
    """
    now = _seconds(at)
    try:
        message = read_message(text, policy)  # 1
    except DecodeError as error:
        return Verdict(layers_until(error), at, policy.name, trust)
    kind = find_kind(message.claims)
    name = kind.name if isinstance(kind, Kind) else None

    candidates = find_candidates(message, trust, policy)  # 2
    if isinstance(candidates, Check):
        checks = (*layers_passed(), candidates, *not_reached(AFTER_DECODING[1:]))
        return Verdict(checks, at, policy.name, trust, name, noticed=_noticed(message))
    found = _LIST_STALE if is_stale(trust, now, policy) else _SIGNER_FOUND
    holding = verify_candidates(message, candidates)  # 3
    if isinstance(holding, Check):
        checks = (*layers_passed(), found, holding, *not_reached(AFTER_DECODING[2:]))
        return Verdict(checks, at, policy.name, trust, name, noticed=_noticed(message))

    reading = read_claim(kind, message.claims)
    judged = [
        (
            key,
            check_signer_validity(key, message.claims, trust, now, policy),  # 4
            check_usage(kind, reading, key, policy),  # 9
        )
        for key in holding
    ]
    signer, signer_validity, usage = min(judged, key=_shortcomings) if len(judged) > 1 else judged[0]
    checks = (
        *layers_passed(),
        found,
        _SIGNATURE_HOLDS,
        signer_validity,
        check_issued(message.claims, now, policy),  # 5
        check_expiry(message.claims, now),  # 6
        _ONE_KIND if isinstance(kind, Kind) else kind,  # 7
        check_schema(reading),  # 8
        usage,
        _REVOCATION[policy.check_revocation],  # 10
        _RULES[policy.check_rules],  # 11
    )
    return Verdict(checks, at, policy.name, trust, name, signer, message, reading)


def _noticed(message: Hcert) -> tuple[Deviation, ...]:
    """What deviates in a message that is not verified, and of which a verdict keeps nothing else."""
    return message.deviations + issuer_deviations(message.claims)


def _seconds(at: datetime) -> int:
    """Whole seconds since 1970."""
    if at.tzinfo is None:
        msg = "`at` must be timezone-aware"
        raise ValueError(msg)
    return int(at.timestamp())


def _shortcomings(candidate: tuple[TrustedKey, Check, Check]) -> int:
    """How many of its own checks a key does not pass: one certificate may stand in a list for several purposes."""
    return sum(check.status is not Status.PASSED for check in candidate[1:])
