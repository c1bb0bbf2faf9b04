"""What metrics can do: count again what has become stale, tell it, and show it."""

from services.metrics.handlers.board import MEASURES, AgencyFigures, Board, Boards
from services.metrics.handlers.census import Census
from services.metrics.handlers.cohorts import Cohorts
from services.metrics.handlers.completeness import Completeness
from services.metrics.handlers.minutes import Minutes
from services.metrics.handlers.recount import Recount
from services.metrics.handlers.tables import FIRST_DAY, Span, Table, Tables
from services.metrics.handlers.telling import Telling, World

__all__ = [
    "FIRST_DAY",
    "MEASURES",
    "AgencyFigures",
    "Board",
    "Boards",
    "Census",
    "Cohorts",
    "Completeness",
    "Minutes",
    "Recount",
    "Span",
    "Table",
    "Tables",
    "Telling",
    "World",
]
