"""Sentences for the people who issue: one for every reason of this room, per language, with the facts filled in.

A sentence tells clinic staff or an administrator what to do next. Facts in braces come from the error; none of them is
about the person in the record.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from credential import messages as credential_messages
from credential.errors import Detail, PratiqueError, Reason
from credential.kinds.reading import Rule
from issuer.errors import FieldReason, IssueReason, Problem

LANGUAGES: Final = ("en",)

_REASONS_EN: Mapping[IssueReason, str] = MappingProxyType(
    {
        IssueReason.KEY_UNREADABLE: "There is no private key in PEM form here, or it is damaged.",
        IssueReason.KEY_NOT_ENCRYPTED: "The private key lies open in its file. Encrypt it, or make a new one.",
        IssueReason.KEY_KIND_UNSUPPORTED: "A {kind} key cannot sign here; P-256 and RSA keys can.",
        IssueReason.KEY_TOO_WEAK: "An RSA key of {bits} bits with exponent {exponent} is too weak to sign.",
        IssueReason.KEY_OTHER_CERTIFICATE: "The private key and the certificate do not belong together.",
        IssueReason.ALGORITHM_OTHER_KEY: "The signer says it signs by {algorithm}, which its certificate's key cannot.",
        IssueReason.PASSPHRASE_MISSING: "The private key is encrypted: its passphrase is needed.",
        IssueReason.PASSPHRASE_WRONG: "The passphrase does not open the private key, or the key file is damaged.",
        IssueReason.PASSPHRASE_UNUSABLE: "A passphrase needs at least {least} characters, and at most 1,023 bytes.",
        IssueReason.FILE_EXISTS: "{file} is there already. Keys are never overwritten; choose another name.",
        IssueReason.FILE_UNREADABLE: "{file} cannot be read.",
        IssueReason.FILE_UNWRITABLE: "{file} cannot be written.",
        IssueReason.CERTIFICATE_UNREADABLE: "The certificate cannot be read.",
        IssueReason.REQUEST_UNREADABLE: "The certificate request cannot be read.",
        IssueReason.REQUEST_SIGNATURE_INVALID: "The request is not signed by the key that it is for.",
        IssueReason.SUBJECT_UNUSABLE: "The {part} cannot stand in a certificate: a country has two capital letters, "
        "names have 1 to 64 visible characters, and each stands there once.",
        IssueReason.USAGE_MALFORMED: "A purpose of the signer is no object identifier in dotted numbers.",
        IssueReason.LIFE_NOT_POSITIVE: "A certificate and its key must be in use for at least a second.",
        IssueReason.SCA_NOT_AN_AUTHORITY: "This certificate is no authority: it may not issue others.",
        IssueReason.SCA_OTHER_COUNTRY: "The authority is of {sca_country}, the signer of {country}; they must agree.",
        IssueReason.SCA_NOT_YET_VALID: "The authority's certificate counts from {not_before} on, not yet.",
        IssueReason.SCA_EXPIRED: "The authority's certificate ended on {not_after}.",
        IssueReason.SCA_KEY_RETIRED: "The authority's key was to sign until {key_use_ended}: make a new authority.",
        IssueReason.OUTLIVES_SCA: "A signer must not outlast its authority, which ends on {latest}.",
        IssueReason.RECORD_MALFORMED: "The record is no JSON object ({cause}).",
        IssueReason.RECORD_INVALID: "The record cannot be issued; to put right: {count}, the first in {field}.",
        IssueReason.TIME_WITHOUT_ZONE: "The moment of issue has no time zone.",
        IssueReason.TIME_OUT_OF_RANGE: "A date before 1970 or after 2242 cannot be written.",
        IssueReason.VALIDITY_NOT_POSITIVE: "A certificate must count for at least a second.",
        IssueReason.SIGNER_NO_COUNTRY: "The signer's certificate does not name one country by two capital letters.",
        IssueReason.SIGNER_IS_CA: "This key issues keys; it may not sign certificates for people.",
        IssueReason.SIGNER_MUST_NOT_SIGN: "The signer's certificate does not allow its key to make signatures.",
        IssueReason.SIGNER_NOT_YET_VALID: "The signer's certificate counts from {not_before} on, not yet.",
        IssueReason.SIGNER_EXPIRED: "The signer's certificate ended on {not_after}.",
        IssueReason.SIGNER_KEY_RETIRED: "The signer's key was to sign until {key_use_ended}: change to the next one.",
        IssueReason.SIGNER_KID_UNUSABLE: "A key identifier of {length} bytes cannot be used.",
        IssueReason.OUTLIVES_SIGNER: "A certificate must not outlast its signer's, which ends on {latest}.",
        IssueReason.USAGE_NOT_ALLOWED: "This signer may not sign a {group} certificate; it may sign {allowed}.",
        IssueReason.SIGNATURE_UNUSABLE: "The signer answered with something that is no {algorithm} signature.",
        IssueReason.SIGNATURE_INVALID: "The signer's {algorithm} signature does not hold; nothing was issued.",
    }
)

_PROBLEMS_EN: Mapping[StrEnum, str] = MappingProxyType(
    {
        FieldReason.MISSING: "is missing",
        FieldReason.UNKNOWN: "is not part of such a record",
        FieldReason.NOT_TEXT: "must be text",
        FieldReason.TEXT_TOO_LONG: "is far too long",
        FieldReason.NOT_A_WHOLE_NUMBER: "must be a whole number",
        FieldReason.NOT_AN_OBJECT: "must be a JSON object",
        FieldReason.NOT_A_DATE: "must be a date of the calendar ({allowed})",
        FieldReason.NOT_A_MOMENT: "must be a date and time with its offset ({allowed})",
        FieldReason.NOT_ALLOWED: "must be one of: {allowed}",
        FieldReason.ONE_OF: "does not fit: exactly one of {allowed} is needed",
        FieldReason.NEEDED: "must be given: the name has letters for which ICAO Doc 9303 has none",
        FieldReason.IN_THE_FUTURE: "lies in the future",
        Rule.REQUIRED: "is missing",
        Rule.TYPE: "is of another type than it must be",
        Rule.TOO_LONG: "is too long",
        Rule.PATTERN: "is not written as it must be",
        Rule.MINIMUM: "is too small",
        Rule.MAXIMUM: "is too large",
        Rule.DATE: "is no date of the calendar",
        Rule.DATE_TIME: "is no point in time with an offset",
        Rule.UNICODE: "holds half a character",
        Rule.NO_ENTRY: "has no entry",
        Rule.SEVERAL_ENTRIES: "has more than one entry",
        Rule.VERSION: "is a version that is not written",
        Rule.EMPTY: "is empty",
        Rule.PADDED: "has spaces or fillers around it",
        Rule.CONTROL: "holds control characters, line breaks or marks that turn the direction of writing",
        Rule.NOT_NFC: "is not in Unicode's composed form",
        Rule.ORDER: "comes before something that it must follow (birth, first positive test, first day)",
        Rule.PRECISION: "is more exact than can be written (seconds, and whole minutes of offset)",
        Rule.IDENTIFIER: "is not a proper identifier",
    }
)
_WHOLE_RECORD_EN: Final = "the record"

_REASONS: Mapping[str, Mapping[IssueReason, str]] = MappingProxyType({"en": _REASONS_EN})
_PROBLEMS: Mapping[str, Mapping[StrEnum, str]] = MappingProxyType({"en": _PROBLEMS_EN})
_WHOLE_RECORD: Mapping[str, str] = MappingProxyType({"en": _WHOLE_RECORD_EN})


class _Facts(dict[str, str]):
    """Fills what an error does not tell with a dash, so that a sentence never fails for want of a fact."""

    def __missing__(self, _key: str) -> str:
        return "–"


def sentence(error: PratiqueError, language: str = "en") -> str:
    """What went wrong, in words; for a record see `problem_sentence` too. Takes errors of the rooms below as well."""
    if isinstance(error.reason, IssueReason):
        return _filled(_REASONS[language][error.reason], error.detail)
    if isinstance(error.reason, Reason):
        return credential_messages.sentence(error.reason, error.detail, language)
    return str(error.reason)


def problem_sentence(problem: Problem, language: str = "en") -> str:
    """One thing to put right, starting with the name of the field: "vaccination.date lies in the future"."""
    words = _filled(_PROBLEMS[language][problem.reason], {"allowed": problem.allowed})
    return f"{problem.field or _WHOLE_RECORD[language]} {words}"


def _filled(template: str, detail: Detail) -> str:
    facts = _Facts({name: "–" if value in (None, "") else str(value) for name, value in detail.items()})
    return string.Formatter().vformat(template, (), facts)
