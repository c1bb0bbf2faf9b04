"""What coordinators can do, what routing shows of a complaint, and who keeps the register."""

from services.routing.handlers.activity import Activity
from services.routing.handlers.desk import (
    LONGEST_PAGE,
    LONGEST_SEARCH,
    Routing,
    absent,
)
from services.routing.handlers.mergers import Mergers
from services.routing.handlers.registrar import Registrar

__all__ = [
    "LONGEST_PAGE",
    "LONGEST_SEARCH",
    "Activity",
    "Mergers",
    "Registrar",
    "Routing",
    "absent",
]
