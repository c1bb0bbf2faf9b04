"""Rules that only a rare meeting of events needs: each meeting is played, with and without them."""

from __future__ import annotations

import pytest

from tests.simulation import planted as p
from tests.simulation import planted_archiving as a
from tests.simulation import planted_counting as c
from tests.simulation import planted_erasing as e
from tests.simulation import planted_fetching as g
from tests.simulation import planted_forgetting as f
from tests.simulation import planted_quarantine as q
from tests.simulation import planted_silence as s
from tests.simulation import (
    plays_archiving,
    plays_counting,
    plays_erasing,
    plays_fetching,
    plays_forgetting,
    plays_quarantine,
    plays_silence,
    plays_telling,
)
from tests.simulation.checks import check
from tests.simulation.stage import Play, perform

PLANTED: list[tuple[p.Planting, Play]] = [
    (p.suspect_nothing, plays_telling.who_slept_wakes_as_the_owner),
    (p.note_the_end_at_once, plays_telling.an_earlier_owner_writes_and_dies),
    (p.unmark_what_has_grown, plays_telling.a_history_grows_while_its_mark_is_taken),
    (p.keep_the_marks, plays_telling.who_slept_wakes_as_the_owner),
    (p.compact_at_once, plays_telling.the_log_is_compacted_behind_a_slow_owner),
    (p.compact_at_once, plays_telling.days_pass_while_a_reader_sleeps),
    (f.fold_what_was_made_again, plays_forgetting.a_fact_is_made_again_before_it_was_acted_on),
    (q.hold_before_keeping, plays_quarantine.only_quarantine_has_it),
    (q.replace_whatever_waits, plays_quarantine.a_lower_pair_comes_late),
    (q.delete_whatever_waits, plays_quarantine.a_newer_history_comes_while_one_is_released),
    (q.release_unmarked, plays_quarantine.what_waits_is_released),
    (e.redact_nothing, plays_erasing.words_wait_in_quarantine),
    (e.redact_in_silence, plays_erasing.words_wait_in_quarantine),
    (e.keep_only_what_is_higher, plays_erasing.words_wait_in_quarantine),
    (e.keep_the_first_of_a_pair, plays_erasing.a_batch_has_the_words_and_their_redaction),
    (f.retell_once, plays_forgetting.a_change_comes_after_its_page_was_told),
    (f.retell_once, plays_forgetting.a_write_lands_after_its_page_was_told),
    (f.retell_what_has_not_changed, plays_forgetting.a_complaint_changes_while_a_retelling_lasts),
    (f.note_the_bus_before_telling, plays_forgetting.the_teller_dies_in_the_midst_of_retelling),
    (e.adopt_no_tombstones, plays_erasing.only_the_tombstone_was_told),
    (e.redact_no_repeats, plays_erasing.words_are_told_anew_before_they_are_forgotten),
    (e.show_what_is_repeated, plays_erasing.words_are_told_anew_before_they_are_forgotten),
    (e.tell_no_repeats, plays_erasing.words_are_told_anew_before_they_are_forgotten),
    (e.keep_the_day, plays_erasing.the_day_was_told_and_put_right),
    (e.remember_the_day, plays_erasing.the_day_was_told_and_put_right),
    (a.delete_unguarded, plays_archiving.a_complaint_changes_while_it_moves),
    (a.delete_before_inserting, plays_archiving.who_moves_it_dies_between_the_two_steps),
    (a.leave_it_in_both_places, plays_archiving.a_reporter_says_more_about_an_archived_case),
    (a.look_only_here, plays_archiving.a_reporter_says_more_about_an_archived_case),
    (g.keep_what_is_not_awaited, plays_fetching.who_fetches_sleeps_until_another_has_given_up),
    (
        g.take_one_record_for_another,
        plays_fetching.a_reply_brings_a_file_while_that_of_its_submission_is_awaited,
    ),
    (g.archive_what_is_awaited, plays_fetching.a_complaint_is_over_while_its_file_is_awaited),
    (f.note_pages_before_telling, plays_forgetting.the_teller_dies_in_the_midst_of_retelling),
    (s.beat_over_what_is_untold, plays_silence.it_is_not_told_yet),
    (s.take_the_beat_for_what_it_speaks_of, plays_silence.it_is_told_and_not_heard),
    (s.go_by_the_clock_alone, plays_silence.it_is_told_and_not_heard),
    (s.beat_before_retelling, plays_silence.the_bus_forgets_it),
    (s.take_what_is_held_for_silence, plays_silence.it_waits_in_quarantine),
    (s.overhear_that_it_is_back, plays_silence.nothing_was_said),
    (s.beat_over_what_is_untold, plays_counting.a_report_is_not_told_yet),
    (s.take_the_beat_for_what_it_speaks_of, plays_counting.a_report_is_told_and_not_heard),
    (c.claim_before_counting, plays_counting.a_report_is_heard_and_not_counted),
    (c.compare_no_windows, plays_counting.an_older_count_lands_behind_a_newer_one),
    (c.tell_the_day_alone_again, plays_counting.an_older_count_lands_behind_a_newer_one),
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
