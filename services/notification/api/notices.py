"""The operator's door: what became of the notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.notification.domain.brake import Brake
from services.notification.domain.notice import Notices
from services.notification.handlers import Guard, Notification
from shared.contracts.fact import Row
from shared.contracts.wording import ShortWriting
from shared.runtime.access import Admitted
from shared.runtime.document import Document
from shared.runtime.web import create_router

MOST_COUNTED = 1000
FOLLOWS = "it waits while the report follows another"
IS_ANSWERED = "it waits while the report is answered"


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
    channel: str | None
    """The channel it goes on with; none before the first attempt."""
    reason: str | None
    """Why the last attempt did not end it, or none is made."""
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
    dead: int
    uncertain: int
    unrecorded: int
    """Ended without standing under ``ended``: the history had no room left."""
    pending: list[PendingOut]
    ended: list[EndedOut]

    @classmethod
    def of(cls, document: Document[Notices]) -> LedgerOut:
        """Show a document."""
        state = document.state
        rest = FOLLOWS if state.owed.merged else IS_ANSWERED
        return cls(
            complaint=document.id,
            tracking_number=state.tracking_number,
            sent=state.sent,
            failed=state.failed,
            dead=state.dead,
            uncertain=state.uncertain,
            unrecorded=state.unrecorded,
            pending=[
                PendingOut(
                    notice=each.notice,
                    about=each.about,
                    audience=each.audience,
                    attempts=each.attempts,
                    channel=each.channel,
                    reason=rest if state.rests(each) else each.reason,
                    next_at=each.next_at,
                    under_way=each.trying,
                    waits_for_contact=not (state.can_send(each) or state.rests(each)),
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
    braked: bool
    """Whether the brake stops everything."""
    held_back: dict[str, int]
    """Attempts of this process put off since it started, by cause."""


class PullOut(BaseModel):
    """Why and since when no notice goes out."""

    cause: str
    detail: str
    at: datetime


class StepOut(PullOut):
    """One line of the brake's history; of a release, ``detail`` is the reason that was given."""

    what: str
    by: str | None


class BrakeOut(BaseModel):
    """How the brake stands."""

    pulled: PullOut | None
    excused: dict[str, datetime]
    """Until when a cause that was released does not pull it again."""
    history: list[StepOut]
    """The newest last, a hundred at most."""


class ReleaseIn(BaseModel):
    """Why notices may go again."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortWriting


def create_api(notification: Notification, guard: Guard, work: Work) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/notices", tags=["operator"])

    @api.get("")
    async def counts(_who: Admitted) -> CountsOut:
        """Count what is due now, and how attempts ended."""
        brake = await guard.read()
        return CountsOut(
            due_complaints=len(await notification.due(MOST_COUNTED)),
            outcomes_since_start=dict(work.outcomes),
            remarks=work.remarks(),
            braked=brake.pulled is not None,
            held_back=dict(guard.held_back),
        )

    @api.get("/brake")
    async def brake(_who: Admitted) -> BrakeOut:
        """Show whether the brake stops everything, and who released it when."""
        return _shown(await guard.read())

    @api.post("/brake/release")
    async def release(said: ReleaseIn, who: Admitted) -> BrakeOut:
        """Let notices go again; for a day the same cause does not stop them."""
        return _shown(await guard.release(who.subject, said.reason))

    @api.get("/{complaint}")
    async def ledger(complaint: str, _who: Admitted) -> LedgerOut:
        """Show what became of every notice of one complaint."""
        return LedgerOut.of(await notification.show(complaint))

    return api


def _shown(brake: Brake) -> BrakeOut:
    return BrakeOut.model_validate(msgspec.to_builtins(brake, builtin_types=(datetime,)))
