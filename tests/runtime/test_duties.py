"""What one process does for all: by a lease, on a grid of the wall clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shared.runtime.document import Circumstances
from shared.runtime.duties import APART, FAILED_PAUSE, LEASE_SECONDS, Duties, asked_for
from shared.runtime.ports import Away
from shared.runtime.store import MongoNotes
from tests.runtime.drums import NOW
from tests.runtime.hurry import hurried

EVERY = 5.0
ROUNDING = 0.001
"""Seconds; the wall clock has microseconds."""


class Rows:
    """A collection of notes in memory; nobody else changes a row between two questions."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.away = False

    def _there(self, query: dict[str, Any]) -> dict[str, Any] | None:
        if self.away:
            raise Away
        row = self.kept.get(query["_id"])
        return row if row and all(row[name] == said for name, said in query.items()) else None

    async def find_one(self, query: dict[str, Any]) -> dict[str, Any] | None:
        return self._there(query)

    async def insert_one(self, row: dict[str, Any]) -> None:
        self.kept[row["_id"]] = row

    async def update_one(self, query: dict[str, Any], change: Any) -> SimpleNamespace:
        row = self._there(query)
        if row is not None:
            row.update(change["$set"], version=row["version"] + 1)
        return SimpleNamespace(matched_count=int(row is not None))

    async def replace_one(self, query: dict[str, Any], row: dict[str, Any]) -> SimpleNamespace:
        found = self._there(query)
        if found is not None:
            self.kept[row["_id"]] = row
        return SimpleNamespace(matched_count=int(found is not None))


class Wall:
    """A wall clock that goes with the loop's."""

    def under(self) -> Circumstances:
        return Circumstances(NOW + timedelta(seconds=asyncio.get_running_loop().time()))

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class House:
    """Processes of one service at one node, and when each did what."""

    def __init__(self, rows: Rows | None = None) -> None:
        self.rows = rows or Rows()
        self.done: list[tuple[str, str, float]] = []
        """Who did what, and when, in seconds."""
        self._serving: dict[str, asyncio.Task[None]] = {}

    def begin(
        self, who: str, *, node: str = "8171", **more: Callable[[], Awaitable[None]]
    ) -> Duties:
        """Let a process compete for the lease; it has one duty that notes when it was done."""
        duties = Duties(MongoNotes(cast("Any", self.rows)), who, Wall(), node)
        duties.add("beat", EVERY, self._noting(who, "beat"))
        for name, run in more.items():
            duties.add(name, EVERY, self._noting(who, name, run))
        self._serving[who] = asyncio.create_task(duties.serve())
        return duties

    def _noting(
        self, who: str, name: str, run: Callable[[], Awaitable[None]] | None = None
    ) -> Callable[[], Awaitable[None]]:
        async def note() -> None:
            self.done.append((who, name, asyncio.get_running_loop().time()))
            if run is not None:
                await run()

        return note

    async def end(self, *who: str) -> None:
        """End processes, or all of them."""
        for name in who or tuple(self._serving):
            task = self._serving.pop(name)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def times(self, who: str, name: str = "beat") -> list[float]:
        """Give when a process did something."""
        return [at for doer, what, at in self.done if (doer, what) == (who, name)]


def phases(times: list[float]) -> set[float]:
    """Give where on the grid times lie, rounded; the first follows the lease, not the grid."""
    wall = NOW.timestamp()
    return {round((wall + at) % EVERY / ROUNDING) * ROUNDING for at in times[1:]}


def test_of_two_processes_one_does_the_duties() -> None:
    """The other waits for the lease; both would do no harm and cost twice."""

    async def work() -> House:
        house = House()
        first, second = house.begin("first"), house.begin("second")
        await asyncio.sleep(10 * LEASE_SECONDS)
        assert (first.held, second.held) == (True, False)
        await house.end()
        return house

    house = hurried(work())
    assert len(house.times("first")) == pytest.approx(10 * LEASE_SECONDS / EVERY, abs=1)
    assert house.times("second") == []


def test_who_dies_is_followed_when_the_lease_has_run_out() -> None:
    """Not before, for it may only be slow; and soon after."""

    async def work() -> tuple[House, float]:
        house = House()
        house.begin("first")
        await asyncio.sleep(1)
        house.begin("second")
        await asyncio.sleep(2 * LEASE_SECONDS)
        await house.end("first")
        died = asyncio.get_running_loop().time()
        await asyncio.sleep(3 * LEASE_SECONDS)
        await house.end()
        return house, died

    house, died = hurried(work())
    followed = house.times("second")[0]
    assert house.times("first")[-1] < died
    assert LEASE_SECONDS * 2 / 3 <= followed - died <= LEASE_SECONDS * 4 / 3


def test_who_cannot_renew_the_lease_does_nothing_until_it_can() -> None:
    """While the store is away nobody knows who holds it."""

    async def work() -> tuple[list[float], list[float]]:
        house = House()
        duties = house.begin("first")
        await asyncio.sleep(LEASE_SECONDS)
        house.rows.away = True
        await asyncio.sleep(LEASE_SECONDS / 3)
        assert not duties.held
        before = len(house.times("first"))
        await asyncio.sleep(LEASE_SECONDS)
        away = house.times("first")[before:]
        house.rows.away = False
        await asyncio.sleep(LEASE_SECONDS)
        assert duties.held
        await house.end()
        return away, house.times("first")[before:]

    away, back = hurried(work())
    assert away == []
    assert back


def test_services_of_a_node_are_on_one_grid_whenever_they_began() -> None:
    """Their beats are heard as one batch, which is cheaper than five."""

    async def work() -> dict[str, House]:
        houses = {service: House() for service in ("intake", "routing", "metrics")}
        for service, house in houses.items():
            house.begin(service)
            await asyncio.sleep(1.7)
        await asyncio.sleep(10 * EVERY)
        for house in houses.values():
            await house.end()
        return houses

    found = [phases(house.times(service)) for service, house in hurried(work()).items()]
    assert len(found[0]) == 1
    assert found[0] == found[1] == found[2]


def test_each_node_has_a_grid_of_its_own() -> None:
    """Else a hundred nodes of one machine would ask its store all at once."""

    async def work() -> set[float]:
        found = set[float]()
        for node in ("8171", "8101", "3171", "00"):
            house = House()
            house.begin("it", node=node)
            await asyncio.sleep(4 * EVERY)
            await house.end()
            found |= phases(house.times("it"))
        return found

    assert len(hurried(work())) == 4


def test_duties_of_a_process_come_one_after_the_other() -> None:
    """A little apart on the grid: they do not ask the store all at the same moment."""

    async def nothing() -> None: ...

    async def work() -> House:
        house = House()
        house.begin("it", count=nothing)
        await asyncio.sleep(4 * EVERY)
        await house.end()
        return house

    house = hurried(work())
    (beat,), (count,) = phases(house.times("it")), phases(house.times("it", "count"))
    assert abs(beat - count) == pytest.approx(APART)


def test_no_two_turns_lie_closer_than_half_of_what_they_should() -> None:
    """However shortly before the grid's next point a process took the lease."""

    async def work(late: float) -> list[float]:
        await asyncio.sleep(late)
        house = House()
        house.begin("it")
        await asyncio.sleep(3 * EVERY)
        await house.end()
        return house.times("it")

    for tenth in range(int(EVERY * 10)):
        times = hurried(work(tenth / 10))
        gaps = [after - before for before, after in pairwise(times)]
        assert EVERY / 2 - ROUNDING <= gaps[0] <= EVERY * 3 / 2 + ROUNDING
        assert gaps[1:] == pytest.approx([EVERY] * len(gaps[1:]), abs=ROUNDING)


def test_a_duty_that_fails_or_hangs_keeps_no_other_from_being_done() -> None:
    """It is tried again; what hangs, hangs alone."""

    async def fail() -> None:
        raise ValueError("the bus is away")

    async def work() -> House:
        house = House()
        house.begin("it", fail=fail, hang=asyncio.Event().wait)  # type: ignore[arg-type]
        await asyncio.sleep(10 * EVERY)
        await house.end()
        return house

    house = hurried(work())
    assert len(house.times("it")) >= 9
    failed = house.times("it", "fail")
    assert len(failed) >= 10 * EVERY / (FAILED_PAUSE + 3 / 2 * EVERY)
    assert min(after - before for before, after in pairwise(failed)) > FAILED_PAUSE
    assert len(house.times("it", "hang")) == 1


async def test_what_may_be_asked_for_is_done_once_and_at_each_further_note() -> None:
    """What waits is tried again after every start, by whoever holds the lease."""
    rows, done = Rows(), list[int]()
    notes = MongoNotes(cast("Any", rows))

    async def run() -> None:
        done.append(1)

    look = asked_for(notes, "release", run)
    for at, times in ((None, 1), (5, 2), (6, 3)):
        if at is not None:
            rows.kept["release"] = {"_id": "release", "at": at}
        await look()
        await look()
        assert len(done) == times
