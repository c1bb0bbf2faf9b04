"""The smallest service there can be.

It hears how often a drum was struck (stream ``strokes``) and answers each stroke; people may ask
it to say something. Its own stream is one of the register, so that the simulated bus takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import orjson
from msgspec import Struct
from msgspec.structs import replace

from shared.contracts.fact import Fact, Pair, Payload, Row, fact_id, instant
from shared.runtime.asking import Decide
from shared.runtime.document import Cause, Circumstances, Document, blank, record
from shared.runtime.folding import Told

NOW = datetime.fromisoformat("2026-03-17T03:00:00+00:00")
UNDER = Circumstances(NOW)
OWN, STROKES = "cases", "strokes"
UNLUCKY = 13


class Struck(Payload):
    """The drum was struck."""

    type: ClassVar[str] = "drum.struck.v1"

    times: int


class Erased(Payload):
    """What a tombstone on ``strokes`` is read as."""

    type: ClassVar[str] = "strokes.erased.v1"


class Answered(Payload):
    """A stroke was answered."""

    type: ClassVar[str] = "drum.answered.v1"

    times: int


class Spoken(Payload):
    """Somebody asked for something to be said."""

    type: ClassVar[str] = "drum.spoken.v1"

    text: str


class Sound(Struct, frozen=True, omit_defaults=True):
    """What was heard and said."""

    struck: tuple[int, ...] = ()
    answered: tuple[int, ...] = ()
    spoken: tuple[str, ...] = ()
    silent: bool = False


@dataclass(slots=True)
class Drums:
    """Answers strokes; cannot fold thirteen before it is upgraded."""

    upgraded: bool = False

    stream: ClassVar[str] = OWN
    schema: ClassVar[int] = 1
    known: ClassVar[Mapping[str, type[Payload]]] = {
        each.type: each for each in (Struck, Erased, Answered, Spoken)
    }

    def begin(self, complaint: str) -> Sound:
        return Sound()

    def fold(self, state: Sound, fact: Fact) -> Sound:
        match fact.data:
            case Struck(times=times):
                if times == UNLUCKY and not self.upgraded:
                    raise ValueError("thirteen is more than this drum can take")
                return replace(state, struck=(*state.struck, times))
            case Erased():
                return replace(state, silent=True)
            case Answered(times=times):
                return replace(state, answered=(*state.answered, times))
            case Spoken(text=text):
                return replace(state, spoken=(*state.spoken, text))
        return state

    def react(self, state: Sound, fact: Fact, now: datetime) -> Iterable[Payload]:
        return (Answered(times=fact.data.times),) if isinstance(fact.data, Struck) else ()

    def dirties(self, before: Sound, after: Sound) -> Iterable[str]:
        return [f"minute-{times}" for times in after.struck[len(before.struck) :]]


DRUMS = Drums()


def a_row(number: int, times: Any = 1, *, epoch: int = 0, **other: Any) -> Row:
    """Build the fact of a stroke; its id follows from ``cause``, by default its number."""
    row = Row(
        id="",
        pair=[epoch, number],
        type=Struck.type,
        at=instant(NOW),
        cause=f"stroke-{number}",
        request=None,
        by=None,
        trace=None,
        data={"times": times},
    )
    row.update(other)  # type: ignore[typeddict-item]
    row["id"] = fact_id("c", row["type"], row["cause"])
    return row


def told(*rows: Row, complaint: str = "c", stream: str = STROKES) -> Told:
    """Build a history of which nothing has been read."""
    body = orjson.dumps({"complaint": complaint, "facts": rows})
    return Told(stream, complaint, Pair(*rows[-1]["pair"]), body)


def strokes(*times: int, complaint: str = "c") -> Told:
    """Build a history of strokes."""
    rows = [a_row(number, each) for number, each in enumerate(times, 1)]
    return told(*rows, complaint=complaint)


def fresh(complaint: str = "c") -> Document[Sound]:
    """Give the document of a drum that nobody has struck."""
    return blank(DRUMS, complaint)


def say(text: str, request: str = "r-1") -> Decide[Sound]:
    """Ask for something to be said."""

    def decide(document: Document[Sound], under: Circumstances) -> Document[Sound]:
        cause = Cause(request, request=request)
        return record(DRUMS, document, [Spoken(text=text)], cause, under)

    return decide
