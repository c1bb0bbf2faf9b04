"""Planted faults of notices: what was overtaken is told."""

from __future__ import annotations

from services.notification.domain import ledger
from tests.simulation.planted import Plant


def send_what_was_overtaken(plant: Plant) -> None:
    """0062: a notice goes out though what it says is no longer so."""
    plant.setattr(ledger, "current", lambda state: state)
