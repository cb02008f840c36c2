"""Signers: the key in this process, a foreign object, and the watch over it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from credential.errors import Stage
from credential.wire.algorithms import Algorithm, sign, verify_signature
from issuer.errors import IssueError, IssueReason
from issuer.keys import new_private_key
from issuer.private_key import PrivateKey
from issuer.signer import CheckedSigner, KeySigner, Signer, checked
from tests.issuer.conftest import Party

MESSAGE = b"some Sig_structure"


@dataclass
class ForeignSigner:
    """A device in the tests' hands: it answers with whatever it is told to, and counts."""

    certificate: bytes
    kid: bytes
    algorithm: Algorithm
    answer: Callable[[bytes], bytes]
    asked: list[bytes] = field(default_factory=list)

    def sign(self, to_be_signed: bytes) -> bytes:
        self.asked.append(to_be_signed)
        return self.answer(to_be_signed)


def foreign(
    party: Party, answer: Callable[[bytes], bytes] | None = None, key: PrivateKey | None = None
) -> ForeignSigner:
    like = party.signer
    used = key or party.dsc_key
    return ForeignSigner(
        like.certificate, like.kid, like.algorithm, answer or (lambda message: sign(like.algorithm, used, message))
    )


def test_a_key_signer_signs_raw_as_cose_has_it(party: Party, rsa_party: Party) -> None:
    for signer, key, algorithm, length in (
        (party.signer, party.dsc_key, Algorithm.ES256, 64),
        (rsa_party.signer, rsa_party.dsc_key, Algorithm.PS256, 384),
    ):
        signature = signer.sign(MESSAGE)
        assert signer.algorithm is algorithm
        assert len(signature) == length
        verify_signature(algorithm, key.public_key(), signature, MESSAGE)


def test_the_kid_is_that_of_the_certificate_unless_the_list_uses_another(party: Party) -> None:
    assert len(party.signer.kid) == 8
    assert KeySigner(party.dsc, party.dsc_key, kid=b"ABCDEFGH").kid == b"ABCDEFGH"


def test_both_kinds_of_signer_satisfy_the_protocol(party: Party) -> None:
    assert isinstance(party.signer, Signer)
    assert isinstance(checked(party.signer), Signer)
    assert isinstance(foreign(party), Signer)


def test_a_key_that_is_not_the_certificates_makes_no_signer(party: Party, rsa_party: Party) -> None:
    for key in (new_private_key(), rsa_party.dsc_key, party.sca_key):
        with pytest.raises(IssueError) as error:
            KeySigner(party.dsc, key)
        assert (error.value.stage, error.value.reason) == (Stage.KEY, IssueReason.KEY_OTHER_CERTIFICATE)


def test_a_weak_key_makes_no_signer(party: Party) -> None:
    with pytest.raises(IssueError) as error:
        KeySigner(party.dsc, rsa.generate_private_key(65_537, 1024))  # noqa: S505 - weak on purpose
    assert error.value.reason is IssueReason.KEY_TOO_WEAK


@pytest.mark.parametrize("certificate", [b"", b"\x30\x00", b"no certificate"])
def test_bytes_that_are_no_certificate_make_no_signer(party: Party, certificate: bytes) -> None:
    with pytest.raises(IssueError) as error:
        KeySigner(certificate, party.dsc_key)
    assert error.value.reason is IssueReason.CERTIFICATE_UNREADABLE
    with pytest.raises(IssueError):
        checked(ForeignSigner(certificate, b"", Algorithm.ES256, bytes))


def test_no_text_form_shows_the_key(party: Party) -> None:
    numbers = party.dsc_key.private_numbers()
    assert not isinstance(numbers, rsa.RSAPrivateNumbers)
    for text in (repr(party.signer), str(party.signer), repr(checked(party.signer))):
        assert str(numbers.private_value) not in text
        assert f"{numbers.private_value:x}" not in text
        assert party.signer.kid.hex() in text


def test_a_key_signer_cannot_be_written_away(party: Party) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(party.signer)


def test_a_checked_signer_hands_on_what_holds(party: Party, rsa_party: Party) -> None:
    for one in (party, rsa_party):
        device = foreign(one)
        watched = checked(device)
        signature = watched.sign(MESSAGE)
        verify_signature(device.algorithm, one.dsc_key.public_key(), signature, MESSAGE)
        assert (watched.certificate, watched.kid, watched.algorithm) == (one.dsc, device.kid, device.algorithm)


@pytest.mark.parametrize("answer", [b"", b"\0" * 63, b"\0" * 65, b"\x30\x44" + b"\0" * 68])
def test_an_answer_of_another_length_is_unusable(party: Party, answer: bytes) -> None:
    with pytest.raises(IssueError) as error:
        checked(foreign(party, lambda _: answer), every=1000).sign(MESSAGE)
    assert (error.value.stage, error.value.reason) == (Stage.ISSUE, IssueReason.SIGNATURE_UNUSABLE)


def test_an_answer_that_is_not_bytes_is_unusable(party: Party) -> None:
    for answer in (None, "x" * 64, 7):
        device = foreign(party, lambda _, answer=answer: answer)  # type: ignore[misc]
        with pytest.raises(IssueError) as error:
            checked(device).sign(MESSAGE)
        assert error.value.reason is IssueReason.SIGNATURE_UNUSABLE


def test_garbage_and_another_keys_signature_do_not_hold(party: Party) -> None:
    for device in (foreign(party, lambda _: b"\x01" * 64), foreign(party, key=new_private_key())):
        with pytest.raises(IssueError) as error:
            checked(device).sign(MESSAGE)
        assert (error.value.stage, error.value.reason) == (Stage.ISSUE, IssueReason.SIGNATURE_INVALID)


def test_every_nth_signature_is_verified_from_the_first_on(party: Party) -> None:
    def good(message: bytes) -> bytes:
        return sign(Algorithm.ES256, party.dsc_key, message)

    device = foreign(party, good)
    watched = checked(device, every=3)
    watched.sign(MESSAGE)
    device.answer = lambda _: b"\x01" * 64
    watched.sign(MESSAGE)
    watched.sign(MESSAGE)
    with pytest.raises(IssueError):
        watched.sign(MESSAGE)
    with pytest.raises(IssueError):
        checked(device, every=3).sign(MESSAGE)


def test_a_watch_that_never_looks_cannot_be_asked_for(party: Party) -> None:
    with pytest.raises(ValueError, match="every"):
        CheckedSigner(party.signer, 0)
