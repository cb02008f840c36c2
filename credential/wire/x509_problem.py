"""What can be wrong with a certificate that can be used all the same."""

from __future__ import annotations

from enum import StrEnum


class CertificateProblem(StrEnum):
    """Machine-read codes in `CertificateFacts.problems`; one is added, never renamed."""

    # the fixed fields (RFC 5280 §4.1)
    VERSION = "version"
    SERIAL_NOT_POSITIVE = "serial-not-positive"
    SERIAL_TOO_LONG = "serial-too-long"
    COUNTRY_MISSING = "country-missing"
    COUNTRY_SEVERAL = "country-several"
    DATES_REVERSED = "dates-reversed"
    # the signature
    SIGNATURE_ALGORITHM_UNKNOWN = "signature-algorithm-unknown"
    SIGNATURE_ALGORITHMS_DIFFER = "signature-algorithms-differ"
    SIGNATURE_PARAMETERS = "signature-parameters"
    SIGNATURE_HASH_WEAK = "signature-hash-weak"
    # the key
    KEY_UNKNOWN = "key-unknown"
    KEY_CURVE_UNKNOWN = "key-curve-unknown"
    KEY_TOO_WEAK = "key-too-weak"
    # extensions (RFC 5280 §4.2)
    EXTENSIONS_MALFORMED = "extensions-malformed"
    EXTENSION_TWICE = "extension-twice"
    EXTENSION_CRITICAL_UNREAD = "extension-critical-unread"
    BASIC_CONSTRAINTS_MALFORMED = "basic-constraints-malformed"
    BASIC_CONSTRAINTS_FALSE_WRITTEN = "basic-constraints-false-written"
    BASIC_CONSTRAINTS_PATH_WITHOUT_CA = "basic-constraints-path-without-ca"
    KEY_USAGE_MALFORMED = "key-usage-malformed"
    EXTENDED_KEY_USAGE_MALFORMED = "extended-key-usage-malformed"
    SUBJECT_KEY_IDENTIFIER_MALFORMED = "subject-key-identifier-malformed"
    SUBJECT_ALTERNATIVE_NAME_MALFORMED = "subject-alternative-name-malformed"
    AUTHORITY_KEY_IDENTIFIER_MALFORMED = "authority-key-identifier-malformed"
    PRIVATE_KEY_USAGE_MALFORMED = "private-key-usage-malformed"
