"""Which listed keys may sign which kind of credential: a table that an administrator can read and change.

A key counts for a participant, a trust domain and a usage. The kinds of the EU DCC are also told apart by extended
key usage (`credential.usage`); HCERT's claims 3, 4, 5 and -6 have no such identifiers, there the domain alone
governs. A kind without a row may be signed by no listed key. A key that was handed over without a domain is bound
by whoever handed it over, not by this table.

The default is this project's reading of WHO SMART Trust (code system Domains of 2026-07-23, HCERT payload claims) and
of the lists that its network published on 2026-08-22; each row says where it is from. A table in a file is JSON:
`{"kinds": {"icvp": {"domains": ["ICVP"], "usages": ["DSC"], "source": "..."}}}`, `"*"` for any domain, and replaces
the default as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json, read_object, require_members
from trustlist.model import HEALTH_CARDS, TRAVEL_DOCUMENTS, KeyUsage, TrustedKey

ANY_DOMAIN = "*"
_KIND = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DOMAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SIGNERS = frozenset({KeyUsage.DSC})
_MALFORMED = ListReason.SCOPE_MALFORMED


@dataclass(frozen=True, slots=True)
class Scope:
    """Which keys may sign one kind."""

    domains: frozenset[str] | None
    """Trust domains; None for any."""
    usages: frozenset[KeyUsage] = _SIGNERS
    source: str = ""
    """Where the row is from, for people."""

    def allows(self, key: TrustedKey) -> bool:
        """Whether a key may sign this kind."""
        if key.domain is None:
            return key.pinned or self.domains is None
        return (self.domains is None or key.domain in self.domains) and (key.pinned or key.usage in self.usages)


@dataclass(frozen=True, slots=True)
class ScopeTable:
    """The rows by kind."""

    name: str
    """`default`, or where the table was read from."""
    rows: Mapping[str, Scope]

    def allows(self, kind: str, key: TrustedKey) -> bool:
        """Whether a key may sign that kind; without a row only one that was handed over without a domain may."""
        row = self.rows.get(kind, _NOBODY)
        return row.allows(key)


_NOBODY = Scope(frozenset(), frozenset())


def _row(domains: str, source: str, usages: frozenset[KeyUsage] = _SIGNERS) -> Scope:
    return Scope(frozenset(domains.split()), usages, source)


DEFAULT_SCOPES = ScopeTable(
    "default",
    MappingProxyType(
        {
            "eu-dcc": _row("DCC DDCC", "HCERT claim 1; the network lists its signers in DCC, new ones may be in DDCC"),
            "ddcc-vs": _row("DDCC", "HCERT claim 3; WHO SMART Trust, domain DDCC"),
            "ddcc-tr": _row("DDCC", "HCERT claim 4; WHO SMART Trust, domain DDCC"),
            "vhl": _row("IPS-PILGRIMAGE PH4H IPS", "HCERT claim 5; WHO SMART Trust, domains of health summaries"),
            "icvp": _row("ICVP DICVP RACSEL-DDVC", "HCERT claim -6; ICVP, as the gateway and its pilot name it"),
            "medication": _row("PH4H", "HCERT claim -7; WHO SMART Trust, domain PH4H"),
            "shc": _row(HEALTH_CARDS, "keys that an issuer publishes itself (SMART Health Cards)"),
            "vds-nc": _row(
                TRAVEL_DOCUMENTS,
                "ICAO VDS-NC; signers under the passport authority of their state",
                frozenset({KeyUsage.DSC, KeyUsage.SCA}),
            ),
            "divoc": _row("DIVOC", "DIVOC; keys that were listed for it by hand"),
        }
    ),
)


def read_scopes(data: bytes, *, name: str) -> ScopeTable:
    """The table in a JSON file; `name` says where it is from.

    Raises `TrustListError`: `DOCUMENT_NOT_JSON`, `LIST_TOO_LARGE`, or `SCOPE_MALFORMED` with the place (`at`) of
    whatever is not exactly as described above: a slip here would let keys sign what they must not.
    """
    document = read_object(read_json(data), at="document", reason=_MALFORMED)
    require_members(document, {"kinds"}, at="document", reason=_MALFORMED)
    kinds = read_object(document.get("kinds"), at="kinds", reason=_MALFORMED)
    if not kinds:
        raise TrustListError(_MALFORMED, at="kinds")
    return ScopeTable(name, MappingProxyType({kind: _read_row(kind, value) for kind, value in kinds.items()}))


def write_scopes(table: ScopeTable) -> bytes:
    """The table as a JSON file that `read_scopes` reads: the start for one of your own."""
    kinds = {
        kind: {
            "domains": ANY_DOMAIN if row.domains is None else sorted(row.domains),
            "usages": sorted(usage.value for usage in row.usages),
            "source": row.source,
        }
        for kind, row in table.rows.items()
    }
    return json.dumps({"kinds": kinds}, indent=2, ensure_ascii=False).encode("utf-8") + b"\n"


def describe_scopes(table: ScopeTable) -> tuple[tuple[str, str, str, str], ...]:
    """The table for people, a row for each kind: kind, domains, usages, source."""
    return tuple(
        (
            kind,
            "any" if row.domains is None else " ".join(sorted(row.domains)),
            " ".join(sorted(usage.value for usage in row.usages)),
            row.source,
        )
        for kind, row in table.rows.items()
    )


def _read_row(kind: str, value: object) -> Scope:
    at = f"kinds.{kind}" if _KIND.fullmatch(kind) else "kinds"
    row = read_object(value, at=at, reason=_MALFORMED)
    require_members(row, {"domains", "usages", "source"}, at=at, reason=_MALFORMED)
    source = row.get("source", "")
    if at == "kinds" or not isinstance(source, str):
        raise TrustListError(_MALFORMED, at=at)
    domains = row.get("domains")
    return Scope(
        domains=None if domains == ANY_DOMAIN else frozenset(_read_domains(domains, at=f"{at}.domains")),
        usages=frozenset(_read_usages(row.get("usages"), at=f"{at}.usages")),
        source=source,
    )


def _read_domains(value: object, *, at: str) -> list[str]:
    names = _read_names(value, at=at)
    if not all(_DOMAIN.fullmatch(name) for name in names):
        raise TrustListError(_MALFORMED, at=at)
    return names


def _read_usages(value: object, *, at: str) -> list[KeyUsage]:
    names = _read_names(value, at=at)
    if not set(names) <= {usage.value for usage in KeyUsage}:
        raise TrustListError(_MALFORMED, at=at)
    return [KeyUsage(name) for name in names]


def _read_names(value: object, *, at: str) -> list[str]:
    """Some names, none of them twice."""
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise TrustListError(_MALFORMED, at=at)
    if len(set(value)) != len(value):
        raise TrustListError(_MALFORMED, at=at)
    return value
