"""Who signs: the `Signer` protocol, a signer with its key in this process, and a signer that is watched.

The protocol is small so that anything that keeps keys can implement it: a PKCS#11 session, a cloud key service, a
command on another machine. Signatures are raw as COSE has them (RFC 9053 §2.1, RFC 8230 §2), never DER.

**When a signature is checked before it is released.** A full check costs more than twice what signing costs, so it is
done where something can go wrong. `KeySigner` signs and verifies once, when it is made: from then on the same key
object sits beside the same certificate, and nothing between them can change. Any other signer is a device or a service,
which may be reconfigured, fail or answer for another key at any time: `issue` verifies each of its signatures. An
operator who accepts less says so: `checked(signer, every=1000)` verifies the first and then every thousandth, and
looks at the length of all.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final, Protocol, final, runtime_checkable

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from credential.errors import DecodeError, Stage
from credential.wire.algorithms import ALGORITHMS, Algorithm, PublicKey, algorithm_of, verify_signature
from credential.wire.x509 import kid_of
from issuer.errors import IssueError, IssueReason
from issuer.private_key import PrivateKey, check_key
from issuer.signing_certificate import read_signing_certificate

# Cannot be taken for a Sig_structure, which starts with the byte 0x84.
_PROBE: Final = b"pratique: does this key belong to this certificate?"


@runtime_checkable
class Signer(Protocol):
    """A key that signs, with the certificate that others know it by. Implementations need not inherit from this."""

    @property
    def certificate(self) -> bytes:
        """The document signer certificate (DSC), DER."""

    @property
    def kid(self) -> bytes:
        """The key identifier that trust lists carry: by rule the first 8 bytes of SHA-256 over the certificate."""

    @property
    def algorithm(self) -> Algorithm:
        """The COSE algorithm of its signatures."""

    def sign(self, to_be_signed: bytes) -> bytes:
        """The signature over a Sig_structure: r ‖ s of 64 bytes (ES256), or the PSS string (PS256).

        Raises IssueError (stage KEY) when the key cannot be used now.
        """


@final
class KeySigner:
    """A signer whose private key is in this process. Its text form never shows the key."""

    __slots__ = ("_algorithm", "_certificate", "_key", "_kid", "_sign")

    def __init__(self, certificate: bytes, key: PrivateKey, *, kid: bytes | None = None) -> None:
        """`certificate` is the DSC in DER; `kid` only for lists that use another one than the rule gives.

        Raises IssueError: stage KEY for a key that is too weak, of an unsupported kind, or not the certificate's;
        stage CERTIFICATE for bytes that are no certificate.
        """
        check_key(key)
        require_same_key(certificate, key)
        algorithm = algorithm_of(key.public_key())
        if algorithm is None:
            raise IssueError(Stage.KEY, IssueReason.KEY_KIND_UNSUPPORTED, kind=type(key).__name__)
        self._certificate = certificate
        self._kid = kid_of(certificate) if kid is None else kid
        self._algorithm = algorithm
        self._key = key
        self._sign: Callable[[PrivateKey, bytes], bytes] = ALGORITHMS[algorithm].sign
        public_key = read_signing_certificate(certificate).public_key
        _require_signature(algorithm, public_key, self.sign(_PROBE), _PROBE)

    @property
    def certificate(self) -> bytes:
        """The DSC, DER."""
        return self._certificate

    @property
    def kid(self) -> bytes:
        """The key identifier, 8 bytes by rule."""
        return self._kid

    @property
    def algorithm(self) -> Algorithm:
        """ES256 for a P-256 key, PS256 for an RSA key."""
        return self._algorithm

    def sign(self, to_be_signed: bytes) -> bytes:
        """The raw COSE signature over `to_be_signed`."""
        return self._sign(self._key, to_be_signed)

    def __repr__(self) -> str:
        return f"KeySigner(kid={self._kid.hex()}, algorithm={self._algorithm.name})"


@final
class CheckedSigner:
    """Another signer, whose signatures are looked at before they are handed on; made by `checked`."""

    __slots__ = ("_every", "_public_key", "_signed", "_signer")

    def __init__(self, signer: Signer, every: int) -> None:
        if every < 1:
            raise ValueError("every: at least 1")
        self._signer = signer
        self._every = every
        self._signed = count()
        self._public_key = read_signing_certificate(signer.certificate).public_key

    @property
    def certificate(self) -> bytes:
        """The DSC, DER."""
        return self._signer.certificate

    @property
    def kid(self) -> bytes:
        """The key identifier."""
        return self._signer.kid

    @property
    def algorithm(self) -> Algorithm:
        """The COSE algorithm of its signatures."""
        return self._signer.algorithm

    def sign(self, to_be_signed: bytes) -> bytes:
        """The signature of the signer within; raises IssueError (stage ISSUE) when it is unusable or does not hold."""
        signature = self._signer.sign(to_be_signed)
        _require_form(self.algorithm, self._public_key, signature)
        if next(self._signed) % self._every == 0:
            _require_signature(self.algorithm, self._public_key, signature, to_be_signed)
        return signature

    def __repr__(self) -> str:
        return f"CheckedSigner({self._signer!r}, every={self._every})"


def checked(signer: Signer, *, every: int = 1) -> CheckedSigner:
    """`signer`, with its first signature and then every `every`-th one verified, and the length of all.

    Raises ValueError for `every` below 1, IssueError (stage CERTIFICATE) when its certificate cannot be read.
    """
    return CheckedSigner(signer, every)


def require_same_key(certificate: bytes, key: PrivateKey) -> None:
    """Raises IssueError (stage KEY) unless the certificate is for this private key."""
    if key.public_key() != read_signing_certificate(certificate).public_key:
        raise IssueError(Stage.KEY, IssueReason.KEY_OTHER_CERTIFICATE)


def _require_form(algorithm: Algorithm, public_key: PublicKey, signature: object) -> None:
    """A device's answer that is not even of the right type and length must not reach a QR code."""
    expected = (public_key.key_size + 7) // 8 if isinstance(public_key, RSAPublicKey) else 64
    if not isinstance(signature, bytes) or len(signature) != expected:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNATURE_UNUSABLE, algorithm=algorithm.name, expected=expected)


def _require_signature(algorithm: Algorithm, public_key: PublicKey, signature: bytes, to_be_signed: bytes) -> None:
    try:
        verify_signature(algorithm, public_key, signature, to_be_signed)
    except DecodeError as error:
        raise IssueError(Stage.ISSUE, IssueReason.SIGNATURE_INVALID, algorithm=algorithm.name) from error
