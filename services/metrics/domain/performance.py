"""How the complaints received on one local day fare, for one agency, category or area."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from services.metrics.domain.cohort import (
    COUNTS,
    HANDLING,
    RESOLUTION,
    RESPONSE,
    Parts,
    added,
    spread_of,
)
from services.metrics.domain.counting import Counting
from services.metrics.domain.spread import Spread
from shared.contracts.metrics import Dimension, Lengths, PerformanceCounted
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Document


class Performance(Struct, frozen=True, omit_defaults=True):
    """One row of one day (kinerja): hour by hour of receipt, what is counted of that cohort.

    ``hours`` goes by the local hour, ``07``, and leaves out hours in which nothing was received;
    ``epoch`` is that of the store when it was counted. ``unnamed`` is a row whose value is a
    stranger's word: the register did not name it when the row was first counted, and so it stays,
    lest the row be told under two keys. While nobody could say, the row is ``undecided``, and not
    told.
    """

    dimension: str = ""
    value: str = ""
    day: str = ""
    hours: Mapping[str, Parts] = field(default_factory=dict)
    epoch: int = 0
    unnamed: bool = False
    undecided: bool = False

    @property
    def parts(self) -> dict[str, int]:
        """Add up the day."""
        return added(self.hours.values())

    @property
    def page(self) -> str:
        """Name the place in the order in which days are read: dimension, day."""
        return f"{self.dimension}|{self.day}"

    def decided(self, known: Collection[str] | None) -> Performance:
        """Have it told by name or not, once and for all; ``known`` is None while nobody can say."""
        if not self.undecided or known is None:
            return self
        return replace(self, undecided=False, unnamed=self.value not in known)

    def recounted(self, counts: Mapping[str, Parts], epoch: int) -> Performance:
        """Take in what was counted of some hours."""
        hours = {hour: parts for hour, parts in {**self.hours, **counts}.items() if parts}
        if hours == self.hours:
            return self
        return replace(self, hours=dict(sorted(hours.items())), epoch=epoch)

    def again(self, _minutes: Iterable[str], epoch: int, *, told: bool) -> Performance:  # noqa: ARG002
        """Have the row told: it is told as a whole."""
        return replace(self, epoch=epoch)


class DayPerformance(Counting[Performance]):
    """What the runtime asks of rows of a day."""

    stream: ClassVar[str] = "performance"
    schema: ClassVar[int] = 2
    """2: a value may be a stranger's word, which is not told."""

    def begin(self, key: str) -> Performance:
        """Give a row of which nothing is counted; the key names it."""
        dimension, value, day = key.split("|")
        anybodys = dimension == Dimension.CATEGORY and value != ""
        return Performance(dimension, value, day, unnamed=anybodys, undecided=anybodys)


UNNAMED = "~"
"""Stands for a value that is not told."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the snapshots that tell rows to dashboards, each under its key."""

    node: str
    type: ClassVar[str] = PerformanceCounted.type

    def news(self, document: Document[Performance]) -> Iterable[tuple[str, PerformanceCounted]]:
        """Give the row as it is now, once it is decided under which key."""
        state = document.state
        if state.undecided:
            return
        yield self._told(state, document.version)
        if self._was_perhaps_unnamed(state):
            yield self._told(replace(state, hours={}, unnamed=True), document.version)

    def _told(self, state: Performance, version: int) -> tuple[str, PerformanceCounted]:
        parts = state.parts
        received, followed_up, resolved, overdue = (parts.get(name, 0) for name in COUNTS)
        response, handling, resolution = (
            _lengths(spread_of(parts, name)) for name in (RESPONSE, HANDLING, RESOLUTION)
        )
        return (
            f"performance|{state.dimension}|{self._known_as(state)}|{state.day}",
            PerformanceCounted(
                node=self.node,
                dimension=state.dimension,
                value=UNNAMED if state.unnamed else state.value,
                day=date.fromisoformat(state.day),
                received=received,
                followed_up=followed_up,
                resolved=resolved,
                overdue=overdue,
                response=response,
                handling=handling,
                resolution=resolution,
                epoch=state.epoch,
                version=version,
            ),
        )

    def _was_perhaps_unnamed(self, state: Performance) -> bool:
        """Say whether a store that was put back may have told the row without its name before.

        The epoch is when that was, in milliseconds; what was received later has one key alone.
        """
        since = datetime.fromtimestamp(state.epoch / 1000, zone_of(self.node)).date()
        named = state.dimension == Dimension.CATEGORY and state.value and not state.unnamed
        return bool(named and state.epoch and state.day <= since.isoformat())

    def whole(
        self,
        document: Document[Performance],
        now: datetime,  # noqa: ARG002
    ) -> Iterable[tuple[str, PerformanceCounted]]:
        """Give the row to a bus that forgot."""
        return self.news(document)

    def _known_as(self, state: Performance) -> str:
        """Tell rows of one day apart; of one that is not named, by what cannot be read."""
        if not state.unnamed:
            return state.value
        word = f"{self.node}|{state.day}|{state.value}"
        return UNNAMED + sha256(word.encode()).hexdigest()[:16]


def _lengths(spread: Spread) -> Lengths:
    buckets = {str(bucket): count for bucket, count in sorted(spread.buckets.items())}
    return Lengths(minutes=spread.minutes, buckets=buckets)
