"""Who must answer: rules, the queue, and what comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.routing.domain import choosing
from services.routing.domain.register import Agency, RegisterFile, Rule
from shared.contracts import followup, intake, routing
from shared.runtime.document import Cause
from tests.routing.doubles import AGENCIES, COMPLAINT, REGISTER, Room

DECLINED = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="bukan wewenang")
RESOLVED = followup.CaseResolved(agency="dinas-pu")


@pytest.mark.parametrize(
    ("category", "area", "wanted", "agency"),
    [
        ("jalan", "81.71", None, "dinas-pu"),
        ("jalan", "81.71.02", None, "dinas-pu"),
        ("jalan", "81.71.02.1001", None, "dinas-pu"),
        ("jalan", "81.71.05", None, "kecamatan-baguala"),
        ("jalan", "81.71.05.1001", None, "kecamatan-baguala"),
        ("jalan", "81", None, None),
        ("jalan", "81.01.02", None, None),
        ("bansos", "81.01.02", None, "dinsos"),
        ("jalan", "81.71.02", "dinas-pu", "dinas-pu"),
        ("jalan", "81.71.02", "dinsos", None),
        ("jalan", "81.71.05", "dinas-pu", None),
        ("lampu", "81.71.02", None, None),
        (None, "81.71.02", None, None),
    ],
)
def test_02_the_rule_of_the_nearest_area_decides(
    category: str | None, area: str, wanted: str | None, agency: str | None
) -> None:
    """Statement 2, at one node: without a choice of the reporter's the nearest area's rule decides.

    Where the reporter chose another agency no rule does: a coordinator reads which.
    """
    room = Room()
    state = room.receive(category=category, area=area, agency=wanted)
    assert (state.agency, state.stage) == (agency, "routed" if agency else "queue")
    assert state.wanted == wanted
    told = ["complaint.verified.v1", "complaint.routed.v1"] if agency else []
    assert room.types(COMPLAINT) == told


def test_a_rule_is_named_in_the_fact_it_causes() -> None:
    """Who reads the history sees by which rule a complaint was routed."""
    room = Room()
    room.receive(category="jalan")
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["rule"] == "jalan in 81.71"


def test_15_a_declined_disposition_waits_in_the_queue() -> None:
    """Statement 15, at one node: bukan wewenang closes nothing; it comes back, with the reason."""
    room = Room()
    room.receive(category="jalan")
    state = room.hear(COMPLAINT, "cases", DECLINED).state
    assert (state.stage, state.declined_because) == ("queue", "bukan wewenang")
    assert room.types(COMPLAINT)[-1] == "complaint.routed.v1"


def test_an_older_decline_does_not_take_back_a_newer_turn() -> None:
    """A decline speaks of its own turn only."""
    room = Room()
    room.receive(category="jalan")
    declined = room.hear(COMPLAINT, "cases", DECLINED)
    asked, under = Cause("r", "r", by="x"), room.clock.under()
    dinsos = routing.ComplaintRouted(agency="dinsos", turn=2)
    routed = choosing.route(room.dispositions, declined, dinsos, asked, under)
    room.documents.kept[COMPLAINT] = routed
    assert room.hear(COMPLAINT, "cases", DECLINED).state.stage == "routed"


@given(st.permutations(["complaints", "cases"]), st.sampled_from([DECLINED, RESOLVED]))
def test_the_order_between_streams_does_not_matter(
    order: list[str], said: followup.DispositionDeclined | followup.CaseResolved
) -> None:
    """What the agency did is not lost where it is heard before the complaint."""
    room = Room()
    for stream in order:
        if stream == "complaints":
            room.receive(category="jalan")
        else:
            room.hear(COMPLAINT, "cases", said)
    stage = room.documents.kept[COMPLAINT].state.stage
    assert stage == ("queue" if said is DECLINED else "resolved")


def test_an_erased_reporter_leaves_no_words() -> None:
    """What the reporter wrote is forgotten when the person is erased."""
    room = Room()
    room.receive()
    state = room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=())).state
    assert (state.title, state.text) == (None, None)


def test_a_complaint_told_again_is_routed_once() -> None:
    """Hearing the same history again decides nothing anew."""
    room = Room()
    room.receive(category="jalan")
    room.clock.pass_by(timedelta(days=1))
    before = room.documents.kept[COMPLAINT].facts
    assert room.hear(COMPLAINT, "complaints").facts == before


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"agencies": [], "rules": [{"category": "a", "area": "81", "agency": "x"}]}, "no agency"),
        ({"agencies": [{"code": "A B", "name": "x"}], "rules": []}, "agencies.0.code"),
        ({"agencies": [{"code": "a", "name": ""}], "rules": []}, "agencies.0.name"),
        ({"agencies": [{"code": "a", "name": "x", "phone": "1"}], "rules": []}, "phone"),
        ({"agencies": []}, "rules"),
        ({"rules": []}, "agencies"),
    ],
)
def test_a_wrong_register_says_where(wrong: dict[str, Any], named: str) -> None:
    """An operator who mistypes the register is told which entry is wrong."""
    with pytest.raises(ValidationError) as error:
        RegisterFile.model_validate(wrong)
    places = [f"{'.'.join(map(str, each['loc']))} {each['msg']}" for each in error.value.errors()]
    assert any(named in place for place in places)


def test_two_rules_for_one_place_are_refused() -> None:
    """A register that contradicts itself is refused instead of half of it being ignored."""
    rule = Rule(category="jalan", area="81.71", agency="dinas-pu")
    with pytest.raises(ValidationError, match="twice"):
        RegisterFile(
            agencies=REGISTER.agencies, rules=(rule, rule.model_copy(update={"agency": "dinsos"}))
        )


def test_two_agencies_of_one_code_are_refused() -> None:
    """An agency stands in the register once."""
    with pytest.raises(ValidationError, match="twice"):
        RegisterFile(agencies=(Agency(code="a", name="x"), Agency(code="a", name="y")), rules=())


@given(st.sampled_from(AGENCIES), st.from_regex(r"\d{2}(\.\d{2}){0,2}(\.\d{4})?", fullmatch=True))
def test_a_rule_never_decides_against_the_reporter(wanted: str, area: str) -> None:
    """Where the reporter named an agency, a rule either agrees or leaves it to a person."""
    for category in ("jalan", "bansos"):
        rule = REGISTER.rule_for(category, area, wanted)
        assert rule is None or rule.agency == wanted
