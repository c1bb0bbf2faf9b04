"""An agency that says nothing, and the clock that does not forget it."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from tests.harness.people import Filed
from tests.harness.world import World

PASSED = 7
"""Working days: more than the five of the first answer, fewer than the ten of a silent reporter."""


def days_until_late() -> float:
    """Give the days that pass until then, whatever holidays lie between."""
    calendar = Calendar(zone_of("8171"))
    today = calendar.local_day(datetime.now(UTC))
    return float((calendar.after(today, PASSED) - today).days)


def test_a_silent_agency_misses_its_deadline(quoted: World) -> None:
    """After the deadline everybody sees that it was missed, the agency hears of it, once."""
    world = quoted
    silent, answered = (world.citizen.file(category="jalan") for _ in range(2))
    officer = world.liaison("dinas-pupr")
    world.settle()
    assert officer.change(answered.complaint, "responses", text="Ya.").status_code == 200

    world.pass_days(days_until_late())
    world.wait(lambda: world.citizen.track(silent)["overdue"], "it is overdue")
    assert not world.citizen.track(answered)["overdue"]
    assert officer.see(silent.complaint).json()["overdue"]
    world.wait(lambda: len(_about(world, silent)) == 2, "the agency hears of it again")
    late = officer.change(silent.complaint, "responses", text="Maaf, terlambat.")
    assert late.status_code == 200, late.text
    views = world.prove()
    assert views.of["followup"][silent.complaint].facts == 3
    assert views.of["followup"][answered.complaint].facts == 2


def _about(world: World, filed: Filed) -> list[str]:
    to_agency = world.mailbox.to("pupr@kota-ambon.example")
    return [mail["Subject"] for mail in to_agency if filed.tracking_number in mail["Subject"]]
