"""What routing reads from its environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from shared.runtime.settings import Settings


class RoutingSettings(Settings):
    """Settings of routing: beside the common ones, agencies and rules, and how long people have."""

    register_file: Path
    categories_file: Path | None = None
    """The categories of which intake asks questions; a coordinator may choose them as well."""
    closed: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """Local days off beyond the national ones, as a JSON list of dates."""
    opened: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """National days off on which this node works, as a JSON list of dates."""
    complete_days: int = Field(default=10, ge=1, le=100)
    """Working days in which a reporter may complete a deferred complaint."""
