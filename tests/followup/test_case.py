"""The case: what facts make of it, whatever their order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.followup.domain import acts
from services.followup.domain.policy import Term
from shared.contracts import followup, intake, routing
from shared.contracts.vocabulary import Clock as Runs
from shared.runtime.document import Cause, Circumstances, Refused
from tests.desk import Clock
from tests.followup.doubles import COMPLAINT, Room

DAY = timedelta(days=1)


def test_a_disposition_opens_a_case() -> None:
    """The agency owes its first response five working days after the disposition."""
    room = Room()
    room.open()
    state = room.documents.kept[COMPLAINT].state
    assert (state.stage, state.agency, state.turn) == ("open", "dinas-pu", 1)
    assert room.due(Term.RESPOND) == "2026-03-31"
    assert room.types(COMPLAINT) == ["case.opened.v1"]


def test_the_order_between_streams_does_not_matter() -> None:
    """A disposition heard before its complaint leads to the same case."""
    one, other = Room(), Room()
    one.receive()
    one.route()
    other.route()
    other.receive()
    assert one.documents.kept[COMPLAINT].state == other.documents.kept[COMPLAINT].state


def test_clocks_never_restart_on_routing_again() -> None:
    """A later disposition takes the case over and keeps the first due date."""
    room = Room()
    room.open()
    room.decline()
    room.clock.pass_by(3 * DAY)
    room.route(agency="dinsos", turn=2)
    state = room.documents.kept[COMPLAINT].state
    assert (state.stage, state.agency, state.turn) == ("open", "dinsos", 2)
    assert room.due(Term.RESPOND) == "2026-03-31"


def test_an_erased_reporter_leaves_no_words() -> None:
    """What the reporter wrote is forgotten when the person is erased."""
    room = Room()
    room.open()
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    state = room.documents.kept[COMPLAINT].state
    assert (state.title, state.text) == (None, None)


def test_a_verified_complaint_has_no_verify_clock() -> None:
    """Verifying stops the verify clock, whichever of the two is heard first."""
    room = Room()
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified())
    room.receive()
    assert Term.VERIFY not in dict(room.documents.kept[COMPLAINT].state.running())


def test_a_clock_is_recorded_once() -> None:
    """Judged again, a clock that ran out is not recorded twice."""
    room = Room()
    room.open()
    document = room.documents.kept[COMPLAINT]
    later = Circumstances(room.clock.now + 15 * DAY)
    once = room.cases.tick(document, later)
    assert [row["type"] for row in once.facts] == ["case.opened.v1", "deadline.missed.v1"]
    assert once.facts[-1]["data"] == {
        "clock": Runs.RESPOND,
        "due_on": "2026-03-31",
        "agency": "dinas-pu",
    }
    assert room.cases.tick(once, later) == once
    assert room.cases.tick(document, room.clock.under()) == document


@pytest.mark.parametrize("agency", ["dinsos", "dinas"])
def test_another_agency_finds_no_case(agency: str) -> None:
    """Whoever does not hold the case cannot answer it."""
    room = Room(Clock())
    room.open()
    with pytest.raises(Refused) as refused:
        acts.respond(
            room.cases,
            room.documents.kept[COMPLAINT],
            followup.ResponseGiven(agency=agency, text="…"),
            Cause("r"),
            room.clock.under(),
        )
    assert refused.value.status == 404
