"""No bytes, no JSON and no change of a good list makes the reader leave with anything but its own error."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.trustlist.did_lists import LIST_DID, SIGNER_DID, Json, network
from trustlist import did_shape
from trustlist.did import DidDocument, encode_document, read_document
from trustlist.errors import TrustListError

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([LIST_DID, SIGNER_DID, "#DCC", "#DSC", "AAAA", "EC", "\ud800", "\x00", "did:web:", "#"])
)
MEMBERS = """
    @context id type controller verificationMethod proof publicKeyJwk domain participant keyusage code
    kty kid x5c x y d created nonce proofPurpose jws @type
"""
NAMES = st.sampled_from(MEMBERS.split())
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=15,
)
GOOD = network().document()
GOOD_TEXT = encode_document(GOOD)
FACTS = frozenset(
    (entry.kid, entry.certificates, entry.participant, entry.domain, entry.usage) for entry in network().entries
)


def read(data: bytes | Json) -> DidDocument | None:
    try:
        return read_document(data, key=network().pinned)
    except TrustListError:
        return None


def assert_says_nothing_new(document: DidDocument | None) -> None:
    """Whatever still verifies says what was signed: perhaps in another order, or twice, never anything else."""
    if document is None:
        return
    assert document.did == LIST_DID
    assert document.references == ()
    facts = {(it.kid, it.certificates, it.participant, it.domain, it.usage) for it in document.entries}
    assert facts == FACTS


def paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every value of a JSON document is."""
    found = [path] if path else []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += paths(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, (*path, index))
    return found


PATHS = paths(GOOD)


@given(st.binary(max_size=400) | st.text(alphabet='{}[]":,#@idproofcode \\u', max_size=200).map(str.encode))
def test_any_bytes(data: bytes) -> None:
    assert read(data) is None


@given(JSON)
def test_any_json(value: Any) -> None:
    assert read(value) is None
    assert read(json.dumps(value).encode()) is None


@given(st.data())
def test_any_change_of_values_of_a_good_list(data: st.DataObject) -> None:
    document = copy.deepcopy(GOOD)
    for path in data.draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3)):
        change(document, path, data)
    assert_says_nothing_new(read(document))


def change(document: Any, path: tuple[Any, ...], data: st.DataObject) -> None:
    """Replaces, removes or repeats a value, puts another one from the list there, or adds a member beside it."""
    holder = document
    for step in path[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change took it away
    try:
        old = holder[path[-1]]
    except (KeyError, IndexError, TypeError):
        return
    if not isinstance(holder, (dict, list)):
        return
    action = data.draw(st.sampled_from(["replace", "remove", "repeat", "other", "add"]))
    if action == "replace":
        holder[path[-1]] = data.draw(JSON)
    elif action == "remove":
        del holder[path[-1]]
    elif action == "other":
        holder[path[-1]] = value_at(data.draw(st.sampled_from(PATHS)))
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(old))
    else:
        holder[data.draw(NAMES | st.text(max_size=5))] = data.draw(JSON)


def value_at(path: tuple[Any, ...]) -> Any:
    value: Any = GOOD
    for step in path:
        value = value[step]
    return copy.deepcopy(value)


@given(st.lists(st.tuples(st.integers(0, len(GOOD_TEXT) - 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_any_change_of_bytes_of_a_good_list(edits: list[tuple[int, int]]) -> None:
    text = bytearray(GOOD_TEXT)
    for position, value in edits:
        text[position] = value
    assert_says_nothing_new(read(bytes(text)))


@given(st.integers(0, len(GOOD_TEXT) - 1), st.integers(0, 3))
def test_any_cut_of_a_good_list(end: int, begin: int) -> None:
    assert read(GOOD_TEXT[begin:end]) is None


@given(JSON, st.sampled_from(["entry", "key", "proof", "document"]))
def test_whatever_shape_is_read_can_be_signed_and_read_again(value: Any, place: str) -> None:
    """Entries that cannot be used are rejected one by one; the document as a whole holds."""
    document = {name: copy.deepcopy(part) for name, part in GOOD.items() if name != "proof"}
    entry = document["verificationMethod"][1]
    holders: dict[str, Any] = {"entry": entry, "key": entry["publicKeyJwk"], "document": document}
    if place == "proof" or not isinstance(value, dict):
        document["verificationMethod"].append(value)
    else:
        holders[place].update(value)
    try:
        did_shape.read_body(document)
    except TrustListError:
        return
    if document["id"] == LIST_DID:
        signed = read_document(network().sign(document), key=network().pinned)
        found = len(signed.entries) + len(signed.rejected) + len(signed.references)
        assert found == len(document["verificationMethod"])
