"""JSON Web Signatures: what is read, what holds, what is refused, and the vectors of Wycheproof."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, EncodeError, Reason, Stage
from credential.limits import Limits
from credential.wire import base64url
from credential.wire.algorithms import Algorithm
from credential.wire.jws import Jws, read_compact, read_json, sign_compact, sign_json
from tests.conftest import Report
from tests.credential.wire.refusal import refusal, why
from tests.pki import make_key
from trustlist.errors import TrustListError
from trustlist.jwk import read_signing_key

KEY = make_key("P-256")
RSA = make_key("RSA")
PAYLOAD = b'{"keys":[]}'
TEXT = sign_compact(PAYLOAD, KEY, {"kid": "one", "typ": "jwk-set+jwt"})
PARTS = dict(zip(("protected", "payload", "signature"), TEXT.split("."), strict=True))


def encoded(value: Any) -> str:
    return base64url.encode(json.dumps(value).encode())


def with_header(header: Any) -> str:
    """A text with this header; its signature does not hold."""
    return f"{encoded(header)}.{PARTS['payload']}.{PARTS['signature']}"


def as_json(**members: Any) -> bytes:
    """A flattened JWS with these members changed; None leaves one out."""
    return json.dumps({name: value for name, value in {**PARTS, **members}.items() if value is not None}).encode()


class TestBase64url:
    @given(st.binary())
    def test_bytes_come_back(self, data: bytes) -> None:
        assert base64url.decode(base64url.encode(data)) == data

    @pytest.mark.parametrize("text", ["=", "YQ==", "A", "AB", "AAB", "a+b/", " YQ", "YQ\n", "Ä", "YWJj.", "\0"])
    def test_other_spellings_are_none(self, text: str) -> None:
        assert base64url.decode(text) is None

    @given(st.text("AQgwZ-_=+/ ", max_size=8))
    def test_what_is_read_has_one_spelling(self, text: str) -> None:
        data = base64url.decode(text)
        assert data is None or base64url.encode(data) == text


class TestCompact:
    @pytest.mark.parametrize(("key", "algorithm"), [(KEY, Algorithm.ES256), (RSA, Algorithm.PS256)])
    def test_what_is_signed_is_read_and_holds(self, key: Any, algorithm: Algorithm) -> None:
        jws = read_compact(sign_compact(PAYLOAD, key, {"kid": "k", "typ": "t", "zip": "DEF"}))
        assert (jws.payload, jws.kid, jws.type, jws.algorithm) == (PAYLOAD, "k", "t", algorithm)
        assert dict(jws.header) == {"alg": algorithm.name, "kid": "k", "typ": "t", "zip": "DEF"}
        jws.verify(key.public_key())

    def test_a_header_may_be_bare(self) -> None:
        jws = read_compact(sign_compact(b"", KEY))
        assert (jws.payload, jws.kid, jws.type) == (b"", None, None)
        jws.verify(KEY.public_key())

    def test_another_key_does_not_hold(self) -> None:
        error = refusal(read_compact(TEXT).verify, make_key("P-256").public_key())
        assert why(error) == (Stage.SIGNATURE, Reason.SIGNATURE_INVALID)
        assert refusal(read_compact(TEXT).verify, RSA.public_key()).reason is Reason.KEY_ALGORITHM_MISMATCH

    @pytest.mark.parametrize("name", list(PARTS))
    def test_what_is_changed_does_not_hold(self, name: str) -> None:
        changed = {"protected": {"alg": "ES256"}, "payload": {"keys": [1]}, "signature": "A" * 48}[name]
        text = ".".join({**PARTS, name: encoded(changed)}.values())
        assert refusal(read_compact(text).verify, KEY.public_key()).stage is Stage.SIGNATURE

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", Reason.JWS_MALFORMED),
            ("a.b", Reason.JWS_MALFORMED),
            (f"{TEXT}.", Reason.JWS_MALFORMED),
            (f" {TEXT}", Reason.JWS_MALFORMED),
            (f"{TEXT}\n", Reason.JWS_MALFORMED),
            (f"{TEXT}=", Reason.JWS_MALFORMED),
            (TEXT.replace(".", ".?", 1), Reason.JWS_MALFORMED),
            (".a.b", Reason.JWS_MALFORMED),
            (f".{PARTS['payload']}.{PARTS['signature']}", Reason.JSON_MALFORMED),
            (with_header([]), Reason.JWS_HEADER),
            (with_header({"alg": "ES256", "kid": 1}), Reason.JWS_HEADER),
            (with_header({"alg": "ES256", "typ": None}), Reason.JWS_HEADER),
            (with_header({"alg": "ES256", "cty": {}}), Reason.JWS_HEADER),
            (with_header({"alg": ["ES256"]}), Reason.JWS_HEADER),
            (with_header({"alg": "ES256", "crit": ["b64"], "b64": False}), Reason.JWS_CRITICAL_HEADER),
            (with_header({"alg": "ES256", "crit": []}), Reason.JWS_CRITICAL_HEADER),
            (with_header({"kid": "k"}), Reason.ALGORITHM_MISSING),
            *((with_header({"alg": name}), Reason.ALGORITHM_UNSUPPORTED) for name in ("none", "NONE", "", "es256")),
            *((with_header({"alg": name}), Reason.ALGORITHM_UNSUPPORTED) for name in ("HS256", "RS256", "ES384")),
        ],
    )
    def test_what_is_refused(self, text: str, reason: Reason) -> None:
        assert refusal(read_compact, text).reason is reason

    def test_one_member_named_twice_in_the_header(self) -> None:
        header = base64url.encode(b'{"alg":"none","alg":"ES256"}')
        error = refusal(read_compact, f"{header}.{PARTS['payload']}.{PARTS['signature']}")
        assert why(error) == (Stage.JWS, Reason.JSON_DUPLICATE_MEMBER)

    def test_texts_too_large(self) -> None:
        for error in (
            refusal(read_compact, TEXT, Limits(jws_bytes=len(TEXT) - 1)),
            refusal(read_json, as_json(), Limits(jws_bytes=10)),
        ):
            assert why(error) == (Stage.JWS, Reason.JWS_TOO_LARGE)


class TestJson:
    def test_flattened(self) -> None:
        (jws,) = read_json(sign_json(PAYLOAD, KEY, {"kid": "k"}))
        assert (jws.payload, jws.kid) == (PAYLOAD, "k")
        jws.verify(KEY.public_key())

    def test_general_with_several_signatures_over_one_payload(self) -> None:
        signatures: list[dict[str, Any]] = []
        for key in (KEY, RSA):
            protected, _, signature = sign_compact(PAYLOAD, key).split(".")
            signatures.append({"protected": protected, "signature": signature, "header": {"kid": str(len(signatures))}})
        data = json.dumps({"payload": PARTS["payload"], "signatures": signatures, "more": 1}).encode()
        found = read_json(data)
        assert [jws.kid for jws in found] == ["0", "1"]
        for jws, key in zip(found, (KEY, RSA), strict=True):
            jws.verify(key.public_key())

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"[]", Reason.JWS_MALFORMED),
            (b"{", Reason.JSON_MALFORMED),
            (as_json(payload=None), Reason.JWS_MALFORMED),
            (as_json(payload=1), Reason.JWS_MALFORMED),
            (as_json(signature=None), Reason.JWS_MALFORMED),
            (as_json(signature=1), Reason.JWS_MALFORMED),
            (as_json(protected=None), Reason.JWS_MALFORMED),
            (as_json(protected=""), Reason.JSON_MALFORMED),
            (as_json(signatures=[]), Reason.JWS_MALFORMED),
            (as_json(signatures=[PARTS]), Reason.JWS_MALFORMED),
            (as_json(signature=None, signatures=[]), Reason.JWS_MALFORMED),
            (as_json(signature=None, signatures=[PARTS] * 9), Reason.JWS_MALFORMED),
            (as_json(signature=None, signatures=["x"]), Reason.JWS_MALFORMED),
            (as_json(header=[]), Reason.JWS_HEADER),
            (as_json(header={"alg": "ES256"}), Reason.JWS_HEADER),
            (as_json(header={"kid": "other"}), Reason.JWS_HEADER),
            (as_json(header={"crit": ["exp"]}), Reason.JWS_CRITICAL_HEADER),
        ],
    )
    def test_what_is_refused(self, data: bytes, reason: Reason) -> None:
        assert refusal(read_json, data).reason is reason

    def test_an_algorithm_beside_the_protected_header_is_not_believed(self) -> None:
        data = as_json(protected=encoded({}), header={"alg": "ES256"})
        assert refusal(read_json, data).reason is Reason.JWS_HEADER


class TestSigning:
    @pytest.mark.parametrize("header", [{"alg": "none"}, {"crit": []}])
    def test_headers_that_would_not_be_read(self, header: dict[str, Any]) -> None:
        with pytest.raises(EncodeError) as caught:
            sign_compact(PAYLOAD, KEY, header)
        assert (caught.value.stage, caught.value.reason) == (Stage.JWS, Reason.JWS_HEADER)

    @pytest.mark.parametrize("key", [make_key("P-384"), ed25519.Ed25519PrivateKey.generate()])
    def test_keys_without_an_algorithm(self, key: Any) -> None:
        with pytest.raises(EncodeError) as caught:
            sign_json(PAYLOAD, key)
        assert caught.value.reason is Reason.ALGORITHM_UNSUPPORTED


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("AQgwZ-_.=eyJ0"))
def test_no_changed_character_makes_anything_else_hold(place: int, character: str) -> None:
    text = TEXT[:place] + character + TEXT[place + 1 :]
    try:
        jws = read_compact(text)
        jws.verify(KEY.public_key())
    except DecodeError:
        return
    assert (text, jws.payload) == (TEXT, PAYLOAD)


# RFC 7515 A.3: ES256.
RFC_TEXT = (
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0c"
    "nVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
RFC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


def test_the_example_of_the_rfc() -> None:
    jws = read_compact(RFC_TEXT)
    jws.verify(read_signing_key(RFC_KEY))
    assert json.loads(jws.payload)["iss"] == "joe"


OURS = {algorithm.name for algorithm in Algorithm}


def _read(text: str) -> tuple[Jws, ...]:
    return read_json(text.encode()) if text.startswith("{") else (read_compact(text),)


def _named(text: str) -> object:
    """The algorithm that a valid vector names."""
    header = base64url.decode(text.partition(".")[0])
    return None if header is None else json.loads(header)["alg"]


def _holds(vector: dict[str, Any], jwk: dict[str, Any]) -> bool:
    try:
        key = read_signing_key(jwk)
        for jws in _read(vector["jws"]):
            jws.verify(key)
    except (DecodeError, TrustListError):
        return False
    return True


@pytest.mark.corpus
def test_wycheproof(corpora: Path, agreement: Report) -> None:
    """All invalid ones are refused; valid ones hold if their algorithm is one of ours, else they are refused too."""
    document = json.loads((corpora / "primitives/wycheproof/json_web_signature_test.json").read_bytes())
    found: Counter[str] = Counter()
    for group in document["testGroups"]:
        jwk = group.get("public") or group["private"]
        for vector in group["tests"]:
            expected = vector["result"] == "valid" and jwk["kty"] != "oct" and _named(vector["jws"]) in OURS
            agrees = _holds(vector, jwk) is expected
            found["agreed" if agrees else f"{vector['tcId']} {vector['comment']}"] += 1
    agreement("JWS vectors of Wycheproof", found["agreed"], document["numberOfTests"])
    assert dict(found) == {"agreed": document["numberOfTests"]}
