"""What an operator can do for a person who asks to be forgotten."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.complaint import Complaint
from services.intake.domain.erasing import bury, erase, unnamed
from services.intake.handlers.intake import Intake
from shared.contracts.intake import ReporterErased
from shared.contracts.vocabulary import ErasureReason
from shared.runtime.asking import key_used, once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.ports import Shelf
from shared.runtime.timing import micros

FILED = frozenset({ErasureReason.REQUEST, ErasureReason.CONSENT, ErasureReason.ORDER})
"""Reasons that somebody else gives: it is filed where that stands, and cannot be added later."""
BURIED_EVERY = 60.0
"""Seconds between two looks for tombstones that are to be told again."""
PAGE = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erasing:
    """Erases reporters (penghapusan data pribadi), and sees to it that it stays so."""

    intake: Intake
    kept: Shelf[Complaint]
    give_up: Callable[[Document[Complaint]], Awaitable[None]]
    """Has the files beside a report deleted once it is erased."""
    now: Callable[[], datetime]

    async def erase(self, typed: str, said: ReporterErased, request: Cause) -> Document[Complaint]:
        """Destroy what is known of a complaint's reporter; raises Refused."""
        _check(said)
        found = await self.intake.find(typed)

        def decide(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
            return erase(self.intake.complaints, document, said, request, under)

        says = {"reason": said.reason, "letter": said.letter}
        erase_once = once(request.id, said.type, says, decide, room=1.0)
        mine: tuple[str, str | None] | None = None

        def judge(
            document: Document[Complaint], under: Circumstances, draw: int
        ) -> Document[Complaint]:
            nonlocal mine
            # One erasure may take several facts, so what it names is not read from a single one.
            if document.answered(request.id) and unnamed(document, said):
                raise key_used()
            after = erase_once(document, under, draw)
            if after is not document:
                mine = _mark(after, request)
            return after

        await self.give_up(found)
        document = await self.intake.ask(found.id, judge)
        await self.give_up(document)  # with what came between
        if mine is not None and mine == _mark(document, request):
            why = {"complaint": document.id, "by": request.by, **says}
            log.warning("reporter_erased", extra=why)
        return document

    async def bury(self) -> None:
        """Have tombstones that are a day old told once more."""
        while found := await self.kept.window("bury_at", 0, micros(self.now()) + 1, PAGE):
            for each in found:
                await self.intake.ask(each.id, lambda one, under, _draw: bury(one, under.now))


def _mark(document: Document[Complaint], request: Cause) -> tuple[str, str | None] | None:
    """Tell the erasure that one try made from that of another under the same request."""
    row = document.answered(request.id)
    return (row["at"], row["trace"]) if row else None


def _check(said: ReporterErased) -> None:
    if said.reason in FILED and said.letter is None:
        detail = (
            f"Name the number under which the {said.reason} is filed: it cannot be added later."
        )
        raise Refused(422, "letter_missing", detail, "letter")
