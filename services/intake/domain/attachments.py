"""Files that belong to a complaint: what is taken, how much of it, and who may see it (lampiran).

A type is told by the first bytes. The table is short and exact, because every type in it has to be
made safe in its own way; what is not in it is refused. A guess among hundreds would not help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import Fact
from shared.runtime.document import Refused

MIB = 1024 * 1024
HEAD = 16
"""Bytes at the beginning of a file that tell its type."""
LONGEST_PART = 512 * 1024
"""Bytes of one part of a file, far below what stores take; it may be made smaller, not larger."""
MOST_ATTACHMENTS = 20
"""Attachments of one complaint, whatever a node allows: each is a fact of its history. What became
of one that a publisher names is a fact, too, so its records name no more than that in all."""


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A file that belongs to a complaint; ``id`` is also the name under which it is kept.

    ``key`` opens it, and is told to nobody: erased with the person, or lost with the store. None of
    a file that was kept as it is, by an earlier release.
    """

    id: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    key: str | None = None

    @classmethod
    def of(cls, said: AttachmentAdded, fact: Fact) -> Attachment:
        """Read what was told."""
        return cls(said.attachment, said.media_type, said.size, said.sha256, fact.at)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file: how it is recognised, and what its name ends with when it is handed out.

    ``marks`` are bytes with the offset at which each must stand.
    """

    media_type: str
    suffix: str
    marks: tuple[tuple[int, bytes], ...]


KINDS = (
    Kind("image/jpeg", "jpg", ((0, b"\xff\xd8\xff"),)),
    Kind("image/png", "png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    Kind("image/webp", "webp", ((0, b"RIFF"), (8, b"WEBP"))),
    Kind("application/pdf", "pdf", ((0, b"%PDF-"),)),
)
"""Signatures: ITU-T T.81 annex B; W3C PNG 5.2; RFC 9649 2.4; ISO 32000-2 7.5.2."""


class Limits(BaseModel):
    """What a node takes, as it stands in its file; sizes are bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: tuple[str, ...] = Field(
        default=tuple(kind.media_type for kind in KINDS), min_length=1, max_length=len(KINDS)
    )
    largest: int = Field(default=10 * MIB, ge=1024, le=50 * MIB)
    """Of one file."""
    together: int = Field(default=25 * MIB, ge=1024, le=MOST_ATTACHMENTS * 50 * MIB)
    """Of all files of one complaint."""
    most: int = Field(default=5, ge=1, le=MOST_ATTACHMENTS)
    """Files of one complaint."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = {kind.media_type for kind in KINDS}
        if unknown := sorted(set(self.types) - known):
            raise ValueError(f"{unknown[0]} is not among what can be made safe: {sorted(known)}")
        if self.together < self.largest:
            raise ValueError("together is less than largest")
        return self

    def kind_of(self, head: bytes) -> Kind:
        """Tell the type by the first bytes; raises Refused where it is none that is taken."""
        for kind in KINDS:
            if kind.media_type in self.types and all(
                head.startswith(mark, at) for at, mark in kind.marks
            ):
                return kind
        taken = ", ".join(kind.suffix.upper() for kind in KINDS if kind.media_type in self.types)
        found = (
            "By its content this is none of the files taken" if head else "It is empty; taken are"
        )
        raise Refused(415, "wrong_type", f"{found}: {taken}.", "body")

    def one(self, size: int) -> None:
        """Refuse a file that is too large by itself."""
        if size > self.largest:
            most = f"{self.largest / MIB:g} MiB"
            raise Refused(413, "too_large", f"The file is larger than {most}.", "body")

    def room(self, there: Sequence[Attachment], size: int, awaited: int = 0) -> None:
        """Refuse what no longer fits beside the files that are there, and those awaited."""
        self.one(size)
        if len(there) + awaited >= self.most:
            on_its_way = ", or on their way here" if awaited else ""
            sentence = f"There are {self.most} files already{on_its_way}; no more fit."
            raise Refused(409, "too_many_attachments", sentence)
        if size + sum(each.size for each in there) > self.together:
            most = f"{self.together / MIB:g} MiB"
            raise Refused(
                409, "attachments_full", f"With this file they would be more than {most}.", "body"
            )


@dataclass(frozen=True, slots=True)
class Mark:
    """Says of a kept file that it may belong to nothing; ``at`` is microseconds since 1970."""

    file: str
    complaint: str
    at: int
    parts: int


def same(there: Sequence[Attachment], sha256: str) -> Attachment | None:
    """Find a file with the same content: sent twice, it is one attachment."""
    return next((each for each in there if each.sha256 == sha256), None)


def parts_of(size: int) -> int:
    """Say in how many parts a file of so many bytes is kept, at most."""
    return -(-size // LONGEST_PART)
