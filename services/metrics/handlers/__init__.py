"""What metrics can do: count again what has become stale, tell it, and show it."""

from services.metrics.handlers.board import MEASURES, Board, Boards
from services.metrics.handlers.recount import Recount
from services.metrics.handlers.telling import Telling, World

__all__ = ["MEASURES", "Board", "Boards", "Recount", "Telling", "World"]
