"""When what is stale is worth counting again."""

from __future__ import annotations

FREE = 10_000
"""Timelines that may be read in a second whatever happens."""
PAID = 2
"""Timelines more that each new mark pays for."""


def due(waited: float, marks: int, size: int) -> bool:
    """Say whether windows of a size are to be counted again now.

    Counting reads every timeline of a window, so a minute with 75,000 complaints must not be
    counted once a second. Reading is therefore bounded: at most ``FREE`` a second and ``PAID`` per
    mark. From this follows, for windows of ``size`` timelines in all and ``r`` marks a second,

    * what it costs: at most ``PAID + FREE / r`` reads per mark (ids only), beside the one that
      finds the mark;
    * how stale figures get: at most ``size / (FREE + PAID * r)`` seconds, never below a tick.

    A complaint makes about five marks in its life. At 1,000 complaints a second (5,000 marks) a
    mark costs four reads, and the last figures of a minute, of 300,000 timelines, are 15 s late
    at worst, 7 s on average; at 100 a second figures are 1.4 s late on average and 3 s at worst;
    below 30 a second they are counted at every tick.
    """
    return waited * FREE + marks * PAID >= size
