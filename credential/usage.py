"""Which groups of a health certificate a signer may sign, by the extended key usage of its certificate.

The EU DCC governance ("Technical Specifications for EU Digital COVID Certificates", volume 5, public key certificate
governance) names three purposes: test, vaccination, recovery. A certificate that names none of them may sign all.
Real lists carry the three under a mistyped arc as well (`1.3.6.1.4.1.0.1847…`), so both are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

ARCS = ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
"""The specified arc first: that one is written, both are read."""

_LAST = MappingProxyType({1: "test", 2: "vaccination", 3: "recovery"})

GROUP_OF: Mapping[str, str] = MappingProxyType(
    {f"{arc}.{last}": group for arc in ARCS for last, group in _LAST.items()}
)
"""Dotted OID to group."""

OID_OF: Mapping[str, str] = MappingProxyType({group: f"{ARCS[0]}.{last}" for last, group in _LAST.items()})
"""Group to the OID that a new certificate carries."""


@lru_cache(maxsize=256)
def allowed_groups(extended_key_usage: tuple[str, ...]) -> frozenset[str] | None:
    """The groups (`test`, `vaccination`, `recovery`) that these purposes allow; None when they restrict nothing.

    Other purposes (`clientAuth` and so on) say nothing about groups and are passed over.
    """
    groups = frozenset(GROUP_OF[oid] for oid in extended_key_usage if oid in GROUP_OF)
    return groups or None
