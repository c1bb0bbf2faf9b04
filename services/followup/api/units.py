"""How an agency shares out its work: its units, and which of them has a case."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.followup.api.acting import Acting
from services.followup.api.messages import CaseWithHistoryOut
from services.followup.api.routes import Agency, answer
from services.followup.api.sent import AssignIn
from services.followup.handlers import Followup
from shared.runtime.web import create_router


class UnitOut(BaseModel):
    """A part of the agency that works on complaints (unit kerja)."""

    code: str
    name: str


class UnitsOut(BaseModel):
    """The units that the register has of the agency today."""

    items: list[UnitOut]


def create_units(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1", tags=["liaison"])

    @api.get("/units")
    async def units(agency: Agency) -> UnitsOut:
        """List the agency's units, as the register has them today."""
        found = followup.units(agency)
        return UnitsOut(items=[UnitOut(code=each.code, name=each.name) for each in found])

    @api.post("/cases/{complaint}/assignment")
    async def assign(body: AssignIn, agency: Agency, act: Acting) -> CaseWithHistoryOut:
        """Give a case to a unit of the agency, or from one to the next (disposisi internal).

        It stays within the agency: no clock stops, and nobody outside is told.
        """
        document = await followup.assign(act.complaint, body.said(agency), act.request, act.seen)
        return answer(document, agency, act.response)

    return api
