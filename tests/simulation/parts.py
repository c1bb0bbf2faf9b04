"""The five services as the simulation runs them: their real domains, readings and voices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Policies
from services.followup.handlers import Book
from services.followup.store import shape_of
from services.intake.domain.complaint import Complaints
from services.intake.handlers import derive_for
from services.intake.store import SHAPE as COMPLAINTS
from services.intake.subscribers import readings
from services.metrics.domain.timeline import Timelines
from services.metrics.store import TIMELINES
from services.notification.domain.ledger import Ledger
from services.notification.store import SHAPE as NOTICES
from services.routing.domain.aside import Window
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.register import Agency, Register, Rule
from services.routing.store import SHAPE as DISPOSITIONS
from shared.contracts.calendar import Calendar
from shared.contracts.topics import STREAMS, heard_by, publisher_topic, topic
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Domain
from shared.runtime.reading import reading_of
from shared.runtime.sorting import Reading
from shared.runtime.telling import Derive, Voice, nothing_else
from tests.registers import Always
from tests.simulation.bus import BEATS, NODE, PUBLISHER

AGENCIES = ("dinas-pu", "dinsos-kota", "disdukcapil")
UNDER_A_LEADER = AGENCIES[1]
"""The agency whose answers wait for its leader."""
POLICIES = Policies(
    versions=tuple(
        each.model_copy(update={"approval": (UNDER_A_LEADER,)}) for each in DEFAULT.versions
    )
)
REGISTER = Register(
    agencies=tuple(Agency(code=code, name=code) for code in AGENCIES),
    rules=(Rule(category="jalan", area="81.71", agency="dinas-pu"),),
)
WINDOW = Window(Calendar(zone_of(NODE)), 0)
"""A report is to be completed on the very day, or on the next working day."""
SUBMISSIONS = publisher_topic(PUBLISHER, "submissions")
RECEIPTS = publisher_topic(PUBLISHER, "receipts")

AWAITED = {"routing": ("complaints",), "followup": ("complaints", "dispositions")}
"""Streams that somebody waits for, as the services' ``app`` says; the others are kept back."""

AnyDomain = Domain[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What one service brings: its domain, its voice, how it reads, what its store indexes."""

    service: str
    domain: AnyDomain
    voice: Voice[Any]
    topics: tuple[str, ...]
    awaited: tuple[str, ...]
    read: Reading[Any]
    due: Callable[[Any], datetime | None]
    number: Callable[[Any], str | None]
    closed: Callable[[Any], bool] | None = None


def domains(kind: Callable[[type[Any]], type[Any]] = lambda each: each) -> dict[str, AnyDomain]:
    """Give the domain of each service, as production composes it, or a variant of each."""
    return {
        "intake": kind(Complaints)(),
        "routing": kind(Dispositions)(register=Always(REGISTER)),
        "followup": kind(Cases)(WINDOW.calendar, POLICIES, Book()),
        "notification": kind(Ledger)(),
        "metrics": kind(Timelines)(),
    }


def parts(of: Mapping[str, AnyDomain], derive: Derive[Any] | None = None) -> dict[str, Part]:
    """Put the services together around their domains."""
    made = {}
    for service, domain in of.items():
        others: Mapping[str, Reading[Any]] = {}
        derives: Derive[Any] = nothing_else
        if service == "intake":
            others = readings(Complaints(), NODE, [PUBLISHER])
            derives = derive or derive_for(NODE, [PUBLISHER])
        stream = STREAMS.get(domain.stream)
        made[service] = Part(
            service,
            domain,
            Voice(
                source=f"/node/{NODE}/{service}",
                topic=topic(NODE, stream.name) if stream else "",
                type=stream.message if stream else "",
                derive=derives,
            ),
            topics=(*(topic(NODE, each.name) for each in heard_by(service)), BEATS, *others),
            awaited=(*(topic(NODE, each) for each in AWAITED.get(service, ())), *others),
            read=reading_of(NODE, service, others),
            due=_due_of(domain),
            number=_number if service == "intake" else lambda _: None,
            closed=_closed_of(domain),
        )
    return made


def _number(state: Any) -> str | None:
    number: str | None = state.tracking_number
    return number


def _closed_of(domain: AnyDomain) -> Callable[[Any], bool] | None:
    match domain:
        case Complaints():
            return COMPLAINTS.closed
        case Dispositions():
            return DISPOSITIONS.closed
        case Cases():
            return shape_of(domain).closed
        case Ledger():
            return NOTICES.closed
    return TIMELINES.closed


def _due_of(domain: AnyDomain) -> Callable[[Any], datetime | None]:
    if isinstance(domain, Cases):
        ends = domain.calendar.end_of
        return lambda state: min((ends(day) for _, day in state.running()), default=None)
    if isinstance(domain, Complaints):
        return lambda state: state.fetch_at
    if isinstance(domain, Dispositions):
        return lambda state: (
            WINDOW.calendar.end_of(state.deferral.complete_by)
            if state.stage == "deferred"
            else None
        )
    return lambda state: getattr(state, "due_at", None)
