"""Sentences for people: one for every `Reason` and `Deviation`, per language, with the facts of the error filled in.

A sentence says what is wrong in words of a border post, not of a parser; details in braces come from the error.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from credential.errors import NO_DETAIL, Detail, DetailValue, Deviation, Reason

LANGUAGES = ("en",)

# Details that are points in time, in seconds since 1970.
_TIMES = frozenset({"issued", "expires", "not_before", "not_after"})

_DAMAGED = "The code is damaged: {}."
_REASONS_EN: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.TEXT_TOO_LONG: "The text is longer than any health certificate ({limit} characters at most).",
        Reason.PREFIX_UNKNOWN: "This is not a health certificate that can be read here.",
        Reason.CONTEXT_UNSUPPORTED: "This is a health certificate of a version that is not known here.",
        Reason.BASE45_CHARACTER: _DAMAGED.format("character {position} cannot be part of it"),
        Reason.BASE45_LENGTH: _DAMAGED.format("a character is missing at its end"),
        Reason.BASE45_OVERFLOW: _DAMAGED.format("the characters at {position} mean nothing together"),
        Reason.NOT_DEFLATED: "The content is not compressed as a health certificate must be.",
        Reason.DEFLATE_CORRUPT: _DAMAGED.format("its content cannot be unpacked"),
        Reason.DEFLATE_TRUNCATED: _DAMAGED.format("its end is missing"),
        Reason.DEFLATE_TRAILING: _DAMAGED.format("{trailing} bytes follow its end"),
        Reason.DEFLATE_DICTIONARY: "The content is compressed in a way that health certificates do not use.",
        Reason.INFLATED_TOO_LARGE: "The content unpacks to more than {limit} bytes; no health certificate is so large.",
        Reason.CBOR_MALFORMED: _DAMAGED.format("its structure cannot be read"),
        Reason.CBOR_TRUNCATED: _DAMAGED.format("its structure ends too early"),
        Reason.CBOR_TRAILING: _DAMAGED.format("{trailing} bytes follow its structure"),
        Reason.CBOR_DUPLICATE_KEY: "The content names one thing twice.",
        Reason.CBOR_INDEFINITE: "The content has parts without a stated length.",
        Reason.CBOR_TOO_DEEP: "The content is nested deeper than any health certificate.",
        Reason.CBOR_TOO_LARGE: "The content is larger than {limit} bytes.",
        Reason.CBOR_TAG: "The content holds a kind of value (tag {tag}) that health certificates do not use.",
        Reason.CBOR_TYPE: "The content names a part by something that is neither a number nor text.",
        Reason.CBOR_TEXT: "The content holds text that is no text.",
        Reason.JSON_MALFORMED: "This is not JSON.",
        Reason.JSON_DUPLICATE_MEMBER: "The JSON names one member twice.",
        Reason.JSON_NUMBER: "The JSON holds a number that is none.",
        Reason.JSON_TEXT: "The JSON holds text that is no text.",
        Reason.JSON_TOO_DEEP: "The JSON is nested too deeply.",
        Reason.JSON_TOO_LARGE: "The JSON is larger than {limit} bytes.",
        Reason.COSE_TAG: "The content is signed in another way (tag {tag}) than health certificates are.",
        Reason.COSE_STRUCTURE: "The signed structure is not that of a health certificate.",
        Reason.COSE_CRITICAL_HEADER: "The signer demands something that is not understood here.",
        Reason.COSE_DETACHED: "The signed content is missing.",
        Reason.KID_MISSING: "The certificate does not say which key signed it.",
        Reason.ALGORITHM_MISSING: "The certificate does not say how it was signed.",
        Reason.ALGORITHM_UNSUPPORTED: "The certificate is signed in a way that health certificates do not use.",
        Reason.ALGORITHM_CONFLICT: "The certificate names two ways in which it was signed.",
        Reason.ALGORITHM_NOT_ACCEPTED: "The policy in force does not accept {algorithm} signatures.",
        Reason.CWT_NOT_A_MAP: "The signed content is not that of a health certificate.",
        Reason.CWT_CLAIM_TYPE: "Claim {claim} of the signed content is of the wrong type.",
        Reason.CWT_CLAIM_TWICE: "The signed content states one claim twice.",
        Reason.SIGNER_UNKNOWN: "The issuer's key is not in the trust list.",
        Reason.SIGNER_OTHER_ISSUER: "The key belongs to {participant}, but the certificate names {issuer}.",
        Reason.SIGNER_UNUSABLE: "The trust list holds the issuer's key in a form that cannot be used.",
        Reason.SIGNER_WRONG_ENVIRONMENT: "The issuer's key is one of a test network ({environment}).",
        Reason.TRUST_LIST_STALE: "The trust list is too old to rely on.",
        Reason.TRUST_LIST_UNVERIFIED: "The trust list was read without checking who signed it; it proves nothing.",
        Reason.SIGNATURE_LENGTH: "The signature has {length} bytes; it cannot be genuine.",
        Reason.SIGNATURE_INVALID: "The signature does not belong to this content: it was changed, or forged.",
        Reason.KEY_ALGORITHM_MISMATCH: "The issuer's key cannot have made a signature of this kind ({algorithm}).",
        Reason.KEY_TOO_WEAK: "The issuer's key ({bits} bits) is too weak to prove anything.",
        Reason.SIGNER_NOT_YET_VALID: "The issuer's key counts from {not_before} on, not yet.",
        Reason.SIGNER_EXPIRED: "The issuer's key ended on {not_after}.",
        Reason.SIGNER_IS_CA: "The key is one that issues keys; it may not sign certificates for people.",
        Reason.SCA_MISSING: "The authority behind the issuer's key is not in the trust list.",
        Reason.SCA_NOT_YET_VALID: "The authority behind the issuer's key counts from {not_before} on, not yet.",
        Reason.SCA_EXPIRED: "The authority behind the issuer's key ended on {not_after}.",
        Reason.SCA_SIGNATURE_INVALID: "The authority named by the issuer's key did not issue that key.",
        Reason.ISSUED_BEFORE_SIGNER: "It says it was issued on {issued}; its signer's key counts from {not_before} on.",
        Reason.TIME_MALFORMED: "A date of the certificate is none.",
        Reason.NOT_YET_ISSUED: "It says it was issued on {issued}, which has not come.",
        Reason.NOT_YET_VALID: "It counts from {not_before} on, not yet.",
        Reason.EXPIRED: "It ended on {expires}.",
        Reason.EXPIRY_MISSING: "It does not say when it ends.",
        Reason.ISSUED_MISSING: "It does not say when it was issued.",
        Reason.CERTIFICATE_TOO_LARGE: "The key certificate is larger than {limit} bytes.",
        Reason.CERTIFICATE_MALFORMED: "The key certificate cannot be read.",
        Reason.CERTIFICATE_DATES: "The dates of the key certificate cannot be read.",
        Reason.PEM_MALFORMED: "The PEM text is damaged.",
        Reason.PEM_EMPTY: "There is no certificate in the PEM text.",
        Reason.PUBLIC_KEY_MALFORMED: "The public key cannot be read.",
        Reason.PUBLIC_KEY_UNSUPPORTED: "The public key is of a kind that is not used here.",
        Reason.KEY_NOT_OF_CERTIFICATE: "The private key does not belong to the certificate.",
        Reason.CMS_TOO_LARGE: "The signed message is larger than {limit} bytes.",
        Reason.CMS_MALFORMED: "The signed message (CMS) cannot be read.",
        Reason.CMS_CONTENT_TYPE: "The signed message holds another kind of content than the one asked for.",
        Reason.CMS_SIGNERS: "The signed message has {signers} signers; exactly one is allowed.",
        Reason.CMS_SIGNER_MISSING: "The signed message does not hold its signer's certificate.",
        Reason.CMS_SIGNER_UNKNOWN: "The message is signed by a certificate that is not trusted for it.",
        Reason.CMS_ATTRIBUTES: "The signed message does not state properly what was signed ({attribute}).",
        Reason.CMS_CONTENT_MISSING: "The signed message does not hold its content.",
        Reason.CMS_CONTENT_DIFFERS: "The signed message holds other content than what it should have signed.",
        Reason.CMS_DIGEST_DIFFERS: "The signature was made over other content.",
        Reason.JWS_TOO_LARGE: "The signed text (JWS) is larger than {limit} bytes.",
        Reason.JWS_MALFORMED: "The signed text (JWS) cannot be read.",
        Reason.JWS_HEADER: "The header of the signed text (JWS) is not a proper one.",
        Reason.JWS_CRITICAL_HEADER: "The signer of the text (JWS) demands something that is not understood here.",
        Reason.CLAIM_MISSING: "The signed content holds no health certificate.",
        Reason.CLAIM_UNKNOWN: "The signed content is of a kind ({claim}) that is not known here.",
        Reason.CLAIM_SEVERAL: "The signed content holds {claims} certificates; only one is allowed.",
        Reason.CLAIM_DEVELOPMENT: "The signed content is of a kind under development ({claim}) that is not known here.",
        Reason.SCHEMA_INVALID: "The content breaks the rules of its kind: field {field}, {rule}.",
        Reason.USAGE_NOT_ALLOWED: "The issuer's key may not sign certificates of this kind.",
        Reason.IDENTIFIER_MALFORMED: "The certificate identifier has characters that it must not have.",
        Reason.IDENTIFIER_TOO_SHORT: "The certificate identifier is too short to be unguessable.",
        Reason.IDENTIFIER_TOO_LONG: "The certificate identifier is too long.",
        Reason.REVOKED: "The certificate was withdrawn by its issuer.",
        Reason.SUSPENDED: "The certificate is suspended by its issuer.",
        Reason.REVOCATION_DATA_MISSING: "Nothing is known here about withdrawn certificates of this issuer.",
        Reason.RULES_MISSING: "No rules of the country of arrival are known here.",
        Reason.NOT_REQUESTED: "Not asked for.",
        Reason.NOT_REACHED: "Not reached.",
        Reason.INPUT_MISSING: "There is no such file, and it is no text of a health certificate either.",
        Reason.INPUT_UNREADABLE: "The file cannot be read ({cause}).",
        Reason.INPUT_WITHOUT_CODE: "No code was found in the picture.",
        Reason.INPUT_NOT_TEXT: "The file holds neither a picture nor text.",
        Reason.OUTPUT_UNWRITABLE: "The file cannot be written ({cause}).",
        Reason.PICTURE_UNKNOWN: "This is neither a picture nor a PDF.",
        Reason.PICTURE_BROKEN: "The picture is damaged.",
        Reason.PICTURE_TOO_LARGE: "The picture is too large.",
        Reason.PDF_BROKEN: "The PDF is damaged.",
        Reason.PDF_ENCRYPTED: "The PDF is locked with a password.",
        Reason.QR_CHARACTER: "The text has characters that do not go into a QR code of this kind.",
        Reason.QR_TEXT_LENGTH: "The text is too long for a QR code.",
        Reason.QR_SIZE: "A printed QR code must be between 35 and 60 millimetres.",
        Reason.QR_TITLE: "The title of the picture has characters that it must not have.",
    }
)

_DEVIATIONS_EN: Mapping[Deviation, str] = MappingProxyType(
    {
        Deviation.SURROUNDING_SPACE: "white space around the code",
        Deviation.SPACE_AFTER_PREFIX: "a space after the prefix",
        Deviation.COSE_UNTAGGED: "the signed structure has no tag",
        Deviation.CWT_TAG: "the signed structure has the tag of a web token around it",
        Deviation.CBOR_LONG_FORM: "numbers or lengths written longer than needed",
        Deviation.CBOR_DATE_TAG: "dates written with a tag",
        Deviation.PROTECTED_HEADER_EMPTY: "the protected header is empty",
        Deviation.ALGORITHM_UNPROTECTED: "the algorithm is named outside the signed part",
        Deviation.KID_UNPROTECTED: "the key is named outside the signed part",
        Deviation.KID_TEXT: "the key identifier is written as text",
        Deviation.KID_LENGTH: "the key identifier does not have 8 bytes",
        Deviation.KID_IN_BOTH_HEADERS: "the key is named twice",
        Deviation.CLAIM_KEY_TEXT: "claims are numbered by text",
        Deviation.TIME_FLOAT: "a time is written with a fraction",
        Deviation.TIME_MILLISECONDS: "a time is written in milliseconds",
        Deviation.TIME_ENDLESS: "it says that it never ends",
        Deviation.ISSUER_NOT_A_CODE: "the issuer is not named by a country code",
        Deviation.HCERT_WRAPPED: "the certificate is wrapped once more",
        Deviation.HCERT_AT_ROOT: "the certificate is not in its claim",
        Deviation.EXPIRY_AFTER_SIGNER: "it ends after its issuer's key",
        Deviation.GROUP_NULL: "a group is present but empty",
        Deviation.FIELD_NULL: "a field is present but empty",
        Deviation.FIELD_UNKNOWN: "a field that its kind does not have",
        Deviation.FIELD_EMPTY: "a field without text",
        Deviation.VERSION_UNKNOWN: "a version of the schema that is not known here",
        Deviation.COUNTRY_NOT_CODE: "a country that is not named by its code",
        Deviation.DATE_NOT_CALENDAR: "a date that no calendar has",
        Deviation.DATE_WITH_TIME: "a date with a time of day",
        Deviation.NUMBER_FLOAT: "a count written with a fraction",
        Deviation.TEXT_PADDED: "text with spaces around it",
        Deviation.TEXT_CONTROL: "text with control characters",
        Deviation.TEXT_NOT_NFC: "text that is not in its shortest Unicode form",
    }
)

_REASONS: Mapping[str, Mapping[Reason, str]] = MappingProxyType({"en": _REASONS_EN})
_DEVIATIONS: Mapping[str, Mapping[Deviation, str]] = MappingProxyType({"en": _DEVIATIONS_EN})


class _Facts(dict[str, str]):
    """Fills what an error does not tell with a dash, so that a sentence never fails for want of a fact."""

    def __missing__(self, _key: str) -> str:
        return "–"


def sentence(reason: Reason, detail: Detail = NO_DETAIL, language: str = "en") -> str:
    """What `reason` means, in words; points in time as dates in UTC."""
    facts = _Facts({name: _shown(name, value) for name, value in detail.items()})
    return string.Formatter().vformat(_REASONS[language][reason], (), facts)


def remark(deviation: Deviation, language: str = "en") -> str:
    """What deviates, in words."""
    return _DEVIATIONS[language][deviation]


def _shown(name: str, value: DetailValue) -> str:
    if name in _TIMES and isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return "–" if value is None else str(value)
