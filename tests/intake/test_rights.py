"""Every cell of intake's rights is tried: route, role, agency and area."""

from __future__ import annotations

import pytest

from services.intake.api import (
    create_acts,
    create_api,
    create_counter,
    create_erasure,
    create_lost,
)
from services.intake.handlers import Counter, Erasing, LostPins
from services.intake.rights import RIGHTS
from shared.contracts.intake import ReporterErased
from shared.runtime.document import Cause
from tests.cells import Cells, Tried
from tests.desk import door
from tests.intake.doubles import NOW, InMemoryComplaints, a_draft, an_intake
from tests.intake.reports import a_body

NUMBERED = "/api/v1/complaints/{tracking_number}"


@pytest.mark.parametrize("state", ["received", "erased"])
async def test_every_cell_is_as_the_table_has_it(state: str) -> None:
    """Clerks of the node, and of places inside it, enter reports; nobody above it does.

    Operators erase, those above the node, too.
    """
    kept = InMemoryComplaints()
    intake = an_intake(kept)
    erasing = Erasing(intake, kept, lambda: NOW)
    filed = await intake.submit(a_draft(), None, None, "00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    if state == "erased":
        said = ReporterErased(redactions=())
        await erasing.erase(filed.tracking_number, said, Cause("e", request="e"))
    tries = {
        "POST /api/v1/counter/complaints": Tried(201, a_body(channel="walk_in"), one=False),
        f"POST {NUMBERED}/erasure": Tried(
            {"received": 201, "erased": 409},
            {"reason": "request"},
            one=False,
            named={"tracking_number": filed.tracking_number},
        ),
    }
    counter = create_counter(Counter(intake))
    routers = create_api(intake), create_acts(intake), counter, create_erasure(erasing)
    app = door(RIGHTS, *routers, create_lost(LostPins(intake)))
    cells = Cells(app, RIGHTS, tries, kept.documents, state)
    assert "\n".join(await cells.wrong()) == ""
