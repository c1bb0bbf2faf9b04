"""What intake can do, and what it tells beside its history."""

from services.intake.handlers.answers import derive_for
from services.intake.handlers.counter import Counter, Entered
from services.intake.handlers.intake import Filed, Intake
from services.intake.handlers.names import CITIZEN, of_request
from services.intake.handlers.pins import Guesses, Pins

__all__ = [
    "CITIZEN",
    "Counter",
    "Entered",
    "Filed",
    "Guesses",
    "Intake",
    "Pins",
    "derive_for",
    "of_request",
]
