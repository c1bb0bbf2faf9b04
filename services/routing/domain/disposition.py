"""Which agency must answer a complaint: by a rule, or by a coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from services.routing.domain.register import Register
from shared.contracts import followup, intake, routing
from shared.contracts.fact import Fact, Payload, instant
from shared.runtime.document import Cause, Circumstances, Document, Refused, record


class Disposition(Struct, frozen=True, omit_defaults=True):
    """Where a complaint stands at the coordinator (disposisi).

    ``turn`` counts the dispositions; one whose turn was declined waits in the queue again.
    """

    complaint: str = ""
    received_at: datetime | None = None
    tracking_number: str | None = None
    title: str | None = None
    text: str | None = None
    category: str | None = None
    area: str | None = None
    wanted: str | None = None
    confidential: bool = False
    verified: bool = False
    turn: int = 0
    agency: str | None = None
    declined_turn: int = 0
    declined_because: str | None = None
    resolved: bool = False

    @property
    def stage(self) -> str:
        """Say where it stands: ``unknown``, ``queue``, ``routed`` or ``resolved``."""
        if self.received_at is None:
            return "unknown"
        if self.resolved:
            return "resolved"
        return "routed" if self.turn > self.declined_turn else "queue"

    @property
    def place(self) -> str | None:
        """Name its place in the queue, the longest waiting first; None where it does not wait.

        Complaints of one batch are received at one moment, so the complaint makes it unique.
        """
        if self.received_at is None or self.stage != "queue":
            return None
        return f"{instant(self.received_at)}/{self.complaint}"


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Routing's view of facts; decides by rule where one fits."""

    register: Register

    stream: ClassVar[str] = "dispositions"
    schema: ClassVar[int] = 1
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **routing.FACTS,
        **followup.FACTS,
    }

    def begin(self, complaint: str) -> Disposition:
        """Give the state of a complaint of which nothing is known."""
        return Disposition(complaint=complaint)

    def fold(self, state: Disposition, fact: Fact) -> Disposition:  # noqa: PLR0911
        """Take in one fact; total, and independent of the order between streams."""
        match fact.data:
            case intake.ComplaintReceived() as said:
                return replace(
                    state,
                    received_at=said.received_at,
                    tracking_number=said.tracking_number,
                    title=said.title,
                    text=said.text,
                    category=said.category,
                    area=said.area,
                    wanted=said.agency,
                    confidential=said.confidential,
                )
            case intake.ReporterErased():
                return replace(state, title=None, text=None)
            case routing.ComplaintVerified(category=category):
                return replace(state, verified=True, category=category or state.category)
            case routing.ComplaintRouted(agency=agency, turn=turn):
                return replace(state, turn=turn, agency=agency)
            case followup.DispositionDeclined(turn=turn, reason=reason):
                return replace(state, declined_turn=turn, declined_because=reason)
            case followup.CaseResolved():
                return replace(state, resolved=True)
        return state

    def react(self, state: Disposition, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Route a new complaint by rule; what no rule decides waits for a coordinator."""
        if not isinstance(fact.data, intake.ComplaintReceived) or state.turn:
            return ()
        rule = self.register.rule_for(state.category, state.area, state.wanted)
        if rule is None:
            return ()
        return (
            routing.ComplaintVerified(category=state.category),
            routing.ComplaintRouted(agency=rule.agency, turn=1, rule=rule.name),
        )

    def dirties(self, before: Disposition, after: Disposition) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()

    def verify(
        self,
        document: Document[Disposition],
        category: str | None,
        note: str | None,
        request: Cause,
        under: Circumstances,
    ) -> Document[Disposition]:
        """Find a waiting complaint complete and in order."""
        _waiting(document)
        payload = routing.ComplaintVerified(category=category, note=note)
        return record(self, document, [payload], request, under)

    def route(
        self, document: Document[Disposition], agency: str, request: Cause, under: Circumstances
    ) -> Document[Disposition]:
        """Hand a waiting complaint to an agency."""
        _waiting(document)
        if not self.register.has(agency):
            raise Refused(
                422, "unknown_agency", f"There is no agency {agency!r} in the register.", "agency"
            )
        payloads: list[Payload] = []
        if not document.state.verified:
            payloads.append(routing.ComplaintVerified())
        payloads.append(routing.ComplaintRouted(agency=agency, turn=document.state.turn + 1))
        return record(self, document, payloads, request, under)


def _waiting(document: Document[Disposition]) -> None:
    stage = document.state.stage
    if stage == "unknown":
        raise Refused(404, "not_found", "There is no such complaint.")
    if stage != "queue":
        raise Refused(
            409, "not_waiting", f"The complaint is {stage}, it does not wait in the queue."
        )
