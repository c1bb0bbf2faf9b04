"""Hearing a batch: fold, write once, tell, and only then let the offsets be committed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, ParamSpec, TypeVar

from shared.contracts.envelope import Unreadable
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
from shared.runtime.telling import FIRST_PAUSE, LONGEST_PAUSE, Teller, Utterance
from shared.runtime.timing import micros

Answer = TypeVar("Answer")
Given = ParamSpec("Given")

TRIES_BEFORE_HOLD = 3
"""How often the store may refuse one document before its complaint is held."""

Reading = Callable[[Record], "Told | Ask[State]"]
"""Reads a record; raises Unreadable where it has no readable envelope."""


@dataclass(slots=True)
class Batch(Generic[State]):
    """What a batch brings, sorted out before anything is loaded."""

    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    """By complaint and stream, the newest history: it holds all the older ones."""
    heard: list[Told] = field(default_factory=list)
    """Every history, older ones too."""
    asked: dict[str, list[Ask[State]]] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    again: set[str] = field(default_factory=set)
    """Complaints to be told whether the batch brings them anything new or not."""

    @property
    def complaints(self) -> Collection[str]:
        """Every complaint the batch speaks of."""
        return dict.fromkeys((*self.told, *self.asked)).keys()


def sort_out(
    records: Iterable[Record], read: Reading[State], suspect: Callable[[Record], bool]
) -> Batch[State]:
    """Keep the newest history per complaint and stream; note what may be a redelivery.

    A record is suspect while an earlier owner of its partition may have written what it brings
    and died before telling; its document is told whether the record brings anything or not.
    """
    batch: Batch[State] = Batch()
    for record in records:
        if record.fault is not None:
            batch.passed.append(Passed(record, record.fault))
            continue
        try:
            item = read(record)
        except Unreadable as why:
            batch.passed.append(Passed(record, str(why)))
            continue
        if isinstance(item, Told):
            batch.heard.append(item)
            streams = batch.told.setdefault(item.complaint, {})
            newest = streams.get(item.stream)
            if newest is None or item.last >= newest.last:  # redacted, it has the same pair
                streams[item.stream] = item
        else:
            batch.asked.setdefault(item.complaint, []).append(item)
        if suspect(record) or (isinstance(item, Ask) and item.answer is None):
            batch.again.add(item.complaint)  # a repeated request gets the same answer again
    return batch


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
            for ask in batch.asked.get(key, ()):
                readable(document)  # else the batch fails, and comes again: a record is not lost
                document = self._judge(ask, document, under)
            if document is not stored:
                at = micros(under.now) + len(plan.changes)  # apart, so that a walk can page by it
                ready = changed(self.domain, stored, document, marked=False, at=at)
                plan.changes.append(Change(ready, stored.expected))
        return plan

    def _judge(
        self, ask: Ask[State], document: Document[State], under: Circumstances
    ) -> Document[State]:
        try:
            return ask.judge(document, under, ask.draw)
        except Refused:
            return document  # what the bus brings is refused inside its document, not by an error

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
