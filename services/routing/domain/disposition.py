"""Where a complaint stands at the coordinator."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from services.routing.domain.reasons import Archival, Deferral
from services.routing.domain.reported import Reported
from shared.contracts.fact import NOTHING, Pair, instant
from shared.runtime.document import Document, Refused

Stage = Literal[
    "unknown", "queue", "deferred", "archived", "routed", "merged", "withdrawn", "resolved"
]


class Disposition(Reported, frozen=True, omit_defaults=True):
    """Where a complaint stands at the coordinator (disposisi).

    ``turn`` counts the dispositions; one whose turn was declined waits in the queue again.
    ``late`` says that it was not verified in time, as followup, which keeps the clocks, told; of
    what came back unverified, in the time that began then.
    """

    complaint: str = ""
    received_at: datetime | None = None
    tracking_number: str | None = None
    category: str | None = None
    wanted: str | None = None
    confidential: bool = False
    crowd: str | None = None
    """What the report has in common with very many of its hour: address or contact."""
    verified: bool = False
    looked_at: bool = False
    """A person verified, deferred, archived, restored or merged it: no rule, and no clock."""
    turn: int = 0
    agency: str | None = None
    contributors: tuple[str, ...] = ()
    """Agencies that contribute to the one answer that ``agency`` gives."""
    chosen_at: datetime | None = None
    """When a person chose the agency; None where a rule did."""
    declined_turn: int = 0
    declined_because: str | None = None
    declined_in: Pair = NOTHING
    """Where the fact with these words stands in its stream."""
    erased: tuple[Pair, ...] = ()
    """Facts of the agency that an erasure named."""
    resolved: bool = False
    late: bool = False
    missed_on: date | None = None
    """The last date to verify it that passed; None of what was missed before this was kept."""
    returned_at: datetime | None = None
    """When it came back to the queue unverified, last: from then on it is to be verified."""
    acted: str | None = None
    """The agency whose officer last did something about it."""
    acted_at: datetime | None = None
    main: str | None = None
    """The complaint that it was merged into and follows."""
    main_number: str | None = None
    merged_at: datetime | None = None
    """When it was merged last."""
    merges: int = 0
    """How often it was merged."""
    leads: bool = False
    """Others may follow it."""
    progress: str | None = None
    """What last became of it at its agency: ``answered``, ``resolved`` or ``reopened``."""
    steps: int = 0
    """How often something became of it."""
    followed: int = 0
    """The step of the one it follows that was told last."""
    deferral: Deferral | None = None
    archival: Archival | None = None

    @property
    def stage(self) -> Stage:
        """Say where it stands; closed while it was being merged, it follows like the others."""
        if self.received_at is None:
            return "unknown"
        if self.main is not None:
            return "withdrawn" if self.withdrawn else "merged"
        if self.resolved or self.withdrawn:
            return "resolved" if self.resolved else "withdrawn"
        if self.turn > self.declined_turn:
            return "routed"
        if self.archival is not None:
            return "archived"
        return "deferred" if self.deferral is not None else "queue"

    @property
    def place(self) -> str | None:
        """Name its place in the queue, the longest waiting first; None where it does not wait.

        Complaints of one batch are received at one moment, so the complaint makes it unique.
        """
        if self.received_at is None or self.stage != "queue":
            return None
        return f"{instant(self.received_at)}/{self.complaint}"

    @property
    def merged(self) -> str | None:
        """Name its place among those that follow one complaint; None where it follows none."""
        return f"{self.main}/{self.complaint}" if self.stage == "merged" else None

    @property
    def aside(self) -> str | None:
        """Name its place beside the queue; None where it is not there.

        What was deferred is in the order of its date, what was archived in that of its moment.
        """
        stage = self.stage
        if stage == "deferred" and self.deferral is not None:
            return f"{stage}/{self.deferral.complete_by}/{self.complaint}"
        if stage == "archived" and self.archival is not None:
            return f"{stage}/{instant(self.archival.at)}/{self.complaint}"
        return None


def waiting(document: Document[Disposition], *stages: str) -> None:
    """Refuse where a complaint stands at none of these stages."""
    stage = document.state.stage
    if stage == "unknown":
        raise Refused(404, "not_found", "There is no such complaint.")
    if stage not in stages:
        raise Refused(
            409,
            "not_waiting",
            f"The complaint is at stage {stage!r}; this needs stage {' or '.join(stages)}.",
        )
