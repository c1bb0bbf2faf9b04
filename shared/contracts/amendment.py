"""What is added to a report or corrected, by its reporter or in a publisher's record."""

from __future__ import annotations

from datetime import date

from shared.contracts.fact import Payload
from shared.contracts.vocabulary import AreaCode, Point
from shared.contracts.wording import ShortText, Text


class Amendment(Payload):
    """What an amendment says, whoever hands it in."""

    text: Text
    """What is added or corrected, in the reporter's own words."""
    area: AreaCode | None = None
    """Where it happened, where the report said it wrongly; so, too, the fields below."""
    place: ShortText | None = None
    point: Point | None = None
    occurred_on: date | None = None
