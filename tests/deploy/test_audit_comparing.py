"""The audit's judgement: what differs is found, what is on its way is not called missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.audit import bus, figures
from deploy.audit.comparing import Currency, compare, flaw_of
from deploy.audit.finding import MOST_LISTED, Finding, Kind, Report
from deploy.audit.notebook import Notebook
from shared.contracts.fact import Pair
from shared.contracts.topics import SERVICES
from shared.runtime.document import Document, Heard, Held
from shared.runtime.timing import micros
from tests.deploy.nodes import NOON, World

LATER = NOON + timedelta(hours=1)
SETTLED = Currency(LATER, settled=True)


@pytest.fixture
def world() -> tuple[World, str]:
    """Give a node in which one complaint was routed and answered, and everybody knows."""
    world = World()
    complaint = world.file()
    world.spread(complaint)
    world.respond(complaint)
    world.spread(complaint)
    return world, complaint


def _kinds(group: dict[str, Document[Any]], currency: Currency = SETTLED) -> list[Kind]:
    identity = next(iter(group.values())).id
    return [finding.kind for finding in compare(identity, group, currency)]


def test_a_complaint_that_everybody_knows_is_clean(world: tuple[World, str]) -> None:
    """Where all have heard all and agree, nothing is found."""
    there, complaint = world
    assert _kinds(there.group(complaint)) == []


@pytest.mark.parametrize("service", SERVICES[1:])
def test_a_complaint_that_a_service_lacks_is_missing(
    world: tuple[World, str], service: str
) -> None:
    """Each service that must know a complaint and does not is named, with who has to tell it."""
    there, complaint = world
    group = there.group(complaint)
    del group[service]
    found = list(compare(complaint, group, SETTLED))
    missing = [each for each in found if each.kind is Kind.MISSING]
    assert {each.service for each in missing} == {service}
    assert {each.teller for each in missing} <= set(SERVICES)


def test_what_intake_never_accepted_is_a_stray(world: tuple[World, str]) -> None:
    """A complaint that others know and intake does not is found at each of them."""
    there, complaint = world
    group = there.group(complaint)
    del group["intake"]
    assert _kinds(group) == [Kind.STRAY] * 4


def test_a_refused_record_is_no_complaint(world: tuple[World, str]) -> None:
    """A document without facts is a publisher's refused record; nobody else may know it."""
    there, complaint = world
    refused = replace(there.group(complaint)["intake"], facts=())
    assert _kinds({"intake": refused}) == []


def test_what_is_younger_than_a_view_is_under_way() -> None:
    """A fact told after the time up to which its reader has heard is no difference."""
    world = World()
    complaint = world.file()
    world.spread(complaint)
    world.respond(complaint)
    answered = world.now
    group = world.group(complaint)
    through = {(reader, "cases"): answered - timedelta(minutes=1) for reader in SERVICES}
    kinds = _kinds(group, Currency(answered + timedelta(seconds=5), through))
    assert set(kinds) == {Kind.UNDER_WAY}
    through = {(reader, "cases"): answered + timedelta(minutes=1) for reader in SERVICES}
    kinds = _kinds(group, Currency(answered + timedelta(minutes=2), through))
    assert set(kinds) == {Kind.BEHIND}


def test_nothing_is_under_way_for_ever() -> None:
    """After a day what was not heard differs, even where a view says nothing."""
    world = World()
    complaint = world.file()
    late = Currency(NOON + timedelta(days=2))
    assert set(_kinds(world.group(complaint), late)) == {Kind.MISSING}


def test_a_lost_fact_is_found_at_its_readers(world: tuple[World, str]) -> None:
    """Readers that have heard what its teller lacks say that the teller's store lost it."""
    there, complaint = world
    group = there.group(complaint)
    followup = group["followup"]
    group["followup"] = replace(followup, facts=followup.facts[:-1])
    assert set(_kinds(group)) == {Kind.AHEAD}


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        ("routing", {"agency": "dinas-pupr"}),
        ("routing", {"turn": 7}),
        ("intake", {"case_stage": "resolved"}),
        ("followup", {"agency": "pdam"}),
        ("metrics", {"milestones": ()}),
        ("notification", {"sent": 3}),
    ],
)
def test_states_that_do_not_agree_are_found(
    world: tuple[World, str], service: str, fields: dict[str, Any]
) -> None:
    """A planted difference in one state is found though every pair is equal."""
    there, complaint = world
    group = there.group(complaint)
    document = group[service]
    group[service] = replace(document, state=replace(document.state, **fields))
    assert set(_kinds(group)) == {Kind.STATE}


def test_a_held_stream_is_held_and_not_behind(world: tuple[World, str]) -> None:
    """What waits in quarantine is listed once, with its reason."""
    there, complaint = world
    group = there.group(complaint)
    routing = group["routing"]
    group["routing"] = replace(
        routing,
        held={"cases": Held(Pair(0, 2), "poison")},
        heard={**routing.heard, "cases": Heard(Pair(0, 1))},
    )
    found = list(compare(complaint, group, SETTLED))
    assert [each.kind for each in found] == [Kind.HELD]
    assert "poison" in found[0].sentence


def test_a_mark_that_stays_is_found(world: tuple[World, str]) -> None:
    """What is marked as untold for minutes is found; a fresh mark is not."""
    there, complaint = world
    group = there.group(complaint)
    old = {**group, "intake": replace(group["intake"], untold=micros(NOON))}
    fresh = {**group, "intake": replace(group["intake"], untold=micros(LATER))}
    assert _kinds(old) == [Kind.UNTOLD]
    assert _kinds(fresh) == []


def test_broken_histories_are_found(world: tuple[World, str]) -> None:
    """A gap, a repeat and a wrong order are each named."""
    there, complaint = world
    followup = there.group(complaint)["followup"]
    one, two = followup.facts
    assert flaw_of(followup) is None
    assert flaw_of(replace(followup, facts=(two,))) == "its facts have a gap"
    twice = {**two, "id": one["id"]}
    assert flaw_of(replace(followup, facts=(one, twice))) == "a fact stands in it twice"
    assert flaw_of(replace(followup, facts=(two, one))) == "its facts are not in order"


def test_a_topic_that_carries_an_older_history_is_found(world: tuple[World, str]) -> None:
    """The newest message of a topic must be the newest pair in the store."""
    there, complaint = world
    group = there.group(complaint)
    newest = {
        "complaints": {complaint: str(Pair(0, 1))},
        "dispositions": {complaint: str(Pair(0, 2))},
        "cases": {complaint: str(Pair(0, 1))},
    }
    found = list(bus.differences(complaint, group, newest, LATER, settled=True))
    assert [(each.kind, each.service) for each in found] == [(Kind.BUS, "followup")]
    assert not list(bus.differences(complaint, group, newest, NOON, settled=False))


def test_figures_are_recounted_but_for_stale_minutes() -> None:
    """A minute with another count is found unless it is being counted again."""
    with Notebook() as notebook:
        notebook.count([("received||2026-11-20", "12:00")] * 3)
        notebook.count([("routed|pdam|2026-11-20", "12:01"), ("received||2026-11-20", "12:05")])
        notebook.note_stale([("received||2026-11-20", "12:05")])
        counts, stale = notebook.take_counts("received||2026-11-20")
        stored = {"12:00": 2, "12:05": 9}
        found = list(figures.compare("received||2026-11-20", stored, counts, stale))
        assert [each.sentence.split(" is ")[0][-5:] for each in found] == ["12:00"]
        assert notebook.left_counts(9) == [("routed|pdam|2026-11-20", "12:01", 1)]


def test_what_is_met_again_is_counted_once() -> None:
    """A document that changes during the walk comes twice and counts once."""
    with Notebook() as notebook:
        assert notebook.first_met("intake", ["a", "b"]) == {"a", "b"}
        assert notebook.first_met("intake", ["b", "c"]) == {"c"}
        assert notebook.first_met("routing", ["a"]) == {"a"}


def test_the_last_message_of_a_log_is_what_counts() -> None:
    """As compaction keeps it: the later record, not the higher pair; unasked ones are listed."""
    with Notebook() as notebook:
        notebook.note_newest("cases", [("a", "2"), ("b", "1"), ("a", "1")])
        assert notebook.newest("cases", ["a"]) == {"a": "1"}
        assert list(notebook.never_asked(5)) == [("cases", "b", "1")]


def test_a_report_is_bounded() -> None:
    """However much is found, a bounded part is listed, all is counted, and some is harmless."""
    report = Report("8171")
    for number in range(MOST_LISTED * 2):
        report.note(Finding(Kind.UNDER_WAY, str(number), "intake", ""))
    assert report.kinds[Kind.UNDER_WAY] == MOST_LISTED * 2
    assert len(report.listed[Kind.UNDER_WAY]) == MOST_LISTED
    assert report.differences == 0
    report.note(Finding(Kind.MISSING, "x", "routing", ""))
    assert report.shown()["clean"] is False
