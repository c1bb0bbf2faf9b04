"""What is told of a complaint beside its history.

The sealed contact, and to its publisher a receipt for the record and the complaint's progress.
All of it is built from the document at that moment, so that it can be told again at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import orjson

from services.intake.domain.complaint import Complaint
from shared.contracts import intake
from shared.contracts.fact import Pair, Row, fact_id, instant
from shared.contracts.topics import STREAMS, publisher_topic, topic
from shared.runtime.document import Document
from shared.runtime.telling import Derive, Utterance
from shared.runtime.timing import moment


def derive_for(node: str, publishers: Collection[str]) -> Derive[Complaint]:
    """Say what intake derives at a node; a publisher that was removed is told nothing."""

    def derive(document: Document[Complaint]) -> Iterable[Utterance]:
        state = document.state
        if state.contact_version:
            yield _contact(document, topic(node, "contacts"))
        if state.publisher is not None and state.publisher in publishers:
            yield _receipt(document, publisher_topic(state.publisher, "receipts"))
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


def _receipt(document: Document[Complaint], where: str) -> Utterance:
    state = document.state

    def body() -> bytes:
        receipt = intake.Receipt(
            id=fact_id(document.id, intake.Receipt.type, "record"),
            record=state.record,
            reference=state.reference,
            outcome="rejected" if state.refusal else "accepted",
            complaint=None if state.refusal else document.id,
            tracking_number=state.tracking_number,
            errors=state.refusal,
        )
        return receipt.model_dump_json().encode()

    return Utterance(
        topic=where,
        key=state.reference or document.id,
        mark="receipt",
        type=intake.Receipt.type,
        subject=document.id,
        pair=Pair(0, 1),
        time=_received_at(document),
        body=body,
    )


def _progress(document: Document[Complaint], where: str) -> Utterance:
    state = document.state
    changed_at = state.changed_at or moment(document.changed_at)

    def body() -> bytes:
        progress = intake.Progress(
            reference=state.reference or document.id,
            complaint=document.id,
            tracking_number=state.tracking_number or "",
            status=state.status,
            agency=state.agency,
            changed_at=changed_at,
        )
        return progress.model_dump_json().encode()

    turns = f"{state.routed_turn}/{state.case_turn}/{len(state.answers)}"
    turns += f"/{state.asides}" if state.asides else ""
    return Utterance(
        topic=where,
        key=state.reference or document.id,
        mark=f"{state.status}/{state.agency or ''}/{turns}",
        type=intake.Progress.type,
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
