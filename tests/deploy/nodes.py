"""What five services know of complaints, made by their own domains without store or bus."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from services.followup.domain import acts
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT
from services.intake.domain.complaint import Complaints
from services.metrics.domain.timeline import Timelines
from services.notification.domain.ledger import Ledger
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.register import Register
from shared.contracts import intake
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Payload
from shared.contracts.followup import ResponseGiven
from shared.contracts.topics import SERVICES, heard_by
from shared.contracts.tracking import TrackingNumber
from shared.contracts.vocabulary import Channel, Kind, zone_of
from shared.runtime.document import Cause, Circumstances, Document, blank, changed, record
from shared.runtime.folding import Told, hear
from shared.runtime.timing import micros
from tests.registers import Always

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REGISTER = Register.model_validate(
    {
        "agencies": [{"code": "dinas-lh", "name": "Dinas Lingkungan Hidup"}],
        "rules": [{"category": "sampah", "area": "81.71", "agency": "dinas-lh"}],
    }
)
CASES = Cases(Calendar(zone_of("8171")), DEFAULT)
DOMAINS: dict[str, Any] = {
    "intake": Complaints(),
    "routing": Dispositions(Always(REGISTER)),
    "followup": CASES,
    "notification": Ledger(),
    "metrics": Timelines(),
}


def tell(document: Document[Any], stream: str) -> Told:
    """Give a document's history as its readers hear it."""
    import orjson

    body = orjson.dumps({"complaint": document.id, "facts": document.facts})
    return Told(stream, document.id, document.last, body)


class World:
    """One node in memory; each complaint goes as far as it is asked to."""

    def __init__(self) -> None:
        """Begin without a complaint."""
        self.known: dict[str, dict[str, Document[Any]]] = {service: {} for service in SERVICES}
        self.now = NOON

    def file(self, complaint: str | None = None) -> str:
        """Accept a complaint at intake; nobody else has heard of it."""
        identity = complaint or str(uuid.uuid4())
        received = intake.ComplaintReceived(
            node="8171",
            tracking_number=str(TrackingNumber.of("8171", identity)),
            kind=Kind.COMPLAINT,
            title="Sampah",
            text="Tidak diangkut",
            category="sampah",
            area="81.71.02",
            channel=Channel.WEB,
            reporter_ref="r",
            received_at=self.now,
        )
        self._do("intake", identity, [received], f"citizen/{identity}")
        return identity

    def spread(self, complaint: str, services: Iterable[str] = SERVICES) -> None:
        """Let these services hear all there is, until nothing is new."""
        for _ in range(4):
            for service in services:
                for stream in heard_by(service):
                    teller = self.known[stream.producer].get(complaint)
                    if teller is not None and teller.facts and stream.name != "contacts":
                        self._hear(service, complaint, tell(teller, stream.name))

    def respond(self, complaint: str) -> None:
        """Let the agency answer; nobody else has heard of it."""
        stored = self.known["followup"][complaint]
        under = Circumstances(self.now)
        request = Cause("pupr/1", request="pupr/1", by="pupr")
        said = ResponseGiven(agency="dinas-lh", text="Sudah")
        self._keep("followup", stored, acts.respond(CASES, stored, said, request, under))

    def group(self, complaint: str) -> dict[str, Document[Any]]:
        """Give what the services know of a complaint."""
        return {s: self.known[s][complaint] for s in SERVICES if complaint in self.known[s]}

    def _do(self, service: str, complaint: str, payloads: list[Payload], request: str) -> None:
        stored = blank(DOMAINS[service], complaint)
        cause = Cause(request, request=request)
        after = record(DOMAINS[service], stored, payloads, cause, Circumstances(self.now))
        self._keep(service, stored, after)

    def _hear(self, service: str, complaint: str, told: Told) -> None:
        domain = DOMAINS[service]
        stored = self.known[service].get(complaint) or blank(domain, complaint)
        after = hear(domain, stored, told, Circumstances(self.now)).document
        if after is not stored:
            self._keep(service, stored, after)

    def _keep(self, service: str, stored: Document[Any], after: Document[Any]) -> None:
        self.now += timedelta(seconds=1)
        ready = changed(DOMAINS[service], stored, after, marked=False, at=micros(self.now))
        self.known[service][after.id] = ready
