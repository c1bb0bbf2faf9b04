"""Requests: judged in turn against the document, written together, answered when durable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol

from msgspec.structs import replace

from shared.contracts.fact import Row
from shared.runtime.document import (
    Circumstances,
    Document,
    Domain,
    Refused,
    State,
    blank,
    changed,
    fill,
)
from shared.runtime.ports import Change, Documents, Tally, Time
from shared.runtime.shapes import readable
from shared.runtime.timing import micros

MOST_TRIES = 8
"""How often a request is judged again, after lost races or refusals by the store, before it is
turned away."""


Judge = Callable[[Document[State], Circumstances, int], Document[State]]
"""Judges a request: gives the changed document, the same one if there is nothing to do, or raises
Refused. The number is the draw: it rises when a unique value that was drawn is taken."""


Decide = Callable[[Document[State], Circumstances], Document[State]]
"""What a domain decides on a request that was not judged before."""

Gather = Callable[[Iterable[Awaitable[Any]]], Awaitable[Sequence[Any]]]
"""Waits for all of them; what failed is among the answers."""

ROOM_FOR_REQUESTS = 0.75
"""How full a history may be before requests are sent to a linked complaint."""


async def at_once(asked: Iterable[Awaitable[Any]]) -> Sequence[Any]:
    """Ask all of them together, so that they share their reads and writes."""
    return await asyncio.gather(*asked, return_exceptions=True)


def agree(revision: int, seen: int | None) -> None:
    """Refuse what was decided on another revision than the present one."""
    if seen is not None and seen != revision:
        raise Refused(
            412,
            "stale",
            f"It has changed since you read it: it is at revision {revision}, you saw {seen}. "
            "Read it again before you change it.",
            "If-Match",
        )


def once(
    request: str,
    made: str,
    says: Mapping[str, object],
    decide: Decide[State],
    *,
    seen: int | None = None,
    room: float = ROOM_FOR_REQUESTS,
) -> Judge[State]:
    """Judge a request once: found in the history, the same answer is given again.

    ``made`` names the type of the last fact the request causes, ``says`` those fields of it that
    the asker decides: who asks for something else under the same id must not be told that it was
    done. ``seen`` is the revision the asker saw, ``room`` how full the history may be. Refuses
    also what is stale, too long, or has no room.
    """

    def judge(document: Document[State], under: Circumstances, _draw: int) -> Document[State]:
        answered = document.answered(request)
        if answered is not None:
            if answered["type"] == made and _says(answered, says):
                return document
            raise key_used()
        agree(document.revision, seen)
        if fill(document) >= room:
            raise Refused(
                409,
                "history_full",
                "This complaint has grown too long. File a new one that names its number.",
            )
        return decide(document, under)

    return judge


def key_used() -> Refused:
    """Say that a request asks for something else than was done under its key."""
    return Refused(
        422,
        "key_used",
        "This Idempotency-Key already stands for another request; choose a new one.",
        "Idempotency-Key",
    )


def unstorable() -> Refused:
    """Say that the store does not take what would come of a request, however often it is asked."""
    return Refused(
        422,
        "unstorable",
        "It cannot be stored as it is, and nothing of it was kept. Change it and send it again.",
    )


def _says(row: Row, says: Mapping[str, object]) -> bool:
    """Compare what is still there: words that were erased cannot be told from others."""
    erased, data = row.get("redacted", ()), row["data"]
    return all(name in erased or data.get(name) == said for name, said in says.items())


def _seen(before: Document[State], after: Document[State]) -> Document[State]:
    """Count what an officer can see: whoever asks next, before it is written, saw less."""
    if after.state == before.state:
        return after
    return replace(after, revision=before.revision + 1)


class Asks(Protocol[State]):
    """Has a request judged and stored durably. Raises Refused."""

    async def __call__(self, complaint: str, judge: Judge[State]) -> Document[State]: ...


@dataclass(slots=True)
class Ask(Generic[State]):
    """One request about one complaint, and in the end its answer.

    ``answer`` is the mark of the utterance that answers a request from the bus; without one,
    everything about the complaint is told again to who asks again. ``refuse`` notes in the document
    that a request from the bus was turned away because the store does not take what comes of it.
    """

    complaint: str
    judge: Judge[State]
    after: Document[State] | None = None
    failure: Exception | None = None
    draw: int = 0
    answer: str | None = None
    refuse: Decide[State] | None = None


@dataclass(frozen=True, slots=True)
class Desk(Generic[State]):
    """Judges requests that came in together, and writes them together (group commit)."""

    domain: Domain[State]
    documents: Documents[State]
    time: Time
    tally: Tally = field(default_factory=Tally)

    async def settle(self, asks: Sequence[Ask[State]]) -> list[Document[State]]:
        """Answer every request; give the stored documents that are to be told. Raises Away.

        When this returns, each request has ``after`` (stored durably) or ``failure``, which is
        Refused where the request is at fault.
        """
        told = await self._settle(asks)
        self._count(asks, told.keys())
        return list(told.values())

    async def _settle(self, asks: Sequence[Ask[State]]) -> dict[str, Document[State]]:
        told: dict[str, Document[State]] = {}
        tried: set[str] = set()
        pending = list(asks)
        for _ in range(MOST_TRIES):
            loaded = await self.documents.load(
                list(dict.fromkeys(ask.complaint for ask in pending))
            )
            told.update((key, loaded[key]) for key in loaded if key in tried)
            changes = self._judge(pending, loaded)
            if not changes:
                return told
            outcome = await self.documents.write(changes)
            if outcome.complete:
                told.update((change.document.id, change.document) for change in changes)
                return told
            self.tally.conflicts += 1
            tried = {change.document.id for change in changes}
            pending = [ask for ask in pending if ask.complaint in tried]
            for ask in pending:
                ask.draw += ask.complaint in outcome.refused
        for ask in pending:
            ask.after = None
            ask.failure = Refused(503, "busy", "The complaint is changing too fast; try again.")
            if ask.complaint in outcome.refused:
                ask.failure = unstorable()
        return told

    def _judge(
        self, asks: Sequence[Ask[State]], loaded: dict[str, Document[State]]
    ) -> list[Change[State]]:
        under = self.time.under()
        now: dict[str, Document[State]] = {}
        for ask in asks:
            stored = loaded.get(ask.complaint)
            document = now.get(ask.complaint) or stored or blank(self.domain, ask.complaint)
            ask.after, ask.failure = None, None
            try:
                readable(document)
                ask.after = now[ask.complaint] = _seen(
                    document, ask.judge(document, under, ask.draw)
                )
            except Exception as failure:  # noqa: BLE001 - one request's fault is not the others'
                ask.failure = failure
        ready: dict[str, Document[State]] = {}
        changes: list[Change[State]] = []
        for identity, document in now.items():
            stored = loaded.get(identity) or blank(self.domain, identity)
            if document is not stored and document != stored:
                at = micros(under.now) + len(changes)
                ready[identity] = changed(self.domain, stored, document, marked=True, at=at)
                changes.append(Change(ready[identity], stored.expected))
        for ask in asks:
            if ask.after is not None:
                ask.after = ready.get(ask.complaint, ask.after)
        return changes

    def _count(self, asks: Sequence[Ask[State]], told: Collection[str]) -> None:
        for ask in asks:
            if ask.failure is not None:
                self.tally.refused += 1
            elif ask.complaint in told:
                self.tally.accepted += 1
            else:
                self.tally.answered_again += 1
