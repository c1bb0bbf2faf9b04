"""What a reporter can do: file a complaint, see where it stands, and all that comes after."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, Protocol

from services.intake.domain.acts import Rating, amend, appeal, rate, reply, withdraw
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.filing import Filing, file
from services.intake.domain.places import Places
from services.intake.domain.present import present
from services.intake.domain.wanted import strange_agency
from services.intake.handlers.crowd import ALONE, NOBODY, Asker, Crowd, Judged
from services.intake.handlers.deeds import Deed, Said
from services.intake.handlers.names import number_of, of_citizen, of_moment, request_of_citizen
from services.intake.handlers.pins import Pins, is_long
from services.intake.handlers.tries import Tried, Tries
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.intake import (
    ComplaintAmended,
    ComplaintWithdrawn,
    Contact,
    ReporterRated,
    ReporterReplied,
    Submission,
)
from shared.contracts.vocabulary import Channel, Medium
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Circumstances, Document, Refused

ADDED = ("answers", "attachments", "continues", "point")
"""Fields that came later: a report without them has the fingerprint that it had before."""


class Found(Protocol):
    """Where complaints are found."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Complaint]]:
        """Read documents by id, in one query."""

    async def matching(self, field: str, value: str, limit: int) -> list[Document[Complaint]]:
        """Read by an indexed field."""


class Filed(NamedTuple):
    """What a reporter keeps."""

    complaint: str
    tracking_number: str
    pin: str
    long_pin: str | None
    """For who left no contact that it could be sent to: no lock stops it."""
    outside: tuple[str, str] | None
    """The place of the report and the node's own, where the one lies outside the other."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The counter at which reports are taken (penerimaan laporan)."""

    node: str
    complaints: Complaints
    found: Found
    ask: Asks[Complaint]
    views: Callable[[], Awaitable[dict[str, datetime]]]
    """Says up to when each stream was heard."""
    pins: Pins
    seal: Callable[[bytes], str]
    crowd: Crowd
    places: Places
    tries: Tries
    routed: Callable[[], Collection[str]] = tuple
    called: Callable[[str], str | None] = str
    agencies: Callable[[], Collection[str]] = tuple
    """Names the agencies of the register; none while nobody can say which there are."""

    async def submit(
        self,
        draft: Submission,
        reporter: Contact | None,
        key: str | None,
        trace: str,
        asker: Asker = NOBODY,
    ) -> Filed:
        """Accept a complaint; the same key again gives the same answer. Raises Refused."""
        said = f"{key}\0{draft.model_dump_json()}\0{reporter and reporter.model_dump_json()}"
        judged = self.crowd.judge(asker, reporter, said.encode())
        key = key or judged.ticket
        if key is not None:
            complaint = of_citizen(key)
        elif judged.wait is not None:
            raise judged.wait
        else:
            complaint = of_moment(time.time_ns() // 1_000_000, secrets.token_bytes(10))
        request = request_of_citizen(key or complaint, trace)
        return self.keep(await self.take(complaint, draft, reporter, request, judged=judged))

    async def take(  # noqa: PLR0913 - each by its name
        self,
        complaint: str,
        draft: Submission,
        reporter: Contact | None,
        request: Cause,
        *,
        channel: Channel | Medium = Channel.WEB,
        received_on: date | None = None,
        judged: Judged = ALONE,
    ) -> Document[Complaint]:
        """Accept a complaint under an id, over whatever channel; raises Refused."""
        contact = reporter.model_dump_json(exclude_none=True).encode() if reporter else b""
        added = {name for name in ADDED if getattr(draft, name) is None}
        said = draft.model_dump_json(exclude=added).encode() + b"\0" + contact
        if channel is not Channel.WEB:
            said += f"\0{channel}\0{received_on}".encode()
        filing = Filing(
            draft,
            channel,
            reporter_ref=secrets.token_hex(8),
            sealed=self.seal(contact) if contact else None,
            addressed=reporter is not None and bool(reporter.email or reporter.phone),
            fingerprint=self.pins.fingerprint(said),
            received_on=received_on,
            crowd=judged.mark,
        )
        strange = self.complaints.categories.strange(draft.category, self.routed)
        strange = strange or self.places.strange(draft.area)
        wrong = judged.wait or strange or strange_agency(draft.agency, self.agencies())
        return await self.ask(complaint, partial(self._file, filing, request, wrong))

    def keep(self, document: Document[Complaint]) -> Filed:
        """Give what the reporter of a complaint keeps; raises Refused."""
        number = document.state.tracking_number
        if number is None:
            raise Refused(409, "not_accepted", "This complaint was not accepted.")
        said = document.facts[0]["data"]
        long = None if said["reachable"] else self.pins.long(document.id)
        outside = self.places.outside(said["area"])
        return Filed(document.id, number, self.pins.of(document.id), long, outside)

    def _file(
        self,
        filing: Filing,
        request: Cause,
        wrong: Refused | None,
        document: Document[Complaint],
        under: Circumstances,
        draw: int,
    ) -> Document[Complaint]:
        if wrong is not None and not document.facts:
            raise wrong
        return file(self.complaints, document, filing, request, self.node, under, draw)

    async def track(self, typed: str, tried: Tried) -> Document[Complaint]:
        """Give a complaint to who knows its number and PIN; raises Refused."""
        number = number_of(typed)
        if is_long(tried.pin):  # nobody guesses it, so no guess closes anything to it
            with self.tries.passing(number, tried.address):
                found = await self._opened(number, tried.pin)
            if found is not None:
                return found
        async with self.tries.trying(number, tried.address) as judge:
            found = await self._opened(number, tried.pin)
            await judge(found is not None)
        if found is None:
            raise Refused(404, "not_found", "There is no complaint with this number and PIN.")
        return found

    async def _opened(self, number: str, pin: str) -> Document[Complaint] | None:
        found = await self.numbered(number)
        return found if self.pins.opens(found.id if found else number, pin) else None

    async def numbered(self, number: str) -> Document[Complaint] | None:
        """Find a complaint by its number in the one form."""
        return next(iter(await self.found.matching("tracking_number", number, 1)), None)

    async def find(self, typed: str) -> Document[Complaint]:
        """Give a complaint by its number to whoever may see it without the PIN; raises Refused."""
        if (found := await self.numbered(number_of(typed))) is None:
            raise Refused(404, "not_found", "There is no complaint with this number.")
        return found

    async def main_of(self, document: Document[Complaint]) -> Document[Complaint] | None:
        """Give the complaint that another follows, as long as that is not confidential."""
        main = aside.main if (aside := document.state.aside) else None
        found = (await self.found.load([main])).get(main) if main else None
        hidden = found is None or any(row["data"].get("confidential") for row in found.facts)
        return None if hidden else found

    def outside(self, document: Document[Complaint]) -> tuple[str, str] | None:
        """Name its place and the node's own, while a coordinator is to decide on one elsewhere."""
        waits = document.state.waits_for == "coordinator"
        return self.places.outside(present(document).area) if waits else None

    async def reply(
        self, typed: str, tried: Tried, text: str, request: Cause
    ) -> Document[Complaint]:
        """Add what the reporter answers (balasan pelapor); raises Refused."""
        deed = Deed(ReporterReplied.type, {"text": text}, reply, ReporterReplied(text=text))
        return await self._act(typed, tried, deed, request)

    async def amend(
        self, typed: str, tried: Tried, said: ComplaintAmended, request: Cause
    ) -> Document[Complaint]:
        """Put an amendment beside the report (perbaikan laporan); raises Refused."""
        wrong = self.places.strange(said.area)
        deed = Deed(said.type, said.model_dump(mode="json"), amend, said, wrong)
        return await self._act(typed, tried, deed, request)

    async def rate(
        self, typed: str, tried: Tried, said: Rating, request: Cause
    ) -> Document[Complaint]:
        """Rate the newest answer or resolution (penilaian pelapor); raises Refused."""
        deed = Deed(ReporterRated.type, asdict(said), rate, said)
        return await self._act(typed, tried, deed, request)

    async def appeal(
        self, typed: str, tried: Tried, text: str, request: Cause
    ) -> Document[Complaint]:
        """Object to how the case ended (keberatan); raises Refused."""
        deed = Deed(ReporterAppealed.type, {"text": text}, appeal, text)
        return await self._act(typed, tried, deed, request)

    async def withdraw(
        self, typed: str, tried: Tried, reason: str | None, request: Cause
    ) -> Document[Complaint]:
        """Take the report back (pencabutan laporan); raises Refused."""
        deed = Deed(ComplaintWithdrawn.type, {"reason": reason}, withdraw, reason)
        return await self._act(typed, tried, deed, request)

    async def _act(
        self, typed: str, tried: Tried, deed: Deed[Said], request: Cause
    ) -> Document[Complaint]:
        def decide(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
            if deed.wrong is not None:
                raise deed.wrong
            return deed.decide(self.complaints, document, deed.said, request, under)

        document = await self.track(typed, tried)
        return await self.ask(document.id, once(request.id, deed.made, deed.says, decide))
