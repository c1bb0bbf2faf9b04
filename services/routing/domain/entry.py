"""One agency of the register: what was changed of it, by whom, and from when that holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace
from pydantic import Field

from services.routing.domain.register import units_fit
from shared.contracts.fact import Fact, Payload
from shared.contracts.register import (
    MOST_COMING,
    MOST_DUTIES,
    MOST_OFFICERS,
    MOST_UNITS,
    AgencyEdition,
    Decree,
    Duty,
    EmailAddress,
    OfficerEntry,
    Unit,
)
from shared.contracts.wording import Misplaced, ShortText, Text
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

PARTS = ("name", "email", "active", "decree", "units", "officers", "duties")
"""What can be changed of an agency, each part as a whole."""
Clearable = Literal["email", "decree"]


class AgencyAmended(Payload):
    """Something of an agency is another from a day on (perubahan data instansi).

    A part that is None stays as it is; ``cleared`` names those that are taken away.
    """

    type: ClassVar[str] = "agency.amended.v1"

    valid_from: date
    name: ShortText | None = None
    email: EmailAddress | None = None
    active: bool | None = None
    decree: Decree | None = None
    units: tuple[Unit, ...] | None = Field(default=None, max_length=MOST_UNITS)
    officers: tuple[OfficerEntry, ...] | None = Field(default=None, max_length=MOST_OFFICERS)
    duties: tuple[Duty, ...] | None = Field(default=None, max_length=MOST_DUTIES)
    cleared: tuple[Clearable, ...] = ()
    reason: Text | None = None
    file: str | None = None
    """Digest of the agency's part of the register file, where a file said so and no person."""

    def parts(self) -> dict[str, Any]:
        """Give what is another, as JSON has it; None for what was taken away."""
        said = self.model_dump(mode="json", exclude_none=True, include=set(PARTS))
        return {**said, **dict.fromkeys(self.cleared)}


class Amendment(Struct, frozen=True, omit_defaults=True):
    """One change, in force from a local day on."""

    valid_from: date
    parts: Mapping[str, Any]
    by_file: bool = False


class Entry(Struct, frozen=True, omit_defaults=True):
    """An agency of the register (instansi): its amendments, in the order they were made."""

    code: str = ""
    amendments: tuple[Amendment, ...] = ()
    file: str | None = None
    """Digest of what the register file last said of it; None where it never did."""
    active_on: date | None = None
    """The day on which an officer of it was last seen to be active; changed once a day at most,
    and no amendment: nothing follows from it."""

    def on(self, day: date) -> AgencyEdition | None:
        """Give what is in force on a day; None where the agency is not there yet.

        Of two amendments of one part the one that begins later counts, of one day the one that
        was made later.
        """
        layers = [each for each in self.amendments if each.valid_from <= day]
        parts = _layered(layers)
        if "name" not in parts:
            return None
        began = max(each.valid_from for each in layers)
        return AgencyEdition.model_validate({**parts, "valid_from": began})

    def editions(self, day: date) -> tuple[AgencyEdition, ...]:
        """Give the edition in force on a day, and those that come after."""
        found = (self.on(each) for each in (day, *self.coming(day)))
        return tuple(edition for edition in found if edition is not None)

    def coming(self, day: date) -> Sequence[date]:
        """Name the days after one on which it becomes another, in their order."""
        return sorted({each.valid_from for each in self.amendments if each.valid_from > day})

    def most_rules(self, day: date) -> int:
        """Count the rules of that edition which has most, from a day on."""
        return max((len(answered_for(each)) for each in self.editions(day)), default=0)

    @property
    def by_file(self) -> dict[str, Any]:
        """Give what the register file last said, part by part."""
        return _layered(each for each in self.amendments if each.by_file)


def answered_for(edition: AgencyEdition) -> Collection[tuple[str, str]]:
    """Name each category and area whose complaints go to an agency; inactive, it has none."""
    named = ((duty.category, area) for duty in edition.duties for area in duty.areas)
    return dict.fromkeys(named) if edition.active else ()


def _layered(amendments: Iterable[Amendment]) -> dict[str, Any]:
    """Lay amendments over each other, those that begin later above (sorting is stable)."""
    parts: dict[str, Any] = {}
    for each in sorted(amendments, key=lambda each: each.valid_from):
        parts.update(each.parts)
    return {part: said for part, said in parts.items() if said is not None}


@dataclass(frozen=True, slots=True)
class Entries:
    """What becomes of an agency's entry; nothing that others tell changes it."""

    stream: ClassVar[str] = "agencies"
    schema: ClassVar[int] = 1
    known: ClassVar[Mapping[str, type[Payload]]] = {AgencyAmended.type: AgencyAmended}

    def begin(self, complaint: str) -> Entry:
        """Give an entry of which nothing is known; its id is the agency's code."""
        return Entry(code=complaint)

    def fold(self, state: Entry, fact: Fact) -> Entry:
        """Take in one amendment."""
        if not isinstance(fact.data, AgencyAmended):
            return state
        said = fact.data
        made = Amendment(said.valid_from, said.parts(), said.file is not None)
        return replace(state, amendments=(*state.amendments, made), file=said.file or state.file)

    def react(self, state: Entry, fact: Fact, now: Any) -> Iterable[Payload]:  # noqa: ANN401, ARG002
        """Decide nothing."""
        return ()

    def dirties(self, before: Entry, after: Entry) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()

    def amend(
        self,
        document: Document[Entry],
        said: AgencyAmended,
        request: Cause,
        under: Circumstances,
        today: date,
    ) -> Document[Entry]:
        """Change an agency, or enter it; raises Refused, naming the field that is wrong."""
        if not said.parts():
            raise Refused(422, "nothing_said", "Say at least one thing that is another.", "body")
        after = record(self, document, [said], request, under)
        if all(each.on(said.valid_from) is None for each in (document.state, after.state)):
            raise Refused(422, "no_name", "An agency that is not there yet needs a name.", "name")
        _check_coming(document.state.coming(today), after.state.coming(today))
        for edition in after.state.editions(said.valid_from):
            try:
                units_fit(edition.units, edition.officers)
            except Misplaced as why:
                field = ".".join(str(part) for part in why.place)
                raise Refused(422, "misplaced", str(why), field) from None
        return after


def _check_coming(before: Sequence[date], after: Sequence[date]) -> None:
    """Refuse one more day to come than are told; one with too many is changed on those it has."""
    if len(after) > max(MOST_COMING, len(before)):
        many = f"{MOST_COMING} days to come have changes of this agency, {before[0]} the first."
        advice = f"Name one of them, such as {before[-1]}, or wait until the first has begun."
        raise Refused(409, "most_coming", f"{many} {advice}", "valid_from")
