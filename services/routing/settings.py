"""What routing reads from its environment."""

from __future__ import annotations

from pathlib import Path

from shared.runtime.settings import Settings


class RoutingSettings(Settings):
    """Settings of routing: beside the common ones, the file with agencies and rules."""

    register_file: Path
