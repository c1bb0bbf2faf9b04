"""What is left of a file once it was made safe (statement 9: no location metadata)."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from itertools import product

import pytest
from PIL import Image

from services.intake import cleaning
from services.intake.cleaning import MOST_SCANS, clean
from services.intake.domain.attachments import KINDS, Kind
from shared.runtime.document import Refused
from tests.intake.pictures import PDF, WHERE, a_photo, notes_of, size_of, where_of

KIND: dict[str, Kind] = {kind.suffix: kind for kind in KINDS}
FORMS = [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")]


def cleaned(content: bytes, suffix: str, *, keep_location: bool = False) -> bytes:
    """Clean a file."""
    file = clean(BytesIO(content), KIND[suffix], keep_location=keep_location)
    file.seek(0)
    return file.read()


@pytest.mark.parametrize(("form", "suffix"), FORMS)
def test_an_image_says_nothing_beside_the_picture(form: str, suffix: str) -> None:
    """Statement 9: no place, no time, no maker; the picture stands upright."""
    photo = a_photo(form, comment=b"oleh Budi") if form == "JPEG" else a_photo(form)
    assert where_of(photo)
    kept = cleaned(photo, suffix)
    assert notes_of(kept) == {}
    assert size_of(kept) == (32, 48)
    assert b"Budi" not in kept
    assert b"2026:03:17" not in kept


@pytest.mark.parametrize(("form", "suffix"), FORMS)
def test_a_reporter_may_keep_the_place_alone(form: str, suffix: str) -> None:
    """Statement 9: where it was taken stays on demand; who took it with what does not."""
    kept = cleaned(a_photo(form), suffix, keep_location=True)
    assert where_of(kept) == WHERE
    assert len(notes_of(kept)) == 1
    assert b"Budi" not in kept


def test_what_hangs_behind_an_image_is_left_behind() -> None:
    """A film, an archive or a page behind the picture does not come along."""
    kept = cleaned(a_photo() + b"PK\x03\x04<script>alert(1)</script>", "jpg")
    assert b"script" not in kept


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_picture_is_kept(mode: str) -> None:
    """Grey, transparent, by palette: each can be opened again."""
    written = BytesIO()
    Image.new(mode, (3, 2)).save(written, "PNG")
    assert size_of(cleaned(written.getvalue(), "png")) == (3, 2)


def test_a_large_photograph_is_kept_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """More pixels than are unfolded at once: a JPEG is decoded at a half."""
    monkeypatch.setattr(cleaning, "MOST_PIXELS", 20_000)
    assert size_of(cleaned(a_photo(size=(208, 160)), "jpg")) == (80, 104)
    with pytest.raises(Refused):
        cleaned(a_photo(size=(208, 160), progressive=True), "jpg")


def bomb(width: int, height: int) -> bytes:
    """Make a PNG that is small on the wire and huge in memory."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(("width", "height"), [(5000, 4001), (60000, 60000), (2**31 - 1, 1)])
def test_what_would_fill_the_memory_is_refused(width: int, height: int) -> None:
    """A decompression bomb is known by what it declares, before anything is unfolded."""
    with pytest.raises(Refused) as refused:
        cleaned(bomb(width, height), "png")
    assert refused.value.status in {413, 422}


def test_a_jpeg_of_endless_passes_is_refused() -> None:
    """A progressive JPEG may pass over the picture a hundred times, not more."""
    with pytest.raises(Refused) as refused:
        cleaned(b"\xff\xd8" + b"\xff\xda\x00" * (MOST_SCANS + 1), "jpg")
    assert refused.value.status == 413


@pytest.mark.parametrize(("form", "cut"), list(product(FORMS, [20, 60, 200])))
def test_a_broken_image_is_refused(form: tuple[str, str], cut: int) -> None:
    """Half an image is told to its sender, in words that help."""
    name, suffix = form
    photo = a_photo(name)
    with pytest.raises(Refused) as refused:
        cleaned(photo[: min(cut, len(photo) // 2)], suffix)
    assert (refused.value.status, refused.value.code) == (422, "broken_file")


def test_a_pdf_is_kept_as_it_is() -> None:
    """Only images are written anew."""
    assert cleaned(PDF, "pdf") == PDF
