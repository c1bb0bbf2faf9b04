"""One notice, worded and addressed, and how handing it over ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.audiences import EMAIL


@dataclass(frozen=True, slots=True)
class Message:
    """What one channel is to take."""

    notice: str
    """Stable however often it is handed over, so that a copy can be recognised."""
    channel: str
    to: str
    subject: str
    """Of a mail; nothing else has one."""
    body: str
    languages: tuple[str, ...] = ("id",)
    further: str | None = None
    """The channel that takes over where this one comes to nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: ``sent``, ``retry``, ``wait``, ``failed`` or ``uncertain``.

    ``retry`` counts against the channel, ``wait`` does not: nothing was tried. Neither comes
    before ``until``, where that is known. The reason says nothing about the person: what a server
    answers repeats the address, so only its codes are kept.
    """

    kind: str
    reason: str = ""
    channel: str = EMAIL
    further: str | None = None
    until: datetime | None = None
