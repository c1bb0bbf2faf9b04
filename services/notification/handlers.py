"""What notification does with a notice: claim it, word it, note how it ended, show it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.mail import Mail, Outcome
from services.notification.domain.notice import AGENCY, REPORTER, Ledger, Notices, Pending
from services.notification.domain.offices import Office
from services.notification.domain.wording import word
from shared.contracts.intake import Contact
from shared.runtime.asking import Asks, Decide
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Shelf
from shared.runtime.timing import micros

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Notices of one complaint taken for an attempt, and what is known of the complaint."""

    complaint: str
    known: Notices
    pending: tuple[Pending, ...]


@dataclass(frozen=True, slots=True)
class Notification:
    """The post room (pemberitahuan)."""

    ledger: Ledger
    kept: Shelf[Notices]
    ask: Asks[Notices]
    offices: Mapping[str, Office]
    unseal: Callable[[str], Contact]
    """Opens a sealed contact; raises ValueError."""
    now: Callable[[], datetime]

    async def due(self, limit: int) -> list[str]:
        """Find complaints with notices to be sent, the longest waiting first."""
        until = micros(self.now()) + 1
        return [each.id for each in await self.kept.window("due_at", 0, until, limit)]

    async def claim(self, complaint: str, holder: str) -> Claimed:
        """Take what is due, so that nobody else sends it; raises Refused."""
        taken: tuple[Pending, ...] = ()

        def take(document: Document[Notices], under: Circumstances) -> Document[Notices]:
            nonlocal taken
            after, taken = self.ledger.claim_all(document, under, holder)
            return after

        document = await self._ask(complaint, take)
        return Claimed(complaint, document.state, taken)

    def compose(self, known: Notices, pending: Pending) -> Mail | Outcome:
        """Word and address a notice, or say why it cannot be sent."""
        office = self.offices.get(known.agency or "")
        audience = REPORTER
        try:
            if pending.audience == REPORTER:
                to = self.unseal(known.sealed or "").email
            else:
                office, audience = self.offices.get(pending.audience), AGENCY
                to = office.email if office else None
        except ValueError:  # a wrong key is mended by an operator, so this is not the end of it
            return Outcome("retry", "the contact cannot be opened with this node's key")
        if not to:
            return Outcome("failed", "no e-mail address is known")
        words = word(
            pending.about,
            audience,
            known.tracking_number or "",
            office.name if office else None,
            veiled=known.confidential,
        )
        return Mail(pending.notice, to, words.subject, words.body)

    async def end(self, complaint: str, pending: Pending, outcome: Outcome) -> None:
        """Note how an attempt ended; raises Refused."""

        def note(document: Document[Notices], under: Circumstances) -> Document[Notices]:
            return self.ledger.end(document, pending, outcome.kind, outcome.reason, under)

        await self._ask(complaint, note)

    async def _ask(self, complaint: str, decide: Decide[Notices]) -> Document[Notices]:
        """Have something decided, and say aloud which outcomes found no room."""
        unrecorded = 0

        def judge(
            document: Document[Notices], under: Circumstances, _draw: int
        ) -> Document[Notices]:
            nonlocal unrecorded
            after = decide(document, under)
            unrecorded = after.state.unrecorded - document.state.unrecorded
            return after

        document = await self.ask(complaint, judge)
        if unrecorded:
            log.error("outcome_unrecorded", extra={"complaint": complaint, "notices": unrecorded})
        return document

    async def show(self, complaint: str) -> Document[Notices]:
        """Show the ledger of one complaint; raises Refused."""
        found = (await self.kept.load([complaint])).get(complaint)
        if found is None:
            raise Refused(404, "not_found", "There is no such complaint.")
        return found
