"""How long a notice waits before it is tried again, and how often it is tried at all."""

from __future__ import annotations

import hashlib
from datetime import timedelta

MOST_ATTEMPTS = 8
"""Attempts on one channel; the last comes about ten hours after the first."""
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=6)
"""No pause is longer, whatever a server asks for, but for the share that spreads them."""
GROWTH = 4
SPREAD = 0.25
"""The share of a pause by which notices that failed together are tried apart."""
SILENT_AFTER = timedelta(minutes=2)
"""After how long an attempt without an outcome is uncertain: who made it is gone."""


def pause(notice: str, tries: int) -> timedelta:
    """Give the pause after so many tries (1 or more) of a notice: the same whenever asked."""
    grown = min(FIRST_RETRY * float(GROWTH ** (tries - 1)), LONGEST_RETRY)
    return grown * (1 + SPREAD * share(notice, tries))


def share(notice: str, draw: int = 0) -> float:
    """Draw a number from 0 to 1 for a notice: chance to look at, yet everywhere the same."""
    return int(hashlib.sha256(f"{notice}/{draw}".encode()).hexdigest()[:8], 16) / 2**32
