"""What intake can do, and what it tells beside its history."""

from services.intake.handlers.answers import SUBMITTED, derive_for, receipt_of
from services.intake.handlers.arriving import Arrivals
from services.intake.handlers.attachments import Attachments, Viewer
from services.intake.handlers.counter import Counter, Entered
from services.intake.handlers.crowd import Asker, Crowd, Usual
from services.intake.handlers.erasing import BURIED_EVERY, Erasing
from services.intake.handlers.intake import Filed, Intake
from services.intake.handlers.lost import LostPins
from services.intake.handlers.names import CITIZEN, of_request, request_of_citizen
from services.intake.handlers.pin_requests import PinRequests
from services.intake.handlers.pins import Pins, read_pin
from services.intake.handlers.promises import FETCHED_EVERY, Promises
from services.intake.handlers.tries import Tried, Tries

__all__ = [
    "BURIED_EVERY",
    "CITIZEN",
    "FETCHED_EVERY",
    "SUBMITTED",
    "Arrivals",
    "Asker",
    "Attachments",
    "Counter",
    "Crowd",
    "Entered",
    "Erasing",
    "Filed",
    "Intake",
    "LostPins",
    "PinRequests",
    "Pins",
    "Promises",
    "Tried",
    "Tries",
    "Usual",
    "Viewer",
    "derive_for",
    "of_request",
    "read_pin",
    "receipt_of",
    "request_of_citizen",
]
