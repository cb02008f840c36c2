"""Keys as people pin them, and what is refused as one."""

from __future__ import annotations

from base64 import b64encode
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger import KeyKind, LedgerReason, VerifierKey, decode_verifier_key
from ledger.keys import decode_base64, make_cosignature, make_signature
from tests.ledger.parts import SIGNER, outcome, reason_of, signer

# The example of golang.org/x/mod/sumdb/note, which C2SP signed-note was written down from.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
WITNESS = signer("witness.example/w1", KeyKind.COSIGNATURE)


@pytest.mark.parametrize("line", [NEUMANN, f"  {NEUMANN}\n", SIGNER.key.text, WITNESS.key.text])
def test_a_key_is_read_from_its_line_and_written_the_same(line: str) -> None:
    key = decode_verifier_key(line)
    assert key.text == line.strip()


def test_the_published_example_has_its_identifier() -> None:
    key = decode_verifier_key(NEUMANN)
    assert (key.name, key.id.hex(), key.kind) == ("PeterNeumann", "c74f20a3", KeyKind.ED25519)


def test_the_identifier_depends_on_name_kind_and_key() -> None:
    key = SIGNER.key
    others = [
        VerifierKey("other", key.public_key),
        VerifierKey(key.name, key.public_key, KeyKind.COSIGNATURE),
        VerifierKey(key.name, bytes(32)),
    ]
    assert len({key.id, *(other.id for other in others)}) == 4


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", LedgerReason.KEY_MALFORMED),
        ("PeterNeumann", LedgerReason.KEY_MALFORMED),
        ("PeterNeumann+c74f20a3+", LedgerReason.KEY_MALFORMED),
        (NEUMANN.replace("c74f20a3", "c74f20a4"), LedgerReason.KEY_MALFORMED),
        (NEUMANN.replace("c74f20a3", "C74F20A3"), LedgerReason.KEY_MALFORMED),
        (NEUMANN.replace("c74f20a3", "c74f20a"), LedgerReason.KEY_MALFORMED),
        (NEUMANN.replace("Peter", "Petra"), LedgerReason.KEY_MALFORMED),
        (NEUMANN[:-4], LedgerReason.KEY_MALFORMED),
        (NEUMANN.replace("TW", "T?"), LedgerReason.KEY_MALFORMED),
        (NEUMANN.replace("ARpc", "AhpC"), LedgerReason.KEY_KIND),
        (NEUMANN.replace("ARpc", "BhpC"), LedgerReason.KEY_KIND),
        (NEUMANN.replace("Peter", "Peter "), LedgerReason.KEY_NAME),
        (NEUMANN.replace("PeterNeumann", ""), LedgerReason.KEY_NAME),
    ],
)
def test_other_lines_are_no_keys(line: str, reason: LedgerReason) -> None:
    assert reason_of(lambda: decode_verifier_key(line)) is reason


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\nb", "a\x00", "a\u2003b", "a\u00a0b", "a\u0085", "\ud800", "x" * 257]
)
def test_names_that_cannot_stand_in_a_note_are_refused(name: str) -> None:
    assert reason_of(lambda: VerifierKey(name, bytes(32))) is LedgerReason.KEY_NAME


@pytest.mark.parametrize("name", ["a", "log.example/trust", "é", "日本", "x" * 256])
def test_other_names_will_do(name: str) -> None:
    assert decode_verifier_key(VerifierKey(name, bytes(32)).text).name == name


@given(
    st.text()
    | st.builds("{0}+{1}+{2}".format, st.text(), st.text(), st.binary().map(lambda raw: b64encode(raw).decode()))
)
@example("\ud800+00000000+AQ==")
def test_whatever_the_line_only_a_ledger_error_leaves(line: str) -> None:
    refusals = {LedgerReason.KEY_MALFORMED, LedgerReason.KEY_KIND, LedgerReason.KEY_NAME}
    assert outcome(lambda: decode_verifier_key(line).text) in {line.strip(), *refusals}


class TestSigning:
    def test_what_a_key_signs_it_verifies_and_nothing_else(self) -> None:
        value = make_signature(b"text\n", SIGNER)
        SIGNER.key.verify(b"text\n", value)
        for text, other in [(b"text", value), (b"text\n", value[:-1]), (b"text\n", b""), (b"text\n", value + b"\0")]:
            assert reason_of(partial(SIGNER.key.verify, text, other)) is LedgerReason.SIGNATURE_INVALID

    def test_a_cosignature_covers_its_time(self) -> None:
        value = make_cosignature(b"text\n", WITNESS, 1_700_000_000)
        WITNESS.key.verify(b"text\n", value)
        assert int.from_bytes(value[:8], "big") == 1_700_000_000
        other = (1_700_000_001).to_bytes(8, "big") + value[8:]
        assert reason_of(lambda: WITNESS.key.verify(b"text\n", other)) is LedgerReason.SIGNATURE_INVALID

    def test_a_cosignature_signs_what_the_specification_says(self) -> None:
        value = make_cosignature(b"example.com/log\n1\nhash=\n", WITNESS, 1_679_315_147)
        message = b"cosignature/v1\ntime 1679315147\nexample.com/log\n1\nhash=\n"
        WITNESS.private_key.public_key().verify(value[8:], message)

    @pytest.mark.parametrize("value", [b"", bytes(8), bytes(71), bytes(73), b"\xff" * 72])
    def test_cosignatures_of_another_form_are_invalid(self, value: bytes) -> None:
        assert reason_of(lambda: WITNESS.key.verify(b"text\n", value)) is LedgerReason.SIGNATURE_INVALID

    def test_a_cosignature_of_a_time_beyond_the_format_is_invalid_though_it_was_signed(self) -> None:
        for seconds, holds in [(2**63 - 1, True), (2**63, False)]:
            raw = WITNESS.sign(b"cosignature/v1\ntime %d\ntext\n" % seconds)
            found = outcome(partial(WITNESS.key.verify, b"text\n", seconds.to_bytes(8, "big") + raw))
            assert found == (None if holds else LedgerReason.SIGNATURE_INVALID)

    def test_each_kind_of_key_signs_in_its_own_way_only(self) -> None:
        assert reason_of(lambda: make_signature(b"text\n", WITNESS)) is LedgerReason.KEY_KIND
        assert reason_of(lambda: make_cosignature(b"text\n", SIGNER, 0)) is LedgerReason.KEY_KIND

    @pytest.mark.parametrize("seconds", [-1, 2**63])
    def test_times_that_cannot_be_written_are_refused(self, seconds: int) -> None:
        assert reason_of(lambda: make_cosignature(b"text\n", WITNESS, seconds)) is LedgerReason.TIME_INVALID


@pytest.mark.parametrize("text", ["A", "AA", "AA=", "AA==\n", "AB==", "AA==AA==", "A-__", "AAé=", "=AAA"])
def test_base64_has_one_spelling(text: str) -> None:
    assert decode_base64(text) is None
