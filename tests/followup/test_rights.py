"""Every cell of followup's rights is tried: route, role, agency, area and state."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from services.followup.domain.case import Case
from services.followup.domain.policy import DEFAULT
from services.followup.domain.stages import Rest, Stage
from services.followup.rights import RIGHTS
from shared.contracts import intake, routing
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.fact import Payload
from shared.runtime.access import Role
from tests.cells import AROUND, INSIDE, NATION, OTHERS, OURS, Answered, Cells, Tried, Who
from tests.followup.doubles import APPROVED, COMPLAINT, Room
from tests.followup.test_outages import CUT

STATES = {
    "unknown": None,
    "received": "none",
    "open": "open",
    "drafted": "open",
    "answered": "answered",
    "resolved": "resolved",
    "appealed": "resolved",
    "declined": "declined",
    "archived": "archived",
    "merged": "merged",
    "elsewhere": "open",
    "taken": "withdrawn",
    "secret": "resolved",
    "erased": "open",
}
"""By what was done to it, where that leaves the case. ``drafted``: an answer waits for approval;
``archived`` by a coordinator after its agency had declined it; ``merged`` after it was opened;
``elsewhere``: with another agency; ``taken`` back; ``secret``: an objection waits in the case of a
confidential report; ``erased``: its reporter was, after it was opened."""
NOT_THERE = dict.fromkeys(("unknown", "received"), 404)


def _in(usual: int, **answers: int | Callable[[Who], int]) -> dict[str, Answered]:
    return {**dict.fromkeys(STATES, usual), **NOT_THERE, **answers}


def _secret(who: Who) -> int:
    """Statement 4: of a confidential report those above the node are told nothing."""
    return 404 if who.area in (AROUND, NATION) else 200


def _watched(who: Who) -> int:
    """Statement 4: of a confidential report oversight is told nothing."""
    return 404 if who.role == Role.OVERSEER else 200


def _not_erased(who: Who) -> int:
    """Statement 4: not even that a confidential report is there is told to those above."""
    return 409 if _secret(who) == 200 else 404


PURPOSE = {"kentongan-purpose": "PDP/2026/0017"}
_ONE = "/api/v1/cases/{complaint}"
_APPEAL = "/api/v1/appeals/{complaint}"
_DRAFT = "/api/v1/drafts/{complaint}"
_SHARED = "/api/v1/contributions/{complaint}"
TRIES = {
    "GET /api/v1/contributions": Tried(200, one=False),
    f"GET {_SHARED}": Tried(_in(200)),
    f"POST {_SHARED}": Tried(404, {"text": "Ya."}),  # it answers, and contributes nothing
    "GET /api/v1/cases": Tried(200, one=False),
    "GET /api/v1/escalations": Tried(200, one=False),
    "GET /api/v1/oversight/cases": Tried(200, one=False),
    "GET /api/v1/outages": Tried(200, one=False),
    "POST /api/v1/outages": Tried(
        422, CUT.model_dump(mode="json", exclude_defaults=True), one=False
    ),  # it is not over
    f"GET {_ONE}": Tried(_in(200, secret=_watched)),
    f"GET {_ONE}/why": Tried(_in(200, secret=_watched)),
    f"GET {_ONE}/words": Tried(
        _in(409, received=409, secret=_not_erased, erased=200), said=PURPOSE
    ),
    f"GET {_ONE}/words/looks": Tried(200, one=False),
    "GET /api/v1/units": Tried(200, one=False),
    f"POST {_ONE}/assignment": Tried(
        _in(409, open=200, drafted=200, elsewhere=422, answered=200, erased=200), {"unit": "jalan"}
    ),
    f"POST {_ONE}/responses": Tried(
        _in(409, open=200, drafted=200, elsewhere=200, answered=200, erased=200), {"text": "Ya."}
    ),
    f"POST {_ONE}/decline": Tried(
        _in(409, open=200, drafted=200, elsewhere=200, erased=200), {"reason": "Bukan kami."}
    ),
    f"POST {_ONE}/resolution": Tried(_in(409, answered=200), {"note": "Selesai."}),
    "GET /api/v1/appeals": Tried(200, one=False),
    f"GET {_APPEAL}": Tried(_in(404, appealed=200, secret=_secret)),
    f"POST {_APPEAL}/decision": Tried(
        _in(409, appealed=200, secret=200), {"outcome": "dismissed", "reason": "Sudah menyala."}
    ),
    "GET /api/v1/drafts": Tried(200, one=False),
    f"POST {_DRAFT}/approval": Tried(_in(409, drafted=200)),
    f"POST {_DRAFT}/return": Tried(_in(409, drafted=200), {"reason": "Kurang jelas."}),
}


_HEARD: dict[str, tuple[str, Payload]] = {
    "archived": ("dispositions", routing.ComplaintArchived(reason="out_of_scope")),
    "merged": ("dispositions", routing.ComplaintMerged(main="m")),
    "taken": ("complaints", intake.ComplaintWithdrawn(reason="Sudah selesai.")),
    "erased": ("complaints", intake.ReporterErased(redactions=())),
}


def _room(state: str) -> Room:
    room = Room(policies=APPROVED if state == "drafted" else DEFAULT)
    if state != "unknown":
        room.receive(area=INSIDE, confidential=state == "secret")
    if state not in NOT_THERE:
        room.route(agency=OTHERS if state == "elsewhere" else OURS)
    if state in ("drafted", "answered", "resolved", "appealed", "secret"):
        room.respond()
    if state in ("resolved", "appealed", "secret"):
        room.resolve()
    if state in ("appealed", "secret"):
        said = ReporterAppealed(about=str(room.case.ending), text="Belum.")
        room.hear(COMPLAINT, "complaints", said)
    if state in ("declined", "archived"):
        room.decline()
    if state in _HEARD:
        room.hear(COMPLAINT, *_HEARD[state])
    return room


@pytest.mark.parametrize("state", STATES)
async def test_21_every_cell_is_as_the_table_has_it(state: str) -> None:
    """Statement 21: an agency's officers see what was routed to it, others that there is none."""
    room = _room(state)
    kept = room.documents.kept
    assert (_stands(kept[COMPLAINT].state) if kept else None) == STATES[state]
    holder = kept[COMPLAINT].state.agency if COMPLAINT in kept else None
    cells = Cells(room.app, RIGHTS, TRIES, kept, state, COMPLAINT, holder)
    assert "\n".join(await cells.wrong()) == ""


def _stands(case: Case) -> str:
    return case.rest or ("archived" if case.archived else case.stage)


def test_21_every_stage_has_a_column() -> None:
    """Statement 21: where a case can stand, at rest or archived, rights are tried."""
    named = {*get_args(Stage), *get_args(Rest), "archived", None}
    assert set(STATES.values()) == named


async def test_21_who_contributes_sees_the_case_too() -> None:
    """Statement 21: both agencies of a shared case see it there, and one alone contributes."""
    room = Room()
    room.receive(area=INSIDE)
    room.route(agency=OTHERS, contributors=(OURS,))
    tries = {
        f"GET {_SHARED}": Tried(200, one=False),
        f"POST {_SHARED}": Tried(
            lambda who: 200 if who.agency == OURS else 404, {"text": "Ya."}, one=False
        ),
    }
    rights = {route: RIGHTS[route] for route in tries}
    kept = room.documents.kept
    assert "\n".join(await Cells(room.app, rights, tries, kept, "shared", COMPLAINT).wrong()) == ""
