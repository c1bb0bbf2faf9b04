"""What tests of intake are about, built with only what matters in each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from msgspec.structs import replace

from services.intake.areas import LokalCodes
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.places import Places
from services.intake.domain.tries import Count, Line, Wrong
from services.intake.handlers import Crowd, Intake, Pins, Usual
from services.intake.handlers.tries import Counts, Tries
from services.intake.subscribers import readings
from shared.contracts.fact import Fact, Pair, Payload
from shared.contracts.intake import Submission
from shared.contracts.topics import publisher_topic
from shared.runtime.asking import Ask, Judge
from shared.runtime.document import Circumstances, Document, blank, changed
from shared.runtime.folding import Told
from shared.runtime.ports import Away, Record
from shared.runtime.timing import micros

NODE, PUBLISHER = "8171", "sigap"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
UNDER = Circumstances(NOW)
SECRET = b"a secret for tests, long enough to be one"
COMPLAINTS = Complaints()
SUBMISSIONS = publisher_topic(PUBLISHER, "submissions")
HEADERS = (
    ("ce_specversion", b"1.0"),
    ("ce_id", b"r-1"),
    ("ce_type", b"complaint.submitted.v1"),
    ("ce_source", b"/publisher/sigap"),
    ("content-type", b"application/json"),
)


def a_draft(**said: Any) -> Submission:
    """Build a draft of a complaint."""
    return Submission.model_validate(a_submission(**said))


def a_submission(**said: Any) -> dict[str, Any]:
    """Build what a publisher sends."""
    return {
        "reference": "SGP-1",
        "title": "Jalan berlubang",
        "text": "Jalan di depan pasar berlubang.",
        "area": "81.71.02",
        **said,
    }


def a_record(
    value: bytes | Mapping[str, Any] | None = None,
    *,
    headers: Sequence[tuple[str, bytes | None]] = HEADERS,
    key: bytes | None = b"SGP-1",
    offset: int = 0,
) -> Record:
    """Build a record of a publisher."""
    said = a_submission() if value is None else value
    content = said if isinstance(said, bytes) else orjson.dumps(said)
    return Record(SUBMISSIONS, 0, offset, key, headers, content)


def asked(record: Record) -> Ask[Complaint]:
    """Read a record as intake does; raises Unreadable."""
    item = readings(COMPLAINTS, NODE, [PUBLISHER])[record.topic](record)
    assert not isinstance(item, Told)
    return item


def judged(
    judge: Judge[Complaint],
    before: Document[Complaint] | None = None,
    *,
    complaint: str = "c-1",
    draw: int = 0,
    under: Circumstances = UNDER,
) -> Document[Complaint]:
    """Judge a request against a document, as it would be stored."""
    stored = before or blank(COMPLAINTS, complaint)
    after = judge(stored, under, draw)
    if after is stored:
        return stored
    return changed(COMPLAINTS, stored, after, marked=True, at=micros(under.now))


def taken(record: Record, before: Document[Complaint] | None = None) -> Document[Complaint]:
    """Judge a publisher's record."""
    ask = asked(record)
    return judged(ask.judge, before, complaint=ask.complaint)


def a_fact(payload: Payload, sequence: int = 1, at: datetime = NOW) -> Fact:
    """Build a fact as it is heard."""
    pair = Pair(0, sequence)
    identity = f"{payload.type}/{sequence}"
    return Fact(identity, pair, payload.type, at, "cause", None, None, None, payload)


class InMemoryComplaints:
    """A store in memory that judges one request at a time."""

    def __init__(self) -> None:
        self.documents: dict[str, Document[Complaint]] = {}
        self.now = UNDER

    async def ask(self, complaint: str, judge: Judge[Complaint]) -> Document[Complaint]:
        """Have a request judged and stored."""
        stored = self.documents.get(complaint)
        after = judged(judge, stored, complaint=complaint, under=self.now)
        self.documents[complaint] = after
        return after

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Complaint]]:
        """Read by id."""
        return {each: self.documents[each] for each in ids if each in self.documents}

    async def window(
        self, field: str, low: Any, high: Any, limit: int
    ) -> list[Document[Complaint]]:
        """Read by a text of the state, or a time in microseconds."""
        found = [
            (micros(at) if isinstance(at, datetime) else at, each)
            for each in self.documents.values()
            if (at := getattr(each.state, field)) is not None
        ]
        wanted = [(at, each) for at, each in found if low <= at < high]
        return [each for _, each in sorted(wanted, key=lambda pair: pair[0])][:limit]

    def hear(self, complaint: str, *facts: Payload) -> None:
        """Fold what another service tells."""
        document = self.documents[complaint]
        for fact in facts:
            state = COMPLAINTS.fold(document.state, a_fact(fact))
            document = replace(document, state=state)
        self.documents[complaint] = document

    async def matching(self, field: str, value: str, limit: int) -> list[Document[Complaint]]:
        """Read by a field of the state."""
        found = self.documents.values()
        return [each for each in found if getattr(each.state, field) == value][:limit]


class InMemoryCounts:
    """Counts of wrong PINs in memory, which any number of processes may share.

    Each answer is given after others had their turn, as one of a store is; ``away`` says what of it
    does not answer, and ``asked`` what was asked.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.away: set[str] = set()
        self.asked: list[str] = []

    async def read(self, names: Sequence[str], whose: str | None = None) -> Mapping[str, Count]:
        """Read counts, with the turn that somebody has."""
        await self._ask("read")
        return {
            name: Count(row["wrong"], row["since"], row["turns"].get(whose))
            for name in names
            if (row := self.rows.get(name))
        }

    async def add(self, wrong: Sequence[Wrong]) -> None:
        """Count wrong PINs."""
        await self._ask("add")
        for each in wrong:
            row = self.rows.get(each.name)
            if row is None or (each.anew and row["since"] == each.seen.since):
                row = {"wrong": 0, "since": each.at, "version": 0, "turns": {}, "until": 0.0}
            turns = dict(row["turns"])
            if each.whose is not None and each.seen.turn is not None:
                turns.pop(each.whose, None)
            until = max(row["until"], each.until)
            self.rows[each.name] = {
                **row,
                "wrong": row["wrong"] + 1,
                "turns": turns,
                "until": until,
            }

    async def line(self, name: str) -> Line | None:
        """Read who has turns at a number."""
        await self._ask("line")
        row = self.rows.get(name)
        return Line(row["wrong"], row["since"], row["version"], row["turns"]) if row else None

    async def give(self, name: str, seen: Line, turns: Mapping[str, float], until: float) -> bool:
        """Write who has turns, unless something was counted or given meanwhile."""
        await self._ask("give")
        row = self.rows.get(name)
        if row is None or (row["wrong"], row["version"]) != (seen.wrong, seen.version):
            return False
        until = max(until, row["until"])
        self.rows[name] = {**row, "turns": turns, "version": seen.version + 1, "until": until}
        return True

    async def _ask(self, what: str) -> None:
        self.asked.append(what)
        await asyncio.sleep(0)
        if what in self.away:
            raise Away("the store does not answer")


def an_intake(
    kept: InMemoryComplaints,
    clock: Callable[[], float] = lambda: 0.0,
    bounds: Usual | None = None,
    counts: Counts | None = None,
) -> Intake:
    """Build the handlers over a store in memory; what is sealed can be read in tests."""

    async def views() -> dict[str, datetime]:
        return {}

    return Intake(
        node=NODE,
        complaints=COMPLAINTS,
        found=kept,
        ask=kept.ask,
        views=views,
        pins=Pins(SECRET),
        seal=lambda plain: f"sealed:{plain.decode()}",
        crowd=Crowd(Pins(SECRET), bounds or Usual(), clock),
        places=Places(LokalCodes(), "81.71"),
        tries=Tries(counts or InMemoryCounts(), Pins(SECRET).name, clock),
    )
