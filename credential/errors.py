"""The one family of errors, each naming the stage that failed and why.

An error carries facts (`stage`, `reason`, `detail`); the sentences that people read live in each room's
`messages`. `detail` never holds anything about a person: positions, lengths, field names and codes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

DetailValue: TypeAlias = str | int | float | bool | None
Detail: TypeAlias = Mapping[str, DetailValue]

NO_DETAIL: Detail = MappingProxyType({})


class Stage(StrEnum):
    """Where a credential, a record or a list was when something was found; the checks of a verdict are these."""

    PREFIX = "prefix"
    BASE45 = "base45"
    INFLATE = "inflate"
    COSE = "cose"
    ALGORITHM = "algorithm"
    CWT = "cwt"
    SIGNER = "signer"
    SIGNATURE = "signature"
    SIGNER_VALIDITY = "signer-validity"
    ISSUED = "issued"
    EXPIRY = "expiry"
    CLAIM = "claim"
    SCHEMA = "schema"
    USAGE = "usage"
    REVOCATION = "revocation"
    RULES = "rules"
    JWS = "jws"
    # Not checks of a verdict, but places where work with a credential can fail.
    INPUT = "input"
    PICTURE = "picture"
    CERTIFICATE = "certificate"
    CMS = "cms"
    KEY = "key"
    RECORD = "record"
    ISSUE = "issue"
    TRUST_LIST = "trust-list"
    POLICY = "policy"


class Reason(StrEnum):
    """Why a check did not pass. Machine-read and stable: a reason is added, never renamed."""

    # prefix
    TEXT_TOO_LONG = "text-too-long"
    PREFIX_UNKNOWN = "prefix-unknown"
    CONTEXT_UNSUPPORTED = "context-unsupported"
    # base45
    BASE45_CHARACTER = "base45-character"
    BASE45_LENGTH = "base45-length"
    BASE45_OVERFLOW = "base45-overflow"
    # inflate
    NOT_DEFLATED = "not-deflated"
    DEFLATE_CORRUPT = "deflate-corrupt"
    DEFLATE_TRUNCATED = "deflate-truncated"
    DEFLATE_TRAILING = "deflate-trailing"
    DEFLATE_DICTIONARY = "deflate-dictionary"
    INFLATED_TOO_LARGE = "inflated-too-large"
    # cbor, inside cose and cwt
    CBOR_MALFORMED = "cbor-malformed"
    CBOR_TRUNCATED = "cbor-truncated"
    CBOR_TRAILING = "cbor-trailing"
    CBOR_DUPLICATE_KEY = "cbor-duplicate-key"
    CBOR_INDEFINITE = "cbor-indefinite"
    CBOR_TOO_DEEP = "cbor-too-deep"
    CBOR_TOO_LARGE = "cbor-too-large"
    CBOR_TAG = "cbor-tag"
    CBOR_TYPE = "cbor-type"
    CBOR_TEXT = "cbor-text"
    # json, inside trust lists and JOSE
    JSON_MALFORMED = "json-malformed"
    JSON_DUPLICATE_MEMBER = "json-duplicate-member"
    JSON_NUMBER = "json-number"
    JSON_TEXT = "json-text"
    JSON_TOO_DEEP = "json-too-deep"
    JSON_TOO_LARGE = "json-too-large"
    # cose
    COSE_TAG = "cose-tag"
    COSE_STRUCTURE = "cose-structure"
    COSE_CRITICAL_HEADER = "cose-critical-header"
    COSE_DETACHED = "cose-detached"
    KID_MISSING = "kid-missing"
    # algorithm
    ALGORITHM_MISSING = "algorithm-missing"
    ALGORITHM_UNSUPPORTED = "algorithm-unsupported"
    ALGORITHM_CONFLICT = "algorithm-conflict"
    ALGORITHM_NOT_ACCEPTED = "algorithm-not-accepted"
    # cwt
    CWT_NOT_A_MAP = "cwt-not-a-map"
    CWT_CLAIM_TYPE = "cwt-claim-type"
    CWT_CLAIM_TWICE = "cwt-claim-twice"
    # signer
    SIGNER_UNKNOWN = "signer-unknown"
    SIGNER_OTHER_ISSUER = "signer-other-issuer"
    SIGNER_UNUSABLE = "signer-unusable"
    SIGNER_WRONG_ENVIRONMENT = "signer-wrong-environment"
    TRUST_LIST_STALE = "trust-list-stale"
    TRUST_LIST_UNVERIFIED = "trust-list-unverified"
    # signature
    SIGNATURE_LENGTH = "signature-length"
    SIGNATURE_INVALID = "signature-invalid"
    KEY_ALGORITHM_MISMATCH = "key-algorithm-mismatch"
    KEY_TOO_WEAK = "key-too-weak"
    # signer-validity
    SIGNER_NOT_YET_VALID = "signer-not-yet-valid"
    SIGNER_EXPIRED = "signer-expired"
    SIGNER_IS_CA = "signer-is-ca"
    SCA_MISSING = "sca-missing"
    SCA_NOT_YET_VALID = "sca-not-yet-valid"
    SCA_EXPIRED = "sca-expired"
    SCA_SIGNATURE_INVALID = "sca-signature-invalid"
    # issued, expiry
    TIME_MALFORMED = "time-malformed"
    NOT_YET_ISSUED = "not-yet-issued"
    NOT_YET_VALID = "not-yet-valid"
    ISSUED_BEFORE_SIGNER = "issued-before-signer"
    EXPIRED = "expired"
    EXPIRY_MISSING = "expiry-missing"
    ISSUED_MISSING = "issued-missing"
    # certificate, key: X.509 and its DER
    CERTIFICATE_TOO_LARGE = "certificate-too-large"
    CERTIFICATE_MALFORMED = "certificate-malformed"
    CERTIFICATE_DATES = "certificate-dates"
    PEM_MALFORMED = "pem-malformed"
    PEM_EMPTY = "pem-empty"
    PUBLIC_KEY_MALFORMED = "public-key-malformed"
    PUBLIC_KEY_UNSUPPORTED = "public-key-unsupported"
    KEY_NOT_OF_CERTIFICATE = "key-not-of-certificate"
    # cms: messages signed by participants and by the network's trust anchor
    CMS_TOO_LARGE = "cms-too-large"
    CMS_MALFORMED = "cms-malformed"
    CMS_CONTENT_TYPE = "cms-content-type"
    CMS_SIGNERS = "cms-signers"
    CMS_SIGNER_MISSING = "cms-signer-missing"
    CMS_SIGNER_UNKNOWN = "cms-signer-unknown"
    CMS_ATTRIBUTES = "cms-attributes"
    CMS_CONTENT_MISSING = "cms-content-missing"
    CMS_CONTENT_DIFFERS = "cms-content-differs"
    CMS_DIGEST_DIFFERS = "cms-digest-differs"
    # jws
    JWS_TOO_LARGE = "jws-too-large"
    JWS_MALFORMED = "jws-malformed"
    JWS_HEADER = "jws-header"
    JWS_CRITICAL_HEADER = "jws-critical-header"
    # claim, schema, usage
    CLAIM_MISSING = "claim-missing"
    CLAIM_UNKNOWN = "claim-unknown"
    CLAIM_SEVERAL = "claim-several"
    CLAIM_DEVELOPMENT = "claim-development"
    SCHEMA_INVALID = "schema-invalid"
    USAGE_NOT_ALLOWED = "usage-not-allowed"
    # record, issue: identifiers
    IDENTIFIER_MALFORMED = "identifier-malformed"
    IDENTIFIER_TOO_SHORT = "identifier-too-short"
    IDENTIFIER_TOO_LONG = "identifier-too-long"
    # revocation, rules
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REVOCATION_DATA_MISSING = "revocation-data-missing"
    RULES_MISSING = "rules-missing"
    NOT_REQUESTED = "not-requested"
    NOT_REACHED = "not-reached"
    # input
    INPUT_MISSING = "input-missing"
    INPUT_UNREADABLE = "input-unreadable"
    INPUT_WITHOUT_CODE = "input-without-code"
    INPUT_NOT_TEXT = "input-not-text"
    OUTPUT_UNWRITABLE = "output-unwritable"
    # picture
    PICTURE_UNKNOWN = "picture-unknown"
    PICTURE_BROKEN = "picture-broken"
    PICTURE_TOO_LARGE = "picture-too-large"
    PDF_BROKEN = "pdf-broken"
    PDF_ENCRYPTED = "pdf-encrypted"
    QR_CHARACTER = "qr-character"
    QR_TEXT_LENGTH = "qr-text-length"
    QR_SIZE = "qr-size"
    QR_TITLE = "qr-title"


class Deviation(StrEnum):
    """What a real issuer does otherwise than the specification says, and what is read all the same.

    A deviation is a warning on the verdict, never a failed check.
    """

    SURROUNDING_SPACE = "surrounding-space"
    SPACE_AFTER_PREFIX = "space-after-prefix"
    COSE_UNTAGGED = "cose-untagged"
    CWT_TAG = "cwt-tag"
    CBOR_LONG_FORM = "cbor-long-form"
    CBOR_DATE_TAG = "cbor-date-tag"
    PROTECTED_HEADER_EMPTY = "protected-header-empty"
    ALGORITHM_UNPROTECTED = "algorithm-unprotected"
    KID_UNPROTECTED = "kid-unprotected"
    KID_TEXT = "kid-text"
    KID_LENGTH = "kid-length"
    KID_IN_BOTH_HEADERS = "kid-in-both-headers"
    CLAIM_KEY_TEXT = "claim-key-text"
    TIME_FLOAT = "time-float"
    TIME_MILLISECONDS = "time-milliseconds"
    TIME_ENDLESS = "time-endless"
    ISSUER_NOT_A_CODE = "issuer-not-a-code"
    HCERT_WRAPPED = "hcert-wrapped"
    HCERT_AT_ROOT = "hcert-at-root"
    EXPIRY_AFTER_SIGNER = "expiry-after-signer"
    GROUP_NULL = "group-null"
    FIELD_NULL = "field-null"
    FIELD_UNKNOWN = "field-unknown"
    FIELD_EMPTY = "field-empty"
    VERSION_UNKNOWN = "version-unknown"
    COUNTRY_NOT_CODE = "country-not-code"
    DATE_NOT_CALENDAR = "date-not-calendar"
    DATE_WITH_TIME = "date-with-time"
    NUMBER_FLOAT = "number-float"
    TEXT_PADDED = "text-padded"
    TEXT_CONTROL = "text-control"
    TEXT_NOT_NFC = "text-not-nfc"


class PratiqueError(Exception):
    """Base of every error that leaves a room on purpose; anything else that does is a bug."""

    def __init__(self, stage: Stage, reason: StrEnum, **detail: DetailValue) -> None:
        super().__init__(stage, reason)
        self.stage = stage
        self.reason = reason
        self.detail: Detail = MappingProxyType(detail)

    def __str__(self) -> str:
        facts = "".join(f", {name}={value!r}" for name, value in self.detail.items())
        return f"{self.stage}: {self.reason}{facts}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.stage, self.reason, dict(self.detail)))


def _rebuild(kind: type[PratiqueError], stage: Stage, reason: StrEnum, detail: dict[str, DetailValue]) -> PratiqueError:
    return kind(stage, reason, **detail)


class DecodeError(PratiqueError):
    """Untrusted bytes could not be read; `stage` names the layer."""

    reason: Reason


class EncodeError(PratiqueError):
    """A value cannot be written in this format."""

    reason: Reason
