"""What notification does with a notice, and what stops it from doing too much."""

from services.notification.handlers.digests import Digests, asks_by_id
from services.notification.handlers.guard import Guard
from services.notification.handlers.letters import LONGEST_PAGE, Letters, Viewer, place
from services.notification.handlers.notification import Claimed, Due, Notification

__all__ = [
    "LONGEST_PAGE",
    "Claimed",
    "Digests",
    "Due",
    "Guard",
    "Letters",
    "Notification",
    "Viewer",
    "asks_by_id",
    "place",
]
