"""What the HCERT specification asks for, where no other test shows it; docs/hcert-crosswalk.md has the whole list.

Sections are those of version 1.1.1 (WHO SMART Trust, "HCERT Specification").
"""

from __future__ import annotations

import hashlib
import re
import zlib
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from typing import NoReturn

import cbor2
import pytest
import zxingcpp
from PIL import Image

from credential.errors import Reason
from credential.wire import base45, cose, hcert
from credential.wire.algorithms import Algorithm
from credential.wire.qr import draw
from issuer import KeySigner, issue
from issuer.keys import create_dsc, create_sca, new_private_key
from issuer.subject import Subject
from samples.network import read_record
from tests.verifier.scene import AUTHORITY, DAY, NOW, SECONDS, SIGNER, TRUST, Parts, dcc, listed, parts, trusting
from trustlist import TrustSnapshot
from verifier import Outcome, Status, Verdict, verify

OTHER_KID = bytes(8)


def check(text: str, trust: TrustSnapshot = TRUST) -> Verdict:
    return verify(text, trust=trust, at=NOW)


def issued() -> tuple[bytes, str]:
    """A document signer's certificate, and a code under it."""
    authority_key, key = new_private_key(), new_private_key()
    founded = NOW - timedelta(days=1)
    sca = create_sca(Subject("XA", "SCA"), key=authority_key, at=founded)
    dsc = create_dsc(Subject("XA", "DSC"), public_key=key.public_key(), sca=sca, sca_key=authority_key, at=founded)
    return dsc, issue(read_record("vaccination"), signer=KeySigner(dsc, key), at=NOW).text


def test_an_issued_code_has_the_structure_of_the_specification() -> None:
    """§3.2.1, §3.2.3 to §3.2.7, §4.2, A.1: taken apart with other libraries than our own readers."""
    certificate, text = issued()
    assert text.startswith("HC1:")
    tagged = cbor2.loads(zlib.decompress(base45.decode(text.removeprefix("HC1:"))))
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    assert cbor2.loads(protected) == {1: -7, 4: hashlib.sha256(certificate).digest()[:8]}
    assert unprotected == {}
    assert len(signature) == 64
    claims = cbor2.loads(payload)
    assert set(claims) == {1, 4, 6, -260}
    assert re.fullmatch("[A-Z]{2}", claims[1])
    assert type(claims[4]) is int
    assert type(claims[6]) is int
    assert list(claims[-260]) == [1]


def test_an_issued_code_is_drawn_at_level_q() -> None:
    """§4.2.2; the level is read back from the picture."""
    _, text = issued()
    (barcode,) = zxingcpp.read_barcodes(Image.open(BytesIO(draw(text).png())))
    assert (barcode.ec_level, barcode.text) == ("Q", text)


@pytest.mark.parametrize(
    ("protected", "unprotected"),
    [
        ({1: -7, 4: SIGNER.kid}, {}),
        ({1: -7}, {4: SIGNER.kid}),
        ({1: -7, 4: SIGNER.kid}, {4: OTHER_KID}),
        ({1: -7, 4: SIGNER.kid}, {4: SIGNER.kid}),
    ],
)
def test_a_kid_is_taken_from_either_header_and_the_protected_one_counts(
    protected: dict[int, object], unprotected: dict[int, object]
) -> None:
    """§3.2.3."""
    assert check(parts(protected=protected, unprotected=unprotected).text()).outcome is Outcome.ACCEPTED


def test_an_unprotected_kid_never_stands_in_for_a_protected_one() -> None:
    """§3.2.3."""
    verdict = check(parts(protected={1: -7, 4: OTHER_KID}, unprotected={4: SIGNER.kid}).text())
    assert verdict.reason is Reason.SIGNER_UNKNOWN


def test_a_code_without_its_signature_is_refused() -> None:
    """§3.1, §3.2.1."""
    sign1 = cose.decode_sign1(Parts().sign1())
    unsigned = cose.encode_sign1(sign1.protected, sign1.payload, b"")
    assert check(hcert.encode(unsigned)).reason is Reason.SIGNATURE_LENGTH
    three = b"\xd2" + cbor2.dumps([sign1.protected, {}, sign1.payload])
    assert check(hcert.encode(three)).reason is Reason.COSE_STRUCTURE


@pytest.mark.parametrize("algorithm", Algorithm)
def test_both_algorithms_verify_and_a_changed_byte_does_not(algorithm: Algorithm) -> None:
    """§3.1, §3.2.2."""
    signer = AUTHORITY.issue_signer(key="RSA" if algorithm is Algorithm.PS256 else "P-256")
    trust = trusting(listed((signer, AUTHORITY)))
    good = parts(signer=signer, algorithm=algorithm).sign1()
    assert check(hcert.encode(good), trust).outcome is Outcome.ACCEPTED
    changed = good.replace(b"Okoye-Lind", b"Okoye-Lund")
    assert check(hcert.encode(changed), trust).reason is Reason.SIGNATURE_INVALID


def test_a_certificate_counts_to_the_last_second_of_its_expiry() -> None:
    """§3.2.5."""
    text = parts(expires=SECONDS).text()
    assert check(text).outcome is Outcome.ACCEPTED
    late = verify(text, trust=TRUST, at=NOW + timedelta(seconds=1))
    assert late.reason is Reason.EXPIRED
    assert late.outcome is Outcome.REJECTED


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (0, Reason.CLAIM_UNKNOWN),
        (6, Reason.CLAIM_UNKNOWN),
        (-1, Reason.CLAIM_DEVELOPMENT),
        (-7, Reason.CLAIM_DEVELOPMENT),
    ],
)
def test_a_subclaim_of_development_is_told_from_one_of_who(number: int, reason: Reason) -> None:
    """§3.2.7.1."""
    verdict = check(parts(hcert={number: {}}).text())
    assert verdict.reason is reason
    assert verdict.outcome is Outcome.UNDETERMINED


def test_a_key_that_left_the_list_is_not_trusted() -> None:
    """§5.1: being on the newest list is what makes a key count."""
    text = Parts().text()
    without = trusting(listed((AUTHORITY.issue_signer(), AUTHORITY), created=NOW))
    assert check(text).outcome is Outcome.ACCEPTED
    assert check(text, without).reason is Reason.SIGNER_UNKNOWN


def test_a_verifier_does_not_ask_for_the_period_of_a_private_key() -> None:
    """§5.1: the issuer keeps to it, the verifier does not judge by it."""
    authority_key, key = new_private_key(), new_private_key()
    founded = NOW - timedelta(days=400)
    sca = create_sca(Subject("XA", "SCA"), key=authority_key, at=founded)
    dsc = create_dsc(
        Subject("XA", "DSC"),
        public_key=key.public_key(),
        sca=sca,
        sca_key=authority_key,
        at=founded,
        key_use=timedelta(days=30),
    )
    signed = issue(
        read_record("vaccination"),
        signer=KeySigner(dsc, key),
        at=founded + timedelta(days=29),
        valid_for=timedelta(days=600),
    )
    assert check(signed.text, TrustSnapshot.from_certificates([dsc, sca])).outcome is Outcome.ACCEPTED


def test_the_content_of_a_claim_is_not_read_before_the_signature_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """§6.3."""

    def read(*_: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(import_module("verifier.verify"), "read_claim", read)
    forged = parts(signer=AUTHORITY.issue_signer(), protected={1: -7, 4: SIGNER.kid}, hcert=dcc(dob=7))
    verdict = check(forged.text())
    assert verdict.reason is Reason.SIGNATURE_INVALID
    assert {verdict.check(name).status for name in ("issued", "expiry", "claim", "schema", "usage")} == {Status.SKIPPED}
    assert verdict.credential is None
    with pytest.raises(AssertionError):
        check(Parts().text())


def test_a_list_that_was_not_renewed_is_no_longer_relied_on() -> None:
    """Appendix A: lists are to be updated; a verdict under an old one is left open, and never green."""
    old = trusting(listed((SIGNER, AUTHORITY), created=NOW - timedelta(days=31)))
    verdict = check(Parts().text(), old)
    assert verdict.outcome is Outcome.UNDETERMINED
    assert verdict.reason is Reason.TRUST_LIST_STALE


def test_a_certificate_is_not_issued_before_its_signer_begins() -> None:
    """§3.2.6."""
    signer = AUTHORITY.issue_signer(not_before=NOW - timedelta(days=1))
    trust = trusting(listed((signer, AUTHORITY)))
    assert check(parts(signer=signer, issued=SECONDS - DAY).text(), trust).outcome is Outcome.ACCEPTED
    assert check(parts(signer=signer, issued=SECONDS - DAY - 1).text(), trust).reason is Reason.ISSUED_BEFORE_SIGNER
