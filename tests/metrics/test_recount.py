"""Figures equal a plain count, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Pair, Payload, Row, fact_id, instant
from shared.contracts.vocabulary import Clock as Deadline
from shared.runtime.document import blank, changed
from shared.runtime.folding import Told, hear
from shared.runtime.timing import micros
from tests.desk import NOON
from tests.metrics.doubles import Room, naive, received

import orjson  # isort: skip

COMPLAINTS = ("a", "b", "c")
AGENCIES = ("dinas-pu", "dinas-kesehatan")
minutes = st.one_of(st.integers(0, 1), st.integers(0, 2 * 24 * 60))
"""Mostly the same ones, for which recounts then race."""
agencies = st.sampled_from(AGENCIES)


@st.composite
def histories(draw: st.DrawFn) -> dict[tuple[str, str], list[Row]]:
    """Draw what four services tell about some complaints."""
    told: dict[tuple[str, str], list[Row]] = {}
    for complaint in COMPLAINTS:
        first, second = draw(agencies), draw(agencies)
        streams: dict[str, list[Payload]] = {
            "complaints": [received(complaint, NOON, confidential=draw(st.booleans()))],
            "dispositions": [
                routing.ComplaintVerified(category="sampah"),
                routing.ComplaintRouted(agency=first, turn=1),
                routing.ComplaintRouted(agency=second, turn=2),
            ],
            "cases": [
                followup.DeadlineMissed(clock=Deadline.RESPOND, due_on=NOON.date(), agency=None),
                followup.ResponseGiven(agency=second, text="Sudah."),
                followup.CaseResolved(agency=second),
            ],
            "notices": [
                notification.NoticeSent(notice="n", about="x", audience="reporter", channel="email")
            ],
        }
        for stream, facts in streams.items():
            at = sorted(draw(st.lists(minutes, min_size=len(facts), max_size=len(facts))))
            told[complaint, stream] = _rows(complaint, facts, at)
    return told


def _rows(complaint: str, facts: Sequence[Payload], at: Sequence[int]) -> list[Row]:
    return [
        Row(
            id=fact_id(complaint, fact.type, str(number)),
            pair=[0, number],
            type=fact.type,
            at=instant(NOON + timedelta(minutes=minute)),
            cause="test",
            request=None,
            by=None,
            trace=None,
            data=fact.model_dump(mode="json", exclude_none=True),
        )
        for number, (fact, minute) in enumerate(zip(facts, at, strict=True), 1)
    ]


def _hear(room: Room, complaint: str, stream: str, rows: Sequence[Row]) -> None:
    """Hear a history as far as it goes, as the runtime does."""
    stored = room.timelines.kept.get(complaint) or blank(room.domain, complaint)
    body = orjson.dumps({"complaint": complaint, "facts": rows})
    told = Told(stream, complaint, Pair(*rows[-1]["pair"]), body)
    folded = hear(room.domain, stored, told, room.clock.under())
    assert folded.blocked is None, folded.blocked
    if folded.document is not stored:
        at = micros(room.clock.now)
        document = changed(room.domain, stored, folded.document, marked=False, at=at)
        room.timelines.kept[complaint] = document


@settings(max_examples=40, deadline=None)
@given(told=histories(), seed=st.integers(0, 2**32))
def test_figures_are_a_plain_count(told: dict[tuple[str, str], list[Row]], seed: int) -> None:
    """Any order, repeats, late news, changes of agency, lost answers, and two recounts at once."""
    chance = Random(seed)

    async def course() -> None:
        room = Room(chance=chance)
        recounts = [room.recount(), room.recount()]

        heard_all = False

        async def life() -> None:
            nonlocal heard_all
            heard = list(told) * 3
            chance.shuffle(heard)
            for complaint, stream in heard:
                rows = told[complaint, stream]
                _hear(room, complaint, stream, rows[: chance.randint(1, len(rows))])
                room.clock.pass_by(timedelta(milliseconds=300))
                for _ in range(chance.choice((0, 3, 10))):
                    await asyncio.sleep(0)
            for (complaint, stream), rows in told.items():
                _hear(room, complaint, stream, rows)
                await asyncio.sleep(0)
            heard_all = True

        async def count(number: int) -> None:
            while not heard_all or any(each.dirty for each in room.timelines.kept.values()):
                room.clock.pass_by(timedelta(milliseconds=1))
                await recounts[number].run()
                await asyncio.sleep(0)

        await asyncio.gather(life(), count(0), count(1))
        assert room.shown() == room.naive()
        assert room.rows_shown() == room.rows_naive()
        wanted = Room()
        for (complaint, stream), rows in told.items():
            _hear(wanted, complaint, stream, rows)
        assert room.naive() == wanted.naive()
        assert room.rows_naive() == wanted.rows_naive()

    asyncio.run(course())


async def test_a_window_that_an_agency_left_falls_to_nothing() -> None:
    """A complaint that is routed anew counts with its new agency, and the old cell is told as 0."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    await room.count()
    room.clock.pass_by(timedelta(minutes=5))
    room.route("a", "dinas-kesehatan", turn=2)
    room.wire.sent.clear()
    await room.count()
    assert room.shown() == room.naive()
    cells = {message.key.decode(): orjson.loads(message.value or b"") for message in room.wire.sent}
    assert {key: cell["count"] for key, cell in cells.items()} == {
        "routed|dinas-pu|2026-03-17": 0,
        "routed|dinas-pu|2026-03-17T03:00Z": 0,
        "routed|dinas-kesehatan|2026-03-17": 1,
        "routed|dinas-kesehatan|2026-03-17T03:05Z": 1,
    }


async def test_a_count_that_began_earlier_never_stands_after_a_later_one() -> None:
    """One process falls asleep over its number while another counts, writes and cleans."""
    room = Room()
    room.receive("a")
    room.timelines.gate = gate = asyncio.Event()
    slow = asyncio.create_task(room.recount().run())
    await _until(lambda: room.timelines.gate is None)
    room.receive("b")
    await room.recount().run()
    gate.set()
    await slow
    await room.count()
    assert room.shown() == room.naive() == {"received||2026-03-17 12:00": 2}


async def test_a_count_that_changes_nothing_still_bars_an_earlier_one() -> None:
    """The sleeper's number is of a moment between; who came after found the old figure right."""
    room = Room()
    room.route("a", "dinas-pu")
    await room.count()
    room.clock.now = NOON
    room.route("b", "dinas-pu")
    room.timelines.gate = gate = asyncio.Event()
    slow = asyncio.create_task(room.recount().run())
    await _until(lambda: room.timelines.gate is None)
    room.route("b", "dinas-kesehatan", turn=2)
    await room.recount().run()
    gate.set()
    await slow
    await room.count()
    assert room.shown() == room.naive()


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # loops are what it waits for
            await asyncio.sleep(0)


async def test_a_day_is_a_local_day() -> None:
    """What happens at 23.30 in Ambon counts on that day, though in Jakarta it is 21.30."""
    room = Room()
    room.clock.now = NOON.replace(hour=14, minute=30)
    room.receive("a")
    room.clock.pass_by(timedelta(hours=1))
    room.receive("b")
    await room.count()
    assert room.shown() == {"received||2026-03-17 23:30": 1, "received||2026-03-18 00:30": 1}


async def test_marks_go_only_when_counted() -> None:
    """While figures cannot be written the timelines stay marked."""
    room = Room()
    room.receive("a")
    room.figures.lose_answers = 1
    recount = room.recount()
    await recount.run()
    assert room.timelines.kept["a"].dirty
    await recount.run()
    assert not room.timelines.kept["a"].dirty


async def test_a_mark_that_shows_up_late_is_found() -> None:
    """A write that took long is found by the sweep although its time has been passed."""
    room = Room()
    recount = room.recount()
    room.receive("a")
    late = room.timelines.kept.pop("a")
    room.clock.pass_by(timedelta(seconds=20))
    room.receive("b")
    await recount.run()
    room.timelines.kept["a"] = late
    await recount.run()
    assert room.shown() != room.naive()
    room.clock.pass_by(timedelta(seconds=31))
    await recount.run()
    assert room.shown() == room.naive()


async def test_who_hears_nothing_looks_now_and_then() -> None:
    """What another process marked is found within seconds; what this one hears, at once."""
    room = Room()
    recount = room.recount()
    await recount.run()
    room.clock.pass_by(timedelta(seconds=6))
    await recount.run()  # from here on it rests
    room.receive("a")
    await recount.run()
    assert room.timelines.kept["a"].dirty
    room.heard += 1
    await recount.run()
    assert not room.timelines.kept["a"].dirty
    room.clock.pass_by(timedelta(seconds=6))
    await recount.run()
    room.receive("b")
    room.clock.pass_by(timedelta(seconds=5))
    await recount.run()
    assert not room.timelines.kept["b"].dirty


def test_confidential_complaints_are_counted() -> None:
    """The plain count that the others are compared with leaves nothing out."""
    room = Room()
    room.receive("a", confidential=True)
    assert sum(naive([room.timelines.kept["a"].state]).values()) == 1
    assert isinstance(received("a", NOON), intake.ComplaintReceived)
