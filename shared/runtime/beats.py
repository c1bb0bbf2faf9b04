"""How current a view is.

Each service tells beats, and a reader that has passed their ends has heard what the service did
up to the time they name.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from shared.contracts.beat import Beat
from shared.contracts.envelope import Envelope, message_id
from shared.contracts.fact import Pair, instant
from shared.contracts.topics import STREAMS, heard_by, topic
from shared.runtime.ports import Away, Message, Record

if TYPE_CHECKING:
    from shared.runtime.process import Process


class Beats:
    """The beats of one process: those it tells while it holds the lease, those it hears."""

    def __init__(self, process: Process[Any]) -> None:
        """Belong to a process."""
        self._process = process
        self._topic = topic(process.node, "beats")
        self._newest: dict[str, Beat] = {}
        self._heard = {stream.name for stream in heard_by(process.name)}
        self._noted: dict[str, str] = {}
        self._stirred = False
        self._retold: str | None = None
        """The bus that was told everything, as far as this process knows."""

    def take(self, record: Record) -> bool:
        """Keep a beat; say whether the record was one."""
        if record.topic != self._topic or record.fault:
            return False
        with contextlib.suppress(ValidationError, OverflowError):
            beat = Beat.model_validate_json(record.value or b"")
            if beat.stream in self._heard and speaks_of_all(beat):
                self._newest[beat.stream] = beat
                self._stirred = True
        return True

    async def tell(self) -> None:
        """Tell a beat of this service, unless the bus lacks what there was before it.

        Who has heard a bus that forgot to its ends has not heard everything.
        """
        process, bus = self._process, self._process.incarnation
        if process.stream is None or bus is None:
            return
        if self._retold != bus:
            if not await process.relay.retold(bus):
                return
            self._retold = bus
        with contextlib.suppress(Away, KafkaError):
            await self._beat(process.stream, bus)

    async def _beat(self, stream: str, incarnation: str) -> None:
        process = self._process
        ends = partial(self._ends, topic(process.node, stream), STREAMS[stream].partitions)
        beat = await process.relay.beat(process.name, stream, ends, incarnation)
        source = f"/node/{process.node}/{process.name}"
        at = instant(process.time.under().now)
        envelope = Envelope(
            type=Beat.type,
            source=source,
            subject=process.name,
            sequence=Pair(process.time.epoch, 0),
            id=message_id(source, process.name, at),
            time=at,
        )
        value = beat.model_dump_json().encode()
        await process.out.send(
            [Message(self._topic, process.name.encode(), envelope.headers(), value)]
        )

    async def _ends(self, told: str, partitions: int) -> dict[int, int]:
        """Read where a topic ends, whatever was acknowledged included.

        The embedded broker answers with the beginning of its last batch, but acknowledges truly.
        """
        ends, ours = await self._process.watch.ends(told, partitions), self._process.out.ends(told)
        return {part: max(end, ours.get(part, 0)) for part, end in ends.items()}

    async def note_views(self) -> None:
        """Note up to when each stream was heard, by this group's committed positions."""
        process, views, now = self._process, {}, self._process.time.under().now
        hearing, incarnation = process.hearing, process.incarnation
        if hearing is None or incarnation is None or not self._newest or not self._stirred:
            return
        self._stirred = False
        with contextlib.suppress(KafkaError, Away):
            for stream, beat in list(self._newest.items()):
                positions = await hearing.committed(topic(process.node, stream), list(beat.ends))
                through = passed(beat, positions, incarnation)
                if through is not None:
                    views[stream] = instant(min(through, now))  # nobody has heard what will be
            if views != self._noted:
                await process.store.notes.add("views", views)
                self._noted = views

    async def views(self) -> dict[str, datetime]:
        """Give, by stream, the time up to which this service has heard it."""
        noted = await self._process.store.notes.read("views") or {}
        return {stream: datetime.fromisoformat(at).astimezone(UTC) for stream, at in noted.items()}


def speaks_of_all(beat: Beat) -> bool:
    """Say whether a beat names each partition of its stream and no other, at a time there can be.

    The bus cannot be asked about others; and who passed the end of none has heard nothing. Raises
    OverflowError of a time that UTC has not.
    """
    beat.through.astimezone(UTC)
    return beat.ends.keys() == set(range(STREAMS[beat.stream].partitions))


def passed(beat: Beat, positions: dict[int, int], incarnation: str) -> datetime | None:
    """Give the time up to which a reader at these positions has heard the beat's service."""
    if beat.incarnation != incarnation:
        return None
    reached = all(positions.get(part, 0) >= end for part, end in beat.ends.items())
    return beat.through if reached else None
