"""Which route is for whom. Deny by default: a route is guarded, or says that it is public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.runtime.access.tokens import Access, NotAdmitted, Officer, Role

_BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", scheme_name="officer")


@dataclass(frozen=True, slots=True)
class Guard:
    """A dependency that lets pass only officers of some roles."""

    roles: frozenset[str]

    async def __call__(
        self,
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> Officer:
        """Give the officer who asks; raises NotAdmitted."""
        if bearer is None:
            raise NotAdmitted(401, "not_signed_in", "This needs an officer's bearer token.")
        access: Access = request.app.state.access
        who = await access.verify(bearer.credentials)
        if not who.roles & self.roles:
            raise NotAdmitted(
                403,
                "not_allowed",
                f"This is for the roles {', '.join(sorted(self.roles))}; your token has "
                f"{', '.join(sorted(who.roles)) or 'none'}.",
                "insufficient_scope",
            )
        return who


def officer(*roles: Role) -> Guard:
    """Guard a route: ``who: Annotated[Officer, Depends(officer(Role.COORDINATOR))]``."""
    if not roles:
        raise ValueError("name the roles that may do this; officer(*Role) for all")
    return Guard(frozenset(roles))


async def public() -> None:
    """Say that a route is meant for everybody: ``dependencies=[Depends(public)]``."""


def unguarded_routes(app: FastAPI) -> list[str]:
    """List what anybody may call though nobody said so; for a test of each service."""
    return [
        f"{','.join(sorted(route.methods or {'*'}))} {route.path}"
        for route in iter_route_contexts(app.routes)
        if route.path != app.openapi_url and not _says(getattr(route, "dependant", None))
    ]


def _says(dependant: Dependant | None) -> bool:
    return dependant is not None and any(
        isinstance(needed.call, Guard) or needed.call is public or _says(needed)
        for needed in dependant.dependencies
    )
