"""How long each clock runs (kebijakan tenggat)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Lengths of the clocks in working days; defaults as SP4N-LAPOR! publishes them."""

    verify: int = 3
    respond: int = 5
