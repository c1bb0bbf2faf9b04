"""Letters to reporters who left no address: what waits for a clerk to print it (surat)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from services.notification.domain.audiences import PIN, REPORTER
from services.notification.domain.closing import close
from services.notification.domain.ending import without
from services.notification.domain.message import Outcome
from services.notification.domain.notice import LETTER, Lacking, Notices, Pending
from shared.contracts import followup, notification, routing
from shared.contracts.fact import Payload
from shared.runtime.document import Cause, Circumstances, Document, Domain

HANDED_OVER = {"complaint.received.v1", PIN}
"""Not told by letter: the slip was the receipt, and a PIN is sent to nobody who has no address."""


def told_by_letter(state: Notices, about: str) -> bool:
    """Say whether a reporter who cannot be reached is told of something on paper."""
    return state.by_letter and about not in HANDED_OVER


def put_on_paper(state: Notices) -> Notices:
    """Turn what waits for the reporter into letters, once it is known that there is no address."""
    pending = tuple(
        replace(each, channel=LETTER) if each.audience == REPORTER else each
        for each in state.pending
        if each.audience != REPORTER or each.about not in HANDED_OVER
    )
    return replace(state, pending=pending).tidy


def written_to_reporter(said: Payload | None) -> str | None:
    """Give what an officer wrote that the reporter reads beside the number, for a letter."""
    match said:
        case followup.ResponseGiven(text=words) | followup.AppealDecided(reason=words):
            return words
        case followup.CaseResolved(note=words) | routing.ComplaintArchived(words=words):
            return words
    return None


def lacking(said: routing.ComplaintDeferred) -> Lacking:
    """Keep what a deferral names, for a letter."""
    return Lacking(tuple((gap.code, gap.words) for gap in said.missing), said.complete_by)


def instead(state: Notices, mine: Pending, now: datetime) -> Notices:
    """Make a notice a letter, once what its reporter left turned out to name no address."""
    if mine.about in HANDED_OVER:
        return without(state, mine.notice)
    paper = replace(mine, channel=LETTER, next_at=now)
    pending = tuple(paper if each.notice == mine.notice else each for each in state.pending)
    return replace(state, pending=pending)


def named(document: Document[Notices]) -> set[str]:
    """Name the notices that a letter tells, or has told."""
    told = {
        str(row["data"]["notice"])
        for row in document.facts
        if row["type"] == notification.NoticeSent.type and row["data"]["channel"] == LETTER
    }
    return told | {each.notice for each in document.state.letter}


def printed(
    domain: Domain[Notices],
    document: Document[Notices],
    notices: Collection[str],
    request: Cause,
    under: Circumstances,
) -> Document[Notices]:
    """Note that notices were told on paper; those that were before are passed."""
    for mine in document.state.letter:
        if mine.notice in notices:
            done = Outcome("sent", channel=LETTER)
            document = close(domain, document, mine, done, under, request)
    return document
