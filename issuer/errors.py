"""What can go wrong between a clinic's record and a signed text, as facts; the sentences are in `messages`.

`IssueError` carries the stage (`credential.errors.Stage`), a reason of this room, and, for a record, every problem that
was found in it. No value of a record is ever part of an error: field names, limits, dates of certificates and codes of
countries only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from credential.errors import DetailValue, PratiqueError, Stage


class IssueReason(StrEnum):
    """Why nothing was issued, made or read. Machine-read and stable: a reason is added, never renamed."""

    # key: private keys, their files and passphrases
    KEY_UNREADABLE = "key-unreadable"
    KEY_NOT_ENCRYPTED = "key-not-encrypted"
    KEY_KIND_UNSUPPORTED = "key-kind-unsupported"
    KEY_TOO_WEAK = "key-too-weak"
    KEY_OTHER_CERTIFICATE = "key-other-certificate"
    ALGORITHM_OTHER_KEY = "algorithm-other-key"
    PASSPHRASE_MISSING = "passphrase-missing"  # noqa: S105 - names a reason, holds no secret
    PASSPHRASE_WRONG = "passphrase-wrong"  # noqa: S105
    PASSPHRASE_UNUSABLE = "passphrase-unusable"  # noqa: S105
    FILE_EXISTS = "file-exists"
    FILE_UNREADABLE = "file-unreadable"
    FILE_UNWRITABLE = "file-unwritable"
    # certificate: what is asked of an SCA, a DSC or a request for one
    CERTIFICATE_UNREADABLE = "certificate-unreadable"
    REQUEST_UNREADABLE = "request-unreadable"
    REQUEST_SIGNATURE_INVALID = "request-signature-invalid"
    SUBJECT_UNUSABLE = "subject-unusable"
    USAGE_MALFORMED = "usage-malformed"
    LIFE_NOT_POSITIVE = "life-not-positive"
    SCA_NOT_AN_AUTHORITY = "sca-not-an-authority"
    SCA_OTHER_COUNTRY = "sca-other-country"
    SCA_NOT_YET_VALID = "sca-not-yet-valid"
    SCA_EXPIRED = "sca-expired"
    SCA_KEY_RETIRED = "sca-key-retired"
    OUTLIVES_SCA = "outlives-sca"
    # record: what clinic staff wrote
    RECORD_MALFORMED = "record-malformed"
    RECORD_INVALID = "record-invalid"
    # issue: the signer, the dates and the signature
    TIME_WITHOUT_ZONE = "time-without-zone"
    TIME_OUT_OF_RANGE = "time-out-of-range"
    VALIDITY_NOT_POSITIVE = "validity-not-positive"
    SIGNER_NO_COUNTRY = "signer-no-country"
    SIGNER_IS_CA = "signer-is-ca"
    SIGNER_MUST_NOT_SIGN = "signer-must-not-sign"
    SIGNER_NOT_YET_VALID = "signer-not-yet-valid"
    SIGNER_EXPIRED = "signer-expired"
    SIGNER_KEY_RETIRED = "signer-key-retired"
    SIGNER_KID_UNUSABLE = "signer-kid-unusable"
    OUTLIVES_SIGNER = "outlives-signer"
    USAGE_NOT_ALLOWED = "usage-not-allowed"
    SIGNATURE_UNUSABLE = "signature-unusable"
    SIGNATURE_INVALID = "signature-invalid"


class FieldReason(StrEnum):
    """What is wrong with the form of a field. What breaks the rules of its kind is a `Rule` of `credential.kinds`."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_TEXT = "not-text"
    TEXT_TOO_LONG = "text-too-long"
    NOT_A_WHOLE_NUMBER = "not-a-whole-number"
    NOT_AN_OBJECT = "not-an-object"
    NOT_A_DATE = "not-a-date"
    NOT_A_MOMENT = "not-a-moment"
    NOT_ALLOWED = "not-allowed"
    ONE_OF = "one-of"
    NEEDED = "needed"
    IN_THE_FUTURE = "in-the-future"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right in a record."""

    field: str
    """Its dotted name in the record, such as `vaccination.date`; empty for the record as a whole."""
    reason: StrEnum
    """A `FieldReason`, or a rule that the credential breaks (`credential.kinds.reading.Rule`)."""
    allowed: str | int | None = None
    """What would be right, where that can be said in one value: the most characters, the least number, the choices."""


class IssueError(PratiqueError):
    """Nothing was issued, made or read. `problems` lists all that is wrong with a record, and is empty elsewhere."""

    problems: tuple[Problem, ...]

    def __init__(
        self, stage: Stage, reason: StrEnum, *, problems: tuple[Problem, ...] = (), **detail: DetailValue
    ) -> None:
        super().__init__(stage, reason, **detail)
        self.problems = problems

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.stage, self.reason, self.problems, dict(self.detail)))


def _rebuild(
    stage: Stage, reason: StrEnum, problems: tuple[Problem, ...], detail: dict[str, DetailValue]
) -> IssueError:
    return IssueError(stage, reason, problems=problems, **detail)
