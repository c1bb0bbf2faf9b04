"""What intake can do, and what it tells beside its history."""

from services.intake.handlers.answers import derive_for
from services.intake.handlers.counter import Counter, Entered
from services.intake.handlers.erasing import BURIED_EVERY, Erasing
from services.intake.handlers.intake import Filed, Intake
from services.intake.handlers.lost import LostPins
from services.intake.handlers.names import CITIZEN, of_request
from services.intake.handlers.pins import Guesses, Pins

__all__ = [
    "BURIED_EVERY",
    "CITIZEN",
    "Counter",
    "Entered",
    "Erasing",
    "Filed",
    "Guesses",
    "Intake",
    "LostPins",
    "Pins",
    "derive_for",
    "of_request",
]
