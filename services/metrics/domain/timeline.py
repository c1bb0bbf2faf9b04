"""The milestones of one complaint, and the windows they fall into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload
from shared.contracts.metrics import Measure


class Milestone(Struct, frozen=True, omit_defaults=True):
    """One measure reached: by which agency's doing, and in which minute."""

    measure: str
    agency: str | None
    minute: str
    """Start of the minute in UTC, ``2026-11-21T07:12``."""

    @property
    def window(self) -> str:
        """Name what its minute's figures are computed from: every timeline with this name."""
        return f"{self.measure}|{self.minute}"


class Timeline(Struct, frozen=True, omit_defaults=True):
    """What metrics knows of a complaint; told again, nothing is counted twice."""

    milestones: tuple[Milestone, ...] = ()
    agency: str | None = None

    @property
    def windows(self) -> tuple[str, ...]:
        """Name the windows this timeline counts in."""
        return tuple(dict.fromkeys(each.window for each in self.milestones))


class Timelines:
    """Metrics' view of facts."""

    stream: ClassVar[str] = "timelines"
    schema: ClassVar[int] = 1
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
        """Note the milestone a fact is, if it is one; each is reached once."""
        match fact.data:
            case intake.ComplaintReceived(received_at=at):
                return _reach(state, Measure.RECEIVED, None, at)
            case routing.ComplaintRouted(agency=agency):
                state = replace(state, agency=agency)
                return _reach(state, Measure.ROUTED, agency, fact.at)
            case followup.ResponseGiven(agency=agency):
                return _reach(state, Measure.ANSWERED, agency, fact.at)
            case followup.CaseResolved(agency=agency):
                return _reach(state, Measure.RESOLVED, agency, fact.at)
            case followup.DeadlineMissed(agency=agency):
                return _reach(state, Measure.OVERDUE, agency, fact.at)
        return state

    def react(self, state: Timeline, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing: metrics only counts."""
        return ()

    def dirties(self, before: Timeline, after: Timeline) -> Iterable[str]:
        """Name the windows whose figures have to be computed again."""
        gone = set(before.milestones)
        return dict.fromkeys(
            each.window
            for each in (*after.milestones, *before.milestones)
            if (each in gone) != (each in after.milestones)
        )


def _reach(state: Timeline, measure: Measure, agency: str | None, at: datetime) -> Timeline:
    if any(each.measure == measure for each in state.milestones):
        return state
    minute = at.astimezone(UTC).isoformat(timespec="minutes")[:16]
    return replace(state, milestones=(*state.milestones, Milestone(measure, agency, minute)))
