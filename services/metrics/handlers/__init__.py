"""What metrics can do: count again what has become stale, tell it, and show it."""

from services.metrics.handlers.board import MEASURES, Board, Desk
from services.metrics.handlers.recount import Recount
from services.metrics.handlers.telling import Telling, World

__all__ = ["MEASURES", "Board", "Desk", "Recount", "Telling", "World"]
