"""What followup reads from its environment."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from shared.runtime.settings import Settings


class FollowupSettings(Settings):
    """Settings of followup: beside the common ones, local days off and lengths of the clocks."""

    closed: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """Local days off beyond the national ones, as a JSON list of dates."""
    verify_days: int = Field(default=3, ge=1, le=100)
    respond_days: int = Field(default=5, ge=1, le=100)
