"""Who hears what, and what became of each notice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import ClassVar

from msgspec.structs import replace

from services.notification.domain.addressing import of_agency
from services.notification.domain.audiences import DIGEST, EMAIL, REPORTER
from services.notification.domain.closing import close
from services.notification.domain.concerning import concerned
from services.notification.domain.digests import Digest
from services.notification.domain.ending import ended as end_of
from services.notification.domain.letters import instead, lacking, put_on_paper
from services.notification.domain.message import Outcome
from services.notification.domain.notice import LETTER, Notices, Pending
from services.notification.domain.overtaking import current, let_go, outdate
from services.notification.domain.owing import hear_owed
from services.notification.domain.patience import MOST_ATTEMPTS, SILENT_AFTER, pause
from services.notification.domain.saying import redated
from services.notification.domain.turns import hear_turns
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload, name_uuid
from shared.runtime.document import Cause, Circumstances, Document, record

Choose = Callable[[Notices, Pending], str | None]
"""Says by which channel a notice goes on, where that is known."""


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
        owed, turns = hear_owed(state.owed, fact), hear_turns(state.turns, fact, state.agency)
        if owed is not state.owed or turns is not state.turns:
            state = replace(state, owed=owed, turns=turns)
        state = self._fold(redated(outdate(state, fact), fact), fact)
        return current(let_go(state, fact))

    def _fold(self, state: Notices, fact: Fact) -> Notices:
        match fact.data:
            case intake.ComplaintReceived() as said:
                state = replace(
                    state,
                    tracking_number=said.tracking_number,
                    confidential=said.confidential,
                    reachable=said.reachable and not state.erased,
                    came_by=said.medium or said.channel.value,
                ).tidy
                if not state.reachable:
                    state = put_on_paper(state) if state.by_letter else _without_reporter(state)
            case intake.ContactSealed(sealed=sealed):
                return replace(state, sealed=sealed)
            case intake.ContactErased() | intake.ReporterErased():
                return _without_reporter(replace(state, sealed=None, reachable=False, erased=True))
            case intake.PinRequested(sealed=pin):
                return concerned(replace(state, pin=pin), fact).tidy
            case routing.ComplaintDeferred() as said:
                return concerned(replace(state, lacking=lacking(said)), fact).tidy
            case routing.ComplaintResumed() | routing.ComplaintArchived():
                state = replace(state, lacking=None)
            case notification.Notice() as ended:
                return end_of(state, ended, fact.at)
        return concerned(of_agency(state, fact), fact)

    def react(self, state: Notices, fact: Fact, now: object) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing at once: a notice is told when the channel has it."""
        return ()

    def dirties(self, before: Notices, after: Notices) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()

    def digest(
        self, document: Document[Notices], agency: str, digest: Digest, under: Circumstances
    ) -> Document[Notices]:
        """Have an agency told what is due; what was begun before stays as it was."""
        if document.version:
            return document
        notice = name_uuid(document.id)
        told = Pending(
            notice=notice, about=DIGEST, audience=agency, next_at=under.now, agency=agency
        )
        return replace(document, state=Notices(agency=agency, digest=digest, pending=(told,)))

    def claim(
        self,
        document: Document[Notices],
        under: Circumstances,
        holder: str | None = None,
        choose: Choose = lambda _state, pending: pending.channel,
    ) -> tuple[Document[Notices], Pending | None]:
        """Take the next due notice for an attempt; an attempt that fell silent is uncertain."""
        for pending in document.state.pending:
            due = pending.next_at is not None and pending.next_at <= under.now
            if not due or not document.state.can_send(pending):
                continue
            if pending.trying:
                reason = "nobody knows how the last attempt ended"
                silent = Outcome("uncertain", reason, pending.channel or EMAIL)
                return self.end(document, pending, silent, under), None
            claimed = replace(
                pending,
                attempts=pending.attempts + 1,
                trying=True,
                holder=holder,
                channel=choose(document.state, pending),
                next_at=under.now + SILENT_AFTER,
            )
            return _with(document, claimed), claimed
        return document, None

    def claim_all(
        self,
        document: Document[Notices],
        under: Circumstances,
        holder: str,
        choose: Choose = lambda _state, pending: pending.channel,
    ) -> tuple[Document[Notices], tuple[Pending, ...]]:
        """Take every due notice for one attempt each; asked again, give the same ones again.

        They are given in the order in which they are to be handed over: that of what happened.
        """
        place = {each.notice: place for place, each in enumerate(document.state.in_turn)}
        for _ in document.state.pending:
            document, _claimed = self.claim(document, under, holder, choose)
        mine = [p for p in document.state.pending if p.trying and p.holder == holder]
        return document, tuple(sorted(mine, key=lambda each: place[each.notice]))

    def end(
        self,
        document: Document[Notices],
        pending: Pending,
        outcome: Outcome,
        under: Circumstances,
    ) -> Document[Notices]:
        """Note how an attempt ended.

        A channel that refuses for good, or has put the notice off too often, gives way to the
        next one; where there is none the notice has failed, or is dead. One that is uncertain
        goes to no other channel: the first may have delivered it.
        """
        mine = next((p for p in document.state.pending if p.notice == pending.notice), None)
        if mine is None or mine.attempts != pending.attempts:
            return document
        kind, now = outcome.kind, under.now
        mine = replace(mine, trying=False, reason=outcome.reason[:200] or None)
        if kind == "wait":
            later = outcome.until or now
            return _with(document, replace(mine, uncounted=mine.uncounted + 1, next_at=later))
        if kind == "retry" and mine.tries < MOST_ATTEMPTS:
            later = max(now + pause(mine.notice, mine.tries), outcome.until or now)
            return _with(document, replace(mine, next_at=later))
        if kind == "failed" and outcome.further == LETTER:
            return replace(document, state=current(instead(document.state, mine, now)))
        if kind in ("retry", "failed") and outcome.further:
            onward = replace(mine, channel=outcome.further, uncounted=mine.attempts, next_at=now)
            return _with(document, onward)
        return close(self, document, mine, outcome, under)

    def replay(
        self,
        document: Document[Notices],
        outcomes: Collection[str],
        by: str,
        under: Circumstances,
    ) -> Document[Notices]:
        """Have lost notices sent again, under the ids they had; raises HistoryFull.

        What is in the history cannot be lost: asked twice at once, each is sent again once.
        """
        for each in document.state.lost:
            if each.outcome in outcomes:
                rounds = document.state.rounds.get(each.notice, 0)
                again = notification.NoticeReplayed(
                    notice=each.notice,
                    about=each.about,
                    audience=each.audience,
                    channel=each.channel,
                )
                cause = Cause(f"replay/{each.notice}/{rounds}", by=by)
                document = record(self, document, [again], cause, under)
        return document


def _with(document: Document[Notices], changed: Pending) -> Document[Notices]:
    pending = tuple(
        changed if each.notice == changed.notice else each for each in document.state.pending
    )
    return replace(document, state=current(replace(document.state, pending=pending)))


def _without_reporter(state: Notices) -> Notices:
    return replace(
        state,
        pending=tuple(p for p in state.pending if p.audience != REPORTER),
        lost=tuple(each for each in state.lost if each.audience != REPORTER),
    ).tidy
