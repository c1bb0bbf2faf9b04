"""Images as cameras and their enemies make them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

WHERE = {1: "S", 2: (3.0, 41.0, 50.0), 3: "E", 4: (128.0, 10.0, 1.0)}
"""A place in Ambon, as EXIF writes it (tags GPSLatitudeRef to GPSLongitude)."""
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def a_photo(form: str = "JPEG", size: tuple[int, int] = (48, 32), **more: Any) -> bytes:
    """Take a photograph as a telephone does: on its side, saying where, when and by whom."""
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = 6
    notes[ExifTags.Base.Make] = "Telepon Budi"
    notes[ExifTags.Base.DateTime] = "2026:03:17 10:00:00"
    notes[ExifTags.IFD.GPSInfo] = WHERE
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    written = BytesIO()
    image.save(written, form, exif=notes, **more)
    return written.getvalue()


def notes_of(content: bytes) -> dict[int, Any]:
    """Read what an image says beside the picture."""
    with Image.open(BytesIO(content)) as image:
        return dict(image.getexif())


def where_of(content: bytes) -> dict[int, Any]:
    """Read where an image says that it was taken."""
    with Image.open(BytesIO(content)) as image:
        return dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))


def size_of(content: bytes) -> tuple[int, int]:
    """Read how wide and how high an image is."""
    with Image.open(BytesIO(content)) as image:
        return image.size
