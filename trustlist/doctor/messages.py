"""What each finding means and what to do about it, in sentences for people, per language.

A language is one more table; a kind it lacks is said in English. "The operator" is whoever signs the list (WHO for
the network's own lists), "the participant" the country or organization whose key it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from trustlist.doctor.findings import FindingKind, Severity
from trustlist.messages import DEFAULT_LANGUAGE


class Words(NamedTuple):
    """How a kind of finding is shown."""

    title: str
    meaning: str
    remedy: str


ENGLISH: Mapping[FindingKind, Words] = MappingProxyType(
    {
        FindingKind.TEST_PARTICIPANT: Words(
            "Test participant in production",
            "A participant that is no country, or whose certificate names a test, stands in the production list: "
            "whoever holds that test key can sign certificates that verify.",
            "Take only the participants you accept, and ask the operator to remove this one.",
        ),
        FindingKind.PRIVATE_KEY_PUBLISHED: Words(
            "Private key published",
            "The entry holds the private key itself: whoever reads the list can sign with it.",
            "Refuse the key, tell the participant and the operator at once; it needs a new key, not a new entry.",
        ),
        FindingKind.COUNTRY_OTHER: Words(
            "Certificate of another country",
            "The country in the certificate is not the participant that the list names.",
            "Do not accept the key for either of them until the operator has said whose it is.",
        ),
        FindingKind.SEVERAL_PARTICIPANTS: Words(
            "One key, several participants",
            "The same key is listed for more than one participant, so a signature does not tell whose it is.",
            "Ask the operator whose key it is; each participant needs keys of its own.",
        ),
        FindingKind.AMBIGUOUS_ENTRY: Words(
            "Entry with two readings",
            "The entry's key and certificate differ, or two entries of one name say different things: two programs "
            "may trust different keys. This one trusts neither.",
            "Ask the operator to publish the entry anew.",
        ),
        FindingKind.AUTHORITY_SIGNATURE_INVALID: Words(
            "Not issued by its authority",
            "The certificate names an SCA of this participant that did not sign it. It may be forged.",
            "Ask the participant whether the key is theirs; it is not used here.",
        ),
        FindingKind.WEAK_SIGNATURE: Words(
            "Weak signature on the certificate",
            "The certificate was signed with SHA-1, or by a short RSA key: such a signature can be forged.",
            "The participant should issue a new certificate with SHA-256; a signer so certified is not used here.",
        ),
        FindingKind.WEAK_KEY: Words(
            "Weak key",
            "The RSA key has fewer than 2048 bits: its signatures can be forged.",
            "The participant needs a new key; this one is not used here.",
        ),
        FindingKind.SIGNER_IS_CA: Words(
            "Signer that is an authority",
            "A document signer (DSC) may issue certificates itself (CA:TRUE): whoever has it can make more signers.",
            "The participant should sign with a key that is no authority.",
        ),
        FindingKind.SOURCE_OTHER_ENVIRONMENT: Words(
            "List of another environment",
            "The list's own name belongs to another environment than the one it was taken for.",
            "Take it out at once, and look how it came in: test keys must never verify real certificates.",
        ),
        FindingKind.REFERENCE_OTHER_ENVIRONMENT: Words(
            "Reference into another environment",
            "The list links a list of another environment: whoever follows it takes test keys for real ones.",
            "Never follow references from one host to another; ask the operator to remove the link.",
        ),
        FindingKind.LIST_REFUSED: Words(
            "List that cannot be believed",
            "A document among the lists could not be read, or its proof does not hold under the pinned key.",
            "Fetch it again; if it stays so, keep the last good copy and ask the operator.",
        ),
        FindingKind.LIST_UNVERIFIED: Words(
            "List that nobody vouches for",
            "The list was read to be looked at; its proof was not checked, and anyone may have written it.",
            "Use none of its keys. Get the signer's key from the operator, and read the list with it (--trust-key).",
        ),
        FindingKind.LIST_EXPIRED: Words(
            "List past its end",
            "The list itself says until when it counts, and that time is over.",
            "Fetch the newest; a list past its end may hold keys that were withdrawn since.",
        ),
        FindingKind.LIST_STALE: Words(
            "List too old to rely on",
            "The list was signed more than 30 days ago: keys withdrawn since are still in it, new ones are missing.",
            "Update, and find out why no newer list has arrived; verdicts that rest on this one are uncertain.",
        ),
        FindingKind.LIST_AHEAD: Words(
            "List signed in the future",
            "The list says that it was signed after the time of this report.",
            "Set this machine's clock; if it is right, ask the operator.",
        ),
        FindingKind.EXPIRED: Words(
            "Expired",
            "The certificate is over; nothing that it signed is accepted any more.",
            "Nothing at the border. The participant should have it removed, and list its successor.",
        ),
        FindingKind.AUTHORITY_EXPIRED: Words(
            "In date under an expired authority",
            "The signer is in date, but every SCA that issued it is over; verifiers that check both refuse it.",
            "The participant should renew the SCA, or issue the signer from one in date.",
        ),
        FindingKind.EXPIRES_WITHIN_30_DAYS: Words(
            "Expires within 30 days",
            "The certificate ends soon, and then nothing that it signed is accepted any more.",
            "Look whether a successor is listed; else remind the participant now.",
        ),
        FindingKind.OUTLIVES_AUTHORITY: Words(
            "Outlives its authority",
            "The signer ends after the SCA that issued it: its last part is worth nothing.",
            "Count with the SCA's end. The participant should issue signers that end with their SCA or before.",
        ),
        FindingKind.LIFE_TOO_LONG: Words(
            "Longer life than the template's",
            "The certificate is made for longer than the network's template allows (SCA and DECA four years, "
            "others two); a stolen key would be good for as long.",
            "Nothing at the border. The participant should issue the next one for the time agreed.",
        ),
        FindingKind.ORPHANED: Words(
            "Orphaned signer",
            "The list holds the signer, but not the SCA that issued it, so nothing shows whose it is.",
            "It is not used here. Is this only a part of a list? Else the participant should upload its SCA.",
        ),
        FindingKind.BROKEN_ENTRY: Words(
            "Broken entry",
            "The entry cannot be used at all; the reason is given with each.",
            "The operator or the participant has to publish it anew.",
        ),
        FindingKind.ODD_CURVE: Words(
            "Signer on an odd curve",
            "The signer's key is neither on the curve P-256 nor RSA, and no accepted signature is made with it.",
            "The participant needs a signer on P-256.",
        ),
        FindingKind.WRONG_USAGE_ARC: Words(
            "Mistyped usage",
            "What the signer may sign is written with mistyped identifiers (1.3.6.1.4.1.0.1847…); stricter readers "
            "do not understand the limit.",
            "Nothing here: both are read. The participant should use 1.3.6.1.4.1.1847… in the next certificate.",
        ),
        FindingKind.KEY_USAGE_WRONG: Words(
            "Key usage unlike the template",
            "The certificate does not say what a key of this usage must be allowed to do, or allows more.",
            "The participant should issue the next one by the template: digitalSignature for signers, "
            "keyCertSign for authorities.",
        ),
        FindingKind.AUTHORITY_NOT_CA: Words(
            "Authority that is none",
            "The list names the key an SCA, but its certificate does not say CA:TRUE; strict readers refuse all its "
            "signers.",
            "Ask the participant whether it was listed under the wrong usage.",
        ),
        FindingKind.COUNTRY_UNCLEAR: Words(
            "Country missing or double",
            "The certificate names no country, or more than one, so it cannot be compared with the participant.",
            "The participant should issue a certificate with exactly one country (C).",
        ),
        FindingKind.TWO_USAGES: Words(
            "One certificate, two usages",
            "The same certificate is listed for different usages, such as authority and signer at once.",
            "Ask the participant which one is meant, and have the other removed.",
        ),
        FindingKind.KID_SHARED: Words(
            "One key identifier, several certificates",
            "Several certificates have the same key identifier (kid); readers that try only one fail at random.",
            "Nothing here: each is tried. The operator should give each key an identifier of its own.",
        ),
        FindingKind.REFERENCE_FOREIGN_HOST: Words(
            "Reference to a foreign host",
            "The list links a list on a host that is not its own.",
            "Do not follow it unless you know who runs that host and hold a key for its lists.",
        ),
        FindingKind.REFERENCE_DANGLING: Words(
            "Dangling reference",
            "The list links a list that is not there.",
            "Look whether your copy is complete; else ask the operator to remove the link.",
        ),
        FindingKind.NOT_YET_VALID: Words(
            "Not valid yet",
            "The certificate's time has not begun.",
            "Nothing; if it should have begun, look at this machine's clock.",
        ),
        FindingKind.AUTHORITY_NOT_YET_VALID: Words(
            "In date before its authority",
            "The signer is in date, but the time of the SCA that issued it has not begun.",
            "Nothing; it becomes usable with its SCA.",
        ),
        FindingKind.EXPIRES_WITHIN_90_DAYS: Words(
            "Expires within 90 days",
            "The certificate ends in one to three months.",
            "Look whether a successor is listed.",
        ),
        FindingKind.PRIVATE_KEY_OVER: Words(
            "Private key past its use",
            "The certificate says that its private key signs no more; what it signed before still counts.",
            "Nothing at the border. A certificate signed after that date deserves a question to the participant.",
        ),
        FindingKind.OTHER_PURPOSES: Words(
            "Made for other purposes",
            "The signer's certificate names purposes, such as TLS, but none of health certificates.",
            "Nothing here: it restricts nothing. The participant should leave such purposes out.",
        ),
        FindingKind.SHORT_KEY: Words(
            "RSA key below the template",
            "The RSA key has fewer than the 3000 bits that the template asks of authorities and connections.",
            "The participant should make the next key longer, or take one on P-256.",
        ),
        FindingKind.SAME_KEY: Words(
            "One key, several certificates",
            "The same key stands in several certificates: a renewal that kept the key.",
            "Nothing; but where one of them is revoked, see that the others are, too.",
        ),
        FindingKind.KID_NOT_HASH: Words(
            "Key identifier of its own choice",
            "The list's key identifier (kid) is not the hash of the certificate; readers that compute it find nothing.",
            "Nothing here: the list's identifier counts. Expect other programs to miss this key.",
        ),
        FindingKind.LIST_AGEING: Words(
            "List that should have been renewed",
            "The list was signed more than 7 days ago, and the network publishes daily.",
            "Look whether updates still run, and whether the operator has published since.",
        ),
        FindingKind.LIST_EMPTY: Words(
            "Empty list",
            "The list holds neither keys nor references.",
            "Nothing, unless keys are expected there.",
        ),
    }
)

WORDS: Mapping[str, Mapping[FindingKind, Words]] = MappingProxyType({DEFAULT_LANGUAGE: ENGLISH})
"""By language (BCP 47, without region)."""

SEVERITY_WORDS: Mapping[Severity, tuple[str, str]] = MappingProxyType(
    {
        Severity.SERIOUS: ("Serious", "Someone may be trusted who must not be."),
        Severity.WARNING: ("Warnings", "Keys that do not work, soon will not, or are not as agreed."),
        Severity.NOTICE: ("Notices", "Worth knowing."),
    }
)
"""The heading of each severity, and what it means."""


def words(kind: FindingKind, *, language: str = DEFAULT_LANGUAGE) -> Words:
    """How `kind` is said, in `language` if there is a table for it, else in English."""
    return WORDS.get(language, ENGLISH).get(kind, ENGLISH[kind])
