"""What several services told is read in one order, whichever of them is heard first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.fact import Pair, fact_id, instant
from shared.contracts.sequence import Happened, in_order

NOON = datetime(2026, 3, 17, 3, tzinfo=UTC)
RECEIVED, REPLIED = "complaint.received.v1", "reporter.replied.v1"
VERIFIED, ROUTED, RESUMED = "complaint.verified.v1", "complaint.routed.v1", "complaint.resumed.v1"
OPENED, DECLINED, REOPENED = "case.opened.v1", "disposition.declined.v1", "case.reopened.v1"


def told(kind: str, nth: int = 1, cause: str = "a request", *, late: int = 0) -> Happened:
    """Give the place of a fact, named by its type; all happen at one moment."""
    return Happened(NOON + timedelta(milliseconds=late), kind, Pair(0, nth), kind, cause)


FILED = [
    told(RECEIVED),
    told(VERIFIED, 1, RECEIVED),
    told(ROUTED, 2, RECEIVED),
    told(OPENED, 1, ROUTED),
]
SENT_BACK = [told(DECLINED, 2), told(ROUTED, 3, DECLINED), told(OPENED, 3, ROUTED)]
"""Here a later stream tells what an earlier one's fact was caused by."""
REPLY = [told(REPLIED, 2), told(RESUMED, 4, REPLIED), told(REOPENED, 5, REPLIED)]
LATER = [told(REOPENED, 5, late=0), told(RECEIVED, 1, late=1), told(RECEIVED, 2, late=2)]
STORIES = {"filed": FILED, "sent back": SENT_BACK, "reply": REPLY, "moments": LATER}


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
@given(data=st.data())
def test_what_caused_another_comes_first_however_they_are_heard(
    story: Sequence[Happened], data: st.DataObject
) -> None:
    """Equal moments follow cause, and within one stream the pair; others the clock."""
    heard = data.draw(st.permutations(story))
    assert in_order(heard, lambda each: each) == list(story)


@given(heard=st.permutations([told(VERIFIED), told(ROUTED), told(OPENED)]))
def test_what_was_kept_without_its_place_follows_the_way_of_the_streams(
    heard: list[Happened],
) -> None:
    """A step that an earlier release kept has neither pair nor cause."""
    kept = [Happened(each.at, each.type) for each in heard]
    assert [each.type for each in in_order(kept, lambda each: each)] == [VERIFIED, ROUTED, OPENED]


def test_facts_that_cause_each_other_are_all_shown() -> None:
    """Nothing is lost, and nobody waits for ever, where causes go round, or a type is unknown."""
    round_about = [told("later.v1"), told(REPLIED, 1, ROUTED), told(ROUTED, 1, REPLIED)]
    assert sorted(in_order(round_about, lambda each: each)) == sorted(round_about)


def test_a_stored_fact_is_found_by_what_it_caused() -> None:
    """The names that are kept are shorter than those that are told."""
    caused = fact_id("c", RECEIVED, "k")
    frame = {"pair": [0, 1], "at": instant(NOON)}
    first = Happened.told({**frame, "id": caused, "type": RECEIVED, "cause": "k"})
    then = Happened.told({**frame, "id": "f", "type": ROUTED, "cause": caused})
    assert (then.cause, first.pair) == (first.name, Pair(0, 1))
