"""What can be found wrong with a trust list: the kinds, how grave each is, and one finding as facts.

Kinds are machine-read and stable: one is added, never renamed. Sentences for people, and what to do about each, are
in `trustlist.doctor.messages`; docs/trust-doctor.md explains them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from credential.errors import NO_DETAIL, Detail
from trustlist.model import KeyUsage


class Severity(StrEnum):
    """How much a finding matters, the gravest first."""

    SERIOUS = "serious"
    """Someone may be trusted who must not be, or two readers of the list may trust different keys."""
    WARNING = "warning"
    """A key does not work, soon will not, or is not what the network's template asks for."""
    NOTICE = "notice"
    """Worth knowing; nothing needs to be done at once."""


class FindingKind(StrEnum):
    """What was found; in the order in which a report shows them."""

    # serious: it is not clear whose key this is
    TEST_PARTICIPANT = "test-participant"
    PRIVATE_KEY_PUBLISHED = "private-key-published"
    COUNTRY_OTHER = "country-other"
    SEVERAL_PARTICIPANTS = "several-participants"
    AMBIGUOUS_ENTRY = "ambiguous-entry"
    # serious: what is worth nothing as proof
    AUTHORITY_SIGNATURE_INVALID = "authority-signature-invalid"
    WEAK_SIGNATURE = "weak-signature"
    WEAK_KEY = "weak-key"
    SIGNER_IS_CA = "signer-is-ca"
    # serious: a network's list leads to another network
    SOURCE_OTHER_ENVIRONMENT = "source-other-environment"
    REFERENCE_OTHER_ENVIRONMENT = "reference-other-environment"
    LIST_REFUSED = "list-refused"
    LIST_UNVERIFIED = "list-unverified"
    # a warning: what is wrong with the list as a whole
    LIST_EXPIRED = "list-expired"
    LIST_STALE = "list-stale"
    LIST_AHEAD = "list-ahead"
    # a warning: what is over, or soon will be
    EXPIRED = "expired"
    AUTHORITY_EXPIRED = "authority-expired"
    EXPIRES_WITHIN_30_DAYS = "expires-within-30-days"
    OUTLIVES_AUTHORITY = "outlives-authority"
    LIFE_TOO_LONG = "life-too-long"
    # a warning: what does not work, or not everywhere
    ORPHANED = "orphaned"
    BROKEN_ENTRY = "broken-entry"
    ODD_CURVE = "odd-curve"
    WRONG_USAGE_ARC = "wrong-usage-arc"
    KEY_USAGE_WRONG = "key-usage-wrong"
    AUTHORITY_NOT_CA = "authority-not-ca"
    COUNTRY_UNCLEAR = "country-unclear"
    TWO_USAGES = "two-usages"
    KID_SHARED = "kid-shared"
    REFERENCE_FOREIGN_HOST = "reference-foreign-host"
    REFERENCE_DANGLING = "reference-dangling"
    # worth a notice
    NOT_YET_VALID = "not-yet-valid"
    AUTHORITY_NOT_YET_VALID = "authority-not-yet-valid"
    EXPIRES_WITHIN_90_DAYS = "expires-within-90-days"
    PRIVATE_KEY_OVER = "private-key-over"
    OTHER_PURPOSES = "other-purposes"
    SHORT_KEY = "short-key"
    SAME_KEY = "same-key"
    KID_NOT_HASH = "kid-not-hash"
    LIST_AGEING = "list-ageing"
    LIST_EMPTY = "list-empty"


_KINDS = tuple(FindingKind)
_FIRST_WARNING = _KINDS.index(FindingKind.LIST_EXPIRED)
_FIRST_NOTICE = _KINDS.index(FindingKind.NOT_YET_VALID)

SEVERITY_OF: Mapping[FindingKind, Severity] = MappingProxyType(
    {
        **dict.fromkeys(_KINDS[:_FIRST_WARNING], Severity.SERIOUS),
        **dict.fromkeys(_KINDS[_FIRST_WARNING:_FIRST_NOTICE], Severity.WARNING),
        **dict.fromkeys(_KINDS[_FIRST_NOTICE:], Severity.NOTICE),
    }
)
"""The kinds are written in the order of their severity."""

ORDER_OF: Mapping[FindingKind, int] = MappingProxyType({kind: number for number, kind in enumerate(_KINDS)})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, at one place."""

    kind: FindingKind
    source: str
    """The list it stands in: a DID, or the name given to a set of certificates."""
    position: str
    """Where in that list (`verificationMethod[17]`, a file name); for a reference, the DID it leads to."""
    participant: str | None = None
    kid: str | None = None
    """Hexadecimal; for an entry that could not be read, as the list writes it."""
    usage: KeyUsage | None = None
    detail: Detail = field(default_factory=lambda: NO_DETAIL)  # a mapping proxy has no hash before Python 3.12
    """Facts beside these; names ending in `_after` or `_before` are epoch seconds."""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return SEVERITY_OF[self.kind]
