"""What metrics reads from its environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from shared.runtime.settings import Settings


class MetricsSettings(Settings):
    """Settings of metrics: beside the common ones, what its pages call the node."""

    place: str = Field(default="", max_length=80)
    """Name of the node as people know it: ``Kota Ambon``."""
    categories_file: Path | None = None
    """What people call the categories; without one pages show them by their codes."""
