"""A participant made for the tests: one authority and one document signer of each kind of key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from issuer.keys import KeyKind, create_dsc, create_sca, new_private_key
from issuer.private_key import PrivateKey
from issuer.signer import KeySigner
from issuer.subject import Subject

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SCA_SUBJECT = Subject("XA", "Test authority", "Ministry of Health XA")
DSC_SUBJECT = Subject("XA", "Test signer", "Ministry of Health XA")


@dataclass(frozen=True)
class Party:
    """An authority and a document signer under it, with their keys."""

    sca: bytes
    sca_key: PrivateKey
    dsc: bytes
    dsc_key: PrivateKey

    @property
    def signer(self) -> KeySigner:
        return KeySigner(self.dsc, self.dsc_key)


def make_party(kind: KeyKind = KeyKind.P256, usages: tuple[str, ...] = ()) -> Party:
    sca_key, dsc_key = new_private_key(kind), new_private_key(kind)
    sca = create_sca(SCA_SUBJECT, key=sca_key, at=START)
    dsc = create_dsc(DSC_SUBJECT, public_key=dsc_key.public_key(), sca=sca, sca_key=sca_key, at=START, usages=usages)
    return Party(sca, sca_key, dsc, dsc_key)


@pytest.fixture(scope="session")
def party() -> Party:
    """P-256, no extended key usage."""
    return make_party()


@pytest.fixture(scope="session")
def rsa_party() -> Party:
    """RSA-3072, no extended key usage."""
    return make_party(KeyKind.RSA3072)
