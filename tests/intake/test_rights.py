"""Every cell of intake's rights is tried: route, role, agency, area, and who holds the case."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec.structs import replace

from services.intake.domain.standing import Status
from services.intake.rights import RIGHTS
from shared.contracts import routing
from shared.contracts.intake import ComplaintAmended
from shared.contracts.tracking import TrackingNumber
from shared.runtime.access import Role
from shared.runtime.document import Cause, record
from tests.cells import AROUND, NATION, OURS, Cells, Tried, Who
from tests.desk import client, headers
from tests.intake.columns import HEARD, LIES_WITH_US, brought_to
from tests.intake.doubles import COMPLAINTS, UNDER, a_fact, an_intake
from tests.intake.folders import Folder, erasing_of, office
from tests.intake.pictures import PDF
from tests.intake.reports import a_body

PURPOSE = {"kentongan-purpose": "periksa"}
OF_NOBODY = str(TrackingNumber.of("8171", "nobody"))
"""A tracking number that no report has."""
_FOLDER = "/api/v1/attachments/{complaint}"
_COUNTER = "POST /api/v1/counter/complaints"


def _shown(state: str, who: Who) -> int:
    """Statement 4: of a confidential report only those are told who handle it."""
    if state == "refused":
        return 404
    decides = who.role == Role.COORDINATOR and who.area not in (AROUND, NATION)
    handles = decides or (who.agency == OURS and who.role in (Role.LIAISON, Role.LEADER))
    return 200 if state != "confidential" or handles else 404


def test_21_every_status_has_a_column() -> None:
    """Statement 21: where a report can stand, rights are tried."""
    assert {status for status, _ in HEARD.values()} == set(get_args(Status))


@pytest.mark.parametrize("state", HEARD)
async def test_21_every_cell_is_as_the_table_has_it(state: str) -> None:
    """Statement 21: files are seen by who verifies, by the agency that holds the case, and above.

    Clerks of the node, and of places inside it, enter reports and scans; nobody above it does.
    Operators erase, those above the node, too; then there are no files.
    """
    folder = Folder()
    intake = an_intake(folder.kept)
    erasing = erasing_of(folder, intake)
    added = await folder.add(PDF)
    sample = await brought_to(state, folder, erasing)
    over = {"refused": 404, "erased": 409}
    shown = Tried(lambda who: _shown(state, who))
    file = {"attachment": added.id}
    numbered = {"tracking_number": sample.state.tracking_number or OF_NOBODY}
    tries = {
        _COUNTER: Tried(201, a_body(channel="walk_in"), one=False),
        f"{_COUNTER}/{{tracking_number}}/attachments": Tried(
            {**over, "withdrawn": 409}.get(state, 201), PDF + b"%", one=False, named=numbered
        ),
        f"GET {_FOLDER}": shown,
        f"GET {_FOLDER}/looks": Tried(200, one=False),
        f"GET {_FOLDER}/{{attachment}}": Tried(
            404 if state == "erased" else shown.answers, named=file, said=PURPOSE
        ),
        "POST /api/v1/complaints/{tracking_number}/erasure": Tried(
            over.get(state, 201), {"reason": "retention"}, one=False, named=numbered
        ),
    }
    holder = OURS if state in LIES_WITH_US else None
    cells = Cells(
        office(folder, intake, erasing),
        RIGHTS,
        tries,
        folder.kept.documents,
        state,
        folder.id,
        holder,
    )
    assert "\n".join(await cells.wrong()) == ""


@pytest.mark.parametrize("late", [False, True])
async def test_oversight_sees_what_lies_where_a_coordinator_found_it_to_be(*, late: bool) -> None:
    """Statement 21: whatever its reporter says of the place, before or after that."""
    folder = Folder()
    intake = an_intake(folder.kept)
    await folder.add(PDF)
    sample = folder.document
    found = a_fact(routing.ComplaintVerified(area="81.71.05"))
    moved = ComplaintAmended(text="Di sebelah.", area="81.71.03")
    if late:
        sample = replace(sample, state=COMPLAINTS.fold(sample.state, found))
        sample = record(COMPLAINTS, sample, [moved], Cause("m"), UNDER)
    else:
        sample = record(COMPLAINTS, sample, [moved], Cause("m"), UNDER)
        sample = replace(sample, state=COMPLAINTS.fold(sample.state, found))
    folder.kept.documents[folder.id] = sample
    app = office(folder, intake, erasing_of(folder, intake))
    async with client(app) as http:
        for area, status in (("81.71.05", 200), ("81.71.03", 404), ("81.71.02", 404)):
            path = f"/api/v1/attachments/{folder.id}"
            shown = await http.get(path, headers=headers(f"overseer::{area}"))
            assert shown.status_code == status, area
