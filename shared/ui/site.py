"""The site of one service: its templates on the common layout, and the common files."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared.runtime.access import EVERYBODY, Rights
from shared.ui import charts
from shared.ui.speech import LANGUAGES, Speech, Words, language_of

HERE = Path(__file__).parent
STATIC = HERE / "static"
KEPT = "public, max-age=31536000, immutable"
"""A file's address changes with what is in it."""
FILES: Rights = {f"GET /static/{file.name}": EVERYBODY for file in sorted(STATIC.iterdir())}
"""Who may read the common files."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a service's pages are made with; ``place`` is the node as people know it."""

    environment: Environment
    speeches: Mapping[str, Speech]
    place: str

    @classmethod
    def of(cls, templates: Path, words: Words, zone: ZoneInfo, place: str) -> Site:
        """Join a service's own templates and words with the common ones."""
        environment = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader(templates), FileSystemLoader(HERE / "templates")]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["charts"] = charts
        environment.globals["languages"] = LANGUAGES
        environment.globals["files"] = {file.name: _address(file) for file in STATIC.iterdir()}
        speeches = {language: Speech(language, words, zone) for language in LANGUAGES}
        return cls(environment, speeches, place)

    def speech(self, request: Request) -> Speech:
        """Give the language of a request."""
        return self.speeches[language_of(request)]

    def render(self, template: str, speech: Speech, values: Mapping[str, object]) -> Markup:
        """Render a template, or a part that is sent alone."""
        rendered = self.environment.get_template(template).render(
            {"say": speech, "place": self.place, "root": "", "query": "", **values}
        )
        return Markup(rendered)  # noqa: S704  # the environment escapes

    def page(
        self, request: Request, template: str, values: Mapping[str, object], status: int = 200
    ) -> HTMLResponse:
        """Answer with a page in the language of the request."""
        speech = self.speech(request)
        headers = {"content-language": speech.language, "vary": "accept-language"}
        if status == 503:
            headers["retry-after"] = "2"
        around = {"root": request.scope.get("root_path", ""), "query": _asked(request)}
        return HTMLResponse(self.render(template, speech, {**around, **values}), status, headers)

    def files(self) -> APIRouter:
        """Serve the stylesheet, the script and the icon."""
        router = APIRouter(include_in_schema=False)
        for file in sorted(STATIC.iterdir()):
            _serve(router, file)
        return router


def _asked(request: Request) -> str:
    """Give what a page was asked for, so that it is still asked for in the other language."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{urlencode(rest)}&" if rest else ""


def _address(file: Path) -> str:
    return f"static/{file.name}?{hashlib.sha256(file.read_bytes()).hexdigest()[:10]}"


def _serve(router: APIRouter, file: Path) -> None:
    kind = mimetypes.guess_type(file.name)[0]

    @router.get(f"/static/{file.name}")
    async def asset() -> Response:
        return FileResponse(file, media_type=kind, headers={"cache-control": KEPT})
