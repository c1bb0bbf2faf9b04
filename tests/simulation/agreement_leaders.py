"""Whether what waited for a leader was no answer, and who decided on objections had no part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shared.contracts.followup import AppealDecided, AppealFiled, CaseReopened
from shared.contracts.followup import DraftReturned as Returned
from shared.contracts.followup import ResponseDrafted as Drafted
from shared.contracts.followup import ResponseGiven as Given
from shared.contracts.metrics import Measure
from tests.simulation.agreement import documents
from tests.simulation.leaders import LEADER
from tests.simulation.parts import UNDER_A_LEADER
from tests.simulation.world import World

Rows = Sequence[Any]


def drafts_are_no_answers(world: World) -> Iterator[str]:
    """0038: what no leader has approved was told to nobody, stops no clock and is not counted."""
    for key, case in documents(world, "followup").items():
        given = [row for row in case.facts if row["type"] == Given.type]
        if not all(_approved(case.facts, row) for row in given):
            yield f"an answer to {key[:8]} was given that its leader has not approved"
        if (case.state.responded_at is None) != (not given):
            yield f"{key[:8]} was responded at {case.state.responded_at}: {len(given)} answers"
        listed = any(key == each for each, _ in world.listed)
        intake, timeline = (documents(world, name).get(key) for name in ("intake", "metrics"))
        if intake and not intake.held and not listed:
            read = [each.text for each in intake.state.answers]
            if read != [row["data"]["text"] for row in given]:
                yield f"the reporter of {key[:8]} reads {read}, and {len(given)} were given"
        if timeline and not timeline.held and not listed:
            measures = {each.measure for each in timeline.state.milestones}
            if (Measure.ANSWERED in measures) != bool(given):
                yield f"metrics counts {sorted(measures)} of {key[:8]}: {len(given)} answers"


def _approved(rows: Rows, given: Any) -> bool:
    """Say whether an answer is the last draft before it, given by the leader, or needs none."""
    if given["data"]["agency"] != UNDER_A_LEADER:
        return True
    before = rows[: rows.index(given)]
    drafts = [row for row in before if row["type"] in (Drafted.type, Returned.type)]
    last = drafts[-1] if drafts else given
    said = (last["type"], last["data"].get("text"), given["by"])
    return said == (Drafted.type, given["data"]["text"], LEADER)


def objections_are_decided(world: World) -> Iterator[str]:
    """0044: once, by who had no part in the case; and reporter and agency go on by it."""
    for key, case in documents(world, "followup").items():
        waits = 0
        for at, row in enumerate(case.facts):
            waits += row["type"] == AppealFiled.type
            if row["type"] != AppealDecided.type:
                continue
            waits -= 1
            before = [each for each in case.facts[:at] if each["cause"] != row["cause"]]
            if any(each["by"] == row["by"] for each in before):
                yield f"{row['by']} decided on an objection to {key[:8]} and had a part in it"
            taken_up = case.facts[at - 1]["type"] == CaseReopened.type
            if taken_up != (row["data"]["outcome"] == "upheld"):
                yield f"an objection to {key[:8]} was {row['data']['outcome']}; open: {taken_up}"
            if waits < 0:
                yield f"an objection to {key[:8]} was decided twice"
        intake = documents(world, "intake").get(key)
        if intake and not intake.held and not any(key == each for each, _ in world.listed):
            read = [
                each.outcome for each in intake.state.rulings if each.what == AppealDecided.type
            ]
            decided = [
                row["data"]["outcome"] for row in case.facts if row["type"] == AppealDecided.type
            ]
            if read != decided:
                yield f"the reporter of {key[:8]} reads {read}, and {decided} was decided"
