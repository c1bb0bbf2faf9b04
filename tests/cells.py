"""Every cell of a table of rights: each route, by everybody, from everywhere, in every state."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

import orjson
from fastapi import FastAPI
from starlette.types import Message, Scope

from shared.runtime.access import EVERYBODY, Reach, Rights, Role
from tests.desk import headers

OURS, OTHERS = "dinas-pu", "dinsos"
"""The agency that the samples are about, and another."""
HERE, INSIDE, AROUND, NATION, BESIDE = "81.71", "81.71.02", "81", "00", "82.71"
"""Areas of tokens: the node's, the sample's, the province's, the nation's, a neighbour's."""
NOWHERE, ELSEWHERE = "-", "81.71.05"
"""No area, and one of the node in which the sample is not."""
ALL, READ, NO = "all", "read", "no"
MAY: Mapping[tuple[Reach, bool], Mapping[str, str]] = {
    (Reach.NODE, True): {HERE: ALL, AROUND: READ},
    (Reach.NODE, False): {HERE: ALL, AROUND: READ},
    (Reach.HEAD, False): {HERE: ALL, AROUND: READ},
    (Reach.AREA, True): {HERE: ALL, INSIDE: ALL, AROUND: READ},
    (Reach.AREA, False): {HERE: ALL, INSIDE: ALL, AROUND: READ},
    (Reach.AGENCY, True): {HERE: ALL, INSIDE: ALL},
    (Reach.OWN, True): {HERE: ALL, INSIDE: ALL},
    (Reach.OWN, False): {HERE: ALL, AROUND: READ},
    (Reach.DESK, True): {HERE: ALL, INSIDE: ALL},
    (Reach.DESK, False): {HERE: ALL, INSIDE: ALL},
}
"""By reach and whether the token names an agency, then by its area; what is missing is NO."""
_SAME = {NATION: AROUND, ELSEWHERE: INSIDE}
FROM_ABOVE = {Role.OVERSEER, Role.OPERATOR}
"""Who may change what the others only read."""


def may(role: Role, reach: Reach, agency: str, area: str) -> str:
    """Say what the rules give; the product decides by other means."""
    given = MAY.get((reach, bool(agency)), {}).get(_SAME.get(area, area), NO)
    return ALL if given == READ and role in FROM_ABOVE else given


class Who(NamedTuple):
    """What a token says."""

    role: str
    agency: str = ""
    area: str = HERE

    @property
    def token(self) -> str:
        """The token."""
        return ":".join(self)


AREAS = (HERE, INSIDE, ELSEWHERE, AROUND, NATION, BESIDE, NOWHERE)
STRANGERS = (("", NATION), (OURS, HERE))
"""As whom a role is tried that the row does not name."""


Answered = int | Callable[[Who], int]
"""The status that a request gets, for all who may ask or by who it is."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a route is tried: as a sample request, and what it answers by state to who may.

    ``one`` says that it is about the sample, so that to who does not see that there is none.
    """

    answers: Mapping[str, Answered] | Answered
    body: Any = None
    one: bool = True
    query: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    """What stands in the path, beside ``complaint``."""
    said: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One state of a service, and all that is asked of it."""

    app: FastAPI
    rights: Rights
    tries: Mapping[str, Tried]
    kept: dict[str, Any]
    """The documents; put back before every request."""
    state: str
    sample: str = ""
    """Id of the complaint."""
    holder: str | None = None
    """The agency with which it lies in this state."""

    async def wrong(self) -> list[str]:
        """Try every cell; say which are not as the rules have them, and what acts nobody signed."""
        assert {name for name, row in self.rights.items() if row is not EVERYBODY} == set(
            self.tries
        ), "each guarded route is tried, and only those"
        before = copy.copy(self.kept)
        found: list[str] = []
        for route, tried in self.tries.items():
            for who, expected in self._cells(route, tried):
                self.kept.clear()
                self.kept.update(before)
                status = await self._ask(route, tried, who)
                if status != expected:
                    found.append(f"{self.state}, {route}, {who}: {status}, not {expected}")
                elif status < 300 and not route.startswith("GET "):
                    found += self._unsigned(before, route, who)
        return found

    def _unsigned(self, before: Mapping[str, Any], route: str, who: str) -> Iterator[str]:
        """Say where an act stands in no history of a complaint, by who did it and when.

        Whatever else it brought about was brought about by the clock.
        """
        officer = f"{who.partition(':')[0]}-1"
        rows = [
            row
            for key, document in self.kept.items()
            for row in document.facts[len(before[key].facts) if key in before else 0 :]
        ]
        signed = {row["by"] for row in rows if datetime.fromisoformat(row["at"]).tzinfo}
        if officer not in signed or signed - {officer, "clock"}:
            yield f"{self.state}, {route}, {who}: recorded as done by {sorted(map(str, signed))}"

    def _cells(self, route: str, tried: Tried) -> Iterator[tuple[str, int]]:
        yield "", 401
        yield "stranger", 401
        row = self.rights[route]
        assert isinstance(row, Mapping)
        for role in Role:
            scopes = product(("", OURS, OTHERS), AREAS) if role in row else STRANGERS
            for agency, area in scopes:
                who = Who(role, agency, area)
                yield who.token, self._expected(row, route, tried, who)

    def _expected(self, row: Mapping[Role, Reach], route: str, tried: Tried, who: Who) -> int:
        reach = row.get(Role(who.role))
        given = may(Role(who.role), reach, who.agency, who.area) if reach else NO
        if reach is None or given == NO or (given == READ and not route.startswith("GET ")):
            return 403
        if tried.one and not self._seen(reach, who):
            return 404
        answers = tried.answers
        answered = answers[self.state] if isinstance(answers, Mapping) else answers
        return answered if isinstance(answered, int) else answered(who)

    def _seen(self, reach: Reach, who: Who) -> bool:
        if reach is Reach.AREA and who.area == ELSEWHERE:
            return False
        bound = reach is Reach.AGENCY or (reach is Reach.OWN and who.agency)
        return not bound or who.agency == self.holder

    async def _ask(self, route: str, tried: Tried, who: str) -> int:
        method, path = route.split(" ")
        document = self.kept.get(self.sample)
        seen = document.revision if document is not None else 0
        said = {"content-type": "application/json", **(headers(who, seen=seen) if who else {})}
        said |= tried.said
        plain = isinstance(tried.body, bytes)
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path.format(**{"complaint": self.sample, **tried.named}),
            "query_string": tried.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in said.items()],
        }
        body = tried.body if plain else orjson.dumps(tried.body)
        return await _status(self.app, scope, body if tried.body else b"")


async def _status(app: FastAPI, scope: Scope, body: bytes) -> int:
    """Ask without a client in between, which would take longer than all the rest."""
    statuses: list[int] = []
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:  # an answer in parts listens whether its reader goes away
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]
