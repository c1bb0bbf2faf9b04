"""Which areas there are (kode wilayah), to tell who names another while somebody can mend it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from shared.contracts.known import is_area, is_outside
from shared.runtime.document import Refused

MOST_NEAR = 3
"""Areas that are named as what may be meant."""


class Table(Protocol):
    """The table of areas that is in force (Kepmendagri)."""

    def has(self, code: str) -> bool:
        """Say whether the table has a code."""

    def name(self, code: str) -> str:
        """Name an area; empty where it has no name here."""

    def within(self, code: str) -> Collection[str]:
        """Give the codes one level below an area, the provinces below none."""


@dataclass(frozen=True, slots=True)
class Places:
    """What is taken as the place of a report at a node: an area of the table, or one of its own.

    ``place`` is its own area, as tokens name it.
    """

    table: Table
    place: str

    def strange(self, area: str | None) -> Refused | None:
        """Refuse an area of which nobody knows, naming the nearest.

        None is near to a code that begins as no province does.
        """
        if area is None or is_area(area, self.place, self.table.has):
            return None
        around = area.rpartition(".")[0]
        while around and not self.table.has(around):
            around = around.rpartition(".")[0]
        near = " or ".join(map(self._named, self._near(area, around))) if around else ""
        meant = f"Did you mean {near}? " if near else ""
        wide = f"{self._named(around)} alone is taken, too." if around else self._here()
        sentence = f"There is no area {area}. {meant}{wide}"
        return Refused(422, "unknown_area", sentence, "area")

    def outside(self, area: str) -> tuple[str, str] | None:
        """Name an area that lies outside this node, and the node's own; None for any other."""
        if not is_outside(area, self.place):
            return None
        return self._named(area), self._named(self.place)

    def _near(self, area: str, around: str) -> Sequence[str]:
        """Give what may be meant below an area, the node's own place first.

        Most report where they are; below what the node's own place is, nothing is nearer than that.
        """
        close = get_close_matches(area, self.table.within(around), cutoff=0)
        parts, level = self.place.split("."), around.count(".") + 2
        own = ".".join(parts[:level])
        nearest = [own] if level <= len(parts) and self.table.has(own) else []
        return [*dict.fromkeys((*nearest, *close))][:MOST_NEAR]

    def _here(self) -> str:
        known = self.table.has(self.place)
        here = f"Here it is {self._named(self.place)}. " if known else ""
        return f"{here}GET /api/v1/areas of routing finds codes by name."

    def _named(self, code: str) -> str:
        name = self.table.name(code)
        return f"{code} ({name})" if name else code
