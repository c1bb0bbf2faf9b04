"""From a publisher's record to the request it makes: accepted or refused, once and for ever."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping

from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.filing import Filing, file, refuse
from services.intake.domain.publishing import Sender, deciding, in_words, take
from services.intake.domain.records import request_of
from services.intake.handlers import SUBMITTED, of_request, receipt_of
from services.intake.subscribers.records import Submitted, read
from shared.contracts.envelope import Unreadable
from shared.contracts.intake import Submission
from shared.contracts.publishing import Act
from shared.contracts.topics import publisher_topic
from shared.contracts.vocabulary import Channel
from shared.runtime.asking import Ask, Judge, once, unstorable
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.ports import Record
from shared.runtime.sorting import Reading


def readings(
    complaints: Complaints, node: str, publishers: Collection[str]
) -> Mapping[str, Reading[Complaint]]:
    """Give, by topic, how the records of each publisher are read."""
    return {
        publisher_topic(publisher, "submissions"): _reading(complaints, node, publisher)
        for publisher in publishers
    }


def _reading(complaints: Complaints, node: str, publisher: str) -> Reading[Complaint]:
    def on_submission(record: Record) -> Ask[Complaint]:
        submitted = read(record)
        if submitted.reference is None:
            raise Unreadable(f"no receipt can be sent: {'; '.join(submitted.errors)}")
        if submitted.draft is not None and not isinstance(submitted.draft, Submission):
            return _about(complaints, publisher, submitted, submitted.draft)
        return _submitting(complaints, node, publisher, submitted)

    return on_submission


def _about(
    complaints: Complaints, publisher: str, submitted: Submitted, said: Act
) -> Ask[Complaint]:
    """Ask for what a record says about a complaint that another record submitted.

    The complaint is found by the publisher's own name for that record: nobody else's has it.
    """
    sender = Sender(publisher, submitted.identity, submitted.reference)
    request = sender.request
    cause = Cause(request, request=request, by=publisher, trace=submitted.trace)
    asked: Judge[Complaint] = once(request, said.type, {}, deciding(complaints, said, cause))

    def judge(
        document: Document[Complaint], under: Circumstances, draw: int
    ) -> Document[Complaint]:
        def decide(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
            return asked(document, under, draw)

        return take(document, sender, said, under, decide)

    def turn_away(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
        return take(document, sender, said, under, _not_stored)

    complaint = of_request(publisher, said.submission)
    return Ask(complaint, judge, answer=receipt_of(submitted.identity), refuse=turn_away)


def _not_stored(_document: Document[Complaint], _under: Circumstances) -> Document[Complaint]:
    raise unstorable()


def _submitting(
    complaints: Complaints, node: str, publisher: str, submitted: Submitted
) -> Ask[Complaint]:
    """Ask for a complaint to be taken, or where it cannot be for words that say so."""
    named = submitted.record
    request = request_of(publisher, submitted.identity)
    cause = Cause(request, request=request, by=publisher, trace=submitted.trace)
    reporter_ref = secrets.token_hex(8)

    def judge(
        document: Document[Complaint], under: Circumstances, draw: int
    ) -> Document[Complaint]:
        errors, draft = tuple(submitted.errors), submitted.draft
        if isinstance(draft, Submission):
            filing = Filing(
                draft,
                Channel.PUBLISHER,
                reporter_ref,
                sealed=draft.reporter,
                publisher=publisher,
                record=named,
            )
            try:
                return file(complaints, document, filing, cause, node, under, draw)
            except Refused as refusal:
                errors = (in_words(refusal),)
        return refuse(document, named, publisher, submitted.reference, errors)

    def turn_away(document: Document[Complaint], _under: Circumstances) -> Document[Complaint]:
        words = (in_words(unstorable()),)
        return refuse(document, named, publisher, submitted.reference, words)

    complaint = of_request(publisher, submitted.identity)
    return Ask(complaint, judge, answer=SUBMITTED, refuse=turn_away)
