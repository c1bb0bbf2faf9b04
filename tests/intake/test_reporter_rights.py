"""Every cell of a reporter's rights is tried: route, status, and the PIN that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI

from services.intake.handlers import Pins
from services.intake.rights import RIGHTS
from shared.runtime.access import EVERYBODY
from tests.desk import client
from tests.intake.columns import HEARD, brought_to
from tests.intake.doubles import SECRET, InMemoryCounts, an_intake
from tests.intake.folders import Folder, erasing_of, office
from tests.intake.pictures import PDF

_ONE = "/api/v1/complaints/{tracking_number}"
_OVER = dict.fromkeys(("withdrawn", "erased"), 409)
_CLOSED = {**_OVER, "resolved": 409}
_RATED = dict.fromkeys(("answered", "resolved"), 201)
WRITTEN = {"text": "Di sisi timur."}
ACTS: dict[str, tuple[Any, int, dict[str, int]]] = {
    f"GET {_ONE}": (None, 200, {}),
    f"POST {_ONE}/replies": (WRITTEN, 201, _OVER),
    f"POST {_ONE}/amendments": (WRITTEN, 201, _CLOSED),
    f"POST {_ONE}/ratings": ({"score": 2}, 409, _RATED),
    f"POST {_ONE}/appeals": (WRITTEN, 409, {"resolved": 201}),
    f"POST {_ONE}/withdrawal": ({"reason": "Sudah."}, 201, _CLOSED),
    f"POST {_ONE}/attachments": (PDF + b"%", 201, _OVER),
    f"GET {_ONE}/attachments/{{attachment}}": (None, 200, {"erased": 404}),
}
"""By route a body, what it is answered with the right PIN, and what else in which state."""
CORRECTION = {**WRITTEN, "area": "81.71.03"}
UNDECIDED = ("received", "deferred")
"""Where a field can still be put right: nobody has decided by it."""
FILED = [state for state in HEARD if state != "refused"]
"""What was refused has no number."""


def test_each_route_of_a_reporter_is_tried() -> None:
    """What needs no officer is tried here, but filing itself and asking for a lost PIN."""
    named = {each for each, row in RIGHTS.items() if row is EVERYBODY and _ONE in each}
    assert named - {f"POST {_ONE}/pin"} == set(ACTS)


@pytest.mark.parametrize("state", FILED)
async def test_a_reporter_may_do_what_the_status_leaves_to_do(state: str) -> None:
    """With the number and its PIN only; an unknown number and a wrong PIN look the same."""
    room = await Room.of(state)
    wrong = []
    for route, (body, usual, other) in ACTS.items():
        for pin, expected in ((room.pin, other.get(state, usual)), ("000000", 404), (None, 400)):
            status = await room.ask(route, body, pin)
            if status != expected:
                wrong.append(f"{route}, {pin}: {status}, not {expected}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("state", FILED)
async def test_a_field_is_put_right_until_somebody_decided_by_it(state: str) -> None:
    """After that it can be said in words alone."""
    room = await Room.of(state)
    status = await room.ask(f"POST {_ONE}/amendments", CORRECTION, room.pin)
    assert status == (201 if state in UNDECIDED else 409)


@dataclass
class Room:
    """A report in one state, before every request."""

    app: FastAPI
    folder: Folder
    counts: InMemoryCounts
    named: Mapping[str, str]

    @classmethod
    async def of(cls, state: str) -> Room:
        """Bring a report to a state."""
        folder, counts = Folder(), InMemoryCounts()
        intake = an_intake(folder.kept, counts=counts)
        erasing = erasing_of(folder, intake)
        added = await folder.add(PDF)
        sample = await brought_to(state, folder, erasing)
        named = {"tracking_number": str(sample.state.tracking_number), "attachment": added.id}
        return cls(office(folder, intake, erasing), folder, counts, named)

    @property
    def pin(self) -> str:
        """The PIN of the report."""
        return Pins(SECRET).of(self.folder.id)

    async def ask(self, route: str, body: Any, pin: str | None) -> int:
        """Ask for one thing, and forget it again; give the status of the answer."""
        before = self.folder.kept.documents.copy()
        method, path = route.split(" ")
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        async with client(self.app) as http:
            answer = await http.request(
                method,
                path.format(**self.named),
                headers={"kentongan-pin": pin} if pin else {},
                **(content if body else {}),
            )
        self.folder.kept.documents = before
        self.counts.rows.clear()
        return answer.status_code
