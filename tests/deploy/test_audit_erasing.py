"""The audit of a complaint whose reporter was erased: that is said, and never called missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.audit import bus
from deploy.audit.comparing import Currency, compare
from deploy.audit.finding import Finding, Kind, Report
from deploy.audit.report import text
from services.intake.domain.erasing import erase
from shared.contracts.fact import BLANKED, Pair, Redaction
from shared.contracts.intake import ReporterErased
from shared.contracts.vocabulary import ErasureReason
from shared.runtime.document import Cause, Circumstances, Document
from shared.runtime.folding import Told, hear
from tests.deploy.nodes import DOMAINS, NOON, World

SETTLED = Currency(NOON + timedelta(hours=1), settled=True)
ANSWER = Redaction(stream="cases", pair=Pair(0, 2), field="text")


@pytest.fixture
def world() -> tuple[World, str]:
    """Give a node that has answered a complaint, and then erased its reporter everywhere."""
    there = World()
    complaint = there.file()
    there.spread(complaint)
    there.respond(complaint)
    there.spread(complaint)
    known, under = there.known["intake"], Circumstances(there.now)
    said = ReporterErased(redactions=(ANSWER,), reason=ErasureReason.REQUEST)
    known[complaint] = erase(DOMAINS["intake"], known[complaint], said, Cause("e"), under)
    there.spread(complaint)
    told = Told("contacts", complaint, Pair(0, 1), None)
    theirs = there.known["notification"]
    theirs[complaint] = hear(DOMAINS["notification"], theirs[complaint], told, under).document
    return there, complaint


def found(group: dict[str, Document[Any]]) -> list[Finding]:
    """Compare what the services know."""
    return list(compare(group["intake"].id, group, SETTLED))


def test_an_erased_reporter_is_named_as_such(world: tuple[World, str]) -> None:
    """Nothing differs, nothing is missing; a line says that and when it was done."""
    there, complaint = world
    (only,) = found(there.group(complaint))
    assert (only.kind, only.complaint, only.differs) == (Kind.ERASED, complaint, False)
    report = Report("8171")
    report.note(only)
    assert "1  erased" in text(report)
    assert report.shown()["clean"] is True


@pytest.mark.parametrize(
    ("service", "kept"),
    [
        ("intake", {"sealed": "JWE"}),
        ("routing", {"text": "Sarinah"}),
        ("routing", {"occurred_on": NOON.date()}),
        ("followup", {"title": "Sarinah"}),
        ("followup", {"occurred_on": NOON.date()}),
        ("notification", {"sealed": "JWE"}),
        ("notification", {"pin": "JWE"}),
    ],
)
def test_whoever_has_something_left_is_found(
    world: tuple[World, str], service: str, kept: dict[str, object]
) -> None:
    """A store that did not forget differs, and the complaint is not called erased."""
    there, complaint = world
    group = there.group(complaint)
    document = group[service]
    group[service] = replace(document, state=replace(document.state, **kept))
    assert [(each.kind, each.service) for each in found(group)] == [(Kind.STATE, service)]


@pytest.mark.parametrize(("service", "nth"), [("intake", 0), ("followup", 1)])
def test_words_that_still_stand_in_a_history_are_found(
    world: tuple[World, str], service: str, nth: int
) -> None:
    """The reporter's own, and what the erasure named of others."""
    there, complaint = world
    group = there.group(complaint)
    rows = [row.copy() for row in group[service].facts]
    del rows[nth]["redacted"]
    rows[nth]["data"] = {**rows[nth]["data"], "text": "Yth. Bu Sarinah"}
    group[service] = replace(group[service], facts=tuple(rows))
    assert {(each.kind, each.service) for each in found(group)} == {(Kind.STATE, service)}


@pytest.mark.parametrize("wrong", [(1, "text"), (2, "reason"), (9, "text")])
def test_what_names_nothing_is_listed(world: tuple[World, str], wrong: tuple[int, str]) -> None:
    """A mistyped pair, or field, is told; nothing differs, and the rest was forgotten."""
    there, complaint = world
    group, (sequence, field) = there.group(complaint), wrong
    rows = [row.copy() for row in group["intake"].facts]
    mistyped = ANSWER.model_copy(update={"pair": Pair(0, sequence), "field": field})
    rows[-1]["data"] = ReporterErased(redactions=(ANSWER, mistyped)).model_dump(mode="json")
    group["intake"] = replace(group["intake"], facts=tuple(rows))
    nothing, erased = found(group)
    assert (nothing.kind, nothing.service, nothing.differs) == (
        Kind.NAMES_NOTHING,
        "followup",
        False,
    )
    assert f"{field} of cases [0, {sequence}]" in nothing.sentence
    assert erased.kind is Kind.ERASED


@pytest.mark.parametrize("blank", [True, False])
def test_words_that_are_said_again_are_looked_for(world: tuple[World, str], *, blank: bool) -> None:
    """A fact that repeats what an erasure names is asked for as well, in each thing it lists."""
    there, complaint = world
    group = there.group(complaint)
    words = BLANKED if blank else "Apakah Bu Wati?"
    rows = [row.copy() for row in group["routing"].facts]
    again = {"repeats": [0, 1], "missing": [{"code": "who", "words": words}]}
    rows[-1]["data"] = {**rows[-1]["data"], **again}
    group["routing"] = replace(group["routing"], facts=tuple(rows))
    told = [row.copy() for row in group["intake"].facts]
    named = Redaction(stream="dispositions", pair=Pair(0, 1), field="words")
    told[-1]["data"] = ReporterErased(redactions=(named,)).model_dump(mode="json")
    group["intake"] = replace(group["intake"], facts=tuple(told))
    assert [each.kind for each in found(group)] == [Kind.ERASED if blank else Kind.STATE]


def test_a_tombstone_that_was_compacted_is_not_missing(world: tuple[World, str]) -> None:
    """The topic carries nothing of an erased contact in the end; an old contact there differs."""
    there, complaint = world
    group, late = there.group(complaint), NOON + timedelta(days=9)
    for newest, kinds in (({}, []), ({complaint: str(Pair(0, 9))}, [Kind.BUS])):
        seen = list(bus.differences(complaint, group, {"contacts": newest}, late, settled=True))
        assert [each.kind for each in seen] == kinds
