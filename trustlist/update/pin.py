"""Pinning a signer's key: the one decision that makes a store, and that no update can make instead of a person.

Pure steps from state to state. The environment of a store is that of its first key and never changes.
"""

from __future__ import annotations

from dataclasses import replace

from trustlist.did import PinnedKey, read_pinned_key
from trustlist.errors import ListReason, TrustListError
from trustlist.model import Environment
from trustlist.update.state import Signer, State


def read_key_to_pin(
    data: bytes, *, environment: Environment | None = None, verification_method: str | None = None
) -> PinnedKey:
    """The key in a signer's DID document or JWK, for an environment that someone names.

    The network's own signers speak for one environment each, which nobody can change by naming another. Raises
    `TrustListError` as `read_pinned_key`, and `ENVIRONMENT_UNEXPECTED`.
    """
    key = read_pinned_key(data, verification_method=verification_method)
    if environment is None or environment is key.environment:
        return key
    if key.environment is not Environment.PRIVATE:
        raise TrustListError(ListReason.ENVIRONMENT_UNEXPECTED, expected=key.environment.value)
    return replace(key, environment=environment)


def pin(state: State | None, key: PinnedKey, *, replacing: str | None = None, forget: bool = False) -> State:
    """The state with `key` as its signer; None is a store that is not there yet.

    To put another key in the place of the one that is pinned, `replacing` names that one by its thumbprint. What was
    verified with it stays in use until the next update brings lists of the new signer; with `forget` it goes at once
    and nothing is trusted meanwhile, as is right when the old key was stolen. What was seen is remembered either way,
    so that no older list comes back. Raises `TrustListError`: `ENVIRONMENT_UNEXPECTED`, `SIGNER_PINNED_OTHER`.
    """
    signer = Signer.of(key)
    if state is None:
        return State(key.environment, signer)
    if key.environment is not state.environment:
        raise TrustListError(ListReason.ENVIRONMENT_UNEXPECTED, expected=state.environment.value)
    if signer != state.signer:
        if replacing != state.signer.thumbprint:
            raise TrustListError(ListReason.SIGNER_PINNED_OTHER, pinned=state.signer.thumbprint)
        state = _replace_signer(state, signer)
    if not forget:
        return state
    return replace(state, former=(), documents=(), snapshot=None, taken=None, checked=None, waiting=None)


def _replace_signer(state: State, signer: Signer) -> State:
    """Lists that wait were verified with the key that goes: they must come again."""
    needed = {held.signer for held in state.documents} - {signer.thumbprint}
    former = tuple(each for each in (*state.former, state.signer) if each.thumbprint in needed)
    return replace(state, signer=signer, former=former, waiting=None)
