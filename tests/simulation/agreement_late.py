"""Whether metrics counts as late what followup has as missed, and excuses what it excuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.followup.domain.excusing import late_excuses
from services.metrics.domain.timeline import COMPLETE
from shared.contracts.followup import CompletionMissed, DeadlineMissed
from shared.contracts.lateness import DeadlineExcused
from shared.contracts.metrics import Measure
from shared.runtime.timing import moment
from tests.simulation.agreement import documents
from tests.simulation.world import World

Missed = tuple[str, str]


def lateness_agrees(world: World) -> Iterator[str]:
    """Each date that passed is missed and perhaps excused at both, and overdue by what is left."""
    domain: Any = world.nodes["followup"].part.domain
    outages = domain.outages(moment(world.scheduler.now))
    for key, document in documents(world, "followup").items():
        timeline = documents(world, "metrics").get(key)
        listed = any(key == each for each, _ in world.listed)
        if timeline is None or timeline.held or document.held or listed:
            continue
        if any(late_excuses(document.facts, outages, domain.calendar)):
            yield f"followup has not excused what {key[:8]} missed in an outage"
        missed, excused = set(_missed(document.facts)), set(_excused(document.facts))
        counted = {(each.clock, str(each.due_on)): each.excused for each in timeline.state.misses}
        if counted != {each: each in excused for each in missed}:
            yield f"followup missed {missed} of {key[:8]}, excused {excused}; metrics: {counted}"
        overdue = Measure.OVERDUE in {each.measure for each in timeline.state.milestones}
        if overdue != bool(missed - excused):
            yield f"metrics counts {key[:8]} as {'' if overdue else 'not '}overdue"


def _missed(rows: Any) -> Iterator[Missed]:
    for row in rows:
        if row["type"] == DeadlineMissed.type:
            yield row["data"]["clock"], row["data"]["due_on"]
        elif row["type"] == CompletionMissed.type:
            yield COMPLETE, row["data"]["due_on"]


def _excused(rows: Any) -> Iterator[Missed]:
    for row in rows:
        if row["type"] == DeadlineExcused.type:
            yield row["data"]["clock"], row["data"]["due_on"]
