"""Where a service spends its time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def command(folder: Path, service: str) -> Sequence[str]:
    """Give what runs a service under a profiler."""
    return [sys.executable]


def show(folder: Path, service: str) -> None:
    """Print its functions by own time."""
