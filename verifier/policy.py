"""What a verifier asks for, as one frozen value: every choice is here, and unsafe choices have ugly names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from credential.limits import DEFAULT_LIMITS, Limits
from credential.wire.algorithms import Algorithm
from trustlist import DEFAULT_SCOPES, Environment, ScopeTable

_ALL_ALGORITHMS = frozenset(Algorithm)
_TRUSTED_ENVIRONMENTS = frozenset({Environment.PRODUCTION, Environment.PRIVATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`Policy()` asks whether a credential is authentic; `Policy.entry` asks whether it is accepted somewhere."""

    name: str = "authenticity"
    """Named in every verdict."""
    algorithms: frozenset[Algorithm] = _ALL_ALGORITHMS
    """Signature algorithms that count."""
    clock_skew: timedelta = timedelta(seconds=60)
    """How far this clock may be behind an issuer's: eases "not yet issued", never "expired"."""
    environments: frozenset[Environment] = _TRUSTED_ENVIRONMENTS
    """Networks whose keys count; keys of a development network are not among them."""
    stale_after: timedelta | None = timedelta(days=30)
    """Age of a trust list from which on nothing verified by it is accepted; None for no limit."""
    scopes: ScopeTable = DEFAULT_SCOPES
    """Trust domains and usages whose keys may sign a kind (`trustlist.scope`)."""
    country: str | None = None
    """Country of arrival whose rules apply, ISO 3166-1 alpha-2."""
    check_revocation: bool = False
    check_rules: bool = False
    limits: Limits = DEFAULT_LIMITS

    @classmethod
    def entry(cls, *, country: str) -> Policy:
        """Everything: authenticity, revocation, and the rules of `country` (ISO 3166-1 alpha-2)."""
        code = country.upper()
        return cls(name=f"entry-{code}", country=code, check_revocation=True, check_rules=True)

    @classmethod
    def unsafe_any_environment(cls) -> Policy:
        """Authenticity, with keys of acceptance and development networks counting too: for tests of those only."""
        return cls(name="unsafe-any-environment", environments=frozenset(Environment))


DEFAULT_POLICY = Policy()
