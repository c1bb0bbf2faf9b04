"""What the people of the demo file, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.demo.deciding import NOBODY_ELSE
from deploy.demo.doors import Doors, DoorShut
from deploy.demo.people import Samples, count_new, filed_sentence, load
from services.followup.rights import RIGHTS as FOLLOWUP
from services.intake.rights import RIGHTS as INTAKE
from services.metrics.rights import RIGHTS as METRICS
from services.notification.rights import RIGHTS as NOTIFICATION
from services.routing.domain.disposition import Disposition
from services.routing.domain.register import Register
from services.routing.domain.suggestion import suggest
from services.routing.rights import RIGHTS as ROUTING
from shared.runtime.access import NotAdmitted, Officer, Role
from shared.runtime.access.rights import sight_of

SAMPLES = Samples.of("8171")
REGISTER = Register.model_validate_json(SAMPLES.register.read_bytes())
AGENCIES = frozenset(each.code for each in REGISTER.agencies)
BEGAN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Remembering(Doors):
    """Answers a key again as the first time, as intake does."""

    def __init__(self) -> None:
        """Know of no report."""
        super().__init__({}, "")
        self.now, self.received = BEGAN, dict[str, datetime]()
        self.renewed: set[str] = set()

    async def file(self, report: Mapping[str, Any], key: str) -> dict[str, Any]:
        self.received.setdefault(key, self.now)
        return {"tracking_number": key, "pin": report["title"]}

    async def track(self, number: str, pin: str) -> dict[str, Any]:
        if number in self.renewed:
            raise DoorShut(404, "No report has this number and PIN.")
        return {"received_at": self.received[number].isoformat(), "pin": pin}


async def test_only_what_was_filed_now_is_counted_as_filed() -> None:
    """A sample that an earlier start has filed is answered alike, and was there already."""
    samples = [{"title": f"{nth}"} for nth in range(20)]
    async with Remembering() as doors:
        first = await load(doors, samples[:18], "s")
        assert await count_new(doors, first, BEGAN) == 18
        doors.now += timedelta(hours=1)
        doors.renewed = {first[0]["tracking_number"]}  # its PIN is another one now
        again = await load(doors, samples, "s")
        assert again[:18] == first
        assert await count_new(doors, again, doors.now) == 2


@pytest.mark.parametrize(
    ("new", "there", "sentence"),
    [
        (32, 0, "32 filed through the public interface"),
        (2, 30, "2 filed through the public interface, 30 there already"),
        (0, 32, "32 there already"),
    ],
)
def test_what_was_there_is_not_said_to_be_filed(new: int, there: int, sentence: str) -> None:
    """Both counts stand in the line, none that is naught."""
    assert filed_sentence(new, there) == sentence


def waiting(report: Mapping[str, Any], turn: int = 0, wanted: str | None = None) -> dict[str, Any]:
    """Give a sample report as the queue shows it."""
    said = {name: report.get(name) for name in ("title", "text", "category", "area")}
    return {**said, "turn": turn, "wanted_agency": wanted}


def decision(nth: int, report: Mapping[str, Any], agency: str | None = None) -> Disposition:
    """Give what routing knows of a sample report, once an agency has it."""
    said: dict[str, Any] = {
        name: report.get(name) for name in ("title", "text", "category", "area")
    }
    state = Disposition(complaint=f"c{nth}", received_at=BEGAN, **said)
    return replace(state, turn=1, agency=agency) if agency else state


@pytest.mark.parametrize("report", SAMPLES.complaints, ids=lambda each: each["title"])
def test_the_coordinator_decides_as_the_register_would(report: Mapping[str, Any]) -> None:
    """What a rule is about goes where the rule sends it; a wish comes first, what declined last."""
    practice = SAMPLES.practice
    first = practice.agency_for(waiting(report))
    rule = REGISTER.rule_for(report.get("category"), report["area"], None)
    assert rule is None or first == rule.agency
    assert practice.agency_for(waiting(report, wanted="pdam")) == "pdam"
    chosen = [practice.agency_for(waiting(report, turn)) for turn in range(5)]
    assert set(chosen) <= AGENCIES
    assert chosen[1] != first
    assert chosen[-1] == NOBODY_ELSE or NOBODY_ELSE in chosen


@pytest.mark.parametrize(
    ("title", "agency"),
    [("Anjing liar di sekitar sekolah", "satpol-pp"), ("Tidak tahu harus melapor", "dinas-lh")],
)
def test_words_decide_where_no_category_was_named(title: str, agency: str) -> None:
    """Stray dogs are no matter of the school, nor is a heap with rats one of nobody."""
    report = next(each for each in SAMPLES.complaints if each["title"].startswith(title))
    assert SAMPLES.practice.agency_for(waiting(report)) == agency


def test_what_the_coordinator_decides_teaches_suggestions_sense() -> None:
    """After the samples are decided, a suggestion for each names the agency that has it."""
    practice = SAMPLES.practice
    decided = [
        decision(nth, report, practice.agency_for(waiting(report)))
        for nth, report in enumerate(SAMPLES.complaints)
    ]
    for nth, report in enumerate(SAMPLES.complaints):
        if "category" in report and report["area"] != "81.71.05":
            best = suggest(decision(100 + nth, report), decided, AGENCIES)[0]
            assert best.agency == decided[nth].agency, report["title"]


def test_who_declines_names_who_is_asked_next() -> None:
    """An agency gives a reason that fits a category of its own; the next one keeps it."""
    declined = SAMPLES.sentences["declined"]
    names = {each.code: each.name for each in REGISTER.agencies}
    for agency, by_category in declined.items():
        following = SAMPLES.practice.neighbours[agency]
        for category, reason in by_category.items():
            assert names[following] in reason
            assert {"category": category, "area": "81.71", "agency": agency} in [
                dict(rule) for rule in SAMPLES.practice.rules
            ]
            assert SAMPLES.reason(following, category) is None
    assert SAMPLES.reason("dinas-pendidikan", "pendidikan") is None
    assert SAMPLES.reason("pdam", None) is None


def test_every_agency_has_something_to_answer() -> None:
    """Its own sentences, else those of whoever works outdoors."""
    assert set(SAMPLES.sentences["responses"]) <= {"", *AGENCIES}
    assert all(SAMPLES.answers(agency) for agency in AGENCIES)
    assert SAMPLES.answers("disdukcapil") != SAMPLES.answers("dinas-pupr")


def test_there_is_a_sample_account_for_every_role_and_scope() -> None:
    """Whatever a table of rights lets somebody see, there is a sample of whom to try it as."""
    known = [
        Officer("x", "X", frozenset({role}), agency, area)
        for role in Role
        for agency in (None, "dinas-pupr")
        for area in ("81.71", "81.71.02", "81", "00")
    ]
    samples = [
        Officer(one.username, one.name, frozenset(one.roles), one.agency, one.area)
        for one in SAMPLES.accounts.listed()
    ]
    assert scopes(known) - scopes(samples) == set()


def scopes(officers: list[Officer]) -> set[tuple[str, bool, bool, bool]]:
    """Give by role whether somebody sees of an agency, of an area, or from above."""
    found = set()
    tables = (FOLLOWUP, INTAKE, METRICS, NOTIFICATION, ROUTING)
    rows = [row for table in tables for row in table.values() if isinstance(row, Mapping)]
    for row, who in product(rows, officers):
        with suppress(NotAdmitted):
            sight = sight_of(who, row, "81.71", reading=True)
            found.add((min(who.roles), bool(sight.agency), bool(sight.area), sight.above))
    return found
