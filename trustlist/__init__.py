"""Whose signature counts, for what, today.

snapshot = TrustSnapshot.from_certificates([der, ...])
snapshot = TrustSnapshot.from_did(document, key=read_pinned_key(key_file))
snapshot = TrustSnapshot.load("trust.snapshot")
for key in snapshot.candidates(kid): ...
"""

from trustlist.account import EntryState, EntryStatus
from trustlist.chain import Chain, ChainStatus
from trustlist.did import (
    DidDocument,
    PinnedKey,
    build_document,
    encode_document,
    read_document,
    read_pinned_key,
    sign_document,
    verify_proof,
)
from trustlist.errors import ListReason, TrustListError
from trustlist.messages import sentence
from trustlist.model import Environment, KeyUsage, ListEntry, RejectedEntry, Source, TrustedKey, environment_of
from trustlist.participants import is_participant_code, participant_of, same_participant
from trustlist.pinned import PinnedAs
from trustlist.scope import DEFAULT_SCOPES, Scope, ScopeTable, read_scopes
from trustlist.snapshot import TrustSnapshot
from trustlist.sources.anchors import read_anchors
from trustlist.sources.recognise import Pins
from trustlist.store import load_trust
from trustlist.trust import Trust

__all__ = [
    "DEFAULT_SCOPES",
    "Chain",
    "ChainStatus",
    "DidDocument",
    "EntryState",
    "EntryStatus",
    "Environment",
    "KeyUsage",
    "ListEntry",
    "ListReason",
    "PinnedAs",
    "PinnedKey",
    "Pins",
    "RejectedEntry",
    "Scope",
    "ScopeTable",
    "Source",
    "Trust",
    "TrustListError",
    "TrustSnapshot",
    "TrustedKey",
    "build_document",
    "encode_document",
    "environment_of",
    "is_participant_code",
    "load_trust",
    "participant_of",
    "read_anchors",
    "read_document",
    "read_pinned_key",
    "read_scopes",
    "same_participant",
    "sentence",
    "sign_document",
    "verify_proof",
]
