"""What an agency is shown of a case that has passed on to another."""

from __future__ import annotations

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from shared.contracts import followup
from shared.contracts.fact import read_fact
from shared.runtime.document import Document


def as_left(cases: Cases, document: Document[Case], agency: str, began: str) -> Document[Case]:
    """Rebuild a case as it was when an agency's last turn ended, under no revision.

    ``began`` is the type of fact that brought the agency into a turn. What came later is another
    agency's, though a fact of it may name this one; beside its own turns there is only what never
    changes.
    """
    facts = document.facts
    came = [
        at
        for at, row in enumerate(facts)
        if row["type"] == began and row["data"]["agency"] == agency
    ]
    last = came[-1] if came else -1
    ends = (
        at for at, row in enumerate(facts) if at > last and row["type"] == followup.CaseOpened.type
    )
    facts = facts[: next(ends, len(facts))]
    now = document.state
    first = Case(
        complaint=document.id,
        received_at=now.received_at,
        tracking_number=now.tracking_number,
        anonymous=now.anonymous,
        confidential=now.confidential,
        kind=now.kind,
        inspection=now.inspection,
        decided_at=now.decided_at,
        returned_at=now.returned_at,
        disposed_at=now.disposed_at,
        routed_at=now.routed_at,
    )
    state = cases.reckoning.started(first)
    for row in facts:
        state = cases.fold(state, read_fact(row, cases.known))
    return replace(document, state=state, facts=facts, revision=0)
