"""What notification does with a notice, and what stops it from doing too much."""

from services.notification.handlers.guard import Guard
from services.notification.handlers.letters import LONGEST_PAGE, Letters
from services.notification.handlers.notification import Claimed, Due, Notification

__all__ = ["LONGEST_PAGE", "Claimed", "Due", "Guard", "Letters", "Notification"]
