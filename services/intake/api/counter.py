"""The clerk's door: what comes over the counter, by letter, in the complaint box, by telephone."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.intake.api.messages import EnteredOut
from services.intake.api.sent import EnterIn
from services.intake.api.spoken import InLanguage
from services.intake.handlers import Counter
from services.intake.wording.sentences import outside_words
from shared.runtime.web import Asked, create_router


def create_counter(counter: Counter) -> APIRouter:
    """Build the routes."""
    api = create_router("/api/v1/counter", ["clerk"])

    @api.post("/complaints", status_code=201)
    async def enter(
        body: EnterIn, request: Asked, language: InLanguage, response: Response
    ) -> EnteredOut:
        """File for somebody who calls, comes or has written (petugas loket).

        ``slip`` is the receipt to print and hand over. Clocks count from the day on which it really
        came. The clerk stands in the history.
        """
        entered = await counter.enter(
            body.draft(), body.contact(), body.channel, body.received_on, request
        )
        response.headers["location"] = f"/api/v1/complaints/{entered.tracking_number}"
        outside = outside_words(entered.outside, language)
        return EnteredOut(**{**entered._asdict(), "outside": outside})

    return api
