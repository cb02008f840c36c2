"""Signatures as COSE has them: what holds, and every way in which one does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm

from credential.errors import EncodeError, Reason, Stage
from credential.wire.algorithms import ALGORITHMS, Algorithm, algorithm_of, sign, verify_signature
from tests.credential.wire.refusal import facts, refusal, why
from tests.pki import make_key

MESSAGE = b"the bytes that are signed"
# The order of the group of P-256 (SEC 2 §2.4.2).
ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551

EC = make_key("P-256")
RSA = make_key("RSA")
assert isinstance(EC, ec.EllipticCurvePrivateKey)
assert isinstance(RSA, rsa.RSAPrivateKey)
EC_SIGNATURE = sign(Algorithm.ES256, EC, MESSAGE)
RSA_SIGNATURE = sign(Algorithm.PS256, RSA, MESSAGE)

OTHER_KEYS: dict[str, Callable[[], PrivateKeyTypes]] = {
    "P-384": lambda: make_key("P-384"),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
    "brainpool": lambda: ec.generate_private_key(ec.BrainpoolP256R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "Ed448": ed448.Ed448PrivateKey.generate,
    "DSA": lambda: dsa.generate_private_key(1024),  # noqa: S505 - never used to sign
}


def raw(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def es256(signature: bytes, message: bytes = MESSAGE) -> None:
    verify_signature(Algorithm.ES256, EC.public_key(), signature, message)


def ps256(signature: bytes, message: bytes = MESSAGE) -> None:
    verify_signature(Algorithm.PS256, RSA.public_key(), signature, message)


def pss(salt: int, digest: HashAlgorithm, mask: HashAlgorithm) -> bytes:
    assert isinstance(RSA, rsa.RSAPrivateKey)
    return RSA.sign(MESSAGE, padding.PSS(padding.MGF1(mask), salt), digest)


@pytest.mark.parametrize(("key", "algorithm"), [(EC, Algorithm.ES256), (RSA, Algorithm.PS256)])
def test_what_is_signed_verifies_under_its_key_and_message_alone(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, algorithm: Algorithm
) -> None:
    for message in (b"", MESSAGE, bytes(100_000)):
        signature = sign(algorithm, key, message)
        verify_signature(algorithm, key.public_key(), signature, message)
        error = refusal(verify_signature, algorithm, key.public_key(), signature, message + b"\0")
        assert facts(error) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID, {})


def test_an_es256_signature_is_64_bytes_however_small_its_numbers() -> None:
    assert {len(sign(Algorithm.ES256, EC, bytes((value,)))) for value in range(200)} == {64}


def test_no_changed_bit_of_a_signature_verifies() -> None:
    for signature, check in ((EC_SIGNATURE, es256), (RSA_SIGNATURE, ps256)):
        for bit in range(0, 8 * len(signature), 7):
            changed = bytearray(signature)
            changed[bit // 8] ^= 1 << bit % 8
            assert why(refusal(check, bytes(changed))) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 96, 128])
def test_an_es256_signature_of_another_length_is_refused(length: int) -> None:
    signature = (EC_SIGNATURE * 2)[:length]
    assert facts(refusal(es256, signature)) == (Stage.SIGNATURE, Reason.SIGNATURE_LENGTH, {"length": length})


def test_a_signature_in_der_is_refused() -> None:
    assert isinstance(EC, ec.EllipticCurvePrivateKey)
    for _ in range(20):
        der = EC.sign(MESSAGE, ec.ECDSA(SHA256()))
        assert why(refusal(es256, der)) == (Stage.SIGNATURE, Reason.SIGNATURE_LENGTH)


def test_a_signature_in_der_of_64_bytes_is_refused() -> None:
    """r and s can be so small that DER takes 64 bytes; a wrong signature of that shape is enough here."""
    der = utils.encode_dss_signature(1 << 230, 1 << 230)
    assert len(der) == 64
    assert why(refusal(es256, der)) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


R, S = int.from_bytes(EC_SIGNATURE[:32], "big"), int.from_bytes(EC_SIGNATURE[32:], "big")


@pytest.mark.parametrize(
    ("r", "s"),
    [
        *((0, 0), (0, S), (R, 0), (0, 1), (1, 0), (1, 1), (S, R), (R, (S + 1) % ORDER), (ORDER - 1, ORDER - 1)),
        *((ORDER, S), (R, ORDER), (ORDER, ORDER), (ORDER + 1, ORDER + 1), (2**256 - 1, S), (R, 2**256 - 1)),
    ],
)
def test_numbers_out_of_range_or_wrong_are_refused(r: int, s: int) -> None:
    assert why(refusal(es256, raw(r, s))) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


def test_a_high_s_is_as_valid_as_a_low_one() -> None:
    es256(raw(R, S))
    es256(raw(R, ORDER - S))


@pytest.mark.parametrize("kind", OTHER_KEYS)
def test_a_key_of_another_kind_fits_neither_algorithm(kind: str) -> None:
    private = OTHER_KEYS[kind]()
    public = private.public_key()
    assert algorithm_of(public) is None
    for algorithm, signature in ((Algorithm.ES256, EC_SIGNATURE), (Algorithm.PS256, RSA_SIGNATURE)):
        error = refusal(verify_signature, algorithm, public, signature, MESSAGE)
        assert facts(error) == (Stage.SIGNATURE, Reason.KEY_ALGORITHM_MISMATCH, {"algorithm": algorithm.name})
        with pytest.raises(EncodeError) as caught:
            sign(algorithm, private, MESSAGE)
        assert (caught.value.stage, caught.value.reason) == (Stage.KEY, Reason.KEY_ALGORITHM_MISMATCH)


def test_keys_of_the_two_algorithms_do_not_stand_in_for_each_other() -> None:
    for algorithm, key, signature in ((Algorithm.ES256, RSA, RSA_SIGNATURE), (Algorithm.PS256, EC, EC_SIGNATURE)):
        error = refusal(verify_signature, algorithm, key.public_key(), signature, MESSAGE)
        assert why(error) == (Stage.SIGNATURE, Reason.KEY_ALGORITHM_MISMATCH)
        with pytest.raises(EncodeError):
            sign(algorithm, key, MESSAGE)


def test_a_p384_signature_of_96_bytes_under_es256_is_a_matter_of_its_key() -> None:
    key = make_key("P-384")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    r, s = utils.decode_dss_signature(key.sign(MESSAGE, ec.ECDSA(SHA384())))
    signature = r.to_bytes(48, "big") + s.to_bytes(48, "big")
    error = refusal(verify_signature, Algorithm.ES256, key.public_key(), signature, MESSAGE)
    assert error.reason is Reason.KEY_ALGORITHM_MISMATCH


def test_rsa_of_1024_bits_is_refused_both_ways() -> None:
    weak = make_key("RSA-1024")
    assert isinstance(weak, rsa.RSAPrivateKey)
    signature = weak.sign(MESSAGE, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
    error = refusal(verify_signature, Algorithm.PS256, weak.public_key(), signature, MESSAGE)
    assert facts(error) == (Stage.SIGNATURE, Reason.KEY_TOO_WEAK, {"bits": 1024})
    with pytest.raises(EncodeError) as caught:
        sign(Algorithm.PS256, weak, MESSAGE)
    assert (caught.value.stage, caught.value.reason) == (Stage.KEY, Reason.KEY_TOO_WEAK)


@pytest.mark.parametrize("salt", [0, 20, 31, 33, 2048 // 8 - 32 - 2])
def test_a_salt_of_another_length_than_the_hash_is_refused(salt: int) -> None:
    ps256(pss(32, SHA256(), SHA256()))
    assert why(refusal(ps256, pss(salt, SHA256(), SHA256()))) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize(("digest", "mask"), [(SHA384(), SHA384()), (SHA384(), SHA256()), (SHA256(), SHA384())])
def test_another_hash_or_mask_is_refused(digest: HashAlgorithm, mask: HashAlgorithm) -> None:
    assert why(refusal(ps256, pss(32, digest, mask))) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


def test_the_older_rsa_padding_is_refused() -> None:
    assert isinstance(RSA, rsa.RSAPrivateKey)
    signature = RSA.sign(MESSAGE, padding.PKCS1v15(), SHA256())
    assert why(refusal(ps256, signature)) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("length", [0, 1, 255, 257, 512, 100_000])
def test_an_rsa_signature_of_another_length_is_refused(length: int) -> None:
    signature = (RSA_SIGNATURE * 400)[:length]
    assert why(refusal(ps256, signature)) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


def test_a_number_beyond_the_modulus_is_refused() -> None:
    for fill in (b"\0", b"\xff"):
        assert why(refusal(ps256, fill * 256)) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("number", [0, 7, -8, -35, -36, -38, -257, 5, -65535, 2**64 - 1, -(2**64)])
def test_an_algorithm_without_a_row_is_refused_by_number(number: int) -> None:
    error = refusal(verify_signature, number, EC.public_key(), EC_SIGNATURE, MESSAGE)
    assert facts(error) == (Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED, {"algorithm": number})
    with pytest.raises(EncodeError) as caught:
        sign(number, EC, MESSAGE)
    assert (caught.value.stage, caught.value.reason) == (Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED)


def test_the_table_says_which_row_a_key_belongs_to() -> None:
    assert algorithm_of(EC.public_key()) is Algorithm.ES256
    assert algorithm_of(RSA.public_key()) is Algorithm.PS256
    assert set(ALGORITHMS) == {-7, -37}
