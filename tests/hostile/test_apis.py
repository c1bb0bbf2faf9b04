"""Requests that schemathesis makes of each API's own OpenAPI document, right and wrong ones.

`KENTONGAN_HOSTILE=2000` asks for as many of each operation; as it stands, a few are made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
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
ACTS = {"intake": 5, "routing": 2, "followup": 2}
"""How often the complaint that is there is changed at least."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service's routes, and the one complaint that it has."""

    app: FastAPI
    there: Mapping[str, str] = field(default_factory=dict)
    """What the parameters are that name it, in paths and in headers."""
    revision: Callable[[], int] = lambda: 0


def _intake() -> Offered:
    folder = Folder()
    intake = an_intake(folder.kept)
    there = {
        "tracking_number": str(folder.document.state.tracking_number),
        "Kentongan-PIN": intake.pins.of(folder.id),
        "complaint": folder.id,
    }
    app = office(folder, intake, erasing_of(folder, intake))
    return Offered(app, there, lambda: folder.document.revision)


def _routing() -> Offered:
    room = Routing()
    room.receive(COMPLAINT)
    there = {"complaint": COMPLAINT}
    return Offered(room.app, there, lambda: room.documents.kept[COMPLAINT].revision)


def _followup() -> Offered:
    room = Followup()
    room.open()
    there = {"complaint": COMPLAINT}
    return Offered(room.app, there, lambda: room.documents.kept[COMPLAINT].revision)


def _notification() -> Offered:
    room = Notification()
    room.receive()
    return Offered(room.app, {"complaint": COMPLAINT})


APPS: dict[str, Callable[[], Offered]] = {
    "intake": _intake,
    "routing": _routing,
    "followup": _followup,
    "notification": _notification,
    "metrics": lambda: Offered(Metrics().door()),
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


def _request(offered: Offered, label: str, case: Case[Any], nth: int) -> dict[str, Any]:
    """Let somebody ask who may: else every answer would be 401. Half are about what there is."""
    about = nth % 2 == 1
    if about and case.path_parameters:
        case.path_parameters = {**case.path_parameters, **_of(offered, case.path_parameters)}
    said = case.as_transport_kwargs(base_url="http://test")
    headers = {name: str(value).encode(errors="replace") for name, value in said["headers"].items()}
    row = offered.app.state.rights[label]
    if row is not EVERYBODY:
        role = sorted(row)[nth % len(row)]
        agency = "" if role is Role.LEADER and nth % 3 else "dinas-pu"
        headers["Authorization"] = f"Bearer {role}:{agency}".encode()
    if about:
        declared = [each.name for each in case.operation.headers]  # some may be left out
        headers |= {name: said.encode() for name, said in _of(offered, declared).items()}
        headers["If-Match"] = f'"{offered.revision()}"'.encode()
        headers["Idempotency-Key"] = f"a-request-of-its-own-{nth}".encode()
    bodies = {"content" if name == "data" else name: said[name] for name in said.keys() & BODIES}
    asked = {"method": said["method"], "url": said["url"], "params": said.get("params")}
    return {**asked, "headers": headers, **bodies}


def _of(offered: Offered, named: Iterable[str]) -> dict[str, str]:
    """Give what names the complaint that is there, for as much of it as is asked."""
    return {name: offered.there[name] for name in named if name in offered.there}


@pytest.mark.parametrize("service", APPS)
async def test_whatever_is_asked_the_answer_is_no_failure(service: str) -> None:
    """Each answer is what was asked for, or a problem that says what is wrong; never a 5xx."""
    offered = APPS[service]()
    cases = list(_cases(offered.app))
    assert {label for label, _ in cases} <= set(offered.app.state.rights)
    statuses: set[int] = set()
    changed = 0
    async with client(offered.app) as http:
        for nth, (label, case) in enumerate(cases):
            asked = _request(offered, label, case, nth)
            before = offered.revision()
            try:
                answer = await http.request(**asked)
            except (httpx.InvalidURL, httpx.LocalProtocolError):
                continue  # no client can send it
            assert answer.status_code < 500, (label, asked, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", (label, asked)
            statuses.add(answer.status_code // 100)
            changed += offered.revision() > before
    assert statuses == {2, 4}
    assert changed >= ACTS.get(service, 0), "requests that change something get as far as that"
