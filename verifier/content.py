"""What is inside a verified message: which kind, whether it keeps to its schema, whether its signer may sign it."""

from __future__ import annotations

from typing import Any

from credential.errors import Reason, Stage
from credential.kinds.reading import Reading
from credential.kinds.registry import KINDS_BY_CLAIM, Kind
from credential.usage import allowed_groups
from credential.wire.cwt import HCERT, Claims
from trustlist import TrustedKey
from verifier.policy import Policy
from verifier.verdict import Check, failed, passed, skipped, undetermined

_SCHEMA_HOLDS = passed(Stage.SCHEMA)
_USAGE_ALLOWED = passed(Stage.USAGE)
_NO_SCHEMA = skipped(Stage.SCHEMA, Reason.NOT_REACHED)
_NO_USAGE = skipped(Stage.USAGE, Reason.NOT_REACHED)


def find_kind(claims: Claims) -> Kind | Check:
    """The one kind of credential in the `hcert` claim, or the check that says why there is none."""
    if not claims.hcert:
        return undetermined(Stage.CLAIM, Reason.CLAIM_MISSING, claim=HCERT)
    if len(claims.hcert) > 1:
        return failed(Stage.CLAIM, Reason.CLAIM_SEVERAL, claims=len(claims.hcert))
    (number,) = claims.hcert
    kind = KINDS_BY_CLAIM.get(number) if isinstance(number, int) else None
    if kind is not None:
        return kind
    shown = number if isinstance(number, int) else None
    reason = Reason.CLAIM_DEVELOPMENT if shown is not None and shown < 0 else Reason.CLAIM_UNKNOWN
    return undetermined(Stage.CLAIM, reason, claim=shown)


def read_claim(kind: Kind | Check, claims: Claims) -> Reading[Any] | None:
    """The content of the claim, once its kind is known."""
    if isinstance(kind, Check) or claims.hcert is None:
        return None
    return kind.read(claims.hcert[kind.claim])


def check_schema(reading: Reading[Any] | None) -> Check:
    """Whether the claim keeps to the schema of its kind; the first field that does not is named."""
    if reading is None:
        return _NO_SCHEMA
    if not reading.problems:
        return _SCHEMA_HOLDS
    first = reading.problems[0]
    return failed(
        Stage.SCHEMA,
        Reason.SCHEMA_INVALID,
        field=first.field,
        rule=first.rule.value,
        problems=len(reading.problems),
    )


def check_usage(kind: Kind | Check, reading: Reading[Any] | None, signer: TrustedKey, policy: Policy) -> Check:
    """Whether the signer may sign this kind: by the policy's table of domains, and by extended key usage.

    A certificate that names no group of the EU DCC may sign all of them (`credential.usage`).
    """
    if isinstance(kind, Check) or reading is None or reading.credential is None:
        return _NO_USAGE
    if not policy.scopes.allows(kind.name, signer):
        return failed(Stage.USAGE, Reason.USAGE_NOT_ALLOWED, domain=signer.domain)
    group = kind.group(reading.credential)
    allowed = allowed_groups(signer.extended_key_usage)
    if allowed is None or group is None or group in allowed:
        return _USAGE_ALLOWED
    return failed(Stage.USAGE, Reason.USAGE_NOT_ALLOWED, group=group, allowed=",".join(sorted(allowed)))
