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
