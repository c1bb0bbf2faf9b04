"""By which record of which publisher a complaint came in, and what of its records was refused."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.standing import Standing
from shared.contracts.fact import BLANKED


class TurnedAway(Struct, frozen=True, omit_defaults=True):
    """A record about a complaint that was refused, in the words in which it was."""

    record: str
    reference: str | None
    words: str


class Published(Standing, frozen=True, omit_defaults=True):
    """What a publisher's records left: nothing where a complaint came in by another door.

    ``refusal`` is set where the record that would have submitted it was turned away: such a
    document has no facts and no number, only a receipt. So has one about which records came, but
    none that submitted it; that one can still be submitted.
    """

    publisher: str | None = None
    reference: str | None = None
    record: str | None = None
    refusal: tuple[str, ...] = ()
    turned_away: tuple[TurnedAway, ...] = ()
    """Records about the complaint that were refused, the newest last."""
    refused_records: int = 0
    """How many were in all."""


def nameless(turned_away: Iterable[TurnedAway]) -> tuple[TurnedAway, ...]:
    """Leave of records only that they were refused: the rest may speak of who was erased."""
    return tuple(replace(each, reference=None, words=BLANKED) for each in turned_away)


def request_of(publisher: str, record_id: str) -> str:
    """Name a publisher's record as the request that it is."""
    return f"{publisher}/{record_id}"


def record_of(publisher: str | None, request: str | None) -> str | None:
    """Give a publisher's own id of the record that was a request."""
    if publisher is None or request is None:
        return None
    return request.removeprefix(request_of(publisher, ""))
