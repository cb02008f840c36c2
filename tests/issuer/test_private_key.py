"""Private keys as PEM text."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Stage
from issuer import private_key
from issuer.errors import IssueError, IssueReason
from issuer.keys import KeyKind, new_private_key
from issuer.private_key import check_key, check_public_key, decrypt_private_key, encrypt_private_key

PASSPHRASE = "a pass phrase of Zoë's"


def same(one: private_key.PrivateKey, other: private_key.PrivateKey) -> bool:
    return one.private_numbers() == other.private_numbers()


def open_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def reason(error: pytest.ExceptionInfo[IssueError]) -> object:
    assert error.value.stage is Stage.KEY
    return error.value.reason


@pytest.mark.parametrize("kind", KeyKind)
def test_a_key_comes_back_with_its_passphrase(kind: KeyKind) -> None:
    key = new_private_key(kind)
    assert same(decrypt_private_key(encrypt_private_key(key, PASSPHRASE), PASSPHRASE), key)


def test_the_text_says_scrypt_with_the_documented_cost() -> None:
    pem = encrypt_private_key(new_private_key(), PASSPHRASE)
    assert pem.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    body = "".join(pem.splitlines()[1:-1])
    der = base64.b64decode(body)
    # scrypt's OID, a salt of 16 bytes, then N = 16384, r = 8, p = 5 (RFC 7914 §7)
    assert bytes.fromhex("06092b06010401da47040b301c0410") in der
    assert bytes.fromhex("02024000020108020105") in der


@pytest.mark.conformance
@pytest.mark.parametrize("kind", KeyKind)
def test_openssl_opens_the_text(kind: KeyKind, tmp_path: Path) -> None:
    key = new_private_key(kind)
    path = tmp_path / "key.pem"
    path.write_text(encrypt_private_key(key, PASSPHRASE))
    result = subprocess.run(
        ["openssl", "pkey", "-in", str(path), "-passin", f"pass:{PASSPHRASE}"], capture_output=True, check=True
    )
    opened = serialization.load_pem_private_key(result.stdout, None)
    assert same(check_key(opened), key)


def test_salt_and_vector_come_from_the_given_randomness_and_differ() -> None:
    asked: list[int] = []

    def random_bytes(size: int) -> bytes:
        asked.append(size)
        return bytes([len(asked)]) * size

    key = new_private_key()
    first = encrypt_private_key(key, PASSPHRASE, random_bytes=random_bytes)
    assert asked == [16, 16]
    assert encrypt_private_key(key, PASSPHRASE, random_bytes=random_bytes) != first


@pytest.mark.parametrize(
    ("passphrase", "expected"),
    [
        ("another passphrase", IssueReason.PASSPHRASE_WRONG),
        (None, IssueReason.PASSPHRASE_MISSING),
        ("", IssueReason.PASSPHRASE_UNUSABLE),
        ("\ud800 half a pair", IssueReason.PASSPHRASE_UNUSABLE),
        ("x" * 1024, IssueReason.PASSPHRASE_UNUSABLE),
    ],
)
def test_another_passphrase_does_not_open_the_key(passphrase: str | None, expected: IssueReason) -> None:
    pem = encrypt_private_key(new_private_key(), PASSPHRASE)
    with pytest.raises(IssueError) as error:
        decrypt_private_key(pem, passphrase)
    assert reason(error) is expected


def test_a_wrong_passphrase_whose_noise_looks_padded_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """One wrong passphrase in 256 leaves valid padding; a thousand tries meet it (probability 98 %, then repeated)."""
    monkeypatch.setattr(private_key, "_SCRYPT_N", 2)
    monkeypatch.setattr(private_key, "_SCRYPT_P", 1)
    pem = encrypt_private_key(new_private_key(), PASSPHRASE)
    causes = set()
    for attempt in range(3000):
        with pytest.raises(IssueError) as error:
            decrypt_private_key(pem, f"wrong {attempt}")
        assert reason(error) is IssueReason.PASSPHRASE_WRONG
        causes.add("ASN.1" in str(error.value.__cause__))
    assert causes == {True, False}


@pytest.mark.parametrize("passphrase", ["", "short", "elevenchars", "x" * 1024, "\ud800" * 12])
def test_no_key_is_written_under_a_passphrase_that_is_too_short_or_too_long(passphrase: str) -> None:
    with pytest.raises(IssueError) as error:
        encrypt_private_key(new_private_key(), passphrase)
    assert reason(error) is IssueReason.PASSPHRASE_UNUSABLE


def test_no_error_shows_the_passphrase() -> None:
    pem = encrypt_private_key(new_private_key(), PASSPHRASE)
    with pytest.raises(IssueError) as error:
        decrypt_private_key(pem, "swordfish\ud800")
    chain = f"{error.value!r} {error.value.__cause__!r}"
    assert "swordfish" not in chain
    assert error.value.__suppress_context__


def test_an_open_key_is_taken_only_by_the_ugly_name() -> None:
    key = new_private_key()
    with pytest.raises(IssueError) as error:
        decrypt_private_key(open_pem(key), PASSPHRASE)
    assert reason(error) is IssueReason.KEY_NOT_ENCRYPTED
    assert same(decrypt_private_key(open_pem(key), None, unsafe_accept_unencrypted=True), key)


@pytest.mark.parametrize(
    "text", [b"", b"no key here", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_text_without_a_key_is_unreadable(text: bytes) -> None:
    with pytest.raises(IssueError) as error:
        decrypt_private_key(text, None, unsafe_accept_unencrypted=True)
    assert reason(error) is IssueReason.KEY_UNREADABLE


@given(st.binary(max_size=300))
def test_any_bytes_give_a_typed_error(data: bytes) -> None:
    for text in (data, b"-----BEGIN PRIVATE KEY-----\n" + data + b"\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(IssueError):
            decrypt_private_key(text, None, unsafe_accept_unencrypted=True)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (ec.generate_private_key(ec.SECP384R1()), IssueReason.KEY_KIND_UNSUPPORTED),
        (ed25519.Ed25519PrivateKey.generate(), IssueReason.KEY_KIND_UNSUPPORTED),
        (rsa.generate_private_key(65_537, 1024), IssueReason.KEY_TOO_WEAK),  # noqa: S505 - weak on purpose
        (rsa.generate_private_key(3, 2048), IssueReason.KEY_TOO_WEAK),
    ],
    ids=["P-384", "Ed25519", "RSA-1024", "exponent 3"],
)
def test_keys_that_must_not_sign_are_refused(
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey, expected: IssueReason
) -> None:
    with pytest.raises(IssueError) as error:
        decrypt_private_key(open_pem(key), None, unsafe_accept_unencrypted=True)
    assert reason(error) is expected
    with pytest.raises(IssueError) as error:
        check_public_key(key.public_key())
    assert reason(error) is expected
