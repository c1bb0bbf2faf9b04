"""Why something is due when it is: each clock of a case, explained in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.followup.domain import sentences
from services.followup.domain.case import Case
from services.followup.domain.due import Due, Excuse
from services.followup.domain.policy import LADDER, Moment, Policy, Term
from services.followup.domain.reckoning import Reckoning, start_of
from shared.contracts.calendar import CLOSED, WEEKEND


@dataclass(frozen=True, slots=True)
class Explained:
    """One clock of a case: what was counted, what was not, and that in sentences."""

    clock: Term
    name: str
    due: Due
    due_on: date
    runs: bool
    missed: bool
    excused: bool
    not_counted: tuple[tuple[date, str], ...]
    sentences: tuple[str, ...]


def explained(state: Case, reckoning: Reckoning, language: str) -> Iterator[Explained]:
    """Explain every clock that concerns the case as it stands, in Indonesian or English."""
    policy, words = reckoning.policy_of(state), sentences.IN[language]
    for clock in _shown(state):
        due = state.dues.get(clock)
        if due is None:
            continue
        due_on = (state.closing if clock is Term.REPLY else None) or due.due_on
        reasons = _skipped(reckoning, due, language, words)
        yield Explained(
            clock=clock,
            name=words.clocks[clock],
            due=due,
            due_on=due_on,
            runs=state.runs(clock),
            missed=state.ran_out(clock),
            excused=state.ran_out(clock) and clock in state.excuses,
            not_counted=reasons,
            sentences=(
                *_said(state, policy, clock, due_on, reasons, words),
                *_excused(_excuse(state, clock), reckoning.calendar.zone, words),
            ),
        )


def _shown(state: Case) -> Iterator[Term]:
    yield from (Term.VERIFY, Term.RESPOND, Term.COMPLETE)
    if state.responded_at is None:
        yield from LADDER
    if state.stage == "answered" and state.draft is None:
        yield from (Term.NOTICE, Term.REPLY)
    if state.stage == "resolved":
        yield Term.REOPEN
    if state.appeal is not None:
        yield Term.APPEAL


def _skipped(
    reckoning: Reckoning, due: Due, language: str, words: sentences.Words
) -> tuple[tuple[date, str], ...]:
    if due.started_on is None:
        return ()
    found = reckoning.calendar.skipped(due.started_on, due.due_on, language)
    named = {WEEKEND: words.weekend, CLOSED: words.closed}
    return tuple((day, named.get(reason, reason)) for day, reason in found)


def _said(
    state: Case,
    policy: Policy,
    clock: Term,
    due_on: date,
    reasons: tuple[tuple[date, str], ...],
    words: sentences.Words,
) -> Iterator[str]:
    due, limit = state.dues[clock], policy.limit(clock, state.matter)
    yield words.due.format(clock=words.clocks[clock], day=words.day(due_on))
    if due.started_on is not None and limit is not None:
        began = words.moments[start_of(state, limit)]
        yield words.began.format(day=words.day(due.started_on), moment=began, days=due.days)
    if reasons:
        weekend = sum(reason == words.weekend for _, reason in reasons)
        named = [f"{words.day(day)} ({why})" for day, why in reasons if why != words.weekend]
        listed = [words.weekends.format(days=weekend)] * bool(weekend) + named
        yield words.not_counted.format(days="; ".join(listed))
    if due.paused:
        yield words.paused.format(days=due.paused)
    if due.moved_from is not None:
        yield words.moved.format(day=words.day(due.moved_from))
    if clock is Term.REPLY and due_on > due.due_on:
        yield words.put_off.format(day=words.day(due.due_on))
    yield _standing(state, clock, policy, words)
    yield words.policy.format(version=policy.version, day=words.day(policy.since))


def _excuse(state: Case, clock: Term) -> Excuse | None:
    return state.excuses.get(clock) if state.ran_out(clock) else None


def _excused(excuse: Excuse | None, zone: ZoneInfo, words: sentences.Words) -> Iterator[str]:
    if excuse is not None:
        since, until = (each.astimezone(zone) for each in (excuse.since, excuse.until))
        yield words.excused.format(
            link=excuse.link,
            since=words.moment(since),
            until=words.moment(until),
            because=excuse.because,
        )


def _standing(state: Case, clock: Term, policy: Policy, words: sentences.Words) -> str:
    if state.ran_out(clock):
        return words.missed
    if state.runs(clock) or clock is Term.REOPEN:
        return words.running
    limit = policy.limit(clock, state.matter)
    if clock is Term.RESPOND and state.responded_at is None:
        return words.waiting
    return words.stopped.format(moment=words.moments[limit.stop if limit else Moment.RESOLVED])
