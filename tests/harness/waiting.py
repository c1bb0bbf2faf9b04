"""Waiting for a condition, and saying in the end what was still missing."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 240.0


class NeverCame(AssertionError):
    """What was waited for did not come about in time; the message says what it was."""


def until(
    missing: Callable[[], object], *, patience: float = PATIENCE, every: float = 0.15
) -> None:
    """Wait until nothing is missing; what ``missing`` gives last is quoted if that never is."""
    began = asked = time.monotonic()
    while lacks := missing():
        now = time.monotonic()
        if now - began > patience:
            raise NeverCame(f"after {patience:g} s there is still missing: {str(lacks)[:3000]}")
        time.sleep(max(every, now - asked))  # a look that costs much is taken less often
        asked = time.monotonic()
