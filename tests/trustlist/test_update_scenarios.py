"""What an update does with everything that a network, a server or a machine can do to it: one row each.

Each row starts from a store that has taken in one good edition. What it brings is judged; then whatever holds after
every update is looked at: no key in use that the pinned signer never signed, nothing changed by what was refused, and
no list older than the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.simulators.network import (
    DAY,
    REFERENCES,
    ROOT,
    Listed,
    Network,
    body,
    listed,
    served,
    signer,
    under_kid,
    with_document,
    without,
)
from tests.trustlist.update_scene import Scene
from trustlist import ListReason, TrustListError
from trustlist.did import build_document, encode_document
from trustlist.freshness import Freshness, freshness
from trustlist.update import Bring, Fetched, Held, UpdateOutcome, UpdatePolicy, pin

UPDATED, UNCHANGED = UpdateOutcome.UPDATED, UpdateOutcome.UNCHANGED
WAITING, REFUSED = UpdateOutcome.WAITING, UpdateOutcome.REFUSED
LIST_OF_XXA = f"{ROOT}:DCC:XXA:DSC"
REFERENCE_OF_XXA = f"{REFERENCES}:DCC:XXA:DSC"


Brought = Callable[[Scene], Bring]


@dataclass(frozen=True, slots=True)
class Row:
    """What is brought, and how the update ends."""

    name: str
    bring: Brought
    outcome: UpdateOutcome
    reason: ListReason | None = None
    lists: tuple[str, ...] = (ROOT,)
    after: timedelta = timedelta(0)
    """From the newest edition until the update."""
    policy: UpdatePolicy = field(default_factory=UpdatePolicy)
    remarks: tuple[tuple[ListReason, str], ...] = ()
    freshness: Freshness = Freshness.FRESH


def newer(scene: Scene) -> Bring:
    return served(scene.network.publish(tree=scene.tree))


def the_same(scene: Scene) -> Bring:
    return served(scene.network.newest)


def older(scene: Scene) -> Bring:
    scene.good()
    return served(scene.network.editions[0])


def same_moment(scene: Scene) -> Bring:
    scene.network.remove("XA", numbers=(0,))
    return served(scene.network.publish(after=timedelta(0)))


def one_part_older(scene: Scene) -> Bring:
    scene.good()
    old = scene.network.editions[0][LIST_OF_XXA]
    return served(with_document(scene.network.publish(tree=True), LIST_OF_XXA, old))


def one_part_never_seen_and_old(scene: Scene) -> Bring:
    """A first look at a network, half of it from long ago: nothing was seen that could tell."""
    scene.held = Held(pin(None, scene.network.pinned), None)
    old = scene.network.editions[0][LIST_OF_XXA]
    return served(with_document(scene.network.publish(after=30 * DAY, tree=True), LIST_OF_XXA, old))


def changed(change: Callable[[Network, bytes], bytes]) -> Brought:
    """The newest root, changed on its way."""

    def bring(scene: Scene) -> Bring:
        edition = scene.network.publish()
        return served(with_document(edition, ROOT, change(scene.network, edition[ROOT])))

    return bring


def signed_by_a_stranger(network: Network, data: bytes) -> bytes:
    return network.sign(build_document(ROOT, [listed("XA", 0).entry]), key_name="stranger")


def naming_another_signer(network: Network, data: bytes) -> bytes:
    other = replace(network, signer="did:web:trust.example:other", editions=[])
    return other.sign(build_document(ROOT, network.entries()))


def of_another_host(network: Network, data: bytes) -> bytes:
    return Network(host="other.example").publish()["did:web:other.example:v2:trustlist"]


def another_list(network: Network, data: bytes) -> bytes:
    return network.sign(build_document(LIST_OF_XXA, network.entries("DCC", "XXA", "DSC")))


def of_production(network: Network, data: bytes) -> bytes:
    return network.sign(build_document("did:web:tng-cdn.who.int:v2:trustlist", network.entries()))


def cut(network: Network, data: bytes) -> bytes:
    return data[: len(data) // 2]


def with_an_entry_more(network: Network, data: bytes) -> bytes:
    """A key that was never signed, put in by whoever carries the list."""
    forged = build_document(ROOT, [replace(listed("XA", 0).entry, kid=b"forged!!")])["verificationMethod"][0]
    return encode_document(body(data, lambda document: document["verificationMethod"].append(forged)))


def with_a_member_more(network: Network, data: bytes) -> bytes:
    return encode_document(body(data, lambda document: document.update(expires="2099-01-01")))


def with_a_member_more_in_an_entry(network: Network, data: bytes) -> bytes:
    return encode_document(body(data, lambda document: document["verificationMethod"][0].update(note="trust me")))


def without_an_entry(network: Network, data: bytes) -> bytes:
    return encode_document(body(data, lambda document: document["verificationMethod"].pop()))


def with_another_date(network: Network, data: bytes) -> bytes:
    return encode_document(body(data, lambda document: document["proof"].update(created="2026-06-03T12:01:00Z")))


def without_proof(network: Network, data: bytes) -> bytes:
    return encode_document(body(data, lambda document: document.pop("proof")))


def from_the_future(network: Network, data: bytes) -> bytes:
    return network.sign(build_document(ROOT, network.entries()), created=network.clock + timedelta(minutes=6))


def from_a_clock_a_little_fast(network: Network, data: bytes) -> bytes:
    return network.sign(build_document(ROOT, network.entries()), created=network.clock + timedelta(minutes=4))


def a_login_page(network: Network, data: bytes) -> bytes:
    return b"<!doctype html><title>Free airport internet</title>"


def emptied(network: Network, data: bytes) -> bytes:
    return network.sign(build_document(ROOT, []))


def losing(*countries: str, numbers: tuple[int | None, ...] = (None, 0, 1, 2), tree: bool = False) -> Brought:
    def bring(scene: Scene) -> Bring:
        scene.network.remove(*countries, numbers=numbers)
        return newer(scene)

    return bring


def other_certificates(scene: Scene) -> Bring:
    """All keys keep their names, and become others."""
    keys = scene.network.keys
    scene.network.keys = [under_kid(new, old.kid) for new, old in zip(reversed(keys), keys, strict=True)]
    for index, each in enumerate(keys):
        entry = replace(scene.network.keys[index].entry, participant=each.entry.participant, usage=each.entry.usage)
        scene.network.keys[index] = Listed(entry)
    return newer(scene)


def one_kid_for_two(scene: Scene) -> Bring:
    scene.network.keys.append(under_kid(listed("XB", 0), listed("XA", 0).kid))
    return newer(scene)


def not_there(scene: Scene) -> Bring:
    return served({})


def unreachable(scene: Scene) -> Bring:
    def bring(did: str) -> Fetched:
        raise TrustListError(ListReason.FETCH_TIMEOUT, did=did)

    return bring


def referring(*targets: str, at: str = REFERENCE_OF_XXA) -> Brought:
    """One of the reference lists names more than the list below it."""

    def bring(scene: Scene) -> Bring:
        network, edition = scene.network, scene.network.publish(tree=True)
        path = at.removeprefix(REFERENCES).split(":")[1:]
        to = body(edition[at], lambda _: None)["verificationMethod"]
        return served(with_document(edition, at, network.sign(network.references(*path, to=[*to, *targets]))))

    return bring


def one_list_gone(scene: Scene) -> Bring:
    return served(without(scene.network.publish(tree=True), LIST_OF_XXA))


def one_participant_withdrawn(scene: Scene) -> Bring:
    """By the signer: the references to it are gone as well."""
    scene.network.remove("XA")
    return newer(scene)


def going_down_for_ever(scene: Scene) -> Bring:
    network, edition = scene.network, dict(scene.network.publish(tree=True))
    path: tuple[str, ...] = ()
    for level in range(12):
        deeper = (*path, f"L{level}")
        reference = network.references(*path, to=[":".join((REFERENCES, *deeper))])
        edition[reference["id"]] = network.sign(reference)
        path = deeper
    return served(edition)


FOREIGN = "did:web:tng-cdn-dev.who.int:trustlist"
TABLE = (
    Row("a newer list", newer, UPDATED),
    Row("the same list again", the_same, UNCHANGED),
    Row("rollback: an older list", older, REFUSED, ListReason.LIST_ROLLED_BACK),
    Row("two lists of one moment", same_moment, REFUSED, ListReason.LIST_SAME_TIME),
    Row("freeze for a week and a day", the_same, UNCHANGED, after=8 * DAY, freshness=Freshness.AGEING),
    Row("freeze for ever", the_same, UNCHANGED, after=90 * DAY, freshness=Freshness.STALE),
    Row("mix: one part older than seen", one_part_older, REFUSED, ListReason.LIST_ROLLED_BACK, (REFERENCES,)),
    Row("mix: one part old, never seen", one_part_never_seen_and_old, REFUSED, ListReason.LISTS_APART, (REFERENCES,)),
    Row("wrong key", changed(signed_by_a_stranger), REFUSED, ListReason.PROOF_INVALID),
    Row("another signer's name", changed(naming_another_signer), REFUSED, ListReason.PROOF_SIGNER_UNEXPECTED),
    Row("wrong host", changed(of_another_host), REFUSED, ListReason.DID_UNEXPECTED),
    Row("another list of the host", changed(another_list), REFUSED, ListReason.DID_UNEXPECTED),
    Row("wrong environment: what is brought", changed(of_production), REFUSED, ListReason.DID_UNEXPECTED),
    Row("truncated", changed(cut), REFUSED, ListReason.DOCUMENT_NOT_JSON),
    Row("a login page", changed(a_login_page), REFUSED, ListReason.DOCUMENT_NOT_JSON),
    Row("a forged entry", changed(with_an_entry_more), REFUSED, ListReason.PROOF_INVALID),
    Row("an entry dropped on the way", changed(without_an_entry), REFUSED, ListReason.PROOF_INVALID),
    Row("another date", changed(with_another_date), REFUSED, ListReason.PROOF_INVALID),
    Row("no proof", changed(without_proof), REFUSED, ListReason.DOCUMENT_SHAPE),
    Row("an unsigned member", changed(with_a_member_more), REFUSED, ListReason.DOCUMENT_MEMBER_UNKNOWN),
    Row(
        "an unsigned member of an entry",
        changed(with_a_member_more_in_an_entry),
        REFUSED,
        ListReason.DOCUMENT_MEMBER_UNKNOWN,
    ),
    Row("signed in the future", changed(from_the_future), REFUSED, ListReason.LIST_AHEAD),
    Row("signed by a clock a little fast", changed(from_a_clock_a_little_fast), UPDATED),
    Row(
        "our clock goes backwards",
        the_same,
        REFUSED,
        ListReason.LIST_AHEAD,
        after=-400 * DAY,
        freshness=Freshness.AHEAD,
    ),
    Row("our clock goes backwards a little", the_same, UNCHANGED, after=timedelta(minutes=-4)),
    Row("too large", newer, REFUSED, ListReason.LIST_TOO_LARGE, policy=UpdatePolicy(document_bytes=10_000)),
    Row("too large together", newer, REFUSED, ListReason.LIST_TOO_LARGE, policy=UpdatePolicy(together_bytes=10_000)),
    Row("too slow", unreachable, REFUSED, ListReason.FETCH_TIMEOUT),
    Row("not there", not_there, REFUSED, ListReason.LIST_NOT_FOUND),
    Row(
        "one kid for two participants",
        one_kid_for_two,
        UPDATED,
        remarks=((ListReason.KID_SHARED, signer("XA", 0).kid.hex()),),
    ),
    Row("shrink: 3 of 18 signers", losing("XA", numbers=(0, 1, 2)), UPDATED),
    Row("shrink: 4 of 18 signers", losing("XA", "XB", numbers=(0, 1)), WAITING, ListReason.LIST_SHRUNK),
    Row("shrink: an SCA of 6, its signers stay with it in their chain", losing("XA", numbers=(None,)), UPDATED),
    Row("shrink: one participant of 6", losing("XA"), UPDATED),
    Row("shrink: two participants of 6", losing("XA", "XB"), WAITING, ListReason.LIST_SHRUNK),
    Row("shrink: everything", changed(emptied), WAITING, ListReason.LIST_SHRUNK),
    Row("shrink: all keys become others", other_certificates, WAITING, ListReason.LIST_SHRUNK),
    Row("references: followed to the keys", newer, UPDATED, lists=(REFERENCES,)),
    Row("references: the same again", the_same, UNCHANGED, lists=(REFERENCES,)),
    Row(
        "references: to another environment",
        referring(FOREIGN),
        UPDATED,
        lists=(REFERENCES,),
        remarks=((ListReason.REFERENCE_FOREIGN, FOREIGN),),
    ),
    Row(
        "references: out of their own part",
        referring(f"{ROOT}:DCC:XXB:DSC"),
        UPDATED,
        lists=(REFERENCES,),
        remarks=((ListReason.REFERENCE_OUTSIDE, f"{ROOT}:DCC:XXB:DSC"),),
    ),
    Row(
        "references: back to the start",
        referring(REFERENCES),
        UPDATED,
        lists=(REFERENCES,),
        remarks=((ListReason.REFERENCE_OUTSIDE, REFERENCES),),
    ),
    Row(
        "references: to a list that never was",
        referring(f"{LIST_OF_XXA}:MORE"),
        UPDATED,
        lists=(REFERENCES,),
        remarks=((ListReason.REFERENCE_DANGLING, f"{LIST_OF_XXA}:MORE"),),
    ),
    Row(
        "references: to a list in use that is gone",
        one_list_gone,
        WAITING,
        ListReason.REFERENCE_DANGLING,
        (REFERENCES,),
        remarks=((ListReason.REFERENCE_DANGLING, LIST_OF_XXA),),
    ),
    Row("references: one withdrawn by the signer", one_participant_withdrawn, UPDATED, lists=(REFERENCES,)),
    Row("references: too deep", going_down_for_ever, REFUSED, ListReason.REFERENCE_TOO_DEEP, (REFERENCES,)),
    Row(
        "references: too many",
        newer,
        REFUSED,
        ListReason.LISTS_TOO_MANY,
        (REFERENCES,),
        policy=UpdatePolicy(documents=20),
    ),
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_scenario(row: Row) -> None:
    scene = Scene(lists=row.lists)
    bring = row.bring(scene)
    scene.policy = row.policy
    at = scene.network.clock + row.after
    result = scene.take(bring, at=at)
    assert (result.outcome, result.reason) == (row.outcome, row.reason), result.detail
    assert tuple((remark.reason, remark.about) for remark in result.remarks) == row.remarks
    if result.snapshot is not None:
        assert freshness(result.snapshot, at) is row.freshness
