"""Who hears what, and what became of each notice."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import NAMESPACE, Fact, Payload
from shared.runtime.document import Cause, Circumstances, Document, HistoryFull, record

REPORTER, AGENCY = "reporter", "agency"

AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "complaint.received.v1": (REPORTER,),
    "complaint.routed.v1": (REPORTER, AGENCY),
    "complaint.deferred.v1": (REPORTER,),
    "complaint.archived.v1": (REPORTER,),
    "complaint.restored.v1": (REPORTER,),
    "response.given.v1": (REPORTER,),
    "case.resolved.v1": (REPORTER,),
    "deadline.missed.v1": (AGENCY,),
}
"""Who hears of which fact."""

MOST_ATTEMPTS = 6
FIRST_RETRY = timedelta(seconds=10)
SILENT_AFTER = timedelta(minutes=2)
"""After how long an attempt without an outcome is uncertain: who made it is gone."""


class Pending(Struct, frozen=True, omit_defaults=True):
    """One notice (pemberitahuan) to one audience about one fact, not yet ended."""

    notice: str
    about: str
    audience: str
    attempts: int = 0
    next_at: datetime | None = None
    """When to try; None while it cannot be sent (the contact is not known yet)."""
    trying: bool = False
    """An attempt is under way and ends by ``next_at``, or is uncertain."""
    holder: str | None = None
    """Who makes the attempt: finds its own claim again if the store's answer was lost."""


class Notices(Struct, frozen=True, omit_defaults=True):
    """What notification knows of a complaint: whom to reach, what to say, what was said."""

    tracking_number: str | None = None
    confidential: bool = False
    reachable: bool | None = None
    erased: bool = False
    sealed: str | None = None
    agency: str | None = None
    pending: tuple[Pending, ...] = ()
    ended: tuple[str, ...] = ()
    """Notices that have ended; after a restore the facts they are about are heard again."""
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    unrecorded: int = 0
    """Notices that ended without a fact, since the history had no room for one."""

    def can_send(self, pending: Pending) -> bool:
        """Say whether everything is known that sending needs."""
        if self.tracking_number is None:
            return False
        return pending.audience != REPORTER or self.sealed is not None

    @property
    def due_at(self) -> datetime | None:
        """Give when the next notice is to be tried."""
        times = [p.next_at for p in self.pending if p.next_at and self.can_send(p)]
        return min(times, default=None)


class Ledger:
    """Notification's view of facts: decides whom each concerns, and keeps what became of it."""

    stream: ClassVar[str] = "notices"
    schema: ClassVar[int] = 1
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **intake.CONTACTS,
        **routing.FACTS,
        **followup.FACTS,
        **notification.FACTS,
    }

    def begin(self, complaint: str) -> Notices:  # noqa: ARG002
        """Give the state of a complaint of which nothing is known."""
        return Notices()

    def fold(self, state: Notices, fact: Fact) -> Notices:
        """Take in one fact; total, and independent of the order between streams."""
        match fact.data:
            case intake.ComplaintReceived() as said:
                state = replace(
                    state,
                    tracking_number=said.tracking_number,
                    confidential=said.confidential,
                    reachable=said.reachable and not state.erased,
                )
                if not state.reachable:
                    state = _without_reporter(state)
            case intake.ContactSealed(sealed=sealed):
                return replace(state, sealed=sealed)
            case intake.ContactErased() | intake.ReporterErased():
                return _without_reporter(replace(state, sealed=None, reachable=False, erased=True))
            case routing.ComplaintRouted(agency=agency):
                state = replace(state, agency=agency)
            case notification.Notice() as ended:
                return _ended(state, ended)
        return self._concern(state, fact)

    def react(self, state: Notices, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing at once: a notice is told when the channel has it."""
        return ()

    def dirties(self, before: Notices, after: Notices) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()

    def _concern(self, state: Notices, fact: Fact) -> Notices:
        agency = getattr(fact.data, "agency", None)
        new = []
        for audience in AUDIENCES.get(fact.type, ()):
            if audience == REPORTER and state.reachable is False:
                continue
            whom = REPORTER if audience == REPORTER else agency
            if whom is None:
                continue
            notice = str(uuid.uuid5(NAMESPACE, f"{fact.id}/{whom}/email"))
            if notice not in state.ended:
                new.append(Pending(notice, fact.type, whom, next_at=fact.at))
        return replace(state, pending=(*state.pending, *new)) if new else state

    def claim(
        self, document: Document[Notices], under: Circumstances, holder: str | None = None
    ) -> tuple[Document[Notices], Pending | None]:
        """Take the next due notice for an attempt; an attempt that fell silent is uncertain."""
        for pending in document.state.pending:
            due = pending.next_at is not None and pending.next_at <= under.now
            if not due or not document.state.can_send(pending):
                continue
            if pending.trying:
                reason = "nobody knows how the last attempt ended"
                return self.end(document, pending, "uncertain", reason, under), None
            claimed = replace(
                pending,
                attempts=pending.attempts + 1,
                trying=True,
                holder=holder,
                next_at=under.now + SILENT_AFTER,
            )
            return _with(document, claimed), claimed
        return document, None

    def claim_all(
        self, document: Document[Notices], under: Circumstances, holder: str
    ) -> tuple[Document[Notices], tuple[Pending, ...]]:
        """Take every due notice for one attempt each; asked again, give the same ones again."""
        for _ in document.state.pending:
            document, _claimed = self.claim(document, under, holder)
        mine = (p for p in document.state.pending if p.trying and p.holder == holder)
        return document, tuple(mine)

    def end(
        self,
        document: Document[Notices],
        pending: Pending,
        outcome: str,
        reason: str,
        under: Circumstances,
    ) -> Document[Notices]:
        """Note how an attempt ended: ``sent``, ``retry``, ``failed`` or ``uncertain``.

        Where the history is full the notice is dropped: it would be due first for ever.
        """
        mine = next((p for p in document.state.pending if p.notice == pending.notice), None)
        if mine is None or mine.attempts != pending.attempts:
            return document
        if outcome == "retry" and mine.attempts < MOST_ATTEMPTS:
            wait = FIRST_RETRY * 4 ** (mine.attempts - 1)
            return _with(document, replace(mine, trying=False, next_at=under.now + wait))
        common = {
            "notice": mine.notice,
            "about": mine.about,
            "audience": mine.audience,
            "channel": "email",
        }
        payload: Payload
        if outcome == "sent":
            payload = notification.NoticeSent(**common)
        elif outcome == "uncertain":
            payload = notification.NoticeUncertain(**common, reason=reason[:200])
        else:
            payload = notification.NoticeFailed(**common, reason=reason[:200])
        try:
            return record(self, document, [payload], Cause(f"notice/{mine.notice}"), under)
        except HistoryFull:
            left = _without(document.state, mine.notice)
            return replace(document, state=replace(left, unrecorded=left.unrecorded + 1))


def _with(document: Document[Notices], changed: Pending) -> Document[Notices]:
    pending = tuple(
        changed if each.notice == changed.notice else each for each in document.state.pending
    )
    return replace(document, state=replace(document.state, pending=pending))


def _without_reporter(state: Notices) -> Notices:
    return replace(state, pending=tuple(p for p in state.pending if p.audience != REPORTER))


def _without(state: Notices, notice: str) -> Notices:
    left = tuple(p for p in state.pending if p.notice != notice)
    return replace(state, pending=left, ended=(*state.ended, notice))


def _ended(state: Notices, ended: notification.Notice) -> Notices:
    state = _without(state, ended.notice)
    match ended:
        case notification.NoticeSent():
            return replace(state, sent=state.sent + 1)
        case notification.NoticeFailed():
            return replace(state, failed=state.failed + 1)
    return replace(state, uncertain=state.uncertain + 1)
