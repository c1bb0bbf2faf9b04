"""Outages that excuse what fell due meanwhile: operators declare them, oversight sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.followup.domain.declared import Declared
from services.followup.domain.policy import Outage
from services.followup.handlers import Outages
from shared.contracts.fact import name_uuid
from shared.contracts.vocabulary import AgencyCode
from shared.runtime.access import Admitted
from shared.runtime.web import Asked, create_router


class OutageIn(Outage):
    """An outage as an operator declares it."""

    agencies: tuple[AgencyCode, ...] = Field(
        default=(),
        min_length=1,
        max_length=1000,
        description="Whom it cut off, each of the register; left out: everybody.",
    )

    def said(self) -> Outage:
        """Give it as the policy file would have it."""
        return Outage(**self.model_dump())


class OutageOut(BaseModel):
    """An outage (gangguan); who declared it when, unless it stands in the policy file."""

    link: str
    since: datetime
    until: datetime
    because: str
    agencies: tuple[str, ...]
    by: str | None = None
    at: datetime | None = None

    @classmethod
    def of(cls, declared: Declared) -> OutageOut:
        """Show one that was declared."""
        return cls(**declared.outage.model_dump(), by=declared.by, at=declared.at)


class OutagesOut(BaseModel):
    """Every outage that excuses: those of the policy file, then those declared, oldest first."""

    items: list[OutageOut]


def create_outages(outages: Outages, filed: Sequence[Outage]) -> APIRouter:
    """Build the routes; ``filed`` are the outages of the policy file."""
    api = create_router(prefix="/api/v1/outages", tags=["operator"])

    @api.get("")
    async def show(_who: Admitted) -> OutagesOut:
        """List the outages that excuse, for who declares them and for oversight."""
        known = [OutageOut(**each.model_dump()) for each in filed]
        return OutagesOut(items=[*known, *map(OutageOut.of, outages.book.entries())])

    @api.post("", status_code=201)
    async def declare(body: OutageIn, who: Admitted, request: Asked) -> OutageOut:
        """Declare that a link was down (gangguan), once it is over; for 31 days at most.

        Within minutes each date that passed meanwhile is excused; none moves. What was declared
        stays, as what it excused does.
        """
        key = name_uuid(f"outage/{request.request}")
        return OutageOut.of(await outages.declare(key, body.said(), who.subject))

    return api
