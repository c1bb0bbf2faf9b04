"""Problems in the language that a citizen asks for: Indonesian where nothing is said."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import Depends, Response
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.intake.wording.problems import WORDINGS
from shared.runtime.access import EVERYBODY, Rights
from shared.runtime.web.problems import MEDIA_TYPE, route_of
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

    Pure ASGI and the outermost, so that it hears also what is refused before any route was found.
    """

    def __init__(self, app: ASGIApp, rights: Rights) -> None:
        """Lie around an application whose routes these rights guard."""
        self.app, self.rights = app, rights

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun: Message | None = None

        async def speak(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and self._problem(scope, message):
                begun = message
                return
            if begun is not None and message["type"] == "http.response.body":
                message = _said(scope, begun, message)
                await send(begun)
                begun = None
            await send(message)

        await self.app(scope, receive, speak)

    def _problem(self, scope: Scope, start: Message) -> bool:
        headers = MutableHeaders(raw=start["headers"])
        if headers.get("content-type") != MEDIA_TYPE:
            return False
        known = self.rights.get(f"{scope['method']} {route_of(scope)}", EVERYBODY)
        return known == EVERYBODY


def _said(scope: Scope, start: Message, whole: Message) -> Message:
    """Give a problem in the language asked for; its headers then say which it is, and how long."""
    language = language_of(Request(scope))
    body = whole["body"]
    if language != "en":
        body = orjson.dumps(WORDINGS.problem(orjson.loads(body)))
    headers = MutableHeaders(raw=start["headers"])
    say_language(headers, language)
    headers["content-length"] = str(len(body))
    return {**whole, "body": body}
