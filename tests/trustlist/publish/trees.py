"""Published trees for tests: a small network's list, and what is looked for in a tree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from tests.trustlist.did_lists import CREATED, LIST_DID, SIGNER_DID, Json, network
from trustlist.model import ListEntry
from trustlist.publish import ListSigner, build_tree, nonces_from

SEED = b"seed of the nonces"
SCHEMA: Json = json.loads(files("trustlist.publish").joinpath("did_list.schema.json").read_text("utf-8"))


def list_signer(**changes: Any) -> ListSigner:
    """The signer of the small network's list."""
    arguments: dict[str, Any] = {
        "sign": network().list_key,
        "verification_method": SIGNER_DID,
        "created": CREATED,
        "nonce": nonces_from(SEED),
    }
    return ListSigner(**(arguments | changes))


def small_tree(entries: Iterable[ListEntry] | None = None, **changes: Any) -> Mapping[str, bytes]:
    """The tree of the small network, or of these entries."""
    chosen = network().entries if entries is None else entries
    return build_tree(LIST_DID, chosen, signer=list_signer(**changes))


def dids(tree: Mapping[str, bytes]) -> dict[str, Json]:
    """The documents of a tree by their DIDs."""
    return {document["id"]: document for document in map(json.loads, tree.values())}


def references(document: Json) -> list[str]:
    return [each for each in document["verificationMethod"] if isinstance(each, str)]
