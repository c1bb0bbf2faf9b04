"""The coordinator's door: the queue, verify, route, defer, archive; and the way back."""

from services.routing.api.areas import create_areas
from services.routing.api.decisions import create_decisions
from services.routing.api.mergers import create_mergers
from services.routing.api.register import create_register
from services.routing.api.routes import create_api

__all__ = [
    "create_api",
    "create_areas",
    "create_decisions",
    "create_mergers",
    "create_register",
]
