"""What followup tells: case histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from shared.contracts.fact import Payload
from shared.contracts.intake import Text
from shared.contracts.routing import Turn
from shared.contracts.vocabulary import AgencyCode, Clock

HISTORY = "case.history.v1"


class CaseOpened(Payload):
    """The agency now owes an answer (tindak lanjut dimulai)."""

    type: ClassVar[str] = "case.opened.v1"

    agency: AgencyCode
    turn: Turn
    respond_by: date
    """Local date in the handling node's zone; due at its last second."""


class ResponseGiven(Payload):
    """The agency answered (tanggapan instansi)."""

    type: ClassVar[str] = "response.given.v1"

    agency: AgencyCode
    text: Text


class DispositionDeclined(Payload):
    """The agency is not competent (bukan wewenang); the complaint goes back to routing."""

    type: ClassVar[str] = "disposition.declined.v1"

    agency: AgencyCode
    turn: Turn
    reason: Text


class DeadlineMissed(Payload):
    """A clock ran out (lewat tenggat)."""

    type: ClassVar[str] = "deadline.missed.v1"

    clock: Clock
    due_on: date
    agency: AgencyCode | None = None


class CaseResolved(Payload):
    """The case is done (selesai)."""

    type: ClassVar[str] = "case.resolved.v1"

    agency: AgencyCode
    note: Text | None = None


FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact
    for fact in (CaseOpened, ResponseGiven, DispositionDeclined, DeadlineMissed, CaseResolved)
}
