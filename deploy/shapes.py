"""How each service's documents look, for commands that read them from outside the service."""

from __future__ import annotations

from typing import Any

from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT
from services.followup.store import shape_of
from services.intake.store import SHAPE as COMPLAINTS
from services.metrics.store import TIMELINES
from services.notification.store import SHAPE as NOTICES
from services.routing.store import SHAPE as DISPOSITIONS
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.store import MongoDocuments, MongoStore, Shape


def shape(service: str, node: str) -> Shape[Any]:
    """Give the shape of a service's documents.

    It is for reading. When a case is due depends on local days off that only followup knows: a
    case that is written by this shape has the right date again when followup next changes it.
    """
    shapes: dict[str, Shape[Any]] = {
        "intake": COMPLAINTS,
        "routing": DISPOSITIONS,
        "followup": shape_of(Cases(Calendar(zone_of(node)), DEFAULT)),
        "notification": NOTICES,
        "metrics": TIMELINES,
    }
    return shapes[service]


def documents_of(service: str, store: MongoStore, node: str) -> MongoDocuments[Any]:
    """Give what a service knows of complaints."""
    return store.documents("complaints", shape(service, node))
