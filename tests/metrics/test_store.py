"""What metrics asks of a store, asked of a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from deploy.engines.embedded import EmbeddedStore
from services.metrics.handlers import Boards, Cohorts, Minutes, Recount, Span, Tables
from services.metrics.store import FIGURES, PERFORMANCE, TIMELINES
from shared.contracts.metrics import Dimension
from shared.runtime.ports import Change
from shared.runtime.store import MongoStore
from tests.metrics.doubles import AMBON, Room


@pytest.fixture
async def store(lasting_store: EmbeddedStore) -> AsyncIterator[MongoStore]:
    """Give a database of metrics on the embedded store."""
    store = MongoStore(lasting_store.address, "8171", "metrics")
    yield store
    store.close()


async def test_figures_and_steps_come_from_a_store(store: MongoStore) -> None:
    """Marked timelines are found, counted, cleaned and shown, as they are in memory."""
    room = Room()
    timelines = store.documents("complaints", TIMELINES)
    figures = store.documents("figures", FIGURES)
    rows = store.documents("performance", PERFORMANCE)
    await rows.prepare()
    await timelines.prepare()
    await figures.prepare()
    for number in range(12):
        room.receive(f"c{number}", confidential=number == 0)
        room.route(f"c{number}", "dinas-pu" if number % 2 else "dinas-kesehatan")
        room.clock.pass_by(timedelta(seconds=11))
    changes = [Change(each, 0) for each in room.timelines.kept.values()]
    assert (await timelines.write(changes)).complete

    async def tell(_documents: object) -> None:
        pass

    stages = (
        Minutes(timelines, figures, AMBON, room.clock, tell),
        Cohorts(timelines, rows, AMBON, room.clock, tell, lambda: None),
    )
    recount = Recount(timelines, stages, room.clock, lambda: 0)
    await recount.run()
    room.clock.pass_by(timedelta(seconds=1))
    await recount.run()
    assert await timelines.dirty(0, 2**62, 100) == []
    undecided = await rows.window("undecided", "", "~", 10)
    assert [each.state.value for each in undecided] == ["jalan-jembatan"]
    assert await Cohorts(timelines, rows, AMBON, room.clock, tell, frozenset).decide()
    assert await rows.window("undecided", "", "~", 10) == []
    boards = Boards(figures, timelines, room._views, frozenset, AMBON, room.clock)
    board = await boards.live()
    assert dict(board.counts) == {"received": 12, "routed": 12}
    assert {row.agency: dict(row.counts) for row in board.agencies} == {
        "dinas-kesehatan": {"routed": 6},
        "dinas-pu": {"routed": 6},
    }
    assert len(board.feed) == 11
    assert [each.at for each in board.feed] == sorted((e.at for e in board.feed), reverse=True)
    tables = Tables(rows, room._views, AMBON, room.clock)
    day = board.day
    table = await tables.of(Dimension.AGENCY, Span(day, day))
    assert {value: parts["received"] for value, parts in table.rows.items()} == {
        "dinas-kesehatan": 6,
        "dinas-pu": 6,
    }
