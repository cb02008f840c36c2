"""Words for the outcome of a verdict and what to do next, per language; why a check did not pass says `credential`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from credential import messages as credential_messages
from credential.errors import Reason, Stage
from verifier.verdict import Check, Outcome, Verdict

_OUTCOMES_EN: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.ACCEPTED: "VALID",
        Outcome.REJECTED: "NOT VALID",
        Outcome.UNDETERMINED: "CANNOT TELL",
    }
)

_ADVICE_EN: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.SIGNER_UNKNOWN: "Update the trust list and check again; an unknown issuer is not a forger.",
        Reason.SIGNER_WRONG_ENVIRONMENT: "Ask for a certificate that was not made for testing.",
        Reason.TRUST_LIST_STALE: "Update the trust list and check again.",
        Reason.SCA_MISSING: "Update the trust list and check again.",
        Reason.NOT_YET_ISSUED: "Check that the clock of this device is right.",
        Reason.NOT_YET_VALID: "Check that the clock of this device is right.",
        Reason.REVOCATION_DATA_MISSING: "Load revocation data, or ask for another proof.",
        Reason.RULES_MISSING: "Load the rules of the country of arrival, or decide by its published rules.",
        Reason.PREFIX_UNKNOWN: "Scan the code of the health certificate itself.",
    }
)
_ADVICE_DAMAGED_EN = "Scan the code again, flat and in good light."
_UNREADABLE = frozenset({Stage.BASE45, Stage.INFLATE})

_OUTCOMES: Mapping[str, Mapping[Outcome, str]] = MappingProxyType({"en": _OUTCOMES_EN})
_ADVICE: Mapping[str, Mapping[Reason, str]] = MappingProxyType({"en": _ADVICE_EN})
_ADVICE_DAMAGED: Mapping[str, str] = MappingProxyType({"en": _ADVICE_DAMAGED_EN})


def outcome_word(outcome: Outcome, language: str = "en") -> str:
    """The one word that goes with the colour."""
    return _OUTCOMES[language][outcome]


def check_sentence(check: Check, language: str = "en") -> str | None:
    """Why a check did not pass; None when it did."""
    return None if check.reason is None else credential_messages.sentence(check.reason, check.detail, language)


def verdict_sentence(verdict: Verdict, language: str = "en") -> str | None:
    """The one sentence that says why a verdict is not green."""
    telling = verdict.telling
    return None if telling is None else check_sentence(telling, language)


def advice(verdict: Verdict, language: str = "en") -> str | None:
    """What to do next, where there is something."""
    telling = verdict.telling
    if telling is None or telling.reason is None:
        return None
    fallback = _ADVICE_DAMAGED[language] if telling.name in _UNREADABLE else None
    return _ADVICE[language].get(telling.reason, fallback)
