"""What followup tells: case histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from shared.contracts.contribution import ContributionAsked, ContributionGiven
from shared.contracts.fact import Payload
from shared.contracts.lateness import AppealMissed, DeadlineExcused, DueDateLifted, DueDateMoved
from shared.contracts.routing import Turn
from shared.contracts.vocabulary import AgencyCode, Clock
from shared.contracts.wording import ShortText, Text, Word

HISTORY = "case.history.v1"


class CaseOpened(Payload):
    """The agency now owes an answer (tindak lanjut dimulai)."""

    type: ClassVar[str] = "case.opened.v1"

    agency: AgencyCode
    turn: Turn
    respond_by: date
    """Local date in the handling node's zone; due at its last second."""
    complete_by: date | None = None
    """By when it is to be done; None where what the report asks for has no such limit. Where that
    was not heard yet it is the date of an ordinary complaint, and may be moved or lifted."""
    policy: ShortText | None = None
    """Version of the policy (kebijakan tenggat) that the complaint was born under."""


class ResponseGiven(Payload):
    """The agency answered (tanggapan instansi)."""

    type: ClassVar[str] = "response.given.v1"

    agency: AgencyCode
    text: Text
    interim: bool = False
    """Tanggapan sementara: work goes on, and no reply is waited for."""
    reply_by: date | None = None
    """Until when the reporter can reply before the case may be closed; None of an interim one."""


class ResponseDrafted(Payload):
    """An answer waits for the agency's leader (konsep tanggapan, nota dinas); nobody has read it.

    No clock stops by it. Approved, it is told as ``response.given.v1``, by whoever approved it.
    """

    type: ClassVar[str] = "response.drafted.v1"
    inner: ClassVar[str] = "text"

    agency: AgencyCode
    text: Text
    interim: bool = False


class DraftReturned(Payload):
    """The leader sent a drafted answer back (konsep dikembalikan)."""

    type: ClassVar[str] = "draft.returned.v1"
    inner: ClassVar[str] = "reason"

    agency: AgencyCode
    reason: Text


class CaseAssigned(Payload):
    """The agency gave the case to a unit of its own, or that one to the next (disposisi internal).

    It stays within the agency: no clock stops by it, and no other agency is shown it.
    """

    type: ClassVar[str] = "case.assigned.v1"
    inner: ClassVar[str] = "note"

    agency: AgencyCode
    unit: AgencyCode | None = None
    """Code of the unit by the agency's register; None where it lies with no unit any more."""
    note: Text | None = None
    """What the unit is asked for."""


class DispositionDeclined(Payload):
    """The agency is not competent (bukan wewenang); the complaint goes back to routing."""

    type: ClassVar[str] = "disposition.declined.v1"

    agency: AgencyCode
    turn: Turn
    reason: Text


class DeadlineMissed(Payload):
    """A clock ran out (lewat tenggat): verifying, or the first response."""

    type: ClassVar[str] = "deadline.missed.v1"

    clock: Clock
    due_on: date
    agency: AgencyCode | None = None


class CompletionMissed(Payload):
    """The case is not done by the date for what the report asks for (lewat batas penyelesaian)."""

    type: ClassVar[str] = "completion.missed.v1"

    due_on: date
    agency: AgencyCode | None = None
    """Who had it then; None where it lay with the coordinator."""


class CaseEscalated(Payload):
    """Nobody has followed the complaint up at all: it is brought before a superior (eskalasi)."""

    type: ClassVar[str] = "case.escalated.v1"

    level: Word
    """``superior``: whoever leads the agency; ``oversight``: those who watch over agencies."""
    due_on: date
    """Local date by which the agency should have responded before this step was taken."""
    agency: AgencyCode | None = None
    """Who had it then; None where it lay with the coordinator."""


class ClosingAnnounced(Payload):
    """A silent reporter is told that the case will be closed (pemberitahuan penutupan)."""

    type: ClassVar[str] = "closing.announced.v1"

    agency: AgencyCode
    closes_on: date
    """Local date in the handling node's zone; with its last second the case ends."""
    rests: int | None = Field(default=None, ge=1, le=10_000)
    """How often it had followed another report by then; the next time takes this back."""


class CaseResolved(Payload):
    """The case is done (selesai)."""

    type: ClassVar[str] = "case.resolved.v1"

    agency: AgencyCode
    note: Text | None = None
    """What the agency says to the reporter at the end; the reporter reads it."""
    how: Word | None = None
    """``confirmed`` by the reporter, ``lapsed`` in silence, ``officer``: closed by the agency."""
    reopen_by: date | None = None
    """Until when the reporter can object, or have it taken up again; None of what they confirmed.

    Local date in the handling node's zone."""


class CaseReopened(Payload):
    """The reporter did not accept the answer or the end; work goes on (dibuka kembali)."""

    type: ClassVar[str] = "case.reopened.v1"

    agency: AgencyCode
    because: Word
    """``reply``: the reporter wrote again; ``rejected``: found the answer, or the end, not done;
    ``appeal``: a senior upheld the objection."""
    complete_by: date | None = None
    """By when it is to be done now: the clock goes on where it stopped, it does not restart."""


class AppealFiled(Payload):
    """The reporter objects to how the case ended: a senior decides (keberatan diajukan)."""

    type: ClassVar[str] = "appeal.filed.v1"

    agency: AgencyCode
    decide_by: date
    """Local date in the handling node's zone by which it is to be decided."""


class AppealRefused(Payload):
    """Nobody decides on the reporter's objection (keberatan tidak dapat diterima)."""

    type: ClassVar[str] = "appeal.refused.v1"

    about: str
    """Id of the end that was objected to."""
    because: Word
    """``late``: after the last day for it; ``confirmed``: the reporter had found it done;
    ``moot``: that end no longer stands, or the report was withdrawn or follows another."""
    until: date | None = None
    """The last local day on which it was in time, where it is late."""
    moot_by: Word | None = None
    """What made it moot, where that is known: ``reopened``, ``moved`` (to another agency),
    ``withdrawn`` or ``merged``."""
    agency: AgencyCode | None = None


class AppealDecided(Payload):
    """A senior who had no part in the case has decided on the objection (putusan keberatan)."""

    type: ClassVar[str] = "appeal.decided.v1"

    agency: AgencyCode
    outcome: Word
    """``upheld``: the work is taken up again; ``dismissed``: the end stands."""
    reason: Text


WITHIN = frozenset({ResponseDrafted.type, DraftReturned.type, CaseAssigned.type})
"""What stays within an agency: no other is shown it."""
FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact
    for fact in (
        CaseOpened,
        ResponseGiven,
        ResponseDrafted,
        DraftReturned,
        CaseAssigned,
        ContributionAsked,
        ContributionGiven,
        DispositionDeclined,
        DeadlineMissed,
        CompletionMissed,
        CaseEscalated,
        ClosingAnnounced,
        CaseResolved,
        CaseReopened,
        AppealFiled,
        AppealRefused,
        AppealDecided,
        AppealMissed,
        DueDateMoved,
        DueDateLifted,
        DeadlineExcused,
    )
}
