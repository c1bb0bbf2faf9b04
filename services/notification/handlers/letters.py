"""Letters are listed, written, and noted as printed."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.notification.domain import letters
from services.notification.domain.audiences import DEFERRED
from services.notification.domain.notice import Notices, Pending
from services.notification.handlers.notification import Notification
from services.notification.wording import LANGUAGES
from services.notification.wording.paper import Letterhead, incomplete, letter, quoted
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.looking import Look, Looks
from shared.runtime.timing import FOREVER

LONGEST_PAGE = 100
ADDRESSEE, WORDS = "addressee", "words"
"""What a look at a letter is about: the name, or what an officer wrote alone."""
log = logging.getLogger(__name__)


class Viewer(NamedTuple):
    """Who reads a letter, and what for."""

    by: str
    agency: str | None
    purpose: str


class Opened(NamedTuple):
    """A letter as a clerk reads it."""

    document: Document[Notices]
    text: str
    addressee: str | None
    """The name that was left; None where there is none, or none of this node's keys opens it."""


@dataclass(frozen=True, slots=True)
class Letters:
    """What the clerk at the counter prints for those who left no address (surat pemberitahuan)."""

    notification: Notification
    node: str
    zone: ZoneInfo
    looks: Looks
    place: str = ""
    """What people call the node: ``Kota Ambon``."""

    async def waiting(self, limit: int) -> list[Document[Notices]]:
        """List what waits to be printed, the longest waiting first."""
        return await self.notification.kept.window("letter_at", 0, FOREVER, limit)

    async def write(self, complaint: str, viewer: Viewer) -> Opened:
        """Write everything that waits into one letter; raises Refused where nothing does, and Away.

        Where it says what an officer wrote, or for whom it is, it is on record first who looks.
        """
        document = await self.notification.show(complaint)
        state = document.state
        if not state.letter:
            raise Refused(404, "no_letter", "Nothing waits to be told to this reporter by letter.")
        said = [
            [self._told(state, each, language) for each in state.letter] for language in LANGUAGES
        ]
        day = self.notification.now().astimezone(self.zone).date()
        head = Letterhead(
            f"{self.place} ({self.node})" if self.place else self.node,
            state.tracking_number or "",
            day,
            self.notification.url,
        )
        name = self._addressee(document)
        if name or any(_quotes(state, each) for each in state.letter):
            about, now = ADDRESSEE if name else WORDS, self.notification.now()
            look = Look(complaint, about, viewer.by, viewer.agency, viewer.purpose, now)
            await self.looks.add(look)
        return Opened(document, letter(head, said), name)

    def _addressee(self, document: Document[Notices]) -> str | None:
        sealed = document.state.sealed
        try:
            name = self.notification.unseal(sealed).name if sealed else None
        except ValueError:
            log.warning("addressee_unreadable", extra={"complaint": document.id})
            return None
        return name or None

    def _told(self, state: Notices, pending: Pending, language: str) -> str:
        body = self.notification.words(state, pending, language).body
        if pending.words and state.quotes:
            return f"{body}\n{quoted(language, pending.words)}\n"
        lacking = state.lacking
        if pending.about != DEFERRED or lacking is None:
            return body
        return f"{body}\n{incomplete(language, lacking.missing, lacking.complete_by)}\n"

    async def printed(
        self, complaint: str, notices: Collection[str], request: Cause
    ) -> Document[Notices]:
        """Note what was told on paper; told again, nothing changes. Raises Refused."""
        stood = await self.notification.show(complaint)
        if unknown := sorted(set(notices) - letters.named(stood)):
            raise Refused(404, "no_letter", f"No letter told of {unknown[0]}.", "notices")

        def note(document: Document[Notices], under: Circumstances) -> Document[Notices]:
            return letters.printed(self.notification.ledger, document, notices, request, under)

        return await self.notification.settle(complaint, note)


def _quotes(state: Notices, pending: Pending) -> bool:
    """Say whether what is told has words of an officer in it: an answer, or what is missing."""
    return bool(pending.words) or (pending.about == DEFERRED and state.lacking is not None)
