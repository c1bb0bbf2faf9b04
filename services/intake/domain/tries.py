"""What is counted of wrong PINs, and what that closes. Pure; times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

MOST_WRONG = 5
"""Wrong PINs for one number from one address within the window."""
MOST_OF_ADDRESS = 60
"""PINs wrong, or asked for, from one address within the window: a carrier's is many people's."""
WINDOW = 15 * 60.0
"""Seconds for which wrong tries are counted together."""
AT_ONCE = 60
"""Wrong PINs for one number from everywhere; beyond, whoever tries waits for a turn."""
PACE = 60.0
"""Seconds between two turns, and until one wrong PIN counts no more."""
AHEAD = 24 * 3600.0
"""Seconds ahead for which turns are given: one address more makes others wait one turn longer."""
KEPT = 3600.0
"""Seconds for which a turn is kept from its beginning, for whoever comes late or goes on."""
LONGER = 3600.0
"""Seconds for which a row stays in the store after it says nothing any more."""


class Count(Struct, frozen=True, omit_defaults=True):
    """What was counted under one name: so many wrong PINs since a time."""

    wrong: int = 0
    since: float = 0.0
    turn: float | None = None
    """Of a number: when the turn of whoever asks begins, if there is one."""

    def more(self, wrong: int, now: float) -> Count:
        """Give it with further ones."""
        return Count(self.wrong + wrong, self.since if self.wrong else now, self.turn)

    def closed(self, most: int, now: float) -> float:
        """Say for how many seconds nothing is looked at; 0 if it is.

        What several processes let through at the same moment is more than ``most``: it closes for
        longer, so that in the long run no more are looked at.
        """
        until = self.since + WINDOW * self.wrong / most
        return max(0.0, until - now) if self.wrong >= most else 0.0

    def crowded(self, now: float) -> bool:
        """Say whether so many were tried for a number that whoever tries has to wait for a turn."""
        return bool(self.wrong) and _room(self.wrong, self.since) >= now

    def takes(self, now: float) -> float | None:
        """Give when the turn begins, if it is still kept."""
        return self.turn if self.turn is not None and self.turn + KEPT >= now else None


def _room(wrong: int, since: float) -> float:
    """Say when no more than are looked at without waiting count at a number."""
    return since + PACE * (wrong - AT_ONCE)


class Wrong(Struct, frozen=True):
    """One wrong PIN, to be counted under one name."""

    name: str
    seen: Count
    at: float
    share: float
    """Seconds for which one counts: all count until that of each has passed since the first."""
    whose: str | None = None
    """Of a number: whose turn this was."""

    @property
    def anew(self) -> bool:
        """Say whether nothing that was counted before counts any more."""
        return bool(self.seen.wrong) and self.at >= self._over(self.seen)

    @property
    def counts(self) -> Count:
        """Give what still counts of what was seen."""
        return Count(turn=self.seen.turn) if self.anew else self.seen

    @property
    def until(self) -> float:
        """Say until when the row is needed."""
        return self._over(self.counts.more(1, self.at)) + LONGER

    def _over(self, count: Count) -> float:
        least = PACE if self.whose else WINDOW
        return count.since + max(least, self.share * count.wrong)


class Line(Struct, frozen=True):
    """Who has turns at one number; a change is bound to ``wrong`` and ``version``."""

    wrong: int
    since: float
    version: int
    turns: Mapping[str, float]

    def next(self, now: float) -> float | None:
        """Give when the next turn begins; None where all of a day are given.

        What several processes let through at the same turn is more than one: it is waited for, so
        that in the long run no more are looked at.
        """
        begins = max(max([now, *self.turns.values()]) + PACE, _room(self.wrong, self.since))
        return begins if begins <= now + AHEAD else None

    def given(self, whose: str, begins: float, now: float) -> Mapping[str, float]:
        """Give the turns with another one, and without those that are over."""
        kept = {name: at for name, at in self.turns.items() if at + KEPT >= now}
        return {**kept, whose: begins}
