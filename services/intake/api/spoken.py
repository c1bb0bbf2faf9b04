"""Problems in the language that a citizen asks for: Indonesian where nothing is said."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Response
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.intake.wording.problems import WORDINGS
from shared.runtime.access import EVERYBODY, Rights
from shared.runtime.web.problems import SAY, route_of
from shared.ui.speech import Language, language_of


def say_language(headers: MutableHeaders, language: str) -> None:
    """Say in which language an answer is, and that another could have been asked for."""
    headers["content-language"] = language
    headers.add_vary_header("accept-language")


async def _in_language(language: Language, response: Response) -> str:
    say_language(response.headers, language)
    return language


InLanguage = Annotated[str, Depends(_in_language)]
"""The language of the sentences in an answer, which its headers then say."""


class Spoken:
    """Has problems said in a language; those of officers' routes stay in English.

    Pure ASGI and the outermost, so that also what is refused before any route was found is said.
    """

    def __init__(self, app: ASGIApp, rights: Rights) -> None:
        """Lie around an application whose routes these rights guard."""
        self.app, self.rights = app, rights

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            scope[SAY] = self._say
        await self.app(scope, receive, send)

    def _say(
        self, scope: Scope, problem: dict[str, Any], headers: MutableHeaders
    ) -> dict[str, Any]:
        """Give a problem in the language asked for; its headers then say which it is."""
        if self.rights.get(f"{scope['method']} {route_of(scope)}", EVERYBODY) != EVERYBODY:
            return problem
        language = language_of(Request(scope))
        say_language(headers, language)
        return problem if language == "en" else WORDINGS.problem(problem)
