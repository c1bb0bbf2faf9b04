"""The door for those who lost their PIN."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks

from services.intake.api.asker import Address
from services.intake.api.messages import PinAskedOut
from services.intake.api.routes import PREFIX, Number
from services.intake.api.spoken import InLanguage
from services.intake.handlers import LostPins
from services.intake.wording.sentences import PIN_ASKED
from shared.runtime.web import NO_BODY, IdempotencyKey, Trace, create_router
from shared.ui.speech import spoken


def create_lost(lost: LostPins) -> APIRouter:
    """Build the routes."""
    api = create_router(PREFIX, ["citizen"])

    @api.post("/{tracking_number}/pin", status_code=202, dependencies=[NO_BODY])
    async def send_pin(
        tracking_number: Number,
        address: Address,
        key: IdempotencyKey,
        trace: Trace,
        after: BackgroundTasks,
        language: InLanguage,
    ) -> PinAskedOut:
        """Ask for a lost PIN (PIN hilang): it is sent to the contact that was left, if one was.

        What is sent is the long PIN, which is taken also while wrong PINs keep the report closed.
        The six digits stay what they are. The answer is the same whether there is such a number or
        not. Once an hour at most, and less and less often.
        """
        number = await lost.ask(tracking_number, address)
        after.add_task(lost.send, number, key, trace)
        return PinAskedOut(tracking_number=number, detail=spoken(PIN_ASKED, language))

    return api
