"""By which channel a notice goes to somebody, and when none may ring."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notification.domain.audiences import CHAT, EMAIL, SMS, Concern, channels
from services.notification.domain.notice import Pending
from services.notification.domain.patience import share

RINGING = frozenset({SMS, CHAT})
"""What wakes people; a mail is read when it is looked for."""
SPREAD = timedelta(minutes=30)
"""Over how long what waited for the morning is sent."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where somebody is reached, by channel, and in which language."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None

    @classmethod
    def of(
        cls, *, email: str | None, phone: str | None = None, language: str | None = None
    ) -> Addressee:
        """Give somebody's addresses; a phone takes chat and SMS."""
        known = {EMAIL: email, CHAT: phone, SMS: phone}
        return cls({name: at for name, at in known.items() if at}, language)


def ways(
    line: Concern, came_by: str | None, pending: Pending, addresses: Collection[str]
) -> tuple[str, ...]:
    """Give the channels that are left for a notice, the present one first."""
    order = channels(line, came_by)
    start = order.index(pending.channel) if pending.channel in order else 0
    return tuple(each for each in order[start:] if each in addresses)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which no phone rings but for what is urgent (jam tenang), by local time.

    Begin and end may lie on two days; where they are the same there are none.
    """

    begins: time
    ends: time
    zone: ZoneInfo

    def until(self, now: datetime, number: str) -> datetime | None:
        """Give when notices of a report may go out; None if they may now.

        Mornings are not one great burst, and what waits of one report keeps its order.
        """
        local = now.astimezone(self.zone)
        at = local.time()
        over_night = self.begins > self.ends
        if over_night:
            within = at >= self.begins or at < self.ends
        else:
            within = self.begins <= at < self.ends
        if not within:
            return None
        day = local.date() + timedelta(days=1 if over_night and at >= self.begins else 0)
        ends = datetime.combine(day, self.ends, self.zone)
        return ends.astimezone(now.tzinfo) + SPREAD * share(number)
