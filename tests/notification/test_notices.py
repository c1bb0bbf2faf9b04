"""Whom a fact concerns, in whatever order facts come."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.audiences import REPORTER
from services.notification.domain.offices import Offices
from shared.contracts import intake, routing
from shared.contracts.fact import Payload
from tests.notification.doubles import COMPLAINT, Room

TELLS = ("receive", "contact", "route", "answer")


@settings(deadline=None)
@given(st.permutations(TELLS))
def test_the_order_between_streams_does_not_matter(order: list[str]) -> None:
    """In whatever order four services are heard, the same people hear the same."""
    room = Room()
    for step in order:
        getattr(room, step)()
    state = room.state()
    assert {(each.about, each.audience) for each in state.pending} == {
        ("complaint.received.v1", REPORTER),
        ("complaint.routed.v1", REPORTER),
        ("complaint.routed.v1", "dinas-pu"),
        ("response.given.v1", REPORTER),
    }
    assert state.due_at == room.clock.now


@settings(deadline=None)
@given(st.permutations(["receive", "route", "answer"]))
def test_who_left_no_contact_is_sent_nothing(order: list[str]) -> None:
    """A reporter who cannot be reached gets no notice; the agency does."""
    room = Room()
    for step in order:
        room.receive(reachable=False) if step == "receive" else getattr(room, step)()
    assert {each.audience for each in room.state().pending} == {"dinas-pu"}


@settings(deadline=None)
@given(st.permutations([*TELLS, "erase"]))
def test_an_erased_reporter_is_not_written_to(order: list[str]) -> None:
    """Once the contact was erased nothing waits for it, whenever that is heard."""
    room = Room()
    for step in order:
        if step == "erase":
            room.hear(COMPLAINT, "erasures", intake.ContactErased())
        else:
            getattr(room, step)()
    assert room.state().reachable is False
    assert all(each.audience != REPORTER for each in room.state().pending)


def test_nothing_is_sent_before_it_is_known_to_whom() -> None:
    """A notice waits for the sealed contact, and is due once it has come."""
    room = Room()
    room.receive()
    assert room.state().due_at is None
    room.clock.pass_by(timedelta(hours=1))
    room.contact()
    assert room.state().due_at == room.clock.now - timedelta(hours=1)


def test_a_late_clock_without_agency_concerns_nobody() -> None:
    """A verify clock that ran out has no agency to be told."""
    from shared.contracts import followup
    from shared.contracts.vocabulary import Clock

    room = Room()
    room.receive(reachable=False)
    late: Payload = followup.DeadlineMissed(clock=Clock.VERIFY, due_on=room.clock.now.date())
    room.hear(COMPLAINT, "cases", late)
    assert room.state().pending == ()


def test_18_an_agency_hears_of_a_separation_only_if_it_has_the_report() -> None:
    """Separated into the queue a report concerns no agency; else its agency goes on with it."""
    for routed in (False, True):
        room = Room()
        room.receive(reachable=False)
        if routed:
            room.route()
        apart = routing.ComplaintUnmerged(main="main", because="withdrawn")
        room.hear(COMPLAINT, "dispositions", apart)
        heard = [each.about for each in room.state().pending if each.audience != REPORTER]
        assert ("complaint.unmerged.v1" in heard) is routed


def test_the_register_is_read_as_far_as_needed() -> None:
    """Rules and further fields of the register file are routing's; here they are passed over."""
    offices = Offices.model_validate(
        {
            "agencies": [{"code": "a", "name": "A", "email": "a@b.test", "units": []}],
            "rules": [{"category": "x", "area": "81", "agency": "a"}],
        }
    ).by_code()
    assert offices["a"].email == "a@b.test"
