"""Every cell of intake's rights is tried: route, role, agency and area."""

from __future__ import annotations

from services.intake.api import create_acts, create_api, create_counter
from services.intake.handlers import Counter
from services.intake.rights import RIGHTS
from tests.cells import Cells, Tried
from tests.desk import door
from tests.intake.doubles import InMemoryComplaints, an_intake
from tests.intake.reports import a_body

TRIES = {
    "POST /api/v1/counter/complaints": Tried(201, a_body(channel="walk_in"), one=False),
}


async def test_every_cell_is_as_the_table_has_it() -> None:
    """Clerks of the node, and of places inside it, enter reports; nobody above it does."""
    kept = InMemoryComplaints()
    intake = an_intake(kept)
    routers = create_api(intake), create_acts(intake), create_counter(Counter(intake))
    app = door(RIGHTS, *routers)
    cells = Cells(app, RIGHTS, TRIES, kept.documents, "any")
    assert "\n".join(await cells.wrong()) == ""
