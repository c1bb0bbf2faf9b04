"""What tests of a service's rooms need: documents in memory, a clock, officers, a door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic

import httpx
from fastapi import APIRouter, FastAPI
from msgspec.structs import replace

from shared.contracts.fact import Pair, Payload, Row, fact_id, instant
from shared.contracts.intake import ComplaintReceived
from shared.contracts.vocabulary import Channel, Kind
from shared.runtime.access import NotAdmitted, Officer, Rights, Role, place_of
from shared.runtime.asking import Ask, Desk, Judge
from shared.runtime.document import Circumstances, Document, Domain, State, blank, changed
from shared.runtime.folding import Told, hear
from shared.runtime.ports import Away, Change, Dirt, Written
from shared.runtime.store import Shape
from shared.runtime.timing import FOREVER, micros
from shared.runtime.web import create_web

import orjson  # isort: skip

NOON = datetime(2026, 3, 17, 3, tzinfo=UTC)
"""A Tuesday noon in Ambon."""
NODE = "8171"
KEY = "a-key-of-sixteen-or-more"
BROKEN_BODIES = (
    (b"{", "application/json", 400),
    (b'{"text": "\xff"}', "application/json", 400),
    (b'{"text": "\\ud800"}', "application/json", 400),
    (b"[" * 40000, "application/json", 400),
    (b'{"text": "' + b"x" * 70000 + b'"}', "application/json", 413),
    (b"text=ya", "application/x-www-form-urlencoded", 415),
)
"""What no door takes, whatever it is for: the bytes, their media type, the status they get."""


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def under(self) -> Circumstances:
        return Circumstances(self.now)

    def pass_by(self, span: timedelta) -> None:
        self.now += span

    async def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Memory(Generic[State]):
    """Documents in memory, under the guards and the windows of the store."""

    def __init__(self, shape: Shape[State]) -> None:
        self.shape = shape
        self.kept: dict[str, Document[State]] = {}
        self.writes = 0
        self.lose_answers = 0
        """How many writes are done whose answer does not come."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        return {each: self.kept[each] for each in ids if each in self.kept}

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        self.writes += 1
        complete = True
        for change in changes:
            before = self.kept.get(change.document.id)
            if (before.version if before else 0) == change.expected:
                self.kept[change.document.id] = change.document
            else:
                complete = False
        if self.lose_answers:
            self.lose_answers -= 1
            raise Away("the answer was lost")
        return Written(complete)

    async def window(self, field: str, low: Any, high: Any, limit: int) -> list[Document[State]]:
        assert low >= self.shape.indexed[field], f"the index does not go down to {low}"
        found = [
            (value, document)
            for document in self.kept.values()
            if (value := self.shape.finds(document.state).get(field)) is not None
            and low <= value < high
        ]
        return [document for _, document in sorted(found, key=lambda pair: pair[0])][:limit]

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        found = await self.changed(since, FOREVER, len(self.kept))  # a test's clock stands still
        marked = [each for each in found if each.dirty]
        return [Dirt(e.id, e.changed_at, e.dirty) for e in marked][:limit]

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        for each in dirt:
            document = self.kept[each.id]
            if document.changed_at == each.at:
                self.kept[each.id] = replace(document, dirty=())

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        raise NotImplementedError

    async def oldest_untold(self) -> int | None:
        raise NotImplementedError

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        raise NotImplementedError

    async def archived(self, since: int, until: int, limit: int) -> list[Document[State]]:
        return []

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        found = [each for each in self.kept.values() if since <= each.changed_at < until]
        return sorted(found, key=lambda each: each.changed_at)[:limit]


def received(at: datetime, **other: Any) -> ComplaintReceived:
    """Tell of a complaint; what a test is about is named."""
    return ComplaintReceived(
        **{
            "node": "8171",
            "tracking_number": "8171-7K3M-9QXT-2",
            "kind": Kind.COMPLAINT,
            "title": "Jalan berlubang",
            "text": "Jalan di depan pasar berlubang.",
            "area": "81.71.02",
            "channel": Channel.WEB,
            "reporter_ref": "r1",
            "received_at": at,
            **other,
        }
    )


class Service(Generic[State]):
    """A service without engines: hears facts, and judges requests as production does."""

    def __init__(self, domain: Domain[State], shape: Shape[State], clock: Clock) -> None:
        self.domain, self.clock = domain, clock
        self.documents: Memory[State] = Memory(shape)
        self.desk = Desk(domain, self.documents, clock)
        self.told: dict[tuple[str, str], list[Row]] = {}

    def hear(
        self, complaint: str, stream: str, *facts: Payload, by: str | None = None
    ) -> Document[State]:
        """Fold facts as told by a producer, after those told before."""
        rows = self.told.setdefault((complaint, stream), [])
        for fact in facts:
            pair = Pair(0, len(rows) + 1)
            rows.append(
                Row(
                    id=fact_id(complaint, fact.type, f"{stream}/{pair}"),
                    pair=list(pair),
                    type=fact.type,
                    at=instant(self.clock.now),
                    cause="test",
                    request=None,
                    by=by,
                    trace=None,
                    data=fact.model_dump(mode="json", exclude_none=True),
                )
            )
        body = orjson.dumps({"complaint": complaint, "facts": rows})
        stored = self.documents.kept.get(complaint) or blank(self.domain, complaint)
        told = Told(stream, complaint, Pair(0, len(rows)), body)
        folded = hear(self.domain, stored, told, self.clock.under())
        assert folded.blocked is None, folded.blocked
        at = micros(self.clock.now)
        document = changed(self.domain, stored, folded.document, marked=False, at=at)
        self.documents.kept[complaint] = document
        return document

    async def ask(self, complaint: str, judge: Judge[State]) -> Document[State]:
        """Have a request judged until the store answers."""
        asked = Ask(complaint, judge)
        while True:
            try:
                await self.desk.settle([asked])
            except Away:
                continue
            break
        if asked.failure is not None:
            raise asked.failure
        assert asked.after is not None
        return asked.after

    def types(self, complaint: str) -> list[str]:
        """Give the types of the facts told about a complaint."""
        return [row["type"] for row in self.documents.kept[complaint].facts]


class Gatehouse:
    """Takes ``role:agency:area``; of Ambon where the area is left out, of none with ``-``."""

    async def verify(self, token: str) -> Officer:
        role, agency, area = [*token.split(":"), "", ""][:3]
        if role not in set(Role):
            raise NotAdmitted(401, "wrong_token", "No.", "invalid_token")
        area = area or place_of(NODE)
        return Officer(
            f"{role}-1", role, frozenset({role}), agency or None, area.strip("-") or None
        )


class Well:
    """A process that is well."""

    def alive(self) -> bool:
        return True

    def reasons(self) -> list[str]:
        return []


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    """Run nothing beside an application."""
    yield


def door(rights: Rights, *routers: APIRouter) -> FastAPI:
    """Put the web shell of production around routers, and its table of rights before them."""
    create = partial(create_web, title="test", lifespan=nothing, health=Well(), figures=bytes)
    app = create(routers=routers, rights=rights, node=NODE)
    app.state.access = Gatehouse()
    return app


def client(app: FastAPI) -> httpx.AsyncClient:
    """Ask an application without a network."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


def headers(token: str, *, key: str | None = KEY, seen: int | None = None) -> dict[str, str]:
    """Write the headers of an officer's request."""
    said = {"authorization": f"Bearer {token}"}
    if key is not None:
        said["idempotency-key"] = key
    if seen is not None:
        said["if-match"] = f'"{seen}"'
    return said
