"""The steps of a complaint, as everybody may see them: when, where and what, but no words of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import LOCAL_ID, NOTHING, Fact, Pair
from shared.contracts.sequence import Happened, in_order

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
"""By fact type, the step and the service that made it."""
_TYPES = {kind: fact for fact, (kind, _) in STEPS.items()}


class Step(Struct, frozen=True, omit_defaults=True):
    """One step of a complaint (langkah).

    ``pair``, ``name`` and ``cause`` say where it stands among others of its moment, as far as that
    was kept.
    """

    kind: str
    service: str
    at: datetime
    agency: str | None = None
    pair: Pair = NOTHING
    name: str = ""
    cause: str = ""

    @property
    def happened(self) -> Happened:
        """Give its place among what several services told."""
        return Happened(self.at, _TYPES.get(self.kind, ""), self.pair, self.name, self.cause)


def latest(known: tuple[Step, ...], new: Step) -> tuple[Step, ...]:
    """Give the steps of the newest moment in the order of their causes, whichever was heard first.

    ``known`` are those of one moment. Most have theirs alone, and need no order.
    """
    if not known or new.at > known[0].at:
        return (new,)
    if new.at < known[0].at:
        return known
    return tuple(in_order((*known, new), lambda each: each.happened))


def step_of(fact: Fact) -> Step | None:
    """Read a fact as a step; None where it is none."""
    found = STEPS.get(fact.type)
    if found is None or fact.data is None:
        return None
    kind, service = found
    at = fact.data.received_at if isinstance(fact.data, intake.ComplaintReceived) else fact.at
    agency = fact.said("agency") if service in {"routing", "followup"} else None
    name, cause = fact.id[:LOCAL_ID], fact.cause[:LOCAL_ID]
    return Step(kind, service, at, agency, fact.pair, name, cause)
