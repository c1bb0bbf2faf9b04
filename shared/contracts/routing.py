"""What routing tells: disposition histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Fact, Pair, Payload
from shared.contracts.following import ComplaintId, ComplaintJoined, MainProgressed
from shared.contracts.vocabulary import AgencyCode, AreaCode, CategoryCode
from shared.contracts.wording import ReasonCode, ShortText, Text

HISTORY = "disposition.history.v1"

Turn = Annotated[int, Field(ge=1, le=10_000)]
"""Which disposition of a complaint it is: bounded, as every store has a largest number."""
MOST_CONTRIBUTORS = 4
"""Agencies that contribute to the answer of another."""
MOST_MISSING = 10
"""Things that one deferral names."""


class Missing(StrEnum):
    """What a complaint can lack so that nobody can act on it (5W1H, kelengkapan laporan)."""

    WHAT = "what"
    """Apa: what happened."""
    WHERE = "where"
    """Di mana: the place, as exactly as somebody would have to go there."""
    WHEN = "when"
    """Kapan: the time."""
    WHO = "who"
    """Siapa: which office or officer it is about."""
    HOW = "how"
    """Bagaimana: the chronology."""
    EVIDENCE = "evidence"
    """Bukti pendukung."""
    IDENTITY = "identity"
    """Identitas pelapor, where the matter cannot be handled without it."""
    OTHER = "other"
    """Lainnya: said in words."""


class ArchiveReason(StrEnum):
    """Why a complaint is closed without an answer (alasan arsip)."""

    WRONG_FORM = "wrong_form"
    """Kesalahan format."""
    TOO_GENERAL = "too_general"
    """Masukan terlalu umum."""
    NOT_GOVERNMENT = "not_government"
    """Tidak relevan dengan kinerja pemerintah."""
    OUT_OF_SCOPE = "out_of_scope"
    """Di luar lingkup: pidana, peradilan, legislatif."""
    NOT_COMPLETED = "not_completed"
    """Tidak dilengkapi dalam batas waktu."""
    UNCLEAR = "unclear"
    """Tidak dapat dipahami."""
    PRANK = "prank"
    """Laporan iseng."""
    ABUSIVE = "abusive"
    """SARA, ujaran kebencian."""
    DUPLICATE = "duplicate"
    """Duplikat: said in words of which report."""
    ALREADY_ANSWERED = "already_answered"
    """Sudah ditanggapi."""
    OTHER = "other"
    """Lainnya: said in words."""


class Gap(BaseModel):
    """One thing that a complaint lacks (kekurangan)."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    code: ReasonCode
    """One of ``Missing``."""
    words: ShortText | None = None
    """What exactly, as the reporter reads it."""


class Suggested(BaseModel):
    """What a classifier suggested to the officer who decided (saran disposisi)."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    model: str = Field(min_length=1, max_length=40)
    """Name and version of the classifier."""
    agency: AgencyCode
    confidence: float = Field(ge=0, le=1)


class ComplaintVerified(Payload):
    """A coordinator, or a rule, found the complaint complete and in order (verifikasi)."""

    type: ClassVar[str] = "complaint.verified.v1"

    category: CategoryCode | None = None
    area: AreaCode | None = None
    """Where it happened, if the complaint had it wrong."""
    note: Text | None = None
    inspection: bool | None = None
    """Whether it needs an inspection (berkadar pengawasan): then the longer clock runs."""


class ComplaintRouted(Payload):
    """The complaint was handed to the agency that must answer (disposisi)."""

    type: ClassVar[str] = "complaint.routed.v1"

    agency: AgencyCode
    turn: Turn
    """Counts the dispositions of this complaint from 1; a declined one is followed by another."""
    rule: ShortText | None = None
    """The rule that decided; None where a person did."""
    suggested: Suggested | None = None
    """What was suggested first, where a person decided: ``agency`` is the final choice."""
    contributors: tuple[AgencyCode, ...] | None = Field(
        default=None, min_length=1, max_length=MOST_CONTRIBUTORS
    )
    """Agencies that contribute to the one answer which ``agency`` gives (instansi pendukung)."""
    words: Text | None = None
    """Why it goes elsewhere, where an agency had it (alasan pengalihan)."""


class ComplaintDeferred(Payload):
    """Something is missing; the complaint waits for its reporter (tunda)."""

    type: ClassVar[str] = "complaint.deferred.v1"

    missing: tuple[Gap, ...] = Field(min_length=1, max_length=MOST_MISSING)
    complete_by: date
    """Local date in the handling node's zone; from its end on the complaint may be archived."""
    repeats: Pair | None = None
    """Where the fact stands in this stream whose words it says again: the first that said them. An
    erasure that names that one means this one, too."""


class ComplaintResumed(Payload):
    """The reporter has said more, or a file was added (dilengkapi): it is in its place again."""

    type: ClassVar[str] = "complaint.resumed.v1"

    completed_at: AwareDatetime | None = None
    """When the reporter did; None where routing said it in that moment, as all did before."""


class ComplaintArchived(Payload):
    """The complaint is closed without an answer, for a reason from a list (arsip)."""

    type: ClassVar[str] = "complaint.archived.v1"

    reason: ReasonCode
    """One of ``ArchiveReason``."""
    words: Text | None = None
    """What the reporter is told beside it."""


class ComplaintRestored(Payload):
    """A higher role put an archived complaint back into the queue (pemulihan dari arsip)."""

    type: ClassVar[str] = "complaint.restored.v1"
    inner: ClassVar[str] = "reason"

    reason: Text


class ComplaintMerged(Payload):
    """The complaint is about the same as another and follows it (digabung); nothing is closed."""

    type: ClassVar[str] = "complaint.merged.v1"

    main: ComplaintId
    """Id of the complaint that is handled for both (laporan induk)."""
    tracking_number: str | None = None
    """Its number; None where it is not known yet."""


class ComplaintUnmerged(Payload):
    """The complaint is about something else, or what it followed is handled no more (dipisah).

    It stands again where it stood before; of one that was deferred the next fact says so anew, or
    that its reporter has said more meanwhile.
    """

    type: ClassVar[str] = "complaint.unmerged.v1"

    main: ComplaintId
    because: ReasonCode
    """``officer``, with words; ``withdrawn``, ``archived`` or ``merged``: nobody handles the other
    any more, or it follows a further one."""
    words: Text | None = None


def back_at(fact: Fact) -> datetime:
    """Give when a complaint came back that was set aside: when it was completed, if it was."""
    completed_at: datetime | None = fact.said("completed_at")
    return completed_at or fact.at


FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact
    for fact in (
        ComplaintVerified,
        ComplaintRouted,
        ComplaintDeferred,
        ComplaintResumed,
        ComplaintArchived,
        ComplaintRestored,
        ComplaintMerged,
        ComplaintUnmerged,
        ComplaintJoined,
        MainProgressed,
    )
}
