"""What each reason of this room means, in sentences for people, per language.

A language is one more table; a reason it lacks is said in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trustlist.errors import ListReason

DEFAULT_LANGUAGE = "en"

ENGLISH: Mapping[ListReason, str] = MappingProxyType(
    {
        ListReason.SOURCE_MISSING: "There is no file or folder of this name.",
        ListReason.SOURCE_UNREADABLE: "The file or folder cannot be read.",
        ListReason.SOURCE_UNKNOWN: "The file is neither a saved trust list, nor a signed one, nor a certificate.",
        ListReason.SOURCE_EMPTY: "There is nothing here to trust.",
        ListReason.SOURCE_NOT_WRITABLE: "The file cannot be written here; nothing was changed.",
        ListReason.LIST_TOO_LARGE: "The list is larger than this program reads.",
        ListReason.LIST_TOO_MANY_ENTRIES: "The list has more entries than this program reads.",
        ListReason.LIST_KEY_MISSING: "A signed list is only believed with its signer's key, and none was given.",
        ListReason.ENVIRONMENTS_MIXED: "Keys of different networks (production, test, private) are not held together.",
        ListReason.SOURCES_MIXED: "A list whose proof was not checked is never held together with one whose proof was.",
        ListReason.SOURCE_UNVERIFIED: "The list was read to be looked at; nobody vouches for its keys.",
        ListReason.ANCHOR_MISSING: "The list is only believed with its trust anchor, and none was given.",
        ListReason.ANCHOR_UNREADABLE: "The trust anchor is neither a certificate nor the fingerprint of one.",
        ListReason.ISSUER_MISSING: "A key set does not say whose keys it holds, and no issuer was given.",
        ListReason.ISSUER_MALFORMED: "The issuer is no proper address (https, without a slash at its end).",
        ListReason.DOCUMENT_NOT_JSON: "The list is not proper JSON.",
        ListReason.DOCUMENT_SHAPE: "The list is not built like a trust list.",
        ListReason.DOCUMENT_MEMBER_UNKNOWN: "The list says something that its signature does not cover.",
        ListReason.DOCUMENT_CONTEXT: "The list names a vocabulary that this program does not know.",
        ListReason.DID_MALFORMED: "The list's name is not a proper identifier (did:web).",
        ListReason.DID_UNEXPECTED: "This is another list than the one asked for.",
        ListReason.ENVIRONMENT_UNEXPECTED: "The list belongs to another network than its signer's key.",
        ListReason.PROOF_TYPE: "The list's proof is of a kind that this program does not know.",
        ListReason.PROOF_CREATED: "The list does not say properly when it was signed.",
        ListReason.PROOF_HEADER: "The list's signature names a method that is not accepted.",
        ListReason.PROOF_SIGNATURE_FORM: "The list's signature is not written in the accepted form.",
        ListReason.PROOF_SIGNER_UNEXPECTED: "The list names another signer than the one trusted here.",
        ListReason.PROOF_INVALID: "The signature does not match: the list was changed, or someone else signed it.",
        ListReason.PINNED_KEY_UNREADABLE: "The signer's key cannot be read.",
        ListReason.PINNED_KEY_AMBIGUOUS: "The file holds several keys, and it is not said which one is meant.",
        ListReason.PINNED_KEY_KIND: "The signer's key is not of the accepted kind (P-256).",
        ListReason.SNAPSHOT_FOREIGN: "The file is not a saved trust list.",
        ListReason.SNAPSHOT_VERSION: "The trust list was saved by another version of this program.",
        ListReason.SNAPSHOT_TRUNCATED: "The saved trust list is cut short; make it again.",
        ListReason.SNAPSHOT_DAMAGED: "The saved trust list is damaged; make it again.",
        ListReason.ADDRESS_UNUSABLE: "A list's address begins with https:// and ends with /did.json, or is its DID.",
        ListReason.LIST_NOT_FOUND: "There is no list where it was asked for.",
        ListReason.FETCH_FAILED: "The server cannot be reached, or broke off.",
        ListReason.FETCH_TLS: "The server did not prove that it is the one named: its certificate is not accepted.",
        ListReason.FETCH_TIMEOUT: "The server took longer than it is given.",
        ListReason.FETCH_STATUS: "The server answered with something else than the list.",
        ListReason.FETCH_REDIRECTED: "The server points to another place, and lists are only taken from their own.",
        ListReason.FETCH_TRUNCATED: "The list ended before its announced length.",
        ListReason.LIST_AHEAD: "The list was signed in the future: its date is wrong, or the clock of this machine.",
        ListReason.LIST_ROLLED_BACK: "This list is older than one that was taken in before.",
        ListReason.LIST_SAME_TIME: "Two different lists say that they were signed at the same moment.",
        ListReason.LIST_SHRUNK: "The new list would take away more keys than may go without a person's word.",
        ListReason.LISTS_APART: "The lists were signed too far apart to belong together.",
        ListReason.LISTS_AMBIGUOUS: "Several lists lie here, and it is not said which one is meant.",
        ListReason.LISTS_TOO_MANY: "There are more lists than this program takes in together.",
        ListReason.REFERENCE_FOREIGN: "The list refers to another host; that is not followed.",
        ListReason.REFERENCE_OUTSIDE: "The list refers to one that is not below it; that is not followed.",
        ListReason.REFERENCE_DANGLING: "The list refers to one that is not there.",
        ListReason.REFERENCE_TOO_DEEP: "The lists refer to each other through more steps than are followed.",
        ListReason.KID_SHARED: "Several participants list keys under one key identifier.",
        ListReason.CONFIRMATION_UNKNOWN: "No list of this digest is waiting for a word.",
        ListReason.STORE_MISSING: "This folder keeps no trust lists: no signer's key was ever pinned in it.",
        ListReason.STORE_BUSY: "Another program is writing to this folder; try again.",
        ListReason.STORE_VERSION: "The folder was written by another version of this program.",
        ListReason.STORE_DAMAGED: "The folder's record of what is in use is damaged.",
        ListReason.SIGNER_PINNED_OTHER: "Another signer's key is pinned here; it is only replaced when it is named.",
        ListReason.BUNDLE_FOREIGN: "The file is not a bundle of trust lists.",
        ListReason.BUNDLE_VERSION: "The bundle was written by another version of this program.",
        ListReason.BUNDLE_DAMAGED: "The bundle is not what was exported; carry it over again.",
        ListReason.PEM_MALFORMED: "The file begins like a certificate in PEM, but is not one.",
        ListReason.CERTIFICATE_UNREADABLE: "The certificate cannot be read.",
        ListReason.CERTIFICATE_TOO_LARGE: "The certificate is larger than this program reads.",
        ListReason.CERTIFICATE_MISSING: "The entry has no certificate.",
        ListReason.KEY_UNUSABLE: "The certificate's key is not a proper key.",
        ListReason.KEY_UNSUPPORTED: "The key is of a kind that no accepted signature is made with.",
        ListReason.KEY_TOO_WEAK: "The key is too short to prove anything.",
        ListReason.KEY_MALFORMED: "The entry's key is not written properly.",
        ListReason.KEY_KIND: "The entry's key is of a kind that this program does not know.",
        ListReason.KEY_NOT_OF_CERTIFICATE: "The entry's key and its certificate are not the same key.",
        ListReason.KEY_PRIVATE_PUBLISHED: "The entry publishes a private key: whoever reads the list can sign with it.",
        ListReason.KID_INVALID: "The entry's key identifier is missing, empty or too long.",
        ListReason.USAGE_UNKNOWN: "The entry does not say for what its key may be used.",
        ListReason.ENTRY_REPEATED: "The same entry stands here more than once.",
        ListReason.ENTRY_AMBIGUOUS: "Several entries have one name and say different things.",
        ListReason.ENTRY_MALFORMED: "The entry is not built like one of this kind of list.",
        ListReason.ENTRY_UNSIGNED: "The entry carries no signature; lists keep deleted certificates so.",
        ListReason.ENTRY_SIGNATURE_INVALID: "The entry's signature does not hold for its certificate.",
        ListReason.ENTRY_SIGNER_UNKNOWN: "The entry is signed by someone who may not vouch for it.",
        ListReason.THUMBPRINT_DIFFERS: "The entry's fingerprint is not that of its certificate.",
        ListReason.COUNTRY_DIFFERS: "The entry and its certificate name different countries.",
        ListReason.AUTHORITY_EXPECTED: "The certificate is no authority, and only authorities belong here.",
        ListReason.KEYS_MISSING: "The directory names the issuer, but its keys are not here.",
        ListReason.KEY_USE: "The key is meant for another use than signing health cards.",
        ListReason.KID_NOT_THUMBPRINT: "The key's identifier is not computed from the key, as it must be.",
        ListReason.CHAIN_BROKEN: "The certificates beside the key do not vouch for each other.",
        ListReason.ISSUER_NOT_OF_CERTIFICATE: "The certificate beside the key is not that of the issuer.",
        ListReason.SCOPE_MALFORMED: "The table of who may sign what is not written properly ({at}).",
        ListReason.EXPIRED: "The certificate has expired.",
        ListReason.NOT_YET_VALID: "The certificate is not valid yet.",
        ListReason.SCA_MISSING: "The authority (SCA) that issued the certificate is not on the list.",
        ListReason.SCA_EXPIRED: "The authority (SCA) that issued the certificate has expired.",
        ListReason.SCA_NOT_YET_VALID: "The authority (SCA) that issued the certificate is not valid yet.",
        ListReason.SCA_SIGNATURE_INVALID: "The authority (SCA) that the certificate names did not issue it.",
        ListReason.SCA_SIGNATURE_WEAK: "The authority (SCA) signed the certificate in a way that proves nothing today.",
    }
)

SENTENCES: Mapping[str, Mapping[ListReason, str]] = MappingProxyType({DEFAULT_LANGUAGE: ENGLISH})
"""By language (BCP 47, without region)."""


def sentence(reason: ListReason, *, language: str = DEFAULT_LANGUAGE) -> str:
    """What `reason` means, in `language` if there is a table for it, else in English."""
    return SENTENCES.get(language, ENGLISH).get(reason, ENGLISH[reason])
