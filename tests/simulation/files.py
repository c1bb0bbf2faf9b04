"""What publishers name and intake fetches: a network in memory, and tries that end anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from random import Random
from typing import Any

from services.intake.domain.attachments import Attachment, Limits, Mark
from services.intake.domain.hosts import Host, NotNow
from services.intake.domain.promises import Place
from services.intake.handlers import Arrivals, Attachments, Promises
from shared.contracts.attachment import AttachmentAdded
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.ports import Away
from shared.runtime.timing import moment
from tests.simulation.bus import PUBLISHER
from tests.simulation.fate import Calm, Fate
from tests.simulation.pins import lost_pins
from tests.simulation.poison import CannotFold
from tests.simulation.ports import Operations
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension

TOGETHER = 10
"""Complaints whose files are fetched in one round."""
HOST = Host("berkas.dinsos.example")
Network = Callable[[str], Awaitable[bytes]]
"""Gives what lies at an address; raises NotNow."""


def file_at(path: str) -> dict[str, Any]:
    """Name a file; what lies at an address is the address itself."""
    url = f"https://{HOST}/{path}"
    return {
        "url": url,
        "sha256": sha256(url.encode()).hexdigest(),
        "media_type": "application/pdf",
        "size": len(url),
    }


def named(mark: str) -> list[dict[str, Any]]:
    """Give what a record names: often nothing, sometimes one file twice."""
    chance = Random(f"files of {mark}")
    return [file_at(f"{mark}/{chance.randrange(2)}") for _ in range(chance.choice((0, 0, 1, 3)))]


@dataclass(frozen=True, slots=True)
class SimulatedFiles(Operations):
    """Where parts are kept, as one process sees it: nobody reads them here."""

    async def mark(self, mark: Mark) -> None:
        await self._done()

    async def unmark(self, file: str, at: int) -> None:
        await self._done()

    async def marked(self, until: int, limit: int) -> list[Mark]:
        return []

    async def put(self, file: str, nth: int, content: bytes) -> None:
        await self._done()

    async def part(self, file: str, nth: int) -> bytes | None:
        return None

    async def drop(self, file: str, parts: int) -> None:
        await self._done()

    async def _done(self) -> None:
        await self.run(lambda: None)


@dataclass(frozen=True, slots=True)
class SimulatedAttachments(Attachments):
    """The folder of one process: what comes is kept as it is, in the thread that runs all."""

    chance: Random

    async def add(
        self,
        document: Document[Any],
        body: AsyncIterator[bytes],
        request: Cause,
        *,
        keep_location: bool = False,
        place: Place | None = None,
    ) -> tuple[Document[Any], Attachment]:
        content = b"".join([piece async for piece in body])
        said = AttachmentAdded(
            **(place._asdict() if place else {}),
            attachment=f"{self.chance.getrandbits(64):016x}",
            media_type="application/pdf",
            size=len(content),
            sha256=sha256(content).hexdigest(),
        )
        return await self._keep(document, BytesIO(content), said, request)


class Fetcher(Process):
    """A process of intake: production's handler fetches what publishers named."""

    network: Network | None = None
    """Who answers in place of chance."""

    def start(self) -> None:
        super().start()
        domain: Any = self.node.part.domain
        unused: Any = None
        attachments = SimulatedAttachments(
            complaints=domain,
            documents=unused,
            ask=self.ask,
            arrivals=Arrivals(Limits(), clean=unused),
            files=SimulatedFiles(self),
            looks=unused,
            time=self.time,
            chance=self.chance,
        )
        self.promises = Promises(
            complaints=domain,
            kept=unused,
            ask=self.ask,
            attachments=attachments,
            hosts={PUBLISHER: frozenset({HOST})},
            fetch=self.give,
            now=self.now,
            in_time=nullcontext,
        )
        self.lost_pins = lost_pins(self, self.ask)

    async def live(self) -> None:
        await super().live()
        self.spawn(self.collect())

    async def collect(self) -> None:
        while True:
            await Suspension(5 + 5 * self.chance.random())
            try:
                due = await self.operations.run(lambda: self.store.due(moment(self.scheduler.now)))
                there = await self.operations.run(partial(self.store.load, due[:TOGETHER]))
            except Away:
                continue
            for document in there.values():
                for promised in document.state.promised:
                    if promised.fetch_at <= moment(self.scheduler.now):
                        with suppress(Away, Refused, CannotFold):
                            await self.promises.keep(document, promised)

    @asynccontextmanager
    async def give(self, url: str, host: Host) -> AsyncIterator[AsyncIterator[bytes]]:
        assert host == HOST
        yield _whole(await (self.network or self.drawn)(url))

    async def drawn(self, url: str) -> bytes:
        """Give a file, now and then another one, now and then none."""
        await Suspension(0.01)
        drawn = self.chance.random()
        away = drawn < 0.2 and not isinstance(self.node.course(), Calm)
        if self.suffer() is Fate.AWAY or away:
            raise NotNow("nobody answers")
        return b"another" if drawn > 0.9 else url.encode()


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
