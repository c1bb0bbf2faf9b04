"""What is told of a complaint beside its history.

The sealed contact, and to its publisher a receipt for the record and the complaint's progress.
All of it is built from the document at that moment, so that it can be told again at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import orjson

from services.intake.domain.complaint import Complaint
from services.intake.domain.progress import progress_of
from services.intake.domain.records import record_of
from shared.contracts import intake, publishing
from shared.contracts.fact import Pair, Row, fact_id, instant
from shared.contracts.topics import STREAMS, publisher_topic, topic
from shared.runtime.document import Document
from shared.runtime.telling import Derive, Utterance
from shared.runtime.timing import moment

ACTS = frozenset(
    fact.type
    for fact in (intake.ComplaintAmended, intake.ReporterReplied, intake.ComplaintWithdrawn)
)
"""What a publisher's record about a complaint can bring about."""
SUBMITTED = "receipt"
"""Marks the receipt for the record that submitted a complaint."""


def derive_for(node: str, publishers: Collection[str]) -> Derive[Complaint]:
    """Say what intake derives at a node; a publisher that was removed is told nothing."""

    def derive(document: Document[Complaint]) -> Iterable[Utterance]:
        state = document.state
        if state.contact_version:
            yield _contact(document, topic(node, "contacts"))
        if state.publisher is not None and state.publisher in publishers:
            receipts = publisher_topic(state.publisher, "receipts")
            yield from _receipts(document, receipts, state.publisher)
            if state.tracking_number is not None:
                yield _progress(document, publisher_topic(state.publisher, "progress"))

    return derive


def _contact(document: Document[Complaint], where: str) -> Utterance:
    state = document.state
    pair = Pair(state.contact_epoch, state.contact_version)
    kind, cause, at = intake.ContactSealed.type, f"contact/{pair}", _received_at(document)

    def body() -> bytes | None:
        if state.sealed is None:
            return None
        row = Row(
            id=fact_id(document.id, kind, cause),
            pair=list(pair),
            type=kind,
            at=at,
            cause=cause,
            request=None,
            by=None,
            trace=None,
            data={"sealed": state.sealed},
        )
        return orjson.dumps({"complaint": document.id, "facts": [row]})

    return Utterance(
        topic=where,
        key=document.id,
        mark=str(pair),
        type=STREAMS["contacts"].message,
        subject=document.id,
        pair=pair,
        time=at,
        body=body,
    )


def receipt_of(record: str) -> str:
    """Name the receipt for a record about a complaint."""
    return f"receipt/{record}"


class _Answered(NamedTuple):
    """One record, and what is answered to it."""

    record: str | None
    reference: str | None
    errors: tuple[str, ...] = ()


def _receipts(document: Document[Complaint], where: str, publisher: str) -> Iterator[Utterance]:
    """Give a receipt for each record: a taken one is a fact, a refused one stands in the state."""
    state = document.state
    if document.facts or state.refusal:
        submitted = _Answered(state.record, state.reference, state.refusal)
        yield _receipt(document, where, submitted, SUBMITTED)
    said = [
        _Answered(record_of(publisher, row["request"]), state.reference)
        for row in document.facts
        if row["by"] == publisher and row["type"] in ACTS
    ]
    said.extend(
        _Answered(away.record, away.reference or state.reference, (away.words,))
        for away in state.turned_away
    )
    for each in said:
        yield _receipt(document, where, each, receipt_of(each.record or ""))


def _receipt(document: Document[Complaint], where: str, said: _Answered, mark: str) -> Utterance:
    """Give one receipt, the same at any time: a refused record names no complaint.

    It may have come before the submission, of which its receipt could not speak.
    """
    number = None if said.errors else document.state.tracking_number
    name = "record" if mark == SUBMITTED else mark

    def body() -> bytes:
        receipt = publishing.Receipt(
            id=fact_id(document.id, publishing.Receipt.type, name),
            record=said.record,
            reference=said.reference,
            outcome="rejected" if said.errors else "accepted",
            complaint=document.id if number else None,
            tracking_number=number,
            errors=said.errors,
        )
        return receipt.model_dump_json().encode()

    return Utterance(
        topic=where,
        key=said.reference or document.id,
        mark=mark,
        type=publishing.Receipt.type,
        subject=document.id,
        pair=Pair(0, 1),  # the same for all of them: none makes another out of date
        time=_received_at(document),
        body=body,
    )


def _progress(document: Document[Complaint], where: str) -> Utterance:
    state = document.state
    changed_at = state.changed_at or moment(document.changed_at)
    files = progress_of(document)

    def body() -> bytes:
        progress = publishing.Progress(
            reference=state.reference or document.id,
            complaint=document.id,
            tracking_number=state.tracking_number or "",
            status=state.status,
            agency=state.agency,
            changed_at=changed_at,
            attachments=files,
        )
        return progress.model_dump_json().encode()

    turns = f"{state.routed_turn}/{state.case_turn}/{len(state.answers)}"
    turns += f"/{state.asides}" if state.asides else ""
    turns += f"/files:{','.join(each.outcome[0] for each in files)}" if files else ""
    return Utterance(
        topic=where,
        key=state.reference or document.id,
        mark=f"{state.status}/{state.agency or ''}/{turns}",
        type=publishing.Progress.type,
        subject=document.id,
        pair=_knowledge(document),
        time=instant(changed_at),
        body=body,
    )


def _knowledge(document: Document[Complaint]) -> Pair:
    """Say how much this document knows: the more it has heard and told, the higher the pair.

    Sums over all streams, not versions of the document: what was heard again after a restore, in
    larger or smaller bites, gives the same pair.
    """
    pairs = [document.last, *(heard.pair for heard in document.heard.values())]
    return Pair(sum(pair.epoch for pair in pairs), sum(pair.sequence for pair in pairs))


def _received_at(document: Document[Complaint]) -> str:
    return instant(document.state.received_at or moment(document.changed_at))
