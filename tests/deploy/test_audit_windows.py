"""The audit of windows: what the bus carries last of each, and what metrics has counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.audit.comparing import UNTOLD_FOR, Currency
from deploy.audit.finding import Finding, Kind
from deploy.audit.notebook import Notebook
from deploy.audit.windows import Windows, note
from deploy.mending import told_again
from services.metrics.domain.figures import Cells, DayFigures, Place
from services.metrics.domain.performance import DayPerformance, Rows
from shared.contracts.fact import Pair
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Circumstances, Document, blank
from shared.runtime.ports import Message, Record
from shared.runtime.timing import FOREVER, micros
from tests.metrics.doubles import Room

NODE = "8171"
DAY, MINUTE = "received||2026-03-17", "received||2026-03-17T03:00Z"
ROW = "agency|dinas-pu|2026-03-17"


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """Give an empty notebook."""
    with Notebook() as empty:
        yield empty


def _on_the_bus(notebook: Notebook, messages: Iterable[Message]) -> None:
    records = [
        Record(each.topic, 0, offset, each.key, each.headers, each.value, 0)
        for offset, each in enumerate(messages)
    ]
    note(notebook, NODE, records)


def _found(
    notebook: Notebook,
    *documents: Document[Any],
    young: int = FOREVER,
    now: datetime | None = None,
) -> list[Finding]:
    windows = Windows(notebook, NODE, Currency(now or datetime.now(UTC)))
    found = [finding for each in documents for finding in windows.differences(each, young)]
    return [*found, *windows.unknown(10)]


async def _two_counts() -> tuple[Room, list[Message], list[Message]]:
    """Count one complaint, and two of the same minute; give what was told each time."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    await room.count()
    older = [*room.wire.sent, *room.row_wire.sent]
    room.wire.sent.clear()
    room.row_wire.sent.clear()
    room.clock.pass_by(-(room.clock.now - datetime(2026, 3, 17, 3, tzinfo=UTC)))
    room.receive("b")
    room.route("b", "dinas-pu")
    await room.count()
    return room, older, [*room.wire.sent, *room.row_wire.sent]


async def test_an_older_window_behind_a_newer_one_is_named(notebook: Notebook) -> None:
    """The sentence names the window, what the bus carries of it, and what metrics has."""
    room, older, newer = await _two_counts()
    documents: list[Document[Any]] = [*room.figures.kept.values(), *room.rows.kept.values()]
    _on_the_bus(notebook, [*older, *newer])
    assert _found(notebook, *documents) == []
    _on_the_bus(notebook, [each for each in older if each.key == MINUTE.encode()])
    (found,) = _found(notebook, *documents)
    assert found.kind is Kind.BUS
    assert found.differs
    stored = Pair(0, room.figures.kept[DAY].version)
    assert found.sentence == (
        f"metrics carries {MINUTE} as counted at {Pair(0, 1)} "
        f"and its store has another count, at {stored}"
    )
    assert (found.teller, found.place) == ("metrics", Place(DAY, "12:00"))


async def test_days_and_rows_are_named_as_minutes_are(notebook: Notebook) -> None:
    """Of everything that was told, what differs since the second count."""
    room, older, newer = await _two_counts()
    _on_the_bus(notebook, [*newer, *older])
    found = _found(notebook, *room.figures.kept.values(), *room.rows.kept.values())
    places = {each.place for each in found}
    assert {Place(DAY, ""), Place(DAY, "12:00"), Place(ROW, "")} <= places
    assert len(found) == len({each.key for each in older} & {each.key for each in newer})


async def test_a_window_that_fell_to_nothing_is_compared(notebook: Notebook) -> None:
    """The store keeps no zeros; what the bus still counts there differs all the same."""
    room, older, newer = await _two_counts()
    _on_the_bus(notebook, [*older, *newer])
    document = room.figures.kept[DAY]
    emptied = replace(document, state=replace(document.state, minutes={}))
    others = [each for each in room.figures.kept.values() if each.id != DAY]
    found = _found(notebook, emptied, *others, *room.rows.kept.values())
    assert {each.place for each in found} == {Place(DAY, ""), Place(DAY, "12:00")}


async def test_what_the_bus_never_had_and_what_no_store_has_is_named(notebook: Notebook) -> None:
    """A day that counts and was never told; and a window that nobody has counted."""
    room, older, _ = await _two_counts()
    _on_the_bus(notebook, [each for each in older if each.key == b"routed|dinas-pu|2026-03-17"])
    missing, unknown = _found(notebook, room.figures.kept[DAY])
    assert missing.sentence.startswith(f"metrics carries nothing of {DAY} and its store has")
    assert unknown.sentence.endswith("and its store has no such window")
    empty = blank(DayFigures(), "received|dinas-pu|2026-03-17")
    assert _found(notebook, empty, blank(DayPerformance(), ROW)) == [unknown]


async def test_what_was_counted_a_moment_ago_is_left_for_the_next_audit(
    notebook: Notebook,
) -> None:
    """And so is what is about to be told, unless it has waited too long."""
    room, older, _ = await _two_counts()
    _on_the_bus(notebook, [each for each in older if each.key in (DAY.encode(), MINUTE.encode())])
    document = room.figures.kept[DAY]
    assert _found(notebook, document, young=document.changed_at - 1) == []
    assert len(_found(notebook, document, young=document.changed_at)) == 2
    waits = replace(document, untold=document.changed_at)
    at = datetime.fromtimestamp(document.changed_at / 1e6, UTC)
    assert _found(notebook, waits, now=at + UNTOLD_FOR) == []
    (found,) = _found(notebook, waits, now=at + UNTOLD_FOR + timedelta(seconds=1))
    assert (found.kind, found.complaint) == (Kind.UNTOLD, DAY)


async def test_what_cannot_be_read_differs_and_what_is_no_window_is_passed(
    notebook: Notebook,
) -> None:
    """A body that says nothing is no count; a record of another kind concerns nobody here."""
    room, older, newer = await _two_counts()
    day = next(each for each in newer if each.key == DAY.encode())
    spoilt = Message(day.topic, day.key, day.headers, b"{")
    other = Message(day.topic, b"k", [("ce_type", b"else")], b"{}")
    _on_the_bus(notebook, [*older, *newer, spoilt, other])
    (found,) = _found(notebook, *room.figures.kept.values(), *room.rows.kept.values())
    assert found.place == Place(DAY, "")


async def test_what_is_told_again_is_above_all_that_was_told() -> None:
    """The very minutes that differ, and the day; also where a store that was put back says it."""
    room, *_ = await _two_counts()
    document, now = room.figures.kept[DAY], datetime(2026, 3, 18, tzinfo=UTC)
    change = told_again(document, ["", "12:00"], Circumstances(now, epoch=7))
    again = change.document
    assert (change.expected, again.version) == (document.version, document.version + 1)
    assert again.untold == micros(now)
    assert again.state.minutes == document.state.minutes
    told = {key: (each.epoch, each.count) for key, each in Cells(NODE, zone_of(NODE)).news(again)}
    assert told == {DAY: (7, 2), MINUTE: (7, 2)}
    waiting = replace(again, state=replace(again.state, fresh=("11:00",)))
    both = told_again(waiting, ["12:00"], Circumstances(now, epoch=7)).document
    assert both.state.fresh == ("11:00", "12:00")
    row = told_again(room.rows.kept[ROW], [""], Circumstances(now, epoch=7)).document
    (told_row,) = Rows(NODE).news(row)
    assert (told_row[1].epoch, told_row[1].received, row.untold) == (7, 2, micros(now))
