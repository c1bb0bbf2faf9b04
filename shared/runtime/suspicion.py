"""Which records may be redeliveries whose writer died before telling. Pure.

After getting a partition, a process notes the end of the log one session timeout later: by then
no earlier owner can still fetch. Every record before that end is suspect.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Part = tuple[str, int]
"""Topic and partition."""


@dataclass(slots=True)
class Suspicion:
    """Marks of the partitions this process owns; a partition without a mark is all suspect."""

    session: float
    """Seconds until the bus has given up an owner that fell silent."""
    _since: dict[Part, float] = field(default_factory=dict)
    _marks: dict[Part, int] = field(default_factory=dict)

    def assigned(self, parts: set[Part], now: float) -> None:
        """Note which partitions are owned from now on; each is suspect anew.

        Even one owned before: a process that slept past its session does not see who had it.
        """
        self._since = dict.fromkeys(parts, now)
        self._marks = {}

    def doubt(self, part: Part, now: float) -> None:
        """Suspect anew what a partition holds: a batch of it failed, and comes again.

        It may have failed between its write and its telling.
        """
        if part in self._since:
            self._since[part] = now
            self._marks.pop(part, None)

    def ripe(self, now: float) -> set[Part]:
        """Give the partitions whose end is to be noted now."""
        return {
            part
            for part, since in self._since.items()
            if part not in self._marks and now >= since + self.session
        }

    def settled(self) -> bool:
        """Say whether every owned partition has its mark."""
        return self._since.keys() <= self._marks.keys()

    def note(self, part: Part, end: int) -> None:
        """Note the end of a partition's log, read after it was ripe."""
        if part in self._since:
            self._marks[part] = end

    def suspect(self, part: Part, offset: int) -> bool:
        """Say whether a record may be a redelivery."""
        mark = self._marks.get(part)
        return mark is None or offset < mark
