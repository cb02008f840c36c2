"""A border officer turns a QR into a verdict: decode, find the signer, check the signature, the dates, the content."""

from verifier.policy import Policy
from verifier.verdict import Check, Outcome, Status, Verdict
from verifier.verify import verify

__all__ = ["Check", "Outcome", "Policy", "Status", "Verdict", "verify"]
