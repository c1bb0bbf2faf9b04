"""What whoever begins to read must find: a service's topic is the register of its complaints."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.agreement import PRODUCERS, documents
from tests.simulation.restore import newest_rows
from tests.simulation.world import World


def registers_are_whole(world: World) -> Iterator[str]:
    """Of every complaint of which a service has something to tell, the bus has a history.

    It may be an older one that landed behind the newest: that is left to the audit (rule 5).
    """
    for stream, service in PRODUCERS.items():
        told = newest_rows(world, service)
        for key, document in documents(world, service).items():
            if document.facts and key not in told:
                yield f"the bus has nothing of {stream} of {key[:8]}"
