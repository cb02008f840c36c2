"""The kinds of credential as a table: found by the number of their subclaim in `hcert` (-260). A new kind is a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from credential.kinds.eu_dcc import EuDcc, read_eu_dcc
from credential.kinds.reading import Reading


class Credential(Protocol):
    """What every kind of credential can say of itself; the rest is its own."""

    @property
    def printed_name(self) -> str:
        """The person's name as printed on the passport."""

    @property
    def birth_date(self) -> str:
        """As far as it is known: `YYYY-MM-DD`, `YYYY-MM`, `YYYY` or nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: a stable name, the subclaim, its reader, and what extended key usage calls its content."""

    name: str
    claim: int
    read: Callable[[object], Reading[Any]]
    group: Callable[[Any], str | None]
    """The purpose in `credential.usage` that a signer needs; None when there is none for this kind."""


_EU_DCC_GROUPS: Mapping[str, str] = MappingProxyType({"v": "vaccination", "t": "test", "r": "recovery"})


def _eu_dcc_group(credential: EuDcc) -> str | None:
    return _EU_DCC_GROUPS[credential.group]


KINDS = (Kind("eu-dcc", 1, read_eu_dcc, _eu_dcc_group),)

KINDS_BY_CLAIM: Mapping[int, Kind] = MappingProxyType({kind.claim: kind for kind in KINDS})
