"""What an agency owes next follows from what followup told, whichever stream is heard first."""

from __future__ import annotations

from datetime import date

import pytest

from services.notification.domain.owing import Owed, hear_owed
from shared.contracts import followup, intake, routing
from shared.contracts.fact import NOTHING, Fact, Payload
from shared.contracts.lateness import DueDateLifted, DueDateMoved
from tests.desk import NOON

AGENCY, OTHER = "dinas-pu", "dinsos"
FIRST, LAST = date(2026, 3, 20), date(2026, 4, 10)
OPENED = followup.CaseOpened(agency=AGENCY, turn=1, respond_by=FIRST, complete_by=LAST)
ANSWERED = followup.ResponseGiven(agency=AGENCY, text="Sudah.")
INTERIM = followup.ResponseGiven(agency=AGENCY, text="Sedang.", interim=True)
DECLINED = followup.DispositionDeclined(agency=AGENCY, turn=1, reason="Bukan kami.")
RESOLVED = followup.CaseResolved(agency=AGENCY)
REOPENED = followup.CaseReopened(agency=AGENCY, because="rejected")
MERGED = routing.ComplaintMerged(main="m", tracking_number="8171-AAAA-AAA1-1")
UNMERGED = routing.ComplaintUnmerged(main="m", because="other")
DONE_LATER = DueDateMoved(clock="complete", was=FIRST, due_on=LAST, because="calendar")
LIFTED = DueDateLifted(clock="complete", was=LAST, because="kind")
MOVED = DueDateMoved(clock="respond", was=FIRST, due_on=LAST, because="calendar")


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ([OPENED], f"{AGENCY}|{FIRST}"),
        ([OPENED, INTERIM], f"{AGENCY}|{LAST}"),
        ([OPENED, ANSWERED], None),
        ([OPENED, ANSWERED, OPENED.model_copy(update={"turn": 2})], None),
        ([OPENED, ANSWERED, REOPENED], f"{AGENCY}|{LAST}"),
        ([OPENED, ANSWERED, RESOLVED], None),
        ([OPENED, DECLINED], None),
        ([OPENED, DECLINED, OPENED.model_copy(update={"agency": OTHER})], f"{OTHER}|{FIRST}"),
        ([MERGED, OPENED], None),
        ([OPENED, MERGED, UNMERGED], f"{AGENCY}|{FIRST}"),
        ([intake.ComplaintWithdrawn(), OPENED], None),
        ([REOPENED.model_copy(update={"complete_by": LAST})], f"{AGENCY}|{LAST}"),
        ([INTERIM, DONE_LATER], f"{AGENCY}|{LAST}"),
        ([DONE_LATER], None),
        ([OPENED, LIFTED, INTERIM], None),
        ([OPENED, MOVED], f"{AGENCY}|{LAST}"),
    ],
)
def test_38_what_an_agency_owes_follows_from_what_was_told(
    facts: list[Payload], place: str | None
) -> None:
    """Statement 38: the next date of an open case, whichever stream is heard first."""
    owed = Owed()
    for said in facts:
        owed = hear_owed(owed, Fact("f", NOTHING, said.type, NOON, "c", None, None, None, said))
    assert owed.place == place
