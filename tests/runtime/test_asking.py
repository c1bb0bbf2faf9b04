"""Requests: judged in turn, written together, answered when durable, and each only once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.fact import MOST_FACTS
from shared.runtime.asking import MOST_TRIES, ROOM_FOR_REQUESTS, Ask, agree, once
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    FactTooLong,
    Refused,
    changed,
    record,
)
from shared.runtime.ports import Away
from tests.runtime.drums import DRUMS, UNDER, Answered, Sound, Spoken, fresh, say
from tests.runtime.hall import Drummer, Hall, wish
from tests.simulation.fate import Fate


def judged(
    ask: Ask[Sound], document: Document[Sound], under: Circumstances = UNDER
) -> Document[Sound]:
    """Judge a request, and store it as if it were alone."""
    after = ask.judge(document, under, 0)
    return document if after is document else changed(DRUMS, document, after, marked=True, at=1)


def refusal(ask: Ask[Sound], document: Document[Sound]) -> Refused:
    """Judge a request that is turned away."""
    with pytest.raises(Refused) as caught:
        ask.judge(document, UNDER, 0)
    return caught.value


def settle(hall: Hall, drummer: Drummer, *asks: Ask[Sound]) -> Sequence[Document[Sound]]:
    """Have requests settled that came in together; give what is to be told."""
    return hall.run(drummer.desk.settle(asks))[0]


def test_the_same_request_again_changes_nothing() -> None:
    """It stands in the fact it caused; found there, the very same document is the answer."""
    document = judged(wish("tok"), fresh())
    assert document.state.spoken == ("tok",)
    assert wish("tok").judge(document, UNDER, 0) is document


def test_another_request_under_the_same_id_is_refused() -> None:
    """Who asked for other words must not be told that they were said."""
    refused = refusal(wish("lain"), judged(wish("tok"), fresh()))
    assert (refused.status, refused.code, refused.field) == (422, "key_used", "Idempotency-Key")


def test_an_id_stands_for_one_kind_of_request() -> None:
    """What ends in another fact is another request, also where it says the same."""
    document = judged(wish("tok"), fresh())
    other: Ask[Sound] = Ask("c", once("r-1", Answered.type, {}, say("tok")))
    assert refusal(other, document).code == "key_used"


def test_the_last_fact_of_a_request_says_what_it_was() -> None:
    """A request may cause facts on its way that another kind of request causes as well."""

    def decide(document: Document[Sound], under: Circumstances) -> Document[Sound]:
        payloads = [Spoken(text="tok"), Answered(times=1)]
        return record(DRUMS, document, payloads, Cause("r-1", request="r-1"), under)

    both: Ask[Sound] = Ask("c", once("r-1", Answered.type, {"times": 1}, decide))
    document = judged(both, fresh())
    assert both.judge(document, UNDER, 0) is document
    assert refusal(wish("tok"), document).code == "key_used"


def test_words_that_were_erased_are_not_compared() -> None:
    """After an erasure the id alone says that it is the same request."""
    document = judged(wish("tok"), fresh())
    row = document.facts[0].copy()
    row["data"], row["redacted"] = {"text": "[dihapus]"}, ["text"]
    erased = replace(document, facts=(row,))
    assert wish("tok").judge(erased, UNDER, 0) is erased


def test_of_two_who_saw_the_same_and_come_together_one_wins() -> None:
    """What the first changed the second has not seen, though neither is written yet."""
    hall = Hall()
    both: list[Ask[Sound]] = [
        Ask("c", once(f"r-{text}", Spoken.type, {}, say(text, f"r-{text}"), seen=0))
        for text in ("tok", "tong")
    ]
    settle(hall, Drummer(hall), *both)
    first, second = (each.failure for each in both)
    assert first is None
    assert isinstance(second, Refused)
    assert second.code == "stale"
    assert hall.document().state.spoken == ("tok",)


def test_what_was_decided_on_another_revision_is_refused() -> None:
    """It is stale; without a revision, and with the present one, it is judged."""
    document = judged(wish("tok"), fresh())
    with pytest.raises(Refused) as refused:
        agree(document.revision, document.revision - 1)
    assert (refused.value.status, refused.value.code) == (412, "stale")
    for seen, stale in ((0, True), (1, False), (None, False)):
        ask: Ask[Sound] = Ask("c", once("r-2", Spoken.type, {}, say("lagi", "r-2"), seen=seen))
        if stale:
            assert refusal(ask, document).code == "stale"
        else:
            assert judged(ask, document).state.spoken == ("tok", "lagi")


def test_a_repeat_is_answered_though_the_revision_has_moved_on() -> None:
    """The answer was lost and not the request: it is the same again, not stale."""
    document = judged(wish("tok"), fresh())
    ask: Ask[Sound] = Ask("c", once("r-1", Spoken.type, {"text": "tok"}, say("tok"), seen=0))
    assert ask.judge(document, UNDER, 0) is document


def test_a_full_history_sends_requests_elsewhere() -> None:
    """At three quarters of its bound; what was judged before is answered all the same."""
    document = judged(wish("tok"), fresh())
    texts = [Spoken(text="x") for _ in range(int(MOST_FACTS * ROOM_FOR_REQUESTS) - 2)]
    nearly = record(DRUMS, document, texts, Cause("clock"), UNDER)
    full = judged(wish("lagi", request="r-2"), nearly)
    assert refusal(wish("tok", request="r-3"), full).code == "history_full"
    assert wish("lagi", request="r-2").judge(full, UNDER, 0) is full


def test_a_text_that_is_too_long_is_named() -> None:
    """The bound is in bytes, so only the fact itself shows it."""
    refused = refusal(wish("字" * 4000), fresh())
    assert (refused.status, refused.code, refused.field) == (422, "too_long", "text")


def test_a_request_is_answered_when_it_is_stored() -> None:
    """The answer is the stored document; it is marked as untold, and given to be told."""
    hall = Hall()
    ask = wish("tok")
    told = settle(hall, Drummer(hall), ask)
    assert told == [hall.document()] == [ask.after]
    assert hall.document().untold is not None
    assert ask.failure is None


def test_requests_that_come_together_are_judged_in_turn() -> None:
    """Each on what those before it have made; all of it is one write of one document."""
    hall = Hall()
    asks = [wish("satu"), wish("dua", request="r-2"), wish("satu"), wish("tiga", complaint="d")]
    drummer = Drummer(hall)
    settle(hall, drummer, *asks)
    assert hall.document().state.spoken == ("satu", "dua")
    assert hall.document().version == 1
    assert [ask.after for ask in asks] == [hall.document()] * 3 + [hall.document("d")]
    assert drummer.tally.accepted == 4


def test_the_fault_of_one_request_is_not_the_others() -> None:
    """Refused or broken, it changes nothing, and its neighbours are answered."""
    hall = Hall()

    def broken(_document: Any, _under: Any, _draw: int) -> Any:
        raise ZeroDivisionError

    asks = [wish("satu"), wish("lain"), Ask("c", broken), wish("字" * 4000, "d", "r-2")]
    drummer = Drummer(hall)
    settle(hall, drummer, *asks)
    assert hall.document().state.spoken == ("satu",)
    assert "d" not in hall.store.documents
    assert asks[0].after == hall.document()
    found = [type(ask.failure) for ask in asks]
    assert found == [type(None), Refused, ZeroDivisionError, FactTooLong]
    assert (drummer.tally.accepted, drummer.tally.refused) == (1, 3)


def test_nothing_is_written_for_a_repeat() -> None:
    """It is answered with what is stored; there is nothing to tell."""
    hall = Hall()
    settle(hall, Drummer(hall), wish("tok"))
    before, again, drummer = hall.document(), wish("tok"), Drummer(hall)
    assert settle(hall, drummer, again) == []
    assert again.after is hall.document() is before
    assert drummer.tally.answered_again == 1


def test_a_lost_race_is_judged_again() -> None:
    """Two processes at once: both requests stand, each judged on what the other has made."""
    hall = Hall()
    one, other = wish("satu"), wish("dua", request="r-2")
    drummers = [Drummer(hall), Drummer(hall)]
    hall.run(*(each.desk.settle([ask]) for each, ask in zip(drummers, (one, other), strict=True)))
    assert sorted(hall.document().state.spoken) == ["dua", "satu"]
    assert hall.document().version == 2
    assert sum(each.tally.conflicts for each in drummers) == 1
    assert one.failure is other.failure is None


def test_the_same_request_at_two_processes_is_done_once() -> None:
    """Whichever is second finds it in the history; what it tried to write it tells all the same."""
    hall = Hall()
    drummers = [Drummer(hall), Drummer(hall)]
    asks = [wish("tok"), wish("tok")]
    told = hall.run(*(each.desk.settle([ask]) for each, ask in zip(drummers, asks, strict=True)))
    assert hall.document().state.spoken == ("tok",)
    assert [ask.after for ask in asks] == [hall.document()] * 2
    assert told == [[hall.document()]] * 2


def test_of_two_who_saw_one_revision_one_wins() -> None:
    """The other is told that it is stale, whichever process it asked."""
    hall = Hall()
    settle(hall, Drummer(hall), wish("tok"))
    asks: list[Ask[Sound]] = [
        Ask("c", once(name, Spoken.type, {}, say(name, name), seen=1)) for name in ("r-2", "r-3")
    ]
    hall.run(*(Drummer(hall).desk.settle([ask]) for ask in asks))
    failures = [ask.failure for ask in asks if ask.failure is not None]
    assert [isinstance(each, Refused) and each.code for each in failures] == ["stale"]
    assert len(hall.document().facts) == 2


@pytest.mark.parametrize("fate", [Fate.AWAY, Fate.LOST])
def test_an_answer_that_was_lost_is_given_again(fate: Fate) -> None:
    """Whether the write was done or not: asked again, the request stands once."""
    hall = Hall()
    with pytest.raises(Away):
        settle(hall, Drummer(hall, (1, fate)), wish("tok"))
    again = wish("tok")
    settle(hall, Drummer(hall), again)
    assert hall.document().state.spoken == ("tok",)
    assert again.after == hall.document()


def test_a_value_that_is_taken_is_drawn_anew() -> None:
    """The store says that a unique value is taken; the request is judged with the next draw."""
    hall = Hall()
    hall.store.refuses = lambda document: "taken" if document.state.spoken[0] < "2" else None
    drawn: list[int] = []

    def judge(document: Document[Sound], under: Circumstances, draw: int) -> Document[Sound]:
        drawn.append(draw)
        return say(str(draw))(document, under)

    ask: Ask[Sound] = Ask("c", judge)
    settle(hall, Drummer(hall), ask, wish("9", complaint="d"))
    assert drawn == [0, 1, 2]
    assert hall.document().state.spoken == ("2",)
    assert hall.document("d").state.spoken == ("9",)


def test_who_loses_every_race_is_told_to_try_again() -> None:
    """After so many tries nothing was stored, and the refusal says that it may be tried again."""
    hall = Hall()
    others = [say(str(each), f"o-{each}") for each in range(MOST_TRIES)]

    def overtaken(document: Document[Sound], under: Circumstances, _: int) -> Document[Sound]:
        stored = hall.document() if "c" in hall.store.documents else fresh()
        hall.store.put(changed(DRUMS, stored, others.pop()(stored, under), marked=True, at=1))
        return say("tok")(document, under)

    ask: Ask[Sound] = Ask("c", overtaken)
    settle(hall, Drummer(hall), ask)
    assert isinstance(ask.failure, Refused)
    assert (ask.failure.status, ask.failure.code, ask.after) == (503, "busy", None)
    assert (others, "tok" in hall.document().state.spoken) == ([], False)


def test_who_asks_for_what_cannot_be_stored_is_told_so() -> None:
    """To try again as it is would not help; whoever came together with it is served."""
    hall = Hall()
    tries: list[int] = []

    def refuses(document: Document[Sound]) -> str | None:
        tries.extend([1] * (document.id == "c"))
        return "too wide" if document.id == "c" else None

    hall.store.refuses = refuses
    ask, other = wish("tok"), wish("tong", complaint="d")
    settle(hall, Drummer(hall), ask, other)
    assert isinstance(ask.failure, Refused)
    assert (ask.failure.status, ask.failure.code, ask.after) == (422, "unstorable", None)
    assert len(tries) == MOST_TRIES
    assert (other.failure, list(hall.store.documents)) == (None, ["d"])


def test_the_clock_changes_nothing_that_was_asked_before() -> None:
    """Asked again a day later, under another epoch, it is the fact of before."""
    document = judged(wish("tok"), fresh())
    later = Circumstances(UNDER.now.replace(day=18), epoch=9)
    assert wish("tok").judge(document, later, 0) is document
