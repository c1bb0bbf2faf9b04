"""What happens because time passed: notices that are due are sent."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from services.notification.channels import Channel, ChannelAway, Channels
from services.notification.domain.audiences import EMAIL
from services.notification.domain.message import Outcome
from services.notification.domain.notice import Pending
from services.notification.domain.patience import share
from services.notification.handlers import Claimed, Due, Guard, Notification
from shared.runtime.document import Refused
from shared.runtime.ports import Away

EVERY = 2.5
"""Seconds between two looks."""
PAGE = 100
"""Complaints of one look; a full page is followed by the next at once."""
TOGETHER = 10
"""Complaints whose notices are claimed at a time: what a death leaves uncertain is no more."""
MARGIN = timedelta(seconds=90)
"""What an attempt may take; one that could not end before its claim does is not begun."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries where every channel is away."""
AWAY = timedelta(minutes=1)
"""How long a notice waits, and up to twice that, while its own channel is away."""
LAST_WORDS = 1.5
"""Seconds that mails in hand get when the process is to end."""
log = logging.getLogger(__name__)


Lane = Mapping[str, Channel]
"""One connection of each channel."""


class Rounds:
    """Sends what is due in rounds: a page is claimed, handed over, and noted, notice by notice.

    A round runs beside the other duties, so that a slow server keeps none of them waiting. Nothing
    is claimed before a channel answers: while all are away notices wait and lose no attempt.
    Whoever dies with a notice in hand leaves a claim that ends as uncertain.
    """

    def __init__(
        self, notification: Notification, guard: Guard, channels: Channels, lanes: int = 2
    ) -> None:
        """Send by channels, over so many connections of each at once; with none, notices wait."""
        self._notification, self._guard = notification, guard
        self._channels, self._lanes = channels, lanes
        self._round: asyncio.Task[None] | None = None
        self._open: Sequence[Lane] = ()
        self._ending = False
        self._away: dict[str, str] = {}
        self._pause, self._not_before = 1.0, 0.0
        self.outcomes: Counter[str] = Counter()

    def remarks(self) -> list[str]:
        """Say why notices wait, in sentences; nothing if they do not."""
        said = self._guard.remarks()
        if EMAIL not in self._channels:
            said.append("No mail server is set (KENTONGAN_SMTP), so notices wait.")
        return [*said, *(f"Notices wait: {why}." for why in self._away.values())]

    async def begin(self) -> None:
        """Begin a round unless one is under way; done again and again by who holds the lease."""
        loop = asyncio.get_running_loop()
        busy = self._round is not None and not self._round.done()
        if not self._channels or self._ending or busy or loop.time() < self._not_before:
            return
        self._round = asyncio.create_task(self._guarded())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let rounds begin until the block is left; then let the mails in hand end."""
        try:
            yield
        finally:
            self._ending = True
            if self._round is not None:
                await asyncio.wait([self._round], timeout=LAST_WORDS)
                for lane in self._open:
                    for channel in lane.values():
                        channel.abort()
                await asyncio.wait([self._round], timeout=LAST_WORDS / 2)
                self._round.cancel()
                await asyncio.gather(self._round, return_exceptions=True)

    async def _guarded(self) -> None:
        try:
            while not self._ending and await self.send_page() >= PAGE:
                pass
        except (Away, Refused) as away:
            log.warning("round_broken_off", extra={"reason": str(away)})
        except Exception:
            log.exception("round_failed")

    async def send_page(self) -> int:
        """Send one page of what is due; give how many attempts were made."""
        due = await self._notification.due(PAGE)
        if not await self._guard.look(due) or not due or not self._channels:
            return 0
        lanes: list[Lane] = [
            {name: connect() for name, connect in self._channels.items()}
            for _ in range(min(self._lanes, len(due)))
        ]
        self._open = lanes
        try:
            attempts = 0
            for start in range(0, len(due), TOGETHER):
                if self._ending or not await self._reached(lanes[0]):
                    break
                attempts += await self._send(due[start : start + TOGETHER], lanes)
        finally:
            await asyncio.gather(*(each.close() for lane in lanes for each in lane.values()))
        return attempts

    async def _send(self, due: Sequence[Due], lanes: Sequence[Lane]) -> int:
        holder = uuid.uuid4().hex
        claims = await asyncio.gather(
            *(self._notification.claim(each, holder) for each in due),
            return_exceptions=True,
        )
        work = deque(_taken(claims))
        attempts = sum(len(each.pending) for each in work)
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._carry(lane, work, group))
        return attempts

    async def _reached(self, lane: Lane) -> bool:
        """Try every channel; say whether one answers."""
        away = {}
        for name, channel in lane.items():
            try:
                await channel.open()
            except ChannelAway as absent:
                away[name] = str(absent)
                if name not in self._away:
                    log.warning("channel_away", extra={"channel": name, "reason": str(absent)})
        self._away = away
        if len(away) < len(lane):
            self._pause = 1.0
            return True
        self._not_before = asyncio.get_running_loop().time() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return False

    async def _carry(self, lane: Lane, work: deque[Claimed], group: asyncio.TaskGroup) -> None:
        """Hand over one by one; how each ended is noted while the next is under way.

        What one complaint gives rise to goes by one lane: its mails arrive in their order.
        """
        while work:
            claimed = work.popleft()
            for pending in claimed.pending:
                outcome = await self._attempt(lane, claimed, pending)
                self.outcomes[outcome.kind] += 1
                group.create_task(self._note(claimed.complaint, pending, outcome))

    async def _attempt(self, lane: Lane, claimed: Claimed, pending: Pending) -> Outcome:
        now = self._notification.now()
        if self._ending or (pending.next_at is not None and now + MARGIN > pending.next_at):
            return Outcome("wait", "there was no time left for it")
        try:
            composed = self._notification.compose(claimed.known, pending)
        except Exception:  # one notice must not take the page with it
            log.exception("notice_not_worded", extra={"about": pending.about})
            return Outcome("retry", "it could not be worded")
        if isinstance(composed, Outcome):
            return composed
        if composed.channel in self._away:
            later = now + AWAY * (1 + share(composed.notice, pending.attempts))
            return Outcome("wait", self._away[composed.channel], composed.channel, until=later)
        held = self._guard.hold(claimed, pending, composed)
        if held is not None:
            return held
        outcome = await lane[composed.channel].send(composed, now)
        return replace(outcome, channel=composed.channel, further=composed.further)

    async def _note(self, complaint: str, pending: Pending, outcome: Outcome) -> None:
        """Note an outcome, patiently: until it is noted nobody knows."""
        while pending.next_at is None or self._notification.now() < pending.next_at:
            try:
                await self._notification.end(complaint, pending, outcome)
            except Refused as refused:
                log.warning("outcome_not_noted", extra={"reason": str(refused)})
                await asyncio.sleep(0.5)
            else:
                return


def _taken(claims: Sequence[Claimed | BaseException]) -> Iterator[Claimed]:
    for claim in claims:
        if isinstance(claim, BaseException):
            log.warning("claim_refused", extra={"reason": str(claim)})
        else:
            yield claim
