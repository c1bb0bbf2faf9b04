"""A report that follows another: its reporter sees both, and nothing of the other reporter."""

from __future__ import annotations

from datetime import date

import pytest

from services.intake.api.messages import TrackedOut
from services.intake.handlers import Intake
from shared.contracts import followup, routing
from tests.intake.doubles import InMemoryComplaints, a_draft, an_intake

ANSWER = followup.ResponseGiven(agency="dinas-pu", text="Besok ditambal.")
APART = routing.ComplaintUnmerged(main="m", because="officer", words="Ruas lain.")


async def two(*, confidential: bool = False) -> tuple[Intake, InMemoryComplaints, str, str]:
    """File two reports and merge the second into the first."""
    kept = InMemoryComplaints()
    intake = an_intake(kept)
    drafts = (a_draft(text="Yang pertama.", confidential=confidential), a_draft(text="Yang kedua."))
    for number, draft in enumerate(drafts):
        await intake.submit(draft, None, f"key-of-report-{number}-of-two", "trace")
    main, follower = kept.documents
    known_by = kept.documents[main].state.tracking_number
    kept.hear(follower, routing.ComplaintMerged(main=main, tracking_number=known_by))
    return intake, kept, main, follower


async def shown(intake: Intake, kept: InMemoryComplaints, complaint: str) -> TrackedOut:
    """Show a report to who follows it up."""
    document = kept.documents[complaint]
    return TrackedOut.of(document, {}, date(2026, 3, 2), await intake.main_of(document))


async def test_18_who_was_merged_reads_the_answer_of_the_main_report() -> None:
    """Under the own number and PIN stands what becomes of the other, without what it says."""
    intake, kept, main, follower = await two()
    kept.hear(
        main, followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=date(2026, 3, 9)), ANSWER
    )
    said = await shown(intake, kept, follower)
    assert (said.status, said.next_move) == ("merged", None)
    assert said.main is not None
    assert (said.main.status, said.main.agency) == ("answered", "dinas-pu")
    assert said.main.tracking_number == kept.documents[main].state.tracking_number
    assert [each.text for each in said.main.answers] == ["Besok ditambal."]
    assert "Yang pertama." not in said.model_dump_json()
    assert (await shown(intake, kept, main)).main is None


async def test_18_a_separated_report_stands_where_it_stood() -> None:
    """It follows nothing, and is with the coordinator again."""
    intake, kept, _, follower = await two()
    before = kept.documents[follower].state
    kept.hear(follower, APART)
    said = await shown(intake, kept, follower)
    assert (said.status, said.main) == ("received", None)
    assert kept.documents[follower].state.asides > before.asides


@pytest.mark.parametrize("gone", [False, True])
async def test_nothing_is_shown_of_a_confidential_report_or_of_one_that_is_not_there(
    *, gone: bool
) -> None:
    """Whatever routing tells, rahasia stays with those who handle it."""
    intake, kept, main, follower = await two(confidential=not gone)
    if gone:
        del kept.documents[main]
    said = await shown(intake, kept, follower)
    assert (said.status, said.main) == ("merged", None)
