"""Requests that schemathesis makes of each API's own OpenAPI document, right and wrong ones.

`KENTONGAN_HOSTILE=2000` asks for as many of each operation; as it stands, a few are made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from shared.runtime.access import EVERYBODY, Role
from tests.desk import client
from tests.followup.doubles import COMPLAINT
from tests.followup.doubles import Room as Followup
from tests.intake.doubles import an_intake
from tests.intake.folders import Folder, erasing_of, office
from tests.metrics.doubles import Room as Metrics
from tests.notification.doubles import Room as Notification
from tests.routing.doubles import Room as Routing

EXAMPLES = int(os.environ.get("KENTONGAN_HOSTILE", "3"))
"""Requests of each operation, and of each kind."""


ENDLESS = "GET /api/v1/stream"
"""Its answer does not end; it takes nothing that could be wrong."""
BODIES = {"json", "data"}


def _intake() -> FastAPI:
    folder = Folder()
    intake = an_intake(folder.kept)
    return office(folder, intake, erasing_of(folder, intake))


def _routing() -> FastAPI:
    room = Routing()
    room.receive(COMPLAINT)
    return room.app


def _followup() -> FastAPI:
    room = Followup()
    room.open()
    return room.app


def _notification() -> FastAPI:
    room = Notification()
    room.receive()
    return room.app


APPS: dict[str, Callable[[], FastAPI]] = {
    "intake": _intake,
    "routing": _routing,
    "followup": _followup,
    "notification": _notification,
    "metrics": lambda: Metrics().door(),
}


def _made(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> list[Case[Any]]:
    found: list[Case[Any]] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def note(case: Case[Any]) -> None:
        found.append(case)

    with suppress(Unsatisfiable):  # what takes nothing cannot be asked wrongly
        note()
    return found


def _cases(app: FastAPI) -> Iterator[tuple[str, Case[Any]]]:
    """Make requests of every operation, each with the label of its operation."""
    for offered in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        assert isinstance(offered, Ok), "the document is readable"
        operation = offered.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if operation.label != ENDLESS:
                yield from ((operation.label, case) for case in _made(operation, mode))


def _request(app: FastAPI, label: str, case: Case[Any], nth: int) -> dict[str, Any]:
    """Let somebody ask who may: else every answer would be 401. Half are about what there is."""
    if nth % 2 and "complaint" in (case.path_parameters or {}):
        case.path_parameters = {**case.path_parameters, "complaint": COMPLAINT}
    said = case.as_transport_kwargs(base_url="http://test")
    headers = {name: str(value).encode(errors="replace") for name, value in said["headers"].items()}
    row = app.state.rights[label]
    if row is not EVERYBODY:
        role = sorted(row)[nth % len(row)]
        agency = "" if role is Role.LEADER and nth % 3 else "dinas-pu"
        headers["Authorization"] = f"Bearer {role}:{agency}".encode()
    if nth % 2 and "If-Match" in headers:
        headers["If-Match"] = b'"1"'
    headers.pop("Idempotency-Key" if nth % 3 else "", None)
    bodies = {"content" if name == "data" else name: said[name] for name in said.keys() & BODIES}
    asked = {"method": said["method"], "url": said["url"], "params": said.get("params")}
    return {**asked, "headers": headers, **bodies}


@pytest.mark.parametrize("service", APPS)
async def test_whatever_is_asked_the_answer_is_no_failure(service: str) -> None:
    """Each answer is what was asked for, or a problem that says what is wrong; never a 5xx."""
    app = APPS[service]()
    cases = list(_cases(app))
    assert {label for label, _ in cases} <= set(app.state.rights)
    statuses: set[int] = set()
    async with client(app) as http:
        for nth, (label, case) in enumerate(cases):
            asked = _request(app, label, case, nth)
            try:
                answer = await http.request(**asked)
            except (httpx.InvalidURL, httpx.LocalProtocolError):
                continue  # no client can send it
            assert answer.status_code < 500, (label, asked, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", (label, asked)
            statuses.add(answer.status_code // 100)
    assert statuses == {2, 4}
