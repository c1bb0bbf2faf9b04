"""From a publisher's record to the request it makes: accepted or refused, once and for ever."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping

from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.filing import Filing, file, refuse
from services.intake.domain.publishing import Sender, deciding, take
from services.intake.domain.records import request_of
from services.intake.handlers import SUBMITTED, of_request, receipt_of
from services.intake.subscribers.records import Submitted, read
from shared.contracts.envelope import Unreadable
from shared.contracts.intake import Submission
from shared.contracts.publishing import Act
from shared.contracts.topics import publisher_topic
from shared.contracts.vocabulary import Channel
from shared.runtime.asking import Ask, Judge, once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.hearing import Reading
from shared.runtime.ports import Record


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
        judge = _judge(complaints, node, publisher, submitted)
        return Ask(of_request(publisher, submitted.identity), judge, answer=SUBMITTED)

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

    complaint = of_request(publisher, said.submission)
    return Ask(complaint, judge, answer=receipt_of(submitted.identity))


def _judge(
    complaints: Complaints, node: str, publisher: str, submitted: Submitted
) -> Judge[Complaint]:
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
                errors = (f"{refusal.field or 'data'}: {refusal.detail}",)
        return refuse(document, named, publisher, submitted.reference, errors)

    return judge
