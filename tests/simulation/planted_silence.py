"""Planted faults of silence: what was not heard is taken for what was not said (design 3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from services.followup.domain.cases import Cases
from services.routing import timers
from services.routing.domain.aside import lapse
from shared.contracts.beat import Beat
from shared.contracts.routing import ComplaintRestored
from shared.runtime import beats
from shared.runtime.archiving import Archived
from shared.runtime.relaying import Relay
from tests.simulation.planted import Plant


def beat_over_what_is_untold(plant: Plant) -> None:
    """A beat does not look at what was stored and not told."""

    async def nothing(both: Any) -> None:
        return None

    plant.setattr(Archived, "oldest_untold", nothing)


def beat_before_retelling(plant: Plant) -> None:
    """A service beats on a bus that it has yet to tell everything."""

    async def retold(relay: Any, incarnation: str) -> bool:
        return True

    plant.setattr(Relay, "retold", retold)


def take_the_beat_for_what_it_speaks_of(plant: Plant) -> None:
    """Who hears a beat believes to have heard what it names the ends of."""

    def believed(beat: Beat, positions: Mapping[int, int], incarnation: str) -> datetime:
        return beat.through

    plant.setattr(beats, "passed", believed)


def go_by_the_clock_alone(plant: Plant) -> None:
    """A timer that acts on silence does not wait until it would have heard."""

    async def now(each: Any) -> Mapping[str, datetime]:
        return {"complaints": each._process.time.under().now}

    plant.setattr(beats.Beats, "views", now)


def take_what_is_held_for_silence(plant: Plant) -> None:
    """A complaint is archived for silence while what its reporter said waits to be read."""

    def unheld(domain: Any, window: Any, document: Any, heard: Any, under: Any) -> Any:
        after = lapse(domain, window, replace(document, held={}), heard, under)
        return document if after.facts == document.facts else replace(after, held=document.held)

    plant.setattr(timers, "lapse", unheld)


def leave_it_deferred(plant: Plant) -> None:
    """Nobody archives what was not completed."""

    async def nothing(look: Any) -> int:
        return 0

    plant.setattr(timers.Timers, "look", nothing)


def overhear_that_it_is_back(plant: Plant) -> None:
    """Followup does not take in that an archived report was restored."""
    fold = Cases.fold

    def folded(domain: Any, state: Any, fact: Any) -> Any:
        return state if isinstance(fact.data, ComplaintRestored) else fold(domain, state, fact)

    plant.setattr(Cases, "fold", folded)
