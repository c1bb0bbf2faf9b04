"""What a process shows of what waits: counted, not read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from shared.runtime.gauges import MOST_COUNTED, Gauges
from shared.runtime.store import MongoDocuments, MongoQuarantine, Shape
from shared.runtime.timing import micros
from tests.runtime.drums import NOW, UNDER, Sound

LONG = {"state": {}, "facts": [], "heard": {}, "body": b"{", "value": b"{"}
"""What makes rows long."""


class Rows:
    """A collection that notes which fields it was made to give out."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows: Sequence[dict[str, Any]] = rows
        self.given: set[str] = set()

    def find(self, wanted: dict[str, Any], parts: dict[str, int] | None = None) -> Rows:
        ((field, window),) = wanted.items()
        found = [
            {
                name: said
                for name, said in row.items()
                if not parts or parts.get(name, 0 in parts.values())  # named, or all but these
            }
            for row in self.rows
            if field in row and window["$gte"] <= row[field] < window["$lt"]
        ]
        self.given.update(name for row in found for name in row)
        return Rows(*found)

    def sort(self, field: str, _: int) -> Rows:
        return Rows(*sorted(self.rows, key=lambda row: row[field]))

    def limit(self, most: int) -> Rows:
        return Rows(*self.rows[:most])

    async def to_list(self, _: None) -> list[dict[str, Any]]:
        return list(self.rows)


async def test_what_waits_is_counted_and_not_read() -> None:
    """Ids and a time are asked for: every process asks, all the time, however much waits.

    What was passed waits for nothing: it would wake somebody who can do nothing about it. Before it
    was read, nobody can say that nothing waits.
    """
    since = micros(NOW - timedelta(seconds=90))
    documents: Any = Rows(
        {**LONG, "_id": "c", "untold": since + 1, "held_at": 3},
        {**LONG, "_id": "d", "untold": since},
        *({**LONG, "_id": f"e{each}", "held_at": each} for each in range(MOST_COUNTED + 5)),
    )
    waiting: Any = Rows(
        {**LONG, "_id": "c/strokes", "at": 5}, {**LONG, "_id": "d/strokes", "at": 6}
    )
    passed: Any = Rows({**LONG, "_id": "strokes/0/7", "at": 5})
    process: Any = SimpleNamespace(
        documents=MongoDocuments(documents, Shape(Sound)),
        store=SimpleNamespace(quarantine=MongoQuarantine(waiting, passed)),
        beats=SimpleNamespace(views=_no_views),
        time=SimpleNamespace(under=lambda: UNDER),
    )
    gauges = Gauges(process)
    measures = gauges.measures()
    assert (measures.held(), measures.quarantined(), measures.oldest_untold()) == (None, None, None)
    await gauges.read()
    assert (measures.held(), measures.quarantined()) == (MOST_COUNTED, 2)
    assert measures.oldest_untold() == 90
    for rows in (documents, waiting, passed):
        assert not rows.given & LONG.keys()


async def test_a_list_of_what_waits_leaves_out_its_bodies() -> None:
    """Whoever lists it wants to know which, since when and why."""
    waiting: Any = Rows({**LONG, "_id": "c/strokes", "at": 5, "reason": "thirteen"})
    passed: Any = Rows({**LONG, "_id": "strokes/0/7", "at": 5, "reason": "no envelope"})
    rows = await MongoQuarantine(waiting, passed).listed(9)
    assert [(row["_id"], row["kind"], row["reason"]) for row in rows] == [
        ("c/strokes", "waiting", "thirteen"),
        ("strokes/0/7", "passed", "no envelope"),
    ]
    assert not any({"body", "value"} & row.keys() for row in rows)


async def _no_views() -> dict[str, Any]:
    return {}
