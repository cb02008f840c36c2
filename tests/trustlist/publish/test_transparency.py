"""Changes of a list as entries of a log, the log added up again, and a list held against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import Ed25519Signer, Entry, Log, LoggedEntry, LogKeys, LogWriter
from tests.trustlist.did_lists import dev_key, list_entry, network
from trustlist.did import read_document
from trustlist.errors import ListReason, TrustListError
from trustlist.model import KeyUsage, ListEntry
from trustlist.transparency import (
    Content,
    Deviation,
    Discrepancy,
    KeyChange,
    add_up,
    compare_with_log,
    content_of,
    log_changes,
    logged_content,
    read_change,
)

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
CUSTODIAN = "XXA:custodian-1"
NOTHING: Content = {}


def numbered(entries: Iterable[Entry], start: int = 0) -> list[LoggedEntry]:
    return [LoggedEntry(index, entry) for index, entry in enumerate(entries, start)]


def changes(before: Content, after: Content) -> tuple[Entry, ...]:
    return log_changes(before, after, actor=CUSTODIAN, at=AT)


def small() -> Content:
    return content_of(network().entries)


def test_the_first_publication_logs_every_key_with_all_that_names_it() -> None:
    entries = changes(NOTHING, small())
    assert [entry.kind for entry in entries] == ["key.added"] * 4
    sca, dsc = network().entries[:2]
    by_kid = {entry.detail["kid"]: entry for entry in entries}
    entry = by_kid[dsc.kid.hex()]
    assert (entry.actor, entry.at) == (CUSTODIAN, AT)
    assert entry.subject == f"DCC/XXA/DSC/{dsc.kid.hex()}"
    assert {name: entry.detail[name] for name in ("participant", "domain", "usage")} == {
        "participant": "XXA", "domain": "DCC", "usage": "DSC",
    }  # fmt: skip
    assert str(entry.detail["certificate"]).startswith(dsc.kid.hex())  # the kid is the beginning of the same hash
    assert entry.detail["chain"] is not None
    assert by_kid[sca.kid.hex()].detail["chain"] is None


def test_nothing_changed_is_nothing_to_log() -> None:
    assert changes(small(), small()) == ()
    assert changes(small(), content_of(reversed(network().entries))) == ()


def test_a_key_that_goes_is_withdrawn_and_one_with_another_chain_is_changed() -> None:
    _, dsc, *others = network().entries
    after = content_of([replace(dsc, certificates=dsc.certificates[:1]), *others])
    first, second = changes(small(), after)
    assert (first.kind, first.detail["usage"]) == ("key.withdrawn", "SCA")
    assert (second.kind, second.detail["chain"]) == ("key.changed", None)
    assert compare_with_log(after, logged_content(add_up(numbered([*changes(NOTHING, small()), first, second])))) == ()


def test_a_key_moved_to_another_participant_is_withdrawn_and_added() -> None:
    moved = content_of([replace(network().entries[0], participant="XXC"), *network().entries[1:]])
    assert [entry.kind for entry in changes(small(), moved)] == ["key.withdrawn", "key.added"]


def test_a_log_says_who_put_in_each_key_and_when() -> None:
    later = AT + timedelta(days=3)
    first = content_of(network().entries[:2])
    entries = [*changes(NOTHING, first), *log_changes(first, small(), actor="XXB:custodian-2", at=later)]
    found = add_up(numbered(entries))
    assert {(key.actor, key.at) for key in found.values()} == {(CUSTODIAN, AT), ("XXB:custodian-2", later)}
    assert sorted(key.index for key in found.values()) == [0, 1, 2, 3]
    assert logged_content(found) == small()


def test_entries_about_other_things_are_passed_by() -> None:
    other = Entry("list.published", AT, CUSTODIAN, "did:web:trust.example")
    assert logged_content(add_up(numbered([other, *changes(NOTHING, small()), other]))) == small()


def test_a_list_is_held_against_its_log() -> None:
    sca, dsc, *others = network().entries
    listed = content_of([replace(dsc, certificates=(sca.certificates[0],)), *others, replace(sca, participant="XXC")])
    found = compare_with_log(listed, small())
    assert [(each.name.participant, each.deviation) for each in found] == [
        ("XXA", Deviation.OTHERWISE),
        ("XXA", Deviation.NOT_LISTED),
        ("XXC", Deviation.NOT_LOGGED),
    ]


def broken_logs() -> dict[str, list[Entry]]:
    added = list(changes(NOTHING, small()))
    withdrawn = list(changes(small(), NOTHING))
    changed = replace(added[0], kind="key.changed")
    other = replace(added[0], detail={**added[0].detail, "certificate": "0" * 64})
    return {
        "added twice": [*added, added[0]],
        "withdrawn without being there": withdrawn[:1],
        "changed without being there": [changed],
        "changed into the same": [*added, changed],
        "withdrawn with another certificate": [*added, replace(other, kind="key.withdrawn")],
        "unknown change": [replace(added[0], kind="key.renamed")],
        "another subject": [replace(added[0], subject="DCC/XXB/DSC/00")],
        "no kid": [replace(added[0], detail={**added[0].detail, "kid": None})],
        "kid that is a number": [replace(added[0], detail={**added[0].detail, "kid": 7})],
        "kid that is no hexadecimal": [replace(added[0], detail={**added[0].detail, "kid": "zz"})],
        "unknown usage": [replace(added[0], detail={**added[0].detail, "usage": "CSCA"})],
        "no certificate": [replace(added[0], detail={**added[0].detail, "certificate": None})],
        "short certificate": [replace(added[0], detail={**added[0].detail, "certificate": "ab"})],
        "chain that is no hash": [replace(added[0], detail={**added[0].detail, "chain": "x" * 64})],
        "no detail": [replace(added[0], detail={})],
    }


@pytest.mark.parametrize("name", broken_logs())
def test_a_log_that_contradicts_itself_is_refused_with_the_place(name: str) -> None:
    entries = broken_logs()[name]
    with pytest.raises(TrustListError) as caught:
        add_up(numbered(entries))
    assert caught.value.reason is ListReason.LOG_INCONSISTENT
    assert caught.value.detail["index"] == len(entries) - 1


def test_one_name_with_two_certificates_cannot_be_logged() -> None:
    first, second = network().entries[:2]
    with pytest.raises(TrustListError) as caught:
        content_of([first, replace(first, certificates=second.certificates)])
    assert caught.value.reason is ListReason.ENTRY_AMBIGUOUS


def test_a_bare_key_and_an_issuer_are_logged_too() -> None:
    bare = ListEntry(b"kid", (), None, "SHC", KeyUsage.DSC, "", public_key=b"key", issuer="https://issuer.example")
    found = add_up(numbered(changes(NOTHING, content_of([bare]))))
    ((name, key),) = found.items()
    assert (name.participant, key.fingerprint.chain) == ("https://issuer.example", None)


contents = st.dictionaries(st.integers(0, 7), st.integers(0, 2), max_size=8).map(
    lambda drawn: content_of(
        list_entry(bytes([kid]), (bytes([kid, value]),), participant="XXA" if kid % 2 else "XXB")
        for kid, value in drawn.items()
    )
)


@given(st.lists(contents, max_size=6))
def test_whatever_a_list_went_through_its_log_adds_up_to_it(history: list[Content]) -> None:
    entries: list[Entry] = []
    before = NOTHING
    for after in history:
        entries += changes(before, after)
        before = after
    assert logged_content(add_up(numbered(entries))) == before
    assert compare_with_log(before, logged_content(add_up(numbered(entries)))) == ()


@given(contents, contents)
def test_every_change_is_logged_once_and_no_more(before: Content, after: Content) -> None:
    entries = changes(before, after)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert {read_change(each)[1] for each in numbered(entries)} == differing
    assert len(entries) == len(differing)
    assert {each.deviation for each in compare_with_log(after, before)} <= set(Deviation)
    assert len(compare_with_log(after, before)) == len(differing)


@pytest.mark.corpus
def test_the_networks_list_fits_into_a_log_and_out_again(corpora: Path, tmp_path: Path) -> None:
    data = (corpora / "trust-lists" / "dev" / "v2" / "trustlist" / "did.json").read_bytes()
    listed = content_of(read_document(data, key=dev_key(corpora)).entries)
    signer = Ed25519Signer("trust.example/log", Ed25519PrivateKey.generate())
    keys = LogKeys("trust.example/log", (signer.key,))
    with LogWriter.create(tmp_path / "log", keys=keys, signers=[signer]) as log:
        log.append(changes(NOTHING, listed))
    found = logged_content(add_up(Log.open(tmp_path / "log", keys=keys).entries()))
    assert (len(found), compare_with_log(listed, found)) == (255, ())
    withdrawn = next(iter(listed))
    smaller = {name: fingerprint for name, fingerprint in listed.items() if name != withdrawn}
    assert compare_with_log(smaller, found) == (Discrepancy(withdrawn, Deviation.NOT_LISTED),)


def test_kinds_are_words_of_the_log() -> None:
    assert {kind.value for kind in KeyChange} == {"key.added", "key.changed", "key.withdrawn"}
