"""The post room of the simulation: what a notice says, how it is carried, and what was told."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from services.notification.domain.audiences import EVER, PIN, TABLE
from services.notification.domain.message import Message, Outcome
from services.notification.domain.notice import Notices, Pending
from services.notification.domain.offices import Office
from services.notification.handlers import Notification
from services.notification.timers import MARGIN
from services.notification.wording import Wording
from shared.contracts.intake import Contact
from shared.runtime.asking import Ask
from shared.runtime.document import Circumstances, Document
from shared.runtime.hearing import patiently
from shared.runtime.ports import Away
from shared.runtime.timing import moment
from tests.simulation.fate import Fate
from tests.simulation.handed_in import inside
from tests.simulation.node import Node
from tests.simulation.parts import AGENCIES
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension

GOES_ON = {line.about for line in TABLE if line.holds != EVER}
"""What a notice is about that says that somebody is at a report, or wants something for it."""
PAGE, TOGETHER = 50, 10
"""Complaints per round of mail; mails whose outcomes are noted together."""
OFFICES = {
    code: Office(code=code, name=f"Kantor {code}", email=f"{code}@kota.example")
    for code in AGENCIES
}
REPORTER = Contact(email="pelapor@example.org")
WORDING = Wording()


@dataclass(slots=True)
class Mailbox:
    """Every mail that was delivered, by notice."""

    delivered: Counter[str] = field(default_factory=Counter)
    misled: list[str] = field(default_factory=list)
    """What was to be said of a report, by key, though it was known to be withdrawn."""
    written: defaultdict[str, set[Message]] = field(default_factory=lambda: defaultdict(set))
    """By complaint, what was written of a confidential one, and what told a PIN."""
    bare: set[str] = field(default_factory=set)
    """Confidential complaints of which somebody's words were kept for a notice."""
    troubled: bool = True


class Postman(Process):
    """A process of notification: claims a notice, sends it, notes how that ended."""

    def __init__(self, node: Node, number: int, mailbox: Mailbox) -> None:
        self.mailbox, self.rounds = mailbox, 0
        super().__init__(node, number)

    def start(self) -> None:
        unused: Any = None
        ledger: Any = self.node.part.domain
        self.room = Notification(
            ledger=ledger,
            kept=unused,
            ask=unused,
            offices=OFFICES,
            unseal=lambda _: REPORTER,
            unseal_pin=inside,
            now=self.now,
            wording=WORDING,
            channels={"email"},
        )
        super().start()

    async def live(self) -> None:
        await super().live()
        self.spawn(self.carry())

    async def carry(self) -> None:
        while True:
            await Suspension(1 + self.chance.random())
            with contextlib.suppress(Away):
                due = await self.operations.run(lambda: self.store.due(moment(self.scheduler.now)))
                if due:
                    await self.make_round(due[:PAGE])

    async def make_round(self, due: Sequence[str]) -> None:
        """Claim a page, send notice by notice, note how each ended; as production's rounds do."""
        ledger: Any = self.node.part.domain
        self.rounds += 1
        holder = f"{self.name}/{self.deaths}/{self.rounds}"
        claimed: dict[str, tuple[Notices, tuple[Pending, ...]]] = {}

        def claim(document: Document[Notices], under: Circumstances, _: int) -> Document[Notices]:
            after: Document[Notices]
            after, mine = ledger.claim_all(document, under, holder)
            claimed[document.id] = after.state, mine
            if after.state.owed.withdrawn:
                taken = {each.notice for each in document.state.pending if each.trying}
                said = {p.about for p in mine if p.notice not in taken}
                self.mailbox.misled += [f"{each} of {document.id[:8]}" for each in said & GOES_ON]
            return after

        await self.settle([Ask(key, claim) for key in due])
        ends = []
        for key, (known, notices) in claimed.items():
            for pending in notices:
                late = pending.next_at is not None and self.now() + MARGIN > pending.next_at
                worded = not late and self.write(key, known, pending)
                outcome = await self.send(pending) if worded else "retry"
                ends.append(Ask(key, partial(_end, ledger, pending, outcome)))
                if len(ends) == TOGETHER:
                    await self.settle(ends)
                    ends = []
        await self.settle(ends)

    async def settle(self, asks: Sequence[Ask[Any]]) -> None:
        """Have requests judged, patiently, and told."""
        if asks:
            changed = await patiently(self.time, self.desk.settle, asks)
            self.spawn(self.relay.tell(changed))

    def write(self, key: str, known: Notices, pending: Pending) -> bool:
        """Write, as production does, what must hide something; say whether that can be sent."""
        if not known.confidential and pending.about != PIN:
            return True
        if known.lacking or any(each.words for each in known.pending):
            self.mailbox.bare.add(key)
        written = self.room.compose(known, pending)
        if isinstance(written, Message):
            self.mailbox.written[key].add(replace(written, notice=pending.about))
        return isinstance(written, Message)

    async def send(self, pending: Pending) -> str:
        """Hand a mail to a server that may refuse it, or fall silent while it has it."""
        await Suspension(0.01)
        fate = self.suffer()
        if fate is Fate.PAUSE:
            await Suspension(0)
        drawn = self.chance.random() if self.mailbox.troubled else 0.5
        if fate is Fate.AWAY or drawn < 0.06:
            return "retry"
        if drawn > 0.97:
            return "failed"
        silent = fate is Fate.LOST or drawn > 0.94
        if not silent or self.chance.random() < 0.5:
            self.mailbox.delivered[pending.notice] += 1
        return "uncertain" if silent else "sent"


def _end(
    ledger: Any,
    pending: Pending,
    outcome: str,
    document: Document[Notices],
    under: Circumstances,
    _: int,
) -> Document[Notices]:
    after: Document[Notices] = ledger.end(document, pending, Outcome(outcome, outcome), under)
    return after
