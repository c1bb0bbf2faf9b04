"""Hearing a batch: fold, write once, tell, and only then let the offsets be committed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from shared.contracts.fact import Pair
from shared.runtime.asking import Ask
from shared.runtime.document import Document
from shared.runtime.folding import Told
from shared.runtime.hearing import TRIES_BEFORE_HOLD
from shared.runtime.ports import Record
from shared.runtime.reading import reading_of
from shared.runtime.reading import told as read_told
from shared.runtime.sorting import Batch, Reading, sort_out
from tests.runtime.drums import STROKES, UNLUCKY, Sound, a_row, say, strokes, told
from tests.runtime.hall import HISTORY, WISHES, Drummer, Hall, a_record, a_wish, read, wish
from tests.simulation.fate import Fate
from tests.simulation.scheduler import Crashed

HANDS = "hands"
"""Another stream on which strokes come in."""


def sorted_out(*records: Record, suspect: bool = False) -> Batch[Sound]:
    """Sort out what a batch brings."""
    return sort_out(records, read, lambda _: suspect)


def hear(hall: Hall, drummer: Drummer, *records: Record, suspect: bool = False) -> None:
    """Have a batch taken in."""
    hall.run(drummer.hear(*records, suspect=suspect))


def test_of_a_complaint_only_the_newest_history_is_read() -> None:
    """It holds all the older ones, in whatever order they come; each stream for itself."""
    one, three, other = strokes(1), strokes(1, 2, 3), strokes(4, complaint="d")
    batch = sorted_out(*map(a_record, (one, three, strokes(1, 2), other)))
    assert batch.told == {"c": {STROKES: three}, "d": {STROKES: other}}


def test_what_may_be_a_redelivery_is_told_again() -> None:
    """Whether it brings anything new or not; what is not suspect is told only for news."""
    record = a_record(strokes(1))
    assert sorted_out(record, suspect=True).again == {"c"}
    assert sorted_out(record).again == set()


def test_a_request_from_the_bus_is_always_answered() -> None:
    """A repeated request gets the same answer again, so its document is told."""
    batch = sorted_out(a_wish("tok"), a_wish("tok"))
    assert [ask.complaint for ask in batch.asked["c"]] == ["c", "c"]
    assert batch.again == {"c"}


def test_a_record_on_which_our_own_reading_breaks_is_passed() -> None:
    """It says so, and its neighbours go on; coming again it would break for ever."""

    def broken(_: Record) -> Told:
        raise IndexError

    reading: Reading[Sound] = reading_of("8171", "intake", {"partner": broken})
    batch = sort_out([Record("partner", 0, 7, b"k", (), b"{}")], reading, lambda _: False)
    (passed,) = batch.passed
    assert (passed.record.offset, passed.reason) == (7, "our reading of it failed: IndexError")


def test_a_record_without_an_envelope_is_passed() -> None:
    """It is kept with its place and its reason, and its neighbours go on."""
    hall, blind = Hall(), a_record(strokes(1), offset=7)
    blind = replace(blind, headers=blind.headers[:3])
    drummer = Drummer(hall)
    hear(hall, drummer, blind, a_record(strokes(2, complaint="d")))
    assert list(hall.store.kept.passed) == [(STROKES, 0, 7)]
    assert "missing" in hall.store.kept.passed[STROKES, 0, 7]
    assert list(hall.store.documents) == ["d"]
    assert drummer.tally.passed == 1


def test_a_record_that_could_not_be_decoded_is_passed() -> None:
    """It is kept with its place and with what the bus said of it, and its neighbours go on."""
    hall = Hall()
    drummer = Drummer(hall)
    broken = Record(STROKES, 0, 7, None, (), None, fault="it cannot be decoded")
    hear(hall, drummer, broken, a_record(strokes(2, complaint="d")))
    assert hall.store.kept.passed == {(STROKES, 0, 7): "it cannot be decoded"}
    assert list(hall.store.documents) == ["d"]
    assert drummer.tally.passed == 1


def test_a_batch_is_folded_written_and_told() -> None:
    """When it is over every document stands and was told, each with its whole history, once."""
    hall = Hall()
    drummer = Drummer(hall)
    hear(
        hall,
        drummer,
        a_record(strokes(1)),
        a_record(strokes(1, 2)),
        a_record(strokes(3, complaint="d")),
    )
    assert hall.document().state.struck == (1, 2)
    assert hall.document().version == 1
    assert hall.document().untold is None
    assert sorted(hall.said()) == [("c", 2), ("d", 1)]
    assert (drummer.tally.heard, drummer.tally.told) == (3, 2)


def test_it_is_written_before_it_is_told() -> None:
    """Who dies after the write has told nothing; the record that comes again has it told."""
    hall, record = Hall(), a_record(strokes(1))
    with pytest.raises(Crashed):
        hear(hall, Drummer(hall, (2, Fate.CRASH)), record)
    assert (hall.document().state.struck, hall.said()) == ((1,), [])
    hear(hall, Drummer(hall), record, suspect=True)
    assert (hall.document().version, hall.said()) == (1, [("c", 1)])


def test_who_dies_before_the_write_has_said_nothing() -> None:
    """Nothing is told that is not stored."""
    hall = Hall()
    with pytest.raises(Crashed):
        hear(hall, Drummer(hall, (1, Fate.CRASH)), a_record(strokes(1)))
    assert (hall.store.documents, hall.said()) == ({}, [])


def test_a_repeat_that_is_not_suspect_is_dropped_in_silence() -> None:
    """Telling at every repeat would echo for ever."""
    hall, record = Hall(), a_record(strokes(1))
    hear(hall, Drummer(hall), record)
    drummer = Drummer(hall)
    hear(hall, drummer, record)
    assert hall.said() == [("c", 1)]
    assert drummer.tally.repeats == 1


def test_repeats_are_counted_by_the_record() -> None:
    """Each that brings what was heard before; not the older ones of a batch that brings news."""
    hall = Hall()
    hear(hall, Drummer(hall), a_record(strokes(1, 2)))
    drummer = Drummer(hall)
    hear(
        hall,
        drummer,
        *(a_record(strokes(*range(1, most + 1))) for most in (1, 2, 2, 3, 4)),
        a_record(strokes(1, complaint="d")),
        a_record(strokes(1, 2, complaint="d")),
    )
    assert (drummer.tally.heard, drummer.tally.repeats) == (7, 3)


def test_what_is_held_is_counted_once() -> None:
    """However often its write is tried, and whether it is heard again while it waits."""
    hall, record = Hall(), a_record(strokes(UNLUCKY))
    drummer = Drummer(hall, (2, Fate.AWAY), (3, Fate.AWAY))
    hear(hall, drummer, record, a_record(strokes(UNLUCKY, complaint="d")))
    assert drummer.tally.conflicts > 0
    hear(hall, drummer, record)
    assert (drummer.tally.held, drummer.tally.repeats) == (2, 0)


def test_a_process_tells_a_suspect_repeat_once() -> None:
    """What this process has told this bus nobody waits for; another process cannot know."""
    hall, record = Hall(), a_record(strokes(1))
    drummer = Drummer(hall)
    for _ in range(3):
        hear(hall, drummer, record, suspect=True)
    assert hall.said() == [("c", 1)]
    hear(hall, Drummer(hall), record, suspect=True)
    assert hall.said() == [("c", 1)] * 2


def test_who_asks_again_on_the_bus_is_answered_again() -> None:
    """Each time, since an answer is what the asker waits for; nothing happens twice."""
    hall = Hall()
    drummer = Drummer(hall)
    for _ in range(3):
        hear(hall, drummer, a_wish("tok"))
    assert hall.document().state.spoken == ("tok",)
    assert hall.said() == [("c", 1)] * 3


def test_who_asks_again_is_told_the_answer_alone() -> None:
    """Where a request says which utterance answers it; a redelivery is told whole all the same."""
    hall = Hall()

    def reading(record: Record) -> Ask[Sound]:
        ask = wish((record.value or b"").decode())
        ask.answer = "an answer of its own"
        return ask

    drummer = Drummer(hall, reading=reading)
    for _ in range(3):
        hear(hall, drummer, a_wish("tok"))
    assert hall.said() == [("c", 1)]
    hear(hall, drummer, a_wish("tok"), suspect=True)
    assert hall.said() == [("c", 1)] * 2


def test_a_refused_request_on_the_bus_changes_nothing() -> None:
    """Its refusal stands in its document or nowhere; the batch goes on."""
    hall = Hall()
    hear(hall, Drummer(hall), a_wish("tok"), a_wish("lain"), a_wish("lagi", "d"))
    assert hall.document().state.spoken == ("tok",)
    assert hall.document("d").state.spoken == ("lagi",)


@pytest.mark.parametrize("fate", [Fate.AWAY, Fate.LOST, Fate.UNACKED, Fate.LATE])
@pytest.mark.parametrize("operation", ["load", "write", "send"])
def test_whatever_fails_is_done_in_the_end(operation: str, fate: Fate) -> None:
    """A store or a bus that is away, or whose answer is lost, is asked again; nothing twice."""
    hall = Hall()
    place = {"load": 0, "write": 1, "send": 2}[operation]
    script = [(place, fate), (1, fate)]
    hear(hall, Drummer(hall, *script), *(a_record(strokes(1, 2, complaint=each)) for each in "cde"))
    for each in "cde":
        assert hall.document(each).state.struck == (1, 2)
        assert (each, 2) in hall.said()
        assert hall.document(each).version == 1


def test_a_lost_race_is_folded_again() -> None:
    """On the document of the winner, and only what it lacks; both tell."""
    hall = Hall()
    drummers = [Drummer(hall), Drummer(hall)]
    records = (a_record(strokes(1)), a_record(strokes(1, 2)))
    hall.run(*(each.hear(record) for each, record in zip(drummers, records, strict=True)))
    assert hall.document().state.struck == (1, 2)
    assert len(hall.document().facts) == 2
    assert sum(each.tally.conflicts for each in drummers) == 1
    assert ("c", 2) in hall.said()


def test_the_same_batch_at_two_processes_is_folded_once() -> None:
    """An old owner that goes on writes what the new one writes; both have it told."""
    hall = Hall()
    hall.run(*(Drummer(hall).hear(a_record(strokes(1, 2))) for _ in range(2)))
    assert hall.document().state.struck == (1, 2)
    assert len(hall.document().facts) == 2
    assert hall.said() == [("c", 2)] * 2


def test_what_is_held_is_in_quarantine_first() -> None:
    """Who dies in between has kept the history and marked nothing; heard again it is held."""
    hall, record = Hall(), a_record(strokes(1, UNLUCKY))
    with pytest.raises(Crashed):
        hear(hall, Drummer(hall, (2, Fate.CRASH)), record)
    assert [each.last for _, each in hall.store.waiting(9)] == [(0, 2)]
    assert hall.store.documents == {}
    hear(hall, Drummer(hall), record)
    assert hall.document().held[STROKES].pair == (0, 2)
    assert hall.document().state.struck == (1,)


def test_what_comes_after_a_held_fact_waits_with_it() -> None:
    """The newest history takes the place in quarantine, and the neighbours go on."""
    hall = Hall()
    drummer = Drummer(hall)
    hear(hall, drummer, a_record(strokes(UNLUCKY)), a_record(strokes(4, complaint="d")))
    hear(hall, drummer, a_record(strokes(UNLUCKY, 2)))
    assert [each.last for _, each in hall.store.waiting(9)] == [(0, 2)]
    assert hall.document().held[STROKES].pair == (0, 2)
    assert hall.document().state.struck == ()
    assert hall.document("d").state.struck == (4,)
    assert drummer.tally.held == 2


def test_a_document_the_store_refuses_is_held_after_some_tries() -> None:
    """Only what belongs to one document holds that document; the rest of its batch is done."""
    hall = Hall()
    tried: list[int] = []

    def refuses(document: Document[Sound]) -> str | None:
        if document.id == "c" and document.state.struck:
            tried.append(1)
            return "too wide"
        return None

    hall.store.refuses = refuses
    hear(hall, Drummer(hall), a_record(strokes(1)), a_record(strokes(2, complaint="d")))
    assert len(tried) == TRIES_BEFORE_HOLD
    assert hall.document().held[STROKES].pair == (0, 1)
    assert hall.document().state.struck == ()
    assert [each.complaint for _, each in hall.store.waiting(9)] == ["c"]
    assert hall.document("d").state.struck == (2,)


def test_of_a_document_the_store_refuses_only_what_is_new_is_held() -> None:
    """What was heard before is no reason to hold, and no pair that is held goes back."""
    hall = Hall()
    hear(hall, Drummer(hall), a_record(strokes(1, UNLUCKY, 3)))
    before = hall.document()
    hall.store.refuses = lambda document: "too wide" if len(document.facts) > 1 else None
    hands = replace(a_record(told(a_row(1, 5, cause="hand-1"))), topic=HANDS)

    def reading(record: Record) -> Told | Ask[Sound]:
        return read_told(record, record.topic, HISTORY)

    drummer = Drummer(hall, reading=reading)
    hear(hall, drummer, a_record(strokes(1, UNLUCKY)), hands)
    assert hall.document().held[STROKES] == before.held[STROKES]
    assert set(hall.document().held) == {STROKES, HANDS}
    assert sorted((each.stream, each.last) for _, each in hall.store.waiting(9)) == [
        (HANDS, (0, 1)),
        (STROKES, (0, 3)),
    ]


def test_a_broken_body_holds_its_complaint_and_no_other() -> None:
    """Its envelope could be read, so it is known whose it is."""
    hall = Hall()
    broken = Told(STROKES, "c", Pair(0, 1), b"{")
    hear(hall, Drummer(hall), a_record(broken), a_record(strokes(2, complaint="d")))
    assert set(hall.document().held) == {STROKES}
    assert hall.document("d").held == {}
    assert hall.store.kept.passed == {}


def test_changes_of_one_batch_are_at_different_times() -> None:
    """So that a walk can page by them."""
    hall = Hall()
    hear(hall, Drummer(hall), *(a_record(strokes(1, complaint=each)) for each in "abcde"))
    times = [document.changed_at for document in hall.store.documents.values()]
    assert len(set(times)) == len(times) == 5


def test_a_draw_is_raised_where_the_store_refuses_a_request() -> None:
    """A unique value that is taken is drawn anew, also for what comes over the bus."""
    hall = Hall()
    refused: list[str] = []

    def refuses(_document: object) -> str | None:
        if not refused:
            refused.append("the number is taken")
            return refused[0]
        return None

    hall.store.refuses = refuses
    asks: list[Ask[Sound]] = []

    def reading(record: Record) -> Told | Ask[Sound]:
        item = read(record)
        assert isinstance(item, Ask)
        asks.append(item)
        return item

    drummer = Drummer(hall, reading=reading)
    hear(hall, drummer, a_wish("tok"))
    assert [ask.draw for ask in asks] == [1]
    assert hall.document().state.spoken == ("tok",)


def refusable(record: Record) -> Told | Ask[Sound]:
    """Read a wish for which there are words when it cannot be granted."""
    item = read(record)
    assert isinstance(item, Ask)
    item.refuse = say("maaf", item.complaint)
    return item


def asking_for(*texts: str, complaint: str = "c") -> list[Record]:
    """Build records that ask for things to be said, each by another request."""
    return [a_wish(text, complaint, offset) for offset, text in enumerate(texts)]


def test_a_request_the_store_refuses_is_turned_away_in_its_document() -> None:
    """Its asker is answered as by any refusal, and its neighbours go on."""
    hall = Hall()
    hall.store.refuses = lambda document: "too wide" if "tok" in document.state.spoken else None
    hear(hall, Drummer(hall, reading=refusable), a_wish("tok"), a_wish("tong", "d", 1))
    assert hall.document().state.spoken == ("maaf",)
    assert hall.document("d").state.spoken == ("tong",)
    assert sorted(hall.said()) == [("c", 1), ("d", 1)]


def test_what_was_asked_before_what_the_store_refuses_is_granted() -> None:
    """Of several requests about one complaint the newest are turned away first."""

    def reading(record: Record) -> Told | Ask[Sound]:
        text = (record.value or b"").decode()
        ask = wish(text, request=f"r-{text}")
        ask.refuse = say("maaf", "refusal")
        return ask

    hall = Hall()
    hall.store.refuses = lambda document: "too wide" if "tok" in document.state.spoken else None
    hear(hall, Drummer(hall, reading=reading), *asking_for("tang", "ting", "tok"))
    assert hall.document().state.spoken == ("tang", "ting", "maaf")


@pytest.mark.parametrize("reading", [read, refusable])
def test_a_request_that_leaves_nothing_to_store_is_passed(reading: Reading[Sound]) -> None:
    """Where there is no refusal, or the store does not take that either, its record is kept."""
    hall = Hall()
    hall.store.refuses = lambda document: "too wide" if document.id == "c" else None
    drummer = Drummer(hall, reading=reading)
    hear(hall, drummer, a_wish("tok", offset=7), a_wish("tong", "d", 8))
    assert hall.store.kept.passed == {(WISHES, 0, 7): "the store refuses what comes of it"}
    assert list(hall.store.documents) == ["d"]
    assert drummer.tally.passed == 1


def test_a_store_that_takes_nothing_refuses_no_request() -> None:
    """What it does not take of anybody is no fault of a record: it is granted once it does."""
    hall, tries = Hall(), 0

    def refuses(_: object) -> str | None:
        nonlocal tries
        tries += 1
        return "the disk is full" if tries <= 7 else None

    hall.store.refuses = refuses
    hear(hall, Drummer(hall, (14, Fate.AWAY), reading=refusable), a_wish("tok"))
    assert (hall.store.kept.passed, hall.document().state.spoken) == ({}, ("tok",))
