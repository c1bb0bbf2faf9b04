"""Each rule of the mechanism switched off in turn: a simulation that does not notice proves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.simulation import planted as p
from tests.simulation.checks import check
from tests.simulation.scenarios import (
    BLIND,
    BROKEN,
    CRASHES,
    LOST_LOG,
    OLDER_READERS,
    POISONED,
    RESTORED,
)
from tests.simulation.world import Scenario, World

FOLLOWUP_RESTORED, NOTIFICATION_RESTORED, FOLLOWUP_BLIND = RESTORED[2], RESTORED[3], BLIND[2]

PLANTED: list[tuple[p.Planting, Scenario]] = [
    (p.tell_before_writing, CRASHES),
    (p.commit_before_telling, CRASHES),
    (p.give_up_after_one_send, CRASHES),
    (p.tell_only_own_writes, CRASHES),
    (p.suspect_nothing, CRASHES),
    (p.tell_at_every_repeat, CRASHES),
    (p.answer_own_words, CRASHES),
    (p.mark_no_request, CRASHES),
    (p.stop_the_relay, CRASHES),
    (p.unmark_before_telling, CRASHES),
    (p.unmark_without_guard, CRASHES),
    (p.derive_nothing, CRASHES),
    (p.go_back, CRASHES),
    (p.pass_over_broken_facts, POISONED),
    (p.pass_over_unreadable_facts, BROKEN),
    (p.hold_what_is_unknown, OLDER_READERS),
    (p.quarantine_later, POISONED),
    (p.lose_what_waits, POISONED),
    (p.release_nothing, POISONED),
    (p.number_without_epoch, FOLLOWUP_BLIND),
    (p.name_facts_by_chance, FOLLOWUP_RESTORED),
    (p.retell_nothing, LOST_LOG),
    (p.keep_the_positions, LOST_LOG),
    (p.adopt_nothing, FOLLOWUP_RESTORED),
    (p.adopt_after_telling, FOLLOWUP_RESTORED),
    (p.hear_on_where_it_was, FOLLOWUP_RESTORED),
]
SEEDS = range(4)
STEPS = 60_000
"""A settled run of this size takes a fifth of it."""


def found(scenario: Scenario, seed: int) -> str | None:
    """Run small, and give what a check says of it."""
    world = World(replace(scenario, complaints=40), seed)
    try:
        check(world.run(STEPS))
        assert world.sends < 3 * world.facts, f"{world.sends} messages for {world.facts} facts"
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
    caught = next((said for seed in SEEDS if (said := found(scenario, seed))), None)
    print(f"{planting.__name__}: {caught}")
    assert caught is not None, f"{planting.__name__} was not noticed in {len(SEEDS)} runs"
