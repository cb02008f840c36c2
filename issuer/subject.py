"""Whom a certificate names: the few parts of a distinguished name that the GDHCN templates ask for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from credential.errors import Stage
from issuer.errors import IssueError, IssueReason

NAME_MAXIMUM_CHARS: Final = 64  # ub-common-name and ub-organization-name, RFC 5280 appendix A.1

_COUNTRY: Final = re.compile(r"[A-Z]{2}\Z")


@dataclass(frozen=True, slots=True)
class Subject:
    """Country, common name and organisation of a certificate.

    `country` is what the gateway compares with the participant: ISO 3166-1 alpha-2, or a virtual code such as XA.
    Raises IssueError (stage CERTIFICATE) naming the part that cannot stand in a certificate.
    """

    country: str
    common_name: str
    organisation: str | None = None

    def __post_init__(self) -> None:
        if not _COUNTRY.match(self.country):
            raise _unusable("country")
        if not _is_name(self.common_name):
            raise _unusable("common_name")
        if self.organisation is not None and not _is_name(self.organisation):
            raise _unusable("organisation")

    def to_name(self) -> x509.Name:
        """The distinguished name, from the country down."""
        parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, self.country)]
        if self.organisation is not None:
            parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organisation))
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, self.common_name))
        return x509.Name(parts)


def subject_of(name: x509.Name) -> Subject:
    """The subject of a request. Raises IssueError when C or CN is not there exactly once, or O more than once."""
    organisation = _values(name, NameOID.ORGANIZATION_NAME)
    if len(organisation) > 1:
        raise _unusable("organisation")
    return Subject(
        country=_only(name, NameOID.COUNTRY_NAME, "country"),
        common_name=_only(name, NameOID.COMMON_NAME, "common_name"),
        organisation=organisation[0] if organisation else None,
    )


def _only(name: x509.Name, oid: x509.ObjectIdentifier, part: str) -> str:
    values = _values(name, oid)
    if len(values) != 1:
        raise _unusable(part)
    return values[0]


def _values(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


def _is_name(text: str) -> bool:
    """Visible text: certificates are shown to people, who must not be misled by what does not show."""
    hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text)
    return 0 < len(text) <= NAME_MAXIMUM_CHARS and text == text.strip() and not hidden


def _unusable(part: str) -> IssueError:
    return IssueError(Stage.CERTIFICATE, IssueReason.SUBJECT_UNUSABLE, part=part)
