"""Each rule switched off in turn: a simulation that does not notice proves nothing.

Rules that only a rare meeting of events needs are switched off in ``test_plays``.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.simulation import planted as p
from tests.simulation import planted_archiving as a
from tests.simulation import planted_counting as c
from tests.simulation import planted_forgetting as f
from tests.simulation import planted_hearing as h
from tests.simulation import planted_hiding as hide
from tests.simulation import planted_lateness as late
from tests.simulation import planted_leaders as lead
from tests.simulation import planted_merging as m
from tests.simulation import planted_quarantine as q
from tests.simulation import planted_silence as s
from tests.simulation import planted_telling as t
from tests.simulation.checks import check
from tests.simulation.scenarios import (
    ARCHIVING,
    ARCHIVING_BLIND,
    BLIND,
    BROKEN,
    CALM,
    CRASHES,
    DYING,
    LOST_LOG,
    OLDER_READERS,
    POISONED,
    REFUSED,
    RESTORED,
    UNANSWERED,
    Scenario,
)
from tests.simulation.world import World

FOLLOWUP_RESTORED, NOTIFICATION_RESTORED, FOLLOWUP_BLIND = RESTORED[2], RESTORED[3], BLIND[2]
BROKEN_OFTEN = replace(BROKEN, name="the bus breaks bodies often", broken=0.04)
DYING_POISONED = replace(POISONED, poison=20, rates=DYING.rates)

PLANTED: list[tuple[p.Planting, Scenario]] = [
    (p.tell_before_writing, CRASHES),
    (p.commit_before_telling, CRASHES),
    (p.give_up_after_one_send, UNANSWERED),
    (p.tell_only_own_writes, UNANSWERED),
    (p.tell_at_every_repeat, CRASHES),
    (p.answer_own_words, CRASHES),
    (p.mark_no_request, CRASHES),
    (p.stop_the_relay, CRASHES),
    (p.unmark_before_telling, DYING),
    (p.derive_nothing, CRASHES),
    (p.derive_later, DYING),
    (p.refuse_in_silence, CRASHES),
    (p.name_receipts_by_chance, CRASHES),
    (p.name_what_came_later, CRASHES),
    (h.go_back, UNANSWERED),
    (h.fold_out_of_order, CRASHES),
    (f.compare_sequences_alone, FOLLOWUP_BLIND),
    (h.write_without_guard, CRASHES),
    (h.pass_over_broken_facts, POISONED),
    (h.pass_over_unreadable_facts, BROKEN),
    (h.hold_what_is_unknown, OLDER_READERS),
    (q.quarantine_later, DYING_POISONED),
    (q.lose_what_waits, POISONED),
    (q.stop_at_what_is_broken, POISONED),
    (q.keep_no_unreadable, BROKEN),
    (q.drop_what_comes_behind, POISONED),
    (q.release_nothing, POISONED),
    (f.number_without_epoch, FOLLOWUP_BLIND),
    (f.name_facts_by_chance, FOLLOWUP_BLIND),
    (f.note_nothing_astray, FOLLOWUP_BLIND),
    (f.retell_nothing, LOST_LOG),
    (f.mend_nothing, BROKEN_OFTEN),
    (f.keep_the_positions, LOST_LOG),
    (f.adopt_nothing, FOLLOWUP_RESTORED),
    (f.adopt_after_telling, FOLLOWUP_RESTORED),
    (f.hear_on_where_it_was, FOLLOWUP_RESTORED),
    (a.look_only_here, ARCHIVING),
    (a.let_the_archived_one_win, ARCHIVING),
    (a.delete_before_inserting, ARCHIVING),
    (a.drop_what_is_archived_alone, ARCHIVING),
    (a.retell_what_is_live, ARCHIVING_BLIND),
    (m.mark_no_follower, CRASHES),
    (m.clean_before_telling, UNANSWERED),
    (m.join_nobody, CRASHES),
    (late.count_what_is_excused, CALM),
    (late.let_a_told_date_stand, LOST_LOG),
    (t.send_what_was_overtaken, CRASHES),
    (hide.write_it_out, CRASHES),
    (hide.keep_what_was_said, CRASHES),
    (hide.publish_it, CRASHES),
    (hide.follow_it, CRASHES),
    (hide.send_a_pin_at_once_again, CRASHES),
    (s.leave_it_deferred, CALM),
    (lead.ask_no_leader, CRASHES),
    (lead.show_what_is_drafted, CRASHES),
    (lead.count_what_is_drafted, CRASHES),
    (lead.stop_the_clock_at_a_draft, CRASHES),
    (lead.judge_ones_own_case, CRASHES),
    (c.clean_what_has_changed, CRASHES),
    (c.count_some_windows, CRASHES),
    (q.drop_what_the_store_refuses, REFUSED),
]
# Not here, since without them nothing is lost or done twice, only work:
# - leases (3.2 rule 3, 3.6): two holders tell, unmark, release and retell the same; telling twice
#   is harmless (rule 5), and marks, quarantine and writes are guarded by pairs and versions;
# - folding nothing of a held stream (3.3): a newer history is whole, so it meets the same broken
#   fact again, or is mended and can be folded at once;
# - staying held where a newer history waits (3.3): the next release takes that one by its own pair;
# - dropping a repeat unread, unmarking without touching the version (3.2, 3.3): they save work;
# - forgetting what an old bus acknowledged (3.6): the retelling tells everything all the same;
# - keeping submissions longer than the oldest backup (3.6): what neither a store, nor a stream, nor
#   they still have is what only a lost store knew, and that is listed (``restore.Lost``).
SEEDS = range(24)
"""Runs until it is noticed; the rarest meeting comes in one of six."""
SOONEST: dict[p.Planting, int] = {
    p.commit_before_telling: 1,
    p.tell_only_own_writes: 1,
    p.mark_no_request: 1,
    p.stop_the_relay: 2,
    p.derive_later: 2,
    q.quarantine_later: 6,
    q.keep_no_unreadable: 1,
    f.adopt_nothing: 1,
    f.adopt_after_telling: 1,
    f.hear_on_where_it_was: 1,
    m.mark_no_follower: 1,
    m.clean_before_telling: 2,
    hide.follow_it: 2,
    lead.judge_ones_own_case: 7,
    c.clean_what_has_changed: 2,
}
"""By which seed it was noticed first, where that is not the first one: it is tried before all.

Nothing hangs on it but time: a run takes seconds, and a change may move the meeting elsewhere.
"""
STEPS = 40_000
"""A settled run of this size takes at most half of it."""


def found(scenario: Scenario, seed: int) -> str | None:
    """Run small, and give what a check says of it."""
    world = World(replace(scenario, complaints=40), seed)
    try:
        check(world.run(STEPS))
        if scenario is CRASHES:
            assert world.sends < 3 * world.facts, f"{world.sends} messages, {world.facts} facts"
    except AssertionError as broken:
        return str(broken) or repr(broken)
    finally:
        world.scheduler.close()
    return None


@pytest.mark.parametrize(
    ("planting", "scenario"), PLANTED, ids=[planting.__name__ for planting, _ in PLANTED]
)
def test_a_rule_switched_off_is_noticed(
    planting: p.Planting, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run with a planted fault does not pass the checks."""
    planting(monkeypatch)
    seeds = sorted(SEEDS, key=lambda seed: seed != SOONEST.get(planting, 0))
    caught = next((said for seed in seeds if (said := found(scenario, seed))), None)
    print(f"{planting.__name__}: {caught}")
    assert caught is not None, f"{planting.__name__} was not noticed in {len(SEEDS)} runs"


@pytest.mark.parametrize("scenario", dict.fromkeys(each.name for _, each in PLANTED))
def test_without_a_planted_fault_the_same_run_passes(scenario: str) -> None:
    """It is the planted fault that is noticed, not the scenario."""
    assert found(next(each for _, each in PLANTED if each.name == scenario), 0) is None
