"""The figures of a day: minutes that are counted, and days that add them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import ClassVar, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from services.metrics.domain.counting import Counting
from shared.contracts.metrics import CellCounted, Measure
from shared.runtime.document import Document

RETOLD = timedelta(days=2)
"""How far back minutes are told again to a bus that forgot; older days are told as days."""


class Place(NamedTuple):
    """Where a window's figure stands: the document of its day, and the local minute in it."""

    day: str
    minute: str


class Figures(Struct, frozen=True, omit_defaults=True):
    """How many complaints reached one measure at one agency, minute by minute of a local day.

    ``minutes`` goes by local time, ``07:12``, and leaves out zeros. ``fresh`` names the minutes
    that have come to be told since the document was last marked as told; ``epoch`` is that of
    the store when they were counted.
    """

    measure: str = ""
    agency: str | None = None
    day: str = ""
    minutes: Mapping[str, int] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()
    epoch: int = 0

    @property
    def total(self) -> int:
        """Add up the day."""
        return sum(self.minutes.values())

    def recounted(self, counts: Mapping[str, int], epoch: int, *, told: bool) -> Figures:
        """Take in counts by minute; ``told`` says that nothing from before waits to be told."""
        news = [minute for minute, count in counts.items() if self.minutes.get(minute, 0) != count]
        if not news:
            return self
        minutes = {minute: n for minute, n in {**self.minutes, **counts}.items() if n}
        counted = replace(self, minutes=dict(sorted(minutes.items())))
        return counted.again(news, epoch, told=told)

    def again(self, minutes: Iterable[str], epoch: int, *, told: bool) -> Figures:
        """Have the day and these minutes of it told, and what waited already."""
        waiting = () if told else self.fresh
        return replace(self, fresh=tuple(sorted({*waiting, *minutes})), epoch=epoch)


class DayFigures(Counting[Figures]):
    """What the runtime asks of figures of a day."""

    stream: ClassVar[str] = "figures"
    schema: ClassVar[int] = 1

    def begin(self, key: str) -> Figures:
        """Give figures of which nothing is counted; the key names them."""
        measure, agency, day = key.split("|")
        return Figures(measure, agency or None, day)


def place_of(window: str, zone: tzinfo) -> Place:
    """Find where the figure of a window stands."""
    measure, agency, minute = window.split("|")
    local = datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone)
    return Place(f"{measure}|{agency}|{local.date().isoformat()}", f"{local:%H:%M}")


@dataclass(frozen=True, slots=True)
class Cells:
    """Makes the snapshots that tell figures to dashboards, each under its key."""

    node: str
    zone: tzinfo
    type: ClassVar[str] = CellCounted.type

    def news(self, document: Document[Figures]) -> Iterable[tuple[str, CellCounted]]:
        """Give the day, and the minutes that wait to be told."""
        return self.some(document, document.state.fresh)

    def whole(
        self, document: Document[Figures], now: datetime
    ) -> Iterable[tuple[str, CellCounted]]:
        """Give the day, and the minutes that count if it is a late one."""
        state = document.state
        late = date.fromisoformat(state.day) >= (now - RETOLD).astimezone(self.zone).date()
        return self.some(document, [*state.minutes, *state.fresh] if late else ())

    def some(
        self, document: Document[Figures], minutes: Iterable[str]
    ) -> Iterable[tuple[str, CellCounted]]:
        """Give the day, and these minutes of it."""
        state = document.state
        if state.measure not in set(Measure):
            return  # counted for this node's own pages only
        day = date.fromisoformat(state.day)
        start, end = (self._local(each) for each in (day, day + timedelta(days=1)))
        length = int((end - start).total_seconds())
        yield document.id, self._cell(document, start, length, state.total)
        for minute in dict.fromkeys(minutes):
            at = self._local(day, time.fromisoformat(minute))
            key = f"{state.measure}|{state.agency or ''}|{at:%Y-%m-%dT%H:%MZ}"
            yield key, self._cell(document, at, 60, state.minutes.get(minute, 0))

    def _local(self, day: date, at: time = time()) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _cell(
        self, document: Document[Figures], start: datetime, seconds: int, count: int
    ) -> CellCounted:
        return CellCounted(
            node=self.node,
            measure=Measure(document.state.measure),
            agency=document.state.agency,
            window=start,
            seconds=seconds,
            count=count,
            epoch=document.state.epoch,
            version=document.version,
        )
