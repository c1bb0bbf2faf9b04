"""Telling a reporter what happened and what comes next, by the names that people know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.intake.domain.categories import Category
from services.intake.wording.steps import BY, MOVES, SOMEBODY, STEPS, UNTIL
from shared.ui.speech import LANGUAGES, day_of, spoken


@dataclass(frozen=True, slots=True)
class Names:
    """What people call what a report has by code; empty, or None, where no name is known."""

    agency: Callable[[str], str | None] = field(default=lambda _code: None)
    area: Callable[[str], str] = field(default=lambda _code: "")
    categories: Iterable[Category] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """Says in one language what happened."""

    language: str = LANGUAGES[0]
    names: Names = field(default_factory=Names)

    def step(
        self,
        what: str,
        outcome: str | None = None,
        *,
        agency: str | None = None,
        until: date | None = None,
        corrected: Mapping[str, str] | None = None,
    ) -> str | None:
        """Say what a step means; None of one that this release does not know."""
        key = _nearest(STEPS, f"{what}/{outcome}" if outcome else what)
        if key is None:
            return None
        parts = [STEPS[key], *([UNTIL[key]] if until and key in UNTIL else [])]
        found = "; ".join(self._named(*each) for each in (corrected or {}).items())
        return self._said(parts, agency, until, corrected=found)

    def move(self, who: str, status: str, *, agency: str | None, until: date | None) -> str | None:
        """Say what is to be done next, and until when."""
        key = _nearest(MOVES, f"{who}/{status}")
        if key is None:
            return None
        return self._said([MOVES[key], *([BY] if until else [])], agency, until)

    def _said(
        self,
        parts: Iterable[tuple[str, str]],
        agency: str | None,
        until: date | None,
        **values: str,
    ) -> str:
        day = day_of(until, self.language) if until else ""
        said = " ".join(spoken(each, self.language) for each in parts)
        said = said.format(agency=self._agency(agency), until=day, **values)
        return said[0].upper() + said[1:]

    def _agency(self, code: str | None) -> str:
        name = self.names.agency(code) if code else None
        return name or spoken(SOMEBODY, self.language)

    def _named(self, field_name: str, code: str) -> str:
        """Name a category or an area; by its code where it has no other name."""
        if field_name == "area":
            return self._place(code)
        found = next((each for each in self.names.categories if each.code == code), None)
        if found is None:
            return code
        return found.name_en or found.name if self.language == "en" else found.name

    def _place(self, code: str) -> str:
        """Name an area; one without a name here, as a village, by what it lies in and its code."""
        around = code
        while around and not self.names.area(around):
            around = around.rpartition(".")[0]
        name = self.names.area(around)
        return name if around == code else f"{name} ({code})" if name else code


def _nearest(known: Mapping[str, object], key: str) -> str | None:
    """Give the longest beginning of a key that is known."""
    while key not in known:
        key, _, rest = key.rpartition("/")
        if not rest or not key:
            return None
    return key
