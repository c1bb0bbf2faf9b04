"""The brake (rem): what counts as a flood of notices, and who stopped and released it when.

A flood comes from a clock that leapt, from a store that has forgotten what was sent, from two
services that answer each other for ever, or from a channel that was away for days. The brake stops
everything of the node; what concerns one person or one complaint is held back alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

NODE, CLOCK, BACKLOG = "node", "clock", "backlog"
"""Why everything stands still."""
RECIPIENT, LOOP = "recipient", "loop"
"""Why one notice is held back."""
RELEASED_FOR = timedelta(hours=24)
"""How long a cause that was released does not pull the brake again."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What is still no flood; a node can set the first two."""

    node: int = 20_000
    """Notices of the node in one hour."""
    recipient: int = 60
    """Notices to one reporter in one hour."""
    office: int = 2_000
    """Notices to one office in one hour."""
    backlog: timedelta = timedelta(days=3)
    """Age of what is due: a mail server that is away over a long weekend is no reason to stop."""
    few: int = 20
    """Complaints of that age that are no flood yet."""
    leap: timedelta = timedelta(minutes=10)
    """By how much the wall clock may run ahead of, or behind, the time that really passed."""
    same: int = 6
    """Notices of one complaint about the same event to the same audience in one day."""


class Pull(Struct, frozen=True):
    """Why and since when everything stands still."""

    cause: str
    detail: str
    at: datetime


class Step(Struct, frozen=True):
    """One line of the brake's history: it was pulled, or released by somebody for a reason."""

    what: str
    cause: str
    detail: str
    at: datetime
    by: str | None = None


class Brake(Struct, frozen=True):
    """How the brake stands, and the newest of its history."""

    pulled: Pull | None = None
    excused: Mapping[str, datetime] = field(default_factory=dict)
    """Until when a cause that was released does not pull it again."""
    history: tuple[Step, ...] = ()


class NotPulled(Exception):
    """There is nothing to release."""


def pull(brake: Brake, cause: str, detail: str, now: datetime) -> Brake:
    """Stop everything; nothing changes where it stands still, or the cause is excused."""
    if brake.pulled is not None or brake.excused.get(cause, now) > now:
        return brake
    step = Step("pulled", cause, detail, now)
    return replace(brake, pulled=Pull(cause, detail, now), history=_newest(brake, step))


def release(brake: Brake, by: str, reason: str, now: datetime) -> Brake:
    """Let notices go again, and excuse the cause for a day; raises NotPulled.

    A clock that leaps again is another event: it is never excused.
    """
    pulled = brake.pulled
    if pulled is None:
        raise NotPulled("The brake is not pulled.")
    excused = {cause: until for cause, until in brake.excused.items() if until > now}
    if pulled.cause != CLOCK:
        excused[pulled.cause] = now + RELEASED_FOR
    step = Step("released", pulled.cause, reason, now, by)
    return Brake(excused=excused, history=_newest(brake, step))


def _newest(brake: Brake, step: Step) -> tuple[Step, ...]:
    return (*brake.history, step)[-MOST_STEPS:]


def leapt(before: datetime, now: datetime, passed: timedelta, limits: Limits) -> bool:
    """Say whether the wall clock went another way than time did."""
    return abs((now - before) - passed) > limits.leap
