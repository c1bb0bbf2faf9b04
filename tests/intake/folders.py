"""The folder of attachments over doubles in memory."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import FastAPI

from services.intake.app import routers_of
from services.intake.cleaning import clean
from services.intake.domain.attachments import Attachment, Limits, Mark
from services.intake.domain.complaint import Complaint
from services.intake.domain.counter import Office
from services.intake.handlers import (
    Arrivals,
    Attachments,
    Erasing,
    Intake,
    Viewer,
)
from services.intake.rights import RIGHTS
from shared.runtime.document import Cause, Document
from tests.desk import Clock, door
from tests.intake.doubles import COMPLAINTS, NOW, InMemoryComplaints, a_record, taken
from tests.looks import InMemoryLooks

OFFICE = Office("8171", "Kota Ambon", "https://lapor.ambon.example")
VIEWER = Viewer("liaison-1", "dinas-pu", "handling")


class InMemoryFiles:
    """Parts and marks in memory."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self.marks: dict[str, Mark] = {}

    async def mark(self, mark: Mark) -> None:
        self.marks[mark.file] = mark

    async def unmark(self, file: str, at: int) -> None:
        if (mark := self.marks.get(file)) is not None and mark.at == at:
            del self.marks[file]

    async def marked(self, until: int, limit: int) -> list[Mark]:
        return [mark for mark in self.marks.values() if mark.at < until][:limit]

    async def put(self, file: str, nth: int, content: bytes) -> None:
        assert file in self.marks
        self.parts[f"{file}/{nth}"] = content

    async def part(self, file: str, nth: int) -> bytes | None:
        return self.parts.get(f"{file}/{nth}")

    async def drop(self, file: str, parts: int) -> None:
        for nth in range(parts):
            self.parts.pop(f"{file}/{nth}", None)
        self.marks.pop(file, None)


class Kept(InMemoryComplaints):
    """Complaints in memory that are also found by id, under a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock(NOW)


class Folder:
    """Everything that a test of attachments needs."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.kept, self.files, self.looks = Kept(), InMemoryFiles(), InMemoryLooks()
        self.clock = self.kept.clock
        self.attachments = Attachments(
            complaints=COMPLAINTS,
            documents=self.kept,
            ask=self.kept.ask,
            arrivals=Arrivals(limits or Limits(), clean),
            files=self.files,
            looks=self.looks,
            time=self.clock,
        )
        filed = taken(a_record())
        self.id = filed.id
        self.kept.documents[filed.id] = filed

    def limit(self, limits: Limits) -> None:
        """Have the node take less from now on."""
        self.attachments = replace(self.attachments, arrivals=Arrivals(limits, clean))

    @property
    def document(self) -> Document[Complaint]:
        return self.kept.documents[self.id]

    async def add(
        self, content: bytes, key: str | None = None, document: Document[Complaint] | None = None
    ) -> Attachment:
        """Send a file in small pieces."""
        identity = f"citizen/{key or secrets.token_hex(8)}"
        request = Cause(identity, request=identity, by="reporter")
        before = document or self.document
        _, added = await self.attachments.add(before, pieces(content), request)
        return added

    async def fetch(self, attachment: str) -> bytes:
        """Fetch a file whole."""
        _, parts = await self.attachments.fetch(self.document, attachment, VIEWER)
        return b"".join([part async for part in parts])

    def pass_by(self, **span: float) -> datetime:
        self.clock.pass_by(timedelta(**span))
        return self.clock.now


def office(folder: Folder, intake: Intake, erasing: Erasing) -> FastAPI:
    """Give all that intake offers, on its table of rights."""
    return door(RIGHTS, *routers_of(intake, folder.attachments, erasing, OFFICE))


def erasing_of(folder: Folder, intake: Intake) -> Erasing:
    """Give what erases at a folder."""
    return Erasing(intake, folder.kept, folder.attachments.give_up, lambda: NOW)


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    """Give bytes a thousand at a time."""
    for at in range(0, len(content), 1000):
        yield content[at : at + 1000]
