"""What a reporter does with a report that was filed: reply, amend, rate, withdraw."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.intake.api.messages import TrackedOut
from services.intake.api.routes import PREFIX, Number, Pin, answer
from services.intake.api.sent import AmendIn, RateIn, ReplyIn, WithdrawIn
from services.intake.handlers import Intake
from shared.runtime.web import IdempotencyKey, Trace, create_router


def create_acts(intake: Intake) -> APIRouter:
    """Build the routes; each act is done once per key, and answers with where it now stands."""
    api = create_router(f"{PREFIX}/{{tracking_number}}", ["citizen"])

    @api.post("/replies", status_code=201)
    async def reply(
        tracking_number: Number,
        body: ReplyIn,
        pin: Pin,
        key: IdempotencyKey,
        trace: Trace,
        response: Response,
    ) -> TrackedOut:
        """Answer the agency (balasan pelapor).

        One that comes too late to take a closed report up again is taken, too: ``unheeded`` says
        so then.
        """
        document = await intake.reply(tracking_number, pin, body.text, key, trace)
        return await answer(intake, document, response)

    @api.post("/amendments", status_code=201)
    async def amend(
        tracking_number: Number,
        body: AmendIn,
        pin: Pin,
        key: IdempotencyKey,
        trace: Trace,
        response: Response,
    ) -> TrackedOut:
        """Add to the report, or correct it (perbaikan laporan); the original stays as it is.

        Fields can be corrected until the report is verified, words added until it is resolved.
        """
        document = await intake.amend(tracking_number, pin, body.said(), key, trace)
        return await answer(intake, document, response)

    @api.post("/ratings", status_code=201)
    async def rate(
        tracking_number: Number,
        body: RateIn,
        pin: Pin,
        key: IdempotencyKey,
        trace: Trace,
        response: Response,
    ) -> TrackedOut:
        """Rate the newest answer or the resolution (penilaian pelapor), once each.

        ``solved`` says whether it is done: true ends the case as confirmed, false takes it up
        again; after its end for as long as the policy of the node leaves for that.
        """
        document = await intake.rate(tracking_number, pin, body.said(), key, trace)
        return await answer(intake, document, response)

    @api.post("/appeals", status_code=201)
    async def appeal(
        tracking_number: Number,
        body: ReplyIn,
        pin: Pin,
        key: IdempotencyKey,
        trace: Trace,
        response: Response,
    ) -> TrackedOut:
        """Object to how the case ended (keberatan): a senior who had no part in it decides.

        One that comes too late, or to an end that no longer stands, is answered with why nobody
        does: it stands in the history then, and is told to the contact that was left.
        """
        document = await intake.appeal(tracking_number, pin, body.text, key, trace)
        return await answer(intake, document, response)

    @api.post("/withdrawal", status_code=201)
    async def withdraw(
        tracking_number: Number,
        body: WithdrawIn,
        pin: Pin,
        key: IdempotencyKey,
        trace: Trace,
        response: Response,
    ) -> TrackedOut:
        """Take the report back (pencabutan laporan): nobody works on it any more."""
        document = await intake.withdraw(tracking_number, pin, body.reason, key, trace)
        return await answer(intake, document, response)

    return api
