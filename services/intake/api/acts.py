"""What a reporter does with a report that was filed: reply, amend, rate, withdraw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple, TypeVar

from fastapi import APIRouter, Depends, Response

from services.intake.api.messages import TrackedOut
from services.intake.api.routes import PREFIX, AskedByCitizen, Number, Pin, answer
from services.intake.api.sent import AmendIn, RateIn, ReplyIn, WithdrawIn
from services.intake.api.spoken import InLanguage
from services.intake.domain.complaint import Complaint
from services.intake.handlers import Intake, Tried
from shared.runtime.document import Cause, Document
from shared.runtime.web import create_router

Said = TypeVar("Said")
Deed = Callable[[str, Tried, Said, Cause], Awaitable[Document[Complaint]]]


class Act(NamedTuple):
    """With which report something is done, under which request; and its answer on the way."""

    number: str
    pin: Tried
    request: Cause
    language: str
    response: Response


async def _act(
    tracking_number: Number,
    pin: Pin,
    request: AskedByCitizen,
    language: InLanguage,
    response: Response,
) -> Act:
    return Act(tracking_number, pin, request, language, response)


Acting = Annotated[Act, Depends(_act)]


def create_acts(intake: Intake) -> APIRouter:
    """Build the routes; each act is done once per key, and answers with where it now stands.

    Words that come again without a key, within minutes and with nothing done since, are taken for
    the ones before.
    """
    api = create_router(f"{PREFIX}/{{tracking_number}}", ["citizen"])

    async def done(act: Act, deed: Deed[Said], said: Said) -> TrackedOut:
        document = await deed(act.number, act.pin, said, act.request)
        return await answer(intake, document, act.language, act.response)

    @api.post("/replies", status_code=201)
    async def reply(act: Acting, body: ReplyIn) -> TrackedOut:
        """Answer the agency (balasan pelapor).

        While an objection waits it takes the report up again, and nobody decides on the objection
        any more. The very same words again within five minutes, without Idempotency-Key, are said
        once, if they were the reporter's last act and nobody did anything since. One that comes
        too late to take a closed report up again is taken, too: ``unheeded`` says so then.
        """
        return await done(act, intake.reply, body.text)

    @api.post("/amendments", status_code=201)
    async def amend(act: Acting, body: AmendIn) -> TrackedOut:
        """Add to the report, or correct it (perbaikan laporan); the original stays as it is.

        The very same again within five minutes, without Idempotency-Key, is said once, if it was
        the reporter's last act and nobody did anything since.
        Fields can be corrected until the report is verified, words added until it is resolved.
        """
        return await done(act, intake.amend, body.said())

    @api.post("/ratings", status_code=201)
    async def rate(act: Acting, body: RateIn) -> TrackedOut:
        """Rate the newest answer or the resolution (penilaian pelapor), once each.

        ``solved`` says whether it is done: true ends the case as confirmed, false takes it up
        again; after its end for as long as the policy of the node leaves for that.
        """
        return await done(act, intake.rate, body.said())

    @api.post("/appeals", status_code=201)
    async def appeal(act: Acting, body: ReplyIn) -> TrackedOut:
        """Object to how the case ended (keberatan): a senior who had no part in it decides.

        A reply, or ``solved`` false, before that takes the report up again and ends the objection.
        One that comes too late, or to an end that no longer stands, is answered with why nobody
        does: it stands in the history then, and is told to the contact that was left.
        """
        return await done(act, intake.appeal, body.text)

    @api.post("/withdrawal", status_code=201)
    async def withdraw(act: Acting, body: WithdrawIn) -> TrackedOut:
        """Take the report back (pencabutan laporan): nobody works on it any more."""
        return await done(act, intake.withdraw, body.reason)

    return api
