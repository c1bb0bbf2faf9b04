"""What routing tells: disposition histories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.fact import Payload
from shared.contracts.intake import ShortText, Text
from shared.contracts.vocabulary import AgencyCode, CategoryCode

HISTORY = "disposition.history.v1"

Turn = Annotated[int, Field(ge=1, le=10_000)]
"""Which disposition of a complaint it is: bounded, as every store has a largest number."""


class ComplaintVerified(Payload):
    """A coordinator, or a rule, found the complaint complete and in order (verifikasi)."""

    type: ClassVar[str] = "complaint.verified.v1"

    category: CategoryCode | None = None
    note: Text | None = None


class ComplaintRouted(Payload):
    """The complaint was handed to the agency that must answer (disposisi)."""

    type: ClassVar[str] = "complaint.routed.v1"

    agency: AgencyCode
    turn: Turn
    """Counts the dispositions of this complaint from 1; a declined one is followed by another."""
    rule: ShortText | None = None
    """The rule that decided; None where a person did."""


FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact for fact in (ComplaintVerified, ComplaintRouted)
}
