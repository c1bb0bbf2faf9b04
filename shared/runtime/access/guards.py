"""From the table of rights to the guard of each route; and the table held against the routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.runtime.access.rights import EVERYBODY, Everybody, Rights, sight_of
from shared.runtime.access.tokens import Access, NotAdmitted, Officer

_BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", scheme_name="officer")
_READS = {"GET", "HEAD"}


async def _admit(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Officer:
    """Give the officer who asks, with what may be seen; raises NotAdmitted."""
    if bearer is None:
        raise NotAdmitted(401, "not_signed_in", "This needs an officer's bearer token.")
    state = request.app.state
    access: Access = state.access
    who = await access.verify(bearer.credentials)
    rights: Rights = state.rights
    row = rights[f"{request.method} {request.scope['route'].path}"]
    assert not isinstance(row, Everybody)  # noqa: S101 - ``guard`` has seen to it
    reading = request.method in _READS
    return replace(who, sight=sight_of(who, row, state.place, reading=reading))


Admitted = Annotated[Officer, Depends(_admit)]
"""The officer whom the table of rights lets in on this route, with what is seen there."""


def guard(app: FastAPI, rights: Rights, place: str) -> None:
    """Let a table decide over an application's routes; raises ValueError where they disagree."""
    if wrong := list(disagreements(app, rights)):
        raise ValueError("The table of rights is not right:\n  " + "\n  ".join(wrong))
    app.state.rights, app.state.place = rights, place


def disagreements(app: FastAPI, rights: Rights) -> Iterator[str]:
    """Say which routes nobody has allowed, and which rows are of no route."""
    left = set(rights)
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"*"}):
            name = f"{method} {route.path}"
            if route.path == app.openapi_url or method == "HEAD":
                continue
            left.discard(name)
            row, asks = rights.get(name), _asks(getattr(route, "dependant", None))
            if name not in rights:
                yield f"{name} stands in no table of rights: say there who may do it"
            elif route.path != getattr(route.original_route, "path", None):
                yield f"{name} is known there by another path: write its prefix into its router"
            elif not row:
                yield f"{name} is for nobody: name a role, or EVERYBODY"
            elif asks and row is EVERYBODY:
                yield f"{name} is for everybody, but asks who it is"
            elif not asks and row is not EVERYBODY:
                yield f"{name} is for officers, but does not ask who it is: take an Admitted"
    yield from (f"{name} stands in the table, but is no route" for name in sorted(left))


def _asks(dependant: Dependant | None) -> bool:
    return dependant is not None and any(
        needed.call is _admit or _asks(needed) for needed in dependant.dependencies
    )
