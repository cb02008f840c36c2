"""Checkpoints: what is believed, by how many signatures, and how one may follow another."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import (
    Checkpoint,
    KeyKind,
    LedgerReason,
    LogKeys,
    check_extends,
    cosign_checkpoint,
    countersign_checkpoint,
    decode_checkpoint,
    empty_checkpoint,
    merge_signatures,
    sign_checkpoint,
    verify_checkpoint,
)
from ledger.keys import make_signature
from ledger.note import Note, Signature, decode_note
from tests.ledger.parts import AT, KEYS, ORIGIN, SIGNER, MemoryLog, data_of, outcome, reason_of, signer

ROOT = bytes(range(32))
HEAD = Checkpoint(ORIGIN, 20_852_163, ROOT)
NOTE = sign_checkpoint(HEAD, [SIGNER])
SECOND, THIRD = signer("custodian.example/2"), signer("custodian.example/3")
WITNESSES = tuple(signer(f"witness.example/{number}", KeyKind.COSIGNATURE) for number in range(3))
WITNESS_KEYS = tuple(witness.key for witness in WITNESSES)
TWO_OF_THREE = LogKeys(ORIGIN, (SIGNER.key, SECOND.key, THIRD.key), threshold=2)
WITNESSED = LogKeys(ORIGIN, (SIGNER.key,), witnesses=WITNESS_KEYS, witness_threshold=2)


def signed(text: bytes) -> bytes:
    """Any text, signed by the log's key."""
    return Note(text, (Signature.by(SIGNER.key, make_signature(text, SIGNER)),)).encode()


class TestText:
    def test_a_checkpoint_is_three_lines(self) -> None:
        assert HEAD.text == f"{ORIGIN}\n20852163\n{b64encode(ROOT).decode()}\n".encode()
        assert decode_checkpoint(HEAD.text) == HEAD

    def test_further_lines_are_kept(self) -> None:
        head = Checkpoint(ORIGIN, 1, ROOT, ("one", "two 2"))
        assert decode_checkpoint(head.text) == head

    def test_the_example_of_the_specification_is_read(self) -> None:
        text = b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        assert decode_checkpoint(text).size == 20_852_163
        assert decode_checkpoint(text).text == text

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"\n\n\n",
            b"log\n1\n",
            b"log\n1\n" + b64encode(ROOT),
            b"log\n01\n" + b64encode(ROOT) + b"\n",
            b"log\n+1\n" + b64encode(ROOT) + b"\n",
            b"log\n-1\n" + b64encode(ROOT) + b"\n",
            b"log\n1 \n" + b64encode(ROOT) + b"\n",
            b"log\n1_0\n" + b64encode(ROOT) + b"\n",
            "log\n\u0661\n".encode() + b64encode(ROOT) + b"\n",
            b"log\n9223372036854775808\n" + b64encode(ROOT) + b"\n",
            b"log\n" + b"9" * 5_000 + b"\n" + b64encode(ROOT) + b"\n",
            b"log\n1\n" + b64encode(ROOT[:31]) + b"\n",
            b"log\n1\n" + b64encode(ROOT).replace(b"=", b"") + b"\n",
            b"log\n1\n" + b64encode(ROOT)[:-2] + b"9=\n",
            b"\n1\n" + b64encode(ROOT) + b"\n",
            b"log\n1\n" + b64encode(ROOT) + b"\n\n",
            b"log\n1\n" + b64encode(ROOT) + b"\n\nmore\n",
            b"log\n0\n" + b64encode(ROOT) + b"\n",
            b"l\xffg\n1\n" + b64encode(ROOT) + b"\n",
        ],
    )
    def test_other_texts_are_no_checkpoints(self, text: bytes) -> None:
        assert reason_of(lambda: decode_checkpoint(text)) is LedgerReason.CHECKPOINT_SHAPE

    @pytest.mark.parametrize("origin", ["", "a\nb", "a\tb", "\ud800"])
    def test_origins_that_are_no_line_are_refused(self, origin: str) -> None:
        assert reason_of(lambda: Checkpoint(origin, 1, ROOT)) is LedgerReason.CHECKPOINT_SHAPE

    @given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
    def test_whatever_the_bytes_only_a_ledger_error_leaves(self, text: bytes) -> None:
        assert outcome(lambda: decode_checkpoint(text).text) in {text, LedgerReason.CHECKPOINT_SHAPE}


class TestSignatures:
    def test_the_logs_key_is_enough_by_default(self) -> None:
        verified = verify_checkpoint(NOTE, KEYS)
        assert (verified.checkpoint, verified.note) == (HEAD, NOTE)
        assert (verified.signers, verified.witnesses) == ((SIGNER.key,), ())

    def test_a_wrong_key_is_not(self) -> None:
        forged = sign_checkpoint(HEAD, [signer("forger")])
        assert reason_of(lambda: verify_checkpoint(forged, KEYS)) is LedgerReason.SIGNATURES_TOO_FEW

    def test_a_wrong_key_under_the_right_name_and_identifier_is_found_out(self) -> None:
        forger = signer("forger")
        line = Signature.by(SIGNER.key, make_signature(HEAD.text, forger))
        forged = Note(HEAD.text, (line,)).encode()
        assert reason_of(lambda: verify_checkpoint(forged, KEYS)) is LedgerReason.SIGNATURE_INVALID

    def test_a_changed_text_is_found_out(self) -> None:
        changed = NOTE.replace(b"20852163", b"20852164")
        assert reason_of(lambda: verify_checkpoint(changed, KEYS)) is LedgerReason.SIGNATURE_INVALID

    def test_another_log_by_the_same_key_is_refused(self) -> None:
        other = sign_checkpoint(Checkpoint("log.example/audit", 5, ROOT), [SIGNER])
        assert reason_of(lambda: verify_checkpoint(other, KEYS)) is LedgerReason.ORIGIN_UNEXPECTED

    def test_a_signed_text_that_is_no_checkpoint_is_refused(self) -> None:
        assert reason_of(lambda: verify_checkpoint(signed(b"hello\n"), KEYS)) is LedgerReason.CHECKPOINT_SHAPE

    def test_two_custodians_have_to_sign_where_two_are_asked_for(self) -> None:
        assert reason_of(lambda: verify_checkpoint(NOTE, TWO_OF_THREE)) is LedgerReason.SIGNATURES_TOO_FEW
        both = countersign_checkpoint(NOTE, THIRD)
        assert verify_checkpoint(both, TWO_OF_THREE).signers == (SIGNER.key, THIRD.key)

    def test_one_custodian_signing_twice_is_one(self) -> None:
        twice = NOTE + decode_note(NOTE).signatures[0].line.encode()
        assert reason_of(lambda: verify_checkpoint(twice, TWO_OF_THREE)) is LedgerReason.SIGNATURES_TOO_FEW

    def test_witnesses_count_apart_from_the_logs_keys(self) -> None:
        one = cosign_checkpoint(NOTE, WITNESSES[0], AT)
        assert reason_of(lambda: verify_checkpoint(one, WITNESSED)) is LedgerReason.WITNESSES_TOO_FEW
        two = cosign_checkpoint(one, WITNESSES[2], AT)
        assert verify_checkpoint(two, WITNESSED).witnesses == (WITNESS_KEYS[0], WITNESS_KEYS[2])
        alone = Note(HEAD.text, decode_note(two).signatures[1:]).encode()
        assert reason_of(lambda: verify_checkpoint(alone, WITNESSED)) is LedgerReason.SIGNATURES_TOO_FEW

    def test_a_witness_says_when(self) -> None:
        note = decode_note(cosign_checkpoint(NOTE, WITNESSES[0], datetime(2023, 3, 20, 12, 25, 47, 999, tzinfo=UTC)))
        assert int.from_bytes(note.signatures[1].value[:8], "big") == 1_679_315_147
        naive = datetime(2023, 3, 20)  # noqa: DTZ001
        assert reason_of(lambda: cosign_checkpoint(NOTE, WITNESSES[0], naive)) is LedgerReason.TIME_INVALID

    def test_only_checkpoints_are_countersigned(self) -> None:
        other = signed(b"hello\n")
        assert reason_of(lambda: countersign_checkpoint(other, SECOND)) is LedgerReason.CHECKPOINT_SHAPE
        assert reason_of(lambda: cosign_checkpoint(other, WITNESSES[0], AT)) is LedgerReason.CHECKPOINT_SHAPE

    def test_signatures_given_apart_are_brought_together(self) -> None:
        second = countersign_checkpoint(NOTE, SECOND)
        third = countersign_checkpoint(NOTE, THIRD)
        merged = merge_signatures(second, third)
        assert [each.name for each in decode_note(merged).signatures] == [SIGNER.name, SECOND.name, THIRD.name]
        other = sign_checkpoint(Checkpoint(ORIGIN, 5, ROOT), [SECOND])
        assert reason_of(lambda: merge_signatures(NOTE, other)) is LedgerReason.NOTE_OTHER_TEXT

    @given(st.data())
    def test_a_changed_note_is_refused_or_says_the_same(self, data: st.DataObject) -> None:
        note = bytearray(countersign_checkpoint(cosign_checkpoint(NOTE, WITNESSES[0], AT), SECOND))
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(note)))
            end = data.draw(st.sampled_from([place, place + 1, place + 4, len(note)]))
            note[place:end] = data.draw(st.binary(max_size=4) | st.sampled_from([b"\n", b" ", b"\n\n", "— ".encode()]))
        found = outcome(lambda: verify_checkpoint(bytes(note), KEYS))
        if isinstance(found, LedgerReason):
            assert found.startswith(("note-", "key-", "signature"))
        else:
            assert (found.checkpoint, found.signers) == (HEAD, (SIGNER.key,))


class TestKeys:
    def test_at_least_one_key_has_to_sign_and_no_more_than_there_are(self) -> None:
        for threshold in (0, -1, 2):
            refused = reason_of(partial(LogKeys, ORIGIN, (SIGNER.key,), threshold))
            assert refused is LedgerReason.THRESHOLD_IMPOSSIBLE
        assert reason_of(lambda: LogKeys(ORIGIN, ())) is LedgerReason.THRESHOLD_IMPOSSIBLE
        for threshold in (-1, 4):
            asked = partial(LogKeys, ORIGIN, (SIGNER.key,), witnesses=WITNESS_KEYS, witness_threshold=threshold)
            assert reason_of(asked) is LedgerReason.THRESHOLD_IMPOSSIBLE

    def test_one_key_cannot_count_twice_under_two_names(self) -> None:
        double = type(SIGNER)("other.example", SIGNER.private_key)
        witness = type(SIGNER)("w.example", SIGNER.private_key, KeyKind.COSIGNATURE)
        assert reason_of(lambda: LogKeys(ORIGIN, (SIGNER.key, double.key), 2)) is LedgerReason.KEY_REPEATED
        refused = reason_of(lambda: LogKeys(ORIGIN, (SIGNER.key,), witnesses=(witness.key,), witness_threshold=1))
        assert refused is LedgerReason.KEY_REPEATED

    def test_a_witness_is_no_custodian(self) -> None:
        assert reason_of(lambda: LogKeys(ORIGIN, WITNESS_KEYS)) is LedgerReason.KEY_KIND
        assert reason_of(lambda: sign_checkpoint(HEAD, [WITNESSES[0]])) is LedgerReason.KEY_KIND


class TestExtends:
    LOG = MemoryLog()
    LOG.add(data_of(70))
    OLD = LOG.checkpoint()
    LOG.add(data_of(130))
    NEW = LOG.checkpoint()
    PROOF = LOG.tree().consistency_proof(70)

    def test_a_log_may_grow_or_stay(self) -> None:
        check_extends(self.OLD, self.NEW, self.PROOF)
        check_extends(self.OLD, self.OLD, ())
        check_extends(empty_checkpoint(ORIGIN), self.OLD, ())

    def test_another_log_is_no_successor(self) -> None:
        other = Checkpoint("log.example/other", self.NEW.size, self.NEW.root)
        assert reason_of(lambda: check_extends(self.OLD, other, self.PROOF)) is LedgerReason.ORIGIN_UNEXPECTED

    def test_a_shorter_log_was_rolled_back(self) -> None:
        assert reason_of(lambda: check_extends(self.NEW, self.OLD, ())) is LedgerReason.ROLLED_BACK
        assert reason_of(lambda: check_extends(self.NEW, self.OLD, self.PROOF)) is LedgerReason.ROLLED_BACK

    def test_another_root_at_the_same_size_is_a_split_view(self) -> None:
        other = Checkpoint(ORIGIN, self.OLD.size, ROOT)
        assert reason_of(lambda: check_extends(self.OLD, other, ())) is LedgerReason.SPLIT_VIEW

    def test_a_longer_log_that_does_not_hold_the_old_one_was_rewritten(self) -> None:
        other = Checkpoint(ORIGIN, self.NEW.size, ROOT)
        for current, proof in [(other, self.PROOF), (self.NEW, ()), (self.NEW, self.PROOF[1:])]:
            assert reason_of(partial(check_extends, self.OLD, current, proof)) is LedgerReason.HISTORY_REWRITTEN
