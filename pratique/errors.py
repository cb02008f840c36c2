"""An error of any room in words: each room says its own reasons in its own `messages`."""

from __future__ import annotations

from credential import messages as credential_messages
from credential.errors import PratiqueError, Reason
from trustlist.errors import ListReason
from trustlist.messages import sentence as list_sentence


def error_sentence(error: PratiqueError, language: str = "en") -> str:
    """What went wrong, for a person."""
    if isinstance(error.reason, ListReason):
        return list_sentence(error.reason, language=language)
    if isinstance(error.reason, Reason):
        return credential_messages.sentence(error.reason, error.detail, language)
    from issuer.messages import sentence as issue_sentence  # noqa: PLC0415 - only where something was to be issued

    return issue_sentence(error, language)
