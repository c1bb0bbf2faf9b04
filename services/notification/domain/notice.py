"""What is known of the notices of one complaint, or of one digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from services.notification.domain.audiences import (
    AGENCY,
    ALONE,
    ASKED,
    BY_PAIR,
    DEFERRED,
    FOLLOWS,
    PIN,
    REPORTER,
    ROUTED,
)
from services.notification.domain.digests import Digest
from services.notification.domain.owing import OPEN, Owed
from services.notification.domain.turns import Turns
from shared.contracts.sequence import Happened, in_order

LETTER = "letter"
"""How a notice ends that a clerk has printed."""
OVER_THE_COUNTER = frozenset({"walk_in", "letter"})
"""Doors at which somebody stands, or writes, who may have no address of any kind."""


_NEVER = datetime.max.replace(tzinfo=UTC)


class Addressed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every notice has: whom it tells, and what it says."""

    notice: str
    about: str
    audience: str
    """``reporter``, an agency code, or ``agency``: whichever has the complaint by then."""
    unit: str | None = None
    """The unit of the audience that the fact names; it is told in its agency's place."""
    turn: int = 0
    """The turn that it speaks of; 0 where it speaks of none."""
    merges: int = 0
    """How often the report had followed another by then, where the fact says so."""
    wording: str | None = None
    """What is said, where the fact's type alone does not name it."""
    until: date | None = None
    """The local date that it tells."""
    since: datetime | None = None
    """When what it tells happened; None of what was kept without."""

    @property
    def recipient(self) -> str:
        """Give whom the table calls it for."""
        return REPORTER if self.audience == REPORTER else AGENCY


class Pending(Addressed, frozen=True, kw_only=True, omit_defaults=True):
    """One notice (pemberitahuan) to one audience about one fact, not yet ended."""

    attempts: int = 0
    """Numbers the attempts, on whatever channel: only the newest may say how it ended."""
    next_at: datetime | None = None
    """When to try; None while it cannot be sent (the contact is not known yet)."""
    trying: bool = False
    """An attempt is under way and ends by ``next_at``, or is uncertain."""
    holder: str | None = None
    """Who makes the attempt: finds its own claim again if the store's answer was lost."""
    agency: str | None = None
    """The agency that the fact names."""
    channel: str | None = None
    """The channel it goes on with; None before the first."""
    uncounted: int = 0
    """Attempts that do not count against the channel: on earlier ones, or nothing was tried."""
    reason: str | None = None
    """Why the last attempt did not end it."""
    rounds: int = 0
    """How often an operator had it sent again."""
    of_lead: bool = False
    """Who handles the report that this one follows hears of it, and not who has this one."""
    words: str | None = None
    """What an officer wrote to the reporter; only where a letter may have to say it."""
    over: bool = False
    """A later fact has made it wrong while it was tried: it is not tried again."""

    @property
    def tries(self) -> int:
        """Give how many attempts the present channel has had."""
        return self.attempts - self.uncounted

    @property
    def said(self) -> str:
        """Name the words for it: who handles the main report has not the one it is about."""
        return FOLLOWS if self.of_lead else self.wording or self.about


class Lost(Addressed, frozen=True, kw_only=True, omit_defaults=True):
    """A notice of which nobody knows that it arrived, and that an operator may have sent again."""

    channel: str
    outcome: str
    """``dead`` or ``uncertain``."""
    at: datetime


Told = TypeVar("Told", Pending, Lost)


class Lacking(Struct, frozen=True):
    """What a letter says that a deferred report lacks, and the last day on which it may come."""

    missing: tuple[tuple[str, str | None], ...]
    """By code, with what the officer wrote to the reporter beside it."""
    complete_by: date


class Notices(Struct, frozen=True, omit_defaults=True):
    """What notification knows of a complaint: whom to reach, what to say, what was said."""

    tracking_number: str | None = None
    confidential: bool = False
    reachable: bool | None = None
    erased: bool = False
    sealed: str | None = None
    pin: str | None = None
    """The PIN, sealed: there only while a notice that was asked for it waits."""
    lacking: Lacking | None = None
    """There only while a notice that the report is incomplete waits, and never of a rahasia one."""
    agency: str | None = None
    main: str | None = None
    """The complaint that it was merged into and follows, and its number."""
    main_number: str | None = None
    came_by: str | None = None
    """By which door the complaint came."""
    pending: tuple[Pending, ...] = ()
    unaddressed: tuple[Pending, ...] = ()
    """Notices for whichever agency gets the complaint; where none does, nothing waits."""
    ended: tuple[str, ...] = ()
    """Notices that have ended; after a restore the facts they are about are heard again."""
    sent: int = 0
    failed: int = 0
    dead: int = 0
    uncertain: int = 0
    unrecorded: int = 0
    """Notices that ended without a fact, since the history had no room for one."""
    lost: tuple[Lost, ...] = ()
    rounds: Mapping[str, int] = field(default_factory=dict)
    """How often a notice was sent again by an operator, where it was."""
    turns: Turns = Turns()
    owed: Owed = Owed()
    """What its agency owes; a digest is written from it."""
    digest: Digest | None = None
    """What an agency is told on one day; such a document is about no single complaint."""

    @property
    def by_letter(self) -> bool:
        """Say whether the reporter is told on paper: came to the counter, and left no address."""
        return self.reachable is False and not self.erased and self.over_the_counter

    @property
    def over_the_counter(self) -> bool:
        """Say whether somebody stood at a counter, or wrote: a letter can be handed over there."""
        return self.came_by in OVER_THE_COUNTER

    @property
    def in_turn(self) -> tuple[Pending, ...]:
        """Give what waits, the oldest first: streams may have been heard in another order."""
        return tuple(
            in_order(
                self.pending,
                lambda each: Happened(each.since or each.next_at or _NEVER, each.about),
            )
        )

    @property
    def letter(self) -> tuple[Pending, ...]:
        """Give what the next letter to the reporter tells, the oldest first."""
        return tuple(p for p in self.in_turn if p.channel == LETTER and not self.rests(p))

    @property
    def letter_at(self) -> datetime | None:
        """Give since when the first of it waits."""
        return min((each.next_at for each in self.letter if each.next_at), default=None)

    @property
    def quotes(self) -> bool:
        """Say whether a letter may have to say what an officer wrote; never of a rahasia one."""
        return not self.confidential and (self.came_by is None or self.over_the_counter)

    @property
    def tidy(self) -> Notices:
        """Give it without what somebody wrote or was given, where no notice waits to say it."""
        waits = {each.about for each in self.pending if each.audience == REPORTER}
        return replace(
            self,
            pending=self.pending if self.quotes else tuple(map(_wordless, self.pending)),
            pin=self.pin if PIN in waits else None,
            lacking=self.lacking if DEFERRED in waits and not self.confidential else None,
        )

    def rests(self, pending: Pending) -> bool:
        """Say whether it waits: what rests now may go on.

        A report that follows another may be separated again, an answered one taken up again; and
        until its case is open an agency has nothing to read, and no date.
        """
        line = BY_PAIR.get((pending.about, pending.recipient))
        follows = self.owed.merged and line is not None and line.holds == ALONE
        done = self.owed.stage != OPEN and 0 < pending.turn <= self.turns.answered
        handed = pending.about == ROUTED and pending.recipient == AGENCY
        unopened = handed and pending.turn > self.turns.opened
        rests = follows or unopened or (pending.about == ASKED and done)
        return rests and not pending.trying

    def can_send(self, pending: Pending) -> bool:
        """Say whether everything is known that sending needs."""
        if self.digest is not None:
            return True
        if self.tracking_number is None or pending.channel == LETTER or self.rests(pending):
            return False
        if pending.audience == AGENCY:
            return pending.of_lead or self.agency is not None
        return pending.audience != REPORTER or self.sealed is not None

    def audience_of(self, pending: Pending) -> str:
        """Give who hears of it, by name: ``reporter`` or an agency code."""
        return self.agency or AGENCY if pending.audience == AGENCY else pending.audience

    @property
    def due_at(self) -> datetime | None:
        """Give when the next notice is to be tried."""
        times = [p.next_at for p in self.pending if p.next_at and self.can_send(p)]
        return min(times, default=None)

    @property
    def lost_at(self) -> datetime | None:
        """Give since when the first of the lost notices is."""
        return min((each.at for each in self.lost), default=None)


def _wordless(pending: Pending) -> Pending:
    return replace(pending, words=None) if pending.words else pending
