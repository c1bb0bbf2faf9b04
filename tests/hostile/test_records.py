"""Thousands of broken, huge, deep, reordered and malicious records, heard by the real code.

What is not understood is held or passed, with its reason; what is right beside it is folded.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import bson
import pytest

from services.followup.domain.cases import Cases
from services.followup.store import shape_of
from services.intake.store import SHAPE as INTAKE
from services.metrics.store import TIMELINES
from services.notification.store import SHAPE as NOTIFICATION
from services.routing.store import SHAPE as ROUTING
from shared.contracts.envelope import Unreadable, read_envelope
from shared.contracts.topics import SERVICES, heard_by, topic
from shared.runtime.asking import Ask
from shared.runtime.document import Document
from shared.runtime.folding import Told, heard_before
from shared.runtime.hearing import Ear
from shared.runtime.ports import Change, Message, Passed, Record, Tally, Written
from shared.runtime.store import MongoDocuments, Shape
from shared.runtime.store.rows import lift, lower
from shared.runtime.telling import Teller
from tests.desk import Clock, client, headers
from tests.followup.doubles import Room as Followup
from tests.hostile.records import COMPLAINTS, hostile, readable, submission
from tests.notification.doubles import Room as Notification
from tests.routing.doubles import Room as Routing
from tests.simulation.bus import NODE
from tests.simulation.parts import SUBMISSIONS, domains, parts

MANY = int(os.environ.get("KENTONGAN_HOSTILE", "1000"))
"""Records per topic and service; `KENTONGAN_HOSTILE=20000` for a long night."""
BATCH = 50
DOMAINS = domains()
PARTS = parts(DOMAINS)
_CASES = DOMAINS["followup"]
assert isinstance(_CASES, Cases)
SHAPES: dict[str, Shape[Any]] = {
    "intake": INTAKE,
    "routing": ROUTING,
    "followup": shape_of(_CASES),
    "notification": NOTIFICATION,
    "metrics": TIMELINES,
}


ROOMS: dict[str, Any] = {"routing": Routing, "followup": Followup, "notification": Notification}


class Shelf(MongoDocuments[Any]):
    """Documents as the store of production writes them, but in memory."""

    def __init__(self, shape: Shape[Any]) -> None:
        super().__init__(cast("Any", None), shape)
        self.rows: dict[str, bytes] = {}

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Any]]:
        return {
            each: lift(bson.decode(self.rows[each]), self._shape)
            for each in ids
            if each in self.rows
        }

    async def write(self, changes: Sequence[Change[Any]]) -> Written:
        refused = self._unwritable(changes)
        for change in changes:
            if change.document.id not in refused:
                self.rows[change.document.id] = bson.encode(lower(change.document, self._shape))
        return Written(not refused, refused)


@dataclass
class Kept:
    """The quarantine; what is kept there must be writable too."""

    waits: dict[tuple[str, str], Told] = field(default_factory=dict)
    passed: dict[int, str] = field(default_factory=dict)

    async def keep(self, waiting: Sequence[tuple[Told, str]]) -> None:
        for told, reason in waiting:
            bson.encode({"body": told.body, "trace": told.trace, "reason": reason})
            place = told.complaint, told.stream
            if place not in self.waits or self.waits[place].last <= told.last:
                self.waits[place] = told

    async def pass_by(self, passed: Sequence[Passed]) -> None:
        for each in passed:
            assert each.reason
            bson.encode({"reason": each.reason, "key": each.record.key})
            self.passed[each.record.offset] = each.reason

    async def waiting(self, since: int, until: int, limit: int) -> list[tuple[int, Told]]:
        raise NotImplementedError

    async def drop(self, complaint: str, stream: str, pair: Any) -> None:
        raise NotImplementedError


@dataclass
class Loud:
    """A bus that takes everything; its readers could read it."""

    sent: int = 0

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        for message in messages:
            read_envelope(message.headers)
            readable(message.value)
        self.sent += len(messages)
        return ()


class Listener:
    """A service that hears."""

    def __init__(self, service: str) -> None:
        part = PARTS[service]
        self.part, self.shelf, self.kept = part, Shelf(SHAPES[service]), Kept()
        time = Clock()
        teller: Teller[Any] = Teller(part.voice, Loud(), time, Tally())
        self.ear: Ear[Any] = Ear(
            part.domain, part.read, self.shelf, self.kept, teller, time, Tally()
        )

    async def hear(self, records: Sequence[Record]) -> None:
        for at in range(0, len(records), BATCH):
            await self.ear.hear(records[at : at + BATCH], lambda record: record.offset % 3 == 0)

    async def unaccounted(self, records: Sequence[Record]) -> list[str]:
        """Say of which records nothing became: neither folded, held, passed nor answered."""
        found = []
        for record in records:
            try:
                item = self.part.read(record)
            except Unreadable:
                if record.offset not in self.kept.passed:
                    found.append(f"{record.offset}: not passed")
                continue
            document = (await self.shelf.load([item.complaint])).get(item.complaint)
            if document is None:
                found.append(f"{record.offset}: no document")
            elif isinstance(item, Ask):
                state = document.state
                if not (state.refusal or state.tracking_number or state.turned_away):
                    found.append(f"{record.offset}: neither accepted nor refused")
            elif not heard_before(document, item):
                held = document.held.get(item.stream)
                waits = self.kept.waits.get((item.complaint, item.stream))
                if held is None or waits is None or not held.reason or waits.last < item.last:
                    found.append(f"{record.offset}: neither heard nor held")
        return found


@pytest.mark.parametrize(
    ("service", "stream"),
    [(service, stream.name) for service in SERVICES for stream in heard_by(service)],
)
async def test_every_record_of_a_history_is_accounted_for(service: str, stream: str) -> None:
    """Whatever comes on a topic, nothing fails, and each record is folded, held or passed."""
    listener, chance = Listener(service), Random(f"{service}/{stream}")
    (found,) = [each for each in heard_by(service) if each.name == stream]
    records = [hostile(found, topic(NODE, stream), n, chance) for n in range(MANY)]
    await listener.hear(records)
    assert await listener.unaccounted(records) == []


async def test_every_submission_is_accepted_or_refused_or_passed() -> None:
    """A publisher's record gets a receipt; one that names no reference is passed and listed."""
    listener, chance = Listener("intake"), Random(1)
    records = [submission(SUBMISSIONS, n, chance) for n in range(2 * MANY)]
    await listener.hear(records)
    assert await listener.unaccounted(records) == []


SHOWN = {
    "routing": ("coordinator", "/api/v1/dispositions/{}", ("/api/v1/queue?limit=100",)),
    "followup": ("liaison", "/api/v1/cases/{}", ("/api/v1/cases?limit=100",)),
    "notification": ("operator", "/api/v1/notices/{}", ("/api/v1/notices",)),
}


@pytest.mark.parametrize("service", SHOWN)
async def test_what_was_folded_can_be_shown(service: str) -> None:
    """However odd the facts were that could be read, no page of them fails."""
    listener, chance = Listener(service), Random(service)
    for stream in heard_by(service):
        where = topic(NODE, stream.name)
        await listener.hear([hostile(stream, where, n, chance) for n in range(MANY // 2)])
    room = ROOMS[service]()
    room.documents.kept = await listener.shelf.load(COMPLAINTS)
    assert len(room.documents.kept) > len(COMPLAINTS) // 2
    role, one, lists = SHOWN[service]
    async with client(room.app) as http:
        for complaint, document in room.documents.kept.items():
            agency = getattr(document.state, "agency", None) or "nobody"
            given = headers(f"{role}:{agency}")
            for path in (*lists, one.format(complaint), f"{one.format(complaint)}/why"):
                answer = await http.get(path, headers=given)
                assert answer.status_code in (200, 404), (path, answer.text, document.state)
