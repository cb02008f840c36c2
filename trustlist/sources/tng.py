"""The trust list of the network's gateway as its REST interface gives it to participants, in both of its forms.

`GET /trustList` answers rows with `certificateType` and `rawData`, `GET /trustList/certificate` objects with `group`
and `certificate`. Each row carries a signed message (CMS) over its certificate:

- SCA, UP, TLS and DECA: the trust anchor's, which the caller has pinned by its fingerprint;
- DSC and DESC: that of an UP certificate of the same country, itself signed by the trust anchor in the same list.

A row whose message does not hold is rejected, whatever it is for (the network's own client library only logs that for
a DSC). That the DSC was issued by an SCA of its participant is shown by `trustlist.chain`, as for every list. The
answer as a whole is not signed and not dated: fetch it over the gateway's own TLS only.

Source: WHO Trust Network Gateway and its parent, the EU DCC gateway (REST interface and client library).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.cms import fingerprint
from trustlist.did_entries import decode_kid
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json, read_list, read_object, read_text
from trustlist.model import Environment, KeyUsage, ListEntry, Source
from trustlist.snapshot_pack import ListPart
from trustlist.sources.reading import Collected
from trustlist.sources.signed_entry import SignedEntry, verify_entry

KIND = "tng-json"

_USAGE_OF_TYPE: Mapping[str, KeyUsage] = MappingProxyType(
    {
        "CSCA": KeyUsage.SCA,
        "DSC": KeyUsage.DSC,
        "DECA": KeyUsage.DECA,
        "DESC": KeyUsage.DESC,
        "AUTHENTICATION": KeyUsage.TLS,
        "UPLOAD": KeyUsage.UP,
    }
)
"""A row of any other type is rejected, `TRUSTANCHOR` too: an anchor is pinned, never taken from a list."""
_UPLOADED = frozenset({KeyUsage.DSC, KeyUsage.DESC})
_DEFAULT_DOMAIN = "DCC"
"""`/trustList` names no domain: it shows this one."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The members of one of the two forms."""

    certificate: str
    usage: str


_FORMS = (_Names("rawData", "certificateType"), _Names("certificate", "group"))


def read_trust_list(
    data: bytes,
    *,
    anchors: Collection[bytes],
    environment: Environment,
    name: str = KIND,
    limits: Limits = DEFAULT_LIMITS,
) -> ListPart:
    """The list in a gateway's answer. `anchors` are the fingerprints of its trust anchor; `name` is for reports.

    Raises `TrustListError` (`DOCUMENT_NOT_JSON`, `DOCUMENT_SHAPE`, a `LIST_TOO_…` reason, `ANCHOR_MISSING`) if it is
    no such list; a row that cannot be believed is in `rejected`.
    """
    if not anchors:
        raise TrustListError(ListReason.ANCHOR_MISSING)
    rows = read_list(read_json(data, limits=limits), at="document", limits=limits)
    reading = _Reading(Collected(limits), frozenset(anchors), {}, limits)
    reading.read([(f"[{index}]", row) for index, row in enumerate(rows)])
    return reading.collected.part(lambda total: Source(name, KIND, environment, None, total), pinned=False)


@dataclass(frozen=True, slots=True)
class _Reading:
    collected: Collected
    anchors: frozenset[bytes]
    uploaders: dict[str, set[bytes]]
    """Fingerprints of believed UP certificates by country."""
    limits: Limits

    def read(self, rows: list[tuple[str, object]]) -> None:
        """Those that the trust anchor signed first: among them are the UP certificates that vouch for the others."""
        later = [(position, row) for position, row in rows if _usage_of(row) in _UPLOADED]
        for position, row in rows:
            if _usage_of(row) in _UPLOADED:
                continue
            entry = self._add(position, row)
            if entry is not None and entry.usage is KeyUsage.UP:
                self.uploaders.setdefault(entry.participant or "", set()).add(fingerprint(entry.certificates[0]))
        for position, row in later:
            self._add(position, row)

    def _add(self, position: str, row: object) -> ListEntry | None:
        members = row if isinstance(row, Mapping) else {}
        country = members.get("country")
        return self.collected.add(
            lambda: self._verify(position, row),
            position=position,
            kid=members.get("kid"),
            participant=country if isinstance(country, str) else None,
        )

    def _verify(self, position: str, row: object) -> ListEntry:
        members = read_object(row, at=position, reason=ListReason.ENTRY_MALFORMED)
        signed = _read_row(members, position)
        uploaded = signed.usage in _UPLOADED
        pinned = self.uploaders.get(signed.participant, frozenset()) if uploaded else self.anchors
        kid = _read_optional(members, "kid")
        listed = None if kid is None else decode_kid(kid, limits=self.limits)
        return verify_entry(signed, kid=listed, pinned=pinned, limits=self.limits)


def _form_of(members: Mapping[str, object]) -> _Names | None:
    return next((form for form in _FORMS if form.certificate in members), None)


def _usage_of(row: object) -> KeyUsage | None:
    form = _form_of(row) if isinstance(row, Mapping) else None
    kind = row.get(form.usage) if form and isinstance(row, Mapping) else None
    return _USAGE_OF_TYPE.get(kind.upper()) if isinstance(kind, str) else None


def _read_row(members: Mapping[str, object], position: str) -> SignedEntry:
    form = _form_of(members)
    if form is None:
        raise TrustListError(ListReason.CERTIFICATE_MISSING)
    usage = _usage_of(members)
    if usage is None:
        raise TrustListError(ListReason.USAGE_UNKNOWN)
    if not members.get("signature"):
        raise TrustListError(ListReason.ENTRY_UNSIGNED)
    return SignedEntry(
        position=position,
        usage=usage,
        country=_read_country(members),
        certificate=read_text(members, form.certificate),
        signature=read_text(members, "signature"),
        thumbprint=_read_optional(members, "thumbprint"),
        domain=_read_optional(members, "domain") or _DEFAULT_DOMAIN,
    )


def _read_optional(members: Mapping[str, object], name: str) -> str | None:
    return None if members.get(name) is None else read_text(members, name)


def _read_country(members: Mapping[str, object]) -> str:
    country = read_text(members, "country")
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise TrustListError(ListReason.ENTRY_MALFORMED, at="country")
    return country
