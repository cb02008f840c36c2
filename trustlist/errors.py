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
    SOURCES_MIXED = "sources-mixed"
    SOURCE_UNVERIFIED = "source-unverified"
    ANCHOR_MISSING = "anchor-missing"
    ANCHOR_UNREADABLE = "anchor-unreadable"
    ISSUER_MISSING = "issuer-missing"
    ISSUER_MALFORMED = "issuer-malformed"
    # a DID document
    DOCUMENT_NOT_JSON = "document-not-json"
    DOCUMENT_SHAPE = "document-shape"
    DOCUMENT_MEMBER_UNKNOWN = "document-member-unknown"
    DOCUMENT_CONTEXT = "document-context"
    DID_MALFORMED = "did-malformed"
    DID_UNEXPECTED = "did-unexpected"
    ENVIRONMENT_UNEXPECTED = "environment-unexpected"
    # the proof of a DID document, and the key pinned for it
    PROOF_TYPE = "proof-type"
    PROOF_CREATED = "proof-created"
    PROOF_HEADER = "proof-header"
    PROOF_SIGNATURE_FORM = "proof-signature-form"
    PROOF_SIGNER_UNEXPECTED = "proof-signer-unexpected"
    PROOF_INVALID = "proof-invalid"
    PINNED_KEY_UNREADABLE = "pinned-key-unreadable"
    PINNED_KEY_AMBIGUOUS = "pinned-key-ambiguous"
    PINNED_KEY_KIND = "pinned-key-kind"
    # a saved snapshot
    SNAPSHOT_FOREIGN = "snapshot-foreign"
    SNAPSHOT_VERSION = "snapshot-version"
    SNAPSHOT_TRUNCATED = "snapshot-truncated"
    SNAPSHOT_DAMAGED = "snapshot-damaged"
    # an address, and what came from it
    ADDRESS_UNUSABLE = "address-unusable"
    LIST_NOT_FOUND = "list-not-found"
    FETCH_FAILED = "fetch-failed"
    FETCH_TLS = "fetch-tls"
    FETCH_TIMEOUT = "fetch-timeout"
    FETCH_STATUS = "fetch-status"
    FETCH_REDIRECTED = "fetch-redirected"
    FETCH_TRUNCATED = "fetch-truncated"
    # an update: a list against those that were taken in before it
    LIST_AHEAD = "list-ahead"
    LIST_ROLLED_BACK = "list-rolled-back"
    LIST_SAME_TIME = "list-same-time"
    LIST_SHRUNK = "list-shrunk"
    LISTS_APART = "lists-apart"
    LISTS_AMBIGUOUS = "lists-ambiguous"
    LISTS_TOO_MANY = "lists-too-many"
    REFERENCE_FOREIGN = "reference-foreign"
    REFERENCE_OUTSIDE = "reference-outside"
    REFERENCE_DANGLING = "reference-dangling"
    REFERENCE_TOO_DEEP = "reference-too-deep"
    KID_SHARED = "kid-shared"
    CONFIRMATION_UNKNOWN = "confirmation-unknown"
    # the folder in which the lists of one network are kept, and the bundle that carries them
    STORE_MISSING = "store-missing"
    STORE_BUSY = "store-busy"
    STORE_VERSION = "store-version"
    STORE_DAMAGED = "store-damaged"
    SIGNER_PINNED_OTHER = "signer-pinned-other"
    BUNDLE_FOREIGN = "bundle-foreign"
    BUNDLE_VERSION = "bundle-version"
    BUNDLE_DAMAGED = "bundle-damaged"
    # the signed bundle for devices
    DEVICE_BUNDLE_FOREIGN = "device-bundle-foreign"
    DEVICE_BUNDLE_VERSION = "device-bundle-version"
    DEVICE_BUNDLE_TOO_LARGE = "device-bundle-too-large"
    DEVICE_BUNDLE_SIGNER_UNKNOWN = "device-bundle-signer-unknown"
    DEVICE_BUNDLE_SIGNATURE_INVALID = "device-bundle-signature-invalid"
    DEVICE_BUNDLE_DAMAGED = "device-bundle-damaged"
    DEVICE_BUNDLE_ROLLED_BACK = "device-bundle-rolled-back"
    DEVICE_BUNDLE_AHEAD = "device-bundle-ahead"
    DEVICE_BUNDLE_EXPIRED = "device-bundle-expired"
    # publishing a list
    ENTRY_UNPLACED = "entry-unplaced"
    TREE_FOREIGN = "tree-foreign"
    # the log of what changed in a list
    LOG_INCONSISTENT = "log-inconsistent"
    LOG_KEY_UNREADABLE = "log-key-unreadable"
    LIST_NOT_AS_LOGGED = "list-not-as-logged"
    # a repository of The Update Framework
    REPOSITORY_ROLLED_BACK = "repository-rolled-back"
    REPOSITORY_EXPIRED = "repository-expired"
    REPOSITORY_MIXED = "repository-mixed"
    REPOSITORY_SIGNATURES = "repository-signatures"
    REPOSITORY_OVERLONG = "repository-overlong"
    REPOSITORY_DAMAGED = "repository-damaged"
    REPOSITORY_FILE_MISSING = "repository-file-missing"
    REPOSITORY_CACHE = "repository-cache"
    # one entry, its certificate and its key
    PEM_MALFORMED = "pem-malformed"
    CERTIFICATE_UNREADABLE = "certificate-unreadable"
    CERTIFICATE_TOO_LARGE = "certificate-too-large"
    KEY_UNUSABLE = "key-unusable"
    KEY_UNSUPPORTED = "key-unsupported"
    KEY_TOO_WEAK = "key-too-weak"
    KID_INVALID = "kid-invalid"
    USAGE_UNKNOWN = "usage-unknown"
    CERTIFICATE_MISSING = "certificate-missing"
    KEY_MALFORMED = "key-malformed"
    KEY_KIND = "key-kind"
    KEY_NOT_OF_CERTIFICATE = "key-not-of-certificate"
    KEY_PRIVATE_PUBLISHED = "key-private-published"
    ENTRY_REPEATED = "entry-repeated"
    ENTRY_AMBIGUOUS = "entry-ambiguous"
    ENTRY_MALFORMED = "entry-malformed"
    ENTRY_IS_REFERENCE = "entry-is-reference"
    ENTRY_UNSIGNED = "entry-unsigned"
    ENTRY_SIGNATURE_INVALID = "entry-signature-invalid"
    ENTRY_SIGNER_UNKNOWN = "entry-signer-unknown"
    THUMBPRINT_DIFFERS = "thumbprint-differs"
    COUNTRY_DIFFERS = "country-differs"
    AUTHORITY_EXPECTED = "authority-expected"
    # one key of an issuer's own key set
    KEYS_MISSING = "keys-missing"
    KEY_USE = "key-use"
    KID_NOT_THUMBPRINT = "kid-not-thumbprint"
    CHAIN_BROKEN = "chain-broken"
    ISSUER_NOT_OF_CERTIFICATE = "issuer-not-of-certificate"
    # the table that says which keys may sign what
    SCOPE_MALFORMED = "scope-malformed"
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
