"""Planted faults of dates (decisions 0048, 0053): what followup says of them goes unheard."""

from __future__ import annotations

from services.followup.domain import cases
from services.metrics.domain import timeline
from tests.simulation.planted import Plant


def count_what_is_excused(plant: Plant) -> None:
    """0048: metrics does not take an excused date out of what is overdue."""
    plant.setattr(timeline, "_excuse", lambda state, said: state)


def let_a_told_date_stand(plant: Plant) -> None:
    """0053: a date that was told before the complaint was heard is not put right."""
    plant.setattr(cases, "corrected", lambda state: ())
