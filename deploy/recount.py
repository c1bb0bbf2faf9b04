"""Count every window of metrics again, from nothing but its own timelines. Only reads."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deploy.audit import figures
from deploy.audit.finding import MOST_LISTED
from deploy.audit.notebook import Notebook
from deploy.audit.reading import Stores
from shared.runtime.timing import micros


@dataclass(slots=True)
class Recounted:
    """What was counted again, and every figure that is another; ``listed`` are the first."""

    node: str
    timelines: int = 0
    different: int = 0
    listed: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    """By measure, how many timelines have reached it: what the other services can be asked for."""
    seconds: float = 0.0

    def shown(self) -> dict[str, object]:
        """Give it for a script."""
        return {
            "node": self.node,
            "same": not self.different,
            "timelines": self.timelines,
            "reached": dict(sorted(self.reached.items())),
            "different": self.different,
            "listed": self.listed,
            "seconds": round(self.seconds, 2),
        }

    def __str__(self) -> str:
        reached = "  ".join(f"{measure} {n}" for measure, n in sorted(self.reached.items()))
        lines = [f"Recount of node {self.node}", f"  timelines    {self.timelines}"]
        lines += [f"  reached      {reached}"] if reached else []
        lines += [f"  DIFFERS      {sentence}" for sentence in self.listed]
        if self.different > len(self.listed):
            lines.append(f"  and {self.different - len(self.listed)} more")
        verdict = f"{self.different} figures differ" if self.different else "every figure is right"
        return "\n".join([*lines, f"{verdict}, after {self.seconds:.1f} s"])


async def recount(stores: Stores, node: str, *, settled: bool = False) -> Recounted:
    """Recount, and compare with what is stored. Raises Away.

    What changed a moment ago is left out, for the service may be counting it; ``settled`` says
    that nothing changes any more.
    """
    began, result = time.monotonic(), Recounted(node)
    now = datetime.now(UTC)
    young = micros(now if settled else now - figures.COUNTED_SOON)
    with Notebook() as notebook:
        async for page in stores.walk("metrics", micros(now)):
            new = notebook.first_met("metrics", [each.id for each in page])
            figures.note(notebook, node, page, new, young)
            result.timelines += len(new)
            result.reached.update(
                reached.measure
                for each in page
                if each.id in new
                for reached in each.state.milestones
            )
        found = await figures.differences(notebook, stores, micros(now))
    result.different = len(found)
    result.listed = [each.sentence for each in found[:MOST_LISTED]]
    result.seconds = time.monotonic() - began
    return result
