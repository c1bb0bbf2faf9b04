"""Who may do what: a table of routes, of roles, and of how far each role reaches there.

What the table does not say is denied. Where an officer may do something follows from the area
that the token names, beside the place of the node:

==============  =========================================  ======================================
area            what is shown                              what may be changed
==============  =========================================  ======================================
of the node     as far as the role reaches                 as far as the role reaches
inside it       by ``AREA`` what lies in it; by            the same
                ``AGENCY`` and ``DESK`` their own
around it       all, by ``NODE``, ``AREA`` and ``HEAD``    nothing, but by overseers and operators
elsewhere       nothing                                    nothing
==============  =========================================  ======================================
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from shared.runtime.access.tokens import NotAdmitted, Officer, Role, Sight

NATION = "00"
"""The area around all others."""


class Reach(StrEnum):
    """How far a role reaches on a route."""

    NODE = "node"
    """Everything at the node."""
    HEAD = "head"
    """Everything at the node, for those whose token names no agency."""
    AREA = "area"
    """Everything at the node; where the token's area lies inside it, what lies there."""
    AGENCY = "agency"
    """What lies with the agency that the token has to name."""
    OWN = "own"
    """What lies with the agency that the token names; everything where it names none."""
    DESK = "desk"
    """The officer's own doings, which show nothing of others."""


class Everybody(Enum):
    """Stands in the place of roles where a route is public."""

    EVERYBODY = auto()


EVERYBODY = Everybody.EVERYBODY
Row = Mapping[Role, Reach] | Everybody
Rights = Mapping[str, Row]
"""By method and template of a route: ``"GET /api/v1/queue": {Role.COORDINATOR: Reach.NODE}``."""

_WHOLE = {Reach.NODE, Reach.HEAD, Reach.AREA}
_FROM_ABOVE = {Role.OVERSEER, Role.OPERATOR}
"""Who may change something at a node below the own area; all others only look."""


class _Stance(Enum):
    HERE, INSIDE, AROUND, ELSEWHERE = range(4)


def place_of(node: str) -> str:
    """Give the area of a node as tokens name it: ``81.71`` of ``8171``, ``kl-042`` of itself."""
    return f"{node[:2]}.{node[2:]}" if len(node) == 4 else node


def sight_of(who: Officer, row: Mapping[Role, Reach], place: str, *, reading: bool) -> Sight:
    """Say what an officer sees on a route at a place; raises NotAdmitted. More roles see more."""
    having = [(role, reach) for role, reach in row.items() if role in who.roles]
    if not having:
        raise _refused(
            "not_allowed",
            f"This is for the roles {', '.join(sorted(row))}; your token has "
            f"{', '.join(sorted(who.roles)) or 'none'}.",
        )
    stance, found, refusal = _stance(who.area, place), [], None
    for role, reach in having:
        try:
            found.append(_sight(who, role, reach, stance, reading=reading))
        except NotAdmitted as refused:
            refusal = refusal or refused
    if not found:
        assert refusal is not None  # noqa: S101 - each role gave the one or the other
        raise refusal
    return min(found, key=lambda each: (each.agency is not None, each.area is not None))


def _sight(who: Officer, role: Role, reach: Reach, stance: _Stance, *, reading: bool) -> Sight:
    if reach is Reach.OWN:
        reach = Reach.HEAD if who.agency is None else Reach.AGENCY
    if reach is Reach.AGENCY and who.agency is None:
        raise _refused("no_agency", "Your token names no agency: there is nothing to see.")
    if reach is Reach.HEAD and who.agency is not None:
        raise _refused("agency_only", "Your token is for one agency; this is about the whole node.")
    if who.area is None:
        raise _refused("no_area", "Your token names no area: nobody knows where you may do this.")
    if stance is _Stance.AROUND and reach in _WHOLE:
        if reading or role in _FROM_ABOVE:
            return Sight(above=True)
        raise _refused("read_only", "You may look at this node from above, and change nothing.")
    if stance is _Stance.INSIDE and reach is Reach.AREA:
        return Sight(area=who.area)
    if stance is _Stance.HERE or (stance is _Stance.INSIDE and reach not in _WHOLE):
        return Sight(agency=who.agency if reach is Reach.AGENCY else None)
    raise _refused("not_here", "Your token is for another area than this node's.")


def _stance(area: str | None, place: str) -> _Stance:
    if area is None:
        return _Stance.ELSEWHERE
    if area == place:
        return _Stance.HERE
    if area == NATION or place.startswith(f"{area}."):
        return _Stance.AROUND
    return _Stance.INSIDE if area.startswith(f"{place}.") else _Stance.ELSEWHERE


def _refused(code: str, detail: str) -> NotAdmitted:
    return NotAdmitted(403, code, detail, "insufficient_scope")
