"""An event loop whose clock does not wait: with nothing left to do, it is as late as it must be."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class HurriedLoop(asyncio.SelectorEventLoop):
    """Runs what sleeps and waits for time alone, in no time; ``time`` begins at 0."""

    _ready: Any
    _scheduled: Any
    _late = 0.0

    def time(self) -> float:
        """Give the seconds that have passed here."""
        return self._late

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self._late = max(self._late, self._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


def hurried(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end on such a loop."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(work)
