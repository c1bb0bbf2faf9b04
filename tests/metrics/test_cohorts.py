"""What became of those received on a day: by agency, category and area, with how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import orjson
import pytest
from msgspec.structs import replace

from services.metrics.domain.cohort import RESPONSE, parts_of, spread_of
from services.metrics.domain.performance import Performance
from services.metrics.handlers import Span
from services.metrics.handlers.cohorts import MOST_CELLS
from shared.contracts import followup, intake, routing
from shared.contracts.envelope import read_envelope
from shared.contracts.metrics import Dimension, PerformanceCounted
from shared.runtime.agencies import SETTLED, Agencies
from shared.runtime.document import Circumstances, Document
from shared.runtime.ports import Change, Written
from shared.runtime.timing import FOREVER
from tests.desk import Clock
from tests.metrics.doubles import CATEGORIES, Room, received
from tests.runtime.test_agencies import Bus, duty


def _span(room: Room) -> Span:
    return Span.month(room.tables.today())


async def _counts(room: Room, dimension: Dimension, part: str = "received") -> dict[str, int]:
    table = await room.tables.of(dimension, _span(room))
    return {value: parts.get(part, 0) for value, parts in table.rows.items()}


async def test_40_a_complaint_counts_on_the_day_it_was_received() -> None:
    """Statement 40: an answer a week later makes the day of receipt better, not its own."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    room.clock.pass_by(timedelta(days=7))
    room.answer("a", "dinas-pu")
    await room.count()
    days = await room.tables.by_day(_span(room))
    assert {day: parts["followed_up"] for day, parts in days.rows.items()} == {"2026-03-17": 1}
    assert room.rows_shown() == room.rows_naive()


async def test_40_what_is_done_without_an_answer_is_followed_up() -> None:
    """Statement 40: follow-up is answered or done; done counts in both."""
    room = Room()
    for complaint in "abc":
        room.receive(complaint)
        room.route(complaint, "dinas-pu")
    room.answer("a", "dinas-pu")
    room.resolve("b", "dinas-pu")
    await room.count()
    for part, count in (("received", 3), ("followed_up", 2), ("resolved", 1)):
        assert await _counts(room, Dimension.AGENCY, part) == {"dinas-pu": count}


async def test_rows_of_each_dimension_add_up_to_the_whole() -> None:
    """A complaint is in one row of each table, in that without a name where nothing is known."""
    room = Room()
    room.receive("a", category="sampah", area="81.71.02.1001")
    room.receive("b", category=None, area="81.71")
    room.receive("c", category="sampah", area="81.71.02")
    room.route("a", "dinas-pu")
    await room.count()
    assert await _counts(room, Dimension.AGENCY) == {"": 2, "dinas-pu": 1}
    assert await _counts(room, Dimension.CATEGORY) == {"sampah": 2, "": 1}
    assert await _counts(room, Dimension.AREA) == {"81.71.02": 2, "81.71": 1}


async def test_a_complaint_that_moves_leaves_its_row() -> None:
    """Routed anew, it counts with its new agency from its receipt on, and the old row is told."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    await room.count()
    room.row_wire.sent.clear()
    room.clock.pass_by(timedelta(days=2))
    room.route("a", "dinas-kesehatan", turn=2)
    await room.count()
    assert await _counts(room, Dimension.AGENCY) == {"dinas-kesehatan": 1}
    told = {each.key.decode(): orjson.loads(each.value or b"") for each in room.row_wire.sent}
    assert told["performance|agency|dinas-pu|2026-03-17"]["received"] == 0
    assert told["performance|agency|dinas-kesehatan|2026-03-17"]["received"] == 1
    assert room.rows_shown() == room.rows_naive()


async def test_a_row_is_told_under_its_key_and_pair() -> None:
    """Key and subject name dimension, value and local day; the pair is epoch and version."""
    room = Room()
    room.receive("a")
    await room.count()
    keys = [each.key.decode() for each in room.row_wire.sent]
    assert keys == [
        "performance|agency||2026-03-17",
        "performance|area|81.71.02|2026-03-17",
        "performance|category|jalan-jembatan|2026-03-17",
    ]
    message = room.row_wire.sent[0]
    envelope = read_envelope(message.headers)
    row = PerformanceCounted.model_validate_json(message.value or b"")
    assert (envelope.type, envelope.subject) == (PerformanceCounted.type, keys[0])
    assert envelope.sequence == (row.epoch, row.version) == (0, 1)
    assert (row.node, row.received, row.followed_up) == ("8171", 1, 0)


def _told(room: Room) -> dict[str, PerformanceCounted]:
    """Give what a dashboard knows by now: the newest row of each key."""
    rows = [
        PerformanceCounted.model_validate_json(each.value or b"") for each in room.row_wire.sent
    ]
    return {each.key.decode(): row for each, row in zip(room.row_wire.sent, rows, strict=True)}


async def test_a_strangers_word_is_told_to_no_dashboard() -> None:
    """Statement 49: a category that the register does not name is counted there without its name.

    Rows still add up to the whole; officers read which it is.
    """
    room = Room()
    for complaint, category in {
        "a": "jalan",
        "b": "pak-budi",
        "c": "pak-budi",
        "d": "hoaks",
    }.items():
        room.receive(complaint, category=category)
    room.receive("e", category=None)
    await room.count()
    told = {key: row for key, row in _told(room).items() if row.dimension == Dimension.CATEGORY}
    assert sorted((row.value, row.received) for row in told.values()) == [
        ("", 1),
        ("jalan", 1),
        ("~", 1),
        ("~", 2),
    ]
    said = str([(each.key, each.value, each.headers) for each in room.row_wire.sent])
    assert not [word for word in ("budi", "hoaks") if word in said]
    assert (await _counts(room, Dimension.CATEGORY))["pak-budi"] == 2


@pytest.mark.parametrize("named", [True, False])
async def test_a_row_keeps_its_key_when_the_register_changes(*, named: bool) -> None:
    """Named or not as when its day began, so that a dashboard counts nobody twice."""
    room = Room()
    before, after = {"jalan", "banjir"}, {"jalan"}
    room.categories = frozenset(before if named else after)
    room.receive("a", category="banjir")
    await room.count()
    room.categories = frozenset(after if named else before)
    room.receive("b", category="banjir")
    await room.count()
    rows = [row for row in _told(room).values() if row.dimension == Dimension.CATEGORY]
    assert [(row.value, row.received) for row in rows] == [("banjir" if named else "~", 2)]
    room.clock.pass_by(timedelta(days=1))
    room.receive("c", category="banjir")
    await room.count()
    rows = [row for row in _told(room).values() if row.dimension == Dimension.CATEGORY]
    assert rows[-1].value == ("~" if named else "banjir")


class PutBack(Clock):
    """The clock of a store that was put back at a moment."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.epoch = int(at.timestamp() * 1000)

    def under(self) -> Circumstances:
        """Decide under the epoch that began then."""
        return Circumstances(self.now, self.epoch)


async def test_a_day_that_is_counted_anew_in_a_store_that_was_put_back_counts_once() -> None:
    """Named since its category is in the register, it takes back what was told without a name."""
    room = Room()
    room.receive("a", category="banjir")
    await room.count()
    later = Room(PutBack(room.clock.now + timedelta(hours=1)))
    later.categories = CATEGORIES | {"banjir"}
    later.row_wire.sent = list(room.row_wire.sent)
    later.hear("a", "complaints", received("a", room.clock.now, category="banjir"))
    await later.count()
    rows = [row for row in _told(later).values() if row.dimension == Dimension.CATEGORY]
    assert sorted((row.value, row.received) for row in rows) == [("banjir", 1), ("~", 0)]
    later.clock.pass_by(timedelta(days=1))
    later.receive("b", category="banjir")
    later.row_wire.sent.clear()
    await later.count()
    rows = [row for row in _told(later).values() if row.dimension == Dimension.CATEGORY]
    assert [row.value for row in rows] == ["banjir"]  # of a day since then there is one key


async def test_rows_are_counted_before_the_register_was_heard_and_told_once_it_was() -> None:
    """Officers' tables need no register; before, nobody knows which category is a stranger's."""
    room = Room()
    room.categories = None
    room.receive("a", category="sampah")
    room.receive("b", category="pak-budi")
    room.receive("c", category=None)
    await room.count()
    assert room.rows_shown() == room.rows_naive() != {}
    tell = room.cohorts().once_decided(room.telling_rows.sweep)
    room.clock.pass_by(timedelta(minutes=1))
    await tell()
    keys = {key for key in _told(room) if key.startswith("performance|category")}
    assert keys == {"performance|category||2026-03-17"}
    assert await room.rows.oldest_untold() is not None
    room.categories = CATEGORIES
    await tell()
    room.clock.pass_by(timedelta(minutes=1))
    await tell()
    rows = [row for row in _told(room).values() if row.dimension == Dimension.CATEGORY]
    assert sorted((row.value, row.received) for row in rows) == [("", 1), ("sampah", 1), ("~", 1)]
    assert "budi" not in str([(each.key, each.value) for each in room.row_wire.sent])
    assert await room.rows.oldest_untold() is None


async def test_a_row_is_decided_as_it_is_counted_on() -> None:
    """Whoever counts it once the register is heard need not wait for who looks for the others."""
    room = Room()
    room.categories = None
    room.receive("a", category="sampah")
    await room.count()
    room.categories = CATEGORIES
    room.receive("b", category="sampah")
    await room.count()
    rows = [row for row in _told(room).values() if row.dimension == Dimension.CATEGORY]
    assert [(row.value, row.received) for row in rows] == [("sampah", 2)]


async def test_a_category_is_named_though_its_agency_was_heard_last() -> None:
    """Of half a register nobody can say whose word a category is: its row waits for the rest."""
    room, bus, now = Room(), Bus(duty("jalan", at=1_000)), [1_000.0]
    agencies = Agencies(lambda: date(2026, 3, 17), lambda: now[0])
    await agencies.look(bus.ends, bus.whole)
    room.categories = agencies.categories()
    room.receive("a", category="sampah")
    await room.count()
    bus.records.append(duty("sampah", "dinas-lh", at=1_010))
    await agencies.look(bus.ends, bus.whole)
    now[0] += SETTLED + 10
    room.categories = agencies.categories()
    assert await room.cohorts().decide()
    rows = [row for row in _told(room).values() if row.dimension == Dimension.CATEGORY]
    assert [(row.value, row.received) for row in rows] == [("sampah", 1)]


async def test_a_bus_that_forgot_is_told_every_row() -> None:
    """Rows of all days are told again, however old."""
    room = Room()
    room.receive("old")
    await room.count()
    room.clock.pass_by(timedelta(days=90))
    room.receive("new")
    await room.count()
    room.row_wire.sent.clear()
    room.incarnation = "two"
    await room.telling_rows.retell()
    assert len({each.key for each in room.row_wire.sent}) == 6
    room.clock.pass_by(timedelta(minutes=2))
    await room.telling_rows.retell()
    assert room.notes.kept["performance.bus"] == {"incarnation": "two"}
    assert "figures.bus" not in room.notes.kept


async def test_what_is_received_near_midnight_is_of_the_local_day() -> None:
    """Statement 25: 23.30 in Ambon is of that day, though it is 14.30 in UTC."""
    room = Room()
    room.clock.now = room.clock.now.replace(hour=14, minute=30)
    room.receive("a")
    room.clock.pass_by(timedelta(hours=1))
    room.receive("b")
    await room.count()
    days = await room.tables.by_day(_span(room))
    assert list(days.rows) == ["2026-03-17", "2026-03-18"]


@pytest.mark.parametrize(("hours", "minutes"), [(0, 0), (49, 49 * 60)])
def test_40_lengths_run_from_the_receipt(hours: int, minutes: int) -> None:
    """Statement 40: the time to the first response is from receipt, whoever had it meanwhile."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    room.clock.pass_by(timedelta(hours=hours))
    room.route("a", "dinas-kesehatan", turn=2)
    room.answer("a", "dinas-kesehatan")
    room.clock.pass_by(timedelta(days=1))
    room.answer("a", "dinas-kesehatan")
    parts = parts_of(room.timelines.kept["a"].state.milestones)
    assert spread_of(parts, RESPONSE).minutes == minutes
    assert spread_of(parts, "handling").minutes == 0


async def test_reading_is_bounded_by_the_hour_of_receipt() -> None:
    """However many complaints there are, an answer reads those received in the same hour."""
    room = Room()
    for number in range(40):
        room.receive(f"c{number}")
        room.clock.pass_by(timedelta(minutes=30))
    await room.count()
    room.timelines.reads = 0
    room.answer("c0", "dinas-pu")
    await room.count()
    assert room.timelines.reads < 10


def test_a_complaint_of_which_only_later_things_are_heard_counts_nowhere_yet() -> None:
    """Without its receipt there is no day; it counts when that is heard."""
    room = Room()
    room.route("a", "dinas-pu")
    assert room.rows_naive() == {}
    room.receive("a")
    assert [cell.value for cell in room.timelines.kept["a"].state.cells] == [
        "dinas-pu",
        "jalan-jembatan",
        "81.71.02",
    ]


async def test_29_what_is_reopened_is_not_done() -> None:
    """Statement 29: an end that the reporter did not accept no longer counts; a new one does."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    room.answer("a", "dinas-pu")
    room.resolve("a", "dinas-pu")
    await room.count()
    assert await _counts(room, Dimension.AGENCY, "resolved") == {"dinas-pu": 1}
    room.clock.pass_by(timedelta(days=2))
    room.hear("a", "cases", followup.CaseReopened(agency="dinas-pu", because="reply"))
    await room.count()
    assert await _counts(room, Dimension.AGENCY, "resolved") == {"dinas-pu": 0}
    assert await _counts(room, Dimension.AGENCY, "followed_up") == {"dinas-pu": 1}
    room.clock.pass_by(timedelta(days=1))
    room.resolve("a", "dinas-pu")
    await room.count()
    assert await _counts(room, Dimension.AGENCY, "resolved") == {"dinas-pu": 1}
    assert room.rows_shown() == room.rows_naive()
    assert room.shown() == room.naive()


async def test_20_an_area_that_was_put_right_counts_where_it_is() -> None:
    """Statement 20: whichever is heard first, the area that was verified stands."""
    for first in (True, False):
        room = Room()
        if first:
            room.receive("a", area="81.71.01")
        room.hear("a", "dispositions", routing.ComplaintVerified(area="81.71.03"))
        if not first:
            room.receive("a", area="81.71.01")
        await room.count()
        assert await _counts(room, Dimension.AREA) == {"81.71.03": 1}


async def test_20_an_area_that_the_reporter_put_right_counts_where_it_is() -> None:
    """Statement 20: the last corrected area counts, and what was counted elsewhere is taken off."""
    room = Room()
    room.receive("a", area="81.71.01")
    await room.count()
    for area in ("81.71.05", "81.71.02", None):
        room.hear("a", "complaints", intake.ComplaintAmended(text="Bukan di sana.", area=area))
    await room.count()
    assert await _counts(room, Dimension.AREA) == {"81.71.02": 1}
    assert room.rows_shown() == room.rows_naive()


@pytest.mark.parametrize("order", [1, -1])
async def test_20_what_a_coordinator_put_right_the_reporter_changes_no_more(order: int) -> None:
    """Statement 20: whoever is heard first, as at routing and followup."""
    room = Room()
    said = (
        ("dispositions", [routing.ComplaintVerified(area="81.71.03")]),
        (
            "complaints",
            [
                received("a", room.clock.now, area="81.71.01"),
                intake.ComplaintAmended(text="Di Sirimau.", area="81.71.02"),
            ],
        ),
    )
    for stream, facts in said[::order]:
        room.hear("a", stream, *facts)
    await room.count()
    assert await _counts(room, Dimension.AREA) == {"81.71.03": 1}


async def test_an_hour_is_written_in_bounded_batches() -> None:
    """Publishers may write any category, so an hour can have a row for each complaint."""
    room = Room()
    load, write, batches = room.rows.load, room.rows.write, list[int]()

    async def loaded(ids: Sequence[str]) -> dict[str, Document[Performance]]:
        batches.append(len(ids))
        return await load(ids)

    async def written(changes: Sequence[Change[Performance]]) -> Written:
        batches.append(len(changes))
        return await write(changes)

    room.rows.load, room.rows.write = loaded, written  # type: ignore[method-assign]
    for number in range(MOST_CELLS + 5):
        room.receive(f"c{number}", category=f"aneh-{number}")
    await room.count()
    assert max(batches) <= MOST_CELLS
    assert room.rows_shown() == room.rows_naive()


async def test_an_hour_that_is_read_several_times_costs_as_much() -> None:
    """How often it is counted again is reckoned with every reading of it."""
    room = Room()
    for number in range(3):
        room.receive(f"c{number}")
    cohorts = room.cohorts()
    marks = await room.timelines.dirty(0, FOREVER, 10)
    await cohorts.settle(marks)
    many = replace(marks[0], names=tuple(f"@category|c{n}|2026-03-17T03" for n in range(1001)))
    assert cohorts.size([many]) == 2 * cohorts.size(marks)
