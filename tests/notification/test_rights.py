"""Every cell of notification's rights is tried: route, role, agency, area and state."""

from __future__ import annotations

import pytest

from services.notification.rights import RIGHTS
from tests.cells import Cells, Tried
from tests.notification.doubles import COMPLAINT, Room

_NOTICES = "/api/v1/notices"
TRIES = {
    f"GET {_NOTICES}": Tried(200, one=False),
    f"GET {_NOTICES}/brake": Tried(200, one=False),
    f"POST {_NOTICES}/brake/release": Tried(409, {"reason": "Sudah diperiksa."}, one=False),
    f"GET {_NOTICES}/{{complaint}}": Tried({"unknown": 404, "received": 200}),
}


@pytest.mark.parametrize("state", ["unknown", "received"])
async def test_every_cell_is_as_the_table_has_it(state: str) -> None:
    """Operators of the node, and of those above it; to release what is not held is 409."""
    room = Room()
    if state == "received":
        room.receive()
    cells = Cells(room.app, RIGHTS, TRIES, room.documents.kept, state, COMPLAINT)
    assert "\n".join(await cells.wrong()) == ""
