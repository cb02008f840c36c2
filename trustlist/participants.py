"""Which participant an issuer's name means: `iss` of a credential against a list's code and a certificate's country.

The HCERT specification gives the issuer as ISO 3166-1 alpha-2, lists carry three letters, and participants that are
no country have virtual codes. A code can be both: the International Organization for Migration uses `IO` in its
certificates and `IOM` in lists, while `IO` is `IOT` in ISO. So nothing is decided by one table: a name counts if it
is one of those that the key's own list code and its certificate's subject country stand for together.

Sources: ISO 3166-1; the participant codes of WHO SMART Trust (code systems of 2026-07-23) and the names that the
network's published lists carried on 2026-08-22; ICAO 9303-3 for EU and UN; the European Union's interinstitutional
style guide for EL and UK.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from trustlist.countries import ALPHA3_OF_ALPHA2

_VIRTUAL: Mapping[str, str] = MappingProxyType({"XL": "XCL", "XM": "XML", "YK": "XYK", "WH": "WHO", "IO": "IOM"})
"""Virtual participants whose list code is not simply `X` before the two letters."""

_OTHER: Mapping[str, str] = MappingProxyType({"XK": "XKX", "EU": "EUE", "UN": "UNO", "EL": "GRC", "UK": "GBR"})
"""Codes in use that ISO 3166-1 does not assign; `XK` is Kosovo here, and a virtual participant too."""

_USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")
"""ISO 3166-1 leaves these to its users; the network makes `XXA` of `XA`."""
_CODE = re.compile(r"[A-Z]{2,3}")


def participant_of(country: str) -> str | None:
    """The code under which the network lists the participant whose certificates carry this subject country.

    Virtual codes come before ISO ones, as in the network's own lists. None for two letters that stand for nobody.
    """
    code = country.upper()
    if code in _VIRTUAL:
        return _VIRTUAL[code]
    if code.startswith("X") and _USER_ASSIGNED.fullmatch(code):
        return f"X{code}"
    return ALPHA3_OF_ALPHA2.get(code) or _OTHER.get(code)


def is_participant_code(iss: str) -> bool:
    """Whether an issuer's name has the form of a code at all; `Ministry of Health` names nobody in these terms."""
    return _CODE.fullmatch(iss.strip().upper()) is not None


def same_participant(iss: str, *, participant: str | None, country: str | None) -> bool:
    """Whether `iss` names the participant that a key belongs to.

    `participant` is the list's code (`FRA`, `XXA`, or two letters), `country` the one subject C of the certificate;
    either may be missing. Letter case and surrounding space do not count. False if both are missing.
    """
    name = iss.strip().upper()
    return name in _names(participant and participant.upper(), country and country.upper())


@lru_cache(maxsize=4096)
def _names(participant: str | None, country: str | None) -> frozenset[str]:
    if not participant:
        return frozenset({country}) | _long_codes(country) if country else frozenset()
    names = {participant, *_SHORT_CODES.get(participant, ()), *_long_codes(participant)}
    if country and _may_be(country, participant):
        names.add(country)
    return frozenset(names)


def _may_be(country: str, participant: str) -> bool:
    """Whether a certificate's country can be this participant's: a new virtual one may be in no table yet."""
    if participant in _long_codes(country):
        return True
    return participant not in _SHORT_CODES and country not in ALPHA3_OF_ALPHA2


def _long_codes(country: str) -> frozenset[str]:
    """Every three-letter code that two letters may stand for."""
    codes = {participant_of(country), ALPHA3_OF_ALPHA2.get(country), _OTHER.get(country)}
    return frozenset(code for code in codes if code)


def _short_codes() -> Mapping[str, frozenset[str]]:
    known = {*ALPHA3_OF_ALPHA2, *_VIRTUAL, *_OTHER, *(f"X{chr(letter)}" for letter in range(ord("A"), ord("Z") + 1))}
    short: dict[str, set[str]] = {}
    for country in known:
        for code in _long_codes(country):
            short.setdefault(code, set()).add(country)
    return MappingProxyType({code: frozenset(countries) for code, countries in short.items()})


_SHORT_CODES = _short_codes()
"""Every two-letter code of a three-letter one."""
