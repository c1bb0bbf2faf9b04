"""Every error is a problem document (RFC 9457) that says what is wrong with which field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from shared.contracts.plainly import is_deep, plainly
from shared.runtime.document import Refused
from shared.runtime.ports import Away

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS, LONGEST_FIELD, LONGEST_DETAIL = 50, 200, 500
RETRY_SECONDS = 2
SAY = "kentongan.say"
"""Where in a scope an outer layer puts how a problem is said to who asks."""
Say = Callable[[Scope, dict[str, Any], MutableHeaders], dict[str, Any]]
"""Gives a problem as it is to be said, and says in its headers what follows from that."""

_SENTENCES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method; see the Allow header."),
    413: ("body_too_large", "The body of the request is larger than this address takes."),
    415: ("media_type", "This address takes application/json."),
}
_NAMED = {413: "body", 415: "Content-Type"}
"""What is wrong with a request, where its status alone says so."""
_UNREADABLE = ("unreadable_json", "The body of the request is no readable JSON.")
_TOO_DEEP = ("too_deep", "The body of the request is nested too deeply.")

_log = structlog.get_logger("web")


class WrongField(BaseModel):
    """One part of a request that is wrong."""

    field: str
    detail: str


class Problem(BaseModel):
    """What an error looks like (RFC 9457); ``code`` is for machines, ``errors`` name fields."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[WrongField] | None = None


class RefusedWith(Refused):
    """A refusal whose answer carries further headers."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, code, detail)
        self.headers = dict(headers or {})


class BodyTooLarge(HTTPException):
    """More was sent than the address takes."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"The body of the request is larger than {most} bytes.")


class Told(Response):
    """A problem on its way out; it is cut only once it is said as it will be read."""

    media_type = MEDIA_TYPE

    def __init__(self, document: dict[str, Any], headers: Mapping[str, str] | None) -> None:
        """Have it told as it is, where no outer layer says it otherwise."""
        self.document = document
        super().__init__(_cut(document), document["status"], headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        say: Say | None = scope.get(SAY)
        if say is not None:
            self.body = _cut(say(scope, self.document, self.headers))
            self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make the answer that tells an error."""
    document: dict[str, Any] = {
        "type": f"urn:kentongan:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        document["errors"] = list(errors)
    return Told(document, headers)


def speak_problems(app: FastAPI) -> None:
    """Let an application answer every error that it knows with a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Away, _away)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)  # noqa: S101 - for the type checker
    headers = dict(getattr(refusal, "headers", ()))
    if refusal.status in {429, 503}:
        headers.setdefault("Retry-After", str(RETRY_SECONDS))
    errors = [_wrong(refusal.field, refusal.detail)] if refusal.field else []
    return problem(refusal.status, refusal.code, refusal.detail, errors, headers)


async def _away(request: Request, away: Exception) -> Response:
    _log.warning("part_found_away", route=route_of(request.scope), reason=str(away))
    detail = "A part that this needs does not answer just now; try again."
    return problem(503, "away", detail, (), {"Retry-After": str(RETRY_SECONDS)})


async def _invalid(_request: Request, invalid: Exception) -> Response:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101 - for the type checker
    errors = invalid.errors()
    for error in errors:
        if error["type"] == "json_invalid":
            code, detail = _TOO_DEEP if is_deep(error) else _UNREADABLE
            return problem(400, code, detail, [_wrong("body", plainly(error))])
    if isinstance(invalid.body, bytes) and invalid.body:
        return plain(415)
    return problem(422, "invalid", "The request is not as it must be.", wrong_fields(errors))


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    if error.status_code == HTTPStatus.BAD_REQUEST and error.__cause__ is not None:
        code, detail = _UNREADABLE
        return problem(400, code, detail, [_wrong("body", detail)])
    return plain(error.status_code, error.detail, error.headers)


def plain(
    status: int, said: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Tell an error of which nothing more is known than its status."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
    code, detail = _SENTENCES.get(status, (phrase.lower().replace(" ", "_"), f"{phrase}."))
    own = said if isinstance(said, str) and said != phrase else None
    detail = own or detail
    errors = [_wrong(_NAMED[status], detail)] if status in _NAMED else []
    return problem(status, code, detail, errors, headers)


def wrong_fields(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Name each wrong field with what is wrong, without repeating what was sent."""
    found = []
    for error in errors:
        place = [str(part) for part in error["loc"]]
        name = ".".join(place[1:] if len(place) > 1 else place)
        bodiless = place == ["body"] and error["type"] == "missing"  # which is no field to add
        found.append(_wrong(name, plainly({"type": "model_type"} if bodiless else error)))
        if len(found) == MOST_ERRORS:
            break
    return found


def route_of(scope: Mapping[str, Any]) -> str:
    """Name the route of a request by its template, which holds nothing of the person's."""
    return str(getattr(scope.get("route"), "path", "unknown"))


def _wrong(field: str, detail: str) -> dict[str, str]:
    return {"field": _text(field, LONGEST_FIELD), "detail": detail}


def _cut(document: Mapping[str, Any]) -> bytes:
    """Write a problem whose sentences are not longer than they may be."""
    said = {**document, "detail": _text(document["detail"], LONGEST_DETAIL)}
    if "errors" in document:
        said["errors"] = [
            {**each, "detail": _text(each["detail"], LONGEST_DETAIL)} for each in document["errors"]
        ]
    return orjson.dumps(said)


def _text(text: str, longest: int) -> str:
    """Bound a text, and make sure that it can be written."""
    return text[:longest].encode(errors="replace").decode()
