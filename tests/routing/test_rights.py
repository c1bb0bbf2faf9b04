"""Every cell of routing's rights is tried: route, role, agency, area and state."""

from __future__ import annotations

import pytest

from services.routing.rights import RIGHTS
from shared.contracts import followup, intake
from tests.cells import AROUND, INSIDE, NATION, Answered, Cells, Tried, Who
from tests.routing.doubles import COMPLAINT, Room, post
from tests.routing.test_aside import ARCHIVE, DEFERRAL, RESTORE

STATES = (
    *("unknown", "received", "verified", "deferred", "archived", "routed", "resolved", "taken"),
    *("erased", "secret"),
)
"""``taken`` back by the reporter; ``erased``: the reporter was; ``secret``: a confidential one."""


def _in(**answers: Answered) -> dict[str, Answered]:
    return {"unknown": 404, **dict.fromkeys(STATES[1:], 409), **answers}


def _secret(who: Who) -> int:
    """Statement 4: of a confidential report those above the node are told nothing."""
    return 404 if who.area in (AROUND, NATION) else 200


WAITING = _in(received=200, verified=200, deferred=200, erased=200, secret=200)
WAITING_FOR_NONE = dict.fromkeys(
    ("received", "verified", "deferred", "routed", "erased", "secret"), 404
)
"""What may be merged, into what is not there."""
SHOWN = _in(**dict.fromkeys(STATES[1:-1], 200), secret=_secret)


def _unseen(who: Who) -> int:
    """What is not in the state for it is refused, and what is not seen is not there."""
    return 404 if who.area in (AROUND, NATION) else 409


_ONE = "/api/v1/dispositions/{complaint}"
_AGENCY = {"code": "dinas-pu"}
_AGENCIES = "/api/v1/agencies"
NOWHERE = {"duties": [{"category": "jalan", "areas": ["81.99"]}]}
TRIES = {
    f"GET {_AGENCIES}": Tried(200, one=False),
    f"GET {_AGENCIES}/{{code}}": Tried(200, one=False, named=_AGENCY),
    f"GET {_AGENCIES}/{{code}}/changes": Tried(200, one=False, named=_AGENCY),
    f"POST {_AGENCIES}": Tried(409, {"code": "dinas-pu", "name": "PU"}, one=False),
    f"POST {_AGENCIES}/{{code}}/changes": Tried(422, NOWHERE, one=False, named=_AGENCY),
    "GET /api/v1/queue": Tried(200, one=False),
    f"GET {_ONE}": Tried(SHOWN),
    f"GET {_ONE}/suggestions": Tried(SHOWN),
    f"GET {_ONE}/words": Tried(
        _in(erased=200, secret=_unseen), said={"kentongan-purpose": "PDP/2026/0017"}
    ),
    f"GET {_ONE}/words/looks": Tried(200, one=False),
    f"POST {_ONE}/verification": Tried(WAITING, {"note": "Lengkap."}),
    f"POST {_ONE}/route": Tried(WAITING, {"agency": "dinas-pu"}),
    f"POST {_ONE}/deferral": Tried({**WAITING, "deferred": 409}, DEFERRAL),
    f"POST {_ONE}/archive": Tried(WAITING, ARCHIVE),
    f"GET {_ONE}/followers": Tried(200, one=False),
    f"POST {_ONE}/merger": Tried({**WAITING, **WAITING_FOR_NONE}, {"main": "nobody"}),
    f"POST {_ONE}/separation": Tried(_in(), {"words": "Ruas lain."}),
    f"POST {_ONE}/restoration": Tried(_in(archived=200, secret=_unseen), RESTORE),
}


async def _room(state: str) -> Room:
    room = Room()
    await room.registry.prepare()
    if state == "unknown":
        return room
    room.receive(area=INSIDE, confidential=state == "secret")
    asked = {
        "verified": ("verification", {}),
        "deferred": ("deferral", DEFERRAL),
        "archived": ("archive", ARCHIVE),
        "routed": ("route", {"agency": "dinas-pu"}),
        "resolved": ("route", {"agency": "dinas-pu"}),
    }
    if state in asked:
        answer = await post(room, *asked[state], key="the-key-of-the-sample")
        assert answer.status_code == 200
    if state == "resolved":
        room.hear(COMPLAINT, "cases", followup.CaseResolved(agency="dinas-pu"))
    if state == "taken":
        room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn(reason="Sudah selesai."))
    if state == "erased":
        room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    return room


@pytest.mark.parametrize("state", STATES)
async def test_21_every_cell_is_as_the_table_has_it(state: str) -> None:
    """Statement 21: whoever asks, for whatever agency and area, gets what the table gives."""
    room = await _room(state)
    cells = Cells(room.app, RIGHTS, TRIES, room.documents.kept, state, COMPLAINT)
    assert "\n".join(await cells.wrong()) == ""
