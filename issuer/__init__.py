"""The issuer's room: a clinic turns a record into a signed QR code, on paper or screen.

    from issuer import issue, read_signer
    signer = read_signer(Path("dsc.pem"), Path("dsc.key.pem"), passphrase)
    signed = issue(record, signer=signer, at=datetime.now(UTC))
    signed.text, signed.qr_png(), signed.qr_svg()

Keys and certificates of a participant are made in `issuer.keys` and kept by `issuer.store`.
"""

from issuer.errors import FieldReason, IssueError, IssueReason, Problem
from issuer.issue import DEFAULT_VALIDITY, issue
from issuer.record import RECORD_KINDS, check_record, parse_record
from issuer.signed import Signed
from issuer.signer import KeySigner, Signer, checked
from issuer.store import read_signer

__all__ = [
    "DEFAULT_VALIDITY",
    "RECORD_KINDS",
    "FieldReason",
    "IssueError",
    "IssueReason",
    "KeySigner",
    "Problem",
    "Signed",
    "Signer",
    "check_record",
    "checked",
    "issue",
    "parse_record",
    "read_signer",
]
