"""Watches what is sent, and stops it where it becomes a flood."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from services.notification.domain.audiences import REPORTER
from services.notification.domain.brake import (
    BACKLOG,
    CLOCK,
    DAY,
    HOUR,
    LOOP,
    NODE,
    RECIPIENT,
    Brake,
    Limits,
    NotPulled,
    leapt,
    pull,
    release,
)
from services.notification.domain.message import Message, Outcome
from services.notification.domain.notice import Pending
from services.notification.domain.patience import share
from services.notification.handlers.notification import Claimed, Due
from shared.contracts.notification import NoticeSent
from shared.runtime.document import Refused
from shared.runtime.ports import Notes

NOTE = "brake"
MOST_RECIPIENTS = 100_000
"""Recipients of one hour that are told apart; beyond, the limit of the node is what holds."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Guard:
    """Counts what goes out, and knows whether the brake is pulled.

    How often somebody was written to within the hour is known to this process alone: whoever takes
    over the sending begins to count anew. That the brake is pulled is in the store.
    """

    notes: Notes
    now: Callable[[], datetime]
    steady: Callable[[], float]
    """Seconds that really passed, whatever is done to the wall clock."""
    limits: Limits = field(default_factory=Limits)
    brake: Brake = field(default_factory=Brake)
    held_back: Counter[str] = field(default_factory=Counter)
    """Attempts put off since this process started, by cause."""
    _hour: datetime | None = None
    _sent: Counter[str] = field(default_factory=Counter)
    _total: int = 0
    _seen: tuple[datetime, float] | None = None
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    async def look(self, due: Sequence[Due]) -> bool:
        """Say whether notices may go; pulls the brake where they may not. Raises Away."""
        now = self.now()
        found = self._leap(now) or self._flood(now)
        if not due and found is None and self.brake.pulled is None:
            return True
        await self.read()
        cause = found or self._backlog(due, now)
        if cause is not None:
            await self._pull(*cause, now)
        return self.brake.pulled is None

    async def read(self) -> Brake:
        """Read how the brake stands. Raises Away."""
        said = await self.notes.read(NOTE)
        self.brake = msgspec.convert(said, Brake) if said else Brake()
        return self.brake

    async def release(self, by: str, reason: str) -> Brake:
        """Let notices go again; raises Refused where nothing stops them, and Away."""
        try:
            self.brake = release(await self.read(), by, reason, self.now())
        except NotPulled as free:
            raise Refused(409, "not_pulled", str(free)) from None
        await self.notes.write(NOTE, msgspec.to_builtins(self.brake))
        self._total = 0
        log.warning("brake_released", extra={"cause": self.brake.history[-1].cause})
        return self.brake

    def hold(self, claimed: Claimed, pending: Pending, message: Message) -> Outcome | None:
        """Count a message that is about to go out, or say why it must wait."""
        now = self.now()
        self._turn(now)
        cause = self._cause(claimed, pending, message, now)
        if cause is None:
            self._total += 1
            if len(self._sent) < MOST_RECIPIENTS:
                self._sent[self._name(message)] += 1
            return None
        self.held_back[cause] += 1
        reason = f"held back: too many notices ({cause})"
        later = now + HOUR * (1 + share(pending.notice, pending.attempts) / 4)
        return Outcome("wait", reason, message.channel, until=later)

    def _cause(
        self, claimed: Claimed, pending: Pending, message: Message, now: datetime
    ) -> str | None:
        if self._crowded(now):
            return NODE
        most = self.limits.recipient if pending.audience == REPORTER else self.limits.office
        if self._sent[self._name(message)] >= most:
            return RECIPIENT
        return LOOP if self._repeats(claimed, pending, now) >= self.limits.same else None

    def remarks(self) -> list[str]:
        """Say in a sentence why nothing goes out; nothing if it does."""
        pulled = self.brake.pulled
        if pulled is None:
            return []
        said = f"The brake stops every notice since {pulled.at:%F %T} UTC: {pulled.detail}"
        return [f"{said} Release it with python3 -m deploy notices release, once you know why."]

    def _leap(self, now: datetime) -> tuple[str, str] | None:
        before, self._seen = self._seen, (now, self.steady())
        if before is None:
            return None
        passed = timedelta(seconds=self._seen[1] - before[1])
        if not leapt(before[0], now, passed, self.limits):
            return None
        return CLOCK, f"the clock leapt from {before[0]:%F %T} to {now:%F %T} UTC."

    def _flood(self, now: datetime) -> tuple[str, str] | None:
        self._turn(now)
        if not self._crowded(now):
            return None
        return NODE, f"{self._total} notices went out within an hour."

    def _backlog(self, due: Sequence[Due], now: datetime) -> tuple[str, str] | None:
        old = sum(now - each.since > self.limits.backlog for each in due)
        if old <= self.limits.few:
            return None
        return BACKLOG, f"what is due goes back to {due[0].since:%F %T} UTC."

    def _crowded(self, now: datetime) -> bool:
        return self._total >= self.limits.node and self.brake.excused.get(NODE, now) <= now

    async def _pull(self, cause: str, detail: str, now: datetime) -> None:
        pulled = pull(self.brake, cause, detail, now)
        if pulled is self.brake:
            return
        self.brake = pulled
        await self.notes.write(NOTE, msgspec.to_builtins(pulled))
        log.error("brake_pulled", extra={"cause": cause, "detail": detail})

    def _turn(self, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._total = hour, 0
            self._sent.clear()

    def _name(self, message: Message) -> str:
        """Tell recipients apart without keeping anybody's address."""
        named = f"{message.channel}/{message.to.lower()}".encode()
        return hashlib.blake2b(named, key=self._key, digest_size=12).hexdigest()

    def _repeats(self, claimed: Claimed, pending: Pending, now: datetime) -> int:
        """Count how often the same was said to the same audience within a day."""
        audience = claimed.known.audience_of(pending)
        return sum(
            row["type"] == NoticeSent.type
            and row["data"]["about"] == pending.about
            and row["data"]["audience"] == audience
            and now - datetime.fromisoformat(row["at"]) < DAY
            for row in claimed.told
        )
