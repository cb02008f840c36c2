"""EU Digital COVID Certificate (subclaim 1 of `hcert`): typed values, read from a claim and written as one.

Fields keep the names of the schema (https://github.com/ehn-dcc-development/eu-dcc-schema), `is` being `is_`. What is
refused, and what is read although the schema refuses it, stands in `eu_dcc_schema`; what an issuer has to keep to in
`eu_dcc_issue`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from credential.errors import Deviation
from credential.kinds import eu_dcc_schema as schema
from credential.kinds.reading import Field, Findings, Reading, Rule, read_fields

DEFAULT_VERSION: Final = "1.3.0"
"""The version to write. Every verifier since June 2021 knows it, and later ones changed no field of a certificate."""


@dataclass(frozen=True, slots=True)
class Name:
    """The person's name: surname and forename as printed, and in the letters of ICAO Doc 9303."""

    fn: str | None = None
    fnt: str | None = None
    gn: str | None = None
    gnt: str | None = None


@dataclass(frozen=True, slots=True)
class Vaccination:
    """One dose. Codes are those of the EU value sets; see `eu_dcc_codes`."""

    tg: str
    """Disease."""
    vp: str
    """Vaccine type."""
    mp: str
    """Product."""
    ma: str
    """Marketing authorisation holder or manufacturer."""
    dn: int
    """Number of this dose; may be greater than `sd` (boosters)."""
    sd: int
    """Doses in the series."""
    dt: date
    co: str
    is_: str
    ci: str


@dataclass(frozen=True, slots=True)
class Test:
    """One test. `sc`, when the sample was taken, is a point in time with the offset it was written with."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    tg: str
    tt: str
    """Type of test."""
    nm: str | None
    """Name of a nucleic acid test."""
    ma: str | None
    """Device of an antigen test."""
    sc: datetime
    tr: str
    """Result."""
    tc: str | None
    """Testing centre."""
    co: str
    is_: str
    ci: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery: first positive test on `fr`, valid from `df` until `du`, both days included."""

    tg: str
    fr: date
    co: str
    is_: str
    df: date
    du: date
    ci: str


@dataclass(frozen=True, slots=True)
class EuDcc:
    """A certificate with exactly one entry: a vaccination, a test or a recovery."""

    ver: str
    nam: Name
    dob: str
    """`YYYY-MM-DD`, `YYYY-MM`, `YYYY` or nothing, as far as the birth date is known."""
    v: tuple[Vaccination, ...] = ()
    t: tuple[Test, ...] = ()
    r: tuple[Recovery, ...] = ()

    @property
    def group(self) -> str:
        """Which kind of entry it has: `v`, `t` or `r`."""
        return "v" if self.v else "t" if self.t else "r"

    @property
    def entry(self) -> Vaccination | Test | Recovery:
        """The one entry."""
        return (self.v or self.t or self.r)[0]

    @property
    def printed_name(self) -> str:
        """Forename and surname as printed, or as standardised where they are not given."""
        parts = (self.nam.gn or _spaced(self.nam.gnt), self.nam.fn or _spaced(self.nam.fnt))
        return " ".join(part for part in parts if part)

    @property
    def birth_date(self) -> str:
        """As far as it is known: `dob` under the name that all kinds share."""
        return self.dob

    @property
    def standardised_name(self) -> str:
        """Surname and forename as in a machine-readable zone: `OSEI<VANCE<<TAMSIN`."""
        return "<<".join(part for part in (self.nam.fnt, self.nam.gnt) if part)

    def to_claim(self) -> dict[str, Any]:
        """The claim in the order of the specification; absent members are left out."""
        claim: dict[str, Any] = {"ver": self.ver, "nam": _members(self.nam, _NAME_LAYOUT), "dob": self.dob}
        for group, entries in (("v", self.v), ("t", self.t), ("r", self.r)):
            if entries:
                claim[group] = [_members(entry, _LAYOUTS[group]) for entry in entries]
        return claim


def read_eu_dcc(claim: object) -> Reading[EuDcc]:
    """What a claim says as an EU DCC. Takes whatever CBOR or JSON can hold and never raises."""
    found = Findings()
    values = read_fields(claim, "", _ROOT, found)
    if found.untypable:
        return found.reading(None)
    credential = EuDcc(*values)
    entries = len(credential.v) + len(credential.t) + len(credential.r)
    if entries != 1:
        found.fatal("", Rule.SEVERAL_ENTRIES if entries else Rule.NO_ENTRY)
    return found.reading(credential)


def _read_name(value: Any, path: str, found: Findings) -> Name | None:
    values = read_fields(value, path, schema.NAME, found)
    if not values:
        return None
    if values[1] is None and values[3] is None:
        found.problem("nam.fnt", Rule.REQUIRED)
    return Name(*values)


def _group(key: str, make: Callable[..., object], fields: tuple[Field, ...]) -> Field:
    """The member of a certificate that is an array of exactly one entry."""

    def check(value: Any, path: str, found: Findings) -> Any:
        if not isinstance(value, list | tuple):
            found.fatal(path, Rule.TYPE)
        elif len(value) != 1:
            found.fatal(path, Rule.SEVERAL_ENTRIES if value else Rule.NO_ENTRY)
        else:
            values = read_fields(value[0], f"{path}.0", fields, found)
            if not found.untypable:
                return (make(*values),)
        return ()

    return Field(key, key, required=False, check=check, absent=(), null=Deviation.GROUP_NULL)


_ROOT: Final = (
    Field("ver", "ver", required=True, check=schema.version),
    Field("nam", "nam", required=True, check=_read_name),
    Field("dob", "dob", required=True, check=schema.birth_date),
    _group("v", Vaccination, schema.VACCINATION),
    _group("t", Test, schema.TEST),
    _group("r", Recovery, schema.RECOVERY),
)


class _Layout(NamedTuple):
    """How a value is written: the keys in the order of the table, and what gets the attributes for them."""

    keys: tuple[str, ...]
    attributes: Callable[[object], tuple[Any, ...]]


def _layout(fields: tuple[Field, ...]) -> _Layout:
    keys = tuple(field.key for field in fields)
    return _Layout(keys, attrgetter(*("is_" if key == "is" else key for key in keys)))


_NAME_LAYOUT: Final = _layout(schema.NAME)
_LAYOUTS: Final = {"v": _layout(schema.VACCINATION), "t": _layout(schema.TEST), "r": _layout(schema.RECOVERY)}


def _members(value: object, layout: _Layout) -> dict[str, Any]:
    """The members of one map, in the order of its table."""
    stated = zip(layout.keys, layout.attributes(value), strict=True)
    return {key: item if item.__class__ is str else _wire_value(item) for key, item in stated if item is not None}


def _wire_value(value: Any) -> Any:
    if isinstance(value, datetime):  # before `date`, which it is one of
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if value.utcoffset() == UTC.utcoffset(None) else text
    return value.isoformat() if isinstance(value, date) else value


def _spaced(standardised: str | None) -> str:
    return (standardised or "").replace("<", " ").strip()
