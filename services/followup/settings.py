"""What followup reads from its environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from shared.runtime.settings import Settings


class FollowupSettings(Settings):
    """Settings of followup: beside the common ones, the local calendar and the policy."""

    closed: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """Local days off beyond the national ones, as a JSON list of dates."""
    opened: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """National days off on which this node works, as a JSON list of dates."""
    policy_file: Path | None = None
    """Lengths of the clocks with their versions; without it, those of SP4N-LAPOR!."""
