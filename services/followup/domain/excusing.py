"""Dates that passed while a link was down: missed, and excused (keterlambatan dimaklumi)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.due import Excuse
from services.followup.domain.policy import Outage, Term
from shared.contracts import followup
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Fact, Payload, Row
from shared.contracts.lateness import AppealMissed, DeadlineExcused


class Miss(NamedTuple):
    """A clock that ran out, and at which agency."""

    clock: str
    due_on: date
    agency: str | None


_OTHERS = {followup.CompletionMissed.type: Term.COMPLETE, AppealMissed.type: Term.APPEAL}
_MISSED = {followup.DeadlineMissed.type, *_OTHERS}


def clock_of(said: followup.DeadlineMissed | followup.CompletionMissed | AppealMissed) -> str:
    """Name the clock that ran out."""
    return said.clock if isinstance(said, followup.DeadlineMissed) else _OTHERS[said.type]


def of_miss(
    state: Case, said: followup.DeadlineMissed | followup.CompletionMissed | AppealMissed
) -> Case:
    """Take in that a clock ran out; of the dates to verify the last counts, with its excuse."""
    clock = clock_of(said)
    state = replace(state, missed=tuple(dict.fromkeys((*state.missed, clock))))
    if clock != Term.VERIFY:
        return state
    return replace(_unexcused(state, clock), unverified_on=said.due_on)


def of_excuse(state: Case, fact: Fact) -> Case:
    """Take in why a date that passed is excused; a new objection has a date of its own."""
    match fact.data:
        case DeadlineExcused() as said:
            if said.clock == Term.VERIFY and state.unverified_on not in (None, said.due_on):
                return state
            excuse = Excuse(said.link, said.since, said.until, said.because)
            return replace(state, excuses={**state.excuses, said.clock: excuse})
        case followup.AppealFiled():
            return _unexcused(state, Term.APPEAL)
    return state


def _unexcused(state: Case, clock: str) -> Case:
    left = {each: why for each, why in state.excuses.items() if each != clock}
    return replace(state, excuses=left)


def with_excuses(
    payloads: Iterable[Payload], outages: Iterable[Outage], calendar: Calendar
) -> Iterator[Payload]:
    """Follow each date that passed by its excuse, where there is one."""
    for payload in payloads:
        yield payload
        if payload.type in _MISSED:
            miss = _miss(payload.type, payload.model_dump(mode="json"))
            yield from _excuse(miss, outages, calendar)


def late_excuses(
    rows: Iterable[Row], outages: Iterable[Outage], calendar: Calendar
) -> Iterator[DeadlineExcused]:
    """Excuse what a history has as missed, by outages that were declared afterwards."""
    rows = list(rows)
    said = [row["data"] for row in rows if row["type"] == DeadlineExcused.type]
    excused = {(each["clock"], each["due_on"]) for each in said}
    for row in rows:
        if row["type"] in _MISSED:
            miss = _miss(row["type"], row["data"])
            if (miss.clock, miss.due_on.isoformat()) not in excused:
                yield from _excuse(miss, outages, calendar)


def _miss(kind: str, said: Mapping[str, str]) -> Miss:
    clock = _OTHERS.get(kind) or said["clock"]
    return Miss(str(clock), date.fromisoformat(said["due_on"]), said.get("agency"))


def _excuse(miss: Miss, outages: Iterable[Outage], calendar: Calendar) -> Iterator[DeadlineExcused]:
    passed = calendar.end_of(miss.due_on)
    for outage in outages:
        if outage.excuses(miss.agency, passed):
            yield DeadlineExcused(**miss._asdict(), **outage.model_dump(exclude={"agencies"}))
            return
