"""Published vectors of the primitives: CBOR (cbor-wg), COSE (cose-wg), ECDSA and RSA-PSS (Wycheproof)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from credential.errors import DecodeError, Reason, Stage
from credential.wire import cbor
from credential.wire.algorithms import Algorithm, PublicKey, verify_signature
from credential.wire.cose import decode_sign1
from tests.conftest import Report
from tests.credential.wire.refusal import refusal, why

pytestmark = pytest.mark.corpus

# Why a well-formed item is refused: it is CBOR, but none that a credential needs (see `credential.wire.cbor`).
TOO_MUCH = {Reason.CBOR_TAG, Reason.CBOR_INDEFINITE, Reason.CBOR_TOO_DEEP}
# Its keys are `false` and 0, `true` and 1 and 1.0, which no Python dict can hold apart.
EQUAL_KEYS = "Map: interesting keys"

NUMBERS = {"ES256": -7, "ES384": -35, "ES512": -36, "RSA-PSS-256": -37, "RSA-PSS-384": -38, "RSA-PSS-512": -39}
OURS = {"ES256": Algorithm.ES256, "RSA-PSS-256": Algorithm.PS256}
CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}


def cbor_suites(corpora: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each file of cbor-wg, which is CBOR itself; dates under tag 0 as text, as with us."""
    for file in sorted(corpora.glob("primitives/cbor-wg/*/*.cbor")):
        data = file.read_bytes()
        yield file.stem, cbor2.loads(data, max_depth=5000, semantic_decoders={0: lambda content, _immutable: content})


def test_cbor_that_must_fail_is_refused(corpora: Path, agreement: Report) -> None:
    bad = [test["encoded"] for _, suite in cbor_suites(corpora) if suite.get("fail") for test in suite["tests"]]
    read = [data.hex() for data in bad if not isinstance(outcome(data), DecodeError)]
    agreement("CBOR that must fail", len(bad) - len(read), len(bad))
    assert len(bad) == 47
    assert not read


def test_well_formed_cbor_is_read_or_refused_for_a_reason_that_is_written_down(
    corpora: Path, agreement: Report
) -> None:
    good = [test for _, suite in cbor_suites(corpora) if not suite.get("fail") for test in suite["tests"]]
    refused = Counter[str]()
    strangers = []
    for test in good:
        found = outcome(test["encoded"])
        if not isinstance(found, DecodeError):
            if repr(found) != repr(test["decoded"]):  # as text, since NaN is not equal to itself, and -0.0 is to 0
                strangers.append(test["encoded"].hex())
        elif found.reason in TOO_MUCH or test["description"] == EQUAL_KEYS:
            refused[found.reason] += 1
        else:
            strangers.append(test["encoded"].hex())
    for reason, number in refused.items():
        agreement(f"CBOR refused on purpose: {reason}", number, number)
    read = len(good) - refused.total()
    agreement("CBOR read", read - len(strangers), read)
    assert len(good) > 1300
    assert refused["cbor-duplicate-key"] == 1
    assert not strangers


def outcome(data: bytes) -> Any:
    try:
        return cbor.loads(data, Stage.CWT)[0]
    except DecodeError as error:
        return error


def cose_examples(corpora: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(corpora.glob("primitives/cose-wg-examples/*/*.json")):
        yield f"{file.parent.name}/{file.stem}", json.loads(file.read_text("utf-8"))


def number(key: Mapping[str, str], name: str) -> int:
    """A coordinate or modulus, which the examples write as base64url or as hex."""
    if f"{name}_hex" in key:
        return int(key[f"{name}_hex"], 16)
    return int.from_bytes(urlsafe_b64decode(key[name] + "=="), "big")


def public_key(key: Mapping[str, str]) -> PublicKey:
    if key["kty"] == "RSA":
        return rsa.RSAPublicNumbers(number(key, "e"), number(key, "n")).public_key()
    return ec.EllipticCurvePublicNumbers(number(key, "x"), number(key, "y"), CURVES[key["crv"]]).public_key()


def test_single_signer_examples_verify_or_fail_as_stated(corpora: Path, agreement: Report) -> None:
    agreed, total = 0, 0
    for name, example in cose_examples(corpora):
        if "sign0" in example["input"]:
            total += 1
            check_single(name, example)
            agreed += 1
    agreement("COSE_Sign1 examples", agreed, total)
    assert total == 15


def check_single(name: str, example: Mapping[str, Any]) -> None:
    signer = example["input"]["sign0"]
    data, key = bytes.fromhex(example["output"]["cbor"]), public_key(signer["key"])
    if example.get("fail"):
        assert refusal(verify, data, key).stage in {Stage.COSE, Stage.ALGORITHM, Stage.SIGNATURE}, name
    elif signer["alg"] not in OURS:
        assert why(refusal(verify, data, key)) == (Stage.ALGORITHM, Reason.ALGORITHM_UNSUPPORTED), name
    elif "external" in signer:  # an HCERT has no external data, so we sign and check none
        assert why(refusal(verify, data, key)) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID), name
        signed = bytes.fromhex(example["intermediates"]["ToBeSign_hex"])
        verify_signature(Algorithm.ES256, key, decode_sign1(data).signature, signed)
    else:
        verify(data, key)
        assert decode_sign1(data).to_be_signed().hex().upper() == example["intermediates"]["ToBeSign_hex"], name


def verify(data: bytes, key: PublicKey) -> None:
    sign1 = decode_sign1(data)
    assert sign1.algorithm is not None
    verify_signature(sign1.algorithm, key, sign1.signature, sign1.to_be_signed())


def test_other_messages_of_cose_are_refused_as_such(corpora: Path, agreement: Report) -> None:
    others = [example for _, example in cose_examples(corpora) if "sign0" not in example["input"]]
    for example in others:
        data = bytes.fromhex(example["output"]["cbor"])
        assert why(refusal(decode_sign1, data)) == (Stage.COSE, Reason.COSE_TAG)
    agreement("COSE messages of other kinds refused", len(others), len(others))
    assert len(others) > 20


def test_signatures_inside_messages_of_several_signers_verify(corpora: Path, agreement: Report) -> None:
    """The message is none of ours, but each signature in it is: the same algorithms over other bytes."""
    held, unsupported = 0, 0
    for _, example in cose_examples(corpora):
        for algorithm, key, signature, signed in inner_signatures(example):
            if algorithm in OURS:
                verify_signature(OURS[algorithm], key, signature, signed)
                assert (
                    refusal(verify_signature, OURS[algorithm], key, signature, signed + b"\0").stage is Stage.SIGNATURE
                )
                held += 1
            else:
                error = refusal(verify_signature, NUMBERS[algorithm], key, signature, signed)
                assert error.reason is Reason.ALGORITHM_UNSUPPORTED
                unsupported += 1
    agreement("COSE_Sign signatures of ES256 and PS256", held, held)
    agreement("COSE_Sign signatures of other algorithms refused", unsupported, unsupported)
    assert (held, unsupported) == (11, 6)


def inner_signatures(example: Mapping[str, Any]) -> Iterator[tuple[str, PublicKey, bytes, bytes]]:
    if "sign" not in example["input"]:
        return
    message = cbor2.loads(bytes.fromhex(example["output"]["cbor"])).value
    signers = zip(example["input"]["sign"]["signers"], example["intermediates"]["signers"], message[3], strict=True)
    for signer, intermediate, (_, _, signature) in signers:
        signed = bytes.fromhex(intermediate["ToBeSign_hex"])
        yield signer["protected"]["alg"], public_key(signer["key"]), signature, signed


def wycheproof(corpora: Path, name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any], PublicKey]]:
    """Every test of a file with its group and its key."""
    suite = json.loads((corpora / "primitives" / "wycheproof" / f"{name}_test.json").read_text("utf-8"))
    for group in suite["testGroups"]:
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        for test in group["tests"]:
            yield group, test, key


def holds(algorithm: Algorithm, key: PublicKey, test: Mapping[str, Any]) -> bool:
    try:
        verify_signature(algorithm, key, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
    except DecodeError as error:
        return why(error) not in {
            (Stage.SIGNATURE, Reason.SIGNATURE_INVALID),
            (Stage.SIGNATURE, Reason.SIGNATURE_LENGTH),
        }
    return True


@pytest.mark.parametrize(
    ("name", "algorithm", "results"),
    [
        ("ecdsa_secp256r1_sha256_p1363", Algorithm.ES256, {"valid": 173, "invalid": 89}),
        ("rsa_pss_2048_sha256_mgf1_32", Algorithm.PS256, {"valid": 63, "invalid": 45}),
        ("rsa_pss_3072_sha256_mgf1_32", Algorithm.PS256, {"valid": 63, "invalid": 45}),
        ("rsa_pss_4096_sha256_mgf1_32", Algorithm.PS256, {"valid": 63, "invalid": 45}),
    ],
)
def test_signatures_hold_exactly_where_wycheproof_says(
    corpora: Path, agreement: Report, name: str, algorithm: Algorithm, results: dict[str, int]
) -> None:
    """None of these is merely "acceptable"."""
    found, strangers = Counter[str](), []
    for _, test, key in wycheproof(corpora, name):
        found[test["result"]] += 1
        if holds(algorithm, key, test) is not (test["result"] == "valid"):
            strangers.append(test["tcId"])
    total = found.total()
    agreement(f"Wycheproof {name}", total - len(strangers), total)
    assert found == results
    assert not strangers


def test_pss_holds_with_sha256_and_a_salt_of_its_length_alone(corpora: Path, agreement: Report) -> None:
    """All of these signatures are valid, each with a hash, a mask and a salt length of its own; one set is PS256."""
    agreed, total, held = 0, 0, 0
    for group, test, key in wycheproof(corpora, "rsa_pss_misc"):
        total += 1
        ours = group["sha"] == group["mgfSha"] == "SHA-256" and group["sLen"] == 32
        held += ours
        agreed += holds(Algorithm.PS256, key, test) is ours
    agreement("Wycheproof rsa_pss_misc, by hash, mask and salt", agreed, total)
    assert held == 1
    assert agreed == total


def test_signatures_in_der_never_hold(corpora: Path, agreement: Report) -> None:
    agreed, total = 0, 0
    for _, test, key in wycheproof(corpora, "ecdsa_secp256r1_sha256"):
        total += 1
        agreed += not holds(Algorithm.ES256, key, test)
    agreement("Wycheproof ECDSA in DER, refused under COSE", agreed, total)
    assert agreed == total == 484
