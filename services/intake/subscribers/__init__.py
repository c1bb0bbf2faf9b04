"""The publishers' door: submissions on the bus, each judged like a request."""

from services.intake.subscribers.submissions import readings

__all__ = ["readings"]
