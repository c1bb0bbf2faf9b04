"""What moves to the archive, what comes back, and where a document is looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.fact import Pair
from shared.runtime.archiving import LEFT_ALONE, OVER_AGAIN, Archived, Archivist
from shared.runtime.asking import Ask, once
from shared.runtime.document import Document, Held
from tests.runtime.drums import STROKES, Sound, Spoken, say, strokes
from tests.runtime.hall import Drummer, Hall, a_record
from tests.simulation.archive import SimulatedArchive
from tests.simulation.ports import SimulatedDocuments, SimulatedTime

AGE = timedelta(days=30)


class Keeper(Drummer):
    """A process of a service that has an archive; what has been said is closed."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.archivist = Archivist(self.both, _is_over, AGE, SimulatedTime(self), self.tally)

    def open(self) -> Archived[Sound]:
        self.both: Archived[Sound] = Archived(
            SimulatedDocuments(self), SimulatedArchive(self), self.tally
        )
        return self.both

    async def say(self, text: str, complaint: str = "c") -> Ask[Sound]:
        """Ask for something to be said, once for each text, and tell it."""
        judge = once(text, Spoken.type, {"text": text}, say(text, text))
        ask = Ask(complaint, judge)
        await self.relay.tell(await self.desk.settle([ask]))
        return ask


def _is_over(state: Sound) -> bool:
    return bool(state.spoken)


@pytest.fixture
def hall() -> Hall:
    """Give a hall in which one complaint is closed and lies in the archive, another is open."""
    hall = Hall()
    keeper = Keeper(hall)
    hall.run(keeper.say("tok"), keeper.hear(a_record(strokes(1, complaint="open"))))
    hall.pass_by(AGE.total_seconds() + 1)
    hall.run(keeper.archivist.look())
    return hall


def test_what_is_closed_and_old_moves(hall: Hall) -> None:
    """It lies in the archive alone; what is open stays, however old."""
    assert list(hall.store.live) == ["open"]
    assert list(hall.store.kept.archive) == ["c"]


def test_copies_are_cleared_up_as_quickly_as_they_are_made(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look settles as many pages as one look moves."""
    keeper = Keeper(hall)
    for name in "defg":
        hall.run(keeper.say("tok", name))
    hall.pass_by(AGE.total_seconds() + 1)
    monkeypatch.setattr("shared.runtime.archiving.PAGE", 1)
    monkeypatch.setattr("shared.runtime.archiving.MOST_PAGES", 9)
    hall.run(keeper.archivist.look())
    assert len(hall.store.kept.loose) == 4
    hall.pass_by(LEFT_ALONE.total_seconds() + 1)
    hall.run(keeper.archivist.look())
    assert not hall.store.kept.loose


def test_what_is_young_stays() -> None:
    """Closed is not enough."""
    hall = Hall()
    keeper = Keeper(hall)
    hall.run(keeper.say("tok"))
    hall.pass_by(AGE.total_seconds() - 60)
    hall.run(keeper.archivist.look())
    assert list(hall.store.live) == ["c"]
    assert keeper.tally.archived == 0


@pytest.mark.parametrize(
    "waiting",
    [{"untold": 5}, {"held": {STROKES: Held(Pair(0, 1), "?")}}, {"dirty": ("minute",)}],
    ids=lambda it: next(iter(it)),
)
def test_what_something_waits_to_be_done_with_stays(waiting: dict[str, Any]) -> None:
    """It is looked at again a day later, and has moved when that is done."""
    hall = Hall()
    keeper = Keeper(hall)
    hall.run(keeper.say("tok"))
    quiet = hall.document()
    hall.store.live["c"] = replace(quiet, **waiting)
    hall.pass_by(AGE.total_seconds() + 1)
    hall.run(keeper.archivist.look())
    assert list(hall.store.live) == ["c"]
    hall.store.live["c"] = quiet
    hall.run(keeper.archivist.look())
    assert list(hall.store.live) == ["c"]
    hall.pass_by(OVER_AGAIN.total_seconds() + 1)
    hall.run(keeper.archivist.look())
    assert not hall.store.live


def test_a_request_answered_before_is_answered_from_the_archive(hall: Hall) -> None:
    """Asked again after years the answer is the same, and the document stays where it is."""
    keeper = Keeper(hall)
    (ask,) = hall.run(keeper.say("tok"))
    assert ask.after is not None
    assert ask.after.state == Sound(spoken=("tok",))
    assert not hall.store.live.keys() & {"c"}


def test_a_repeat_does_not_bring_a_document_back(hall: Hall) -> None:
    """A bus that forgot has everything told again; what that brings is known in the archive."""
    keeper = Keeper(hall)
    hall.run(keeper.hear(a_record(strokes(7))))
    hall.store.live["c"] = replace(hall.document(), dirty=())
    hall.pass_by(AGE.total_seconds() + 1)
    hall.run(keeper.archivist.look())
    hall.run(Keeper(hall).hear(a_record(strokes(7)), suspect=True))
    assert list(hall.store.live) == ["open"]


def test_a_late_fact_brings_a_document_back(hall: Hall) -> None:
    """It is folded after all that was known, and told; the copy in the archive goes later."""
    keeper = Keeper(hall)
    hall.run(keeper.hear(a_record(strokes(7))))
    document = hall.store.live["c"]
    assert (document.state.spoken, document.state.struck) == (("tok",), (7,))
    assert document.version == hall.store.kept.archive["c"].version + 1
    assert not document.archived
    assert ("c", len(document.facts)) in hall.said()
    assert keeper.tally.returned == 1
    hall.pass_by(LEFT_ALONE.total_seconds() + 1)
    hall.run(keeper.archivist.resolve())
    assert not hall.store.kept.archive


def test_the_live_one_wins(hall: Hall) -> None:
    """While a document lies in both places, the copy is looked at by nobody."""
    keeper = Keeper(hall)
    hall.run(keeper.say("tok tok"))
    assert "c" in hall.store.kept.archive
    assert len(hall.run(keeper.both.load(["c"]))[0]["c"].state.spoken) == 2


def test_who_comes_second_reads_again(hall: Hall) -> None:
    """Two who bring the same document back at once both find their words in it."""
    hall.run(Keeper(hall).say("one"), Keeper(hall).say("two"))
    assert sorted(hall.store.live["c"].state.spoken) == ["one", "tok", "two"]


def test_what_was_left_in_both_places_is_moved_to_the_end(hall: Hall) -> None:
    """Whoever moved it died before it was deleted here, and nobody changed it since."""
    keeper, copy = Keeper(hall), hall.store.kept.archive["c"]
    hall.store.live["c"] = copy
    hall.pass_by(LEFT_ALONE.total_seconds() + 1)
    hall.run(keeper.archivist.resolve())
    assert "c" not in hall.store.live
    assert hall.store.kept.archive == {"c": copy}
    hall.run(keeper.archivist.resolve())
    assert not hall.store.kept.loose


def test_a_bus_that_forgot_is_told_the_archive_too(hall: Hall) -> None:
    """Whole, and what is live in its live version."""
    hall.broker.lose()
    keeper = Keeper(hall)
    hall.run(keeper.relay.retell("2"))
    assert sorted(complaint for complaint, _ in hall.said()) == ["c", "open"]


def test_a_retelling_goes_on_in_the_archive(hall: Hall) -> None:
    """Whoever died in the midst of the archive does not begin with what is live."""
    hall.broker.lose()
    until = hall.scheduler.now
    hall.store.kept.notes["retelling"] = {
        "incarnation": "2",
        "since": 0,
        "until": until,
        "then": until,
        "round": 1,
        "shelf": "archive",
    }
    hall.run(Keeper(hall).relay.retell("2"))
    assert [complaint for complaint, _ in hall.said()] == ["c"]


def test_an_archived_document_is_expected_nowhere() -> None:
    """Its next write is an insert, and known as a return by its version."""
    document: Document[Sound] = Document(id="c", state=Sound(), version=3, archived=True)
    assert document.expected == 0
    assert replace(document, archived=False).expected == 3
