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
from services.notification.wording.paper import Letterhead, incomplete, letter, quoted
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.looking import Look, Looks
from shared.runtime.timing import FOREVER, micros
from shared.ui.speech import LANGUAGES

LONGEST_PAGE = 100
MOST_AT_ONCE = 1_000
"""Letters that wait since one moment and are told apart: more are set aside by nobody at once."""
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

    async def waiting(self, after: str, limit: int) -> list[Document[Notices]]:
        """List what waits to be printed behind a place, the longest waiting first."""
        since, _, complaint = after.partition("/")
        low = int(since or 0)
        found = [each for each in await self._at(low) if each.id > complaint] if after else []
        later = await self._between(low + 1, FOREVER, limit)
        if len(later) == limit:  # of the last moment some may be left out
            last = _since(later[-1])
            later = [each for each in later if _since(each) < last] + await self._at(last)
        return sorted(found + later, key=lambda each: (_since(each), each.id))[:limit]

    async def _at(self, moment: int) -> list[Document[Notices]]:
        return await self._between(moment, moment + 1, MOST_AT_ONCE)

    async def _between(self, low: int, high: int, limit: int) -> list[Document[Notices]]:
        """Read what waits since then; what stands there by older rules alone is passed."""
        waits: list[Document[Notices]] = []
        for most in (limit, limit + MOST_AT_ONCE):
            found = await self.notification.kept.window("letter_at", low, high, most)
            waits = [each for each in found if each.state.letter_at]
            if len(waits) == len(found):
                break
        return waits[:limit]

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


def place(document: Document[Notices]) -> str:
    """Name the place of a letter among those that wait, by since when in microseconds."""
    return f"{_since(document)}/{document.id}"


def _since(document: Document[Notices]) -> int:
    since = document.state.letter_at
    return micros(since) if since else 0


def _quotes(state: Notices, pending: Pending) -> bool:
    """Say whether what is told has words of an officer in it: an answer, or what is missing."""
    return bool(pending.words) or (pending.about == DEFERRED and state.lacking is not None)
