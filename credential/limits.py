"""Every bound on untrusted input, in one frozen value with its units.

The largest real HCERT seen is 1,039 characters and 784 bytes; a QR code carries at most 4,296 alphanumeric
characters (ISO/IEC 18004, version 40, level L). The defaults leave room above both and stop floods early.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; reading stops with a typed error at the first one that is passed."""

    text_chars: int = 16_384
    """Characters of one scanned text, prefix included."""
    inflated_bytes: int = 65_536
    """Bytes that one deflate stream may grow to."""
    cbor_bytes: int = 16_384
    """Bytes of one CBOR item. Keys made to collide in a map take time that grows with the square of this."""
    cbor_depth: int = 16
    """Nested arrays, maps and tags of one CBOR item."""
    kid_bytes: int = 64
    """Bytes of a key identifier; HCERT says 8, thumbprints have 32."""
    certificate_bytes: int = 16_384
    """Bytes of one DER certificate."""
    cms_bytes: int = 2 * 1024 * 1024
    """Bytes of one signed message (CMS); a participant's has a few thousand, an ICAO master list about a million."""
    jws_bytes: int = 16 * 1024 * 1024
    """Bytes of one signed text (JWS); a SMART Health Card has about a thousand, a signed key set what its keys need."""
    picture_bytes: int = 32 * 1024 * 1024
    """Bytes of one picture or PDF file."""
    picture_pixels: int = 40_000_000
    """Pixels of one decoded picture or rendered page."""
    pdf_pages: int = 50
    """Pages of one PDF that are looked at."""
    trust_list_bytes: int = 256 * 1024 * 1024
    """Bytes of one trust-list document."""
    trust_list_keys: int = 1_000_000
    """Entries of one trust list."""
    device_bundle_bytes: int = 16 * 1024 * 1024
    """Bytes of one bundle for devices; one of 500 keys has about 60,000."""


DEFAULT_LIMITS = Limits()
