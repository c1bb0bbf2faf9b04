"""Objections to how a case ended, decided by a senior who had no part in it (keberatan)."""

from __future__ import annotations

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.reopening import goes_on
from shared.contracts import followup
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

UPHELD = "upheld"
APPEAL = "appeal"
"""Why a case goes on whose reporter was found right."""


def decide(
    cases: Cases,
    document: Document[Case],
    said: followup.AppealDecided,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Decide on the objection; upheld, the work is taken up again. Raises Refused."""
    state = document.state
    if state.agency != said.agency:
        raise Refused(404, "not_found", "No such case lies with this agency.")
    if state.appeal is None:
        raise Refused(409, "no_appeal", "No objection waits for a decision here.")
    if any(row["by"] == request.by for row in document.facts):
        sentence = "You had a part in this case yourself: somebody who had none has to decide."
        raise Refused(409, "had_a_part", sentence)
    taken_up = [goes_on(state, APPEAL, under.now, cases.calendar)] * (said.outcome == UPHELD)
    return record(cases, document, [*taken_up, said], request, under)
