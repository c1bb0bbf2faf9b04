"""The application of a service: its routes, and around them what every service has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import orjson
from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST

from shared.runtime.access import EVERYBODY, NATION, Rights, guard, place_of
from shared.runtime.web.bodies import REF, create_router, lenient_routes, lift
from shared.runtime.web.docs import ASSETS, docs_router
from shared.runtime.web.problems import MEDIA_TYPE, Problem, speak_problems
from shared.runtime.web.shell import Bounds, Shell

_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
    }
}


_OWN: Rights = dict.fromkeys(
    (
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
        "GET /",
        "GET /docs",
        "GET /docs/start.js",
        *(f"GET /docs/{name}" for name in ASSETS),
    ),
    EVERYBODY,
)


class Health(Protocol):
    """How a process is."""

    def alive(self) -> bool:
        """Say whether it works at all; if not, it is to be started again."""

    def reasons(self) -> list[str]:
        """Say in sentences why it is not ready; nothing, if it is."""


def create_web(  # noqa: PLR0913 - each by its name
    *,
    title: str,
    routers: Sequence[APIRouter],
    rights: Rights,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    health: Health,
    figures: Callable[[], bytes],
    bounds: Bounds | None = None,
    remarks: Callable[[], Sequence[str]] = tuple,
    node: str = NATION,
) -> FastAPI:
    """Build the application; ``figures`` gives the Prometheus text.

    ``rights`` says who may use which route: one that is missing there is a ValueError.
    ``remarks`` says in sentences what an operator should know though the process is ready.
    """
    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=_PROBLEM,
    )
    speak_problems(app)
    app.add_middleware(Shell, bounds=bounds or Bounds())
    for router in routers:
        if lenient := lenient_routes(router):
            raise ValueError(f"make the router of {lenient} by create_router")
        app.include_router(router)  # first, since routes are tried in turn
    app.include_router(_own(health, figures, remarks))
    app.include_router(docs_router(title))
    guard(app, {**rights, **_OWN}, place_of(node))
    _complete(app)
    return app


def _own(
    health: Health, figures: Callable[[], bytes], remarks: Callable[[], Sequence[str]]
) -> APIRouter:
    router = create_router()

    @router.get("/health/live", include_in_schema=False)
    async def live() -> Response:
        alive = health.alive()
        return _json({"alive": alive}, 200 if alive else 503)

    @router.get("/health/ready", include_in_schema=False)
    async def ready() -> Response:
        reasons = health.reasons()
        said: dict[str, Any] = {"ready": not reasons, "reasons": reasons}
        if noted := remarks():
            said["remarks"] = list(noted)
        return _json(said, 503 if reasons else 200)

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(figures(), headers={"content-type": CONTENT_TYPE_LATEST})

    return router


def _json(content: dict[str, Any], status: int) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def _complete(app: FastAPI) -> None:
    """Put into the OpenAPI document what FastAPI does not know of."""
    usual = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = usual()
            lift(document)
            _summarise(document)
            schema = Problem.model_json_schema(ref_template=REF)
            schemas = document["components"]["schemas"]
            schemas.update(schema.pop("$defs", {}))
            schemas["Problem"] = schema
        return usual()

    app.openapi = openapi  # type: ignore[method-assign]


def _summarise(document: dict[str, Any]) -> None:
    """Have each operation summed up by the first line of what is said of it, not by its name."""
    for methods in document.get("paths", {}).values():
        for operation in methods.values():
            first, _, rest = operation.pop("description", "").partition("\n\n")
            if first:
                operation["summary"] = first.removesuffix(".")
            if rest:
                operation["description"] = rest
