"""When to start again what has died: pure decisions, apart from the processes themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before the first, second ... start again of what keeps dying."""
STEADY = 30.0
"""Seconds after which a process that dies is forgiven what was before."""
HOPELESS = 3
"""Deaths in a row before the first answer: something is wrong that time does not mend."""
HIGHEST_PORT = 65_535
LAST_WORDS = 20
"""Lines of its log that a failure quotes."""

State = Literal["down", "starting", "up"]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one process: how it is since when, and how often it died in a row."""

    state: State = "down"
    since: float = 0.0
    deaths: int = 0
    next_at: float = 0.0
    ever_up: bool = False

    def due(self, now: float) -> bool:
        """Say whether it is to be started now."""
        return self.state == "down" and now >= self.next_at

    def started(self, now: float) -> Watched:
        """Note that it was started."""
        return replace(self, state="starting", since=now)

    def answered(self, now: float) -> Watched:
        """Note that it answers."""
        return self if self.state == "up" else replace(self, state="up", since=now, ever_up=True)

    def died(self, now: float) -> Watched:
        """Note that it has ended, and decide when it is started again."""
        steady = self.state == "up" and now - self.since >= STEADY
        deaths = 1 if steady else self.deaths + 1
        pause = PAUSES[min(deaths, len(PAUSES)) - 1]
        return replace(self, state="down", since=now, deaths=deaths, next_at=now + pause)

    @property
    def hopeless(self) -> bool:
        """Say whether it has never answered and there is no use in trying on."""
        return not self.ever_up and self.deaths >= HOPELESS


def why(code: int | None) -> str:
    """Say in words how a process ended."""
    if code is None:
        return "ended"
    return f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"


def last_lines(text: str, lines: int = LAST_WORDS) -> str:
    """Quote the end of a log, indented, each line cut where nobody reads on."""
    said = [line[:300] for line in text.splitlines() if line.strip()][-lines:]
    return "".join(f"\n    {line}" for line in said) or "\n    (it said nothing)"


def next_port(wanted: int, taken: Iterable[int], is_free: Callable[[int], bool]) -> int:
    """Give the wanted port, or the next one that is free and promised to nobody."""
    promised = set(taken)
    for port in range(wanted, min(wanted + 1000, HIGHEST_PORT + 1)):
        if port not in promised and is_free(port):
            return port
    raise OSError(f"No port is free from {wanted} upwards; name another with --port.")
