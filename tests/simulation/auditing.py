"""The audit of windows at the end of a run: production's comparison, and its marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.audit.comparing import Currency
from deploy.audit.notebook import Notebook
from deploy.audit.windows import Windows, note
from deploy.mending import told_again
from shared.runtime.document import Circumstances
from shared.runtime.ports import Change
from shared.runtime.timing import FOREVER, moment
from tests.simulation.bus import FIGURES, NODE
from tests.simulation.store import Store


def mend_windows(world: Any) -> int:
    """Have told again what the bus has otherwise than metrics, as ``audit --mend`` does.

    Give how many days and rows were marked.
    """
    store, marked = world.nodes["metrics"].store, 0
    under = Circumstances(moment(world.scheduler.now), store.epoch)
    with Notebook() as notebook:
        note(notebook, NODE, world.broker.records(FIGURES))
        windows = Windows(notebook, NODE, Currency(under.now, settled=True))
        for name in store.shelves:
            shelf = store.shelf(name)
            marks = list(_marks(windows, shelf, under))
            shelf.write(marks)
            marked += len(marks)
    return marked


def _marks(windows: Windows, shelf: Store, under: Circumstances) -> Iterator[Change[Any]]:
    for document in list(shelf.live.values()):
        found = list(windows.differences(document, FOREVER))
        if minutes := [each.place.minute for each in found if each.place]:
            yield told_again(document, minutes, under)
