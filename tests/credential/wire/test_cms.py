"""Signed messages: what is believed, of whom, and every way in which one is not."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import DecodeError, EncodeError, Reason, Stage
from credential.limits import Limits
from credential.wire.cms import fingerprint, read_message, sign_cms, verify_cms
from credential.wire.x509 import read_certificate
from tests.credential.wire.cms_parts import (
    CONTENT_TYPE,
    DATA,
    ECDSA,
    MESSAGE_DIGEST,
    Cms,
    attribute,
    pss_algorithm,
    to_ber,
)
from tests.credential.wire.der_parts import oid, sequence, tlv
from tests.credential.wire.refusal import why
from tests.pki import KeyKind, SignerKey, make_authority, make_key, self_signed

CONTENT = b"what was signed"
OTHER = b"something else"
AT = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


@cache
def upload(key: KeyKind = "P-256") -> SignerKey:
    """The upload certificate of a participant."""
    return make_authority("XA").issue_signer(key=key, name="UP")


def pins(*signers: SignerKey) -> set[bytes]:
    """Their fingerprints."""
    return {fingerprint(signer.certificate_der) for signer in signers or (upload(),)}


def digest_attribute(content: bytes) -> bytes:
    return attribute(MESSAGE_DIGEST, tlv(0x04, hashlib.sha256(content).digest()))


TYPE_ATTRIBUTE = attribute(CONTENT_TYPE, oid(DATA))


class TestBelieved:
    @pytest.mark.parametrize("detached", [False, True])
    @pytest.mark.parametrize("key", ["P-256", "P-384", "RSA"])
    def test_what_we_sign(self, key: KeyKind, detached: bool) -> None:
        signer = upload(key)
        data = sign_cms(CONTENT, signer.certificate_der, signer.private_key, signing_time=AT, detached=detached)
        signed = verify_cms(data, pinned=pins(signer), content=CONTENT)
        assert (signed.content, signed.signer_certificate) == (CONTENT, signer.certificate_der)
        assert (signed.digest, signed.attached) == ("sha256", not detached)
        assert signed.signing_time == int(AT.timestamp())

    @pytest.mark.parametrize("digest", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
    @pytest.mark.parametrize("key", ["P-256", "P-384", "RSA"])
    def test_what_cryptography_signs(self, key: KeyKind, digest: hashes.SHA256) -> None:
        signer = upload(key)
        certificate = x509.load_der_x509_certificate(signer.certificate_der)
        builder = PKCS7SignatureBuilder().set_data(CONTENT).add_signer(certificate, signer.private_key, digest)
        for options in ([PKCS7Options.Binary], [PKCS7Options.Binary, PKCS7Options.DetachedSignature]):
            data = builder.sign(Encoding.DER, options)
            signed = verify_cms(data, pinned=pins(signer), content=CONTENT)
            assert (signed.digest, signed.attached) == (digest.name, len(options) == 1)

    def test_rsa_pss(self) -> None:
        signer = upload("RSA")
        certificate = x509.load_der_x509_certificate(signer.certificate_der)
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        builder = PKCS7SignatureBuilder().set_data(CONTENT)
        builder = builder.add_signer(certificate, signer.private_key, hashes.SHA256(), rsa_padding=scheme)
        assert verify_cms(builder.sign(Encoding.DER, [PKCS7Options.Binary]), pinned=pins(signer)).content == CONTENT

    @pytest.mark.parametrize("piece", [1, 4, 1000])
    @pytest.mark.parametrize("attached", [CONTENT, None])
    def test_ber_of_indefinite_length(self, attached: bytes | None, piece: int) -> None:
        der = Cms(upload(), attached=attached).der()
        ber = to_ber(der, piece=piece)
        assert ber[:2] == b"\x30\x80"
        assert verify_cms(ber, pinned=pins(), content=CONTENT) == verify_cms(der, pinned=pins(), content=CONTENT)

    def test_a_signer_among_other_certificates(self) -> None:
        others = [make_authority("XB").certificate_der, b"\x30\x03\x02\x01\x05"]
        data = Cms(upload(), certificates=[*others, upload().certificate_der]).der()
        assert verify_cms(data, pinned=pins()).signer_certificate == upload().certificate_der

    def test_a_signer_named_by_its_key(self) -> None:
        identifier = read_certificate(upload().certificate_der).subject_key_identifier
        assert verify_cms(Cms(upload(), key_identifier=identifier).der(), pinned=pins()).content == CONTENT

    def test_attributes_in_any_order_are_signed_in_that_of_der(self) -> None:
        data = Cms(upload()).der()
        first, second = sorted((TYPE_ATTRIBUTE, digest_attribute(CONTENT)))
        turned = data.replace(first + second, second + first)
        assert turned != data
        assert verify_cms(turned, pinned=pins()).content == CONTENT

    def test_what_stands_beside_the_signature_is_passed_over(self) -> None:
        noise = [attribute(MESSAGE_DIGEST, tlv(0x04, hashlib.sha256(OTHER).digest()))]
        data = Cms(upload(), unsigned=noise, crls=tlv(0xA1, sequence()), version=3).der()
        assert verify_cms(data, pinned=pins()).content == CONTENT

    def test_a_signing_time_that_is_none_decides_nothing(self) -> None:
        time = attribute("1.2.840.113549.1.9.5", tlv(0x17, b"yesterday"))
        data = Cms(upload(), attributes=sorted([TYPE_ATTRIBUTE, digest_attribute(CONTENT), time])).der()
        assert verify_cms(data, pinned=pins()).signing_time is None


REFUSED: dict[str, tuple[Callable[[], Cms], Reason]] = {
    "two signers": (lambda: Cms(upload(), signers=2), Reason.CMS_SIGNERS),
    "no signer": (lambda: Cms(upload(), signers=0), Reason.CMS_SIGNERS),
    "no signed attributes": (lambda: Cms(upload(), signed_attributes=False), Reason.CMS_ATTRIBUTES),
    "no digest attribute": (lambda: Cms(upload(), attributes=[TYPE_ATTRIBUTE]), Reason.CMS_ATTRIBUTES),
    "no type attribute": (lambda: Cms(upload(), attributes=[digest_attribute(CONTENT)]), Reason.CMS_ATTRIBUTES),
    "digest attribute beside the signature": (
        lambda: Cms(upload(), attributes=[TYPE_ATTRIBUTE], unsigned=[digest_attribute(CONTENT)]),
        Reason.CMS_ATTRIBUTES,
    ),
    "digest attribute twice": (
        lambda: Cms(upload(), attributes=[TYPE_ATTRIBUTE, digest_attribute(CONTENT), digest_attribute(OTHER)]),
        Reason.CMS_ATTRIBUTES,
    ),
    "digest attribute of two values": (
        lambda: Cms(
            upload(),
            attributes=[
                TYPE_ATTRIBUTE,
                attribute(MESSAGE_DIGEST, *(tlv(0x04, hashlib.sha256(each).digest()) for each in (CONTENT, OTHER))),
            ],
        ),
        Reason.CMS_ATTRIBUTES,
    ),
    "digest attribute of another type": (
        lambda: Cms(upload(), attributes=[TYPE_ATTRIBUTE, attribute(MESSAGE_DIGEST, tlv(0x02, b"\1"))]),
        Reason.CMS_MALFORMED,
    ),
    "type attribute of another type": (
        lambda: Cms(
            upload(), attributes=[attribute(CONTENT_TYPE, oid("1.2.840.113549.1.7.2")), digest_attribute(CONTENT)]
        ),
        Reason.CMS_ATTRIBUTES,
    ),
    "digest of other content": (
        lambda: Cms(upload(), attributes=sorted([TYPE_ATTRIBUTE, digest_attribute(OTHER)])),
        Reason.CMS_DIGEST_DIFFERS,
    ),
    "other content carried": (lambda: Cms(upload(), attached=OTHER), Reason.CMS_DIGEST_DIFFERS),
    "content of another kind": (lambda: Cms(upload(), content_type="1.2.3.4"), Reason.CMS_CONTENT_TYPE),
    "another signer": (
        lambda: Cms(make_authority("XA").issue_signer(name="UP")),
        Reason.CMS_SIGNER_UNKNOWN,
    ),
    "no certificate": (lambda: Cms(upload(), certificates=[]), Reason.CMS_SIGNER_MISSING),
    "only another certificate": (
        lambda: Cms(upload(), certificates=[make_authority("XB").certificate_der]),
        Reason.CMS_SIGNER_MISSING,
    ),
    "signature of another key": (
        lambda: Cms(SignerKey(upload().certificate_der, make_authority().private_key, upload().kid)),
        Reason.SIGNATURE_INVALID,
    ),
    "weak digest": (lambda: Cms(upload(), digest="sha1"), Reason.ALGORITHM_UNSUPPORTED),
    "another digest named": (
        lambda: Cms(upload(), digest_algorithm="sha384"),
        Reason.ALGORITHM_UNSUPPORTED,
    ),
    "signature with another digest": (
        lambda: Cms(upload(), algorithm=sequence(oid(ECDSA["sha384"]))),
        Reason.ALGORITHM_UNSUPPORTED,
    ),
    "unknown signature algorithm": (
        lambda: Cms(upload(), algorithm=sequence(oid("1.2.3.4"))),
        Reason.ALGORITHM_UNSUPPORTED,
    ),
    "PSS with another mask": (
        lambda: Cms(upload("RSA"), pss=True, algorithm=pss_algorithm("sha256", mask="sha1")),
        Reason.ALGORITHM_UNSUPPORTED,
    ),
    "RSA algorithm for an EC key": (
        lambda: Cms(upload(), algorithm=sequence(oid("1.2.840.113549.1.1.11"), b"\x05\x00")),
        Reason.SIGNATURE_INVALID,
    ),
    "short RSA key": (lambda: Cms(upload("RSA-1024")), Reason.KEY_TOO_WEAK),
    "version of the future": (lambda: Cms(upload(), version=9), Reason.CMS_MALFORMED),
}


class TestRefused:
    @pytest.mark.parametrize("name", REFUSED)
    def test_refused(self, name: str) -> None:
        made, reason = REFUSED[name]
        message = made()
        pinned = pins(upload(), upload("RSA"), upload("RSA-1024"))
        for data in (message.der(), to_ber(message.der())):
            with pytest.raises(DecodeError) as caught:
                verify_cms(data, pinned=pinned)
            assert why(caught.value) == (Stage.CMS, reason)

    def test_a_detached_signature_needs_its_content(self) -> None:
        data = Cms(upload(), attached=None).der()
        with pytest.raises(DecodeError) as caught:
            verify_cms(data, pinned=pins())
        assert caught.value.reason is Reason.CMS_CONTENT_MISSING

    @pytest.mark.parametrize(
        ("attached", "reason"), [(CONTENT, Reason.CMS_CONTENT_DIFFERS), (None, Reason.CMS_DIGEST_DIFFERS)]
    )
    def test_other_content_than_the_signed_one(self, attached: bytes | None, reason: Reason) -> None:
        with pytest.raises(DecodeError) as caught:
            verify_cms(Cms(upload(), attached=attached).der(), pinned=pins(), content=OTHER)
        assert caught.value.reason is reason

    def test_content_swapped_under_a_genuine_signature(self) -> None:
        swapped = Cms(upload()).der().replace(CONTENT, CONTENT[::-1])
        for content in (None, CONTENT[::-1]):
            with pytest.raises(DecodeError) as caught:
                verify_cms(swapped, pinned=pins(), content=content)
            assert caught.value.reason is Reason.CMS_DIGEST_DIFFERS

    def test_attributes_passed_off_as_content(self) -> None:
        genuine = Cms(upload(), attached=None)
        attributes = tlv(0x31, *genuine.the_attributes())
        forged = Cms(upload(), content=attributes, attached=attributes, signed_attributes=False)
        with pytest.raises(DecodeError) as caught:
            verify_cms(forged.der(), pinned=pins())
        assert caught.value.reason is Reason.CMS_ATTRIBUTES

    def test_a_twin_of_the_same_name_and_serial_number_is_another_signer(self) -> None:
        one, other = (SignerKey(self_signed(key), key, b"") for key in (upload().private_key, make_key("P-256")))
        first, second = (read_certificate(each.certificate_der) for each in (one, other))
        assert (first.issuer_name, first.serial) == (second.issuer_name, second.serial)
        both = [other.certificate_der, one.certificate_der]
        assert verify_cms(Cms(one, certificates=both).der(), pinned=pins(one)).content == CONTENT
        for message, reason in (
            (Cms(other), Reason.CMS_SIGNER_UNKNOWN),
            (Cms(other, certificates=both), Reason.SIGNATURE_INVALID),
        ):
            with pytest.raises(DecodeError) as caught:
                verify_cms(message.der(), pinned=pins(one))
            assert caught.value.reason is reason

    def test_messages_too_large(self) -> None:
        data = Cms(upload()).der()
        with pytest.raises(DecodeError) as caught:
            verify_cms(data, pinned=pins(), limits=Limits(cms_bytes=len(data) - 1))
        assert caught.value.reason is Reason.CMS_TOO_LARGE

    def test_more_certificates_than_any_message_has(self) -> None:
        many = [sequence(tlv(0x02, number.to_bytes(2, "big"))) for number in range(65)]
        with pytest.raises(DecodeError) as caught:
            read_message(Cms(upload(), certificates=many).der())
        assert why(caught.value) == (Stage.CMS, Reason.CMS_MALFORMED)

    @pytest.mark.parametrize(
        "message",
        [
            Cms(upload(), attributes=[sequence(oid(f"1.2.{number}"), tlv(0x31)) for number in range(33)]),
            Cms(upload(), algorithm=sequence(oid(ECDSA["sha256"]), *([b"\x05\x00"] * 300))),
            Cms(upload(), attributes=[attribute(CONTENT_TYPE, *([oid(DATA)] * 33))]),
        ],
    )
    def test_more_parts_than_any_message_has(self, message: Cms) -> None:
        with pytest.raises(DecodeError) as caught:
            read_message(message.der())
        assert why(caught.value) == (Stage.CMS, Reason.CMS_MALFORMED)

    @pytest.mark.parametrize("data", [b"", b"\x30\x80", b"\x30\x00", b"text", upload().certificate_der, bytes(100)])
    def test_what_is_no_message(self, data: bytes) -> None:
        with pytest.raises(DecodeError) as caught:
            read_message(data)
        assert why(caught.value) == (Stage.CMS, Reason.CMS_MALFORMED)


def pem_of(signer: SignerKey) -> bytes:
    return signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def genuine() -> tuple[bytes, bytes]:
    """One message twice: in DER and in BER."""
    der = Cms(upload()).der()
    return der, to_ber(der)


@given(st.sampled_from((0, 1)), st.integers(min_value=0), st.integers(1, 255))
def test_no_changed_byte_makes_other_content_believed(form: int, place: int, change: int) -> None:
    data = bytearray(genuine()[form])
    data[place % len(data)] ^= change
    try:
        signed = verify_cms(bytes(data), pinned=pins())
    except DecodeError:
        return
    assert (signed.content, signed.signer_certificate) == (CONTENT, upload().certificate_der)


class TestSigning:
    def test_equal_input_gives_equal_bytes(self) -> None:
        signer = upload()
        one, other = (sign_cms(CONTENT, signer.certificate_der, signer.private_key, signing_time=AT) for _ in range(2))
        assert one == other

    def test_years_beyond_those_of_two_digits(self) -> None:
        signer = upload()
        late = datetime(2051, 2, 3, 4, 5, 6, tzinfo=UTC)
        data = sign_cms(CONTENT, signer.certificate_der, signer.private_key, signing_time=late)
        assert verify_cms(data, pinned=pins()).signing_time == int(late.timestamp())

    @pytest.mark.parametrize(
        ("signer", "reason"),
        [
            (SignerKey(upload().certificate_der, make_authority().private_key, b""), Reason.KEY_NOT_OF_CERTIFICATE),
            (upload("RSA-1024"), Reason.KEY_TOO_WEAK),
        ],
    )
    def test_keys_that_cannot_sign(self, signer: SignerKey, reason: Reason) -> None:
        with pytest.raises(EncodeError) as caught:
            sign_cms(CONTENT, signer.certificate_der, signer.private_key)
        assert (caught.value.stage, caught.value.reason) == (Stage.CMS, reason)

    def test_keys_of_another_kind(self) -> None:
        key = ed25519.Ed25519PrivateKey.generate()
        with pytest.raises(EncodeError) as caught:
            sign_cms(CONTENT, self_signed(key), key)
        assert caught.value.reason is Reason.PUBLIC_KEY_UNSUPPORTED

    @pytest.mark.conformance
    @pytest.mark.parametrize("detached", [False, True])
    @pytest.mark.parametrize("key", ["P-256", "P-384", "RSA"])
    def test_openssl_believes_what_we_sign(self, key: KeyKind, detached: bool, tmp_path: Path) -> None:
        signer = upload(key)
        (tmp_path / "content").write_bytes(CONTENT)
        data = sign_cms(CONTENT, signer.certificate_der, signer.private_key, signing_time=AT, detached=detached)
        (tmp_path / "signed").write_bytes(data)
        command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", "signed", "-noverify", "-binary"]
        command += ["-content", "content"] if detached else []
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        assert done.stdout == CONTENT

    @pytest.mark.conformance
    def test_we_believe_what_openssl_streams_in_ber(self, tmp_path: Path) -> None:
        signer = upload()
        (tmp_path / "content").write_bytes(CONTENT * 1000)
        certificate = x509.load_der_x509_certificate(signer.certificate_der)
        (tmp_path / "signer.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (tmp_path / "key.pem").write_bytes(pem_of(signer))
        command = ["openssl", "cms", "-sign", "-in", "content", "-signer", "signer.pem", "-inkey", "key.pem"]
        command += ["-outform", "DER", "-nodetach", "-binary", "-stream", "-out", "signed"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        data = (tmp_path / "signed").read_bytes()
        assert data[:2] == b"\x30\x80"
        assert verify_cms(data, pinned=pins()).content == CONTENT * 1000
