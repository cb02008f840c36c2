"""Private keys as PEM text: PKCS#8 encrypted with scrypt (RFC 5958 §3, RFC 8018 §6.2 PBES2, RFC 7914 §7).

Why not `cryptography`'s own `BestAvailableEncryption`: its PEM stretches the passphrase with PBKDF2 and 2,048 rounds
only, which a thief of the file tries by the million a second, and for PKCS#8 it offers no other setting. It does read
scrypt. So the 100 bytes of ASN.1 around the encrypted key are written here, and what comes out is ordinary
"ENCRYPTED PRIVATE KEY" text that `cryptography` and `openssl pkey` open.

The cost is N = 2^14, r = 8, p = 5 (about 0.2 s and 16 MiB for each try): one of the equivalent settings of OWASP's
password storage advice, and the strongest of them that OpenSSL opens within its memory bound of 32 MiB. The cipher is
AES-256-CBC, since OpenSSL has no authenticated one here; a file that somebody altered is caught when the key is held
against its certificate (`signer.KeySigner`).
"""

from __future__ import annotations

import base64
import secrets
import textwrap
from collections.abc import Callable
from typing import Final, TypeAlias

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7

from credential.errors import Stage
from issuer.errors import IssueError, IssueReason

PrivateKey: TypeAlias = EllipticCurvePrivateKey | RSAPrivateKey
PublicKey: TypeAlias = EllipticCurvePublicKey | RSAPublicKey
AnyPrivateKey: TypeAlias = PrivateKey | Ed25519PrivateKey
"""Also the keys that sign no credentials: those of logs and repositories."""
RandomBytes: TypeAlias = Callable[[int], bytes]

RSA_MINIMUM_BITS: Final = 2048
RSA_MINIMUM_EXPONENT: Final = 65_537
PASSPHRASE_MINIMUM_CHARS: Final = 12
PASSPHRASE_MAXIMUM_BYTES: Final = 1023  # what OpenSSL takes

_SCRYPT_N: Final = 2**14
_SCRYPT_R: Final = 8
_SCRYPT_P: Final = 5

# DER of the object identifiers, tag and length included
_PBES2: Final = bytes.fromhex("06092a864886f70d01050d")  # 1.2.840.113549.1.5.13
_SCRYPT: Final = bytes.fromhex("06092b06010401da47040b")  # 1.3.6.1.4.1.11591.4.11
_AES_256_CBC: Final = bytes.fromhex("060960864801650304012a")  # 2.16.840.1.101.3.4.1.42

_SEQUENCE: Final = 0x30
_OCTET_STRING: Final = 0x04
_INTEGER: Final = 0x02


def encrypt_private_key(key: AnyPrivateKey, passphrase: str, *, random_bytes: RandomBytes = secrets.token_bytes) -> str:
    """The key as encrypted PKCS#8 PEM text.

    Raises IssueError (stage KEY) for a passphrase under 12 characters or over 1,023 bytes of UTF-8.
    """
    secret = _passphrase_bytes(passphrase)
    if len(passphrase) < PASSPHRASE_MINIMUM_CHARS:
        raise IssueError(Stage.KEY, IssueReason.PASSPHRASE_UNUSABLE, least=PASSPHRASE_MINIMUM_CHARS)
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, vector = random_bytes(16), random_bytes(16)
    sealed = _encrypt(plain, secret, salt=salt, vector=vector)
    return _pem("ENCRYPTED PRIVATE KEY", _encrypted_private_key_info(sealed, salt=salt, vector=vector))


def decrypt_private_key(
    pem: str | bytes, passphrase: str | None, *, unsafe_accept_unencrypted: bool = False
) -> PrivateKey:
    """The P-256 or RSA key in PKCS#8 PEM text, whatever encryption it was written with.

    Raises IssueError (stage KEY): a passphrase that is missing or wrong, a key that lies open (unless the caller takes
    the risk by name), another kind of key, or text that holds none.
    """
    return check_key(decrypt_any_key(pem, passphrase, unsafe_accept_unencrypted=unsafe_accept_unencrypted))


def decrypt_any_key(
    pem: str | bytes, passphrase: str | None, *, unsafe_accept_unencrypted: bool = False
) -> PrivateKeyTypes:
    """As `decrypt_private_key`, for a key of any kind that nobody has looked at yet."""
    data = pem.encode("utf-8", "replace") if isinstance(pem, str) else pem
    secret = _secret_for(data, passphrase, accept_open=unsafe_accept_unencrypted)
    try:
        return serialization.load_pem_private_key(data, secret)
    except (ValueError, TypeError) as error:
        # Decrypting with a wrong passphrase gives noise, which one time in 256 looks padded: no telling from damage.
        reason = IssueReason.KEY_UNREADABLE if secret is None else IssueReason.PASSPHRASE_WRONG
        raise IssueError(Stage.KEY, reason) from error
    except (MemoryError, InternalError, UnsupportedAlgorithm) as error:
        raise IssueError(Stage.KEY, IssueReason.KEY_UNREADABLE) from error


def check_key(key: object) -> PrivateKey:
    """The same private key, if it is one that may sign: see `check_public_key`. Raises IssueError (stage KEY)."""
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey):
        raise IssueError(Stage.KEY, IssueReason.KEY_KIND_UNSUPPORTED, kind=type(key).__name__)
    check_public_key(key.public_key())
    return key


def check_public_key(key: object) -> PublicKey:
    """The same public key, if it may sign credentials: P-256, or RSA from 2048 bits with an exponent from 65,537.

    Raises IssueError (stage KEY).
    """
    if isinstance(key, EllipticCurvePublicKey):
        if not isinstance(key.curve, SECP256R1):
            raise IssueError(Stage.KEY, IssueReason.KEY_KIND_UNSUPPORTED, kind=key.curve.name)
        return key
    if isinstance(key, RSAPublicKey):
        exponent = key.public_numbers().e
        if key.key_size < RSA_MINIMUM_BITS or exponent < RSA_MINIMUM_EXPONENT:
            raise IssueError(Stage.KEY, IssueReason.KEY_TOO_WEAK, bits=key.key_size, exponent=exponent)
        return key
    raise IssueError(Stage.KEY, IssueReason.KEY_KIND_UNSUPPORTED, kind=type(key).__name__)


def _secret_for(data: bytes, passphrase: str | None, *, accept_open: bool) -> bytes | None:
    if b"ENCRYPTED" in data:  # both PKCS#8 and the older "Proc-Type: 4,ENCRYPTED" say so in clear
        if passphrase is None:
            raise IssueError(Stage.KEY, IssueReason.PASSPHRASE_MISSING)
        return _passphrase_bytes(passphrase)
    if b"PRIVATE KEY" in data and not accept_open:
        raise IssueError(Stage.KEY, IssueReason.KEY_NOT_ENCRYPTED)
    return None


def _passphrase_bytes(passphrase: str) -> bytes:
    try:
        secret = passphrase.encode("utf-8")
    except UnicodeEncodeError:
        # `from None`: the codec's error would carry the passphrase into a traceback.
        raise IssueError(Stage.KEY, IssueReason.PASSPHRASE_UNUSABLE, least=PASSPHRASE_MINIMUM_CHARS) from None
    if not 0 < len(secret) <= PASSPHRASE_MAXIMUM_BYTES:
        raise IssueError(Stage.KEY, IssueReason.PASSPHRASE_UNUSABLE, least=PASSPHRASE_MINIMUM_CHARS)
    return secret


def _encrypt(plain: bytes, secret: bytes, *, salt: bytes, vector: bytes) -> bytes:
    key = Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P).derive(secret)
    padder = PKCS7(algorithms.AES.block_size).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def _encrypted_private_key_info(sealed: bytes, *, salt: bytes, vector: bytes) -> bytes:
    cost = (_der_integer(_SCRYPT_N), _der_integer(_SCRYPT_R), _der_integer(_SCRYPT_P))
    stretch = _der(_SEQUENCE, _SCRYPT, _der(_SEQUENCE, _der(_OCTET_STRING, salt), *cost))
    cipher = _der(_SEQUENCE, _AES_256_CBC, _der(_OCTET_STRING, vector))
    scheme = _der(_SEQUENCE, _PBES2, _der(_SEQUENCE, stretch, cipher))
    return _der(_SEQUENCE, scheme, _der(_OCTET_STRING, sealed))


def _der(tag: int, *parts: bytes) -> bytes:
    """One DER value: tag, shortest length, contents (X.690 §8.1)."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + body


def _der_integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def _pem(label: str, der: bytes) -> str:
    lines = textwrap.fill(base64.b64encode(der).decode("ascii"), 64)
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"
