"""Certificates that must not be accepted: what a forger, a careless or a dishonest issuer would produce.

`issuer.issue` refuses to make most of them, so they are put together from the layers themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from credential.wire import cbor, cose, cwt, hcert
from issuer import KeySigner, issue
from samples.network import Network, read_record


def tampered(genuine: str) -> str:
    """A genuine vaccination certificate with another birth date, its signature left as it was."""
    sign1 = hcert.decode(genuine).sign1
    claims = dict(cwt.decode_claims(sign1.payload).root)
    dcc = dict(claims[cwt.HCERT][1])
    claims[cwt.HCERT] = {1: dcc | {"dob": "1957-04-02"}}
    return hcert.encode(cose.encode_sign1(sign1.protected, cbor.dumps(claims), sign1.signature))


def expired(network: Network, at: datetime) -> str:
    """A test certificate that ended a day before `at`."""
    issued = at - timedelta(days=8)
    signer = network.participants["XB"].signers["test"]
    return issue(read_record("test"), signer=signer, at=issued, valid_for=timedelta(days=7)).text


def wrong_usage(network: Network, at: datetime) -> str:
    """A vaccination certificate signed with a key that may sign tests only."""
    genuine = issue(read_record("vaccination"), signer=network.participants["XA"].signers["vaccination"], at=at)
    return _signed_again(genuine.text, network.participants["XA"].signers["test"])


def unknown_signer(network: Network, at: datetime) -> str:
    """A vaccination certificate of an issuer that the list does not name."""
    return issue(read_record("vaccination"), signer=network.stranger.signers["vaccination"], at=at).text


def borrowed_name(network: Network, at: datetime) -> str:
    """A vaccination certificate that says it comes from XA, signed by a genuine key of XB."""
    genuine = issue(read_record("vaccination"), signer=network.participants["XA"].signers["vaccination"], at=at)
    return _signed_again(genuine.text, network.participants["XB"].signers["vaccination"])


def _signed_again(text: str, signer: KeySigner) -> str:
    """The same content under another signer."""
    payload = hcert.decode(text).sign1.payload
    protected = cose.protected_header(signer.algorithm, signer.kid)
    signature = signer.sign(cose.to_be_signed(protected, payload))
    return hcert.encode(cose.encode_sign1(protected, payload, signature))
