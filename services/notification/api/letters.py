"""The clerk's door: letters to those who left no address, printed and handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.notification.handlers import LONGEST_PAGE, Letters, Viewer, place
from shared.contracts.fact import MOST_FACTS
from shared.contracts.vocabulary import Reference
from shared.contracts.wording import Worded
from shared.runtime.access import Admitted
from shared.runtime.web import Asked, create_router, seen_page
from shared.runtime.web.looks import AskedLooks, LookOut, LooksOut, Purpose

After = Annotated[
    str,
    Worded(
        pattern=r"^[0-9]{1,18}/[\x22-\x7e]{1,200}$",
        sentence="Send what the page before gives as next, unchanged.",
    ),
]
"""A place among the letters that wait."""


class WaitingOut(BaseModel):
    """A report whose reporter is to be handed a letter."""

    complaint: str
    tracking_number: str | None
    since: datetime
    """When what waits longest happened."""
    notices: int


class LettersOut(BaseModel):
    """What waits to be printed, the longest waiting first; ``next`` continues the page."""

    items: list[WaitingOut]
    next: str | None


class LetterOut(BaseModel):
    """A letter (surat pemberitahuan): plain text to print, 72 columns wide.

    It says what happened, and what an officer wrote to the reporter: an answer, a decision. Never
    what the report says, nor whose it is: it may lie about. Of a confidential report (rahasia) it
    says only that there is news.
    """

    complaint: str
    tracking_number: str | None
    addressee: str | None
    """The name that the reporter left, for whoever hands it over; None where there is none."""
    notices: list[str]
    """What it tells; say that they were printed by these ids."""
    text: str


class PrintedIn(BaseModel):
    """Which notices stood in the letter that was printed."""

    model_config = ConfigDict(extra="forbid")

    notices: list[Reference] = Field(min_length=1, max_length=MOST_FACTS)


class PrintedOut(BaseModel):
    """How many notices stood in the letter, and how many wait for the next."""

    complaint: str
    printed: int
    notices: int
    """Those that wait."""


def create_letters(letters: Letters) -> APIRouter:
    """Build the routes."""
    api = create_router("/api/v1/letters", ["clerk"])

    @api.get("")
    async def waiting(
        _who: Admitted,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> LettersOut:
        """List the reports whose reporters left no address and have something to be told."""
        found, more = await seen_page(
            letters.waiting, lambda _each: True, place, after or "", limit
        )
        return LettersOut(
            items=[
                WaitingOut(
                    complaint=each.id,
                    tracking_number=each.state.tracking_number,
                    since=each.state.letter_at,
                    notices=len(each.state.letter),
                )
                for each in found
                if each.state.letter_at is not None
            ],
            next=more,
        )

    @api.get("/{complaint}")
    async def letter(complaint: str, who: Admitted, purpose: Purpose) -> LetterOut:
        """Write one letter of all that the reporter is to be told; nothing changes by it.

        Where a name was left, or an officer wrote something, it is written down who looked at it,
        when and what for.
        """
        opened = await letters.write(complaint, Viewer(who.subject, who.agency, purpose))
        state = opened.document.state
        return LetterOut(
            complaint=complaint,
            tracking_number=state.tracking_number,
            addressee=opened.addressee,
            notices=[each.notice for each in state.letter],
            text=opened.text,
        )

    @api.get("/{complaint}/looks")
    async def looks(complaint: str, _who: Admitted, asked: AskedLooks) -> LooksOut:
        """List who looked at a letter, when and what for, oldest first (catatan akses)."""
        found, more = await asked.of(letters.looks, complaint)
        return LooksOut(items=[LookOut.of(each) for each in found], next=more)

    @api.post("/{complaint}/printed")
    async def printed(complaint: str, said: PrintedIn, request: Asked) -> PrintedOut:
        """Note that a letter was printed: what stood in it was told, by the clerk."""
        document = await letters.printed(complaint, said.notices, request)
        stood, wait = len(set(said.notices)), len(document.state.letter)
        return PrintedOut(complaint=complaint, printed=stood, notices=wait)

    return api
