"""The page at ``/docs``: Swagger UI from our own server, with nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from shared.runtime.web.shell import POLICY

ASSETS = ("swagger-ui-bundle.js", "swagger-ui.css")
KEPT = "public, max-age=86400"
_POLICY = f"{POLICY}; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
"""Swagger UI writes style attributes and draws its arrows from data addresses."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript><p>Without JavaScript: <a href="openapi.json">the OpenAPI document</a>.</p></noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""


def docs_router(title: str) -> APIRouter:
    """Serve the page; its addresses are relative, so that it works behind any prefix.

    The bare address leads there, where the service has no page of its own at it.
    """
    router = APIRouter(include_in_schema=False)
    page = _PAGE.format(title=escape(title))
    # The package brings the files; its own way of serving them would need inline scripts.
    folder = Path(str(files("fastapi_standalone_docs"))) / "static" / "swagger"

    @router.get("/")
    async def lead() -> Response:
        return RedirectResponse("docs")

    @router.get("/docs")
    async def show() -> HTMLResponse:
        return HTMLResponse(page, headers={"content-security-policy": _POLICY})

    @router.get("/docs/start.js")
    async def start() -> Response:
        return Response(_START, media_type="text/javascript", headers={"cache-control": KEPT})

    for name in ASSETS:
        _serve(router, folder / name)
    return router


def _serve(router: APIRouter, file: Path) -> None:
    @router.get(f"/docs/{file.name}")
    async def asset() -> FileResponse:
        return FileResponse(file, headers={"cache-control": KEPT})
