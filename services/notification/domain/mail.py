"""One mail, and how handing it over ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """One notice, worded and addressed."""

    notice: str
    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: ``sent``, ``retry``, ``failed`` or ``uncertain``.

    The reason says nothing about the person: what a server answers repeats the address, so only
    its codes are kept.
    """

    kind: str
    reason: str = ""
