"""What a clerk can do: file for somebody who stands there, calls, or has written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from services.intake.domain.counter import Office, slip
from services.intake.handlers.intake import Intake
from services.intake.handlers.names import of_request
from shared.contracts.intake import Contact, Submission
from shared.contracts.vocabulary import Channel, Medium
from shared.runtime.document import Cause

COUNTER = "counter:"
"""Begins the names of what clerks ask for; the colon keeps it apart from every publisher's."""


class Entered(NamedTuple):
    """What is handed over the counter."""

    complaint: str
    tracking_number: str
    pin: str
    long_pin: str | None
    outside: tuple[str, str] | None
    """The place of the report and the node's own, where the one lies outside the other."""
    received_at: datetime
    slip: str


@dataclass(frozen=True, slots=True)
class Counter:
    """The front desk (loket), where a clerk takes down what people say or have written."""

    intake: Intake
    office: Office

    async def enter(
        self,
        draft: Submission,
        reporter: Contact | None,
        channel: Channel | Medium,
        received_on: date | None,
        request: Cause,
    ) -> Entered:
        """File for somebody; the same request again gives the same slip. Raises Refused."""
        complaint = of_request(COUNTER, request.id)
        document = await self.intake.take(
            complaint, draft, reporter, request, channel=channel, received_on=received_on
        )
        filed = self.intake.keep(document)
        received_at = document.state.received_at
        assert received_at is not None  # noqa: S101 - it has a number, so it was received
        keeps = (filed.tracking_number, filed.pin, filed.long_pin)
        elsewhere = filed.outside is not None
        printed = slip(self.office, channel, received_at, *keeps, outside=elsewhere)
        return Entered(*filed, received_at, printed)
