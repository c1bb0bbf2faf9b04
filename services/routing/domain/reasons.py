"""Why a complaint is set aside: what is missing, or why nobody answers it."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from shared.contracts.fact import NOTHING, Pair


class Lack(Struct, frozen=True, omit_defaults=True):
    """One thing that was found missing (kekurangan)."""

    code: str
    words: str | None = None


class Deferral(Struct, frozen=True, omit_defaults=True):
    """What the reporter was asked for, and until which local date (tunda)."""

    missing: tuple[Lack, ...]
    complete_by: date
    pair: Pair = NOTHING
    """Where the fact with these words stands in its stream."""
    at: datetime | None = None
    """When; None of what was kept before this was."""
    repeats: Pair | None = None
    """Where these words stood first, if they were said before."""


class Archival(Struct, frozen=True, omit_defaults=True):
    """Why a complaint was closed without an answer, and when (arsip)."""

    reason: str
    at: datetime
    words: str | None = None
    pair: Pair = NOTHING
