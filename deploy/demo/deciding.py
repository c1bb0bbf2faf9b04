"""How the sample coordinator decides: as a person who knows the agencies of the city would.

Suggestions learn from what coordinators decide, so what is decided here has to make sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NOBODY_ELSE = "satpol-pp"
"""Who gets what nobody else is competent for; it sends nothing back."""
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Practice:
    """What the coordinator goes by: the wish, the register's rules, words, who is next to whom."""

    rules: Sequence[Mapping[str, str]]
    words: Mapping[str, Sequence[str]]
    """By agency, words of reports that are for it."""
    neighbours: Mapping[str, str]
    """By agency, which one is asked where it says that it is not competent."""

    def agency_for(self, waiting: Mapping[str, Any]) -> str:
        """Name the agency for a complaint in the queue: after each that declined, the next."""
        ranked, turn = list(dict.fromkeys(self._ranked(waiting))), int(waiting["turn"])
        return ranked[min(turn, len(ranked) - 1)]

    def _ranked(self, waiting: Mapping[str, Any]) -> Iterator[str]:
        """Give who comes into question, the most plausible first."""
        first = next(self._competent(waiting), NOBODY_ELSE)
        yield first
        if first in self.neighbours:
            yield self.neighbours[first]
        yield NOBODY_ELSE

    def _competent(self, waiting: Mapping[str, Any]) -> Iterator[str]:
        if waiting["wanted_agency"] in self.words:
            yield waiting["wanted_agency"]
        there = f"{waiting['area']}."
        by_rule = [
            rule
            for rule in self.rules
            if rule["category"] == waiting["category"] and there.startswith(f"{rule['area']}.")
        ]
        yield from (each["agency"] for each in sorted(by_rule, key=_narrow, reverse=True))
        said = {*_WORD.findall(f"{waiting['title']} {waiting['text']}".lower())}
        shared = {agency: len(said & {*words}) for agency, words in self.words.items()}
        yield from (each for each in sorted(shared, key=lambda one: -shared[one]) if shared[each])


def _narrow(rule: Mapping[str, str]) -> int:
    return len(rule["area"])
