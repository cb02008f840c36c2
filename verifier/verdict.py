"""What verifying a credential found: facts in the order they were checked, and the outcome derived from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from credential.errors import NO_DETAIL, Detail, DetailValue, Deviation, Reason, Stage
from credential.kinds.reading import Reading
from credential.kinds.registry import Credential
from credential.wire import cbor
from credential.wire.cwt import Claims
from credential.wire.hcert import Hcert
from trustlist import Trust, TrustedKey, is_participant_code


class Outcome(StrEnum):
    """Green, red, or neither. Green is only ever ACCEPTED."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDETERMINED = "undetermined"


class Status(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"
    SKIPPED = "skipped"


class Check(NamedTuple):
    """One check: its name, how it ended, and why if it did not pass. `detail` holds nothing about the person."""

    name: Stage
    status: Status
    reason: Reason | None = None
    detail: Detail = NO_DETAIL


def passed(name: Stage) -> Check:
    """A check that holds."""
    return Check(name, Status.PASSED)


def failed(name: Stage, reason: Reason, **detail: DetailValue) -> Check:
    """A check that does not hold."""
    return Check(name, Status.FAILED, reason, detail)


def undetermined(name: Stage, reason: Reason, **detail: DetailValue) -> Check:
    """A check that could not be decided."""
    return Check(name, Status.UNDETERMINED, reason, detail)


def skipped(name: Stage, reason: Reason) -> Check:
    """A check that the policy did not ask for, or that was not reached."""
    return Check(name, Status.SKIPPED, reason)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of `verify`. Nothing of the person is in it unless the signature was verified."""

    checks: tuple[Check, ...]
    at: datetime
    policy: str
    trust: Trust
    kind: str | None = None
    signer: TrustedKey | None = None
    """The key whose signature holds."""
    message: Hcert | None = field(default=None, repr=False)
    """What was signed; None unless the signature was verified."""
    reading: Reading[Any] | None = field(default=None, repr=False)
    """Its content by the rules of its kind."""
    noticed: tuple[Deviation, ...] = ()
    """What deviates in a message whose signature was not verified."""

    @property
    def credential(self) -> Credential | None:
        """The typed credential; None unless the signature was verified, and the content can be typed."""
        return None if self.reading is None else self.reading.credential

    @property
    def warnings(self) -> tuple[Deviation, ...]:
        """What deviates: on the wire, in `iss`, in `exp` against the signer, in the content."""
        if self.message is None:
            return self.noticed
        found = self.message.deviations + issuer_deviations(self.message.claims)
        expires = self.message.claims.expires
        if self.signer is not None and expires is not None and self.signer.ended_before(expires):
            found += (Deviation.EXPIRY_AFTER_SIGNER,)
        return found + (self.reading.deviations if self.reading else ())

    @property
    def outcome(self) -> Outcome:
        """REJECTED if a check failed; ACCEPTED if all that the policy asks for holds; else UNDETERMINED."""
        undecided = False
        for check in self.checks:
            if check.status is Status.FAILED:
                return Outcome.REJECTED
            undecided |= check.status is not Status.PASSED and check.reason is not Reason.NOT_REQUESTED
        return Outcome.UNDETERMINED if undecided else Outcome.ACCEPTED

    @property
    def telling(self) -> Check | None:
        """The check that decides: the first that failed, else the first left undecided; None when accepted."""
        for status in (Status.FAILED, Status.UNDETERMINED):
            for check in self.checks:
                if check.status is status:
                    return check
        return None

    @property
    def reason(self) -> Reason | None:
        """The reason of the telling check; None when accepted."""
        return None if self.telling is None else self.telling.reason

    @property
    def payload(self) -> dict[str, Any] | None:
        """The decoded claims as JSON values, claim keys as text; None unless the signature was verified."""
        if self.message is None:
            return None
        payload: dict[str, Any] = cbor.to_json(self.message.claims.root)
        return payload

    def check(self, name: Stage | str) -> Check:
        """The check of that name; raises `KeyError` when there is none."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON values, the same from every door (API, command line, browser)."""
        return {
            "outcome": self.outcome.value,
            "reason": None if self.reason is None else self.reason.value,
            "kind": self.kind,
            "policy": self.policy,
            "at": _instant(self.at),
            "checks": [_check_json(check) for check in self.checks],
            "warnings": [warning.value for warning in self.warnings],
            "signer": None if self.signer is None else _signer_json(self.signer),
            "trust": {"environment": self.trust.environment.value, "created": _instant(self.trust.created)},
            "payload": self.payload,
        }


def issuer_deviations(claims: Claims) -> tuple[Deviation, ...]:
    """Whether `iss` is something other than a code."""
    named = claims.issuer is None or is_participant_code(claims.issuer)
    return () if named else (Deviation.ISSUER_NOT_A_CODE,)


def _check_json(check: Check) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": check.name.value, "status": check.status.value}
    if check.reason is not None:
        shown["reason"] = check.reason.value
    if check.detail:
        shown["detail"] = dict(check.detail)
    return shown


def _signer_json(key: TrustedKey) -> dict[str, Any]:
    return {
        "kid": key.kid.hex(),
        "participant": key.participant,
        "country": key.country,
        "domain": key.domain,
        "not_before": _second(key.not_before),
        "not_after": _second(key.not_after),
        **({} if key.issuer is None else {"issuer": key.issuer}),
    }


def _second(moment: int | None) -> str | None:
    return None if moment is None else _instant(datetime.fromtimestamp(moment, UTC))


def _instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
