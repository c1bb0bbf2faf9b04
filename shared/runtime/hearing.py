"""Hearing a batch: fold, write once, tell, and only then let the offsets be committed."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, ParamSpec, TypeVar

from shared.runtime.asking import Ask
from shared.runtime.document import (
    Circumstances,
    Document,
    Domain,
    Refused,
    State,
    blank,
    changed,
)
from shared.runtime.folding import Told, hear, heard_before, hold, waits
from shared.runtime.ports import (
    Away,
    Change,
    Documents,
    Passed,
    Quarantine,
    Record,
    Tally,
    Time,
)
from shared.runtime.shapes import readable
from shared.runtime.sorting import Batch, Reading, sort_out
from shared.runtime.telling import FIRST_PAUSE, LONGEST_PAUSE, Teller, Utterance
from shared.runtime.timing import micros

Answer = TypeVar("Answer")
Given = ParamSpec("Given")

TRIES_BEFORE_HOLD = 3
"""How often the store may refuse one document before its complaint is held."""
TRIES_BEFORE_REFUSAL = 2 * TRIES_BEFORE_HOLD
"""How often before a request is turned away: what waits can come back, a refusal stands for ever.
"""


@dataclass(slots=True)
class _Plan(Generic[State]):
    changes: list[Change[State]] = field(default_factory=list)
    held: list[tuple[Told, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ear(Generic[State]):
    """Hears batches for one service."""

    domain: Domain[State]
    read: Reading[State]
    documents: Documents[State]
    quarantine: Quarantine
    teller: Teller[State]
    time: Time
    tally: Tally

    async def hear(self, records: Sequence[Record], suspect: Callable[[Record], bool]) -> None:
        """Take in a batch; when this returns, its offsets may be committed."""
        batch = sort_out(records, self.read, suspect)
        self.tally.heard += len(records)
        if batch.passed:
            self.tally.passed += len(batch.passed)
            await patiently(self.time, self.quarantine.pass_by, batch.passed)
        if batch.complaints:
            await self.teller.tell(await self._write(batch))

    async def _write(self, batch: Batch[State]) -> list[Utterance]:
        """Write until everything is folded; give what is to be told.

        Whatever was tried to be written is told, whoever's write won: the answer of a write can
        be lost, and the winner can die before telling.
        """
        voice = self.teller.voice
        pending = list(batch.complaints)
        speech: dict[str, dict[tuple[str, str], Utterance]] = {}
        refusals: dict[str, int] = {}
        first: dict[str, Document[State] | None] = {}
        counted: set[tuple[str, str]] = set()
        while True:
            await self._give_up(batch, pending, refusals)
            loaded = await patiently(self.time, self.documents.load, pending)
            plan = self._fold(batch, pending, loaded, refusals)
            if not first:
                self.tally.repeats += sum(
                    told.complaint in loaded and heard_before(loaded[told.complaint], told)
                    for told in batch.heard
                )
            first = {key: loaded.get(key) for key in pending} | first
            if plan.held:
                await self._keep(plan.held, loaded, counted)
            changing = {change.document.id: change.document for change in plan.changes}
            complete = not changing or await self._commit(batch, plan.changes, refusals)
            for key in pending:
                document = changing.get(key) if complete else None
                document = document or loaded.get(key)
                if document is None or (not complete and key in changing):
                    continue
                before = None if key in batch.again else first[key]
                news = voice.news(
                    before, document, {ask.answer for ask in batch.asked.get(key, ())}
                )
                if key not in batch.asked:  # who asks again is answered again
                    news = self.teller.unsaid(news)
                speech[key] = {(new.topic, new.mark): new for new in news}
            if complete:
                return [new for told in speech.values() for new in told.values()]
            self.tally.conflicts += 1
            pending = list(changing)
            batch.again.update(pending)

    async def _keep(
        self,
        held: Sequence[tuple[Told, str]],
        loaded: dict[str, Document[State]],
        counted: set[tuple[str, str]],
    ) -> None:
        for told, _ in held:
            place, document = (told.complaint, told.stream), loaded.get(told.complaint)
            if place not in counted and not (document and waits(document, told)):
                counted.add(place)
                self.tally.held += 1
        await patiently(self.time, self.quarantine.keep, held)

    def _fold(
        self,
        batch: Batch[State],
        pending: Iterable[str],
        loaded: dict[str, Document[State]],
        refusals: dict[str, int],
    ) -> _Plan[State]:
        under = self.time.under()
        plan: _Plan[State] = _Plan()
        for key in pending:
            stored = loaded.get(key) or blank(self.domain, key)
            document = stored
            for told in batch.told.get(key, {}).values():
                tries, free = refusals.get(key, 0), told.stream not in document.held
                if tries >= TRIES_BEFORE_HOLD and free and not heard_before(document, told):
                    reason = "the store refuses this document"
                    document = hold(document, told.stream, told.last, reason)
                    plan.held.append((told, reason))
                    continue
                # What only fills in can be done without: the last try is made without it.
                filling = tries + 1 < TRIES_BEFORE_HOLD
                folded = hear(self.domain, document, told, under, filling=filling)
                document = folded.document
                if folded.blocked is not None:
                    plan.held.append((told, folded.blocked))
            document = self._judge(batch.asked.get(key, ()), document, under, refusals.get(key, 0))
            if document is not stored:
                at = micros(under.now) + len(plan.changes)  # apart, so that a walk can page by it
                ready = changed(self.domain, stored, document, marked=False, at=at)
                plan.changes.append(Change(ready, stored.expected))
        return plan

    def _judge(
        self,
        asks: Sequence[Ask[State]],
        document: Document[State],
        under: Circumstances,
        tries: int,
    ) -> Document[State]:
        """Judge requests; where the store goes on refusing, turn away one more of the newest."""
        judged = len(asks) - max(0, tries + 1 - TRIES_BEFORE_REFUSAL)
        for place, ask in enumerate(asks):
            readable(document)  # else the batch fails, and comes again: a record is not lost
            if place >= judged and ask.refuse is not None:
                document = ask.refuse(document, under)
                continue
            # What the bus brings is refused inside its document, not by an error.
            with contextlib.suppress(Refused):
                document = ask.judge(document, under, ask.draw)
        return document

    async def _give_up(
        self, batch: Batch[State], pending: Collection[str], refusals: dict[str, int]
    ) -> None:
        """Pass the records of requests of which the store does not even take the refusal.

        Where it does not take these records, it takes nothing from anybody: then it is no fault of
        theirs, and they are judged again.
        """
        lost = [
            key
            for key in batch.asked.keys() & pending
            if refusals.get(key, 0) >= TRIES_BEFORE_REFUSAL + len(batch.asked[key])
        ]
        if not lost:
            return
        why = "the store refuses what comes of it"
        passed = [Passed(record, why) for key in lost for record in batch.asking[key]]
        try:
            await self.quarantine.pass_by(passed)
        except Away:
            refusals.clear()
            await self.time.pause(LONGEST_PAUSE)
            return
        self.tally.passed += len(passed)
        for key in lost:
            del batch.asked[key]

    async def _commit(
        self, batch: Batch[State], changes: Sequence[Change[State]], refusals: dict[str, int]
    ) -> bool:
        try:
            outcome = await self.documents.write(changes)
        except Away:
            await self.time.pause(FIRST_PAUSE)
            return False
        for key in outcome.refused:
            refusals[key] = refusals.get(key, 0) + 1
            for ask in batch.asked.get(key, ()):
                ask.draw += 1
        return outcome.complete


async def patiently(
    time: Time,
    attempt: Callable[Given, Awaitable[Answer]],
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Answer:
    """Try until the store or the bus answers, pausing longer each time."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await attempt(*args, **kwargs)
        except Away:
            await time.pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
