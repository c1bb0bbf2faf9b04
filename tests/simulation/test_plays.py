"""Rules that only a rare meeting of events needs: each meeting is played, with and without them."""

from __future__ import annotations

import pytest

from tests.simulation import planted as p
from tests.simulation import planted_hearing as h
from tests.simulation import plays
from tests.simulation.checks import check
from tests.simulation.plays import Play, perform

PLANTED: list[tuple[p.Planting, Play]] = [
    (p.note_the_end_at_once, plays.an_earlier_owner_writes_and_dies),
    (p.unmark_what_has_grown, plays.a_history_grows_while_its_mark_is_taken),
    (p.keep_the_marks, plays.who_slept_wakes_as_the_owner),
    (p.compact_at_once, plays.the_log_is_compacted_behind_a_slow_owner),
    (h.fold_what_was_made_again, plays.a_fact_is_made_again_before_it_was_acted_on),
    (h.hold_before_keeping, plays.only_quarantine_has_it),
    (h.replace_whatever_waits, plays.a_lower_pair_comes_late),
    (h.delete_whatever_waits, plays.a_newer_history_comes_while_one_is_released),
    (h.release_unmarked, plays.what_waits_is_released),
    (h.retell_once, plays.a_change_comes_after_its_page_was_told),
    (h.note_the_bus_before_telling, plays.the_teller_dies_in_the_midst_of_retelling),
    (h.note_pages_before_telling, plays.the_teller_dies_in_the_midst_of_retelling),
]
SEEDS = range(3)
"""What is left to chance, times and names, differs; the play must come about in each."""


def found(play: Play, seed: int) -> str | None:
    """Play, and give what a check says of it."""
    try:
        check(perform(play, seed))
    except AssertionError as broken:
        return str(broken)
    return None


@pytest.mark.parametrize(
    ("planting", "play"), PLANTED, ids=[planting.__name__ for planting, _ in PLANTED]
)
def test_a_rule_switched_off_is_noticed_each_time(
    planting: p.Planting, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A play with a planted fault never passes the checks."""
    planting(monkeypatch)
    said = [found(play, seed) for seed in SEEDS]
    print(f"{planting.__name__}: {said[0]}")
    assert None not in said


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "play", dict.fromkeys(play for _, play in PLANTED), ids=lambda it: it.__name__
)
def test_with_every_rule_the_same_play_ends_well(play: Play, seed: int) -> None:
    """It is the planted fault that is noticed, not the play."""
    assert found(play, seed) is None
