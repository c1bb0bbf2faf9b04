"""Files that belong to a complaint, as they are told and named; what is in them never travels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.fact import Payload
from shared.contracts.wording import ShortText, Word, Worded

MOST_NAMED = 5
"""Files that one record of a publisher names."""
LARGEST_NAMED = 50 * 1024 * 1024
"""Bytes of a file that any node could take; most take less."""

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
FileUrl = Annotated[
    str,
    Worded(
        pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?/[!-\"$-~]{0,1000}$",
        sentence="A file's address is https://, a host, a slash and what follows, up to 1,000 "
        "characters that can be printed; without a user, a password or a fragment.",
    ),
]


class NamedFile(BaseModel):
    """A file that a record names by its address: fetched, checked and kept by the node."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    url: FileUrl
    """On a host that the node has agreed on with the publisher; it answers without redirecting."""
    sha256: Digest
    """Of the bytes that are there."""
    media_type: MediaType
    """As the publisher knows it; what it is, is told by its content."""
    size: int = Field(ge=1, le=LARGEST_NAMED)
    """Bytes that are there."""


NamedFiles = Annotated[tuple[NamedFile, ...], Field(max_length=MOST_NAMED)]
FileCount = Annotated[int, Field(ge=1, le=MOST_NAMED)]
"""How many files a publisher's record named, each of which will be added or refused."""


class FileProgress(BaseModel):
    """What became of one file that a publisher's record names."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    named: int
    """Which one: its place in its record, from 1."""
    record: str | None = None
    """``ce_id`` of that record, where it is an amendment or a reply; none of the submission."""
    outcome: Word
    """``awaited``, ``kept``, ``refused``, or ``dropped`` where its reporter was erased."""
    reason: Word | None = None
    """Where it was refused: why, for machines."""
    words: ShortText | None = None
    """And for people."""


class AttachmentAdded(Payload):
    """A file was put beside the report (lampiran); what is in it stays at its intake."""

    type: ClassVar[str] = "attachment.added.v1"
    blanks: ClassVar[Mapping[str, str]] = {"sha256": "0" * 64}

    named: int | None = Field(default=None, ge=1, le=MOST_NAMED)
    """Which of the files it is that a publisher's record names, where it is one of them."""
    about: str | None = None
    """Id of the fact of that record, an amendment's or a reply's; none of the submission's."""
    attachment: str = Field(max_length=40)
    """By which it is fetched at the intake of the complaint's node."""
    media_type: MediaType
    """By its content, whatever it was called."""
    size: int = Field(ge=1)
    """Bytes, as it is kept: images without what the camera noted."""
    sha256: Digest
    """Of the file as it is kept; 64 zeros once its reporter was erased, else anybody could try
    whether the person had sent a file they know."""


class AttachmentRefused(Payload):
    """A file that a publisher named is not fetched any more (lampiran ditolak): why, in words."""

    type: ClassVar[str] = "attachment.refused.v1"

    named: int = Field(ge=1, le=MOST_NAMED)
    """Which of the files that a record names, from 1."""
    about: str | None = None
    """Id of the fact of that record, an amendment's or a reply's; none of the submission's."""
    reason: Word
    words: ShortText
