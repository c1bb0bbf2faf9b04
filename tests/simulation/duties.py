"""What single services do besides: clocks that run out, mail that is sent, figures made."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from services.followup.domain.declared import Declared
from services.followup.domain.policy import Outage
from services.metrics.domain.cohort import MARK
from services.notification.domain.audiences import EVER, TABLE
from services.notification.domain.message import Outcome
from services.notification.domain.notice import Notices, Pending
from services.notification.timers import MARGIN
from shared.runtime.asking import Ask
from shared.runtime.document import Circumstances, Document
from shared.runtime.hearing import patiently
from shared.runtime.ports import Away, Change
from shared.runtime.timing import moment
from tests.simulation.fate import Fate
from tests.simulation.node import Node
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension

GOES_ON = {line.about for line in TABLE if line.holds != EVER}
"""What a notice is about that says that somebody is at a report, or wants something for it."""
PAGE, TOGETHER = 50, 10
"""Complaints per round of mail; mails whose outcomes are noted together."""


class Watcher(Process):
    """A process of followup: records the clocks that have run out, and excuses what may be."""

    excused = 0
    """Outages that were declared when it last went over its cases."""

    async def live(self) -> None:
        await super().live()
        self.spawn(self.watch())

    async def watch(self) -> None:
        domain: Any = self.node.part.domain

        def tick(document: Document[Any], under: Circumstances, _: int) -> Document[Any]:
            due: Document[Any] = domain.tick(document, under)
            return due

        while True:
            await Suspension(20 + 20 * self.chance.random())
            try:
                late = await self.operations.run(lambda: self.store.due(moment(self.scheduler.now)))
                changed = await self.desk.settle([Ask(key, tick) for key in late[:50]])
                if len(domain.declared.entries()) > self.excused:
                    changed += await self.excuse(domain)
            except Away:
                continue
            if changed:
                await self.relay.tell(changed)

    async def excuse(self, domain: Any) -> list[Document[Any]]:
        """Go over all cases, since an outage was declared that is over."""
        now = moment(self.scheduler.now)
        declared = len(domain.declared.entries())

        def amend(document: Document[Any], under: Circumstances, _: int) -> Document[Any]:
            after: Document[Any] = domain.amend(document, str(declared), under)
            return after

        known = await self.operations.run(lambda: list(self.store.documents.values()))
        stale = [Ask(each.id, amend) for each in known if domain.stale(each, now)]
        changed = await self.desk.settle(stale) if stale else []
        self.excused = declared
        return changed


def an_outage(now: datetime) -> Document[Declared]:
    """Declare that nobody could work on the five days before."""
    since = now - timedelta(days=5)
    cut = Outage(link="jaringan kota", since=since, until=now, because="Kabel putus.")
    return Document(id=f"cut/{now}", state=Declared.of(cut, "operator-1", now), version=1)


@dataclass(slots=True)
class Mailbox:
    """Every mail that was delivered, by notice."""

    delivered: Counter[str] = field(default_factory=Counter)
    misled: list[str] = field(default_factory=list)
    """What was to be said of a report, by key, though it was known to be withdrawn."""
    troubled: bool = True


class Postman(Process):
    """A process of notification: claims a notice, sends it, notes how that ended."""

    def __init__(self, node: Node, number: int, mailbox: Mailbox) -> None:
        self.mailbox, self.rounds = mailbox, 0
        super().__init__(node, number)

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
        claimed: dict[str, tuple[Pending, ...]] = {}

        def claim(document: Document[Notices], under: Circumstances, _: int) -> Document[Notices]:
            after: Document[Notices]
            after, claimed[document.id] = ledger.claim_all(document, under, holder)
            if after.state.owed.withdrawn:
                taken = {each.notice for each in document.state.pending if each.trying}
                said = {p.about for p in claimed[document.id] if p.notice not in taken}
                self.mailbox.misled += [f"{each} of {document.id[:8]}" for each in said & GOES_ON]
            return after

        await self.settle([Ask(key, claim) for key in due])
        ends = []
        for key, notices in claimed.items():
            for pending in notices:
                late = pending.next_at is not None and self.now() + MARGIN > pending.next_at
                outcome = "retry" if late else await self.send(pending)
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

    def now(self) -> datetime:
        return moment(self.scheduler.now)

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


class Accountant(Process):
    """A process of metrics: counts again every window that is dirty."""

    async def live(self) -> None:
        await super().live()
        self.spawn(self.count())

    async def count(self) -> None:
        while True:
            await Suspension(1 + self.chance.random())
            try:
                dirty = await self.operations.run(self.store.dirty)
                for window in dict.fromkeys(name for each in dirty for name in each.dirty):
                    if not window.startswith(MARK):
                        await self.count_again(window)
                for each in dirty:
                    clean = replace(each, dirty=(), version=each.version + 1)
                    await self.operations.run(
                        partial(self.store.write, [Change(clean, each.version)])
                    )
            except Away:
                continue

    async def count_again(self, window: str) -> None:
        """Compute one window from its timelines; a lost race is run again."""
        cells = self.store.kept.cells
        while True:
            version, _ = await self.operations.run(lambda: cells.get(window, (0, {})))
            figures = await self.operations.run(
                lambda: figures_of(self.store.within(window), window)
            )
            if await self.operations.run(_put(cells, window, version, figures)):
                return


def figures_of(documents: Iterable[Document[Any]], window: str) -> dict[str | None, int]:
    """Count the timelines of one window by agency."""
    figures: Counter[str | None] = Counter()
    for document in documents:
        for each in document.state.milestones:
            if each.window == window:
                figures[each.agency] += 1
    return dict(figures)


def _put(
    cells: dict[str, tuple[int, dict[str | None, int]]],
    window: str,
    version: int,
    figures: dict[str | None, int],
) -> Callable[[], bool]:
    def effect() -> bool:
        if cells.get(window, (0, {}))[0] != version:
            return False
        cells[window] = (version + 1, figures)
        return True

    return effect
