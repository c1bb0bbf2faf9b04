"""What leaders ask for: they approve answers or send them back, and decide on objections."""

from __future__ import annotations

from random import Random
from typing import Any

from services.followup.domain import acts, appeals
from shared.contracts.followup import AppealDecided
from shared.runtime.asking import Judge, once
from shared.runtime.document import Cause, Circumstances, Document

AnyDocument = Document[Any]
LEADER, SENIOR = "leader", "senior"
"""Who leads the agency, and somebody above it who has no part in its cases."""


def for_leader(case: AnyDocument, drawn: float) -> bool:
    """Say whether a leader acts next: mostly on what waits for one."""
    waits = case.state.draft is not None or case.state.appeal is not None
    return waits and drawn > 0.3


def ended(case: AnyDocument) -> bool:
    """Say whether nobody has to do anything about a case."""
    return case.state.withdrawn or (case.state.stage == "resolved" and case.state.appeal is None)


def leads(domain: Any, seen: AnyDocument, chance: Random, mark: str, drawn: float) -> Judge[Any]:
    """Decide on what waits for a leader."""
    if seen.state.draft is not None:
        return approves(domain, seen, mark, drawn)
    return decides(domain, seen, chance, mark)


def approves(domain: Any, seen: AnyDocument, mark: str, drawn: float) -> Judge[Any]:
    """Give the reporter the answer that waits, or send it back."""
    agency = seen.state.agency
    cause = Cause(f"request/{mark}", request=mark, by=LEADER)
    made, says = "response.given.v1", {"agency": agency}
    if drawn > 0.8:
        made, says = "draft.returned.v1", {"agency": agency, "reason": f"kurang jelas {mark}"}

    def decide(document: AnyDocument, under: Circumstances) -> AnyDocument:
        if made == "response.given.v1":
            return acts.approve(domain, document, agency, cause, under)
        return acts.send_back(domain, document, agency, says["reason"], cause, under)

    return once(mark, made, says, decide, seen=seen.revision)


def decides(domain: Any, seen: AnyDocument, chance: Random, mark: str) -> Judge[Any]:
    """Decide on an objection; the leader may have approved the very answer."""
    by, outcome = chance.choice((LEADER, SENIOR)), chance.choice(("upheld", "dismissed"))
    cause = Cause(f"request/{mark}", request=mark, by=by)
    said = AppealDecided(agency=seen.state.agency, outcome=outcome, reason=f"putusan {mark}")

    def decide(document: AnyDocument, under: Circumstances) -> AnyDocument:
        return appeals.decide(domain, document, said, cause, under)

    return once(mark, said.type, said.model_dump(mode="json"), decide, seen=seen.revision)
