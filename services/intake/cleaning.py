"""Files made safe: what an image says beside the picture is left out, and how large it may unfold.

An image is decoded and written anew (Pillow), so that nothing of its file gets through but what is
seen: not where and when it was taken, not by whose camera, not its preview, not what was hung on
behind it. Its outward turn is done first, since the note that says so goes too.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO

from PIL import ExifTags, Image, ImageOps

from services.intake.domain.attachments import Kind
from shared.runtime.document import Refused

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS = 20_000_000
"""Pixels of an image in memory: 80 MB, and as much again while it is turned."""
MOST_DECLARED = 120_000_000
"""Pixels of a JPEG on its paper: it can be decoded at a half, a quarter or an eighth."""
MOST_SCANS = 100
"""Passes over a progressive JPEG: an honest one has about ten, a hostile one of 10 MB 100,000."""
_SCAN = b"\xff\xda"
_SAVED_AS = {
    "JPEG": {"quality": 88},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 85, "method": 2},
}


def clean(file: IO[bytes], kind: Kind, *, keep_location: bool = False) -> IO[bytes]:
    """Give a file as it may be kept; raises Refused where it is broken or unfolds too far.

    Only images are written anew. ``keep_location`` keeps where one was taken, and nothing else.
    """
    form = FORMATS.get(kind.media_type)
    if form is None:
        return file
    try:
        file.seek(0)
        if form == "JPEG" and file.read().count(_SCAN) > MOST_SCANS:
            raise _unfolds()  # noqa: TRY301 - read as one piece
        file.seek(0)
        with Image.open(file, formats=(form,)) as image:
            return _anew(image, form, keep_location=keep_location)
    except Refused:
        raise
    except Exception as broken:
        raise Refused(
            422, "broken_file", "This image cannot be opened; take or scan it once more.", "body"
        ) from broken


def _anew(image: Image.Image, form: str, *, keep_location: bool) -> IO[bytes]:
    _fit(image, form)
    where = image.getexif().get_ifd(ExifTags.IFD.GPSInfo) if keep_location else {}
    ImageOps.exif_transpose(image, in_place=True)
    mode = _mode(image, form)
    shown = image if image.mode == mode else image.convert(mode)
    shown.info.clear()  # else comments and colour profiles would be written again
    noted = Image.Exif()
    if where:
        noted[ExifTags.IFD.GPSInfo] = where
    written = BytesIO()
    shown.save(written, form, exif=noted.tobytes() if where else b"", **_SAVED_AS[form])
    return written


def _fit(image: Image.Image, form: str) -> None:
    """Have a large JPEG decoded smaller, and refuse what is still too large; decodes nothing."""
    width, height = image.size
    if form == "JPEG" and "progressive" not in image.info and width * height <= MOST_DECLARED:
        by = next(by for by in (1, 2, 4, 8) if width * height <= MOST_PIXELS * by * by)
        image.draft(None, (max(1, width // by), max(1, height // by)))
    heavy = 2 if form == "WEBP" else 1  # its decoder holds the image twice
    if image.size[0] * image.size[1] * heavy > MOST_PIXELS:
        raise _unfolds()


def _mode(image: Image.Image, form: str) -> str:
    """Say in which colours it is kept: grey where it is grey, clear where it is clear."""
    if form != "JPEG" and image.has_transparency_data:
        return "RGBA"
    return "L" if image.mode in {"1", "L", "LA", "I", "I;16", "F"} else "RGB"


def _unfolds() -> Refused:
    sentence = f"The image has more than {MOST_PIXELS // 10**6} million pixels; send a smaller one."
    return Refused(413, "too_many_pixels", sentence, "body")
