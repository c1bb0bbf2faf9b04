"""Deciding by rule, as long as no person has decided anything."""

from __future__ import annotations

from collections.abc import Iterable

from services.routing.domain.disposition import Disposition
from services.routing.domain.register import Register
from shared.contracts import routing
from shared.contracts.fact import Payload


def by_person(state: Disposition) -> bool:
    """Say whether a person has decided anything of it: a coordinator, or an agency's officer."""
    if state.stage == "queue":
        return state.looked_at or state.turn > 0
    untouched = state.chosen_at is None and state.acted is None and not state.looked_at
    return state.stage != "routed" or not untouched


def by_rule(state: Disposition, register: Register) -> Iterable[Payload]:
    """Hand a complaint to the agency of its category and area; nothing where that has it."""
    rule = register.rule_for(state.category, state.area, state.wanted)
    if rule is None or (state.stage == "routed" and rule.agency == state.agency):
        return
    if not state.verified:
        yield routing.ComplaintVerified(category=state.category)
    yield routing.ComplaintRouted(agency=rule.agency, turn=state.turn + 1, rule=rule.name)
