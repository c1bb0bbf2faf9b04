"""One document per complaint: its history grows, and every change takes one guarded write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from msgspec.structs import replace

from shared.contracts.fact import (
    LONGEST_FACT,
    LONGEST_HISTORY,
    MOST_FACTS,
    NOTHING,
    Fact,
    Pair,
    fact_id,
    read_fact,
)
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    FactTooLong,
    HistoryFull,
    changed,
    fill,
    record,
)
from shared.runtime.measuring import length
from tests.runtime.drums import DRUMS, NOW, UNDER, Answered, Drums, Sound, Spoken, fresh

REQUEST = Cause("r-1", request="r-1", by="tini", trace="00-1-2-01")


def spoken(*texts: str, cause: Cause = REQUEST, under: Circumstances = UNDER) -> Document[Sound]:
    """Have something said, all by one cause."""
    return record(DRUMS, fresh(), [Spoken(text=text) for text in texts], cause, under)


def stored(before: Document[Sound], after: Document[Sound], *, at: int = 7) -> Document[Sound]:
    """Make a change by a request ready to be written."""
    return changed(DRUMS, before, after, marked=True, at=at)


def test_of_a_complaint_nobody_spoke_of_nothing_is_stored() -> None:
    """Version 0 is the guard of an insert, and NOTHING lies below every fact."""
    document = fresh()
    assert (document.version, document.revision, document.facts) == (0, 0, ())
    assert document.last == NOTHING < Pair(0, 1)


def test_facts_are_numbered_and_folded() -> None:
    """Each has the next pair, what brought it about, and is in the state."""
    document = spoken("tok", "tok tok")
    assert [tuple(row["pair"]) for row in document.facts] == [(0, 1), (0, 2)]
    assert document.last == (0, 2)
    assert document.state.spoken == ("tok", "tok tok")
    row = document.facts[0]
    assert (row["cause"], row["request"], row["by"], row["trace"]) == (
        "r-1",
        "r-1",
        "tini",
        "00-1-2-01",
    )
    assert row["at"] == "2026-03-17T03:00:00.000Z"


def test_a_fact_is_named_by_its_cause() -> None:
    """Complaint, type, cause and place say which it is; the time at which it is made does not."""
    later = Circumstances(NOW + timedelta(days=1), epoch=5)
    assert [row["id"] for row in spoken("tok", "tok tok").facts] == [
        row["id"] for row in spoken("tok", "tok tok", under=later).facts
    ]
    assert spoken("tok").facts[0]["id"] == fact_id("c", Spoken.type, "r-1")
    assert spoken("tok").facts[0]["id"] != spoken("tok", cause=Cause("r-2")).facts[0]["id"]


def test_a_fact_made_again_is_recognised() -> None:
    """The same cause leads to the same document, and to not one fact more."""
    document = spoken("tok", "tok tok")
    payloads = [Spoken(text="tok"), Spoken(text="tok tok")]
    assert record(DRUMS, document, payloads, REQUEST, UNDER) is document


def test_a_fact_has_the_moment_that_is_told() -> None:
    """What is folded as it is made gives the state that any reader folds from its row."""

    @dataclass
    class Moments(Drums):
        """Keeps when it spoke."""

        def fold(self, state: Sound, fact: Fact) -> Sound:
            return replace(state, spoken=(*state.spoken, fact.at.isoformat()))

    domain = Moments()
    under = Circumstances(NOW + timedelta(microseconds=1_999))
    document = record(domain, fresh(), [Spoken(text="tok")], REQUEST, under)
    [row] = document.facts
    assert domain.fold(Sound(), read_fact(row, domain.known)) == document.state


def test_after_a_restore_new_facts_outrank_the_lost_ones() -> None:
    """The epoch comes first in a pair; the sequence goes on."""
    document = record(
        DRUMS, spoken("tok"), [Spoken(text="lagi")], Cause("r-2"), Circumstances(NOW, epoch=9)
    )
    assert document.last == (9, 2) > (0, 1000)


def test_a_full_history_takes_no_fact() -> None:
    """At its bound nothing is added, nothing changed, and who asked is told."""
    full = spoken(*("tok" for _ in range(MOST_FACTS)))
    with pytest.raises(HistoryFull):
        record(DRUMS, full, [Spoken(text="tok")], Cause("r-2"), UNDER)
    with pytest.raises(HistoryFull):
        spoken(*("tok" for _ in range(MOST_FACTS + 1)))


def test_a_history_is_full_by_its_bytes_too() -> None:
    """However few its facts are: the bus takes no longer message, and would be asked for ever."""
    longest = "x" * (LONGEST_FACT - 1 - length(spoken("").facts[0]))  # its number has two digits
    most = LONGEST_HISTORY // LONGEST_FACT
    full = spoken(*(longest for _ in range(most)))
    assert len(full.facts) == most
    with pytest.raises(HistoryFull, match="bytes"):
        record(DRUMS, full, [Spoken(text="tok")], Cause("r-2"), UNDER)
    with pytest.raises(HistoryFull, match="bytes"):
        spoken(*(longest for _ in range(most + 1)))
    assert record(DRUMS, full, [Spoken(text=longest)], REQUEST, UNDER) is full


def test_many_short_facts_are_no_long_history() -> None:
    """What is measured is bytes, not how long each could have been."""
    assert len(spoken(*("tok" for _ in range(MOST_FACTS))).facts) == MOST_FACTS


def test_a_fact_has_a_longest_size_on_the_wire() -> None:
    """Bytes count, not characters; the longest that may be is taken."""
    room = LONGEST_FACT - length(spoken("").facts[0])
    assert length(spoken("x" * room).facts[0]) == LONGEST_FACT
    for text in ("x" * (room + 1), "字" * (room // 3 + 1)):
        with pytest.raises(FactTooLong):
            spoken(text)


def test_the_fuller_bound_says_how_full_a_history_is() -> None:
    """Many short facts fill it by their number, a few long ones by their bytes."""
    assert fill(fresh()) == 0
    assert fill(spoken(*("tok" for _ in range(MOST_FACTS // 2)))) == 0.5
    assert 0.18 < fill(spoken(*("x" * 7500 for _ in range(10)))) < 0.2


def test_a_request_finds_what_it_caused() -> None:
    """Judged before, it finds the last of its facts; a stranger's request finds nothing."""
    document = record(DRUMS, spoken("tok"), [Answered(times=1)], REQUEST, UNDER)
    found = document.answered("r-1")
    assert found is not None
    assert found["type"] == Answered.type
    assert document.answered("r-2") is None


def test_every_write_raises_the_version() -> None:
    """What nobody can see leaves the revision that officers bring as it is."""
    first = stored(fresh(), spoken("tok"))
    assert (first.version, first.revision) == (1, 1)
    second = stored(first, replace(first, heard={}))
    assert (second.version, second.revision) == (2, 1)


def test_a_change_by_a_request_is_marked_since_the_oldest() -> None:
    """No offset brings it back, so it is marked until told; what the bus brings marks nothing."""
    heard = changed(DRUMS, fresh(), spoken("tok"), marked=False, at=5)
    assert heard.untold is None
    first = stored(heard, replace(heard), at=7)
    assert first.untold == 7
    assert stored(first, replace(first), at=9).untold == 7
    assert changed(DRUMS, first, replace(first), marked=False, at=9).untold == 7


def test_changes_are_never_at_one_time() -> None:
    """A walk pages by the time of the change, also where a clock goes back."""
    first = stored(fresh(), spoken("tok"), at=100)
    assert first.changed_at == 100
    assert stored(first, replace(first), at=40).changed_at == 101


def test_a_change_names_what_it_makes_stale() -> None:
    """Other documents are marked in the same write, each once, beside those marked before."""
    before = replace(fresh(), dirty=("minute-2", "day"))
    after = replace(before, state=Sound(struck=(1, 2, 1)))
    assert stored(before, after).dirty == ("minute-2", "day", "minute-1")
    assert stored(before, replace(before)).dirty == ("minute-2", "day")


def test_a_redaction_is_another_history_of_the_same_length() -> None:
    """The mark under which it is told differs, though the last pair is the same."""
    document = spoken("tok")
    row = document.facts[0].copy()
    row["redacted"] = ["text"]
    assert replace(document, facts=(row,)).mark != document.mark == str(document.last)
