"""The operator's door: what became of the notices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.notification.domain.notice import Notices
from services.notification.handlers import Notification
from shared.contracts.fact import Row
from shared.runtime.access import Officer, Role, officer
from shared.runtime.document import Document
from shared.runtime.web import create_router

MOST_COUNTED = 1000

Operator = Annotated[Officer, Depends(officer(Role.OPERATOR))]


class Work(Protocol):
    """The sending of notices, as far as it is shown."""

    @property
    def outcomes(self) -> dict[str, int]:
        """How attempts ended since this process started."""

    def remarks(self) -> list[str]:
        """Why notices wait."""


class PendingOut(BaseModel):
    """A notice that has not ended yet."""

    notice: str
    about: str
    audience: str
    attempts: int
    next_at: datetime | None
    under_way: bool
    waits_for_contact: bool


class EndedOut(BaseModel):
    """A notice that has ended, and how."""

    notice: str
    about: str
    audience: str
    channel: str
    outcome: str
    reason: str | None
    at: datetime

    @classmethod
    def of(cls, row: Row) -> EndedOut:
        """Show a fact."""
        data: dict[str, Any] = row["data"]
        return cls(
            notice=data["notice"],
            about=data["about"],
            audience=data["audience"],
            channel=data["channel"],
            outcome=row["type"].split(".")[1],
            reason=data.get("reason"),
            at=datetime.fromisoformat(row["at"]),
        )


class LedgerOut(BaseModel):
    """Every notice of one complaint. No address stands here."""

    complaint: str
    tracking_number: str | None
    sent: int
    failed: int
    uncertain: int
    unrecorded: int
    """Ended without standing under ``ended``: the history had no room left."""
    pending: list[PendingOut]
    ended: list[EndedOut]

    @classmethod
    def of(cls, document: Document[Notices]) -> LedgerOut:
        """Show a document."""
        state = document.state
        return cls(
            complaint=document.id,
            tracking_number=state.tracking_number,
            sent=state.sent,
            failed=state.failed,
            uncertain=state.uncertain,
            unrecorded=state.unrecorded,
            pending=[
                PendingOut(
                    notice=each.notice,
                    about=each.about,
                    audience=each.audience,
                    attempts=each.attempts,
                    next_at=each.next_at,
                    under_way=each.trying,
                    waits_for_contact=not state.can_send(each),
                )
                for each in state.pending
            ],
            ended=[EndedOut.of(row) for row in document.facts],
        )


class CountsOut(BaseModel):
    """How the sending goes. ``due_complaints`` is counted up to a thousand."""

    due_complaints: int
    outcomes_since_start: dict[str, int]
    """Of this process."""
    remarks: list[str]


def create_api(notification: Notification, work: Work) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/notices", tags=["operator"])

    @api.get("")
    async def counts(_who: Operator) -> CountsOut:
        """Count what is due now, and how attempts ended."""
        return CountsOut(
            due_complaints=len(await notification.due(MOST_COUNTED)),
            outcomes_since_start=dict(work.outcomes),
            remarks=work.remarks(),
        )

    @api.get("/{complaint}")
    async def ledger(complaint: str, _who: Operator) -> LedgerOut:
        """Show what became of every notice of one complaint."""
        return LedgerOut.of(await notification.show(complaint))

    return api
