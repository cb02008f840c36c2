"""The key that lists are checked with, from the file an administrator keeps: a signer's DID document or a bare JWK.

The network publishes its signers' keys as DID documents in its participants repositories, one for each environment;
the key is bare, no certificate stands behind it. Trust in it is this file's being configured, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from credential.errors import DecodeError, Stage
from credential.wire import json_text
from trustlist.did_proof import PinnedKey, same_method
from trustlist.did_shape import read_method_id
from trustlist.errors import ListReason, TrustListError
from trustlist.jwk import p256_key
from trustlist.model import Environment

_FILE_BYTES = 1024 * 1024
_SIGNER = "did:web:raw.githubusercontent.com:WorldHealthOrganization:tng-participants-{name}:main:WHO:signing:DID"
_ENVIRONMENT_OF_SIGNER: Mapping[str, Environment] = MappingProxyType(
    {
        _SIGNER.format(name="prod"): Environment.PRODUCTION,
        _SIGNER.format(name="uat"): Environment.ACCEPTANCE,
        _SIGNER.format(name="dev"): Environment.DEVELOPMENT,
    }
)


def read_pinned_key(
    data: bytes, *, verification_method: str | None = None, environment: Environment | None = None
) -> PinnedKey:
    """The one P-256 key of a signer's DID document, or of a JWK (then `verification_method` is needed).

    Of several keys in a document, `verification_method` chooses. Without `environment` it is that of WHO's signer of
    this name, else `PRIVATE`. Raises `TrustListError` (a `PINNED_KEY_…` reason).
    """
    identifier, jwk = _choose(_read_object(data), verification_method)
    try:
        key = p256_key(jwk)
        method = read_method_id(identifier, at="pinned key")
    except TrustListError as error:
        kind = error.reason is ListReason.KEY_KIND
        reason = ListReason.PINNED_KEY_KIND if kind else ListReason.PINNED_KEY_UNREADABLE
        raise TrustListError(reason, cause=str(error.reason)) from error
    named = _ENVIRONMENT_OF_SIGNER.get(method.partition("#")[0], Environment.PRIVATE)
    return PinnedKey(verification_method=method, environment=environment or named, public_key=key)


def _read_object(data: bytes) -> Mapping[str, object]:
    try:
        value = json_text.decode(data, stage=Stage.TRUST_LIST, max_bytes=_FILE_BYTES)
    except DecodeError as error:
        raise TrustListError(ListReason.PINNED_KEY_UNREADABLE, cause=str(error.reason)) from error
    if not isinstance(value, dict):
        raise TrustListError(ListReason.PINNED_KEY_UNREADABLE)
    return value


def _choose(value: Mapping[str, object], wanted: str | None) -> tuple[object, Mapping[str, object]]:
    if "verificationMethod" not in value:
        return wanted, value
    methods = value["verificationMethod"]
    candidates = [
        (method.get("id"), method["publicKeyJwk"])
        for method in (methods if isinstance(methods, list) else [])
        if isinstance(method, dict) and isinstance(method.get("publicKeyJwk"), dict)
    ]
    if wanted is not None:
        candidates = [each for each in candidates if isinstance(each[0], str) and same_method(each[0], wanted)]
    if len(candidates) != 1:
        reason = ListReason.PINNED_KEY_AMBIGUOUS if candidates else ListReason.PINNED_KEY_UNREADABLE
        raise TrustListError(reason, candidates=len(candidates))
    return candidates[0]
