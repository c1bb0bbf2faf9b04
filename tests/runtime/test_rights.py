"""The table of rights: what it lacks is denied, and how far each role reaches where."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from shared.runtime.access import EVERYBODY, Admitted, NotAdmitted, Officer, Reach, Role, place_of
from shared.runtime.access.rights import sight_of
from shared.runtime.web import create_router
from tests.cells import ALL, AROUND, BESIDE, HERE, INSIDE, NATION, NO, NOWHERE, READ, may
from tests.desk import door


def _allowed(role: Role, reach: Reach, agency: str | None, area: str | None) -> str:
    who = Officer("x", "X", frozenset({role}), agency, area)
    may = []
    for reading in (True, False):
        try:
            sight_of(who, {role: reach}, HERE, reading=reading)
        except NotAdmitted:
            continue
        may.append(reading)
    return {(): NO, (True,): READ, (True, False): ALL}[tuple(may)]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("reach", Reach)
def test_21_who_may_do_something_here(role: Role, reach: Reach) -> None:
    """Statement 21: a province its cities read-only; a namesake agency of above has nothing here.

    Overseers and operators act at the nodes below theirs. Without an area nobody does anything.
    """
    for agency in ("pu", None):
        for area in (HERE, INSIDE, AROUND, NATION, BESIDE, NOWHERE):
            expected = may(role, reach, agency or "", area)
            assert _allowed(role, reach, agency, area.strip("-") or None) == expected, area


def test_what_is_seen_is_bounded() -> None:
    """By the agency, or by an area inside the node; a neighbour's name does not open it."""
    liaison = Officer("x", "X", frozenset({Role.LIAISON}), "pu", INSIDE)
    seen = sight_of(liaison, {Role.LIAISON: Reach.AGENCY}, HERE, reading=True)
    assert (seen.agency, seen.area) == ("pu", None)
    overseer = Officer("x", "X", frozenset({Role.OVERSEER}), "pu", INSIDE)
    seen = sight_of(overseer, {Role.OVERSEER: Reach.AREA}, HERE, reading=True)
    assert (seen.agency, seen.area) == (None, INSIDE)
    assert [seen.covers(each) for each in (INSIDE, "81.71.02.1001")] == [True, True]
    assert [seen.covers(each) for each in ("81.71.0", "81.71.021", HERE, None)] == [False] * 4


def test_two_roles_see_as_far_as_the_farther() -> None:
    """Who leads an agency and oversees the node sees the node."""
    who = Officer("x", "X", frozenset({Role.LEADER, Role.OVERSEER}), "pu", HERE)
    row = {Role.LEADER: Reach.OWN, Role.OVERSEER: Reach.NODE}
    assert sight_of(who, row, HERE, reading=True).agency is None
    leader = Officer("x", "X", frozenset({Role.LEADER, Role.CLERK}), "pu", HERE)
    assert sight_of(leader, row, HERE, reading=True).agency == "pu"


@pytest.mark.parametrize(
    ("node", "place"), [("8171", "81.71"), ("81", "81"), ("00", "00"), ("kl-042", "kl-042")]
)
def test_a_node_has_a_place(node: str, place: str) -> None:
    """A ministry is a place of its own: what another ministry's token names is elsewhere."""
    assert place_of(node) == place
    who = Officer("x", "X", frozenset({Role.COORDINATOR}), None, "kl-041")
    with pytest.raises(NotAdmitted):
        sight_of(who, {Role.COORDINATOR: Reach.NODE}, place, reading=True)


def _desk(prefix: str = "/api/v1") -> APIRouter:
    api = create_router(prefix)

    @api.get("/desk")
    async def desk(who: Admitted) -> str:
        return who.name

    @api.get("/open")
    async def everybody() -> str:
        return "open"

    return api


GET, OPEN = "GET /api/v1/desk", "GET /api/v1/open"
OFFICERS = {Role.CLERK: Reach.DESK}


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ({OPEN: EVERYBODY}, "GET /api/v1/desk stands in no table of rights"),
        ({GET: OFFICERS, OPEN: {}}, "GET /api/v1/open is for nobody"),
        ({GET: OFFICERS, OPEN: OFFICERS}, "GET /api/v1/open is for officers, but does not ask"),
        ({GET: EVERYBODY, OPEN: EVERYBODY}, "GET /api/v1/desk is for everybody, but asks"),
        ({GET: OFFICERS, OPEN: EVERYBODY, "GET /x": EVERYBODY}, "GET /x stands in the table"),
    ],
)
def test_the_table_and_the_routes_agree(rights: Any, said: str) -> None:
    """An application whose routes and rights disagree is not built at all."""
    with pytest.raises(ValueError, match="table of rights") as refused:
        door(rights, _desk())
    assert said in str(refused.value)


def test_a_route_knows_its_whole_path() -> None:
    """A prefix that is added from outside, or an application that is mounted, evades no table."""
    outer = APIRouter()
    outer.include_router(_desk("/v1"), prefix="/api")
    with pytest.raises(ValueError, match="prefix into its router"):
        door({GET: OFFICERS, OPEN: EVERYBODY}, outer)
    mounted = create_router()
    mounted.mount("/mounted", FastAPI())
    with pytest.raises(ValueError, match="/mounted stands in no table"):
        door({}, mounted)
