"""Recounting a node's figures from its own timelines, on the embedded store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.audit import figures
from deploy.audit.notebook import Notebook
from deploy.audit.reading import Stores
from deploy.engines.embedded import EmbeddedStore
from deploy.recount import recount
from services.metrics.store import FIGURES, PERFORMANCE, TIMELINES
from shared.runtime.document import Document
from shared.runtime.ports import Change
from shared.runtime.store import MongoStore, Shape
from tests.metrics.doubles import Room

NODE = "8172"


@pytest.fixture
async def room(lasting_store: EmbeddedStore) -> AsyncIterator[Room]:
    """Give metrics of a node whose counted documents are in the embedded store."""
    room = Room()
    for number in range(9):
        room.receive(f"c{number}", category="jalan" if number % 2 else "sampah")
        room.route(f"c{number}", "dinas-pu" if number % 3 else "dinas-kesehatan")
        room.clock.pass_by(timedelta(minutes=17))
        if number % 2:
            room.answer(f"c{number}", "dinas-pu")
    await room.count()
    store = MongoStore(lasting_store.address, NODE, "metrics")
    kept: tuple[tuple[str, Shape[Any], dict[str, Document[Any]]], ...] = (
        ("complaints", TIMELINES, room.timelines.kept),
        ("figures", FIGURES, room.figures.kept),
        ("performance", PERFORMANCE, room.rows.kept),
    )
    for name, shape, documents in kept:
        written = store.documents(name, shape)
        await written.prepare()
        present = await written.load(list(documents))
        changes = [
            Change(
                replace(each, version=present[each.id].version + 1 if each.id in present else 1),
                present[each.id].version if each.id in present else 0,
            )
            for each in documents.values()
        ]
        assert (await written.write(changes)).complete
    yield room
    store.close()


async def _recount(lasting_store: EmbeddedStore) -> tuple[int, list[str], int]:
    stores = Stores(lasting_store.address, NODE)
    try:
        found = await recount(stores, NODE, settled=True)
    finally:
        stores.close()
    return found.timelines, found.listed, found.reached["answered"]


async def test_48_recounting_from_the_history_gives_the_same_numbers(
    lasting_store: EmbeddedStore, room: Room
) -> None:
    """Statement 48: every minute and every row is what its timelines say; one planted is named."""
    assert await _recount(lasting_store) == (9, [], 4)
    store = MongoStore(lasting_store.address, NODE, "metrics")
    rows = store.documents("performance", PERFORMANCE)
    key = "category|jalan|2026-03-17"
    right = (await rows.load([key]))[key]
    hour, parts = next(iter(right.state.hours.items()))
    wrong = {**right.state.hours, hour: {**parts, "received": 7}}
    state = replace(right.state, hours=wrong)
    await rows.write([Change(replace(right, state=state, version=99), right.version)])
    store.close()
    _, listed, _ = await _recount(lasting_store)
    assert listed == [f"{key} at {hour} received is counted as 7 and there are {parts['received']}"]


def test_an_hour_that_is_being_counted_is_left_out() -> None:
    """All parts of a row's hour wait for the next time, and those of other hours do not."""
    row = "agency|dinas-pu|2026-03-17"
    with Notebook() as notebook:
        notebook.add([(row, "12 received", 3), (row, "13 received", 1), (row, "13 received", 1)])
        notebook.note_stale([(row, "12")])
        counts, stale = notebook.take_counts(row)
        found = list(figures.compare(row, {"12 received": 2}, counts, stale))
        assert [each.sentence for each in found] == [
            f"{row} at 13 received is counted as 0 and there are 2"
        ]
        notebook.add([(row, "12 received", 3), (row, "14 received", 1)])
        assert notebook.left_counts(9) == [(row, "14 received", 1)]
