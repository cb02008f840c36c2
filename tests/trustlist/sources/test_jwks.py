"""Issuers' own key sets: which keys are taken, for whom, and the published ones."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from credential.limits import Limits
from credential.wire.x509 import read_certificate
from tests.conftest import Report
from tests.pki import END, START, Authority, PrivateKey, make_authority, make_key
from tests.trustlist.parts import AT, reason_of
from trustlist import EntryStatus, KeyUsage, ListReason, TrustListError, TrustSnapshot
from trustlist.jwk import decode_jwk_kid, encode_jwk_kid, read_signing_key, thumbprint, write_jwk
from trustlist.model import HEALTH_CARDS
from trustlist.snapshot_pack import ListPart
from trustlist.sources.jwks import DIRECTORY, KIND, KeysOf, is_issuer, issuers_in, read_directory, read_key_set

ISSUER, OTHER = "https://health.example/issuer", "https://other.example"
SAID = KeysOf(issuer=ISSUER)
ANY = KeysOf(issuer=ISSUER, health_cards=False)
KEY = make_key("P-256")


def jwk(key: PrivateKey = KEY, **changes: Any) -> dict[str, Any]:
    """A key by the rules of SMART Health Cards; None leaves a member out."""
    members = write_jwk(key.public_key(), kid=encode_jwk_kid(thumbprint(key.public_key())), certificates=())
    del members["x5c"]
    changed = {**members, "use": "sig", "alg": "ES256", **changes}
    return {name: value for name, value in changed.items() if value is not None}


def key_set(*keys: Any) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def read(*keys: Any, said: KeysOf = SAID, **options: Any) -> ListPart:
    return read_key_set(key_set(*keys), said, **options)


def reasons(part: ListPart) -> list[ListReason]:
    return [entry.reason for entry in part.rejected]


@cache
def named_by_its_address(issuer: str = ISSUER, scheme: str = "uri") -> tuple[Authority, str]:
    """An authority and the certificate (base64) that it issued to an issuer's key."""
    authority = make_authority("XA")
    name = x509.UniformResourceIdentifier(issuer) if scheme == "uri" else x509.DNSName(issuer)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Issuer")])
    builder = x509.CertificateBuilder(
        authority.certificate.subject, subject, KEY.public_key(), x509.random_serial_number(), START, END
    ).add_extension(x509.SubjectAlternativeName([name]), critical=False)
    certificate = builder.sign(authority.private_key, hashes.SHA256())
    return authority, base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def chain(issuer: str = ISSUER, scheme: str = "uri") -> list[str]:
    authority, leaf = named_by_its_address(issuer, scheme)
    return [leaf, base64.b64encode(authority.certificate_der).decode()]


class TestHealthCards:
    def test_a_key(self) -> None:
        part = read(jwk(crlVersion=3), name="set", limits=Limits())
        (entry,) = part.entries
        assert entry.kid == thumbprint(KEY.public_key())
        assert (entry.issuer, entry.participant, entry.domain) == (ISSUER, None, HEALTH_CARDS)
        assert (entry.usage, entry.certificates, entry.crl_version) == (KeyUsage.DSC, (), 3)
        assert (part.source.name, part.source.kind, part.source.entries) == ("set", KIND, 1)
        assert (part.source.created, part.pinned) == (None, True)

    def test_it_is_found_and_usable(self) -> None:
        snapshot = TrustSnapshot.from_parts((read(jwk()),))
        (key,) = snapshot.candidates(decode_jwk_kid(jwk()["kid"]))
        assert (key.public_key, key.issuer) == (KEY.public_key(), ISSUER)
        assert [state.status for state in snapshot.account(AT)] == [EntryStatus.USABLE]

    def test_a_key_with_certificates_has_their_dates(self) -> None:
        part = read(jwk(x5c=chain()))
        (entry,) = part.entries
        assert part.rejected == ()
        assert (entry.public_key, entry.issuer) == (None, ISSUER)
        assert [base64.b64encode(der).decode() for der in entry.certificates] == chain()[:1]
        (key,) = TrustSnapshot.from_parts((part,)).candidates(entry.kid)
        assert key.not_after == int(END.timestamp())

    def test_members_of_its_own_do_not_count(self) -> None:
        assert read(jwk(date=1631112755371, ctr=1)).rejected == ()

    def test_a_leading_zero_left_out_costs_nothing_where_the_name_fits(self) -> None:
        """A key in use is written so, and named by what is written."""
        written = {
            "kty": "EC",
            "crv": "P-256",
            "x": "SspgJb6lXVikIonay02kbpbUMfxkRyLWK2cK702rwQ",
            "y": "3tyNd21Atciol2Nz-HHKa2wjq0CPu3NitEdDkedANKw",
            "kid": "IVzjSimVvH8ZyQ3AJEjI8LXm5HfrdrDYuEmG0QcXzOI",
            "use": "sig",
            "alg": "ES256",
        }
        assert read(written).rejected == ()
        proper = encode_jwk_kid(thumbprint(read_signing_key(written)))
        assert proper != written["kid"]
        assert read({**written, "kid": proper}).rejected == ()

    @pytest.mark.parametrize("version", [0, 4294967294, "7"])
    def test_versions_of_revocation_lists(self, version: Any) -> None:
        assert read(jwk(crlVersion=version)).entries[0].crl_version == int(version)

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (None, ListReason.ENTRY_MALFORMED),
            ("key", ListReason.ENTRY_MALFORMED),
            ({}, ListReason.KEY_KIND),
            (jwk(make_key("RSA"), alg=None), ListReason.KEY_KIND),
            (jwk(make_key("P-384"), alg="ES384"), ListReason.KEY_KIND),
            (jwk(crv="P-384"), ListReason.KEY_MALFORMED),
            (jwk(crv=["P-256"]), ListReason.KEY_KIND),
            (jwk(kty=None), ListReason.KEY_KIND),
            (jwk(x=None), ListReason.KEY_MALFORMED),
            (jwk(y="AAAA"), ListReason.KEY_MALFORMED),
            (jwk(y=7), ListReason.KEY_MALFORMED),
            (jwk(d="AAAA"), ListReason.KEY_PRIVATE_PUBLISHED),
            (jwk(use="enc"), ListReason.KEY_USE),
            (jwk(use=None), ListReason.KEY_USE),
            (jwk(alg="ES256K"), ListReason.KEY_USE),
            (jwk(alg=None), ListReason.KEY_USE),
            (jwk(alg=["ES256"]), ListReason.KEY_USE),
            (jwk(key_ops=["encrypt"]), ListReason.KEY_USE),
            (jwk(key_ops="verify"), ListReason.KEY_USE),
            (jwk(kid="other"), ListReason.KID_NOT_THUMBPRINT),
            (jwk(kid=None), ListReason.KID_NOT_THUMBPRINT),
            (jwk(kid=["a"]), ListReason.KID_NOT_THUMBPRINT),
            (jwk(crlVersion=-1), ListReason.KEY_MALFORMED),
            (jwk(crlVersion=1.5), ListReason.KEY_MALFORMED),
            (jwk(crlVersion=True), ListReason.KEY_MALFORMED),
            (jwk(crlVersion="x"), ListReason.KEY_MALFORMED),
            (jwk(crlVersion="9" * 5000), ListReason.KEY_MALFORMED),
            (jwk(crlVersion=2**32), ListReason.KEY_MALFORMED),
            (jwk(x5c="AAAA"), ListReason.CERTIFICATE_UNREADABLE),
            (jwk(x5c=[]), ListReason.CERTIFICATE_UNREADABLE),
            (jwk(x5c=[1]), ListReason.CERTIFICATE_UNREADABLE),
            (jwk(x5c=["?"]), ListReason.CERTIFICATE_UNREADABLE),
            (jwk(x5c=["AAAA"]), ListReason.CERTIFICATE_UNREADABLE),
            (jwk(x5c=[base64.b64encode(bytes(20_000)).decode()]), ListReason.CERTIFICATE_TOO_LARGE),
            (jwk(x5c=chain()[:1] * 9), ListReason.CERTIFICATE_TOO_LARGE),
            (jwk(x5c=chain()[1:]), ListReason.KEY_NOT_OF_CERTIFICATE),
            (jwk(x5c=chain()[:1] * 2), ListReason.CHAIN_BROKEN),
            (jwk(x5c=[*chain(), "AAAA"]), ListReason.CHAIN_BROKEN),
            (jwk(x5c=chain(OTHER)), ListReason.ISSUER_NOT_OF_CERTIFICATE),
            (jwk(x5c=chain("health.example", "dns")), ListReason.ISSUER_NOT_OF_CERTIFICATE),
        ],
    )
    def test_keys_that_are_not_taken(self, bad: Any, reason: ListReason) -> None:
        part = read(bad, jwk())
        assert (reasons(part), len(part.entries)) == ([reason], 1)
        assert part.rejected[0].position == "keys[0]"

    def test_a_key_that_comes_twice(self) -> None:
        assert reasons(read(jwk(), jwk())) == [ListReason.ENTRY_REPEATED]

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"[]", ListReason.DOCUMENT_SHAPE),
            (b"{}", ListReason.DOCUMENT_SHAPE),
            (b'{"keys":{}}', ListReason.DOCUMENT_SHAPE),
            (b'{"keys":[]}', ListReason.KEYS_MISSING),
            (b"This is no key set", ListReason.DOCUMENT_NOT_JSON),
        ],
    )
    def test_sets_that_are_none(self, data: bytes, reason: ListReason) -> None:
        with pytest.raises(TrustListError) as caught:
            read_key_set(data, SAID)
        assert reason_of(caught) is reason

    def test_sets_are_bounded(self) -> None:
        with pytest.raises(TrustListError) as caught:
            read(jwk(), jwk(make_key("P-256")), limits=Limits(trust_list_keys=1))
        assert reason_of(caught) is ListReason.LIST_TOO_MANY_ENTRIES


class TestOtherSets:
    @pytest.mark.parametrize(
        "key",
        [
            jwk(use=None, alg=None, kid="any name"),
            jwk(kid=None),
            jwk(make_key("P-384"), alg=None),
            jwk(make_key("P-384"), alg="ES384"),
            jwk(make_key("RSA"), alg="PS256"),
            jwk(make_key("RSA"), alg=None, key_ops=["verify"]),
            jwk(x5c=chain(OTHER)),
        ],
    )
    def test_keys_of_any_name_and_kind(self, key: dict[str, Any]) -> None:
        assert read(key, said=ANY).rejected == ()

    @pytest.mark.parametrize(
        ("key", "reason"),
        [
            (jwk(use="enc"), ListReason.KEY_USE),
            (jwk(make_key("RSA"), alg="RS256"), ListReason.KEY_USE),
            (jwk(kid=""), ListReason.KID_INVALID),
            (jwk(kid=7), ListReason.KID_INVALID),
            (jwk(kid="x" * 200), ListReason.KID_INVALID),
            (jwk(kty="OKP"), ListReason.KEY_KIND),
            (jwk(kty="oct", k="AAAA"), ListReason.KEY_PRIVATE_PUBLISHED),
        ],
    )
    def test_keys_that_are_not_taken(self, key: dict[str, Any], reason: ListReason) -> None:
        assert reasons(read(key, said=ANY)) == [reason]

    @given(st.binary(min_size=1, max_size=64))
    def test_a_kid_has_one_text(self, kid: bytes) -> None:
        assert decode_jwk_kid(encode_jwk_kid(kid)) == kid


class TestIssuers:
    @pytest.mark.parametrize("address", [ISSUER, OTHER, "https://a.example:8443/b/c", "https://a.example/b~c%20d"])
    def test_proper_addresses(self, address: str) -> None:
        assert is_issuer(address)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "http://a.example",
            "https://",
            "https://a.example/",
            "https://a.example/b/",
            "https://a.example?x=1",
            "https://a.example#x",
            "https://user@a.example",
            "https://a.example/b c",
            "https://ä.example",
            "https://a.example\n",
            "https://a.example/" + "b" * 2048,
        ],
    )
    def test_others(self, address: str) -> None:
        assert not is_issuer(address)
        with pytest.raises(TrustListError) as caught:
            read(jwk(), said=KeysOf(issuer=address))
        assert reason_of(caught) is ListReason.ISSUER_MALFORMED


def directory(*rows: Any) -> bytes:
    return json.dumps({"directory": "https://d.example", "time": "2026-11-22 12:00:00", "issuerInfo": rows}).encode()


def row(issuer: Any = ISSUER, *keys: Any, **changes: Any) -> dict[str, Any]:
    return {"issuer": {"iss": issuer, "name": "One"}, "keys": list(keys), "crls": [], **changes}


class TestDirectory:
    def test_a_snapshot_holds_the_keys_of_many(self) -> None:
        second = make_key("P-256")
        part = read_directory(directory(row(ISSUER, jwk()), row(OTHER, jwk(second), jwk(use="enc"))), name="vci")
        assert [(entry.issuer, entry.position) for entry in part.entries] == [
            (ISSUER, "issuerInfo[0].keys[0]"),
            (OTHER, "issuerInfo[1].keys[0]"),
        ]
        assert [(entry.position, entry.reason) for entry in part.rejected] == [
            ("issuerInfo[1].keys[1]", ListReason.KEY_USE)
        ]
        assert (part.source.kind, part.source.name, part.source.entries, part.pinned) == (DIRECTORY, "vci", 3, True)

    def test_one_key_of_two_issuers_signs_for_each(self) -> None:
        part = read_directory(directory(row(ISSUER, jwk()), row(OTHER, jwk())))
        snapshot = TrustSnapshot.from_parts((part,))
        assert [key.issuer for key in snapshot.candidates(thumbprint(KEY.public_key()))] == [ISSUER, OTHER]

    def test_a_bare_directory_needs_the_key_sets(self) -> None:
        issuers = [{"iss": ISSUER, "name": "One"}, {"iss": OTHER, "name": "Two"}, {"iss": "https://third.example"}]
        data = json.dumps({"participating_issuers": issuers}).encode()
        part = read_directory(data, key_sets={ISSUER: key_set(jwk()), OTHER: b"<html>"})
        assert [entry.issuer for entry in part.entries] == [ISSUER]
        assert [(entry.position, entry.reason) for entry in part.rejected] == [
            ("participating_issuers[1]", ListReason.DOCUMENT_NOT_JSON),
            ("participating_issuers[2]", ListReason.KEYS_MISSING),
        ]
        assert issuers_in(data) == (ISSUER, OTHER, "https://third.example")

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (None, ListReason.ISSUER_MALFORMED),
            ({}, ListReason.ISSUER_MALFORMED),
            (row("http://plain.example", jwk()), ListReason.ISSUER_MALFORMED),
            (row(issuer={"iss": 7}), ListReason.ISSUER_MALFORMED),
            (row(issuer=[ISSUER]), ListReason.ISSUER_MALFORMED),
            (row(), ListReason.KEYS_MISSING),
            (row(keys=None), ListReason.DOCUMENT_SHAPE),
            (row(keys={"a": 1}), ListReason.DOCUMENT_SHAPE),
        ],
    )
    def test_issuers_that_cannot_be_used(self, bad: Any, reason: ListReason) -> None:
        part = read_directory(directory(bad, row(OTHER, jwk())))
        assert [(entry.position, entry.reason) for entry in part.rejected] == [("issuerInfo[0]", reason)]
        assert len(part.entries) == 1

    @pytest.mark.parametrize("data", [b"{}", b"[]", b'{"issuerInfo":{}}', b'{"participating_issuers":1}'])
    def test_what_is_no_directory(self, data: bytes) -> None:
        for read_it in (read_directory, issuers_in):
            with pytest.raises(TrustListError) as caught:
                read_it(data)
            assert reason_of(caught) is ListReason.DOCUMENT_SHAPE

    def test_directories_are_bounded(self) -> None:
        rows = [row(ISSUER, jwk()), row(OTHER, jwk())]
        with pytest.raises(TrustListError) as caught:
            read_directory(directory(*rows), limits=Limits(trust_list_keys=1))
        assert reason_of(caught) is ListReason.LIST_TOO_MANY_ENTRIES
        many = [row(ISSUER, jwk(), jwk(make_key("P-256"))), row(OTHER, jwk())]
        with pytest.raises(TrustListError) as caught:
            read_directory(directory(*many), limits=Limits(trust_list_keys=2))
        assert reason_of(caught) is ListReason.LIST_TOO_MANY_ENTRIES


def expected_issuer(request: dict[str, Any]) -> str:
    """The issuer of a published case; where it names none, the one in the key's own certificate, or any."""
    keys = json.loads(request["qr"])["keys"]
    if "issuer" not in request and "x5c" in keys[0]:
        return read_certificate(base64.b64decode(keys[0]["x5c"][0])).alternative_uris[0]
    return str(request.get("issuer", "https://any.example"))


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "total"), [("trust-shc-jwk", 277), ("shc-dev-tools", 8)])
def test_published_key_sets(corpora: Path, agreement: Report, name: str, total: int) -> None:
    lines = (corpora / name / "cases.jsonl").read_text("utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["request"].get("kinds") == ["shc-jwks"]]
    agreed = 0
    for case in cases:
        said = KeysOf(issuer=expected_issuer(case["request"]))
        part = read_key_set(case["request"]["qr"].encode(), said)
        agreed += (part.rejected == ()) is case["expect"]["ok"]
    agreement(f"key sets of SMART Health Cards ({name})", agreed, total)
    assert agreed == len(cases) == total


@pytest.mark.corpus
def test_the_reasons_of_bad_key_sets(corpora: Path) -> None:
    expected = {
        "invalid_chain.public.json": ListReason.CHAIN_BROKEN,
        "invalid_no_SAN.public.json": ListReason.ISSUER_NOT_OF_CERTIFICATE,
        "wrong_alg_key.json": ListReason.KEY_USE,
        "wrong_curve_key.json": ListReason.KEY_KIND,
        "wrong_kid_key.json": ListReason.KID_NOT_THUMBPRINT,
        "wrong_use_key.json": ListReason.KEY_USE,
    }
    said = KeysOf(issuer="https://smarthealth.cards/examples/issuer")
    folder = corpora / "shc-dev-tools"
    found = {name: reasons(read_key_set((folder / name).read_bytes(), said)) for name in expected}
    assert found == {name: [reason] for name, reason in expected.items()}


@pytest.mark.corpus
def test_every_published_key_is_taken_or_told_why_not(corpora: Path) -> None:
    """281 keys: 6 RSA, 4 that are not named by their thumbprint, the others as they should be."""
    files = sorted((corpora / "trust-shc-jwk").glob("*.jwk"))
    found: dict[str, int] = {}
    for file in files:
        key = json.loads(file.read_bytes())
        issuer = expected_issuer({"qr": json.dumps({"keys": [key]})})
        part = read_key_set(json.dumps({"keys": [key]}).encode(), KeysOf(issuer=issuer))
        found_as = part.rejected[0].reason.value if part.rejected else "taken"
        found[found_as] = found.get(found_as, 0) + 1
    assert found == {"taken": 271, "key-kind": 6, "kid-not-thumbprint": 4}
