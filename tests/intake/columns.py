"""A report in every status in which rights are tried."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from services.intake.domain.complaint import Complaint
from services.intake.domain.standing import Status
from services.intake.handlers import Erasing
from shared.contracts import followup, intake, routing
from shared.contracts.fact import Payload
from shared.contracts.routing import Gap
from shared.runtime.document import Cause, Document
from tests.cells import OURS
from tests.intake.doubles import COMPLAINTS, a_fact, a_record, a_submission, taken
from tests.intake.folders import Folder

DAY = date(2026, 3, 16)
ROUTED: tuple[Payload, ...] = (
    routing.ComplaintVerified(),
    routing.ComplaintRouted(agency=OURS, turn=1),
)
OPENED: tuple[Payload, ...] = (
    *ROUTED,
    followup.CaseOpened(agency=OURS, turn=1, respond_by=DAY),
)
HEARD: dict[str, tuple[Status, tuple[Payload, ...]]] = {
    "refused": ("refused", ()),
    "received": ("received", ()),
    "verified": ("verified", ROUTED[:1]),
    "deferred": (
        "deferred",
        (routing.ComplaintDeferred(missing=(Gap(code="location"),), complete_by=DAY),),
    ),
    "archived": ("archived", (routing.ComplaintArchived(reason="out_of_scope"),)),
    "merged": ("merged", (*OPENED, routing.ComplaintMerged(main="m"))),
    "routed": ("routed", ROUTED),
    "open": ("in_progress", OPENED),
    "answered": ("answered", (*OPENED, followup.ResponseGiven(agency=OURS, text="Sudah."))),
    "returned": (
        "returned",
        (*OPENED, followup.DispositionDeclined(agency=OURS, turn=1, reason="Bukan kami.")),
    ),
    "resolved": ("resolved", (*OPENED, followup.CaseResolved(agency=OURS))),
    "withdrawn": ("withdrawn", (*ROUTED, intake.ComplaintWithdrawn(reason="Sudah selesai."))),
    "confidential": ("routed", ROUTED),
    "erased": ("routed", ROUTED),
}
"""What was heard of it, and where that leaves it. ``refused``: the record that should have
submitted it; ``merged`` after its agency had it; ``erased``: its reporter was."""
LIES_WITH_US = ("routed", "open", "answered", "resolved", "withdrawn", "confidential", "erased")


async def brought_to(state: str, folder: Folder, erasing: Erasing) -> Document[Complaint]:
    """Bring the report of a folder to a state, and give it as it was before it was erased."""
    if state == "refused":
        folder.kept.documents[folder.id] = taken(a_record(a_submission(title="")))
    sample = folder.document
    status, heard = HEARD[state]
    for said in heard:
        sample = replace(sample, state=COMPLAINTS.fold(sample.state, a_fact(said)))
    if state == "confidential":
        first = {**sample.facts[0], "data": {**sample.facts[0]["data"], "confidential": True}}
        sample = replace(sample, facts=(first, *sample.facts[1:]))
    assert sample.state.status == status
    folder.kept.documents[folder.id] = sample
    if state == "erased":
        named = intake.ReporterErased(redactions=())
        await erasing.erase(str(sample.state.tracking_number), named, Cause("e", request="e"))
    return sample
