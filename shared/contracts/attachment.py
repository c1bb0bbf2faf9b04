"""What intake tells of a file that belongs to a complaint; what is in it never travels."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.fact import Payload
from shared.contracts.wording import Worded

MediaType = Annotated[
    str,
    Worded(
        pattern=r"^[a-z]{1,20}/[a-z0-9.+-]{1,80}$",
        sentence="A media type (RFC 6838) is small letters around a slash, such as image/jpeg.",
    ),
]
Digest = Annotated[
    str,
    Worded(
        pattern=r"^[0-9a-f]{64}$",
        sentence="A digest (SHA-256) is 64 digits of 0 to 9 and a to f.",
    ),
]


class AttachmentAdded(Payload):
    """A file was put beside the report (lampiran); what is in it stays at its intake."""

    type: ClassVar[str] = "attachment.added.v1"

    attachment: str = Field(max_length=40)
    """By which it is fetched at the intake of the complaint's node."""
    media_type: MediaType
    """By its content, whatever it was called."""
    size: int = Field(ge=1)
    """Bytes, as it is kept: images without what the camera noted."""
    sha256: Digest
