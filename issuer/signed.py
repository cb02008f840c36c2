"""What issuing gives: the signed text, the credential in it, and its QR code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from credential.wire.qr import Engine, Level, QrSymbol, draw
from credential.wire.qr.render import SIDE_MM

_TITLE: Final = "QR code of a health certificate"


@dataclass(frozen=True, slots=True)
class Signed:
    """One issued certificate. Its text form shows nothing of the person."""

    text: str = field(repr=False)
    """`HC1:…`, all that the QR code holds."""
    kind: str
    """Kind of credential, such as `eu-dcc`."""
    credential: Any = field(repr=False)
    """The typed credential that was signed."""
    identifier: str = field(repr=False)
    """Its own identifier (UVCI), by which it can be withdrawn."""
    issuer: str
    """Country code of the signer: claim `iss`."""
    kid: bytes
    issued: datetime
    """Claim `iat`, UTC, to the second."""
    expires: datetime
    """Claim `exp`, UTC: the last second in which it counts."""

    def qr(self, *, level: Level = Level.Q, engine: Engine = Engine.QRCODE) -> QrSymbol:
        """The QR symbol (ISO/IEC 18004, alphanumeric mode), to be drawn in any size.

        Raises EncodeError (stage PICTURE) when the text is too long for one symbol at this level.
        """
        return draw(self.text, level=level, engine=engine)

    def qr_png(self, *, level: Level = Level.Q, engine: Engine = Engine.QRCODE, side_mm: float = SIDE_MM) -> bytes:
        """The QR code as a PNG that prints `side_mm` millimetres wide. Raises EncodeError as `qr`, or for the size."""
        return self.qr(level=level, engine=engine).png(side_mm=side_mm)

    def qr_svg(self, *, level: Level = Level.Q, engine: Engine = Engine.QRCODE, side_mm: float = SIDE_MM) -> str:
        """The QR code as an SVG document. Raises EncodeError as `qr_png`."""
        return self.qr(level=level, engine=engine).svg(side_mm=side_mm, title=_TITLE)
