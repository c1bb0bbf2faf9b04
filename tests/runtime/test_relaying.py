"""What one process does for all: tell what was left, let go what waits, tell a bus that forgot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.beat import Beat
from shared.contracts.fact import Pair
from shared.contracts.topics import STREAMS
from shared.runtime.beats import passed
from shared.runtime.folding import Told, held_out, newest
from shared.runtime.relaying import (
    BEAT_BEHIND,
    LEFT_ALONE,
    PAGE,
    RELEASED_TOGETHER,
    SECOND_ROUND,
)
from shared.runtime.timing import moment
from tests.runtime.drums import DRUMS, NOW, OWN, STROKES, UNLUCKY, Drums, a_row, strokes, told
from tests.runtime.hall import TOPIC, Drummer, Hall, a_record, wish
from tests.simulation.fate import Fate
from tests.simulation.ports import SimulatedDocuments
from tests.simulation.scheduler import Crashed

UPGRADED = Drums(upgraded=True)
PATIENCE, MINUTE = LEFT_ALONE.total_seconds(), SECOND_ROUND.total_seconds()


def asked(hall: Hall, text: str = "tok", complaint: str = "c") -> None:
    """Have something said on request, by a process that dies before it tells."""
    hall.run(Drummer(hall).desk.settle([wish(text, complaint, text)]))


def hear(hall: Hall, *histories: Told, drums: Drums | None = None) -> None:
    """Have histories heard."""
    hall.run(Drummer(hall, drums=drums).hear(*map(a_record, histories)))


def released(hall: Hall, *script: tuple[int, Fate], drums: Drums = UPGRADED) -> int:
    """Try what waits again, by default after an upgrade; give how many were folded."""
    return hall.run(Drummer(hall, *script, drums=drums).relay.release())[0]


def retold(hall: Hall, drummer: Drummer, bus: str = "bus-2") -> bool:
    """Go on with the retelling to a bus; say whether it is done."""
    return hall.run(drummer.relay.retell(bus))[0]


def test_what_was_left_untold_is_told_and_unmarked() -> None:
    """A request has no offset that brings it back; its mark does, whoever died."""
    hall = Hall()
    asked(hall)
    hall.pass_by(PATIENCE + 1)
    assert hall.run(Drummer(hall).relay.tell_untold()) == [1]
    assert (hall.said(), hall.document().untold) == ([("c", 1)], None)
    assert hall.run(Drummer(hall).relay.tell_untold()) == [0]


def test_a_fresh_mark_is_left_to_the_process_that_set_it() -> None:
    """For a few seconds it is most likely being told."""
    hall = Hall()
    asked(hall)
    hall.pass_by(PATIENCE - 1)
    assert hall.run(Drummer(hall).relay.tell_untold()) == [0]
    assert hall.said() == []


def test_a_mark_is_taken_only_after_the_telling() -> None:
    """Who dies between the two leaves the mark, and it is told once more."""
    hall = Hall()
    asked(hall)
    hall.pass_by(PATIENCE + 1)
    with pytest.raises(Crashed):
        hall.run(Drummer(hall, (2, Fate.CRASH)).relay.tell_untold())
    assert hall.said() == [("c", 1)]
    assert hall.document().untold is not None
    hall.run(Drummer(hall).relay.tell_untold())
    assert (hall.said(), hall.document().untold) == ([("c", 1)] * 2, None)


def test_a_mark_stays_where_the_history_has_grown_since() -> None:
    """What was told is not all there is to tell."""
    hall = Hall()
    asked(hall)
    old = hall.document()
    asked(hall, "lagi")
    hall.run(Drummer(hall).relay.tell([old]))
    assert hall.document().untold is not None
    hall.pass_by(PATIENCE + 1)
    hall.run(Drummer(hall).relay.tell_untold())
    assert hall.said()[-1] == ("c", 2)
    assert hall.document().untold is None


@pytest.mark.parametrize(("marked", "looks"), [(0, 1), (PAGE - 1, 1), (PAGE, 2), (2 * PAGE + 1, 3)])
def test_all_that_was_left_untold_is_told_page_by_page(
    monkeypatch: pytest.MonkeyPatch, marked: int, looks: int
) -> None:
    """The bus may have been away long; a page that is not full is the last."""
    hall = Hall()
    names = [f"c-{number:04d}" for number in range(marked)]
    hall.run(Drummer(hall).desk.settle([wish("tok", name) for name in names]))
    hall.pass_by(PATIENCE + 1)
    look, looked = SimulatedDocuments.untold, list[int]()

    async def noting(documents: SimulatedDocuments, until: int, limit: int) -> Any:
        looked.append(limit)
        return await look(documents, until, limit)

    monkeypatch.setattr(SimulatedDocuments, "untold", noting)
    hall.run(Drummer(hall).relay.tell_all_untold())
    assert sorted(hall.said()) == [(name, 1) for name in names]
    assert not any(each.untold for each in hall.store.documents.values())
    assert looked == [PAGE] * looks


def test_after_an_upgrade_what_waits_is_folded_told_and_gone() -> None:
    """State, marks and quarantine are as if it had never waited."""
    hall = Hall()
    hear(hall, strokes(1, UNLUCKY, 3))
    assert released(hall) == 1
    document = hall.document()
    assert (document.state.struck, document.held) == ((1, UNLUCKY, 3), {})
    assert document.untold is not None
    assert hall.store.waiting(9) == []
    hall.pass_by(PATIENCE + 1)
    hall.run(Drummer(hall, drums=UPGRADED).relay.tell_untold())
    assert hall.said()[-1] == ("c", 3)


def test_what_was_released_is_a_repeat_when_it_comes_again() -> None:
    """The record may be delivered again, and an operator may ask again: nothing changes."""
    hall = Hall()
    hear(hall, strokes(1, UNLUCKY))
    released(hall)
    before = hall.document()
    hear(hall, strokes(1, UNLUCKY), drums=UPGRADED)
    assert released(hall) == 0
    assert hall.document() == before


def test_without_an_upgrade_it_waits_on() -> None:
    """Nothing is folded, nothing deleted, nothing written."""
    hall = Hall()
    hear(hall, strokes(UNLUCKY), strokes(UNLUCKY, complaint="d"))
    before = dict(hall.store.documents)
    assert released(hall, drums=DRUMS) == 0
    assert hall.store.documents == before
    assert [each.complaint for _, each in hall.store.waiting(9)] == ["c", "d"]


def test_what_still_cannot_be_folded_leaves_the_others_free() -> None:
    """Each complaint is tried by itself."""
    hall = Hall()
    hear(hall, told(a_row(1, "often")), strokes(UNLUCKY, complaint="d"))
    assert released(hall) == 1
    assert [each.complaint for _, each in hall.store.waiting(9)] == ["c"]
    assert hall.document("d").state.struck == (UNLUCKY,)


def test_what_the_store_refuses_waits_on_and_leaves_the_others_free(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried once, and said in the log; whoever tries it may not stand still there."""
    hall = Hall()
    hear(hall, strokes(UNLUCKY), strokes(UNLUCKY, complaint="d"))
    hall.store.refuses = lambda document: "too large" if document.id == "c" else None
    before = hall.document()
    assert released(hall, (7, Fate.CRASH)) == 1  # the crash is to end who tries again and again
    assert [record.message for record in caplog.records] == ["release_refused"]
    assert hall.document() == before
    assert [each.complaint for _, each in hall.store.waiting(9)] == ["c"]
    assert hall.document("d").state.struck == (UNLUCKY,)
    hall.store.refuses = lambda _: None
    assert released(hall) == 1
    assert hall.document().held == {}


def test_everything_that_waits_is_tried_however_much_it_is() -> None:
    """Not the oldest alone: what cannot be folded yet must not keep the rest from being tried."""
    hall = Hall()
    broken = [f"b-{number:03d}" for number in range(RELEASED_TOGETHER + 5)]
    sound = [f"c-{number:03d}" for number in range(RELEASED_TOGETHER + 5)]
    hear(hall, *(told(a_row(1, "often"), complaint=name) for name in broken))
    hear(hall, *(strokes(UNLUCKY, complaint=name) for name in sound))
    assert released(hall) == len(sound)
    assert [each.complaint for _, each in hall.store.waiting(999)] == broken
    assert not any(hall.document(name).held for name in sound)


def test_a_release_ends_though_more_comes_in() -> None:
    """What is put into quarantine after it began waits for the next."""
    hall = Hall()
    hear(hall, strokes(UNLUCKY))
    late = strokes(UNLUCKY, complaint="d")
    found = hall.run(Drummer(hall, drums=UPGRADED).relay.release(), _heard(hall, late))
    assert found[0] == 1
    assert [each.complaint for _, each in hall.store.waiting(9)] == ["d"]
    assert released(hall) == 1


def test_a_release_that_died_before_the_deleting_is_finished() -> None:
    """It was folded; only what waits is deleted, and nothing is folded twice."""
    hall = Hall()
    hear(hall, strokes(1, UNLUCKY))
    with pytest.raises(Crashed):
        released(hall, (3, Fate.CRASH))
    before = hall.document()
    assert before.held == {}
    assert len(hall.store.waiting(9)) == 1
    assert released(hall) == 1
    assert hall.document() == before
    assert hall.store.waiting(9) == []


@pytest.mark.parametrize("operation", range(4))
@pytest.mark.parametrize("fate", [Fate.AWAY, Fate.LOST])
def test_a_release_outlasts_a_store_that_is_away(operation: int, fate: Fate) -> None:
    """Whichever step is hit, with its answer lost or the step itself, it is done once."""
    hall = Hall()
    hear(hall, strokes(1, UNLUCKY))
    assert released(hall, (operation, fate)) == 1
    assert hall.document().state.struck == (1, UNLUCKY)
    assert len(hall.document().facts) == 2
    assert hall.store.waiting(9) == []


def test_a_newer_history_is_not_deleted_with_the_older() -> None:
    """What came in meanwhile waits under its own pair until it is folded itself."""
    hall = Hall()
    hear(hall, strokes(UNLUCKY))
    late = strokes(UNLUCKY, 2, UNLUCKY)
    releasing = Drummer(hall, (1, Fate.LATE), drums=UPGRADED)
    found = hall.run(releasing.relay.release(), _heard(hall, late))
    assert found[0] == 1
    assert [each.last for _, each in hall.store.waiting(9)] == [(0, 3)]
    assert hall.document().held[STROKES].pair == (0, 3)
    assert released(hall) == 1
    assert hall.document().state.struck == (UNLUCKY, 2, UNLUCKY)
    assert hall.document().held == {}


async def _heard(hall: Hall, history: Told) -> int:
    await Drummer(hall).hear(a_record(history))
    return 0


def test_a_discarded_history_is_held_no_more() -> None:
    """An operator may give one stream of a complaint up; others stay held."""
    hall = Hall()
    hear(hall, strokes(UNLUCKY))
    document = hall.document()
    assert held_out(document, "hands") == document
    assert held_out(document, STROKES) == replace(document, held={})


def test_a_bus_that_forgot_is_told_everything() -> None:
    """However many pages; and done it is only a minute later, with what changed meanwhile."""
    hall = Hall()
    names = [f"c-{number:04d}" for number in range(PAGE + 20)]
    hear(hall, *(strokes(1, complaint=name) for name in names))
    hall.broker.lose()
    hall.pass_by(2 * MINUTE)
    drummer = Drummer(hall)
    assert retold(hall, drummer) is False
    assert sorted(hall.said()) == [(name, 1) for name in names]
    hear(hall, strokes(1, 2, complaint="c-0003"))
    assert retold(hall, drummer) is False
    assert "bus" not in hall.store.kept.notes
    hall.pass_by(MINUTE)
    assert retold(hall, drummer) is True
    assert hall.store.kept.notes["bus"] == {"incarnation": "bus-2"}
    assert hall.said().count(("c-0003", 2)) == 2
    assert len(hall.said()) == len(names) + 2


def test_a_bus_that_was_told_is_left_alone() -> None:
    """The noted incarnation needs nothing; the next one is told anew."""
    hall = Hall()
    hear(hall, strokes(1))
    drummer = Drummer(hall)
    hall.pass_by(1)
    retold(hall, drummer)
    hall.pass_by(MINUTE)
    assert retold(hall, drummer)
    said = len(hall.said())
    assert retold(hall, Drummer(hall))
    assert len(hall.said()) == said
    assert retold(hall, Drummer(hall), "bus-3") is False
    assert len(hall.said()) == said + 1


@pytest.mark.parametrize(("operation", "again"), [(4, 520), (5, 520), (6, 21), (8, 21), (9, 1)])
def test_a_retelling_goes_on_where_it_was(operation: int, again: int) -> None:
    """Who takes the lease over walks from the last page that was noted; nothing is left out."""
    hall = Hall()
    names = [f"c-{number:04d}" for number in range(PAGE + 20)]
    hear(hall, *(strokes(1, complaint=name) for name in names))
    hall.broker.lose()
    hall.pass_by(5)
    with pytest.raises(Crashed):
        retold(hall, Drummer(hall, (operation, Fate.CRASH)))
    before = len(hall.said())
    retold(hall, Drummer(hall))
    assert {name for name, _ in hall.said()} == set(names)
    assert len(hall.said()) - before == again


def test_however_many_changed_at_one_moment_a_retelling_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More than a page may share a moment, as what was replayed together does; none is left out."""
    monkeypatch.setattr("shared.runtime.relaying.PAGE", 2)
    hall, names = Hall(), [f"c-{number}" for number in range(9)]
    hear(hall, *(strokes(1, complaint=name) for name in names))
    moment = hall.document("c-2").changed_at
    for name in names[2:8]:
        hall.store.put(replace(hall.document(name), changed_at=moment))
    hall.broker.lose()
    retold(hall, Drummer(hall))
    assert sorted(hall.said()) == [(name, 1) for name in names]


def test_what_changes_while_a_retelling_takes_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It moves behind the page that was to come, and whoever changed it had nothing to tell."""
    monkeypatch.setattr("shared.runtime.relaying.PAGE", 2)
    hall, names = Hall(), [f"c-{number}" for number in range(5)]
    hear(hall, *(strokes(1, complaint=name) for name in names))
    hall.broker.lose()
    read, changes = SimulatedDocuments.changed, ["c-4", "c-3"]

    async def slow(documents: SimulatedDocuments, *window: int) -> Any:
        page = await read(documents, *window)
        if changes:
            hall.pass_by(2 * MINUTE)
            await Drummer(hall).hear(a_record(Told(STROKES, changes.pop(), Pair(0, 2), None)))
        return page

    monkeypatch.setattr(SimulatedDocuments, "changed", slow)
    drummer = Drummer(hall)
    assert retold(hall, drummer) is False
    hall.pass_by(MINUTE)
    assert retold(hall, drummer) is True
    assert {name for name, _ in hall.said()} == set(names)
    assert hall.document("c-4").state.silent


def test_of_a_stream_the_newest_history_is_adopted() -> None:
    """An older one may lie behind it."""
    old, new, other = strokes(1), strokes(1, 2), strokes(3, complaint="d")
    assert newest([old, new, other, old]) == {"c": new, "d": other}


def test_a_restored_store_adopts_from_its_own_stream() -> None:
    """What only the bus still has comes back; a second time there is nothing to do."""
    hall = Hall()
    asked(hall, "satu")
    backup = hall.store.kept.copy()
    asked(hall, "dua")
    asked(hall, "tiga", "d")
    lost = dict(hall.store.documents)
    histories = [told(*each.facts, complaint=each.id, stream=OWN) for each in lost.values()]
    hall.store.put_back(backup, epoch=9)
    adopting = Drummer(hall).relay
    hall.run(adopting.adopt(histories))
    for key, document in lost.items():
        assert hall.document(key).facts == document.facts
        assert hall.document(key).state == document.state
    adopted = dict(hall.store.documents)
    hall.run(adopting.adopt(histories))
    assert hall.store.documents == adopted


@pytest.mark.parametrize(
    "broken",
    [
        Told(OWN, "d", Pair(0, 1), b"{"),
        told(a_row(1, UNLUCKY), complaint="d", stream=OWN),
        Told(OWN, "d", Pair(0, 1), b'{"complaint":"d","facts":[{"pair":[0,1]}]}'),
    ],
    ids=["no history", "cannot be folded", "a fact without an id"],
)
def test_what_cannot_be_adopted_is_left_to_the_audit(broken: Told) -> None:
    """It is counted, not as kept and passed, and its neighbours are adopted."""
    hall = Hall()
    asked(hall)
    history = told(*hall.document().facts, complaint="c", stream=OWN)
    hall.store.put_back(type(hall.store.kept)(), epoch=9)
    drummer = Drummer(hall)
    hall.run(drummer.relay.adopt([broken, history]))
    assert list(hall.store.documents) == ["c"]
    assert (drummer.tally.unadopted, drummer.tally.passed) == (1, 0)


def test_what_the_store_refuses_to_adopt_is_left_to_the_audit() -> None:
    """A service that comes back from a backup begins its work all the same."""
    hall = Hall()
    for name in "cd":
        asked(hall, complaint=name)
    histories = [
        told(*each.facts, complaint=each.id, stream=OWN) for each in hall.store.documents.values()
    ]
    hall.store.put_back(type(hall.store.kept)(), epoch=9)
    hall.store.refuses = lambda document: "too large" if document.id == "c" else None
    drummer = Drummer(hall, (9, Fate.CRASH))  # the crash is to end who tries again and again
    hall.run(drummer.relay.adopt(histories))
    assert list(hall.store.documents) == ["d"]
    assert drummer.tally.unadopted == 1


def test_a_beat_lies_a_minute_back() -> None:
    """What a process does just now may not stand on the bus yet."""
    hall = Hall()
    hall.pass_by(600)
    now = moment(hall.scheduler.now)
    beat = _beat(hall)
    assert beat.through == now - BEAT_BEHIND
    assert (beat.service, beat.stream, beat.ends) == ("drums", OWN, {0: 7})


def test_a_beat_lies_before_what_is_untold() -> None:
    """Nobody may believe to have heard what is still to be told, however old it is."""
    hall = Hall()
    asked(hall)
    marked = hall.document().untold
    assert marked is not None
    hall.pass_by(600)
    assert _beat(hall).through < moment(marked)
    hall.run(Drummer(hall).relay.tell_untold())
    assert _beat(hall).through > moment(marked)


@pytest.mark.parametrize("after", [False, True])
def test_a_beat_is_true_though_a_mark_goes_while_it_is_made(after: bool) -> None:  # noqa: FBT001
    """Told and unmarked just before or just after the ends are read: below them, or not yet done.

    Who passes the ends would else believe to have heard what lies above them.
    """
    hall = Hall()
    asked(hall)
    marked = hall.document().untold
    assert marked is not None
    hall.pass_by(600)

    async def ends() -> dict[int, int]:
        if not after:
            await Drummer(hall).relay.tell_untold()
        found = _ends(hall)
        if after:
            await Drummer(hall).relay.tell_untold()
        return found

    beat = hall.run(Drummer(hall).relay.beat("drums", OWN, ends, "bus-1"))[0]
    assert (hall.said(), hall.document().untold) == ([("c", 1)], None)
    assert beat.through < moment(marked) or beat.ends == _ends(hall)


def _ends(hall: Hall) -> dict[int, int]:
    return {
        number: hall.broker.logs[TOPIC, number].end for number in range(STREAMS[OWN].partitions)
    }


def _beat(hall: Hall) -> Beat:
    async def ends() -> dict[int, int]:
        return {0: 7}

    return hall.run(Drummer(hall).relay.beat("drums", OWN, ends, "bus-1"))[0]


@pytest.mark.parametrize(
    ("positions", "bus", "heard"),
    [
        ({0: 7, 1: 3}, "bus-1", True),
        ({0: 9, 1: 3}, "bus-1", True),
        ({0: 6, 1: 3}, "bus-1", False),
        ({0: 7}, "bus-1", False),
        ({0: 7, 1: 3}, "bus-2", False),
    ],
)
def test_whose_positions_passed_the_ends_has_heard(
    positions: dict[int, int],
    bus: str,
    heard: bool,  # noqa: FBT001
) -> None:
    """Every partition counts, and positions on another bus mean nothing."""
    through = NOW - timedelta(minutes=1)
    beat = Beat(
        service="drums", stream=OWN, through=through, ends={0: 7, 1: 3}, incarnation="bus-1"
    )
    assert passed(beat, positions, bus) == (through if heard else None)
