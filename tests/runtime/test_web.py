"""The HTTP shell: problems, bounds, headers, health, documents."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.routing import iter_route_contexts
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator
from starlette.types import Message
from structlog.testing import capture_logs

from shared.runtime.access import EVERYBODY, Rights
from shared.runtime.asking import agree
from shared.runtime.document import Refused
from shared.runtime.ports import Away
from shared.runtime.web import (
    Bounds,
    IdempotencyKey,
    IfMatch,
    IfMatchGiven,
    RefusedWith,
    Trace,
    create_router,
    create_web,
    described,
    etag,
    read_body,
    with_header,
)
from shared.runtime.web.shell import READ_ON
from tests.desk import door, nothing

JSON = {"content-type": "application/json"}
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Who(BaseModel):
    """A part of a body."""

    email: str = Field(max_length=12)

    @field_validator("email")
    @classmethod
    def has_at(cls, value: str) -> str:
        if "@" not in value:
            raise ValueError("an e-mail address has an @")
        return value


class Stroke(BaseModel):
    """A body."""

    title: str = Field(min_length=1)
    count: int = 0
    who: list[Who] = Field(default_factory=list, max_length=3)


class SampleHealth:
    """How the process is said to be."""

    def __init__(self) -> None:
        self.why: list[str] = []
        self.well = True

    def alive(self) -> bool:
        return self.well

    def reasons(self) -> list[str]:
        return self.why


def everybodys(router: APIRouter) -> Rights:
    found = iter_route_contexts(router.routes)
    return {f"{method} {r.path}": EVERYBODY for r in found for method in r.methods or ()}


def sample_router() -> APIRouter:
    api = create_router("/api/v1")

    @api.post("/usual/{number}")
    async def usual(number: int, stroke: Stroke) -> Stroke:
        return stroke

    extra = with_header(described(Stroke), "Idempotency-Key", "The id of the request.")

    @api.post("/hot", openapi_extra=extra)
    async def hot(request: Request) -> Response:
        stroke = await read_body(request, Stroke)
        return Response(stroke.model_dump_json(), media_type="application/json")

    @api.post("/ignoring")
    async def ignoring() -> dict[str, bool]:
        return {"done": True}

    @api.get("/headers")
    async def headers(key: IdempotencyKey, trace: Trace, seen: IfMatchGiven) -> dict[str, Any]:
        return {"key": key, "trace": trace, "seen": seen}

    @api.put("/changed")
    async def changed(seen: IfMatch, response: Response) -> dict[str, int]:
        agree(7, seen)
        response.headers["etag"] = etag(8)
        return {"revision": 8}

    @api.get("/listed")
    async def listed(limit: Annotated[int, Query(ge=1, le=50)] = 10) -> int:
        return limit

    @api.get("/fails/{how}")
    async def fails(how: str) -> None:
        raise {
            "refused": Refused(409, "taken", "It is taken.", "title"),
            "limited": RefusedWith(429, "slow_down", "Too fast.", headers={"Retry-After": "30"}),
            "busy": Refused(503, "busy", "Too much at once."),
            "away": Away("mongodb://kentongan:hidden@store:27017"),
            "bug": RuntimeError("the reporter is budi@example.org"),
            "plain": HTTPException(418, "No coffee here."),
            "odd": HTTPException(499),
        }[how]

    @api.get("/page")
    async def page() -> Response:
        own = {"cache-control": "max-age=60", "content-security-policy": "default-src 'none'"}
        return Response("x", headers=own)

    return api


HEALTH = SampleHealth()
APP = create_web(
    title="Sample <service>",
    routers=[sample_router()],
    rights=everybodys(sample_router()),
    lifespan=nothing,
    health=HEALTH,
    figures=lambda: b"kentongan_sample 1\n",
    bounds=Bounds(body=1000, larger={r"/api/v1/usual/9": 5000}),
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(APP), base_url="http://sample"
    ) as client:
        yield client


def problem_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """See that an answer is the problem that is expected, whole and well-formed."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"] == f"urn:kentongan:problem:{code}"
    assert document["title"]
    assert document["detail"]
    return document


def fields_of(document: dict[str, Any]) -> set[str]:
    return {error["field"] for error in document["errors"]}


BOTH = pytest.mark.parametrize("path", ["/api/v1/usual/1", "/api/v1/hot"])


@BOTH
async def test_good_body(client: httpx.AsyncClient, path: str) -> None:
    """A right body is taken, whichever way the route reads it."""
    sent = {"title": "Jalan rusak 🕳", "who": [{"email": "a@b.id"}]}
    answer = await client.post(path, json=sent)
    assert answer.json() == {"title": "Jalan rusak 🕳", "count": 0, "who": [{"email": "a@b.id"}]}


@BOTH
async def test_invalid_body(client: httpx.AsyncClient, path: str) -> None:
    """A wrong body gets a problem that names each wrong field and repeats nothing of it."""
    sent = {"count": "many", "who": [{"email": "secretive-long@b.id"}, {"email": "hidden"}]}
    answer = await client.post(path, json=sent)
    document = problem_of(answer, 422, "invalid")
    assert fields_of(document) == {"title", "count", "who.0.email", "who.1.email"}
    assert "An e-mail address has an @." in [error["detail"] for error in document["errors"]]
    assert "hidden" not in answer.text
    assert "secretive" not in answer.text


async def test_no_body(client: httpx.AsyncClient) -> None:
    """Who sends nothing where something is asked for is told to send an object."""
    document = problem_of(await client.post("/api/v1/usual/1", headers=JSON), 422, "invalid")
    (error,) = document["errors"]
    assert error["field"] == "body"
    assert error["detail"].startswith("Give a JSON object")


@BOTH
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "unreadable_json"),
        (b'{"title": "a"} more', "unreadable_json"),
        (b'{"title": "\\ud800"}', "unreadable_json"),
        (b'{"title": "\xff"}', "unreadable_json"),
        (b'{"title": "a", "count": ' + b"9" * 900 + b"e}", "unreadable_json"),
    ],
)
async def test_unreadable_body(client: httpx.AsyncClient, path: str, raw: bytes, code: str) -> None:
    """What is no JSON, or cannot be written again as UTF-8, is said to be unreadable."""
    answer = await client.post(path, content=raw, headers=JSON)
    assert fields_of(problem_of(answer, 400, code)) == {"body"}


async def test_deep_body() -> None:
    """JSON that is nested too deeply is refused before it costs anything."""
    deep = create_web(
        title="Deep",
        routers=[sample_router()],
        rights=everybodys(sample_router()),
        lifespan=nothing,
        health=HEALTH,
        figures=bytes,
    )
    transport = httpx.ASGITransport(deep)
    async with httpx.AsyncClient(transport=transport, base_url="http://deep") as client:
        for path in ("/api/v1/usual/1", "/api/v1/hot"):
            for raw in (b"[" * 60_000, b'{"a":' * 10_000):
                problem_of(await client.post(path, content=raw, headers=JSON), 400, "too_deep")


@BOTH
async def test_media_type(client: httpx.AsyncClient, path: str) -> None:
    """A body that says it is no JSON, or does not say what it is, gets 415."""
    for headers in ({"content-type": "text/plain"}, {}):
        answer = await client.post(path, content=b'{"title": "a"}', headers=headers)
        assert fields_of(problem_of(answer, 415, "media_type")) == {"Content-Type"}
    taken = {"content-type": "application/vnd.sample+json; charset=utf-8"}
    assert (await client.post(path, content=b'{"title":"a"}', headers=taken)).is_success


@pytest.mark.parametrize("path", ["/api/v1/usual/1", "/api/v1/hot", "/api/v1/ignoring"])
async def test_large_body(client: httpx.AsyncClient, path: str) -> None:
    """A body that says it is too large is refused at once, read or not."""
    answer = await client.post(path, content=b" " * 1001, headers=JSON)
    assert fields_of(problem_of(answer, 413, "body_too_large")) == {"body"}
    assert answer.headers["x-content-type-options"] == "nosniff"


@BOTH
async def test_large_stream(client: httpx.AsyncClient, path: str) -> None:
    """A body that comes in pieces and does not say its size is counted, and ends somewhere."""
    pieces = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal pieces
        while True:
            pieces += 1
            yield b" " * 10_000

    answer = await client.post(path, content=stream(), headers=JSON)
    problem_of(answer, 413, "body_too_large")
    assert answer.headers["connection"] == "close"
    assert pieces * 10_000 < READ_ON + 50_000


async def test_lying_length() -> None:
    """A body that is longer than it says is counted all the same."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b" " * 600, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/api/v1/hot",
        "raw_path": b"/api/v1/hot", "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"-5")],
    }  # fmt: skip
    await APP(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_larger_route(client: httpx.AsyncClient) -> None:
    """A path with a larger bound takes larger bodies."""
    sent = {"title": "x" * 3000}
    assert (await client.post("/api/v1/usual/9", json=sent)).is_success
    problem_of(await client.post("/api/v1/usual/8", json=sent), 413, "body_too_large")


async def test_addresses(client: httpx.AsyncClient) -> None:
    """An unknown address, a wrong method and a wrong parameter are problems too."""
    problem_of(await client.get("/nowhere"), 404, "not_found")
    problem_of(await client.get("/api/v1/hot/"), 404, "not_found")
    answer = await client.delete("/api/v1/changed")
    problem_of(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "PUT"
    answer = await client.get("/api/v1/listed?limit=5000")
    assert fields_of(problem_of(answer, 422, "invalid")) == {"limit"}
    answer = await client.post("/api/v1/usual/x", json={"title": "a"})
    assert fields_of(problem_of(answer, 422, "invalid")) == {"number"}


async def test_refusals(client: httpx.AsyncClient) -> None:
    """A refusal keeps its status, its code, its sentence, its field and its headers."""
    answer = await client.get("/api/v1/fails/refused")
    document = problem_of(answer, 409, "taken")
    assert document["errors"] == [{"field": "title", "detail": "It is taken."}]
    answer = await client.get("/api/v1/fails/limited")
    problem_of(answer, 429, "slow_down")
    assert answer.headers["retry-after"] == "30"
    answer = await client.get("/api/v1/fails/busy")
    problem_of(answer, 503, "busy")
    assert answer.headers["retry-after"].isdigit()
    document = problem_of(await client.get("/api/v1/fails/plain"), 418, "i'm_a_teapot")
    assert document["detail"] == "No coffee here."
    problem_of(await client.get("/api/v1/fails/odd"), 499, "error")


async def test_away(client: httpx.AsyncClient) -> None:
    """A part that is away gives 503 and when to try again, and does not say where it is."""
    with capture_logs():
        answer = await client.get("/api/v1/fails/away")
    problem_of(answer, 503, "away")
    assert answer.headers["retry-after"].isdigit()
    assert "mongodb" not in answer.text


async def test_bug(client: httpx.AsyncClient) -> None:
    """Anything else is a 500 that leaks nothing, has safe headers, and is logged."""
    with capture_logs() as lines:
        answer = await client.get("/api/v1/fails/bug")
    problem_of(answer, 500, "failed")
    assert "budi" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert lines == [
        {
            "event": "request_failed", "log_level": "error", "method": "GET",
            "route": "/api/v1/fails/{how}", "exc_info": True,
        }
    ]  # fmt: skip


async def test_safe_headers(client: httpx.AsyncClient) -> None:
    """Every answer has safe headers; a page may say its own policy and how long it is kept."""
    headers = (await client.get("/api/v1/listed")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    headers = (await client.get("/api/v1/page")).headers
    assert headers.get_list("cache-control") == ["max-age=60"]
    assert headers.get_list("content-security-policy") == ["default-src 'none'"]


async def test_idempotency_key(client: httpx.AsyncClient) -> None:
    """The key of a request is taken as sent, made where missing, and refused where wrong."""
    key = "order-0123456789"
    answer = await client.get("/api/v1/headers", headers={"idempotency-key": key})
    assert answer.json()["key"] == key
    made = [(await client.get("/api/v1/headers")).json()["key"] for _ in range(2)]
    assert made[0] != made[1]
    assert all(re.fullmatch(r"[\x21-\x7e]{16,128}", one) for one in made)
    for wrong in ("short", "x" * 129, "with a space in the key", "ümlaut-in-the-key-here"):
        sent = {b"idempotency-key": wrong.encode()}
        answer = await client.get("/api/v1/headers", headers=sent)
        assert fields_of(problem_of(answer, 400, "wrong_header")) == {"Idempotency-Key"}
    twice = [("idempotency-key", key), ("idempotency-key", key + "2")]
    problem_of(await client.get("/api/v1/headers", headers=twice), 400, "wrong_header")


async def test_if_match(client: httpx.AsyncClient) -> None:
    """A change needs the revision seen: missing 428, unreadable 400, older 412, right 200."""
    problem_of(await client.put("/api/v1/changed"), 428, "revision_missing")
    for wrong in ("7", '"seven"', 'W/"7"', "*", '"-1"', '"7", "8"', '""', '"' + "9" * 30 + '"'):
        answer = await client.put("/api/v1/changed", headers={"if-match": wrong})
        assert fields_of(problem_of(answer, 400, "wrong_header")) == {"If-Match"}
    answer = await client.put("/api/v1/changed", headers={"if-match": '"6"'})
    assert "revision 7" in problem_of(answer, 412, "stale")["detail"]
    answer = await client.put("/api/v1/changed", headers={"if-match": '"7"'})
    assert answer.headers["etag"] == '"8"'
    assert (await client.get("/api/v1/headers")).json()["seen"] is None


async def test_trace_taken_over(client: httpx.AsyncClient) -> None:
    """A valid traceparent is taken over with a parent of our own."""
    later = TRACE.replace("00-", "cc-", 1) + "-more"
    for sent in (TRACE, later):
        answer = await client.get("/api/v1/headers", headers={"traceparent": sent})
        version, trace, parent, flags = answer.json()["trace"].split("-")
        assert (version, trace, flags) == ("00", TRACE.split("-")[1], "01")
        assert re.fullmatch(r"[0-9a-f]{16}", parent)
        assert parent != TRACE.split("-")[2]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "nonsense",
        TRACE.upper(),
        TRACE + "-more",
        TRACE.replace("00-", "ff-", 1),
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
    ],
)
async def test_trace_made(client: httpx.AsyncClient, sent: str | None) -> None:
    """Without a valid traceparent a new trace begins."""
    headers = {"traceparent": sent} if sent else {}
    trace = (await client.get("/api/v1/headers", headers=headers)).json()["trace"]
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace)
    assert TRACE.split("-")[1] not in trace
    assert "0" * 32 not in trace


async def test_health(client: httpx.AsyncClient) -> None:
    """Live and ready are told apart, and not being ready has its reasons."""
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/health/ready")).json() == {"ready": True, "reasons": []}
    HEALTH.why, HEALTH.well = ["The store does not answer."], False
    try:
        assert (await client.get("/health/live")).status_code == 503
        answer = await client.get("/health/ready")
    finally:
        HEALTH.why, HEALTH.well = [], True
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["The store does not answer."]


async def test_figures(client: httpx.AsyncClient) -> None:
    """The Prometheus text is at /metrics."""
    answer = await client.get("/metrics")
    assert answer.text == "kentongan_sample 1\n"
    assert answer.headers["content-type"].startswith("text/plain; version=")


async def test_docs_offline(client: httpx.AsyncClient) -> None:
    """The page of the API loads everything from its own server, under a strict policy."""
    answer = await client.get("/docs")
    assert "Sample &lt;service&gt;" in answer.text
    assert "//" not in answer.text
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert len(loaded) == 5
    for address in loaded:
        if not address.startswith("data:"):
            assert (await client.get(f"/{address}")).is_success, address
    assert "<script>" not in answer.text


async def test_openapi(client: httpx.AsyncClient) -> None:
    """The document shows the body of a hot route, its header, and problems; once each."""
    document = (await client.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    assert {"Stroke", "Who", "Problem", "WrongField"} <= schemas.keys()
    assert "HTTPValidationError" not in schemas
    hot = document["paths"]["/api/v1/hot"]["post"]
    body = hot["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Stroke"}
    assert hot["parameters"][0]["name"] == "Idempotency-Key"
    assert "application/problem+json" in hot["responses"]["default"]["content"]
    names = {one["name"] for one in document["paths"]["/api/v1/headers"]["get"]["parameters"]}
    assert names == {"Idempotency-Key", "If-Match"}
    assert "/metrics" not in document["paths"]
    assert document == (await client.get("/openapi.json")).json()


def test_lenient_router() -> None:
    """A router whose bodies would be read leniently is not taken."""
    router = APIRouter()

    @router.post("/lenient")
    async def lenient(stroke: Stroke) -> None: ...

    with pytest.raises(ValueError, match="create_router"):
        door(everybodys(router), router)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(
    body=st.binary(max_size=200)
    | ANYTHING.map(repr).map(str.encode)
    | st.fixed_dictionaries({"title": ANYTHING, "count": ANYTHING, "who": ANYTHING})
    .map(repr)
    .map(lambda text: text.replace("'", '"').encode(errors="surrogatepass")),
    header=st.binary(max_size=60).filter(lambda raw: not set(raw) & {0, 10, 13}),
)
async def test_any_body(body: bytes, header: bytes) -> None:
    """Whatever is sent, the answer is a good one or a problem, and never a 500."""
    transport = httpx.ASGITransport(APP)
    async with httpx.AsyncClient(transport=transport, base_url="http://sample") as client:
        for path in ("/api/v1/usual/1", "/api/v1/hot"):
            answer = await client.post(path, content=body, headers=JSON)
            assert answer.status_code in {200, 400, 413, 422}
            answer.json()
        for name in (b"traceparent", b"if-match", b"idempotency-key", b"content-type"):
            answer = await client.get("/api/v1/headers", headers={name: header})
            assert answer.status_code in {200, 400}
