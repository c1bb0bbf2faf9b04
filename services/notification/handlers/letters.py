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
from services.notification.wording.paper import Letterhead, incomplete, letter
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.looking import Look, Looks
from shared.runtime.timing import FOREVER

LONGEST_PAGE = 100
ADDRESSEE = "addressee"
"""What a look at the name is about."""
log = logging.getLogger(__name__)


class Viewer(NamedTuple):
    """Who reads a letter, and what for."""

    by: str
    agency: str | None
    purpose: str


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

    async def write(self, complaint: str) -> tuple[Document[Notices], str]:
        """Write everything that waits into one letter; raises Refused where nothing does."""
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
        return document, letter(head, said)

    async def addressee(self, document: Document[Notices], viewer: Viewer) -> str | None:
        """Give the name that was left, once it is on record who looks; raises Away.

        None where there is none, or none of this node's keys opens it.
        """
        sealed = document.state.sealed
        try:
            name = self.notification.unseal(sealed).name if sealed else None
        except ValueError:
            log.warning("addressee_unreadable", extra={"complaint": document.id})
            return None
        if name:
            now = self.notification.now()
            look = Look(document.id, ADDRESSEE, viewer.by, viewer.agency, viewer.purpose, now)
            await self.looks.add(look)
        return name or None

    def _told(self, state: Notices, pending: Pending, language: str) -> str:
        body = self.notification.words(state, pending, language).body
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
