"""Erasing a reporter: the key to the contact is destroyed, and what they wrote is blanked.

A complaint stays what it is to those who count and answer for it; nobody can say any more who
filed it, and its words are gone at every service that hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from services.intake.domain.complaint import Complaint, Complaints
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import ERASABLE, Pair, Redaction, Row
from shared.runtime.document import Cause, Circumstances, Document, Heard, Refused, record

OWN: Mapping[str, tuple[str, ...]] = {
    intake.ComplaintReceived.type: (
        *("title", "text", "place", "point"),
        *("occurred_on", "answers", "continues"),
    ),
    intake.ComplaintAmended.type: ("text", "place", "point", "occurred_on"),
    intake.ReporterReplied.type: ("text",),
    intake.ReporterRated.type: ("comment",),
    ReporterAppealed.type: ("text",),
    intake.ComplaintWithdrawn.type: ("reason",),
    intake.PinRequested.type: ("sealed",),
    AttachmentAdded.type: ("sha256",),
}
"""By type of fact, what reporters wrote themselves, what only they may open, and by what anybody
could tell which files they sent."""
TOGETHER = 90
"""Redactions of one fact: it must stay below the length of a fact."""


def erase(
    complaints: Complaints,
    document: Document[Complaint],
    said: intake.ReporterErased,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Destroy the reporter's data; raises Refused.

    ``said`` gives the reason, and names where officers wrote of the person; the reporter's own
    words are found here. Asked again, only what is not yet blanked is erased.
    """
    if document.state.tracking_number is None:
        raise Refused(404, "not_found", "There is no complaint with this number.")
    _names_words(said)
    _names_something(document, said)
    named = [*_own(document), *unnamed(document, said)]
    if document.state.erased_at is not None and not named:
        raise Refused(409, "erased", f"It was erased at {document.state.erased_at.isoformat()}.")
    parts = [named[at : at + TOGETHER] for at in range(0, len(named), TOGETHER)] or [[]]
    facts = [said.model_copy(update={"redactions": tuple(part)}) for part in parts]
    erased = record(complaints, document, facts, request, under)
    return replace(erased, state=replace(erased.state, fingerprint=None))


def unnamed(document: Document[Complaint], said: intake.ReporterErased) -> list[Redaction]:
    """Give what a request names of officers' words that no erasure has named yet."""
    known = {(each.stream, each.pair, each.field) for each in _named(document)}
    return [r for r in said.redactions if (r.stream, r.pair, r.field) not in known]


def bury(document: Document[Complaint], now: datetime) -> Document[Complaint]:
    """Have the tombstone told once more where that is due: every change is told."""
    due = document.state.bury_at
    if due is None or due > now:
        return document
    return replace(document, state=replace(document.state, bury_at=None))


def forgotten(rows: Sequence[Row]) -> bool:
    """Say whether nothing is left in a history of what its reporter wrote."""
    return next(_left(rows), None) is None


def _names_words(said: intake.ReporterErased) -> None:
    """Refuse to blank what nobody has written: figures and decisions stay."""
    may = "; ".join(f"of {name} {', '.join(sorted(of))}" for name, of in ERASABLE.items())
    for nth, each in enumerate(said.redactions):
        if each.field not in ERASABLE.get(each.stream, ()):
            wrong = f"also.{nth}.{'field' if each.stream in ERASABLE else 'stream'}"
            detail = f"Only what people write can be blanked: {may}."
            raise Refused(422, "not_erasable", detail, wrong)


def _names_something(document: Document[Complaint], said: intake.ReporterErased) -> None:
    """Refuse a pair of which nothing was heard: what comes to stand there later would be blanked.

    Whether a fact that was heard has the field is not known here; the audit says so.
    """
    for nth, each in enumerate(said.redactions):
        heard, held = document.heard.get(each.stream), document.held.get(each.stream)
        known = max(at.pair for at in (heard, held, Heard()) if at)
        sequence = each.pair.sequence
        if each.pair > known or not 1 <= sequence <= known.sequence:
            detail = (
                f"Of {each.stream} {known.sequence} entries are known here, and this names none of "
                "them. Take the pair from where the words are listed; if it stands there so, ask "
                "again in a few seconds."
            )
            raise Refused(409, "names_nothing", detail, f"also.{nth}.pair")


def _own(document: Document[Complaint]) -> Iterator[Redaction]:
    for row, field in _left(document.facts):
        yield Redaction(stream="complaints", pair=Pair(*row["pair"]), field=field)


def _left(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    for row in rows:
        blanked = row.get("redacted", ())
        for field in OWN.get(row["type"], ()):
            if row["data"].get(field) is not None and field not in blanked:
                yield row, field


def _named(document: Document[Complaint]) -> Iterator[Redaction]:
    for row in document.facts:
        if row["type"] == intake.ReporterErased.type:
            said: list[dict[str, Any]] = row["data"]["redactions"]
            yield from (Redaction.model_validate(each) for each in said)
