"""Clocks as data: versions, what each complaint is born under, what a file may not say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Matter, Moment, Policies, Term
from shared.contracts import routing
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import Kind, zone_of
from tests.architecture.house import ROOT
from tests.desk import Clock
from tests.followup.doubles import COMPLAINT, Room
from tests.followup.test_calendar import WORKED

DAY = timedelta(days=1)
SP4N = DEFAULT.versions[0]


def shorter(since: date) -> Policies:
    """Give the usual policy, and from a day on one with a first response in three days."""
    limits = tuple(
        each.model_copy(update={"days": 3}) if each.clock is Term.RESPOND else each
        for each in SP4N.limits
    )
    later = SP4N.model_copy(update={"version": "2027-1", "since": since})
    return Policies(versions=(SP4N, later.model_validate({**later.model_dump(), "limits": limits})))


@pytest.mark.parametrize(
    ("clock", "matter", "days"),
    [
        (Term.VERIFY, Matter.COMPLAINT, 3),
        (Term.RESPOND, Matter.COMPLAINT, 5),
        (Term.RESPOND, Matter.ASPIRATION, 5),
        (Term.COMPLETE, Matter.INFORMATION_REQUEST, 5),
        (Term.COMPLETE, Matter.COMPLAINT, 14),
        (Term.COMPLETE, Matter.INSPECTION, 60),
        (Term.COMPLETE, Matter.ASPIRATION, None),
        (Term.REPLY, Matter.COMPLAINT, 10),
    ],
)
def test_statement_23_lengths_come_from_the_policy(
    clock: Term, matter: Matter, days: int | None
) -> None:
    """Statement 23: every length is read from the policy, by clock and by what is asked for."""
    limit = SP4N.limit(clock, matter)
    assert (limit.days if limit else None) == days


@pytest.mark.parametrize("received_on", WORKED)
@pytest.mark.parametrize(
    ("kind", "inspection", "nth"),
    [
        (Kind.INFORMATION_REQUEST, False, 1),
        (Kind.COMPLAINT, False, 3),
        (Kind.COMPLAINT, True, 4),
    ],
)
def test_statement_24_every_row_of_the_worked_table(
    received_on: str, kind: Kind, nth: int, *, inspection: bool
) -> None:
    """Statement 24: each row of the table comes out on a case: verify, first response, the end."""
    moment = datetime.fromisoformat(received_on).replace(hour=3, tzinfo=UTC)
    room = Room(Clock(moment))
    room.receive(kind=kind)
    assert room.due(Term.VERIFY) == WORKED[received_on][0]
    room.hear(
        COMPLAINT,
        "dispositions",
        routing.ComplaintVerified(inspection=inspection),
        routing.ComplaintRouted(agency="dinas-pu", turn=1),
    )
    assert room.due(Term.RESPOND) == WORKED[received_on][1]
    assert room.due(Term.COMPLETE) == WORKED[received_on][nth]


@pytest.mark.parametrize("complaint_first", [True, False])
def test_an_aspiration_has_no_completion_limit(*, complaint_first: bool) -> None:
    """An aspiration is answered in five days and has no end that is due, in whatever order."""
    room = Room()
    if complaint_first:
        room.receive(kind=Kind.ASPIRATION)
    room.route()
    if not complaint_first:
        room.receive(kind=Kind.ASPIRATION)
    assert (room.due(Term.RESPOND), room.due(Term.COMPLETE)) == ("2026-03-31", None)


def test_statement_25_late_on_friday_in_ambon_is_friday() -> None:
    """Statement 25: the count begins on the handling node's own day, wherever the server stands."""
    friday = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)  # 23:30 in Ambon, 21:30 in Jakarta
    ambon = Room(Clock(friday))
    ambon.receive()
    assert ambon.due(Term.VERIFY) == "2026-11-25"
    monday = Room(Clock(friday + timedelta(hours=1)))  # Saturday in Ambon
    monday.receive()
    assert monday.due(Term.VERIFY) == "2026-11-25"
    jakarta = Cases(Calendar(zone_of("3171")), DEFAULT)
    assert jakarta.calendar.local_day(friday + timedelta(hours=1)) == date(2026, 11, 20)


def test_statement_22_the_first_response_is_counted_from_the_disposition() -> None:
    """Statement 22: five working days after the disposition, also where it is heard later."""
    room = Room()
    room.receive()
    room.clock.pass_by(13 * DAY)  # Monday 30 March
    room.route()
    assert room.due(Term.RESPOND) == "2026-04-07"


def test_a_complaint_keeps_the_version_it_was_born_under() -> None:
    """Whoever was received before a new version counts by the old one, though routed later."""
    room = Room(policies=shorter(since=date(2026, 3, 18)))
    room.receive()
    room.clock.pass_by(13 * DAY)
    room.route()
    room.receive("newer")
    room.route("newer")
    assert room.due(Term.RESPOND) == "2026-04-07"
    assert room.due(Term.RESPOND, "newer") == "2026-04-02"
    assert (room.case.policy, room.documents.kept["newer"].state.policy) == ("sp4n-1", "2027-1")


def test_statement_17_no_clock_restarts_on_routing_again() -> None:
    """Statement 17: declined and routed again, every due date stays what it was."""
    room = Room()
    room.open()
    before = room.documents.kept[COMPLAINT].state.dues
    room.decline()
    room.clock.pass_by(20 * DAY)
    room.route(agency="dinsos", turn=2)
    assert room.documents.kept[COMPLAINT].state.dues == before


def test_an_inspection_found_later_runs_the_longer_clock_from_the_same_day() -> None:
    """Found to need an inspection, it is due later, counted from the same day as before."""
    room = Room()
    room.open()
    assert room.due(Term.COMPLETE) == "2026-04-14"
    room.clock.pass_by(9 * DAY)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified(inspection=True))
    assert room.due(Term.COMPLETE) == "2026-06-26"


def _without(clock: Term) -> dict[str, Any]:
    said = SP4N.model_dump()
    said["limits"] = [each for each in said["limits"] if each["clock"] != clock]
    return said


def _with(clock: Term, /, **changed: Any) -> dict[str, Any]:
    said = SP4N.model_dump()
    said["limits"] = [
        {**each, **changed} if each["clock"] == clock else each for each in said["limits"]
    ]
    return said


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({"versions": []}, "versions"),
        ({"versions": [SP4N.model_dump(), SP4N.model_dump()]}, "does not begin after"),
        ({"versions": [_without(Term.RESPOND)]}, "does not say how long respond runs"),
        ({"versions": [_with(Term.REPLY, days=7)]}, "notice of a closing comes before"),
        ({"versions": [_with(Term.RESPOND, days=0)]}, "days"),
        ({"versions": [_with(Term.VERIFY, start=Moment.ROUTED)]}, "runs from received"),
        ({"versions": [_with(Term.COMPLETE, matter=None)]}, "twice"),
        ({"versions": [_with(Term.REOPEN, clock=Term.APPEAL)]}, "stands in appeal_days"),
        ({"versions": [{**SP4N.model_dump(), "version": "Versi 1"}]}, "A version is up to 40"),
    ],
)
def test_a_wrong_policy_file_is_refused_with_its_reason(said: Any, hint: str) -> None:
    """A file that would leave a clock without a length, or two with one name, is not taken."""
    with pytest.raises(ValidationError, match=hint):
        Policies.model_validate(said)


def test_a_policy_reads_as_it_was_written() -> None:
    """A file made from the policy in force says the same as that one."""
    assert Policies.model_validate_json(DEFAULT.model_dump_json()) == DEFAULT


def test_the_file_to_begin_with_says_what_holds_without_one() -> None:
    """Whoever copies the file that comes along begins with the lengths in force."""
    file = ROOT / "deploy" / "data" / "policy.json"
    assert Policies.model_validate_json(file.read_bytes()) == DEFAULT
