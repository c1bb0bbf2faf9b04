"""Every cell of notification's rights is tried: route, role, agency, area and state."""

from __future__ import annotations

import pytest

from services.notification.rights import RIGHTS
from shared.contracts.vocabulary import Channel
from tests.cells import Cells, Tried
from tests.notification.doubles import COMPLAINT, Room

_NOTICES, _LETTERS = "/api/v1/notices", "/api/v1/letters"
_PAPER = {"unknown": 404, "received": 404, "walk_in": 200}
TRIES = {
    f"GET {_NOTICES}": Tried(200, one=False),
    f"GET {_NOTICES}/brake": Tried(200, one=False),
    f"POST {_NOTICES}/brake/release": Tried(409, {"reason": "Sudah diperiksa."}, one=False),
    f"GET {_NOTICES}/{{complaint}}": Tried({"unknown": 404, "received": 200, "walk_in": 200}),
    f"GET {_LETTERS}": Tried(200, one=False),
    f"GET {_LETTERS}/{{complaint}}": Tried(_PAPER, said={"kentongan-purpose": "serah surat"}),
    f"GET {_LETTERS}/{{complaint}}/looks": Tried(200, one=False),
}


@pytest.mark.parametrize("state", ["unknown", "received", "walk_in"])
async def test_every_cell_is_as_the_table_has_it(state: str) -> None:
    """Operators of the node, and of those above it; to release what is not held is 409."""
    room = Room()
    if state == "received":
        room.receive()
    if state == "walk_in":
        room.receive(reachable=False, channel=Channel.WALK_IN)
        room.answer()
    letter = [each.notice for each in room.state().letter] if state == "walk_in" else []
    printed = Tried(_PAPER, {"notices": letter or ["none"]})
    tries = {**TRIES, f"POST {_LETTERS}/{{complaint}}/printed": printed}
    cells = Cells(room.app, RIGHTS, tries, room.documents.kept, state, COMPLAINT)
    assert "\n".join(await cells.wrong()) == ""
