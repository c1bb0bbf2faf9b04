"""What a release before did not keep is filled in from the very history that was heard, or none."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from msgspec.structs import replace

from shared.contracts.fact import Fact
from shared.runtime.document import Document
from shared.runtime.folding import hear, release
from shared.runtime.hearing import TRIES_BEFORE_HOLD
from tests.runtime.drums import DRUMS, UNDER, UNLUCKY, Drums, Sound, Struck, fresh, strokes
from tests.runtime.hall import Drummer, Hall, a_record


class Reciting(Drums):
    """Says how often it was struck, which the drums before it did not."""

    def lacks(self, state: Sound, stream: str) -> bool:
        return not state.spoken

    def complete(self, state: Sound, stream: str, facts: Iterable[Fact]) -> Sound:
        struck = [fact.data for fact in facts if isinstance(fact.data, Struck)]
        return replace(state, spoken=tuple(str(each.times) for each in struck))


RECITING, UPGRADED = Reciting(), Reciting(upgraded=True)


def of_before(*times: int) -> Document[Sound]:
    """Give a document as the release before heard it."""
    return hear(DRUMS, fresh(), strokes(*times), UNDER).document


def test_what_was_heard_to_the_end_fills_in() -> None:
    """The state alone is another; what was heard and decided stays, and once is enough."""
    before = of_before(1, 2)
    after = hear(RECITING, before, strokes(1, 2), UNDER).document
    assert after == replace(before, state=replace(before.state, spoken=("1", "2")))
    assert hear(RECITING, after, strokes(1, 2), UNDER).document is after


def test_what_is_archived_is_filled_in_only_by_what_brings_it_back() -> None:
    """Thousands of closed ones would else return for one retelling."""
    before = replace(of_before(1), archived=True)
    assert hear(RECITING, before, strokes(1), UNDER).document is before
    assert hear(RECITING, before, strokes(1, 2), UNDER).document.state.spoken == ("1", "2")


def test_an_older_history_fills_in_nothing() -> None:
    """It lies behind a newer one, and what was said since would be put back for good."""
    before = of_before(1, 2)
    assert hear(RECITING, before, strokes(1), UNDER).document is before


def test_a_history_with_news_fills_in_too() -> None:
    """The one behind it may never be heard by itself: of a batch, the newest alone is read."""
    after = hear(RECITING, of_before(1), strokes(1, 2), UNDER).document
    assert (after.state.struck, after.state.spoken) == ((1, 2), ("1", "2"))


def test_what_has_to_wait_fills_in_when_it_is_folded() -> None:
    """Held in the middle, a history was not heard to its end; let go, it was."""
    waiting = strokes(1, UNLUCKY, 3)
    held = hear(RECITING, of_before(1), waiting, UNDER)
    assert held.blocked is not None
    assert held.document.state.spoken == ()
    after = release(UPGRADED, held.document, waiting, UNDER).document
    assert after.state.spoken == ("1", str(UNLUCKY), "3")


def test_what_the_store_does_not_take_goes_on_lacking() -> None:
    """It was heard, so nothing has to wait for it; tried for ever, it would stop all behind it."""
    hall, tried = Hall(), count()
    hall.run(Drummer(hall).hear(a_record(strokes(1, 2))))
    before = hall.document()

    def refuses(document: Document[Sound]) -> str | None:
        if not document.state.spoken:
            return None
        assert next(tried) < TRIES_BEFORE_HOLD, "tried without end"
        return "too wide"

    later = a_record(strokes(4, complaint="d"), offset=1)
    hall.store.refuses = lambda each: refuses(each) if each.id == "c" else None
    hall.run(Drummer(hall, drums=Reciting()).hear(a_record(strokes(1, 2)), later))
    assert hall.document() == before
    assert hall.store.waiting(9) == []
    assert hall.document("d").state.struck == (4,)


def test_news_are_heard_though_the_store_does_not_take_what_they_would_fill_in() -> None:
    """A fact does not wait in quarantine for what can be done without."""
    hall = Hall()
    hall.run(Drummer(hall).hear(a_record(strokes(1, 2))))
    hall.store.refuses = lambda each: "too wide" if each.state.spoken else None
    hall.run(Drummer(hall, drums=Reciting()).hear(a_record(strokes(1, 2, 3), offset=1)))
    assert hall.document().state.struck == (1, 2, 3)
    assert hall.document().held == {}
    assert hall.store.waiting(9) == []
