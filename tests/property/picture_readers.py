"""The reader of pictures and PDFs, on small ones: what takes time and memory is tried in `test_qr_hostile`."""

from __future__ import annotations

import io

from PIL import Image

from credential.limits import Limits
from credential.wire.qr import draw, read_picture
from tests.property.reader import Reader

SMALL = Limits(picture_pixels=20_000, pdf_pages=2)
CODE = draw("HC1:FUZZ").png(pixels_per_module=2)


def written(form: str) -> bytes:
    """The same small code in another file format."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(CODE)).convert("L").save(buffer, form)
    return buffer.getvalue()


ROWS: tuple[Reader[bytes], ...] = (
    Reader(
        "picture",
        lambda data: read_picture(data, SMALL),
        (CODE, *(written(form) for form in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "PDF"))),
    ),
)
