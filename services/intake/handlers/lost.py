"""What a reporter who lost the PIN can do: have it sent to the contact that was left."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from services.intake.domain.acts import send_pin
from services.intake.domain.complaint import Complaint
from services.intake.handlers.intake import Intake
from services.intake.handlers.names import number_of, request_of_citizen
from services.intake.handlers.pin_requests import PinRequests
from shared.contracts.intake import PinRequested
from shared.runtime.asking import once
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Away

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LostPins:
    """Sends PINs again without telling who asks whether there is such a number.

    Whatever depends on the number, the look into the store included, is done after the answer, so
    that not even the time it takes says anything. Who asks often is slowed, whether there is such
    a number or not. What is sent is the long PIN: it opens the report also while wrong ones keep it
    closed to the six digits, whoever tried them.
    """

    intake: Intake
    requests: PinRequests

    async def ask(self, typed: str, address: str | None = None) -> str:
        """Take a request for a number from an address, in the one form; raises Refused, Away."""
        number = number_of(typed)
        await self.requests.count(number, address)
        return number

    async def send(self, number: str, key: str, trace: str) -> None:
        """Have the PIN sent, if there is such a complaint and its reporter can be reached."""
        try:
            if (found := await self.intake.numbered(number)) is not None:
                await self._send(found, key, trace)
        except (Away, Refused) as reason:
            log.info("pin_not_sent", extra={"reason": str(reason)})

    async def _send(self, document: Document[Complaint], key: str, trace: str) -> None:
        request = request_of_citizen(key, trace)
        sealed = self.intake.seal(self.intake.pins.long(document.id).encode())

        def decide(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
            return send_pin(self.intake.complaints, document, sealed, request, under)

        await self.intake.ask(document.id, once(request.id, PinRequested.type, {}, decide))
