"""What metrics keeps of one complaint: its milestones, and its last step for the feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from services.metrics.domain.cohort import Cell, cells_of, parts_of
from services.metrics.domain.milestone import Milestone, minute_of
from services.metrics.domain.step import Step, latest, step_of
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload
from shared.contracts.lateness import DeadlineExcused
from shared.contracts.metrics import Measure

NOTIFIED = "notified"
"""Counted for this node's own pages, and not told: the reporter got a first notice."""
COMPLETE = "complete"
"""The clock of a case that was not done by its date."""
REPORTER = "reporter"
"""What a notice calls its audience when that is the reporter."""


class Miss(Struct, frozen=True, omit_defaults=True):
    """A date that passed at an agency, and whether that is excused (keterlambatan)."""

    clock: str
    due_on: date
    agency: str | None
    at: datetime
    excused: bool = False


class Timeline(Struct, frozen=True, omit_defaults=True):
    """What metrics knows of a complaint; told again, nothing is counted twice.

    ``public`` is True once the complaint is known not to be confidential (rahasia); ``ending``
    is the end of its tracking number, all of it that is kept here.
    """

    milestones: tuple[Milestone, ...] = ()
    misses: tuple[Miss, ...] = ()
    turn: int = 0
    category: str | None = None
    area: str | None = None
    area_found: bool = False
    """A coordinator put it right: what the reporter corrects later changes it no more."""
    ending: str | None = None
    public: bool = False
    step: Step | None = None
    before: tuple[Step, ...] = ()
    """Others of the same moment, whose place may become clear by what is heard later."""
    lacks: tuple[str, ...] = ()
    """Streams of which a release before kept less: told again, they fill it in."""

    @property
    def counted(self) -> tuple[object, ...]:
        """Give all of it that is counted anywhere."""
        return self.milestones, self.category, self.area

    @property
    def windows(self) -> tuple[str, ...]:
        """Name the windows this timeline counts in."""
        return tuple(dict.fromkeys(each.window for each in self.milestones))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Name the cells it counts in, with those received in the same hour."""
        return cells_of(self.milestones, self.category, self.area)


class Timelines:
    """Metrics' view of facts."""

    stream: ClassVar[str] = "timelines"
    schema: ClassVar[int] = 2
    """2: what the reporter corrects counts, until a coordinator put it right."""
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **routing.FACTS,
        **followup.FACTS,
        **notification.FACTS,
    }

    def begin(self, complaint: str) -> Timeline:  # noqa: ARG002
        """Give the state of a complaint of which nothing is known."""
        return Timeline()

    def fold(self, state: Timeline, fact: Fact) -> Timeline:
        """Note the milestone and the step a fact is, if it is one."""
        state = _moved(state, step_of(fact))
        match fact.data:
            case intake.ComplaintReceived() as said:
                state = replace(
                    state,
                    category=state.category or said.category,
                    area=state.area or said.area,
                    ending=said.tracking_number[-5:],
                    public=not said.confidential,
                )
                state = _reach(state, Measure.RECEIVED, None, said.received_at)
            case intake.ComplaintAmended(area=area) if not state.area_found:
                state = replace(state, area=area or state.area)
            case routing.ComplaintVerified(category=category, area=area):
                state = _found(replace(state, category=category or state.category), area)
            case routing.ComplaintRouted(agency=agency, turn=turn):
                state = _hand_over(state, agency, turn, fact.at)
            case followup.ResponseGiven(agency=agency):
                state = _reach(state, Measure.ANSWERED, agency, fact.at)
            case followup.CaseResolved(agency=agency):
                state = _reach(state, Measure.RESOLVED, agency, fact.at)
            case followup.CaseReopened() | followup.CaseOpened():
                left = (each for each in state.milestones if each.measure != Measure.RESOLVED)
                state = replace(state, milestones=tuple(left))
            case notification.NoticeSent(audience=audience) if audience == REPORTER:
                state = _reach(state, NOTIFIED, None, fact.at)
        return _late(state, fact)

    def react(self, state: Timeline, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing: metrics only counts."""
        return ()

    def lacks(self, state: Timeline, stream: str) -> bool:
        """Say whether a timeline lacks what a stream says when told again."""
        return stream in state.lacks

    def complete(self, state: Timeline, stream: str, facts: Iterable[Fact]) -> Timeline:
        """Fill in where it was, of which a release before kept less when these facts were heard.

        An area that the reporter never said is what a coordinator found.
        """
        said = [fact.data for fact in facts]
        for each in said:
            if isinstance(each, routing.ComplaintVerified):
                state = _found(state, each.area)
        named = [each.area for each in said if isinstance(each, _REPORTED) and each.area]
        if named and not state.area_found:
            strange = state.area not in {None, *named}
            area = state.area if strange else named[-1]
            state = replace(state, area=area, area_found=strange)
        return replace(state, lacks=tuple(each for each in state.lacks if each != stream))

    def dirties(self, before: Timeline, after: Timeline) -> Iterable[str]:
        """Name the windows, and the cells of cohorts, that have to be computed again."""
        if before.counted == after.counted:
            return []
        windows = sorted(set(before.windows) ^ set(after.windows))
        old, new = before.cells, after.cells
        if old == new and parts_of(before.milestones) == parts_of(after.milestones):
            return windows
        return [*windows, *sorted({each.name for each in (*old, *new)})]


_REPORTED = (intake.ComplaintReceived, intake.ComplaintAmended)


def _found(state: Timeline, area: str | None) -> Timeline:
    """Take in where a coordinator found it to be, where that was said."""
    return state if area is None else replace(state, area=area, area_found=True)


def _moved(state: Timeline, step: Step | None) -> Timeline:
    if step is None:
        return state
    known = () if state.step is None else (*state.before, state.step)
    *before, last = latest(known, step)
    return replace(state, step=last, before=tuple(before))


def _reach(state: Timeline, measure: str, agency: str | None, at: datetime) -> Timeline:
    """Note a milestone; it is reached once, the first time."""
    if any(each.measure == measure for each in state.milestones):
        return state
    reached = Milestone(str(measure), agency, minute_of(at))
    return replace(state, milestones=(*state.milestones, reached))


def _late(state: Timeline, fact: Fact) -> Timeline:
    match fact.data:
        case followup.DeadlineMissed(clock=clock) as said:
            state = _miss(state, Miss(clock, said.due_on, said.agency, fact.at))
        case followup.CompletionMissed() as said:
            state = _miss(state, Miss(COMPLETE, said.due_on, said.agency, fact.at))
        case DeadlineExcused() as said:
            state = _excuse(state, said)
    return state


def _miss(state: Timeline, miss: Miss) -> Timeline:
    """Note a date that passed; the first one makes the complaint overdue."""
    state = replace(state, misses=(*state.misses, miss))
    return _reach(state, Measure.OVERDUE, miss.agency, miss.at)


def _excuse(state: Timeline, said: DeadlineExcused) -> Timeline:
    """Blame nobody for a date: overdue is the complaint by the first other that passed, if any."""
    misses = tuple(
        replace(each, excused=True) if _is_of(each, said) else each for each in state.misses
    )
    left = tuple(each for each in state.milestones if not _blames(each, misses, said))
    state = replace(state, misses=misses, milestones=left)
    blamed = next((each for each in misses if not each.excused), None)
    return _reach(state, Measure.OVERDUE, blamed.agency, blamed.at) if blamed else state


def _blames(milestone: Milestone, misses: Iterable[Miss], said: DeadlineExcused) -> bool:
    """Say whether a complaint is overdue by nothing but what is excused.

    Milestones of before misses were kept have none: such a one is taken for that of a date which
    is not kept either, where its agency is the same and its minute not before that date.
    """
    if milestone.measure != Measure.OVERDUE:
        return False
    reached = (milestone.agency, milestone.minute)
    of_it = [each for each in misses if (each.agency, minute_of(each.at)) == reached]
    if of_it:
        return all(each.excused for each in of_it)
    kept = any(_is_of(each, said) for each in misses)
    late = milestone.minute[:10] >= said.due_on.isoformat()
    return not kept and milestone.agency == said.agency and late


def _is_of(miss: Miss, said: DeadlineExcused) -> bool:
    return (miss.clock, miss.due_on) == (said.clock, said.due_on)


def _hand_over(state: Timeline, agency: str, turn: int, at: datetime) -> Timeline:
    """Count the complaint with the agency that has it now, not with one that declined it."""
    if turn <= state.turn:
        return state
    others = tuple(each for each in state.milestones if each.measure != Measure.ROUTED)
    return _reach(replace(state, milestones=others, turn=turn), Measure.ROUTED, agency, at)
