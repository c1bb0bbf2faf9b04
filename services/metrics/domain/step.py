"""The steps of a complaint, as everybody may see them: when, where and what, but no words of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact

STEPS: Mapping[str, tuple[str, str]] = {
    intake.ComplaintReceived.type: ("received", "intake"),
    intake.ReporterReplied.type: ("replied", "intake"),
    intake.ComplaintAmended.type: ("amended", "intake"),
    intake.ReporterRated.type: ("rated", "intake"),
    intake.ComplaintWithdrawn.type: ("withdrawn", "intake"),
    routing.ComplaintVerified.type: ("verified", "routing"),
    routing.ComplaintRouted.type: ("routed", "routing"),
    routing.ComplaintDeferred.type: ("deferred", "routing"),
    routing.ComplaintResumed.type: ("resumed", "routing"),
    routing.ComplaintArchived.type: ("archived", "routing"),
    routing.ComplaintRestored.type: ("restored", "routing"),
    routing.ComplaintMerged.type: ("merged", "routing"),
    routing.ComplaintUnmerged.type: ("separated", "routing"),
    followup.CaseOpened.type: ("opened", "followup"),
    followup.DispositionDeclined.type: ("declined", "followup"),
    followup.DeadlineMissed.type: ("overdue", "followup"),
    followup.ResponseGiven.type: ("answered", "followup"),
    followup.CaseResolved.type: ("resolved", "followup"),
    followup.CaseReopened.type: ("reopened", "followup"),
    notification.NoticeSent.type: ("notified", "notification"),
}
"""By fact type, the step and the service that made it; of one moment, the later line wins."""
_RANK = {step: rank for rank, (step, _) in enumerate(STEPS.values())}


class Step(Struct, frozen=True, omit_defaults=True):
    """One step of a complaint (langkah)."""

    kind: str
    service: str
    at: datetime
    agency: str | None = None

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Order steps by time, whatever the order in which they were heard."""
        return self.at, _RANK.get(self.kind, 0), self.agency or ""


def step_of(fact: Fact) -> Step | None:
    """Read a fact as a step; None where it is none."""
    found = STEPS.get(fact.type)
    if found is None or fact.data is None:
        return None
    kind, service = found
    at = fact.data.received_at if isinstance(fact.data, intake.ComplaintReceived) else fact.at
    agency = getattr(fact.data, "agency", None) if service in {"routing", "followup"} else None
    return Step(kind, service, at, agency)
