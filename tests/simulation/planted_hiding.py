"""Planted faults of what is not for everybody: confidential reports, and PINs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from services.intake.domain import acts
from services.metrics.domain.timeline import Timelines
from services.notification.domain.notice import Notices
from services.notification.handlers import Notification
from services.routing.domain import merging
from tests.simulation.planted import Plant


def write_it_out(plant: Plant) -> None:
    """A mail of a confidential report says what happened to it, and at which agency."""
    words = Notification.words

    def open_words(room: Any, known: Notices, *said: Any) -> Any:
        return words(room, replace(known, confidential=False), *said)

    plant.setattr(Notification, "words", open_words)


def keep_what_was_said(plant: Plant) -> None:
    """Notification keeps an officer's words though no letter may say them."""
    plant.setattr(Notices, "tidy", property(lambda state: state))


def publish_it(plant: Plant) -> None:
    """The feed of metrics shows each report."""
    fold = Timelines.fold

    def folded(domain: Any, state: Any, fact: Any) -> Any:
        return replace(fold(domain, state, fact), public=True)

    plant.setattr(Timelines, "fold", folded)


def follow_it(plant: Plant) -> None:
    """A report is merged into a confidential one."""
    join = merging.join

    def joined(domain: Any, main: Any, *asked: Any) -> Any:
        open_one = replace(main, state=replace(main.state, confidential=False))
        return join(domain, open_one, *asked)

    plant.setattr(merging, "join", joined)


def send_a_pin_at_once_again(plant: Plant) -> None:
    """A PIN is sent as often as it is asked for."""
    plant.setattr(acts, "BETWEEN_PINS", timedelta(0))
