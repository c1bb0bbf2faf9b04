"""The register's door: every officer reads it, coordinators and operators change it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.routing.api.register_messages import (
    AgenciesOut,
    AgencyOut,
    AmendIn,
    ChangesOut,
    EnterIn,
)
from services.routing.domain.entry import Entry
from services.routing.handlers import Activity
from services.routing.handlers.registrar import LONGEST_PAGE, Registrar
from shared.contracts.vocabulary import AgencyCode
from shared.runtime.access import Admitted
from shared.runtime.document import Document
from shared.runtime.web import Asked, IfMatch, create_router, etag


def create_register(registrar: Registrar, activity: Activity) -> APIRouter:
    """Build the routes; who calls any of them is active."""
    api = create_router(prefix="/api/v1/agencies", tags=["register"])

    async def note(who: Admitted) -> None:
        activity.called(who)

    api.dependencies.append(Depends(note))
    _read(api, registrar)
    _change(api, registrar)
    return api


def _read(api: APIRouter, registrar: Registrar) -> None:
    @api.get("")
    async def agencies(
        _who: Admitted,
        after: Annotated[AgencyCode | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> AgenciesOut:
        """List the agencies as they are today, by code.

        ``next`` continues the list, as ``after``; it is None at its end.
        """
        found = registrar.agencies(after or "", limit)
        return AgenciesOut.of(found, registrar.book.day, limit)

    @api.get("/{code}")
    async def agency(
        code: str, _who: Admitted, response: Response, on: Annotated[date | None, Query()] = None
    ) -> AgencyOut:
        """Show an agency as it is on a day, today by default, and what comes after."""
        return await _shown(registrar, registrar.show(code), response, on)

    @api.get("/{code}/changes")
    async def changes(code: str, _who: Admitted) -> ChangesOut:
        """Show what was changed of an agency: by whom, when, and from which day it holds."""
        return ChangesOut.of(registrar.history(code))


def _change(api: APIRouter, registrar: Registrar) -> None:
    @api.post("", status_code=201)
    async def enter(body: EnterIn, request: Asked, response: Response) -> AgencyOut:
        """Enter an agency (pendaftaran instansi)."""
        said = body.amendment(registrar.book.day)
        entered = await registrar.enter(body.code, said, request)
        return await _shown(registrar, entered, response)

    @api.post("/{code}/changes")
    async def amend(
        code: str, body: AmendIn, request: Asked, seen: IfMatch, response: Response
    ) -> AgencyOut:
        """Change an agency from a day on; what is not named stays as it is."""
        said = body.amendment(registrar.book.day)
        return await _shown(registrar, await registrar.amend(code, said, request, seen), response)


async def _shown(
    registrar: Registrar, document: Document[Entry], response: Response, on: date | None = None
) -> AgencyOut:
    response.headers["etag"] = etag(document.revision)
    active_at = await registrar.active_at(document.id)
    return AgencyOut.of(document, on or registrar.book.day, active_at)
