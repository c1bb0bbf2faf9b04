"""What a reader makes of a history: new facts in order, nothing twice, nothing passed over."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.contracts.fact import LOCAL_ID, Pair, Row, UnreadableFact, fact_id
from shared.runtime.document import Cause, Circumstances, Document, record
from shared.runtime.folding import Told, adopt, hear, release
from tests.runtime.drums import (
    DRUMS,
    NOW,
    OWN,
    STROKES,
    UNDER,
    UNLUCKY,
    Answered,
    Drums,
    Sound,
    Spoken,
    a_row,
    fresh,
    strokes,
    told,
)

HANDS = "hands"
"""Another stream on which strokes come in."""


def heard(*histories: Told, begin: Document[Sound] | None = None) -> Document[Sound]:
    """Hear histories one after another."""
    document = begin or fresh()
    for history in histories:
        document = hear(DRUMS, document, history, UNDER).document
    return document


def test_new_facts_are_folded_in_order() -> None:
    """State, what was heard, and what is decided because of it change together."""
    document = heard(strokes(3, 1, 2))
    assert document.state.struck == (3, 1, 2)
    assert document.heard[STROKES].pair == (0, 3)
    assert document.state.answered == (3, 1, 2)
    assert [row["type"] for row in document.facts] == [Answered.type] * 3


def test_what_is_decided_names_its_cause() -> None:
    """The fact heard is the cause of the own fact, and its trace goes on."""
    stroke = a_row(1, trace="00-1-2-01")
    row = heard(told(stroke)).facts[0]
    assert (row["cause"], row["trace"]) == (stroke["id"], "00-1-2-01")
    assert row["id"] == fact_id("c", Answered.type, stroke["id"])


def test_a_repeat_is_dropped_without_reading_its_body() -> None:
    """The envelope's pair says that it was heard; the very same document comes back."""
    document = heard(strokes(1, 2))
    repeat = Told(STROKES, "c", Pair(0, 2), b"no body at all")
    assert hear(DRUMS, document, repeat, UNDER).document is document


@given(order=st.lists(st.integers(1, 5), max_size=12))
def test_the_newest_history_makes_up_for_all_others(order: Sequence[int]) -> None:
    """Late, twice, out of order or never heard before: in the end the document is the same."""
    every = (4, 1, 3, 1, 2)
    whole = strokes(*every)
    assert heard(*(strokes(*every[:length]) for length in order), whole) == heard(whole)


def test_streams_are_heard_each_by_itself() -> None:
    """The same pair on another stream is another fact."""
    other = told(a_row(1, 5, cause="hand-1"), stream=HANDS)
    document = heard(strokes(1), other)
    assert document.state.struck == (1, 5)
    assert {name: each.pair for name, each in document.heard.items()} == {
        STROKES: (0, 1),
        HANDS: (0, 1),
    }


def test_a_fact_made_again_after_a_restore_is_not_folded_twice() -> None:
    """Its pair is of the new epoch, its id still that of its cause."""
    restored = told(a_row(1, 1), a_row(2, 2, epoch=9), a_row(3, 7, epoch=9))
    document = heard(strokes(1, 2), restored)
    assert document.state.struck == (1, 2, 7)
    assert document.heard[STROKES].pair == (9, 3)
    assert document.astray == {}


def test_a_restored_line_outranks_a_longer_one_of_before() -> None:
    """Pairs are compared as pairs: the epoch comes first."""
    document = heard(strokes(1, 2, 3), told(a_row(1, 1), a_row(2, 8, epoch=9, cause="new")))
    assert document.state.struck == (1, 2, 3, 8)


def test_facts_that_a_restored_line_lacks_are_listed() -> None:
    """Who had heard them keeps them, and lists the complaint for the audit."""
    lost = a_row(2, 2)
    document = heard(told(a_row(1), lost), told(a_row(1), a_row(2, 8, epoch=9, cause="new")))
    assert document.astray == {STROKES: (lost["id"][:LOCAL_ID],)}


def test_an_unknown_type_counts_as_heard() -> None:
    """Readers are upgraded before producers, so nothing is held and nothing decided."""
    new = a_row(2, type="drum.painted.v1", data={"colour": "red"})
    folded = hear(DRUMS, fresh(), told(a_row(1), new, a_row(3, 4)), UNDER)
    assert folded.blocked is None
    assert folded.document.heard[STROKES].pair == (0, 3)
    assert folded.document.state.struck == (1, 4)


BROKEN: dict[str, Row] = {
    "wrong data": a_row(2, "often"),
    "no data": a_row(2, data={}),
    "a fold that fails": a_row(2, UNLUCKY),
    "a broken frame": a_row(2, at="yesterday"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_folded_holds_the_complaint(broken: Row) -> None:
    """The facts before it are folded, those after it wait, and the reason is kept."""
    history = told(a_row(1, 5), broken, a_row(3, 7))
    folded = hear(DRUMS, fresh(), history, UNDER)
    document = folded.document
    assert document.state.struck == (5,)
    assert document.heard[STROKES].pair == (0, 1)
    assert document.held[STROKES].pair == history.last
    assert document.held[STROKES].reason == folded.blocked != ""


def _bodies() -> dict[str, Told]:
    rows = [a_row(1), a_row(2)]
    good = strokes(1, 1)

    def spoilt(facts: object, complaint: str = "c") -> Told:
        return replace(good, body=orjson.dumps({"complaint": complaint, "facts": facts}))

    return {
        "no JSON": replace(good, body=b"{"),
        "no object": replace(good, body=b"7"),
        "no facts": replace(good, body=b'{"complaint": "c"}'),
        "no fact": spoilt([]),
        "facts that are no list": spoilt({"a": 1}),
        "another complaint": spoilt(rows, "d"),
        "another last pair": replace(good, last=Pair(0, 3)),
        "out of order": spoilt([rows[1], rows[0], rows[1]]),
        "a fact without a pair": spoilt([{"id": "x"}, rows[1]]),
    }


@pytest.mark.parametrize("history", _bodies().values(), ids=_bodies())
def test_a_body_that_is_no_history_holds_the_complaint(history: Told) -> None:
    """Nothing of it is folded, lest a fact be left out for ever, and the reason is kept."""
    folded = hear(DRUMS, fresh(), history, UNDER)
    assert folded.document.held[STROKES].pair == history.last
    assert (folded.document.state.struck, folded.document.heard) == ((), {})
    assert folded.blocked is not None
    assert folded.blocked.startswith("UnreadableFact")


def test_while_held_nothing_of_the_stream_is_folded() -> None:
    """A newer history takes the place of the one that waits; an older one changes nothing."""
    document = heard(strokes(1, UNLUCKY))
    reason = document.held[STROKES].reason
    newer = hear(DRUMS, document, strokes(1, UNLUCKY, 3), UNDER)
    assert newer.document.held[STROKES] == replace(document.held[STROKES], pair=Pair(0, 3))
    assert newer.document.state == document.state
    assert newer.blocked == reason
    older = hear(DRUMS, newer.document, strokes(1, UNLUCKY), UNDER)
    assert older.document is newer.document
    assert older.blocked == reason


def test_a_held_stream_leaves_its_neighbours_alone() -> None:
    """Another stream of the same complaint goes on."""
    document = heard(strokes(UNLUCKY), told(a_row(1, 5, cause="hand-1"), stream=HANDS))
    assert document.state.struck == (5,)
    assert set(document.held) == {STROKES}


def test_after_an_upgrade_what_waits_is_folded_and_let_go() -> None:
    """What was folded before it was held is not folded twice."""
    waiting = strokes(1, UNLUCKY, 3)
    folded = release(Drums(upgraded=True), heard(waiting), waiting, UNDER)
    assert folded.blocked is None
    assert folded.document.held == {}
    assert folded.document.state.struck == (1, UNLUCKY, 3)
    assert folded.document == hear(Drums(upgraded=True), fresh(), waiting, UNDER).document


def test_what_was_released_is_a_repeat() -> None:
    """Heard or released again, it changes nothing any more."""
    waiting, upgraded = strokes(1, UNLUCKY), Drums(upgraded=True)
    once = release(upgraded, heard(waiting), waiting, UNDER).document
    assert hear(upgraded, once, waiting, UNDER).document is once
    assert release(upgraded, once, waiting, UNDER).document == once


def test_what_still_cannot_be_folded_stays_held() -> None:
    """A release without an upgrade leaves the document as it was."""
    waiting = strokes(1, UNLUCKY)
    before = heard(waiting)
    folded = release(DRUMS, before, waiting, UNDER)
    assert folded.document == before
    assert folded.blocked == before.held[STROKES].reason


def test_a_release_concerns_one_stream() -> None:
    """Whatever else is held for the complaint waits on."""
    waiting = strokes(UNLUCKY)
    other = told(a_row(1, "often", cause="hand-1"), stream=HANDS)
    after = release(Drums(upgraded=True), heard(waiting, other), waiting, UNDER).document
    assert set(after.held) == {HANDS}


def test_a_newer_history_that_waits_holds_the_complaint_on() -> None:
    """What is let go was read before it came in: nothing of it was folded, and it still waits."""
    waiting, newer = strokes(1, UNLUCKY), strokes(1, UNLUCKY, 3)
    folded = release(Drums(upgraded=True), heard(waiting, newer), waiting, UNDER)
    assert folded.document.state.struck == (1, UNLUCKY)
    assert folded.document.held[STROKES].pair == (0, 3)
    after = release(Drums(upgraded=True), folded.document, newer, UNDER).document
    assert (after.state.struck, after.held) == ((1, UNLUCKY, 3), {})


def test_a_release_that_fails_lets_go_of_nothing_newer() -> None:
    """The pair that is held is the one in quarantine, whatever was tried."""
    waiting, newer = strokes(1, UNLUCKY), strokes(1, UNLUCKY, 3)
    folded = release(DRUMS, heard(waiting, newer), waiting, UNDER)
    assert folded.blocked is not None
    assert folded.document.held[STROKES].pair == (0, 3)


def test_a_tombstone_is_a_fact() -> None:
    """No body says that everything was erased; told twice it is folded once."""
    gone = Told(STROKES, "c", Pair(0, 2), None)
    document = heard(strokes(1), gone)
    assert document.state.silent
    assert document.heard[STROKES].pair == (0, 2)
    assert heard(gone, begin=document) is document


def own(*texts: str) -> Document[Sound]:
    """Build a document with facts of its own, each by a request of its own."""
    document = fresh()
    for text in texts:
        document = record(DRUMS, document, [Spoken(text=text)], Cause(text), UNDER)
    return document


def history_of(document: Document[Sound]) -> Told:
    """Tell a document as it stands on its own stream."""
    return told(*document.facts, stream=OWN)


def test_a_restored_store_takes_back_what_it_lacks() -> None:
    """From its own stream: facts and state are as they were before the loss."""
    whole = own("satu", "dua", "tiga")
    assert adopt(DRUMS, own("satu"), history_of(whole)) == whole
    assert adopt(DRUMS, fresh(), history_of(whole)) == whole
    assert adopt(DRUMS, whole, history_of(own("satu"))) == whole


def test_what_was_done_since_a_restore_stays() -> None:
    """Adopted facts stand by their pairs, and what is new outranks them."""
    since = record(
        DRUMS, own("satu"), [Spoken(text="baru")], Cause("baru"), Circumstances(NOW, epoch=9)
    )
    after = adopt(DRUMS, since, history_of(own("satu", "dua")))
    assert [row["data"]["text"] for row in after.facts] == ["satu", "dua", "baru"]
    assert [tuple(row["pair"]) for row in after.facts] == [(0, 1), (0, 2), (9, 2)]


def test_a_snapshot_goes_into_the_state_alone() -> None:
    """Its facts were never part of the history."""
    after = adopt(DRUMS, own("satu"), history_of(own("dua")), snapshot=True)
    assert after.state.spoken == ("satu", "dua")
    assert after.facts == own("satu").facts


def test_what_cannot_be_read_is_not_adopted() -> None:
    """The caller is told, and the audit finds what is missing."""
    with pytest.raises(UnreadableFact):
        adopt(DRUMS, fresh(), replace(history_of(own("satu")), body=b"{"))
