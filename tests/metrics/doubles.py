"""Metrics without engines, and complaints for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from fastapi import FastAPI

from services.metrics.api import Api, indicator_routes, performance_routes
from services.metrics.domain.cohort import parts_of
from services.metrics.domain.figures import Cells, DayFigures, Figures, place_of
from services.metrics.domain.performance import DayPerformance, Performance, Rows
from services.metrics.domain.timeline import Timeline, Timelines
from services.metrics.handlers import (
    Boards,
    Census,
    Cohorts,
    Minutes,
    Recount,
    Tables,
    Telling,
    World,
)
from services.metrics.pages import Categories, Pages
from services.metrics.rights import RIGHTS
from services.metrics.store import FIGURES, PERFORMANCE, TIMELINES
from shared.contracts import followup, intake, notification, routing
from shared.contracts.register import AgencyEdition
from shared.contracts.tracking import TrackingNumber
from shared.contracts.vocabulary import Clock as Deadline
from shared.contracts.vocabulary import zone_of
from shared.runtime.agencies import Agencies
from shared.runtime.ports import Tally
from shared.runtime.timing import micros
from tests import desk
from tests.desk import Clock, Service, door
from tests.metrics.shelf import Shelf, Wire
from tests.notebook import Notebook

AMBON = zone_of("8171")
REGISTER = {"dinas-pu": AgencyEdition(valid_from=date(2026, 1, 1), name="Dinas PUPR")}
"""What the register tells: of one agency, and nothing of the others."""
CATEGORIES = frozenset({"jalan", "jalan-jembatan", "pungli", "sampah"})
"""The categories that it names."""

FILED = Categories.model_validate(
    {
        "categories": [
            {"code": "jalan", "name": "Jalan raya", "name_en": "Roads", "questions": []},
            {"code": "sampah", "name": "Persampahan"},
        ]
    }
)
"""What the node's file calls two of them."""


class Room(Service[Timeline]):
    """Metrics of Kota Ambon."""

    def __init__(self, clock: Clock | None = None, chance: Random | None = None) -> None:
        clock = clock or Clock()
        super().__init__(Timelines(), TIMELINES, clock)
        self.documents = self.timelines = Shelf[Timeline](TIMELINES, chance)
        self.figures = Shelf[Figures](FIGURES, chance)
        self.rows = Shelf[Performance](PERFORMANCE, chance)
        self.wire, self.row_wire = Wire(), Wire()
        self.notes, self.incarnation = Notebook(), "one"
        self.on_the_bus = True
        self.telling = Telling(
            DayFigures(), self.figures, Cells("8171", AMBON), self._world(self.wire)
        )
        self.telling_rows = Telling(
            DayPerformance(), self.rows, Rows("8171"), self._world(self.row_wire)
        )
        self.heard = 0
        self.categories: frozenset[str] | None = CATEGORIES
        """Those that the register was heard to name; None before it was heard."""
        self.seen: Mapping[str, datetime] = {}
        self.board = Boards(
            self.figures, self.timelines, self._views, lambda: CATEGORIES, AMBON, clock
        )
        self.tables = Tables(self.rows, self._views, AMBON, clock)
        self.agencies = Agencies(self.tables.today, lambda: micros(clock.now) / 1_000_000)
        """What was heard on ``register``."""
        self.census = Census(self.agencies, AMBON, clock)

    def _world(self, wire: Wire) -> World:
        return World(
            None,  # type: ignore[arg-type]  # nothing that is counted is ever held
            self.notes,
            wire,
            self.clock,
            Tally(),
            lambda: self.incarnation if self.on_the_bus else None,
        )

    def cohorts(self) -> Cohorts:
        """Give what counts the rows of days."""
        tell = self.telling_rows.tell
        return Cohorts(self.timelines, self.rows, AMBON, self.clock, tell, lambda: self.categories)

    def recount(self) -> Recount:
        """Give one process's recount."""
        minutes = Minutes(self.timelines, self.figures, AMBON, self.clock, self.telling.tell)
        stages = (minutes, self.cohorts())
        return Recount(self.timelines, stages, self.clock, lambda: self.heard)

    async def count(self) -> None:
        """Count until nothing is stale."""
        recount = self.recount()
        for _ in range(200):
            await recount.run()
            self.clock.pass_by(timedelta(seconds=1))
            if not any(each.dirty for each in self.timelines.kept.values()):
                return
        raise AssertionError("the recount does not come to an end")

    def door(self) -> FastAPI:
        """Give the whole service over HTTP."""
        api = self.api()
        pages = Pages(self.board, REGISTER, FILED, AMBON, "Kota Ambon")
        performance = performance_routes(self.tables, lambda: CATEGORIES, "8171")
        indicators = indicator_routes(self.census, self.tables, "8171")
        app = door(
            RIGHTS, api.routes(), indicators, performance, pages.routes(), pages.site.files()
        )
        app.state.endless = (api.close, pages.close)
        return app

    def api(self) -> Api:
        """Give the interface of figures."""
        return Api(self.board, REGISTER, self.census, "8171")

    async def _views(self) -> Mapping[str, datetime]:
        return self.seen

    def shown(self) -> dict[str, int]:
        """Give every figure that is not zero, by place."""
        return {
            f"{each.id} {minute}": count
            for each in self.figures.kept.values()
            for minute, count in each.state.minutes.items()
        }

    def naive(self) -> dict[str, int]:
        """Count every timeline the plain way."""
        return naive(each.state for each in self.timelines.kept.values())

    def rows_shown(self) -> dict[str, int]:
        """Give every part of every row that is not zero."""
        return {
            f"{each.id} {hour} {part}": count
            for each in self.rows.kept.values()
            for hour, parts in each.state.hours.items()
            for part, count in parts.items()
        }

    def rows_naive(self) -> dict[str, int]:
        """Count every timeline's cells the plain way."""
        counts: dict[str, int] = {}
        for each in self.timelines.kept.values():
            for cell in each.state.cells:
                key, hour = cell.place(AMBON)
                for part, count in parts_of(each.state.milestones).items():
                    name = f"{key} {hour} {part}"
                    counts[name] = counts.get(name, 0) + count
        return counts

    def receive(self, complaint: str, **other: Any) -> None:
        """Hear that a complaint was received now."""
        self.hear(complaint, "complaints", received(complaint, self.clock.now, **other))

    def route(self, complaint: str, agency: str, turn: int = 1) -> None:
        """Hear that a complaint was routed now."""
        self.hear(complaint, "dispositions", routing.ComplaintRouted(agency=agency, turn=turn))

    def answer(self, complaint: str, agency: str) -> None:
        """Hear that an agency answered now."""
        self.hear(complaint, "cases", followup.ResponseGiven(agency=agency, text="Sudah."))

    def resolve(self, complaint: str, agency: str) -> None:
        """Hear that a case was resolved now."""
        self.hear(complaint, "cases", followup.CaseResolved(agency=agency))

    def miss(self, complaint: str, agency: str | None) -> None:
        """Hear that a deadline was missed now."""
        due = self.clock.now.date()
        missed = followup.DeadlineMissed(clock=Deadline.RESPOND, due_on=due, agency=agency)
        self.hear(complaint, "cases", missed)

    def notify(self, complaint: str) -> None:
        """Hear that the reporter was told."""
        sent = notification.NoticeSent(notice="n", about="x", audience="reporter", channel="email")
        self.hear(complaint, "notices", sent)


def received(complaint: str, at: datetime, **other: Any) -> intake.ComplaintReceived:
    """Tell of a complaint under a number of its own."""
    number = str(TrackingNumber.of("8171", complaint))
    said = {"tracking_number": number, "category": "jalan-jembatan", **other}
    return desk.received(at, **said)


def naive(timelines: Iterable[Timeline]) -> dict[str, int]:
    """Count milestones by place, the plain way."""
    counts: dict[str, int] = {}
    for timeline in timelines:
        for window in timeline.windows:
            place = place_of(window, AMBON)
            name = f"{place.day} {place.minute}"
            counts[name] = counts.get(name, 0) + 1
    return counts
