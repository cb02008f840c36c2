"""Signed notes: the published example, each way to be malformed, and fuzzing."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import KeyKind, LedgerReason, decode_verifier_key
from ledger.keys import make_signature
from ledger.limits import Limits
from ledger.note import Note, Signature, decode_note
from tests.ledger.parts import SIGNER, outcome, reason_of, signer
from tests.ledger.test_keys import NEUMANN

TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LINE = Signature.by(SIGNER.key, make_signature(TEXT.encode(), SIGNER)).line


def encoded(text: str = TEXT, *lines: str) -> bytes:
    """A note with these signature lines."""
    return f"{text}\n{''.join(lines)}".encode()


def test_the_published_example_is_signed_by_its_key() -> None:
    note = decode_note(encoded(TEXT, NEUMANN_LINE))
    assert note.signers([decode_verifier_key(NEUMANN)]) == (decode_verifier_key(NEUMANN),)
    assert note.encode() == encoded(TEXT, NEUMANN_LINE)


def test_unknown_signatures_are_ignored() -> None:
    note = decode_note(encoded(TEXT, NEUMANN_LINE, LINE))
    assert note.signers([SIGNER.key]) == (SIGNER.key,)
    assert note.signers([]) == ()


def test_a_name_alone_or_an_identifier_alone_makes_no_known_key() -> None:
    namesake = Signature(SIGNER.key.name, b"\0\0\0\0", bytes(64))
    double = Signature("other", SIGNER.key.id, bytes(64))
    assert Note(TEXT.encode(), (namesake, double)).signers([SIGNER.key]) == ()


def test_a_bad_signature_of_a_known_key_spoils_the_note() -> None:
    bad = Signature.by(SIGNER.key, bytes(64))
    for signatures in ([bad], [bad, *decode_note(encoded(TEXT, LINE)).signatures]):
        note = Note(TEXT.encode(), tuple(signatures))
        assert reason_of(partial(note.signers, [SIGNER.key])) is LedgerReason.SIGNATURE_INVALID


def test_a_key_that_signs_twice_counts_once() -> None:
    note = decode_note(encoded(TEXT, LINE, LINE, NEUMANN_LINE))
    assert note.signers([decode_verifier_key(NEUMANN), SIGNER.key]) == (SIGNER.key, decode_verifier_key(NEUMANN))


def test_a_text_may_have_empty_lines() -> None:
    text = "one\n\n\ntwo\n"
    note = decode_note(encoded(text, LINE))
    assert note.text == text.encode()


def test_a_key_of_the_same_name_and_another_kind_is_another_key() -> None:
    witness = signer(SIGNER.name, KeyKind.COSIGNATURE)
    assert decode_note(encoded(TEXT, LINE)).signers([witness.key]) == ()


def test_signatures_are_added_once() -> None:
    note = decode_note(encoded(TEXT, LINE))
    more = decode_note(encoded(TEXT, NEUMANN_LINE, LINE)).signatures
    assert note.with_signatures(more).encode() == encoded(TEXT, LINE, NEUMANN_LINE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", LedgerReason.NOTE_SHAPE),
        (b"\n", LedgerReason.NOTE_SHAPE),
        (b"\n\n", LedgerReason.NOTE_SHAPE),
        (encoded(TEXT), LedgerReason.NOTE_SHAPE),
        (TEXT.encode() + LINE.encode(), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE)[:-1], LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE) + b"\n", LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE, "more\n"), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE.replace("—", "-")), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE.replace("— ", "—")), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE.replace("— ", "—  ")), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, LINE.replace("\n", " \n")), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, "— name\n"), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, "— name AAAAAA==\n"), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, "— name AAAAAAB=\n"), LedgerReason.NOTE_SHAPE),
        (encoded(TEXT, "— na+me AAAAAAA=\n"), LedgerReason.KEY_NAME),
        (encoded(TEXT, "— na\u2003me AAAAAAA=\n"), LedgerReason.KEY_NAME),
        (encoded(TEXT, f"— {'x' * 257} AAAAAAA=\n"), LedgerReason.KEY_NAME),
        (encoded("tab\there\n", LINE), LedgerReason.NOTE_TEXT),
        (encoded("line\r\n", LINE), LedgerReason.NOTE_TEXT),
        (b"\xff" + encoded(TEXT, LINE), LedgerReason.NOTE_TEXT),
        (b"\xed\xa0\x80" + encoded(TEXT, LINE), LedgerReason.NOTE_TEXT),
    ],
)
def test_other_texts_are_no_notes(data: bytes, reason: LedgerReason) -> None:
    assert reason_of(lambda: decode_note(data)) is reason


def test_sixteen_signatures_are_read_and_a_flood_is_not() -> None:
    assert len(decode_note(encoded(TEXT, *[NEUMANN_LINE] * 64)).signatures) == 64
    flood = encoded(TEXT, *[NEUMANN_LINE] * 65)
    assert reason_of(lambda: decode_note(flood)) is LedgerReason.NOTE_SIGNATURES
    assert reason_of(lambda: decode_note(flood, Limits(note_bytes=1_000))) is LedgerReason.NOTE_TOO_LARGE


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.lists(st.binary(min_size=5, max_size=90), min_size=1)
)
def test_what_is_written_is_read_again(text: str, values: list[bytes]) -> None:
    note = Note(f"{text}\n".encode(), tuple(Signature("name", value[:4], value[4:]) for value in values))
    assert decode_note(note.encode()) == note


@given(
    st.binary()
    | st.lists(st.sampled_from([b"\n", b"\xe2\x80\x94", b" ", b"AAAAAAA=", b"name", LINE.encode()])).map(b"".join)
)
def test_whatever_the_bytes_only_a_ledger_error_leaves(data: bytes) -> None:
    found = outcome(lambda: decode_note(data).encode())
    assert found == data or str(found).startswith(("note-", "key-"))
