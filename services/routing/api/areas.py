"""Areas for everybody who has to name one: by code, and by what people write."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.routing.domain.area import LONGEST_NAME, Area
from services.routing.handlers import LONGEST_SEARCH, Routing
from shared.contracts.vocabulary import AreaCode
from shared.runtime.document import Refused
from shared.runtime.web import create_router


class AreaOut(BaseModel):
    """An area of the Kemendagri table; ``within`` names the areas around it, the nearest first."""

    code: str
    name: str
    within: list[str]

    @classmethod
    def of(cls, area: Area) -> AreaOut:
        """Show an area."""
        return cls(code=area.code, name=area.name, within=list(area.within))


class AreasOut(BaseModel):
    """The areas that a name may mean, the likeliest first."""

    items: list[AreaOut]


def create_areas(routing: Routing) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/areas", tags=["areas"])

    @api.get("")
    async def search(
        name: Annotated[str, Query(min_length=2, max_length=LONGEST_NAME)],
        within: Annotated[AreaCode | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_SEARCH)] = 10,
    ) -> AreasOut:
        """Find provinces, cities, regencies and districts by name; villages within a district."""
        found = await routing.look_for(name, within, limit)
        return AreasOut(items=[AreaOut.of(area) for area in found])

    @api.get("/{code}")
    async def show(code: str) -> AreaOut:
        """Show the area of a code with dots."""
        area = await routing.area(code[:LONGEST_NAME])
        if area is None:
            raise Refused(404, "unknown_area", "The Kemendagri table has no area of this code.")
        return AreaOut.of(area)

    return api
