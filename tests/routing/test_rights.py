"""Every cell of routing's rights is tried: route, role, agency, area and state."""

from __future__ import annotations

from typing import get_args

import pytest

from services.routing.domain.disposition import Stage
from services.routing.rights import RIGHTS
from shared.contracts import followup, intake
from tests.cells import AROUND, INSIDE, NATION, Answered, Cells, Tried, Who
from tests.routing.doubles import COMPLAINT, Room, post
from tests.routing.test_aside import ARCHIVE, DEFERRAL, RESTORE

STATES: dict[str, Stage] = {
    "unknown": "unknown",
    "received": "queue",
    "verified": "queue",
    "returned": "queue",
    "deferred": "deferred",
    "archived": "archived",
    "routed": "routed",
    "merged": "merged",
    "leading": "queue",
    "resolved": "resolved",
    "taken": "withdrawn",
    "erased": "queue",
    "secret": "queue",
}
"""By what was done to it, the stage at which that leaves it. ``returned`` by an agency;
``leading``: another follows it; ``taken`` back by the reporter; ``erased``: the reporter was;
``secret``: a confidential one."""
OTHER = "01a2b3c4-0000-7000-8000-000000000002"
"""Another complaint, into which this one can be merged."""


def _in(**answers: Answered) -> dict[str, Answered]:
    return {**dict.fromkeys(STATES, 409), "unknown": 404, **answers}


def _secret(who: Who) -> int:
    """Statement 4: of a confidential report those above the node are told nothing."""
    return 404 if who.area in (AROUND, NATION) else 200


WAITING = _in(**{state: 200 for state, stage in STATES.items() if stage in ("queue", "deferred")})
SHOWN: dict[str, Answered] = {**dict.fromkeys(STATES, 200), "unknown": 404, "secret": _secret}


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
    f"POST {_ONE}/route": Tried(
        {**WAITING, "routed": 200}, {"agency": "dinsos", "words": "Bantuan sosial."}
    ),
    f"POST {_ONE}/deferral": Tried({**WAITING, "deferred": 409}, DEFERRAL),
    f"POST {_ONE}/archive": Tried(WAITING, ARCHIVE),
    f"GET {_ONE}/followers": Tried(200, one=False),
    f"POST {_ONE}/merger": Tried({**WAITING, "routed": 200, "leading": 409}, {"main": OTHER}),
    f"POST {_ONE}/separation": Tried(_in(merged=200), {"words": "Ruas lain."}),
    f"POST {_ONE}/restoration": Tried(_in(archived=200, secret=_unseen), RESTORE),
}


async def _room(state: str) -> Room:
    room = Room()
    await room.registry.prepare()
    room.receive(OTHER, area=INSIDE)
    if state == "unknown":
        return room
    room.receive(area=INSIDE, confidential=state == "secret")
    route = ("route", {"agency": "dinas-pu"})
    asked = {
        "verified": ("verification", {}),
        "deferred": ("deferral", DEFERRAL),
        "archived": ("archive", ARCHIVE),
        "merged": ("merger", {"main": OTHER}),
        **dict.fromkeys(("routed", "returned", "resolved"), route),
    }
    if state in asked:
        answer = await post(room, *asked[state], key="the-key-of-the-sample")
        assert answer.status_code == 200
    if state == "leading":
        answer = await post(room, "merger", {"main": COMPLAINT}, complaint=OTHER)
        assert answer.status_code == 200
    if state == "returned":
        declined = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="Bukan kami.")
        room.hear(COMPLAINT, "cases", declined)
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
    kept = room.documents.kept.get(COMPLAINT)
    assert (kept.state.stage if kept else "unknown") == STATES[state]
    cells = Cells(room.app, RIGHTS, TRIES, room.documents.kept, state, COMPLAINT)
    assert "\n".join(await cells.wrong()) == ""


def test_21_every_stage_has_a_column() -> None:
    """Statement 21: where a complaint can stand, everybody's rights are tried."""
    assert set(STATES.values()) == set(get_args(Stage))
