"""What to tell of a document, and telling it until it is acknowledged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

import orjson
from msgspec import Struct

from shared.contracts.envelope import Envelope, message_id
from shared.contracts.fact import Pair
from shared.runtime.document import Document, State
from shared.runtime.ports import Away, Bus, Message, Tally, Time
from shared.runtime.shapes import newer

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
LONGEST_MEMORY = 20_000
"""Messages a process remembers to have told; forgetting one only tells it again."""


class Utterance(Struct, frozen=True, omit_defaults=True):
    """One message a document gives rise to; ``topic`` and ``mark`` say whether it is the same.

    ``mark`` names the cause: told again from the same cause, it has the same ``ce_id``.
    """

    topic: str
    key: str
    mark: str
    type: str
    subject: str
    pair: Pair
    time: str
    body: Callable[[], bytes | None]
    trace: str | None = None


Derive = Callable[[Document[State]], Iterable[Utterance]]
"""Says what else a service tells when it tells a document: a receipt, a sealed contact."""


def nothing_else(_document: Document[Any]) -> Iterable[Utterance]:
    """Derive nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Voice(Generic[State]):
    """How one service speaks: its history on its topic, and what is derived with it."""

    source: str
    topic: str
    type: str
    derive: Derive[State]

    def utterances(self, document: Document[State]) -> list[Utterance]:
        """Give everything there is to tell of a document now."""
        told: list[Utterance] = []
        if document.facts:
            newest = document.facts[-1]
            told.append(
                Utterance(
                    topic=self.topic,
                    key=document.id,
                    mark=document.mark,
                    type=self.type,
                    subject=document.id,
                    pair=document.last,
                    time=newest["at"],
                    body=lambda: _written(document),
                    trace=newest["trace"],
                )
            )
        if newer(document) is None:  # else what is derived is told by who can read it
            told.extend(self.derive(document))
        return told

    def news(
        self,
        before: Document[State] | None,
        after: Document[State],
        asked: Collection[str | None] = (),
    ) -> list[Utterance]:
        """Give what has come to be told between two states of a document.

        ``asked`` are marks of what is told in any case, since somebody asked for it again.
        """
        told = self.utterances(after)
        if before is None or not told:
            return told
        said = {(old.topic, old.mark) for old in self.utterances(before)}
        return [new for new in told if (new.topic, new.mark) not in said or new.mark in asked]

    def word(self, utterance: Utterance) -> Message:
        """Put an utterance into its envelope."""
        envelope = Envelope(
            type=utterance.type,
            source=self.source,
            subject=utterance.subject,
            sequence=utterance.pair,
            id=message_id(f"{self.source}/{utterance.topic}", utterance.subject, utterance.mark),
            time=utterance.time,
            trace=utterance.trace,
        )
        return Message(
            utterance.topic, utterance.key.encode(), envelope.headers(), utterance.body()
        )


@dataclass(frozen=True, slots=True)
class Teller(Generic[State]):
    """Tells until everything is acknowledged; what is not is repeated."""

    voice: Voice[State]
    bus: Bus
    time: Time
    tally: Tally
    _said: dict[int, tuple[Pair, int]] = field(default_factory=dict)
    """By topic and subject, the newest pair this bus has acknowledged, and the mark as a hash."""

    def unsaid(self, utterances: Sequence[Utterance]) -> list[Utterance]:
        """Leave out what this very process has told this bus: nobody waits for that.

        Without this, services that suspect each other's repeats would answer each other for as
        long as they do.
        """
        return [
            each
            for each in utterances
            if self._said.get(_place(each), (None, None))[1] != hash(each.mark)
        ]

    def forget(self) -> None:
        """Remember nothing: the bus is another one."""
        self._said.clear()

    async def tell(self, utterances: Sequence[Utterance]) -> None:
        """Send every utterance, again and again, until the bus has acknowledged each.

        One that a newer of the same subject has overtaken needs no sending: it would land behind
        it and mislead whoever starts to read later.
        """
        left = [(each, self.voice.word(each)) for each in utterances]
        pause = FIRST_PAUSE
        while left := [pair for pair in left if not self._overtaken(pair[0])]:
            messages = [message for _, message in left]
            refused = {id(message) for message in messages}
            with contextlib.suppress(Away):
                refused = {id(message) for message in await self.bus.send(messages)}
            for each, message in left:
                if id(message) not in refused:
                    self._note(each)
            self.tally.told += len(left) - len(refused)
            left = [pair for pair in left if id(pair[1]) in refused]
            if left:
                self.tally.resent += len(left)
                await self.time.pause(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _overtaken(self, utterance: Utterance) -> bool:
        newest = self._said.get(_place(utterance))
        return newest is not None and utterance.pair < newest[0]

    def _note(self, utterance: Utterance) -> None:
        if self._overtaken(utterance):
            return
        if len(self._said) >= LONGEST_MEMORY:
            del self._said[next(iter(self._said))]
        self._said[_place(utterance)] = (utterance.pair, hash(utterance.mark))


def _place(utterance: Utterance) -> int:
    """Name what an utterance is about, in few bytes; a reference may stand for two complaints."""
    return hash((utterance.topic, utterance.subject))


def _written(document: Document[Any]) -> bytes:
    """Write a history.

    It may wait among hundreds to be acknowledged, and orjson hands out its buffer, which is up to
    ten times as large as what is in it (home-assistant/core#181245): so it is copied.
    """
    written = orjson.dumps({"complaint": document.id, "facts": document.facts})
    return b"".join((written, b""))
