"""The error of this room and every reason it can give; the sentences for people are in `trustlist.messages`.

A `ListReason` says why a whole list was refused (`TrustListError`), why one entry of a list cannot be used
(`RejectedEntry`), or in what state an entry is (`TrustSnapshot.account`). Reasons are machine-read and stable: one
is added, never renamed.
"""

from __future__ import annotations

from enum import StrEnum

from credential.errors import DetailValue, PratiqueError, Stage


class ListReason(StrEnum):
    """Why a list, an entry or a key is not used as it stands."""

    # the source itself
    SOURCE_MISSING = "source-missing"
    SOURCE_UNREADABLE = "source-unreadable"
    SOURCE_UNKNOWN = "source-unknown"
    SOURCE_EMPTY = "source-empty"
    SOURCE_NOT_WRITABLE = "source-not-writable"
    LIST_TOO_LARGE = "list-too-large"
    LIST_TOO_MANY_ENTRIES = "list-too-many-entries"
    LIST_KEY_MISSING = "list-key-missing"
    ENVIRONMENTS_MIXED = "environments-mixed"
    # a saved snapshot
    SNAPSHOT_FOREIGN = "snapshot-foreign"
    SNAPSHOT_VERSION = "snapshot-version"
    SNAPSHOT_TRUNCATED = "snapshot-truncated"
    SNAPSHOT_DAMAGED = "snapshot-damaged"
    # one entry, its certificate and its key
    PEM_MALFORMED = "pem-malformed"
    CERTIFICATE_UNREADABLE = "certificate-unreadable"
    CERTIFICATE_TOO_LARGE = "certificate-too-large"
    KEY_UNUSABLE = "key-unusable"
    KID_INVALID = "kid-invalid"
    # the state of an entry at a time
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    SCA_MISSING = "sca-missing"
    SCA_EXPIRED = "sca-expired"
    SCA_NOT_YET_VALID = "sca-not-yet-valid"
    SCA_SIGNATURE_INVALID = "sca-signature-invalid"
    SCA_SIGNATURE_WEAK = "sca-signature-weak"


class TrustListError(PratiqueError):
    """A trust list, an entry or a key of it cannot be used; `reason` is a `ListReason`, the stage `TRUST_LIST`."""

    reason: ListReason

    def __init__(self, reason: ListReason, **detail: DetailValue) -> None:
        super().__init__(Stage.TRUST_LIST, reason, **detail)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.reason, dict(self.detail)))


def _rebuild(reason: ListReason, detail: dict[str, DetailValue]) -> TrustListError:
    return TrustListError(reason, **detail)
